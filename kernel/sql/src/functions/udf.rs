//! The shape that most of our functions share: arrays in, an array out.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};
use datafusion::common::{Result, ScalarValue, exec_datafusion_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TIMEZONE_WILDCARD, TypeSignature,
    Volatility,
};

use super::cast::TIMESTAMP;
use super::convert::Rules;

/// Which type a function returns.
#[derive(Debug)]
enum Returns {
    Always(DataType),
    ByType(fn(&[DataType]) -> Result<DataType>),
}

/// What a function does.
#[derive(Debug)]
enum Run {
    Plain(fn(&[ArrayRef]) -> Result<ArrayRef>),
    /// By the mode and in the zone of the session.
    Ruled(fn(&[ArrayRef], Rules) -> Result<ArrayRef>),
}

/// A function of rows.
#[derive(Debug)]
struct Function {
    name: &'static str,
    signature: Signature,
    returns: Returns,
    run: Run,
}

/// Functions of arguments of known types.
pub(super) struct Plain;

impl Plain {
    /// `signatures` are the types that the arguments may be of; others are converted to them.
    pub(super) fn udf(
        name: &'static str,
        signatures: Vec<Vec<DataType>>,
        returns: DataType,
        run: fn(&[ArrayRef]) -> Result<ArrayRef>,
    ) -> ScalarUDF {
        let (signature, returns) = (exactly(signatures), Returns::Always(returns));
        ScalarUDF::new_from_impl(Function { name, signature, returns, run: Run::Plain(run) })
    }

    /// The same for a function that depends on the session's settings.
    pub(super) fn ruled(
        name: &'static str,
        signatures: Vec<Vec<DataType>>,
        returns: DataType,
        run: fn(&[ArrayRef], Rules) -> Result<ArrayRef>,
    ) -> ScalarUDF {
        let (signature, returns) = (exactly(signatures), Returns::Always(returns));
        ScalarUDF::new_from_impl(Function { name, signature, returns, run: Run::Ruled(run) })
    }
}

fn exactly(signatures: Vec<Vec<DataType>>) -> Signature {
    let signatures = signatures.into_iter().flat_map(in_any_zone).map(TypeSignature::Exact).collect();
    Signature::one_of(signatures, Volatility::Immutable)
}

/// The signature, and the same for timestamps that are said to be in a zone: they are instants like all others.
fn in_any_zone(signature: Vec<DataType>) -> Vec<Vec<DataType>> {
    let zoned = DataType::Timestamp(TimeUnit::Microsecond, Some(TIMEZONE_WILDCARD.into()));
    let mut signatures = vec![signature];
    for at in 0..signatures[0].len() {
        let mut also = signatures.clone();
        also.retain_mut(|signature| std::mem::replace(&mut signature[at], zoned.clone()) == TIMESTAMP);
        signatures.extend(also);
    }
    signatures
}

/// Functions of arguments of any type, which the type of the result depends on.
pub(super) struct ByType;

impl ByType {
    /// `returns` is told the types of the arguments.
    pub(super) fn udf(
        name: &'static str,
        returns: fn(&[DataType]) -> Result<DataType>,
        run: fn(&[ArrayRef]) -> Result<ArrayRef>,
    ) -> ScalarUDF {
        let signature = Signature::variadic_any(Volatility::Immutable);
        ScalarUDF::new_from_impl(Function { name, signature, returns: Returns::ByType(returns), run: Run::Plain(run) })
    }

    /// The same for a function that depends on the session's settings.
    pub(super) fn ruled(
        name: &'static str,
        returns: fn(&[DataType]) -> Result<DataType>,
        run: fn(&[ArrayRef], Rules) -> Result<ArrayRef>,
    ) -> ScalarUDF {
        let signature = Signature::variadic_any(Volatility::Immutable);
        ScalarUDF::new_from_impl(Function { name, signature, returns: Returns::ByType(returns), run: Run::Ruled(run) })
    }
}

/// A list of values of a type, any of which may be null.
pub(super) fn list_of(element: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element, true)))
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl std::hash::Hash for Function {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match &self.returns {
            Returns::Always(dtype) => Ok(dtype.clone()),
            Returns::ByType(dtype) => dtype(types),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match self.run {
            Run::Plain(run) => on_arrays(&args, run),
            Run::Ruled(run) => {
                let rules = Rules::of(&args.config_options);
                on_arrays(&args, |arrays| run(arrays, rules))
            }
        }
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
