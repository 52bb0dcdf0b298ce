//! Type inference: types that later uses decide, as rustc finds them.
//!
//! A literal such as `1`, an empty `vec![]` or a `None` has a type that is not known where it stands. It gets a variable,
//! [`Ty::Infer`], which [`Inference::unify`] binds when the value meets something of a known type. What nothing has
//! decided by the end of the cell is `i32` or `f64` for a literal.

use crate::ty::{Accepts, IntTy, Ty};

/// The types of polars that `lit` makes a constant of.
const LITERALS: [&str; 7] = ["Expr", "NaiveDate", "NaiveDateTime", "Series", "LiteralValue", "Null", "Duration"];

/// What an undecided type can still become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Any,
    Int,
    Float,
}

#[derive(Clone, Debug)]
enum Slot {
    Free(Class),
    Bound(Ty),
}

/// The types that are being inferred in one cell.
#[derive(Debug, Default)]
pub(crate) struct Inference {
    slots: Vec<Slot>,
}

/// The type parameters of one call.
pub(crate) struct Parameters {
    receiver: Ty,
    vars: [Ty; 4],
}

impl Parameters {
    /// A type of a signature with the parameters of this call.
    pub(crate) fn apply(&self, ty: &Ty) -> Ty {
        ty.replaced(&mut |part| match part {
            Ty::Var(index) | Ty::TypeOf(index) => self.vars.get(usize::from(*index)).cloned(),
            Ty::Same => Some(self.receiver.clone()),
            _ => None,
        })
    }
}

impl Inference {
    /// A type that is not known yet.
    pub(crate) fn fresh(&mut self, class: Class) -> Ty {
        self.slots.push(Slot::Free(class));
        Ty::Infer(self.slots.len() - 1)
    }

    /// The type parameters of a call on `receiver`.
    pub(crate) fn parameters(&mut self, receiver: &Ty) -> Parameters {
        Parameters { receiver: receiver.clone(), vars: std::array::from_fn(|_| self.fresh(Class::Any)) }
    }

    /// `ty` with everything that is not known (`_`, or undecided in an earlier cell) to be found out.
    pub(crate) fn open(&mut self, ty: &Ty) -> Ty {
        ty.replaced(&mut |part| (*part == Ty::Any).then(|| self.fresh(Class::Any)))
    }

    /// The outermost constructor of `ty`, as far as it is decided.
    pub(crate) fn shallow(&self, ty: &Ty) -> Ty {
        let mut ty = ty;
        while let Ty::Infer(index) = ty {
            match &self.slots[*index] {
                Slot::Bound(bound) => ty = bound,
                Slot::Free(_) => break,
            }
        }
        ty.clone()
    }

    fn class(&self, index: usize) -> Class {
        match &self.slots[index] {
            Slot::Free(class) => *class,
            Slot::Bound(_) => Class::Any,
        }
    }

    /// `ty` with all that is decided filled in, and the rest named: `{integer}`, `{float}` or [`Ty::Any`].
    pub(crate) fn named(&self, ty: &Ty) -> Ty {
        let mut change = |part: &Ty| match self.shallow(part) {
            Ty::Infer(index) => Some(match self.class(index) {
                Class::Any => Ty::Any,
                Class::Int => Ty::Integer,
                Class::Float => Ty::Float,
            }),
            decided if matches!(part, Ty::Infer(_)) => Some(self.named(&decided)),
            _ => None,
        };
        ty.replaced(&mut change)
    }

    /// Decides what nothing else has: `i32` and `f64` for literals.
    pub(crate) fn settle(&mut self) {
        for slot in &mut self.slots {
            match slot {
                Slot::Free(Class::Int) => *slot = Slot::Bound(Ty::Int(IntTy::I32)),
                Slot::Free(Class::Float) => *slot = Slot::Bound(Ty::F64),
                _ => {}
            }
        }
    }

    fn bind(&mut self, index: usize, ty: &Ty) -> bool {
        let fits = match (self.class(index), ty) {
            (mine, Ty::Infer(other)) => match (mine, self.class(*other)) {
                _ if *other == index => return true,
                (Class::Any, _) => true,
                // The other one learns from this one.
                (mine, Class::Any) => {
                    self.slots[*other] = Slot::Free(mine);
                    true
                }
                (mine, theirs) => mine == theirs,
            },
            (Class::Any, _) => !self.occurs(index, ty),
            (Class::Int, ty) => ty.is_int(),
            (Class::Float, ty) => ty.is_float(),
        };
        if fits {
            self.slots[index] = Slot::Bound(ty.clone());
        }
        fits
    }

    /// Whether a type would contain itself.
    fn occurs(&self, index: usize, ty: &Ty) -> bool {
        ty.any(&mut |part| match part {
            Ty::Infer(_) => match self.shallow(part) {
                Ty::Infer(other) => other == index,
                decided => self.occurs(index, &decided),
            },
            _ => false,
        })
    }

    /// Makes two types one, if they can be.
    pub(crate) fn unify(&mut self, a: &Ty, b: &Ty) -> bool {
        let (a, b) = (self.shallow(a), self.shallow(b));
        match (&a, &b) {
            (Ty::Any | Ty::Never, _) | (_, Ty::Any | Ty::Never) => true,
            (Ty::Infer(index), other) | (other, Ty::Infer(index)) => self.bind(*index, other),
            (Ty::Integer, other) | (other, Ty::Integer) => other.is_int(),
            (Ty::Float, other) | (other, Ty::Float) => other.is_float(),
            (Ty::Map(kind, key, value), Ty::Map(other, other_key, other_value)) => {
                kind == other && self.unify(key, other_key) && self.unify(value, other_value)
            }
            (Ty::Set(kind, a), Ty::Set(other, b)) => kind == other && self.unify(a, b),
            (Ty::Vec(a), Ty::Vec(b))
            | (Ty::Deque(a), Ty::Deque(b))
            | (Ty::Iter(a), Ty::Iter(b))
            | (Ty::Option(a), Ty::Option(b))
            | (Ty::Result(a), Ty::Result(b))
            | (Ty::Range(a), Ty::Range(b)) => self.unify(a, b),
            (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.unify(a, b)),
            _ => a == b,
        }
    }

    /// The type of what may be either, such as the arms of a `match`.
    pub(crate) fn join(&mut self, a: &Ty, b: &Ty) -> Option<Ty> {
        let joined = if self.shallow(a) == Ty::Never { b } else { a };
        self.unify(a, b).then(|| joined.clone())
    }

    /// Whether a value of type `found` can be given where a signature, with its parameters applied, asks for `wanted`.
    pub(crate) fn fits(&mut self, wanted: &Ty, found: &Ty) -> bool {
        let several = wanted.any(&mut |part| matches!(part, Ty::Accepts(_) | Ty::Iterable(_)));
        match wanted {
            Ty::Accepts(accepts) => self.is_accepted(*accepts, found),
            // An undecided type cannot become "one of several".
            _ if several && matches!(self.shallow(found), Ty::Infer(_)) => true,
            Ty::Iterable(item) => match self.shallow(found) {
                Ty::Infer(_) | Ty::Any | Ty::Never => true,
                found => element(&found).is_some_and(|given| self.unify(item, &given)),
            },
            Ty::Option(wanted) => match self.shallow(found) {
                Ty::Option(found) => self.fits(wanted, &found),
                found => self.unify(&Ty::Option(wanted.clone()), &found),
            },
            Ty::Vec(wanted) => match self.shallow(found) {
                Ty::Vec(found) => self.fits(wanted, &found),
                found => self.unify(&Ty::Vec(wanted.clone()), &found),
            },
            Ty::Iter(wanted) => match self.shallow(found) {
                Ty::Iter(found) => self.fits(wanted, &found),
                found => self.unify(&Ty::Iter(wanted.clone()), &found),
            },
            Ty::Tuple(wanted) => match self.shallow(found) {
                Ty::Tuple(found) => {
                    wanted.len() == found.len()
                        && wanted.iter().zip(&found).all(|(wanted, found)| self.fits(wanted, found))
                }
                found => self.unify(&Ty::Tuple(wanted.clone()), &found),
            },
            wanted => self.unify(wanted, found),
        }
    }

    fn is_accepted(&self, accepts: Accepts, found: &Ty) -> bool {
        let found = self.named(found);
        match (accepts, &found) {
            // The inside of a `None` is of whatever type its place has.
            (_, Ty::Any | Ty::Never | Ty::Accepts(_)) => true,
            (Accepts::IntoExpr, ty) => into_expr(ty),
            (Accepts::IntoExprs, Ty::Vec(item)) => into_expr(item),
            (Accepts::IntoExprs, _) => false,
            (Accepts::Names, Ty::Vec(item) | Ty::Iter(item)) => matches!(**item, Ty::Str | Ty::Any),
            (Accepts::Names, ty) => *ty == Ty::Str,
            (Accepts::Literal, Ty::Native(name)) => LITERALS.contains(name),
            (Accepts::Literal, ty) => into_expr(ty),
            (Accepts::Text, ty) => matches!(ty, Ty::Str | Ty::Char),
            (Accepts::Display, ty) => is_writable(ty),
            (Accepts::OneOf(heads), ty) => heads.contains(&ty.head()),
        }
    }
}

fn into_expr(ty: &Ty) -> bool {
    matches!(ty, Ty::Native("Expr") | Ty::Str | Ty::Bool | Ty::Any) || ty.is_number()
}

/// Whether `{}` can write a type.
pub(crate) fn is_writable(ty: &Ty) -> bool {
    matches!(ty, Ty::Bool | Ty::Char | Ty::Str | Ty::Native(_) | Ty::Any | Ty::Never) || ty.is_number()
}

/// What iterating over a type gives.
pub(crate) fn element(ty: &Ty) -> Option<Ty> {
    match ty {
        Ty::Vec(item) | Ty::Deque(item) | Ty::Set(_, item) | Ty::Iter(item) | Ty::Range(item) | Ty::Option(item) => {
            Some((**item).clone())
        }
        Ty::Result(item) => Some((**item).clone()),
        Ty::Map(_, key, value) => Some(Ty::Tuple(vec![(**key).clone(), (**value).clone()])),
        _ => None,
    }
}
