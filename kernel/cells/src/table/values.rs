//! Types, names and single values: `DataType`, `Field`, `Schema`, `AnyValue`, `Scalar`, `Duration`.

use std::borrow::Cow;
use std::sync::Arc;

use polars::chunked_array::cast::CastOptions;
use polars::prelude::*;

use super::natives::{OwnedValue, SharedSchema};
use super::{Callable, Table, constants, functions, methods, types};
use crate::generic::Stream;
use crate::ops::panic;
use crate::value::Value;

types! {
    /// The unit of times and durations.
    TimeUnit = |unit| unit.to_string();
    /// A time zone by its IANA name.
    TimeZone = |zone| zone.to_string();
    /// The name and type of a column.
    Field = |field| format!("{field:?}");
    /// One value and its type.
    Scalar = |scalar| format!("{scalar:?}");
    /// A set of categories that columns share.
    SharedCategories as "Categories" = |categories| format!("{categories:?}");
}

/// Categories behind a pointer, as polars passes them around.
pub type SharedCategories = Arc<Categories>;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_constants(constants! {
        TimeUnit { Nanoseconds, Microseconds, Milliseconds }
        TimeZone { UTC }
        DataType { Boolean, UInt8, UInt16, UInt32, UInt64, UInt128, Int8, Int16, Int32, Int64, Int128, Float32, Float64, String,
            Binary, Date, Time, Null }
    });
    table.add_constants(vec![super::Constant {
        owner: Some("AnyValue"),
        name: "Null",
        ty: <OwnedValue as crate::convert::IntoValue>::ty(),
        value: || Value::native(AnyValue::<'static>::Null),
    }]);
    for rows in [type_functions(), value_functions(), type_methods(), value_methods()] {
        table.add_callables(rows);
    }
}

fn type_functions() -> Vec<Callable> {
    functions! {
        #[pure] DataType {
            /// A point in time.
            fn Datetime(unit: TimeUnit, zone: Option<TimeZone>) -> DataType;
            /// A length of time.
            fn Duration(unit: TimeUnit) -> DataType;
            /// Exact decimals of so many digits, so many of them after the point.
            fn Decimal(precision: usize, scale: usize) -> DataType;
            /// Lists of values of a type.
            fn List(inner: DataType) -> DataType = DataType::List(Box::new(inner));
            /// Arrays of so many values of a type.
            fn Array(inner: DataType, width: usize) -> DataType = DataType::Array(Box::new(inner), width);
            /// Structs of fields.
            fn Struct(fields: Vec<Field>) -> DataType;
            /// The type of categories.
            fn from_categories(categories: SharedCategories) -> DataType;
        }
        #[pure] Categories {
            /// The categories that all columns share which name no others.
            fn global() -> SharedCategories;
        }
        #[pure] Field {
            /// A column's name and type.
            fn new(name: PlSmallStr, dtype: DataType) -> Field;
        }
        #[pure] Schema {
            /// No columns, and room for so many.
            fn with_capacity(capacity: usize) -> SharedSchema = Arc::new(Schema::with_capacity(capacity));
            /// Columns by their names and types.
            fn from_iter(fields: Vec<Field>) -> SharedSchema = Arc::new(Schema::from_iter(fields));
        }
        #[pure] TimeZone {
            /// A time zone by its IANA name; `None` for none.
            fn opt_try_new(zone: Option<PlSmallStr>) -> PolarsResult<Option<TimeZone>>;
            /// An error unless there is such a time zone.
            fn validate_time_zone(tz: &str) -> PolarsResult<()>;
        }
    }
}

fn value_functions() -> Vec<Callable> {
    functions! {
        #[pure] AnyValue {
            /// A value of type Boolean.
            fn Boolean(value: bool) -> OwnedValue;
            /// A value of type Int8.
            fn Int8(value: i8) -> OwnedValue;
            /// A value of type Int16.
            fn Int16(value: i16) -> OwnedValue;
            /// A value of type Int32.
            fn Int32(value: i32) -> OwnedValue;
            /// A value of type Int64.
            fn Int64(value: i64) -> OwnedValue;
            /// A value of type UInt8.
            fn UInt8(value: u8) -> OwnedValue;
            /// A value of type UInt16.
            fn UInt16(value: u16) -> OwnedValue;
            /// A value of type UInt32.
            fn UInt32(value: u32) -> OwnedValue;
            /// A value of type UInt64.
            fn UInt64(value: u64) -> OwnedValue;
            /// A value of type Float32.
            fn Float32(value: f32) -> OwnedValue;
            /// A value of type Float64.
            fn Float64(value: f64) -> OwnedValue;
            /// A value of type Date, by days since 1970.
            fn Date(value: i32) -> OwnedValue;
            /// A value of type Time, by nanoseconds since midnight.
            fn Time(value: i64) -> OwnedValue;
            /// A value of type String.
            fn StringOwned(value: PlSmallStr) -> OwnedValue;
            /// A value of type List.
            fn List(value: Series) -> OwnedValue;
            /// The sum of no values of a type.
            fn zero_sum(dtype: &DataType) -> OwnedValue = AnyValue::zero_sum(dtype).into_static();
        }
        #[pure] Scalar {
            /// A value and its type.
            fn new(dtype: DataType, value: OwnedValue) -> Scalar;
            /// A null of a type.
            fn null(dtype: DataType) -> Scalar;
            /// A date by days since 1970.
            fn new_date(value: i32) -> Scalar;
            /// A point in time by a count since 1970.
            fn new_datetime(value: i64, time_unit: TimeUnit, tz: Option<TimeZone>) -> Scalar;
            /// A length of time.
            fn new_duration(value: i64, time_unit: TimeUnit) -> Scalar;
            /// A time of day by nanoseconds since midnight.
            fn new_time(value: i64) -> Scalar;
            /// A list.
            fn new_list(values: Series) -> Scalar;
            /// An array.
            fn new_array(values: Series, width: usize) -> Scalar;
            /// A decimal by its digits.
            fn new_decimal(value: i128, precision: usize, scale: usize) -> Scalar;
            /// A position.
            fn new_idxsize(value: u32) -> Scalar;
        }
        #[pure] Duration {
            /// A length of time from text such as `1d`, `2h30m` or `1mo`.
            fn parse(duration: &str) -> Duration = Duration::try_parse(duration).map_err(|error| panic(error.to_string()))?;
            /// The same, with an error that can be looked at where the text is none.
            fn try_parse(duration: &str) -> PolarsResult<Duration>;
            /// A length of time as SQL writes intervals, such as `1 month 2 days`.
            fn try_parse_interval(interval: &str) -> PolarsResult<Duration>;
            /// So many rows, for windows over row numbers.
            fn new(fixed_slots: i64) -> Duration;
        }
    }
}

fn type_methods() -> Vec<Callable> {
    methods! {
        #[pure] DataType {
            /// Whether it is booleans.
            fn is_bool() -> bool;
            /// Whether it is a number type.
            fn is_numeric() -> bool;
            /// Whether it is an integer type.
            fn is_integer() -> bool;
            /// Whether it is a signed integer type.
            fn is_signed_integer() -> bool;
            /// Whether it is an unsigned integer type.
            fn is_unsigned_integer() -> bool;
            /// Whether it is a float type.
            fn is_float() -> bool;
            /// Whether it is exact decimals.
            fn is_decimal() -> bool;
            /// Whether it is strings.
            fn is_string() -> bool;
            /// Whether it is bytes.
            fn is_binary() -> bool;
            /// Whether it is dates.
            fn is_date() -> bool;
            /// Whether it is datetimes.
            fn is_datetime() -> bool;
            /// Whether it is durations.
            fn is_duration() -> bool;
            /// Whether it is a type of time.
            fn is_temporal() -> bool;
            /// Whether it is lists.
            fn is_list() -> bool;
            /// Whether it is arrays.
            fn is_array() -> bool;
            /// Whether it is structs.
            fn is_struct() -> bool;
            /// Whether it is lists, arrays or structs.
            fn is_nested() -> bool;
            /// Whether it is categories.
            fn is_categorical() -> bool;
            /// Whether it is a fixed set of categories.
            fn is_enum() -> bool;
            /// Whether it is nulls only.
            fn is_null() -> bool;
            /// Whether it is stored as plain numbers.
            fn is_primitive() -> bool;
            /// Whether it is a plain number type.
            fn is_primitive_numeric() -> bool;
            /// Whether it is stored as another type.
            fn is_logical() -> bool;
            /// Whether it is a type whose values have an order.
            fn is_ord() -> bool;
            /// The type of the elements of lists and arrays.
            fn inner_dtype() -> Option<&DataType>;
            /// The type inside all lists and arrays.
            fn leaf_dtype() -> &DataType;
            /// The type that values are stored as.
            fn to_physical() -> DataType;
            /// Lists of this type.
            fn implode() -> DataType;
            /// How many lists and arrays are around the innermost type.
            fn nesting_level() -> usize;
            /// The widths of nested arrays.
            fn get_shape() -> Option<Vec<usize>>;
            /// The largest value of the type.
            fn max() -> PolarsResult<Scalar>;
            /// The smallest value of the type.
            fn min() -> PolarsResult<Scalar>;
            /// Whether values convert to another type; `None` if that is not known.
            fn can_cast_to(to: &DataType) -> Option<bool>;
        }
        #[pure] Field {
            /// The name.
            fn name() -> &PlSmallStr;
            /// The type.
            fn dtype() -> &DataType;
            /// Under another name.
            fn with_name(name: PlSmallStr) -> Field;
            /// With the type that values are stored as.
            fn to_physical() -> Field;
            /// Renames it in place.
            mut fn set_name(name: PlSmallStr) -> ();
            /// Changes the type in place.
            mut fn coerce(dtype: DataType) -> ();
        }
        #[pure] SharedSchema {
            /// The number of columns.
            fn len() -> usize;
            /// Whether there are no columns.
            fn is_empty() -> bool;
            /// Whether there is such a column.
            fn contains(name: &str) -> bool;
            /// The type of a column.
            fn get(name: &str) -> Option<&DataType>;
            /// The type of a column, or an error.
            fn try_get(name: &str) -> PolarsResult<&DataType>;
            /// The position of a column.
            fn index_of(name: &str) -> Option<usize>;
            /// The position of a column, or an error.
            fn try_index_of(name: &str) -> PolarsResult<usize>;
            /// The names of the columns.
            fn iter_names() -> Stream<PlSmallStr> = |this| this.iter_names_cloned().collect();
            /// The names of the columns.
            fn iter_names_cloned() -> Stream<PlSmallStr> = |this| this.iter_names_cloned().collect();
            /// The types of the columns.
            fn iter_values() -> Stream<DataType> = |this| this.iter_values().cloned().collect();
            /// Names and types of the columns.
            fn iter() -> Stream<(PlSmallStr, DataType)> = |this| this.iter().map(|(name, dtype)| (name.clone(),
                dtype.clone())).collect();
            /// Some of the columns.
            fn try_project(columns: Vec<PlSmallStr>) -> PolarsResult<SharedSchema>
                = |this| this.try_project(&columns).map(Arc::new);
            /// Adds or replaces a column in place; the type that was there before.
            mut fn with_column(name: PlSmallStr, dtype: DataType) -> Option<DataType>
                = |this| Arc::make_mut(&mut this).with_column(name, dtype);
            /// Adds or replaces a column in place; the type that was there before.
            mut fn insert(key: PlSmallStr, value: DataType) -> Option<DataType>
                = |this| Arc::make_mut(&mut this).insert(key, value);
            /// Changes the type of a column in place; the type that was there before.
            mut fn set_dtype(name: &str, dtype: DataType) -> Option<DataType>
                = |this| Arc::make_mut(&mut this).set_dtype(name, dtype);
            /// Renames a column in place; its old name.
            mut fn rename(old: &str, new: PlSmallStr) -> Option<PlSmallStr>
                = |this| Arc::make_mut(&mut this).rename(old, new);
            /// Removes a column in place; its type.
            mut fn remove(name: &str) -> Option<DataType> = |this| Arc::make_mut(&mut this).remove(name);
            /// Removes a column in place, keeping the order of the others; its type.
            mut fn shift_remove(name: &str) -> Option<DataType> = |this| Arc::make_mut(&mut this).shift_remove(name);
        }
    }
}

fn value_methods() -> Vec<Callable> {
    methods! {
        #[pure] OwnedValue {
            /// Whether it is null.
            fn is_null() -> bool;
            /// The type of the value.
            fn dtype() -> DataType;
            /// Whether it is a boolean.
            fn is_boolean() -> bool;
            /// Whether it is an integer.
            fn is_integer() -> bool;
            /// Whether it is a signed integer.
            fn is_signed_integer() -> bool;
            /// Whether it is an unsigned integer.
            fn is_unsigned_integer() -> bool;
            /// Whether it is a float.
            fn is_float() -> bool;
            /// Whether it is a plain number.
            fn is_primitive_numeric() -> bool;
            /// Whether it is NaN.
            fn is_nan() -> bool;
            /// Whether it is a null, or a list or struct of nulls.
            fn is_nested_null() -> bool;
            /// The boolean.
            fn extract_bool() -> Option<bool>;
            /// The string.
            fn extract_str() -> Option<&str>;
            /// The string, also that of a category.
            fn get_str() -> Option<&str>;
            /// The value as text.
            fn str_value() -> Cow<'_, str>;
            /// Whether two values are equal.
            fn eq_missing(other: &OwnedValue, null_equal: bool) -> bool;
            /// The value, `None` if it is null.
            fn null_to_none() -> Option<OwnedValue>;
            /// The same value.
            fn into_static() -> OwnedValue;
            /// The number that stands for a date, category and so on.
            fn to_physical() -> OwnedValue;
            /// The sum of two values.
            fn add(rhs: &OwnedValue) -> OwnedValue;
        }
        #[pure] Scalar {
            /// Whether the value is null.
            fn is_null() -> bool;
            /// Whether the value is NaN.
            fn is_nan() -> bool;
            /// The type.
            fn dtype() -> &DataType;
            /// The value.
            fn value() -> &OwnedValue;
            /// The value.
            fn into_value() -> OwnedValue;
            /// The value.
            fn as_any_value() -> OwnedValue = |this| this.into_value();
            /// A Series of this value alone.
            fn into_series(name: PlSmallStr) -> Series;
            /// A column of this value alone.
            fn into_column(name: PlSmallStr) -> Column;
            /// Another value of the same type.
            fn with_value(value: OwnedValue) -> Scalar;
            /// Converted to a type.
            fn cast_with_options(dtype: &DataType, options: CastOptions) -> PolarsResult<Scalar>;
            /// The number that stands for a date, category and so on.
            fn to_physical() -> Scalar;
        }
        #[pure] Duration {
            /// Whether it is nothing.
            fn is_zero() -> bool;
            /// Whether it consists of months alone.
            fn months_only() -> bool;
            /// The months of it.
            fn months() -> i64;
            /// Whether it consists of weeks alone.
            fn weeks_only() -> bool;
            /// The weeks of it.
            fn weeks() -> i64;
            /// Whether it consists of days alone.
            fn days_only() -> bool;
            /// The days of it.
            fn days() -> i64;
            /// The rest in nanoseconds.
            fn nanoseconds() -> i64;
            /// Whether it goes back in time.
            fn negative() -> bool;
            /// Whether it has no part shorter than a day.
            fn is_full_days() -> bool;
            /// About how many nanoseconds.
            fn duration_ns() -> i64;
            /// About how many microseconds.
            fn duration_us() -> i64;
            /// About how many milliseconds.
            fn duration_ms() -> i64;
        }
    }
}
