//! Calls: methods, functions, constants, structs of options and their fields.

use aerostat_error::{Error, Kind, Object, Result, Span};

use super::{Checker, mismatched, span_of, token_span, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::table::{Callable, TABLE, TypeRow};
use crate::ty::{Accepts, Bindings, IntTy, Ty};
use crate::value::Value;

impl Checker<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall, expected: Option<&Ty>) -> Result<Node> {
        let name = call.method.to_string();
        let at = token_span(call.method.span());
        // `x.into()` becomes whatever its place wants; conversions are those that arguments make anyway.
        if name == "into" && call.args.is_empty() {
            return self.expr(&call.receiver, expected);
        }
        let receiver = self.expr(&call.receiver, None)?;
        let Some(callable) = TABLE.method(&receiver.ty, &name) else {
            return Err(unknown_method(&receiver.ty, &name, at));
        };
        let mut bindings = Bindings::default();
        let self_type = callable.receiver.clone().unwrap_or(Ty::Any);
        if !bindings.fits(&self_type, &receiver.ty) {
            return Err(unknown_method(&receiver.ty, &name, at));
        }
        let turbofish = call.turbofish.as_ref().map(|generics| self.generic_types(generics)).transpose()?;
        let args = self.arguments(callable, &mut bindings, call.args.iter(), turbofish, expected, at)?;
        let ty = bindings.apply(&callable.ret);
        if !callable.mutates {
            let args = std::iter::once(receiver).chain(args).collect();
            return Ok(Node { kind: NodeKind::Call { callable, args }, ty, span: at });
        }
        let (variable, _) = self.assignable(&call.receiver).map_err(|error| match error.kind() {
            Kind::NotSupported => {
                Error::invalid_argument(format!("`{name}` changes a variable in place, and this is not one"))
                    .with_span(at)
            }
            _ => error,
        })?;
        self.refine(&variable, bindings.apply(&self_type));
        let place = self.lookup(&variable).map(|known| known.place.clone());
        let place = place.ok_or_else(|| self.unknown_variable(&variable, at))?;
        Ok(Node { kind: NodeKind::Mutate { callable, place, args }, ty, span: at })
    }

    /// Checks the arguments of a call, and adds the type that a turbofish or the expected type names.
    fn arguments<'e>(
        &mut self,
        callable: &'static Callable,
        bindings: &mut Bindings,
        given: impl ExactSizeIterator<Item = &'e syn::Expr>,
        turbofish: Option<Vec<Ty>>,
        expected: Option<&Ty>,
        at: Span,
    ) -> Result<Vec<Node>> {
        let wants_type = |ty: &Ty| *ty == Ty::Accepts(Accepts::TypeName);
        let wanted = callable.params.iter().filter(|(_, ty)| !wants_type(ty)).count();
        if given.len() != wanted {
            let s = if wanted == 1 { "" } else { "s" };
            return Err(Error::new(
                Kind::TypeMismatch,
                format!("`{}` takes {wanted} argument{s}, {} given", callable.name, given.len()),
            )
            .with_span(at)
            .with_hint(callable.signature()));
        }
        let mut given = given;
        let mut nodes = Vec::new();
        for (_, wanted) in &callable.params {
            if wants_type(wanted) {
                let ty = turbofish.as_ref().and_then(|types| types.first()).or(expected.and_then(innermost)).cloned();
                nodes.push(type_argument(callable, bindings, ty, at)?);
                continue;
            }
            let Some(expr) = given.next() else { break };
            let resolved = bindings.apply(wanted);
            let node = self.expr(expr, Some(&resolved).filter(|ty| **ty != Ty::Any))?;
            if !bindings.fits(wanted, &node.ty) {
                return Err(mismatched(&resolved, &node.ty, node.span));
            }
            nodes.push(node);
        }
        Ok(nodes)
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let syn::Expr::Path(path) = &*call.func else { return Err(unsupported("a call of a computed function", span)) };
        let (owner, name) = split(&path.path);
        let at = span_of(&path.path);
        if let Some(node) = self.special_call(owner.as_deref(), &name, call, expected, span)? {
            return Ok(node);
        }
        let callable =
            TABLE.function(owner.as_deref(), &name).ok_or_else(|| unknown_function(owner.as_deref(), &name, at))?;
        let mut bindings = Bindings::default();
        let turbofish = match path.path.segments.last().map(|segment| &segment.arguments) {
            Some(syn::PathArguments::AngleBracketed(generics)) => Some(self.generic_types(generics)?),
            _ => None,
        };
        let args = self.arguments(callable, &mut bindings, call.args.iter(), turbofish, expected, at)?;
        Ok(Node { kind: NodeKind::Call { callable, args }, ty: bindings.apply(&callable.ret), span: at })
    }

    /// Calls of Rust's own that are not rows of the table, because their type is that of their argument or place.
    fn special_call(
        &mut self,
        owner: Option<&str>,
        name: &str,
        call: &syn::ExprCall,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Option<Node>> {
        let inside = |ty: Option<&Ty>| match ty {
            Some(Ty::Option(inner) | Ty::Result(inner)) => Some((**inner).clone()),
            _ => None,
        };
        let one = call.args.first().filter(|_| call.args.len() == 1);
        Ok(Some(match (owner, name, one) {
            (None, "Some", Some(arg)) => {
                let node = self.expr(arg, inside(expected).as_ref())?;
                let ty = Ty::option(node.ty.clone());
                Node { kind: NodeKind::Some(Box::new(node)), ty, span }
            }
            (None, "Ok", Some(arg)) => {
                let node = self.expr(arg, inside(expected).as_ref())?;
                let ty = Ty::result(node.ty.clone());
                Node { kind: NodeKind::Ok(Box::new(node)), ty, span }
            }
            (Some("Arc" | "Box"), "new", Some(arg))
            | (Some("String" | "PlSmallStr"), "from" | "from_str" | "from_static", Some(arg)) => {
                self.expr(arg, expected)?
            }
            (Some("Vec"), "new", None) if call.args.is_empty() => {
                let ty = expected.filter(|ty| matches!(ty, Ty::Vec(_))).cloned().unwrap_or(Ty::vec(Ty::Any));
                Node::constant(Value::Vec(Vec::new()), ty, span)
            }
            (Some("String"), "new", None) if call.args.is_empty() => Node::constant(Value::str(""), Ty::Str, span),
            (Some(owner), "default", None) if call.args.is_empty() => self.default_value(owner, expected, span)?,
            _ => return Ok(None),
        }))
    }

    /// `T::default()` and `Default::default()`.
    fn default_value(&self, owner: &str, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let ty = match owner {
            "Default" => expected.cloned(),
            owner => TABLE.type_row(owner).map(|row| Ty::Native(row.name)).or_else(|| primitive(owner)),
        };
        let value = ty.as_ref().and_then(default_of);
        match (ty, value) {
            (Some(ty), Some(value)) => Ok(Node::constant(value, ty, span)),
            (Some(ty), None) => Err(Error::new(Kind::TypeMismatch, format!("`{ty}` has no default")).with_span(span)),
            (None, _) => Err(Error::new(Kind::TypeMismatch, "the type of this default is not known here")
                .with_span(span)
                .with_hint("name it, as in `SortOptions::default()`")),
        }
    }

    /// A variable, a constant or a variant.
    pub(super) fn path(&mut self, path: &syn::ExprPath, expected: Option<&Ty>) -> Result<Node> {
        let span = span_of(path);
        let (owner, name) = split(&path.path);
        if owner.is_none() && name == "None" {
            let ty = expected.filter(|ty| matches!(ty, Ty::Option(_))).cloned().unwrap_or(Ty::option(Ty::Any));
            return Ok(Node::constant(Value::none(), ty, span));
        }
        if owner.is_none() && self.lookup(&name).is_some() {
            return self.variable(&name, span);
        }
        if let Some(node) = number_constant(owner.as_deref(), &name, span) {
            return Ok(node);
        }
        match TABLE.constant(owner.as_deref(), &name) {
            Some(constant) => Ok(Node::constant((constant.value)(), constant.ty.clone(), span)),
            None if owner.is_none() && TABLE.function(None, &name).is_none() => Err(self.unknown_variable(&name, span)),
            None => Err(unknown_function(owner.as_deref(), &name, span)),
        }
    }

    /// `Options { field: value, ..Default::default() }`
    pub(super) fn struct_literal(&mut self, literal: &syn::ExprStruct, span: Span) -> Result<Node> {
        let (_, name) = split(&literal.path);
        let row = TABLE.type_row(&name).filter(|row| !row.fields.is_empty());
        let row = row.ok_or_else(|| {
            Error::not_found_among(Object::Type, &name, TABLE.type_names()).with_span(span_of(&literal.path))
        })?;
        let ty = Ty::Native(row.name);
        let mut fields = Vec::new();
        for field in &literal.fields {
            let (index, wanted) = field_of(row, &field.member)?;
            let node = self.expr(&field.expr, Some(wanted))?;
            fields.push((index, self.expect(wanted, node)?));
        }
        let base = match (&literal.rest, row.blank) {
            (Some(rest), _) => {
                let node = self.expr(rest, Some(&ty))?;
                self.expect(&ty, node)?
            }
            (None, Some(blank)) if fields.len() == row.fields.len() => Node::constant(blank(), ty.clone(), span),
            _ => {
                return Err(Error::new(Kind::TypeMismatch, format!("not every field of `{}` is given", row.name))
                    .with_span(span)
                    .with_hint("end the list with `..Default::default()`"));
            }
        };
        Ok(Node { kind: NodeKind::Struct { row, fields, base: Box::new(base) }, ty, span })
    }

    pub(super) fn field(&mut self, field: &syn::ExprField, span: Span) -> Result<Node> {
        let value = self.expr(&field.base, None)?;
        match (&field.member, &value.ty) {
            (syn::Member::Unnamed(index), Ty::Tuple(types)) => {
                let index = index.index as usize;
                let ty = types.get(index).cloned();
                let ty = ty.ok_or_else(|| Error::not_found(Object::Field, index).with_span(span))?;
                Ok(Node { kind: NodeKind::TupleField(Box::new(value), index), ty, span })
            }
            (syn::Member::Unnamed(index), Ty::Any) => {
                Ok(Node { kind: NodeKind::TupleField(Box::new(value), index.index as usize), ty: Ty::Any, span })
            }
            (member, Ty::Native(name)) if TABLE.type_row(name).is_some_and(|row| !row.fields.is_empty()) => {
                let row = TABLE.type_row(name).ok_or_else(|| Error::not_found(Object::Type, name))?;
                let (index, ty) = field_of(row, member)?;
                Ok(Node { kind: NodeKind::Field { value: Box::new(value), row, field: index }, ty: ty.clone(), span })
            }
            (member, ty) => {
                let name = match member {
                    syn::Member::Named(name) => name.to_string(),
                    syn::Member::Unnamed(index) => index.index.to_string(),
                };
                let error = Error::new(Kind::NotFound(Object::Field), format!("no field `{name}` on type `{ty}`"))
                    .with_span(span_of(member));
                Err(match TABLE.method(ty, &name) {
                    Some(_) => error.with_hint(format!("it is a method: `.{name}(..)`")),
                    None => error,
                })
            }
        }
    }
}

/// The owner and the last segment of a path: `std::env::var` is `var` of `env`.
fn split(path: &syn::Path) -> (Option<String>, String) {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.as_slice() {
        [] => (None, String::new()),
        [name] => (None, name.clone()),
        [.., owner, name] if owner == "env" => (Some("std_env".into()), name.clone()),
        [.., owner, name] if owner.starts_with(char::is_uppercase) || primitive(owner).is_some() => {
            (Some(owner.clone()), name.clone())
        }
        // A module, such as `polars::prelude::col`.
        [.., name] => (None, name.clone()),
    }
}

fn primitive(name: &str) -> Option<Ty> {
    match name {
        "f64" => Some(Ty::F64),
        "f32" => Some(Ty::F32),
        "bool" => Some(Ty::Bool),
        "String" | "PlSmallStr" => Some(Ty::Str),
        "Vec" => Some(Ty::vec(Ty::Any)),
        _ => IntTy::parse(name).map(Ty::Int),
    }
}

fn default_of(ty: &Ty) -> Option<Value> {
    Some(match ty {
        Ty::Bool => Value::Bool(false),
        Ty::Int(int) => Value::Int(0, *int),
        Ty::Integer => Value::Int(0, IntTy::I32),
        Ty::F32 => Value::F32(0.0),
        Ty::F64 | Ty::FloatLiteral => Value::F64(0.0),
        Ty::Str => Value::str(""),
        Ty::Vec(_) => Value::Vec(Vec::new()),
        Ty::Option(_) => Value::none(),
        Ty::Native(name) => TABLE.type_row(name)?.default?(),
        _ => return None,
    })
}

/// `f64::NAN`, `i64::MAX` and the like.
fn number_constant(owner: Option<&str>, name: &str, span: Span) -> Option<Node> {
    let owner = owner?;
    if let Some(int) = IntTy::parse(owner) {
        let (low, high) = int.range();
        let value = match name {
            "MAX" => high,
            "MIN" => low,
            _ => return None,
        };
        return Some(Node::constant(Value::Int(value, int), Ty::Int(int), span));
    }
    let value = match (owner, name) {
        ("f64", "NAN") => f64::NAN,
        ("f64", "INFINITY") => f64::INFINITY,
        ("f64", "NEG_INFINITY") => f64::NEG_INFINITY,
        ("f64", "MAX") => f64::MAX,
        ("f64", "MIN") => f64::MIN,
        ("f64", "EPSILON") => f64::EPSILON,
        _ => return None,
    };
    Some(Node::constant(Value::F64(value), Ty::F64, span))
}

/// The type inside `Result`, `Option` and `Vec`, which is what a turbofish would name.
fn innermost(ty: &Ty) -> Option<&Ty> {
    match ty {
        Ty::Result(inner) | Ty::Option(inner) => innermost(inner),
        Ty::Any | Ty::Accepts(_) | Ty::Var(_) => None,
        other => Some(other),
    }
}

fn type_argument(callable: &Callable, bindings: &mut Bindings, ty: Option<Ty>, at: Span) -> Result<Node> {
    let number = |ty: &Ty| ty.is_int() || ty.is_float() || matches!(ty, Ty::Bool | Ty::Char | Ty::Str);
    // The element of a vector is known already: `values.iter().sum()`.
    let ty = ty.filter(number).or_else(|| Some(bindings.apply(&Ty::Var(0))).filter(number));
    let ty = match ty {
        Some(Ty::Integer) => Ty::Int(IntTy::I32),
        Some(Ty::FloatLiteral) => Ty::F64,
        Some(ty) => ty,
        None => {
            return Err(Error::new(
                Kind::TypeMismatch,
                format!("the type that `{}` gives is not known here", callable.name),
            )
            .with_span(at)
            .with_hint(format!("name it: `.{}::<f64>()`", callable.name)));
        }
    };
    bindings.fits(&Ty::Var(0), &ty);
    Ok(Node::constant(Value::str(ty.to_string()), Ty::Str, at))
}

fn field_of<'row>(row: &'row TypeRow, member: &syn::Member) -> Result<(usize, &'row Ty)> {
    let syn::Member::Named(name) = member else {
        return Err(Error::not_found(Object::Field, "0").with_span(span_of(member)));
    };
    let name = name.to_string();
    match row.fields.iter().position(|field| field.name == name) {
        Some(index) => Ok((index, &row.fields[index].ty)),
        None => Err(Error::not_found_among(Object::Field, &name, row.fields.iter().map(|field| field.name))
            .with_span(span_of(member))),
    }
}

fn unknown_method(ty: &Ty, name: &str, at: Span) -> Error {
    let error = Error::new(Kind::NotFound(Object::Method), format!("no method `{name}` on type `{ty}`")).with_span(at);
    error.with_hint_opt(method_hint(ty, name))
}

fn method_hint(ty: &Ty, name: &str) -> Option<String> {
    let owners = TABLE.owners_of(name);
    let has = |ty: &Ty| TABLE.method(ty, name).is_some();
    match ty {
        Ty::Result(inner) if has(inner) => return Some("add `?` to take the value out of the `Result`".into()),
        Ty::Option(inner) if has(inner) => return Some("add `.unwrap()` to take the value out of the `Option`".into()),
        Ty::Native("LazyFrame") if owners.contains(&"DataFrame") => {
            return Some("it is a method of `DataFrame`: `.collect()?` first".into());
        }
        Ty::Native("DataFrame") if owners.contains(&"LazyFrame") => {
            return Some("it is a method of `LazyFrame`: `.lazy()` first".into());
        }
        Ty::Native("Expr") => {
            let namespaces = [("StringNameSpace", "str"), ("DateLikeNameSpace", "dt"), ("ListNameSpace", "list")];
            if let Some((_, enter)) = namespaces.iter().find(|(owner, _)| owners.contains(owner)) {
                return Some(format!("it is in a namespace: `.{enter}().{name}(..)`"));
            }
        }
        _ => {}
    }
    aerostat_error::did_you_mean(name, TABLE.methods_of(ty).map(|method| method.name))
}

fn unknown_function(owner: Option<&str>, name: &str, at: Span) -> Error {
    let full = owner.map_or(name.to_owned(), |owner| format!("{owner}::{name}"));
    let members = TABLE.members(owner);
    let error = Error::new(Kind::NotFound(Object::Function), format!("cannot find `{full}`")).with_span(at);
    match aerostat_error::did_you_mean(name, members) {
        Some(hint) => error.with_hint(hint),
        None => error.with_hint_opt(owner.and_then(|owner| aerostat_error::did_you_mean(owner, TABLE.type_names()))),
    }
}
