//! Functions of cells that the kernel calls: in SQL, and in expressions.

use std::cell::Cell as Flag;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Once, PoisonError, RwLock};

use aerostat_bridge::{Call, Channel, Failure, Message, Value, run_plan};
use polars::prelude::*;

use crate::{Result, kernel};

/// A function that can be registered. `A` are its arguments, `R` is its result.
pub trait Udf<A, R>: Send + Sync + 'static {
    /// The types of the arguments, and of the result.
    fn signature() -> (Vec<DataType>, DataType);

    /// Calls the function for each of `rows` rows.
    fn call(&self, args: &[Series], rows: usize) -> PolarsResult<Series>;
}

/// A type that an argument can have. `Option` of it takes nulls, too.
pub trait UdfArgument: Sized {
    /// The type of the column.
    fn dtype() -> DataType;

    /// The values of a column of [`UdfArgument::dtype`]; `None` where the function is not to be called.
    fn values(column: &Series) -> PolarsResult<Vec<Option<Self>>>;
}

/// A type that a result can have. `Option` of it can be null.
pub trait UdfResult: Sized {
    /// The type of the column.
    fn dtype() -> DataType;

    /// The results as a column.
    fn column(values: Vec<Option<Self>>) -> Series;
}

/// The marker of an argument that is a `&str`.
pub struct Text(());

type Function = dyn Fn(&[Series], usize) -> PolarsResult<Series> + Send + Sync;

static FUNCTIONS: LazyLock<RwLock<HashMap<String, Arc<Function>>>> = LazyLock::new(RwLock::default);

/// The result of a registered function for columns: `call_udf("name", [col("x")])`.
pub fn call_udf<E: AsRef<[IE]>, IE: Into<Expr> + Clone>(name: impl AsRef<str>, args: E) -> Result<Expr> {
    let name = name.as_ref();
    let function = FUNCTIONS.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    let function =
        function.ok_or_else(|| Failure::new("FUNCTION_NOT_FOUND", format!("function `{name}` does not exist")))?;
    let (dtypes, returns) = signature(kernel::call("udf_signature", vec![Value::str(name)])?)?;
    let args: Vec<Expr> = args.as_ref().iter().cloned().map(Into::into).collect();
    let Some((first, rest)) = args.split_first() else {
        return Err(Failure::new("INVALID_ARGUMENT", format!("function `{name}` needs arguments")));
    };
    let work = move |columns: &mut [Column]| {
        let rows = columns.iter().map(Column::len).max().unwrap_or(0);
        let args = columns.iter().zip(&dtypes).map(|(column, dtype)| series(column, dtype, rows));
        function(&args.collect::<PolarsResult<Vec<_>>>()?, rows).map(Series::into_column)
    };
    let field = move |_: &Schema, fields: &[Field]| {
        let name = fields.first().map(|field| field.name().clone()).unwrap_or_default();
        Ok(Field::new(name, returns.clone()))
    };
    Ok(first.clone().map_many(work, rest, field))
}

fn signature(value: Value) -> Result<(Vec<DataType>, DataType)> {
    let types = value.list().unwrap_or_default().into_iter().filter_map(|value| match value {
        Value::Series(series) => Some(series.dtype().clone()),
        _ => None,
    });
    let mut types: Vec<DataType> = types.collect();
    let returns = types.pop().ok_or_else(crate::session::misunderstood)?;
    Ok((types, returns))
}

fn series(column: &Column, dtype: &DataType, rows: usize) -> PolarsResult<Series> {
    let column = if column.len() == rows { column.clone() } else { column.new_from_index(0, rows) };
    Ok(column.cast(dtype)?.take_materialized_series())
}

pub(crate) fn register<A, R>(name: &str, function: impl Udf<A, R>) -> Result<()> {
    register_as(name, &function_signature(&function), Arc::new(move |args: &[Series], rows| function.call(args, rows)))
}

fn function_signature<A, R, F: Udf<A, R>>(_: &F) -> (Vec<DataType>, DataType) {
    F::signature()
}

fn register_as(name: &str, (args, returns): &(Vec<DataType>, DataType), function: Arc<Function>) -> Result<()> {
    let empty = |dtype: &DataType| Value::Series(Series::new_empty(PlSmallStr::EMPTY, dtype));
    let args = Value::List(args.iter().map(empty).collect());
    FUNCTIONS.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), function);
    kernel::call("register_udf", vec![Value::str(name), args, empty(returns)]).map(drop)
}

thread_local! {
    static SERVING: Flag<bool> = const { Flag::new(false) };
}

/// Whether this thread runs functions for the kernel.
pub(crate) fn is_serving() -> bool {
    SERVING.get()
}

/// Begins to answer the kernel's calls, once.
pub(crate) fn serve() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Some(channel) = kernel::serving() {
            // Without a thread the kernel's calls fail, each with an error of its own.
            let _ = std::thread::Builder::new().name("udf".into()).spawn(move || answer_all(channel));
        }
    });
}

fn answer_all(mut channel: Channel) {
    SERVING.set(true);
    while let Ok(call) = channel.receive() {
        let answer = answer(call);
        kernel::flush();
        if channel.answer(answer).is_err() {
            return;
        }
    }
}

fn answer(call: Message) -> Result<Message> {
    let Call { method, args } = call.into_call()?;
    let result = catch_unwind(AssertUnwindSafe(|| run(&method, args)));
    let result = result.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(Failure::new("PANIC", format!("function `{method}` panicked: {text}")))
    });
    Message::answer(result?, &run_plan)
}

fn run(name: &str, args: Vec<Value>) -> Result<Value> {
    let function = FUNCTIONS.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    let function =
        function.ok_or_else(|| Failure::new("FUNCTION_NOT_FOUND", format!("function `{name}` does not exist")))?;
    let mut rows = 0;
    let mut columns = Vec::new();
    for value in args {
        match value {
            Value::Series(series) => columns.push(series),
            Value::Int(count) => rows = usize::try_from(count).unwrap_or(0),
            _ => return Err(crate::session::misunderstood()),
        }
    }
    match function(&columns, rows) {
        Ok(series) => Ok(Value::Series(series)),
        Err(error) => Err(Failure::new("COMPUTE_ERROR", format!("function `{name}`: {error}"))),
    }
}

macro_rules! plain_types {
    ($($ty:ty = $dtype:expr, $read:ident;)*) => {
        $(impl UdfArgument for $ty {
            fn dtype() -> DataType {
                $dtype
            }
            fn values(column: &Series) -> PolarsResult<Vec<Option<Self>>> {
                Ok(column.$read()?.iter().collect())
            }
        }
        impl UdfResult for $ty {
            fn dtype() -> DataType {
                $dtype
            }
            fn column(values: Vec<Option<Self>>) -> Series {
                Series::new(PlSmallStr::EMPTY, values)
            }
        })*
    };
}

plain_types! {
    bool = DataType::Boolean, bool;
    f32 = DataType::Float32, f32;
    f64 = DataType::Float64, f64;
    i8 = DataType::Int8, i8;
    i16 = DataType::Int16, i16;
    i32 = DataType::Int32, i32;
    i64 = DataType::Int64, i64;
    u8 = DataType::UInt8, u8;
    u16 = DataType::UInt16, u16;
    u32 = DataType::UInt32, u32;
    u64 = DataType::UInt64, u64;
}

impl UdfArgument for String {
    fn dtype() -> DataType {
        DataType::String
    }
    fn values(column: &Series) -> PolarsResult<Vec<Option<Self>>> {
        Ok(column.str()?.iter().map(|text| text.map(str::to_owned)).collect())
    }
}

impl UdfResult for String {
    fn dtype() -> DataType {
        DataType::String
    }
    fn column(values: Vec<Option<Self>>) -> Series {
        Series::new(PlSmallStr::EMPTY, values)
    }
}

impl<T: UdfArgument> UdfArgument for Option<T> {
    fn dtype() -> DataType {
        T::dtype()
    }
    fn values(column: &Series) -> PolarsResult<Vec<Option<Self>>> {
        Ok(T::values(column)?.into_iter().map(Some).collect())
    }
}

impl<T: UdfResult> UdfResult for Option<T> {
    fn dtype() -> DataType {
        T::dtype()
    }
    fn column(values: Vec<Option<Self>>) -> Series {
        T::column(values.into_iter().map(Option::flatten).collect())
    }
}

macro_rules! udfs {
    ($($($arg:ident)+;)*) => {
        $(impl<Fun, Ret, $($arg),+> Udf<($($arg,)+), Ret> for Fun
        where
            Fun: Fn($($arg),+) -> Ret + Send + Sync + 'static,
            Ret: UdfResult,
            $($arg: UdfArgument),+
        {
            fn signature() -> (Vec<DataType>, DataType) {
                (vec![$($arg::dtype()),+], Ret::dtype())
            }
            #[allow(non_snake_case)]
            fn call(&self, args: &[Series], rows: usize) -> PolarsResult<Series> {
                let mut args = args.iter();
                $(let mut $arg = $arg::values(args.next().ok_or_else(too_few)?)?.into_iter();)+
                let results = (0..rows).map(|_| {
                    // All of them, so that the rows stay together.
                    let ($($arg,)+) = ($($arg.next().flatten(),)+);
                    Some(self($($arg?),+))
                });
                Ok(Ret::column(results.collect()))
            }
        })*
    };
}

udfs! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}

impl<Fun, Ret> Udf<(Text,), Ret> for Fun
where
    Fun: for<'a> Fn(&'a str) -> Ret + Send + Sync + 'static,
    Ret: UdfResult,
{
    fn signature() -> (Vec<DataType>, DataType) {
        (vec![DataType::String], Ret::dtype())
    }
    fn call(&self, args: &[Series], _rows: usize) -> PolarsResult<Series> {
        let texts = args.first().ok_or_else(too_few)?.str()?;
        Ok(Ret::column(texts.iter().map(|text| text.map(self)).collect()))
    }
}

fn too_few() -> PolarsError {
    polars_error::polars_err!(InvalidOperation: "the function was given too few arguments")
}
