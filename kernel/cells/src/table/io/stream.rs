//! What polars' own readers read from and its writers write to: files, and buffers in memory. And what cannot be cloned.

use std::fs::File;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use aerostat_error::{Error, Kind, Result};
use polars::io::mmap::MmapBytesReader;

use crate::convert::Arg;
use crate::table::{Table, functions, methods, types};
use crate::ty::{Accepts, Ty};
use crate::value::Value;

/// An open file.
pub type SharedFile = Arc<File>;

/// Bytes in memory. As with `&mut` in Rust, whoever writes through a copy writes to the one buffer.
#[derive(Clone)]
pub struct Buffer(Arc<Mutex<Cursor<Vec<u8>>>>);

types! {
    /// An open file.
    SharedFile as "File" = |file| format!("{file:?}");
    /// Bytes in memory, which can be written and read as a file.
    Buffer as "Cursor" = |_buffer| "Cursor".into();
}

impl Buffer {
    fn with<T>(&self, act: impl FnOnce(&mut Cursor<Vec<u8>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A file or buffer, for a writer.
pub enum Sink {
    /// A file.
    File(SharedFile),
    /// A buffer.
    Buffer(Buffer),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Buffer(buffer) => buffer.with(|cursor| cursor.write(bytes)),
        }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Buffer(_) => Ok(()),
        }
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Buffer(buffer) => buffer.with(|cursor| cursor.seek(to)),
        }
    }
}

const STREAMS: Ty = Ty::Accepts(Accepts::OneOf(&["File", "Cursor"]));

impl Arg for Sink {
    type Out = Self;
    fn ty() -> Ty {
        STREAMS
    }
    fn take(value: Value) -> Result<Self> {
        match value.downcast_ref::<SharedFile>() {
            Some(file) => Ok(Self::File(file.clone())),
            None => value.downcast().map(Self::Buffer),
        }
    }
}

/// A file or buffer, for a reader.
pub type Source = Box<dyn MmapBytesReader>;

impl Arg for Source {
    type Out = Self;
    fn ty() -> Ty {
        STREAMS
    }
    fn take(value: Value) -> Result<Self> {
        match value.downcast_ref::<SharedFile>() {
            Some(file) => {
                file.try_clone().map(|file| Box::new(file) as Self).map_err(|error| Error::io("reading a file", &error))
            }
            None => value.downcast::<Buffer>().map(|buffer| Box::new(buffer.with(|cursor| cursor.clone())) as Self),
        }
    }
}

/// A reader or writer that cannot be cloned. Copies of the variable share it; whoever uses it up takes it from all.
pub struct Movable<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for Movable<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Movable<T> {
    /// Wraps it.
    pub fn new(inner: T) -> Self {
        Self(Arc::new(Mutex::new(Some(inner))))
    }

    /// Uses it up.
    pub fn take(&self) -> Result<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(used_up)
    }

    /// Uses it and keeps it.
    pub fn with<U>(&self, act: impl FnOnce(&mut T) -> U) -> Result<U> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(act).ok_or_else(used_up)
    }
}

fn used_up() -> Error {
    Error::new(Kind::InvalidArgument, "use of a moved value: an earlier call has used up this reader or writer")
        .with_hint("make a new one")
}

/// Readers and writers with their options, which give a changed reader or writer: `movable! { /// Doc.
/// CsvWriting(CsvWriter<Sink>) as "CsvWriter" { /// Doc. \n fn include_header(include_header: bool); } }`.
macro_rules! movable {
    ($($(#[doc = $about:literal])+ $name:ident($inner:ty) as $shown:literal {
        $($(#[doc = $doc:literal])+ fn $method:ident($($arg:ident: $ty:ty),*);)*
    })*) => {
        $(
            $(#[doc = $about])+
            pub type $name = $crate::table::io::stream::Movable<$inner>;

            impl $crate::value::Native for $name {
                const NAME: &'static str = $shown;
                fn text(&self) -> String {
                    $shown.into()
                }
            }
        )*

        fn movable_types() -> Vec<$crate::table::TypeRow> {
            vec![$($crate::table::TypeRow {
                name: $shown, doc: $crate::table::doc(&[$($about),+]), path: std::any::type_name::<$name>, default: None,
                blank: None, fields: Vec::new(),
            }),*]
        }

        fn movable_rows() -> Vec<$crate::table::Callable> {
            $crate::table::methods! { $($name {
                $($(#[doc = $doc])+ fn $method($($arg: $ty),*) -> $name = |this| $name::new(this.take()?.$method($($arg),*));)*
            })* }
        }
    };
}
pub(crate) use movable;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(functions! {
        File {
            /// Opens a file for reading.
            fn open(path: &str) -> Result<SharedFile> = open(path, |path| File::open(path));
            /// Creates a file, or empties it.
            fn create(path: &str) -> Result<SharedFile> = open(path, |path| File::create(path));
        }
        String {
            /// Bytes as text; an error if they are not UTF-8.
            fn from_utf8(bytes: Vec<u8>) -> Result<String>
                = String::from_utf8(bytes).map_err(|error| Error::invalid_argument(error.to_string()));
        }
        Cursor {
            /// A buffer with bytes or text in it.
            fn new(bytes: Bytes) -> Buffer = Buffer(Arc::new(Mutex::new(Cursor::new(bytes))));
        }
    });
    table.add_callables(methods! {
        Buffer {
            /// The bytes.
            fn into_inner() -> Vec<u8> = |this| this.with(|cursor| cursor.get_ref().clone());
            /// The place where the next byte is read or written.
            fn position() -> u64 = |this| this.with(|cursor| cursor.position());
            /// Moves the place where the next byte is read or written.
            fn set_position(position: u64) -> () = |this| this.with(|cursor| cursor.set_position(position));
        }
    });
}

fn open(path: &str, how: impl Fn(&str) -> std::io::Result<File>) -> Result<SharedFile> {
    how(path).map(Arc::new).map_err(|error| Error::io(format!("opening `{path}`"), &error))
}

/// The content of a buffer: a vector of bytes, or text.
pub struct Bytes;

impl Arg for Bytes {
    type Out = Vec<u8>;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::OneOf(&["String", "Vec"]))
    }
    fn take(value: Value) -> Result<Vec<u8>> {
        match value {
            Value::Str(text) => Ok(text.as_bytes().to_vec()),
            other => Vec::<u8>::take(other),
        }
    }
}
