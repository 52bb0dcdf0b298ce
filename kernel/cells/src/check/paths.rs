//! Names with and without an owner: variables, constants, variants, defaults, structs of options and their fields.

use aerostat_error::{Error, Kind, Object, Result, Span};

use super::finish::Waiting;
use super::infer::Class;
use super::literal::number_constant;
use super::{CURSOR, Checker, path_span, span_of, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::table::{TABLE, TypeRow};
use crate::ty::{IntTy, Keys, Ty};
use crate::value::Value;

impl Checker<'_> {
    /// `T::default()` and `Default::default()`.
    pub(super) fn default_value(&mut self, owner: &str, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let ty = match owner {
            "Default" => expected.cloned().unwrap_or_else(|| self.infer.fresh(Class::Any)),
            owner => match self.named_type(owner) {
                Some(ty) => ty,
                None => return Err(self.unknown_function(Some(owner), "default", span)),
            },
        };
        Ok(self.defer(Waiting::Default, ty, span))
    }

    /// The type that a name by itself stands for.
    pub(super) fn named_type(&mut self, name: &str) -> Option<Ty> {
        let fresh = |checker: &mut Self| Box::new(checker.infer.fresh(Class::Any));
        Some(match name {
            "Vec" => Ty::Vec(fresh(self)),
            "Option" => Ty::Option(fresh(self)),
            "Result" => Ty::Result(fresh(self)),
            "VecDeque" => Ty::Deque(fresh(self)),
            "HashMap" | "PlHashMap" => Ty::Map(Keys::Hash, fresh(self), fresh(self)),
            "BTreeMap" => Ty::Map(Keys::BTree, fresh(self), fresh(self)),
            "HashSet" | "PlHashSet" => Ty::Set(Keys::Hash, fresh(self)),
            "BTreeSet" => Ty::Set(Keys::BTree, fresh(self)),
            name => return primitive(name).or_else(|| TABLE.type_row(name).map(|row| Ty::Native(row.name))),
        })
    }

    /// A variable, a constant or a variant.
    pub(super) fn path(&mut self, path: &syn::ExprPath, expected: Option<&Ty>) -> Result<Node> {
        let span = path_span(&path.path);
        let (owner, name) = split(&path.path);
        if owner.is_none() && name == "None" {
            let ty = match expected.map(|ty| self.shallow(ty)) {
                Some(ty @ Ty::Option(_)) => ty,
                _ => Ty::option(self.infer.fresh(Class::Any)),
            };
            return Ok(Node::constant(Value::none(), ty, span));
        }
        if owner.is_none() && self.lookup(&name).is_some() {
            return self.variable(&name, span);
        }
        if name == CURSOR {
            self.seen = self.names();
        }
        if let Some(node) = number_constant(owner.as_deref(), &name, span) {
            return Ok(node);
        }
        match TABLE.constant(owner.as_deref(), &name) {
            Some(constant) => Ok(Node::constant((constant.value)(), constant.ty.clone(), span)),
            None if owner.is_none() && TABLE.function(None, &name).is_none() => Err(self.unknown_variable(&name, span)),
            None => Err(self.unknown_function(owner.as_deref(), &name, span)),
        }
    }

    /// `Options { field: value, ..Default::default() }`
    pub(super) fn struct_literal(&mut self, literal: &syn::ExprStruct, span: Span) -> Result<Node> {
        let (owner, name) = split(&literal.path);
        let at = span_of(&literal.path);
        // A variant with fields is a row of its own.
        let variant = owner.and_then(|owner| TABLE.type_row(&format!("{owner}::{name}")));
        let row = variant.or_else(|| TABLE.type_row(&name)).filter(|row| !row.fields.is_empty());
        let row = row.ok_or_else(|| Error::not_found_among(Object::Type, &name, TABLE.type_names()).with_span(at))?;
        let ty = Ty::Native(row.name.split("::").next().unwrap_or(row.name));
        let mut fields = Vec::new();
        for field in &literal.fields {
            let (index, wanted) = field_of(row, &field.member)?;
            fields.push((index, self.argument(&field.expr, wanted)?));
        }
        let base = match (&literal.rest, row.blank) {
            (Some(rest), _) => self.typed_expr(rest, &ty)?,
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
        let owner = self.shallow(&value.ty);
        match (&field.member, &owner) {
            (syn::Member::Unnamed(index), Ty::Tuple(types)) => {
                let index = index.index as usize;
                let ty = types.get(index).cloned();
                let ty = ty.ok_or_else(|| Error::not_found(Object::Field, index).with_span(span))?;
                Ok(Node { kind: NodeKind::TupleField(Box::new(value), index), ty, span })
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
                let ty = self.named(ty);
                let error = Error::new(Kind::NotFound(Object::Field), format!("no field `{name}` on type `{ty}`"))
                    .with_span(span_of(member));
                if let Ty::Range(_) = ty {
                    return Err(unsupported(&format!("the field `{name}` of `{ty}`"), span_of(member)));
                }
                Err(match ty {
                    _ if TABLE.methods_named(&ty, &name).next().is_some() => {
                        error.with_hint(format!("it is a method: `.{name}(..)`"))
                    }
                    Ty::Native("DataFrame") => error.with_hint(format!("a column is `df[\"{name}\"]`")),
                    Ty::Native("LazyFrame") => error.with_hint(format!("a column is `col(\"{name}\")`")),
                    _ => error,
                })
            }
        }
    }
}

/// The field of a struct of options, and its type.
pub(super) fn field_of<'row>(row: &'row TypeRow, member: &syn::Member) -> Result<(usize, &'row Ty)> {
    let syn::Member::Named(name) = member else {
        return Err(Error::not_found(Object::Field, "0").with_span(span_of(member)));
    };
    let name = name.to_string();
    match row.fields.iter().position(|field| field.name == name) {
        Some(index) => Ok((index, &row.fields[index].ty)),
        None => {
            let error = Error::not_found_among(Object::Field, &name, row.fields.iter().map(|field| field.name));
            let listed = error.hint().is_none().then(|| super::finish::field_names(row));
            Err(error
                .with_span(span_of(member))
                .with_hint_opt(listed.map(|names| format!("`{}` has {names}", row.name))))
        }
    }
}

/// The owner and the last segment of a path: `std::env::var` is `var` of `env`, and the modules of polars are nothing.
pub(super) fn split(path: &syn::Path) -> (Option<String>, String) {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.as_slice() {
        [] => (None, String::new()),
        [name] => (None, name.clone()),
        [root, .., name] if is_polars(root) && !names[names.len() - 2].starts_with(char::is_uppercase) => {
            (None, name.clone())
        }
        [.., owner, name] => (Some(owner.clone()), name.clone()),
    }
}

/// Whether a path begins with what is in scope without its modules.
fn is_polars(root: &str) -> bool {
    matches!(root, "polars" | "aerostat" | "chrono" | "prelude" | "dsl" | "lazy" | "crate")
}

fn primitive(name: &str) -> Option<Ty> {
    Some(match name {
        "f64" => Ty::F64,
        "f32" => Ty::F32,
        "bool" => Ty::Bool,
        "char" => Ty::Char,
        "str" | "String" | "PlSmallStr" => Ty::Str,
        "IdxSize" => Ty::Int(IntTy::U32),
        name => Ty::Int(IntTy::parse(name)?),
    })
}

/// The default of a type, if it has one.
pub(crate) fn default_of(ty: &Ty) -> Option<Value> {
    Some(match ty {
        Ty::Unit => Value::Unit,
        Ty::Bool => Value::Bool(false),
        Ty::Int(int) => Value::Int(0, *int),
        Ty::F32 => Value::F32(0.0),
        Ty::F64 => Value::F64(0.0),
        Ty::Char => Value::Char('\0'),
        Ty::Str => Value::str(""),
        Ty::Vec(_) => Value::vec(Vec::new()),
        Ty::Deque(_) => Value::Deque(Default::default()),
        Ty::Map(..) => Value::Map(Default::default()),
        Ty::Set(..) => Value::Set(Default::default()),
        Ty::Option(_) => Value::none(),
        Ty::Tuple(items) => Value::Tuple(items.iter().map(default_of).collect::<Option<_>>()?),
        Ty::Native(name) => TABLE.type_row(name)?.default?(),
        _ => return None,
    })
}
