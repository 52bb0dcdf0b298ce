//! Types as they are written in a cell.

use aerostat_error::{Error, Object, Result};

use super::{Checker, span_of, unsupported};
use crate::table::TABLE;
use crate::ty::{IntTy, Ty};

impl Checker<'_> {
    /// The type that a piece of syntax names.
    pub(super) fn syntax_type(&self, ty: &syn::Type) -> Result<Ty> {
        match ty {
            syn::Type::Reference(reference) => self.syntax_type(&reference.elem),
            syn::Type::Paren(paren) => self.syntax_type(&paren.elem),
            syn::Type::Slice(slice) => self.syntax_type(&slice.elem).map(Ty::vec),
            syn::Type::Array(array) => self.syntax_type(&array.elem).map(Ty::vec),
            syn::Type::Infer(_) => Ok(Ty::Any),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Ty::Unit),
            syn::Type::Tuple(tuple) => {
                tuple.elems.iter().map(|item| self.syntax_type(item)).collect::<Result<_>>().map(Ty::Tuple)
            }
            syn::Type::Path(path) => self.path_type(&path.path),
            other => Err(unsupported("this type", span_of(other))),
        }
    }

    fn path_type(&self, path: &syn::Path) -> Result<Ty> {
        let Some(last) = path.segments.last() else { return Err(unsupported("this type", span_of(path))) };
        let name = last.ident.to_string();
        let args = self.type_arguments(&last.arguments)?;
        let first = || args.first().cloned().unwrap_or(Ty::Any);
        if let Some(int) = IntTy::parse(&name) {
            return Ok(Ty::Int(int));
        }
        Ok(match name.as_str() {
            "bool" => Ty::Bool,
            "f32" => Ty::F32,
            "f64" => Ty::F64,
            "char" => Ty::Char,
            "str" | "String" | "PlSmallStr" => Ty::Str,
            "Vec" => Ty::vec(first()),
            "Option" => Ty::option(first()),
            "Result" | "PolarsResult" => Ty::result(first()),
            "Range" => Ty::Range(Box::new(first())),
            "IdxSize" => Ty::Int(IntTy::U32),
            "Arc" | "Box" => first(),
            _ => match TABLE.type_row(&name) {
                Some(row) => Ty::Native(row.name),
                None => {
                    return Err(
                        Error::not_found_among(Object::Type, &name, TABLE.type_names()).with_span(span_of(path))
                    );
                }
            },
        })
    }

    fn type_arguments(&self, arguments: &syn::PathArguments) -> Result<Vec<Ty>> {
        let syn::PathArguments::AngleBracketed(arguments) = arguments else { return Ok(Vec::new()) };
        self.generic_types(arguments)
    }

    /// The types inside `<..>`.
    pub(super) fn generic_types(&self, arguments: &syn::AngleBracketedGenericArguments) -> Result<Vec<Ty>> {
        let types = arguments.args.iter().filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(self.syntax_type(ty)),
            _ => None,
        });
        types.collect()
    }
}
