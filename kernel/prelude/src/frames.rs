//! What frames can do in a notebook beside what polars has.

use aerostat_bridge::Value;
use polars::prelude::{DataFrame, IntoLazy, LazyFrame};

use crate::session::{Session, frame};
use crate::{Plot, Result, Shown, Writer, kernel};

/// A frame of either kind.
pub trait IntoPlan {
    /// The frame as a query plan.
    fn into_plan(self) -> LazyFrame;
}

impl IntoPlan for LazyFrame {
    fn into_plan(self) -> LazyFrame {
        self
    }
}

impl IntoPlan for DataFrame {
    fn into_plan(self) -> LazyFrame {
        self.lazy()
    }
}

impl<T: IntoPlan + Clone> IntoPlan for &T {
    fn into_plan(self) -> LazyFrame {
        self.clone().into_plan()
    }
}

/// Spark's words for frames.
pub trait FrameMethods: IntoPlan + Clone {
    /// Prints the first `n` rows, as Spark does.
    fn show(&self, n: u32) -> Result<()> {
        // One row more than is shown tells whether there are more.
        kernel::call("show", vec![plan(self.clone().into_plan().limit(n.saturating_add(1))), Value::Int(n.into())])
            .map(drop)
    }

    /// Prints the columns as a tree, as Spark does.
    fn print_schema(&self) -> Result<()> {
        kernel::call("print_schema", vec![plan(self.clone().into_plan())]).map(drop)
    }

    /// Count, nulls, mean, standard deviation, least, quartiles and greatest of the numeric columns.
    fn describe(&self) -> Result<DataFrame> {
        frame(kernel::call("describe", vec![plan(self.clone().into_plan())])?)
    }

    /// Begins to write: `mode`, `partition_by`, `option`, then `save_as_table`, `csv`, `parquet` or `json`.
    fn write(&self) -> Writer {
        Writer::new(self.clone().into_plan())
    }

    /// Begins a chart: options such as `title`, then the kind.
    fn plot(&self) -> Plot {
        Plot::new(self.clone().into_plan())
    }

    /// Makes the frame visible to SQL under a name, for this session.
    fn create_or_replace_temp_view(&self, name: impl AsRef<str>) -> Result<()> {
        Session::new().create_or_replace_temp_view(name, self)
    }
}

impl FrameMethods for LazyFrame {}
impl FrameMethods for DataFrame {}

/// Shows a value as the result of a cell would be shown, and a frame as a table that sorts and searches.
pub fn display<T: Shown>(value: T) {
    let (ty, value) = value.shown();
    // What cannot be shown is said where the cell prints its errors, as there is nobody to hand the error to.
    if let Err(failure) = kernel::call("display", vec![value, Value::Str(ty)]) {
        let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{failure:?}\n"));
    }
}

/// Clears what the cell has shown, at once or, with `true`, when it shows something new.
pub fn clear_output(wait: bool) {
    let _ = kernel::call("clear_output", vec![Value::Bool(wait)]);
}

fn plan(plan: LazyFrame) -> Value {
    Value::Plan(Box::new(plan))
}
