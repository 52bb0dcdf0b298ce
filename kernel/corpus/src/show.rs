//! The text that a cell shows for its result, for compiled values.

use aerostat_session::display;
use polars::prelude::*;

/// A value that a snippet can end with.
pub(crate) trait Show {
    /// What the cell shows.
    fn show(&self) -> String;
}

/// Values that a cell shows as `{:?}` does.
macro_rules! debug {
    ($($ty:ty),* $(,)?) => { $(
        impl Show for $ty {
            fn show(&self) -> String {
                format!("{self:?}")
            }
        }
    )* };
}
debug!(
    (),
    bool,
    char,
    i8,
    i16,
    i32,
    i64,
    i128,
    u8,
    u16,
    u32,
    u64,
    usize,
    f32,
    f64,
    str,
    String,
    PlSmallStr,
    Expr,
    Field,
    Scalar,
    Schema,
    polars::series::IsSorted,
    polars::chunked_array::flags::StatisticsFlags,
    JoinArgs,
    OptFlags,
    EWMOptions,
    SortOptions,
    SortMultipleOptions,
    CsvParseOptions,
);

/// Values that a cell shows as `{}` does.
macro_rules! plain {
    ($($ty:ty),* $(,)?) => { $(
        impl Show for $ty {
            fn show(&self) -> String {
                ToString::to_string(self)
            }
        }
    )* };
}
plain!(DataType, AnyValue<'_>, Duration, TimeUnit, TimeZone, Selector, JoinType, Series);

impl Show for DataFrame {
    fn show(&self) -> String {
        display::frame_text(self)
    }
}

impl Show for Column {
    fn show(&self) -> String {
        self.as_materialized_series().show()
    }
}

/// Typed views show as the Series they view.
macro_rules! views {
    ($($ty:ty),* $(,)?) => { $(
        impl Show for $ty {
            fn show(&self) -> String {
                self.clone().into_series().show()
            }
        }
    )* };
}
views!(
    BooleanChunked,
    StringChunked,
    BinaryChunked,
    ListChunked,
    ArrayChunked,
    StructChunked,
    DateChunked,
    DatetimeChunked,
    TimeChunked,
    DurationChunked,
    DecimalChunked,
    NullChunked,
    Int8Chunked,
    Int16Chunked,
    Int32Chunked,
    Int64Chunked,
    UInt8Chunked,
    UInt16Chunked,
    UInt32Chunked,
    UInt64Chunked,
    Float32Chunked,
    Float64Chunked,
    BinaryOffsetChunked,
    Int128Chunked,
    UInt128Chunked,
);

impl<T: Show + ?Sized> Show for &T {
    fn show(&self) -> String {
        (**self).show()
    }
}

impl<T: Show + ?Sized> Show for &mut T {
    fn show(&self) -> String {
        (**self).show()
    }
}

impl<T: Show> Show for Arc<T> {
    fn show(&self) -> String {
        (**self).show()
    }
}

impl<T: Show + ToOwned + ?Sized> Show for std::borrow::Cow<'_, T> {
    fn show(&self) -> String {
        (**self).show()
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> String {
        match self {
            Some(value) => format!("Some({})", value.show()),
            None => "None".into(),
        }
    }
}

impl<T: Show> Show for [T] {
    fn show(&self) -> String {
        format!("[{}]", self.iter().map(Show::show).collect::<Vec<_>>().join(", "))
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> String {
        self.as_slice().show()
    }
}

macro_rules! tuples {
    ($($name:ident $index:tt),*) => {
        impl<$($name: Show),*> Show for ($($name,)*) {
            fn show(&self) -> String {
                format!("({})", [$(self.$index.show()),*].join(", "))
            }
        }
    };
}
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
