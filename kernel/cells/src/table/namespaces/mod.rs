//! The namespaces of expressions: `str()`, `dt()`, `list()`, `arr()`, `struct_()`, `cat()`, `binary()`, `name()`, `meta()`.
//!
//! polars' namespace types cannot be cloned, so a cell holds the expression and enters the namespace at each call.

mod meta;
mod nested;
mod text;
mod time;

use super::Table;

macro_rules! namespaces {
    ($($(#[doc = $about:literal])+ $name:ident = $enter:ident {
        $($(#[doc = $doc:literal])+ fn $method:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)*
    })*) => {
        $($(#[doc = $about])+
        #[derive(Clone)]
        pub struct $name(Expr);

        impl crate::value::Native for $name {
            const NAME: &'static str = stringify!($name);
            fn text(&self) -> String {
                format!("{:?}.{}()", self.0, stringify!($enter))
            }
        })*

        /// The types and rows of this file.
        pub(super) fn namespace_rows() -> (Vec<crate::table::TypeRow>, Vec<crate::table::Callable>) {
            let types = vec![$(crate::table::TypeRow {
                name: stringify!($name), doc: crate::table::doc(&[$($about),+]), path: std::any::type_name::<$name>,
                default: None, blank: None, fields: Vec::new(),
            }),*];
            let mut rows = Vec::new();
            $(
                rows.extend(crate::table::methods! { #[pure] Expr { $(#[doc = $about])+ fn $enter() -> $name = |this| $name(this); } });
                rows.extend(crate::table::methods! { #[pure] $name {
                    $($(#[doc = $doc])+ fn $method($($arg: $ty),*) -> $ret = |this| this.0.$enter().$method($($arg),*);)*
                } });
            )*
            (types, rows)
        }
    };
}
pub(crate) use namespaces;

/// Adds the rows of this folder.
pub(super) fn register(table: &mut Table) {
    for (types, rows) in
        [text::namespace_rows(), time::namespace_rows(), nested::namespace_rows(), meta::namespace_rows()]
    {
        table.add_types(types);
        table.add_callables(rows);
    }
    table.add_callables(nested::special_rows());
}
