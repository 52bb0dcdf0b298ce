//! The types of the cell language.

use std::fmt;

/// An integer type of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntTy {
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    Usize,
}

impl IntTy {
    /// Every integer type.
    pub const ALL: [Self; 11] = [
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::I128,
        Self::Isize,
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::Usize,
    ];

    /// Rust's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::I128 => "i128",
            Self::Isize => "isize",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::Usize => "usize",
        }
    }

    /// The type that Rust calls `name`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.name() == name)
    }

    /// The smallest and the largest value.
    pub fn range(self) -> (i128, i128) {
        match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::I64 | Self::Isize => (i64::MIN.into(), i64::MAX.into()),
            Self::I128 => (i128::MIN, i128::MAX),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::U64 | Self::Usize => (0, u64::MAX.into()),
        }
    }

    /// How many bits a value has.
    pub fn bits(self) -> u32 {
        match self {
            Self::I8 | Self::U8 => 8,
            Self::I16 | Self::U16 => 16,
            Self::I32 | Self::U32 => 32,
            Self::I64 | Self::Isize | Self::U64 | Self::Usize => 64,
            Self::I128 => 128,
        }
    }

    /// Whether there are negative values.
    pub fn is_signed(self) -> bool {
        self.range().0 < 0
    }

    /// Whether `value` can be held.
    pub fn holds(self, value: i128) -> bool {
        let (low, high) = self.range();
        (low..=high).contains(&value)
    }

    /// `value` cut to the width of the type, as `as` does.
    pub fn wrap(self, value: i128) -> i128 {
        match self {
            Self::I8 => (value as i8).into(),
            Self::I16 => (value as i16).into(),
            Self::I32 => (value as i32).into(),
            Self::I64 | Self::Isize => (value as i64).into(),
            Self::I128 => value,
            Self::U8 => (value as u8).into(),
            Self::U16 => (value as u16).into(),
            Self::U32 => (value as u32).into(),
            Self::U64 | Self::Usize => (value as u64).into(),
        }
    }
}

/// What an argument of a polars function accepts through `Into` or `AsRef`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// `impl Into<Expr>`: an expression, a number, a boolean, or a string, which names a column.
    IntoExpr,
    /// `AsRef<[impl Into<Expr>]>`: an array or vector of them.
    IntoExprs,
    /// `impl IntoVec<PlSmallStr>`: a name, or several.
    Names,
    /// `impl Literal`: what `lit` makes a constant of.
    Literal,
    /// `impl Display`: what can be written with `{}`.
    Display,
    /// `impl Pattern`: a character or a text.
    Text,
    /// One of several types, by the names that [`Ty::head`] gives.
    OneOf(&'static [&'static str]),
}

/// Whether the keys of a map or set have an order that its type promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// `HashMap`, `HashSet`
    Hash,
    /// `BTreeMap`, `BTreeSet`
    BTree,
}

/// A type of the cell language. References are transparent, so there are none.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    /// `()`
    Unit,
    /// The type of `break`, `continue` and `return`: fits everywhere.
    Never,
    /// `bool`
    Bool,
    /// A known integer type.
    Int(IntTy),
    /// Any integer type: the receiver of the methods of integers, and what errors call an undecided literal.
    Integer,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// Any float type: the receiver of the methods of floats, and what errors call an undecided literal.
    Float,
    /// `char`
    Char,
    /// `&str`, `String` and polars' `PlSmallStr`.
    Str,
    /// A type of polars or of the session, by its name.
    Native(&'static str),
    /// `Vec`, array or slice.
    Vec(Box<Ty>),
    /// `VecDeque`
    Deque(Box<Ty>),
    /// `HashMap` or `BTreeMap`
    Map(Keys, Box<Ty>, Box<Ty>),
    /// `HashSet` or `BTreeSet`
    Set(Keys, Box<Ty>),
    /// An iterator.
    Iter(Box<Ty>),
    /// A tuple of two or more.
    Tuple(Vec<Ty>),
    /// `Option`
    Option(Box<Ty>),
    /// `Result`, whose error is always the session's.
    Result(Box<Ty>),
    /// A range of integers or characters.
    Range(Box<Ty>),
    /// Not known: what nothing in an earlier cell has decided.
    Any,
    /// A type that is still being inferred.
    Infer(usize),
    /// A type parameter of a signature in the table.
    Var(u8),
    /// Only in signatures: the type of the receiver.
    Same,
    /// Only in signatures: several types are welcome.
    Accepts(Accepts),
    /// Only in signatures: whatever can be iterated over and gives this.
    Iterable(Box<Ty>),
    /// Only in signatures: a turbofish, `sum::<f64>()`, for this type parameter.
    TypeOf(u8),
    /// Only in signatures: a closure or the name of a function.
    Fn(Vec<Ty>, Box<Ty>),
}

impl Ty {
    /// `Vec<inner>`
    pub fn vec(inner: Ty) -> Self {
        Self::Vec(Box::new(inner))
    }

    /// `Option<inner>`
    pub fn option(inner: Ty) -> Self {
        Self::Option(Box::new(inner))
    }

    /// `Result<inner>`
    pub fn result(inner: Ty) -> Self {
        Self::Result(Box::new(inner))
    }

    /// An iterator over `inner`.
    pub fn iter(inner: Ty) -> Self {
        Self::Iter(Box::new(inner))
    }

    /// Whether it is an integer type, decided or not.
    pub fn is_int(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Integer)
    }

    /// Whether it is a float type, decided or not.
    pub fn is_float(&self) -> bool {
        matches!(self, Self::F32 | Self::F64 | Self::Float)
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        self.is_int() || self.is_float()
    }

    /// Whether it is one of polars or of the session, not of Rust itself.
    pub fn is_native(&self) -> bool {
        matches!(self, Self::Native(_))
    }

    /// The key under which the table keeps the methods of this type.
    pub fn head(&self) -> &'static str {
        match self {
            Self::Unit => "()",
            Self::Bool => "bool",
            Self::Int(_) | Self::Integer => "integer",
            Self::F32 | Self::F64 | Self::Float => "float",
            Self::Char => "char",
            Self::Str => "String",
            Self::Native(name) => name,
            Self::Vec(_) => "Vec",
            Self::Deque(_) => "VecDeque",
            Self::Map(Keys::Hash, ..) => "HashMap",
            Self::Map(Keys::BTree, ..) => "BTreeMap",
            Self::Set(Keys::Hash, _) => "HashSet",
            Self::Set(Keys::BTree, _) => "BTreeSet",
            Self::Iter(_) => "Iterator",
            Self::Tuple(_) => "tuple",
            Self::Option(_) => "Option",
            Self::Result(_) => "Result",
            Self::Range(_) => "Range",
            _ => "_",
        }
    }

    /// The same type with every part that `change` has something for replaced by that.
    pub(crate) fn replaced(&self, change: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Ty {
        if let Some(replacement) = change(self) {
            return replacement;
        }
        let mut inside = |ty: &Ty| Box::new(ty.replaced(change));
        match self {
            Self::Vec(inner) => Self::Vec(inside(inner)),
            Self::Deque(inner) => Self::Deque(inside(inner)),
            Self::Map(keys, key, value) => Self::Map(*keys, inside(key), inside(value)),
            Self::Set(keys, inner) => Self::Set(*keys, inside(inner)),
            Self::Iter(inner) => Self::Iter(inside(inner)),
            Self::Option(inner) => Self::Option(inside(inner)),
            Self::Result(inner) => Self::Result(inside(inner)),
            Self::Range(inner) => Self::Range(inside(inner)),
            Self::Iterable(inner) => Self::Iterable(inside(inner)),
            Self::Tuple(items) => Self::Tuple(items.iter().map(|item| item.replaced(change)).collect()),
            Self::Fn(params, ret) => {
                let params = params.iter().map(|param| param.replaced(change)).collect();
                Self::Fn(params, Box::new(ret.replaced(change)))
            }
            other => other.clone(),
        }
    }

    /// Whether `test` holds for the type or a part of it.
    pub(crate) fn any(&self, test: &mut dyn FnMut(&Ty) -> bool) -> bool {
        let mut found = false;
        self.replaced(&mut |part| {
            found = found || test(part);
            None
        });
        found
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("!"),
            Self::Int(int) => f.write_str(int.name()),
            Self::Integer => f.write_str("{integer}"),
            Self::F32 => f.write_str("f32"),
            Self::F64 => f.write_str("f64"),
            Self::Float => f.write_str("{float}"),
            Self::Map(_, key, value) => write!(f, "{}<{key}, {value}>", self.head()),
            Self::Vec(inner)
            | Self::Deque(inner)
            | Self::Set(_, inner)
            | Self::Option(inner)
            | Self::Result(inner)
            | Self::Range(inner) => write!(f, "{}<{inner}>", self.head()),
            Self::Iter(inner) => write!(f, "impl Iterator<Item = {inner}>"),
            Self::Iterable(inner) => write!(f, "impl IntoIterator<Item = {inner}>"),
            Self::Tuple(items) => write!(f, "({})", listed(items)),
            Self::Fn(params, ret) => {
                write!(f, "impl Fn({})", listed(params))?;
                if **ret == Self::Unit { Ok(()) } else { write!(f, " -> {ret}") }
            }
            Self::Var(index) | Self::TypeOf(index) => {
                f.write_str(["T", "U", "V"].get(usize::from(*index)).unwrap_or(&"_"))
            }
            Self::Same => f.write_str("Self"),
            Self::Accepts(Accepts::IntoExpr) => f.write_str("impl Into<Expr>"),
            Self::Accepts(Accepts::IntoExprs) => f.write_str("[impl Into<Expr>]"),
            Self::Accepts(Accepts::Names) => f.write_str("impl IntoVec<PlSmallStr>"),
            Self::Accepts(Accepts::Literal) => f.write_str("impl Literal"),
            Self::Accepts(Accepts::Display) => f.write_str("impl Display"),
            Self::Accepts(Accepts::Text) => f.write_str("impl Pattern"),
            Self::Accepts(Accepts::OneOf(heads)) => f.write_str(&heads.join(" | ")),
            other => f.write_str(other.head()),
        }
    }
}

fn listed(types: &[Ty]) -> String {
    types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
