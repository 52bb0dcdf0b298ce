//! The types of the cell language, and which type fits where.

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
    /// A type, given as a turbofish: `sum::<f64>()`.
    TypeName,
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
    /// `{integer}`: a literal whose type its use decides; `i32` if nothing does.
    Integer,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `{float}`: `f64` if nothing decides.
    FloatLiteral,
    /// `char`
    Char,
    /// `&str`, `String` and polars' `PlSmallStr`.
    Str,
    /// A type of polars or of the session, by its name.
    Native(&'static str),
    /// `Vec`, array, slice, or an iterator over one.
    Vec(Box<Ty>),
    /// A tuple of two or more.
    Tuple(Vec<Ty>),
    /// `Option`
    Option(Box<Ty>),
    /// `Result`, whose error is always the session's.
    Result(Box<Ty>),
    /// A range of integers.
    Range(Box<Ty>),
    /// Not known: the element of an empty `vec![]`, the inside of a `None`.
    Any,
    /// A type parameter of a signature in the table.
    Var(u8),
    /// Only in signatures: several types are welcome.
    Accepts(Accepts),
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

    /// Whether it is an integer type, decided or not.
    pub fn is_int(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Integer)
    }

    /// Whether it is a float type, decided or not.
    pub fn is_float(&self) -> bool {
        matches!(self, Self::F32 | Self::F64 | Self::FloatLiteral)
    }

    /// The key under which the table keeps the methods of this type.
    pub fn head(&self) -> &'static str {
        match self {
            Self::Unit => "()",
            Self::Never | Self::Any | Self::Var(_) | Self::Accepts(_) => "_",
            Self::Bool => "bool",
            Self::Int(_) | Self::Integer => "integer",
            Self::F32 | Self::F64 | Self::FloatLiteral => "float",
            Self::Char => "char",
            Self::Str => "String",
            Self::Native(name) => name,
            Self::Vec(_) => "Vec",
            Self::Tuple(_) => "tuple",
            Self::Option(_) => "Option",
            Self::Result(_) => "Result",
            Self::Range(_) => "Range",
        }
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
            Self::FloatLiteral => f.write_str("{float}"),
            Self::Vec(inner) => write!(f, "Vec<{inner}>"),
            Self::Tuple(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "({})", items.join(", "))
            }
            Self::Option(inner) => write!(f, "Option<{inner}>"),
            Self::Result(inner) => write!(f, "Result<{inner}>"),
            Self::Range(inner) => write!(f, "Range<{inner}>"),
            Self::Var(index) => f.write_str(["T", "U", "V"].get(usize::from(*index)).unwrap_or(&"_")),
            Self::Accepts(Accepts::IntoExpr) => f.write_str("impl Into<Expr>"),
            Self::Accepts(Accepts::IntoExprs) => f.write_str("[impl Into<Expr>]"),
            Self::Accepts(Accepts::Names) => f.write_str("impl IntoVec<PlSmallStr>"),
            Self::Accepts(Accepts::Literal) => f.write_str("impl Literal"),
            Self::Accepts(Accepts::Display) => f.write_str("impl Display"),
            Self::Accepts(Accepts::TypeName) => f.write_str("type"),
            other => f.write_str(other.head()),
        }
    }
}

/// What the type parameters of one call stand for.
#[derive(Default)]
pub(crate) struct Bindings([Option<Ty>; 3]);

impl Bindings {
    /// `ty` with its type parameters replaced by what they stand for, or by [`Ty::Any`].
    pub(crate) fn apply(&self, ty: &Ty) -> Ty {
        match ty {
            Ty::Var(index) => self.0.get(usize::from(*index)).cloned().flatten().unwrap_or(Ty::Any),
            Ty::Vec(inner) => Ty::vec(self.apply(inner)),
            Ty::Option(inner) => Ty::option(self.apply(inner)),
            Ty::Result(inner) => Ty::result(self.apply(inner)),
            Ty::Range(inner) => Ty::Range(Box::new(self.apply(inner))),
            Ty::Tuple(items) => Ty::Tuple(items.iter().map(|item| self.apply(item)).collect()),
            other => other.clone(),
        }
    }

    fn bind(&mut self, index: u8, found: &Ty) -> bool {
        let Some(slot) = self.0.get_mut(usize::from(index)) else { return false };
        match slot.take() {
            None | Some(Ty::Any) => {
                *slot = Some(found.clone());
                true
            }
            Some(bound) => {
                let unified = unify(&bound, found);
                *slot = Some(unified.clone().unwrap_or(bound));
                unified.is_some()
            }
        }
    }

    /// Whether a value of type `found` fits where `wanted` is asked for; binds type parameters on the way.
    pub(crate) fn fits(&mut self, wanted: &Ty, found: &Ty) -> bool {
        match (wanted, found) {
            (Ty::Var(index), _) => self.bind(*index, found),
            (Ty::Any, _) | (_, Ty::Any | Ty::Never) => true,
            (Ty::Accepts(accepts), _) => accepts_fits(*accepts, found),
            (Ty::Int(_), Ty::Integer) | (Ty::Integer, Ty::Int(_)) => true,
            (Ty::F32 | Ty::F64, Ty::FloatLiteral) | (Ty::FloatLiteral, Ty::F32 | Ty::F64) => true,
            (Ty::Vec(w), Ty::Vec(f))
            | (Ty::Option(w), Ty::Option(f))
            | (Ty::Result(w), Ty::Result(f))
            | (Ty::Range(w), Ty::Range(f)) => self.fits(w, f),
            (Ty::Tuple(w), Ty::Tuple(f)) => w.len() == f.len() && w.iter().zip(f).all(|(w, f)| self.fits(w, f)),
            _ => wanted == found,
        }
    }
}

fn accepts_fits(accepts: Accepts, found: &Ty) -> bool {
    let into_expr =
        |ty: &Ty| matches!(ty, Ty::Native("Expr") | Ty::Str | Ty::Bool | Ty::Any) || ty.is_int() || ty.is_float();
    match (accepts, found) {
        (Accepts::IntoExpr, ty) => into_expr(ty),
        (Accepts::IntoExprs, Ty::Vec(item)) => into_expr(item),
        (Accepts::IntoExprs, _) => false,
        (Accepts::Names, Ty::Vec(item)) => matches!(**item, Ty::Str | Ty::Any),
        (Accepts::Names, ty) => *ty == Ty::Str,
        (Accepts::Literal, Ty::Native(name)) => {
            matches!(*name, "NaiveDate" | "NaiveDateTime" | "Series" | "LiteralValue" | "Null" | "Duration")
        }
        (Accepts::Literal, ty) => into_expr(ty),
        (Accepts::TypeName, _) => false,
        (Accepts::Display, ty) => !matches!(ty, Ty::Unit | Ty::Vec(_) | Ty::Option(_) | Ty::Tuple(_) | Ty::Result(_)),
    }
}

/// The one type that both are, where a literal takes the type of what it meets.
pub(crate) fn unify(a: &Ty, b: &Ty) -> Option<Ty> {
    match (a, b) {
        (Ty::Any | Ty::Never, other) | (other, Ty::Any | Ty::Never) => Some(other.clone()),
        (Ty::Integer, Ty::Int(int)) | (Ty::Int(int), Ty::Integer) => Some(Ty::Int(*int)),
        (Ty::FloatLiteral, float @ (Ty::F32 | Ty::F64)) | (float @ (Ty::F32 | Ty::F64), Ty::FloatLiteral) => {
            Some(float.clone())
        }
        (Ty::Vec(a), Ty::Vec(b)) => unify(a, b).map(Ty::vec),
        (Ty::Option(a), Ty::Option(b)) => unify(a, b).map(Ty::option),
        (Ty::Result(a), Ty::Result(b)) => unify(a, b).map(Ty::result),
        (Ty::Range(a), Ty::Range(b)) => unify(a, b).map(|inner| Ty::Range(Box::new(inner))),
        (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => {
            a.iter().zip(b).map(|(a, b)| unify(a, b)).collect::<Option<Vec<_>>>().map(Ty::Tuple)
        }
        _ => (a == b).then(|| a.clone()),
    }
}
