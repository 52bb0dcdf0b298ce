//! Functions that make several rows of one: `explode`, `posexplode`, `inline`, `stack`, `json_tuple`.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Column, NullHandling, Result, UnnestOptions, plan_err};
use datafusion::functions::core::expr_fn::get_field;
use datafusion::functions::core::named_struct;
use datafusion::functions_nested::expr_fn::{array_length, make_array, map_entries, range};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::scalar::ScalarValue;
use sqlparser::ast;

use super::ast::function_name;
use super::sessions;

const GENERATORS: &[&str] = &[
    "explode",
    "explode_outer",
    "posexplode",
    "posexplode_outer",
    "inline",
    "inline_outer",
    "stack",
    "json_tuple",
    sessions::NAME,
];

/// Whether an expression is the call of a generator.
pub(crate) fn is_call(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Function(function) => function_name(function).is_some_and(|name| is_generator(&name.value)),
        _ => false,
    }
}

/// Whether a function is a generator.
pub(crate) fn is_generator(name: &str) -> bool {
    GENERATORS.contains(&name)
}

/// A call of a generator, with its arguments planned against `input`.
pub(crate) struct Generator {
    pub(crate) name: String,
    pub(crate) args: Vec<Expr>,
    /// Whether rows for which there is nothing stay, with nulls.
    pub(crate) outer: bool,
    /// The relation that the new columns belong to, and their names if they were given.
    pub(crate) alias: String,
    pub(crate) columns: Vec<String>,
}

/// What is to be unnested, and the columns made of the values that come out.
struct Unnesting {
    lists: Vec<Expr>,
    /// For each list: the fields of its elements that become columns, or none if the elements do.
    columns: Vec<(usize, Option<String>, String)>,
}

impl Generator {
    /// The rows of `input`, each as often as the generator says, with its columns after theirs.
    pub(crate) fn expand(self, input: LogicalPlan) -> Result<LogicalPlan> {
        let outer = self.outer || self.name.ends_with("_outer");
        let Unnesting { lists, columns } = self.unnesting(&input)?;
        if !self.columns.is_empty() && self.columns.len() != columns.len() {
            return plan_err!("{} makes {} columns, not {}", self.name, columns.len(), self.columns.len());
        }
        let kept: Vec<Expr> = input.schema().columns().into_iter().map(Expr::Column).collect();
        let lists = lists.into_iter().enumerate().map(|(at, list)| list.alias(slot(at)));
        let slots: Vec<Column> = (0..lists.len()).map(|at| Column::from_name(slot(at))).collect();
        let handling = if outer { NullHandling::PreserveAndExpandEmpty } else { NullHandling::Drop };
        let unnested = LogicalPlanBuilder::from(input)
            .project(kept.iter().cloned().chain(lists))?
            .unnest_columns_with_options(slots, UnnestOptions::new().with_null_handling(handling))?;
        let made = columns.into_iter().enumerate().map(|(at, (list, field, default))| {
            let value = Expr::Column(Column::from_name(slot(list)));
            let value = match field {
                Some(field) => get_field(value, field),
                None => value,
            };
            let name = self.columns.get(at).cloned().unwrap_or(default);
            value.alias_qualified(Some(self.alias.clone()), name)
        });
        unnested.project(kept.into_iter().chain(made))?.build()
    }

    fn unnesting(&self, input: &LogicalPlan) -> Result<Unnesting> {
        match (self.name.trim_end_matches("_outer"), self.args.as_slice()) {
            ("explode", [arg]) => elements(arg, input, false, self.columns.len()),
            ("posexplode", [arg]) => elements(arg, input, true, self.columns.len()),
            ("inline", [arg]) => structs(arg.clone(), input),
            ("stack", [rows, values @ ..]) => structs(stacked(rows, values)?, input),
            ("json_tuple", [_, names @ ..]) => {
                let tuple = datafusion_spark::function::json::json_tuple().call(self.args.clone());
                let columns = (0..names.len()).map(|at| (0, Some(format!("c{at}")), format!("c{at}"))).collect();
                Ok(Unnesting { lists: vec![make_array(vec![tuple])], columns })
            }
            (name, args) => plan_err!("{name} does not take {} arguments", args.len()),
        }
    }
}

fn slot(at: usize) -> String {
    format!("__unnested_{at}")
}

/// The elements of a list as `col`, of a map as `key` and `value`, with their positions as `pos` if asked for.
/// The map of a frame is the list of its entries: they are meant where `wanted` names are given for both.
fn elements(arg: &Expr, input: &LogicalPlan, positions: bool, wanted: usize) -> Result<Unnesting> {
    let (list, mut columns) = match arg.get_type(input.schema())? {
        DataType::List(element) | DataType::LargeList(element)
            if wanted == 2 + usize::from(positions) && is_entry(element.data_type()) =>
        {
            let of_entry = |field: &str| (0, Some(field.to_owned()), field.to_owned());
            (arg.clone(), vec![of_entry("key"), of_entry("value")])
        }
        DataType::Map(..) => {
            let of_entry = |field: &str| (0, Some(field.to_owned()), field.to_owned());
            (map_entries(arg.clone()), vec![of_entry("key"), of_entry("value")])
        }
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => {
            (arg.clone(), vec![(0, None, "col".to_owned())])
        }
        other => return plan_err!("explode needs an array or a map, not {other}"),
    };
    let mut lists = vec![list];
    if positions {
        let int = DataType::List(Arc::new(Field::new_list_field(DataType::Int32, true)));
        let length = array_length(lists[0].clone()).cast_to(&DataType::Int64, input.schema())?;
        lists.push(range(lit(0_i64), length, lit(1_i64)).cast_to(&int, input.schema())?);
        columns.insert(0, (1, None, "pos".to_owned()));
    }
    Ok(Unnesting { lists, columns })
}

fn is_entry(dtype: &DataType) -> bool {
    match dtype {
        DataType::Struct(fields) => fields.iter().map(|field| field.name().as_str()).eq(["key", "value"]),
        _ => false,
    }
}

/// The fields of each struct in a list.
fn structs(list: Expr, input: &LogicalPlan) -> Result<Unnesting> {
    let (DataType::List(element) | DataType::LargeList(element)) = list.get_type(input.schema())? else {
        return plan_err!("inline needs an array of structs");
    };
    let DataType::Struct(fields) = element.data_type() else {
        return plan_err!("inline needs an array of structs, not of {}", element.data_type());
    };
    let columns = fields.iter().map(|field| (0, Some(field.name().clone()), field.name().to_lowercase())).collect();
    Ok(Unnesting { lists: vec![list], columns })
}

/// `stack(2, a, b, c)` as `[{col0: a, col1: b}, {col0: c, col1: null}]`.
fn stacked(rows: &Expr, values: &[Expr]) -> Result<Expr> {
    let Expr::Literal(ScalarValue::Int64(Some(rows @ 1..)), _) = rows else {
        return plan_err!("the first argument of stack must be a positive number");
    };
    let width = values.len().div_ceil(usize::try_from(*rows).unwrap_or(1)).max(1);
    let rows = values.chunks(width).map(|row| {
        let fields = (0..width).flat_map(|at| {
            let value = row.get(at).cloned().unwrap_or_else(|| lit(ScalarValue::Null));
            [lit(format!("col{at}")), value]
        });
        named_struct().call(fields.collect())
    });
    Ok(make_array(rows.collect()))
}
