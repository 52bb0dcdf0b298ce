//! `items.price` of an array of structs: an array of the field of each.

use std::sync::Arc;

use aerostat_error::{Error, Object};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, make_array};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::cast::common;
use super::convert::plainly;
use super::external;
use super::udf::{list_of, on_arrays};

/// `_member(array, 'field')`.
pub(super) fn function() -> ScalarUDF {
    ScalarUDF::new_from_impl(Member { signature: Signature::any(2, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Member {
    signature: Signature,
}

impl ScalarUDFImpl for Member {
    fn name(&self) -> &str {
        "_member"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("the type of a field depends on its name")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let name = args.scalar_arguments.get(1).copied().flatten().map(ToString::to_string).unwrap_or_default();
        let array = common(args.arg_fields[0].data_type());
        let (_, field) = field_of(&array, &name)?;
        Ok(Arc::new(Field::new(self.name(), list_of(field.data_type().clone()), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let ColumnarValue::Scalar(name) = &args.args[1] else { return plan_err!("the name of a field is a constant") };
        let name = name.to_string();
        let array = ScalarFunctionArgs { args: vec![args.args[0].clone()], ..args };
        on_arrays(&array, |arrays| members(&arrays[0], &name))
    }
}

/// The place of a field among those of the structs in an array.
fn field_of<'a>(array: &'a DataType, name: &str) -> Result<(usize, &'a FieldRef)> {
    let DataType::List(element) = array else { return plan_err!("an array is needed, not {array}") };
    let DataType::Struct(fields) = element.data_type() else { return plan_err!("the array has no structs") };
    Fields::find(fields, name).ok_or_else(|| {
        let names = fields.iter().map(|field| field.name().as_str());
        external(Error::not_found_among(Object::Field, name, names))
    })
}

fn members(array: &ArrayRef, name: &str) -> Result<ArrayRef> {
    let array = plainly(array, &common(array.data_type()))?;
    let (at, field) = field_of(array.data_type(), name)?;
    let lists = array.as_list::<i32>();
    let structs = lists.values().as_struct();
    // A field of a struct that is null is null.
    let values = structs.column(at).to_data();
    let nulls = NullBuffer::union(values.nulls(), structs.nulls());
    let values = make_array(values.into_builder().nulls(nulls).build()?);
    let element = Arc::new(Field::new_list_field(field.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(element, lists.offsets().clone(), values, lists.nulls().cloned())?))
}
