//! Errors of the check, and the advice that goes with them.

use aerostat_error::{Error, Kind, Object, Span};
use aerostat_session::Session;

use super::familiar::familiar;
use super::{Checker, macro_names, unsupported};
use crate::table::TABLE;
use crate::ty::{Accepts, Ty};
use crate::value::Native as _;

/// The namespaces of an expression: the method that enters each, and the type that it gives.
fn namespaces() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.methods_of(&Ty::Native("Expr")).filter_map(|method| match method.ret {
        Ty::Native(owner) if owner.ends_with("NameSpace") => Some((owner, method.name)),
        _ => None,
    })
}

impl Checker<'_> {
    /// `expected .., found ..`, with the advice that the two types suggest.
    pub(super) fn mismatched(&self, wanted: &Ty, found: &Ty, span: Span) -> Error {
        let (wanted, found) = (self.named(wanted), self.named(found));
        Error::new(Kind::TypeMismatch, format!("mismatched types: expected `{wanted}`, found `{found}`"))
            .with_span(span)
            .with_hint_opt(advice(&wanted, &found).map(str::to_owned).or_else(|| constructor(&wanted, &found)))
    }

    /// The error for a method that a type does not have. Types of Rust have more methods than cells interpret: what does
    /// not look like a slip is left to the compiler.
    pub(super) fn unknown_method(&self, ty: &Ty, name: &str, at: Span, has_closure: bool) -> Error {
        let ty = self.named(ty);
        let what = format!("no method `{name}` on type `{ty}`");
        if ty == Ty::Any {
            return Error::new(Kind::TypeMismatch, "type annotations needed: the type of this is not known here")
                .with_span(at)
                .with_hint("say what it is, as in `let x: Vec<i64> = ..` or `.collect::<Vec<_>>()`");
        }
        let error = Error::new(Kind::NotFound(Object::Method), what).with_span(at);
        // polars' methods that take closures (`Expr::map`, ...) are not in the table.
        if ty.is_native() && has_closure {
            return unsupported(&format!("the method `{name}` of `{ty}`, which takes a closure,"), at);
        }
        match method_hint(&ty, name) {
            // rustc knows methods of Rust's types that only look like those that cells know.
            Some(hint) if ty.is_native() || hint.points_elsewhere || hint.is_slip => error.with_hint(hint.text),
            _ if has_no_such(&ty, name) => error,
            _ if !ty.is_native() => unsupported(&format!("the method `{name}` of `{ty}`"), at),
            _ if TABLE.owners_of(name).len() == 1 => {
                error.with_hint(format!("it is a method of `{}`", TABLE.owners_of(name).concat()))
            }
            _ => error.with_hint("a method that cells do not interpret can be compiled: begin the cell with `%%rust`"),
        }
    }

    /// The error for a receiver that is no variable: Python's habits put a module or the session there.
    pub(super) fn unknown_receiver(&self, error: Error, receiver: &syn::Expr, method: &str) -> Error {
        let syn::Expr::Path(path) = receiver else { return error };
        if error.kind() != Kind::NotFound(Object::Variable) || path.path.get_ident().is_none() {
            return error;
        }
        let session = Ty::Native(Session::NAME);
        match TABLE.function(None, method) {
            Some(_) => error.with_hint(format!("`{method}(..)` needs nothing in front of it")),
            None if TABLE.methods_named(&session, method).any(|row| row.owner == Some(Session::NAME)) => {
                error.with_hint(format!("write `session.{method}(..)`"))
            }
            None => error,
        }
    }

    /// The error for a function, constant or variant that does not exist.
    pub(super) fn unknown_function(&self, owner: Option<&str>, name: &str, at: Span) -> Error {
        let full = owner.map_or(name.to_owned(), |owner| format!("{owner}::{name}"));
        let error = Error::new(Kind::NotFound(Object::Function), format!("cannot find `{full}`")).with_span(at);
        let known = owner.is_some_and(|owner| TABLE.type_row(owner).is_some());
        let mut candidates = TABLE.members(owner);
        if owner.is_some() && !known {
            // A module of Rust's library has more functions than cells know.
            candidates.retain(|candidate| is_slip(candidate, name));
        }
        let near_member = aerostat_error::did_you_mean(name, candidates);
        let elsewhere = || match owner {
            Some(owner) if known => members(owner),
            Some(owner) => aerostat_error::did_you_mean(owner, TABLE.type_names()),
            None => macro_names().any(|known| known == name).then(|| format!("it is a macro: `{name}!(..)`")),
        };
        match near_member.or_else(elsewhere) {
            Some(hint) => error.with_hint(hint),
            // A type or module of Rust's library that cells do not know, such as `Instant` or `fs`.
            None if owner.is_some() && !known => unsupported(&format!("`{full}`"), at),
            None => error,
        }
    }
}

/// How many members of a type a hint lists.
const LISTED: usize = 12;

/// What a type has, if that is little.
fn members(owner: &str) -> Option<String> {
    let mut names = TABLE.members(Some(owner));
    names.sort_unstable();
    let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    (1..=LISTED).contains(&names.len()).then(|| format!("`{owner}` has {listed}"))
}

/// Numbers and booleans do not have what other types have, but for the ASCII methods that bytes share with characters.
fn has_no_such(ty: &Ty, name: &str) -> bool {
    (ty.is_number() || *ty == Ty::Bool) && !name.contains("ascii") && !TABLE.owners_of(name).is_empty()
}

const EXPRESSIONS: &str = "expressions are for plans: `.lazy()` before, `.collect()?` behind";

/// The function of a type that makes one of what was found.
fn constructor(wanted: &Ty, found: &Ty) -> Option<String> {
    let Ty::Native(name) = wanted else { return None };
    let function = TABLE.function(Some(name), "new").filter(|function| function.ret == *wanted)?;
    let [(_, param)] = function.params.as_slice() else { return None };
    super::infer::Inference::default().fits(param, found).then(|| format!("write `{name}::new(..)`"))
}

fn advice(wanted: &Ty, found: &Ty) -> Option<&'static str> {
    let fits = |wanted: &Ty, found: &Ty| super::infer::Inference::default().fits(wanted, found);
    match (wanted, found) {
        (_, Ty::Result(inner)) if fits(wanted, inner) => Some("add `?` to take the value out of the `Result`"),
        (_, Ty::Option(inner)) if fits(wanted, inner) => Some("add `.unwrap()` to take the value out of the `Option`"),
        (Ty::Option(inner), _) if fits(inner, found) => Some("wrap it as `Some(..)`"),
        (Ty::Vec(inner), Ty::Iter(item)) if fits(inner, item) => Some("add `.collect::<Vec<_>>()`"),
        (Ty::Vec(inner), _) if fits(inner, found) => Some("put it into an array: `[..]`"),
        (Ty::Accepts(Accepts::IntoExprs), _) if fits(&Ty::Accepts(Accepts::IntoExpr), found) => {
            Some("put it into an array: `[..]`")
        }
        (Ty::Native("BooleanChunked"), Ty::Native("Expr")) => Some(EXPRESSIONS),
        (Ty::Accepts(Accepts::Names), Ty::Vec(item)) if **item == Ty::Native("Expr") => Some(EXPRESSIONS),
        (Ty::Native("Expr"), Ty::Str) => Some("`col(\"..\")` is a column, `lit(\"..\")` a constant"),
        (Ty::Native("Expr"), ty) if ty.is_number() || *ty == Ty::Bool => Some("make it a constant: `lit(..)`"),
        (Ty::Native("Expr"), Ty::Native("Selector")) => Some("`.as_expr()` makes an expression of a selector"),
        (Ty::Native("LazyFrame"), Ty::Native("DataFrame")) => Some("`.lazy()` makes a LazyFrame of it"),
        (Ty::Native("DataFrame"), Ty::Native("LazyFrame")) => Some("`.collect()?` makes a DataFrame of it"),
        (Ty::Native("Selector"), Ty::Str | Ty::Vec(_)) => Some("choose columns with `cols([..])`"),
        (Ty::F64 | Ty::F32, Ty::Integer) => Some("write it with a point, as in `1.0`"),
        (wanted, found) if wanted.is_number() && found.is_number() => Some("convert it with `as`"),
        (Ty::Str, found) if found.is_number() || matches!(found, Ty::Char | Ty::Bool) => Some("add `.to_string()`"),
        (Ty::Str, Ty::Vec(item)) if **item == Ty::Str => {
            Some("one name is wanted here; several columns are `cols([..])`")
        }
        (Ty::Char, Ty::Str) => Some("a character is written with single quotes: `'x'`"),
        _ => None,
    }
}

/// Advice on a method that a type does not have.
struct Hint {
    text: String,
    /// Whether it names the place where the method is.
    points_elsewhere: bool,
    /// Whether the name is that of a known method but for a slip of the fingers.
    is_slip: bool,
}

fn method_hint(ty: &Ty, name: &str) -> Option<Hint> {
    if let Some(text) = familiar(ty, name).or_else(|| elsewhere(ty, name)) {
        return Some(Hint { text, points_elsewhere: true, is_slip: false });
    }
    let known: Vec<&str> = TABLE.methods_of(ty).map(|method| method.name).filter(|known| *known != name).collect();
    let is_slip = known.iter().any(|known| is_slip(known, name));
    aerostat_error::did_you_mean(name, known).map(|text| Hint { text, points_elsewhere: false, is_slip })
}

/// Whether a name is that of something known but for a slip of the fingers.
fn is_slip(known: &str, name: &str) -> bool {
    distance(known, name) <= 2.min(name.len() / 3)
}

/// How many characters have to be inserted, removed or replaced to make one name of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Where the method is that a type does not have.
fn elsewhere(ty: &Ty, name: &str) -> Option<String> {
    let owners = TABLE.owners_of(name);
    let has = |ty: &Ty| TABLE.methods_named(ty, name).next().is_some();
    match ty {
        Ty::Result(inner) if has(inner) && inner.head() != "_" => {
            return Some("add `?` to take the value out of the `Result`".into());
        }
        Ty::Option(inner) if has(inner) && inner.head() != "_" => {
            return Some("add `.unwrap()` to take the value out of the `Option`".into());
        }
        Ty::Native("LazyFrame") if owners.contains(&"LazyGroupBy") => {
            return Some("it is a method of `LazyGroupBy`: `.group_by([..])` first".into());
        }
        Ty::Native("LazyFrame") if owners.contains(&"DataFrame") => {
            return Some("it is a method of `DataFrame`: `.collect()?` first".into());
        }
        Ty::Native("DataFrame") if owners.contains(&"LazyFrame") => {
            return Some("it is a method of `LazyFrame`: `.lazy()` first".into());
        }
        Ty::Native("GroupBy") if owners.contains(&"Expr") => {
            return Some(format!("aggregate in a plan: `df.lazy().group_by([..]).agg([col(\"..\").{name}(..)])`"));
        }
        Ty::Native("LazyGroupBy") if owners.contains(&"Expr") => {
            return Some(format!("aggregate with `.agg([col(\"..\").{name}(..)])`"));
        }
        Ty::Native("Column") if owners.contains(&"Series") => {
            return Some(format!("it is a method of `Series`: `.as_materialized_series().{name}(..)`"));
        }
        Ty::Native("Expr") => {
            let found = namespaces().filter(|(owner, _)| owners.contains(owner));
            let found: Vec<String> = found.map(|(_, enter)| format!("`.{enter}().{name}(..)`")).collect();
            if !found.is_empty() {
                return Some(format!("it is in a namespace: {}", found.join(" or ")));
            }
        }
        Ty::Vec(_) | Ty::Deque(_) | Ty::Map(..) | Ty::Set(..) if owners.contains(&"Iterator") => {
            return Some(format!("it is a method of iterators: `.iter().{name}(..)`"));
        }
        Ty::Iter(_) if owners.contains(&"Vec") && !owners.contains(&"Iterator") => {
            let near = aerostat_error::nearest(name, TABLE.methods_of(ty).map(|method| method.name));
            if near.is_empty() {
                return Some("it is a method of vectors: `.collect::<Vec<_>>()` first".into());
            }
        }
        _ => {}
    }
    None
}
