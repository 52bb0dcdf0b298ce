//! The shape that most of our functions share: arrays in, an array out.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_datafusion_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

/// A function of rows that does not look at its arguments when it is planned.
#[derive(Debug)]
pub(super) struct Plain {
    name: &'static str,
    signature: Signature,
    returns: DataType,
    run: fn(&[ArrayRef]) -> Result<ArrayRef>,
}

impl Plain {
    /// `signatures` are the types that the arguments may be of; others are converted to them.
    pub(super) fn udf(
        name: &'static str,
        signatures: Vec<Vec<DataType>>,
        returns: DataType,
        run: fn(&[ArrayRef]) -> Result<ArrayRef>,
    ) -> ScalarUDF {
        let signatures = signatures.into_iter().map(TypeSignature::Exact).collect();
        let signature = Signature::one_of(signatures, Volatility::Immutable);
        ScalarUDF::new_from_impl(Self { name, signature, returns, run })
    }
}

impl PartialEq for Plain {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Plain {}

impl std::hash::Hash for Plain {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Plain {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        on_arrays(&args, self.run)
    }
}

/// Runs `run` on the arguments as arrays; constants in, a constant out.
pub(super) fn on_arrays(
    args: &ScalarFunctionArgs,
    run: impl FnOnce(&[ArrayRef]) -> Result<ArrayRef>,
) -> Result<ColumnarValue> {
    let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
    let arrays = ColumnarValue::values_to_arrays(&args.args)?;
    let result = run(&arrays)?;
    match constant && result.len() == 1 {
        true => Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?)),
        false => Ok(ColumnarValue::Array(result)),
    }
}

/// An argument as text.
pub(super) fn texts(array: &ArrayRef) -> Result<&StringArray> {
    array.as_string_opt::<i32>().ok_or_else(|| exec_datafusion_err!("expected text, not {}", array.data_type()))
}

/// The text in a row, if there is one.
pub(super) fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    array.is_valid(row).then(|| array.value(row))
}
