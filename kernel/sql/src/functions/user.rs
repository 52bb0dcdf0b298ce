//! Functions that users have registered with the session.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_session::{Udf, arrow as bridge, errors::from_polars};
use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema as ArrowSchema};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use polars::prelude::{DataFrame, IntoColumn, Schema, Series};

use super::external;
use super::udf::on_arrays;

/// The function as one of the engine's. It may give other results for the same arguments, so it is called for each row.
pub(crate) fn function(udf: Arc<dyn Udf>) -> ScalarUDF {
    let signature = Signature::any(udf.args().len(), Volatility::Volatile);
    ScalarUDF::new_from_impl(User { name: udf.name().to_lowercase(), signature, udf })
}

struct User {
    name: String,
    signature: Signature,
    udf: Arc<dyn Udf>,
}

impl User {
    fn returns(&self) -> Result<DataType> {
        let schema = Schema::from_iter([("".into(), self.udf.returns().clone())]);
        Ok(bridge::to_schema(&schema)?.field(0).data_type().clone())
    }

    fn run(&self, arrays: &[ArrayRef]) -> Result<ArrayRef> {
        let rows = arrays.first().map_or(0, |array| array.len());
        let args = self.args(arrays)?.into_iter().zip(self.udf.args());
        // Values are converted as an assignment would convert them; what does not fit is null.
        let args = args.map(|(series, dtype)| series.cast(dtype).map_err(from_polars)).collect::<Result<_>>()?;
        let column = self.udf.call(args, rows)?.rechunk().into_column();
        let frame = DataFrame::new(rows, vec![column]).map_err(from_polars)?;
        let batch = bridge::to_batches(&frame)?.into_iter().next();
        batch.map(|batch| batch.column(0).clone()).ok_or_else(|| Error::internal("a function returned nothing"))
    }

    fn args(&self, arrays: &[ArrayRef]) -> Result<Vec<Series>> {
        let fields = arrays
            .iter()
            .enumerate()
            .map(|(index, array)| Field::new(index.to_string(), array.data_type().clone(), true));
        let schema = Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()));
        let batch = RecordBatch::try_new(schema.clone(), arrays.to_vec());
        let batch = batch.map_err(|error| Error::internal(error.to_string()))?;
        let frame = bridge::from_batches(schema, &[batch])?;
        Ok(frame.columns().iter().map(|column| column.as_materialized_series().clone()).collect())
    }
}

impl ScalarUDFImpl for User {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> datafusion::common::Result<DataType> {
        self.returns().map_err(external)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> datafusion::common::Result<ColumnarValue> {
        on_arrays(&args, |arrays| self.run(arrays).map_err(external))
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.udf, &other.udf)
    }
}

impl Eq for User {}

impl Hash for User {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
