//! What the methods that choose their own type ask of it: `collect`, `sum`, `product`, `partition`.

use aerostat_error::{Error, Kind, Result, Span};

use super::infer::Parameters;
use super::{Checker, unsupported};
use crate::table::Callable;
use crate::ty::Ty;

impl Checker<'_> {
    /// Relates the type that such a method gives to the elements of its receiver.
    pub(super) fn constrain(
        &mut self,
        callable: &'static Callable,
        parameters: &Parameters,
        receiver: &Ty,
        at: Span,
    ) -> Result<()> {
        let item = match self.shallow(receiver) {
            Ty::Iter(item) | Ty::Range(item) => *item,
            _ => return Ok(()),
        };
        let target = parameters.apply(&Ty::Var(1));
        match callable.name {
            "collect" | "partition" => self.collects(&target, &item, at),
            "sum" | "product" => self.totals(&target, &item, callable.name, at),
            _ => Ok(()),
        }
    }

    /// That elements of type `item` can be collected into `target`.
    fn collects(&mut self, target: &Ty, item: &Ty, at: Span) -> Result<()> {
        let possible = match self.shallow(target) {
            Ty::Vec(inner) | Ty::Deque(inner) => self.infer.unify(&inner, item),
            Ty::Set(_, inner) => {
                self.check_key(item, at)?;
                self.infer.unify(&inner, item)
            }
            Ty::Map(_, key, value) => {
                let pair = Ty::Tuple(vec![(*key).clone(), *value]);
                let possible = self.infer.unify(&pair, item);
                self.check_key(&key, at)?;
                possible
            }
            Ty::Str => matches!(self.named(item), Ty::Char | Ty::Str | Ty::Any),
            Ty::Unit => self.infer.unify(&Ty::Unit, item),
            Ty::Option(inner) => match self.shallow(item) {
                Ty::Option(item) => return self.collects(&inner, &item, at),
                _ => false,
            },
            Ty::Result(inner) => match self.shallow(item) {
                Ty::Result(item) => return self.collects(&inner, &item, at),
                _ => false,
            },
            Ty::Native("Series") => true,
            // Not decided here; if nothing decides it, the end of the check says so.
            Ty::Infer(_) | Ty::Any => true,
            other => return Err(unsupported(&format!("a collection into `{}`", self.named(&other)), at)),
        };
        match possible {
            true => Ok(()),
            false => {
                let (target, item) = (self.named(target), self.named(item));
                let message = format!("a `{target}` cannot be collected from elements of type `{item}`");
                Err(Error::new(Kind::TypeMismatch, message).with_span(at))
            }
        }
    }

    fn totals(&mut self, target: &Ty, item: &Ty, name: &str, at: Span) -> Result<()> {
        let item = item.clone();
        if !self.named(&item).is_number() && self.named(&item) != Ty::Any {
            let item = self.named(&item);
            return Err(match item {
                Ty::Option(_) | Ty::Result(_) => unsupported(&format!("a {name} of `{item}`"), at),
                item => Error::new(Kind::TypeMismatch, format!("there is no {name} of `{item}`")).with_span(at),
            });
        }
        match self.infer.unify(target, &item) {
            true => Ok(()),
            false => {
                let (target, item) = (self.named(target), self.named(&item));
                let message = format!("the {name} of `{item}` is not a `{target}`");
                Err(Error::new(Kind::TypeMismatch, message)
                    .with_span(at)
                    .with_hint(format!("convert the elements first: `.map(|x| x as {target})`")))
            }
        }
    }

    /// That a type can be a key: floats have no total order, in Rust as here.
    pub(super) fn check_key(&self, key: &Ty, at: Span) -> Result<()> {
        let key = self.named(key);
        match key.any(&mut |part| part.is_float()) {
            true => Err(Error::new(
                Kind::TypeMismatch,
                format!("`{key}` cannot be a key: floats are not equal to themselves"),
            )
            .with_span(at)
            .with_hint("use an integer, or the text of the number")),
            false => Ok(()),
        }
    }
}
