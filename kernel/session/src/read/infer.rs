//! Finding the types of CSV columns, and the notation of their dates.
//!
//! As in Spark, finding types reads the files once more: the first lines suggest them, and then every value must
//! fit. Polars alone would either fail when a later value does not, or silently read it as null.

use aerostat_error::{Error, Kind, Result};
use polars::prelude::{
    DataFrame, DataType, Engine, Expr, IntoLazy, LazyFrame, NULL, PolarsResult, SchemaRef, TimeUnit, col, lit, when,
};

use super::csv::Csv;
use super::typed::{Target, parse};
use crate::Session;

/// How many lines suggest the types.
const SAMPLE: usize = 4096;

const INTEGER: &str = r"^[+-]?\d{1,18}$";
const NUMBER: &str = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$";

/// Only with the year first: `1/2/2024` is the first of February in one country, the second of January in another.
const ISO: &str = r"^\d{4}-\d{2}-\d{2}";
const DATES: &[&str] = &["%Y-%m-%d"];
const TIMESTAMPS: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
];

const TIMESTAMP: DataType = DataType::Datetime(TimeUnit::Microseconds, None);

/// The files with the narrowest types that all of their values fit.
pub(super) fn read(session: &Session, csv: &Csv) -> Result<LazyFrame> {
    let suggested = csv.suggested(session, SAMPLE)?;
    let sample = Sample::new(session, csv, &suggested)?;
    let mut targets: Vec<Target> = session
        .run(move || suggested.iter().map(|(name, dtype)| sample.target(Target::new(name, dtype.clone()))).collect())?;
    while let Some(wider) = widened(session, csv, &targets)? {
        targets = wider;
    }
    csv.frame(&targets, true)
}

/// The given columns with the notation of their dates and timestamps, where the first lines show it.
pub(super) fn formats(session: &Session, csv: &Csv, schema: &SchemaRef) -> Result<Vec<Target>> {
    let targets: Vec<Target> = schema.iter().map(|(name, dtype)| Target::new(name, dtype.clone())).collect();
    if !schema.iter_values().any(is_temporal) {
        return Ok(targets);
    }
    let sample = Sample::new(session, csv, schema)?;
    session.run(move || {
        let formatted = targets.into_iter().map(|target| {
            let format = sample.format(&target)?.map(str::to_owned);
            Ok(Target { format, ..target })
        });
        formatted.collect()
    })
}

fn is_temporal(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Date | DataType::Datetime(..))
}

/// The first lines as texts.
struct Sample {
    texts: DataFrame,
    date: Option<String>,
    timestamp: Option<String>,
}

impl Sample {
    fn new(session: &Session, csv: &Csv, schema: &SchemaRef) -> Result<Self> {
        let texts = csv.strings(schema, false)?.limit(SAMPLE as u32);
        let (date, timestamp) = (csv.date_format.clone(), csv.timestamp_format.clone());
        Ok(Self { texts: session.collect(texts)?, date, timestamp })
    }

    /// Polars suggests texts for dates, and for numbers if some are empty texts in quotes. As in Spark, those are
    /// nothing where all others are numbers.
    fn target(&self, suggested: Target) -> PolarsResult<Target> {
        match suggested.dtype {
            DataType::Boolean | DataType::Int64 | DataType::Float64 => return Ok(suggested),
            _ => {}
        }
        let name = &suggested.name;
        let matches = |pattern: &str| self.all(name, |text| text.str().contains(lit(pattern), true));
        for (pattern, dtype) in [(INTEGER, DataType::Int64), (NUMBER, DataType::Float64)] {
            if matches(pattern)? {
                return Ok(Target::new(name, dtype));
            }
        }
        for (dtype, given) in [(DataType::Date, &self.date), (TIMESTAMP, &self.timestamp)] {
            let target = Target::new(name, dtype);
            if (given.is_some() || matches(ISO)?)
                && let Some(format) = self.format(&target)?
            {
                return Ok(Target { format: Some(format.to_owned()), ..target });
            }
        }
        Ok(Target::new(name, DataType::String))
    }

    /// The notation of the column's values: the given one, or the first that fits all of them.
    fn format<'a>(&'a self, target: &Target) -> PolarsResult<Option<&'a str>> {
        let (given, known) = match &target.dtype {
            DataType::Date => (&self.date, DATES),
            DataType::Datetime(..) => (&self.timestamp, TIMESTAMPS),
            _ => return Ok(None),
        };
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        for format in if given.is_empty() { known } else { &given } {
            if self.all(&target.name, |text| parse(text, &target.dtype, format, false).is_not_null())? {
                return Ok(Some(format));
            }
        }
        Ok(given.first().copied())
    }

    /// Whether the column has texts, and all of them pass the `test`.
    fn all(&self, name: &str, test: impl FnOnce(Expr) -> Expr) -> PolarsResult<bool> {
        let texts = || col(name).filter(col(name).neq(lit("")));
        let passed = test(texts()).all(true).and(texts().len().gt(lit(0)));
        let passed = self.texts.clone().lazy().select([passed.alias("passed")]).collect()?;
        Ok(passed.column("passed")?.bool()?.get(0) == Some(true))
    }
}

/// Nothing if every value fits; else the columns, those wider that have a value that does not fit.
fn widened(session: &Session, csv: &Csv, targets: &[Target]) -> Result<Option<Vec<Target>>> {
    let typed: Vec<&Target> = targets.iter().filter(|target| target.dtype != DataType::String).collect();
    if typed.is_empty() {
        return Ok(None);
    }
    match null_counts(session, csv.frame(targets, true)?, &typed) {
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == Kind::Compute => {}
        Err(error) => return Err(error),
    }
    let nulls = null_counts(session, csv.frame(targets, false)?, &typed)?;
    let text = |target: &&Target| {
        let text = col(target.name.clone());
        when(text.clone().neq(lit(""))).then(text).otherwise(lit(NULL)).alias(target.name.clone())
    };
    let texts: Vec<Target> = targets.iter().map(|target| Target::new(&target.name, DataType::String)).collect();
    let texts = csv.frame(&texts, true)?.with_columns(typed.iter().map(text).collect::<Vec<Expr>>());
    let missing = null_counts(session, texts, &typed)?;
    let fits = |target: &Target| nulls.column(&target.name).ok() == missing.column(&target.name).ok();
    let wider: Vec<Target> =
        targets.iter().map(|target| if fits(target) { target.clone() } else { wider(target) }).collect();
    if wider == targets {
        return Err(Error::new(Kind::Compute, "the types of the columns could not be found")
            .with_hint("give them with `.schema(\"name TYPE, ..\")`"));
    }
    Ok(Some(wider))
}

fn wider(target: &Target) -> Target {
    let dtype = if target.dtype == DataType::Int64 { DataType::Float64 } else { DataType::String };
    Target::new(&target.name, dtype)
}

fn null_counts(session: &Session, frame: LazyFrame, targets: &[&Target]) -> Result<DataFrame> {
    let counts: Vec<Expr> = targets.iter().map(|target| col(target.name.clone()).null_count()).collect();
    let counts = frame.select(counts);
    session.run(move || counts.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single()))
}
