//! Types as they are written in a cell.

use aerostat_error::{Error, Object, Result};

use super::infer::Class;
use super::{Checker, span_of, unsupported};
use crate::table::TABLE;
use crate::ty::Ty;

impl Checker<'_> {
    /// The type that a piece of syntax names.
    pub(super) fn syntax_type(&mut self, ty: &syn::Type) -> Result<Ty> {
        match ty {
            syn::Type::Reference(reference) => self.syntax_type(&reference.elem),
            syn::Type::Paren(paren) => self.syntax_type(&paren.elem),
            syn::Type::Slice(slice) => self.syntax_type(&slice.elem).map(Ty::vec),
            syn::Type::Array(array) => self.syntax_type(&array.elem).map(Ty::vec),
            syn::Type::Infer(_) => Ok(self.infer.fresh(Class::Any)),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Ty::Unit),
            syn::Type::Tuple(tuple) => {
                tuple.elems.iter().map(|item| self.syntax_type(item)).collect::<Result<_>>().map(Ty::Tuple)
            }
            syn::Type::Path(path) => self.path_type(&path.path),
            other => Err(unsupported("this type", span_of(other))),
        }
    }

    fn path_type(&mut self, path: &syn::Path) -> Result<Ty> {
        let Some(last) = path.segments.last() else { return Err(unsupported("this type", span_of(path))) };
        let name = last.ident.to_string();
        let mut args = self.type_arguments(&last.arguments)?.into_iter();
        // `PolarsResult<()>` and `Result<(), E>`: the error is always the session's.
        let known = match name.as_str() {
            "PolarsResult" => self.named_type("Result"),
            "Arc" | "Box" | "Rc" => return Ok(args.next().unwrap_or_else(|| self.infer.fresh(Class::Any))),
            "Range" | "RangeInclusive" => Some(Ty::Range(Box::new(self.infer.fresh(Class::Any)))),
            name => self.named_type(name),
        };
        let ty = match known {
            Some(ty) => ty,
            None if name == "u128" => return Err(unsupported("the type `u128`", span_of(path))),
            None => return Err(self.unknown_type(&name, span_of(path))),
        };
        let mut given = Vec::new();
        ty.replaced(&mut |part| {
            given.extend(matches!(part, Ty::Infer(_)).then(|| part.clone()));
            None
        });
        for (parameter, argument) in given.iter().zip(args) {
            self.infer.unify(parameter, &argument);
        }
        if let Ty::Map(_, key, _) | Ty::Set(_, key) = &ty {
            self.check_key(key, span_of(path))?;
        }
        Ok(ty)
    }

    /// A type of the compiler's, or a slip.
    fn unknown_type(&self, name: &str, span: aerostat_error::Span) -> Error {
        let near = aerostat_error::did_you_mean(name, TABLE.type_names());
        match near {
            Some(hint) => Error::not_found(Object::Type, name).with_span(span).with_hint(hint),
            _ => unsupported(&format!("the type `{name}`"), span),
        }
    }

    fn type_arguments(&mut self, arguments: &syn::PathArguments) -> Result<Vec<Ty>> {
        let syn::PathArguments::AngleBracketed(arguments) = arguments else { return Ok(Vec::new()) };
        self.generic_types(arguments)
    }

    /// The types inside `<..>`.
    pub(super) fn generic_types(&mut self, arguments: &syn::AngleBracketedGenericArguments) -> Result<Vec<Ty>> {
        let mut types = Vec::new();
        for argument in &arguments.args {
            if let syn::GenericArgument::Type(ty) = argument {
                types.push(self.syntax_type(ty)?);
            }
        }
        Ok(types)
    }
}
