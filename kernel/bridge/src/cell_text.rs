//! The text that a cell shows for its result, for values of compiled code: what interpreted cells show.

use polars::prelude::*;

/// A value that the kernel shows in words of its own.
pub trait CellText {
    /// What the cell shows.
    fn cell_text(&self) -> String;
}

/// Values that a cell shows as `{:?}` does.
macro_rules! debug {
    ($($ty:ty),* $(,)?) => { $(
        impl CellText for $ty {
            fn cell_text(&self) -> String {
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
        impl CellText for $ty {
            fn cell_text(&self) -> String {
                ToString::to_string(self)
            }
        }
    )* };
}
plain!(DataType, AnyValue<'_>, Duration, TimeUnit, TimeZone, Selector, JoinType, Series, DataFrame);

impl CellText for Column {
    fn cell_text(&self) -> String {
        self.as_materialized_series().cell_text()
    }
}

/// Typed views show as the Series they view.
macro_rules! views {
    ($($ty:ty),* $(,)?) => { $(
        impl CellText for $ty {
            fn cell_text(&self) -> String {
                self.clone().into_series().cell_text()
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

impl<T: CellText + ?Sized> CellText for &T {
    fn cell_text(&self) -> String {
        (**self).cell_text()
    }
}

impl<T: CellText + ?Sized> CellText for &mut T {
    fn cell_text(&self) -> String {
        (**self).cell_text()
    }
}

impl<T: CellText> CellText for Arc<T> {
    fn cell_text(&self) -> String {
        (**self).cell_text()
    }
}

impl<T: CellText + ToOwned + ?Sized> CellText for std::borrow::Cow<'_, T> {
    fn cell_text(&self) -> String {
        (**self).cell_text()
    }
}

impl<T: CellText> CellText for Option<T> {
    fn cell_text(&self) -> String {
        match self {
            Some(value) => format!("Some({})", value.cell_text()),
            None => "None".into(),
        }
    }
}

impl<T: CellText> CellText for [T] {
    fn cell_text(&self) -> String {
        format!("[{}]", self.iter().map(CellText::cell_text).collect::<Vec<_>>().join(", "))
    }
}

impl<T: CellText> CellText for Vec<T> {
    fn cell_text(&self) -> String {
        self.as_slice().cell_text()
    }
}

macro_rules! tuples {
    ($($name:ident $index:tt),*) => {
        impl<$($name: CellText),*> CellText for ($($name,)*) {
            fn cell_text(&self) -> String {
                format!("({})", [$(self.$index.cell_text()),*].join(", "))
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
