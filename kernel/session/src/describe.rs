//! Statistics of a frame's columns, as Spark's `summary` and pandas' `describe` give them.

use aerostat_error::Result;
use polars::prelude::*;

use crate::{Session, errors};

/// Count, nulls, mean, standard deviation, least, quartiles and greatest of each numeric column.
///
/// One row a statistic, one column for each column of the frame that is numeric. The standard deviation is that of a
/// sample; quartiles are interpolated linearly, as Spark's `percentile` does.
pub fn describe(session: &Session, mut frame: LazyFrame) -> Result<DataFrame> {
    let schema = frame.collect_schema().map_err(errors::from_polars)?;
    let numeric: Vec<&PlSmallStr> = schema
        .iter()
        .filter(|(_, dtype)| dtype.is_primitive_numeric() || dtype.is_decimal())
        .map(|(name, _)| name)
        .collect();
    let quartile = |column: Expr, q: f64| column.quantile(lit(q), QuantileMethod::Linear);
    let statistics: [(&str, &dyn Fn(Expr) -> Expr); 9] = [
        ("count", &|column| column.count()),
        ("null_count", &|column| column.null_count()),
        ("mean", &|column| column.mean()),
        ("std", &|column| column.std(1)),
        ("min", &|column| column.min()),
        ("25%", &|column| quartile(column, 0.25)),
        ("50%", &|column| quartile(column, 0.5)),
        ("75%", &|column| quartile(column, 0.75)),
        ("max", &|column| column.max()),
    ];
    // One pass over the data computes every statistic of every column; the columns are then cut out of its only row.
    let cell = |name: &str, statistic: &str| format!("{statistic} {name}");
    let wanted: Vec<Expr> = numeric
        .iter()
        .flat_map(|name| {
            statistics.iter().map(move |(statistic, compute)| {
                compute(col((*name).clone())).cast(DataType::Float64).alias(cell(name, statistic))
            })
        })
        .collect();
    let row = if wanted.is_empty() { DataFrame::empty() } else { session.collect(frame.select(wanted))? };
    let names: Vec<&str> = statistics.iter().map(|(statistic, _)| *statistic).collect();
    let mut columns = vec![Column::new("statistic".into(), &names)];
    for name in numeric {
        let values: PolarsResult<Vec<Option<f64>>> =
            names.iter().map(|statistic| Ok(row.column(&cell(name, statistic))?.f64()?.get(0))).collect();
        columns.push(Column::new(name.clone(), values.map_err(errors::from_polars)?));
    }
    DataFrame::new_infer_height(columns).map_err(errors::from_polars)
}
