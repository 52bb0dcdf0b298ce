//! The classes of errors and the objects they speak of.

use std::fmt;

/// The class of an error. Together with the object it decides the stable `ename`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A name that means nothing here.
    NotFound(Object),
    /// A name that is taken.
    AlreadyExists(Object),
    /// A name that means two things.
    Ambiguous(Object),
    /// An argument, option or value that does not fit.
    InvalidArgument,
    /// Text that does not parse.
    Syntax,
    /// An expression of another type than its place wants, found before anything ran.
    TypeMismatch,
    /// Valid, but not done by this version.
    NotSupported,
    /// The user may not do this.
    PermissionDenied,
    /// Somebody else changed the same thing at the same time.
    Conflict,
    /// A row that a constraint of its table does not allow.
    Violation,
    /// The file system or the network failed.
    Io,
    /// A query failed while it ran: division of a decimal by zero, a cast that does not fit, ...
    Compute,
    /// What was to be done needs more memory than the kernel may take.
    OutOfMemory,
    /// Rust semantics ended the cell: `unwrap` on an error, an index out of bounds, integer overflow.
    Panic,
    /// A compiled cell that the compiler refuses.
    Compile,
    /// An error that `?` returned from a compiled cell; its name says more, see [`Error::uncaught`](crate::Error::uncaught).
    Uncaught,
    /// The process of compiled cells ended while a cell ran.
    Crash,
    /// The user stopped the cell.
    Interrupted,
    /// A defect of Aerostat.
    Internal,
}

impl Kind {
    /// The stable name, e.g. `TABLE_NOT_FOUND`. `KeyboardInterrupt` is the word that Jupyter clients know.
    pub fn ename(self) -> String {
        match self {
            Self::NotFound(object) => format!("{}_NOT_FOUND", object.code()),
            Self::AlreadyExists(object) => format!("{}_ALREADY_EXISTS", object.code()),
            Self::Ambiguous(object) => format!("AMBIGUOUS_{}", object.code()),
            Self::InvalidArgument => "INVALID_ARGUMENT".into(),
            Self::Syntax => "SYNTAX_ERROR".into(),
            Self::TypeMismatch => "TYPE_MISMATCH".into(),
            Self::NotSupported => "NOT_SUPPORTED".into(),
            Self::PermissionDenied => "PERMISSION_DENIED".into(),
            Self::Conflict => "CONFLICT".into(),
            Self::Violation => "CONSTRAINT_VIOLATION".into(),
            Self::Io => "IO_ERROR".into(),
            Self::Compute => "COMPUTE_ERROR".into(),
            Self::OutOfMemory => "OUT_OF_MEMORY".into(),
            Self::Panic => "PANIC".into(),
            Self::Compile => "COMPILE_ERROR".into(),
            Self::Uncaught => "UNCAUGHT_ERROR".into(),
            Self::Crash => "PROCESS_ENDED".into(),
            Self::Interrupted => "KeyboardInterrupt".into(),
            Self::Internal => "INTERNAL_ERROR".into(),
        }
    }
}

macro_rules! objects {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)?) => {
        /// What a name stands for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Object { $($(#[$doc])* $variant),* }

        impl fmt::Display for Object {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word),* })
            }
        }
    };
}

objects! {
    /// A catalog, the first of three levels of a name.
    Catalog = "catalog",
    /// A schema, which Hive calls a database.
    Schema = "schema",
    /// A table of the metastore.
    Table = "table",
    /// A view of the metastore, or a temporary one.
    View = "view",
    /// A column of a table or frame.
    Column = "column",
    /// A field of a struct.
    Field = "field",
    /// A partition of a table.
    Partition = "partition",
    /// A function, in SQL or in a cell.
    Function = "function",
    /// A method of a type of the cell language.
    Method = "method",
    /// A variable of the notebook.
    Variable = "variable",
    /// A type of the cell language.
    Type = "type",
    /// A macro of the cell language.
    Macro = "macro",
    /// A magic, such as `%time`.
    Magic = "magic",
    /// An option of a reader, writer or magic.
    Option = "option",
    /// A setting of the session.
    Setting = "setting",
    /// A file or folder.
    File = "file",
    /// A version of a table.
    Version = "version",
    /// A kernelspec.
    Kernelspec = "kernelspec",
    /// A subshell of the kernel.
    Subshell = "subshell",
    /// A widget of the notebook, through which it takes a parameter.
    Widget = "widget",
    /// A parameter of SQL, such as `:name`.
    Parameter = "parameter",
    /// The Rust toolchain, or a part of it.
    Toolchain = "toolchain",
}

impl Object {
    fn code(self) -> String {
        self.to_string().to_uppercase()
    }
}
