//! The source of a compiled cell: cut into items, statements and the last expression.

mod names;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aerostat_error::{Error, Result, Span};
use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::visit::Visit;

pub(crate) use self::names::mentioned;
use self::uses::Uses;

/// A cell, cut into parts. Parts are ranges of bytes of [`Source::code`].
pub(crate) struct Source<'a> {
    pub(crate) code: &'a str,
    pub(crate) items: Vec<Item>,
    pub(crate) statements: Vec<Statement>,
    /// The variables that the cell binds at its top level, as they are at its end.
    pub(crate) bound: BTreeMap<String, Bound>,
    /// Every name that stands anywhere in the cell.
    pub(crate) mentioned: BTreeSet<String>,
    /// Whether something is awaited outside of functions.
    pub(crate) awaits: bool,
}

/// A function, type, `use` or the like.
pub(crate) struct Item {
    /// What a later item of the same key replaces.
    pub(crate) key: String,
    /// The name that it gives to something, if it does.
    pub(crate) name: Option<String>,
    pub(crate) range: Range<usize>,
}

/// A statement, and what is done about its value.
pub(crate) struct Statement {
    pub(crate) range: Range<usize>,
    pub(crate) role: Role,
}

/// What is done about the value of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It stands as it is.
    Plain,
    /// It is a call; an error that it comes to ends the cell.
    Call,
    /// It is shown.
    Shown,
}

/// A variable that a cell binds.
pub(crate) struct Bound {
    /// The statement that binds it.
    pub(crate) statement: usize,
    pub(crate) mutable: bool,
    pub(crate) keep: Keep,
    /// The type that was written.
    pub(crate) ty: Option<String>,
}

/// When a variable is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// A copy as soon as it is bound, since it may be moved away.
    AtOnce,
    /// At the end of the cell.
    AtEnd,
    /// Not at all.
    Never,
}

impl<'a> Source<'a> {
    /// Cuts a cell.
    pub(crate) fn parse(code: &'a str) -> Result<Self> {
        // The locations of earlier cells are not needed any more, and would pile up.
        proc_macro2::extra::invalidate_current_thread_spans();
        let tokens: TokenStream = code
            .parse()
            .map_err(|error: proc_macro2::LexError| syntax("this is not Rust", error.span().byte_range()))?;
        let mentioned = mentioned(&tokens);
        let parsed = syn::Block::parse_within.parse2(tokens);
        let parsed = parsed.map_err(|error| syntax(&error.to_string(), error.span().byte_range()))?;
        let mut uses = Uses::default();
        parsed.iter().for_each(|statement| uses.visit_stmt(statement));
        let mut source = Self {
            code,
            items: Vec::new(),
            statements: Vec::new(),
            bound: BTreeMap::new(),
            mentioned,
            awaits: uses.awaits,
        };
        let last = parsed.len().saturating_sub(1);
        parsed.iter().enumerate().for_each(|(index, statement)| source.add(statement, index == last, &uses));
        Ok(source)
    }

    fn add(&mut self, statement: &syn::Stmt, last: bool, uses: &Uses) {
        let mut range = statement.span().byte_range();
        let role = match statement {
            syn::Stmt::Item(item) => return self.items.push(Item::new(item, range)),
            syn::Stmt::Local(local) => {
                self.bind(local, uses);
                Role::Plain
            }
            syn::Stmt::Expr(expr, Some(_)) if is_call(expr) => {
                range = expr.span().byte_range();
                Role::Call
            }
            syn::Stmt::Expr(expr, None) if last && !is_jump(expr) => Role::Shown,
            syn::Stmt::Macro(call) if last && call.semi_token.is_none() => Role::Shown,
            _ => Role::Plain,
        };
        self.statements.push(Statement { range, role });
    }

    fn bind(&mut self, local: &syn::Local, uses: &Uses) {
        let (pattern, ty) = match &local.pat {
            syn::Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            other => (other, None),
        };
        let closure = local.init.as_ref().is_some_and(|init| matches!(&*init.expr, syn::Expr::Closure(_)));
        // The type of a pattern that is more than a name is not that of its variables.
        let ty = ty.filter(|_| matches!(pattern, syn::Pat::Ident(_)));
        let ty = ty.and_then(|ty| self.code.get(ty.span().byte_range())).map(str::to_owned);
        for (name, mutable) in names::bound(pattern) {
            let keep = match () {
                () if closure || name == "session" => Keep::Never,
                () if !mutable && uses.moved.contains(&name) => Keep::AtOnce,
                () => Keep::AtEnd,
            };
            self.bound.insert(name, Bound { statement: self.statements.len(), mutable, keep, ty: ty.clone() });
        }
    }
}

impl Item {
    fn new(item: &syn::Item, range: Range<usize>) -> Self {
        let text = |part: &dyn quoted::Text| part.text();
        let (kind, name) = match item {
            syn::Item::Fn(item) => ("value", Some(item.sig.ident.to_string())),
            syn::Item::Const(item) => ("value", Some(item.ident.to_string())),
            syn::Item::Static(item) => ("value", Some(item.ident.to_string())),
            syn::Item::Struct(item) => ("type", Some(item.ident.to_string())),
            syn::Item::Enum(item) => ("type", Some(item.ident.to_string())),
            syn::Item::Union(item) => ("type", Some(item.ident.to_string())),
            syn::Item::Type(item) => ("type", Some(item.ident.to_string())),
            syn::Item::Trait(item) => ("type", Some(item.ident.to_string())),
            syn::Item::TraitAlias(item) => ("type", Some(item.ident.to_string())),
            syn::Item::Mod(item) => ("type", Some(item.ident.to_string())),
            syn::Item::Macro(item) => ("macro", item.ident.as_ref().map(ToString::to_string)),
            syn::Item::Impl(item) => {
                let of = item.trait_.as_ref().map(|(_, path, _)| text(path)).unwrap_or_default();
                // Of several blocks of methods of one type, each stands for its methods.
                let methods: Vec<String> = match item.trait_ {
                    Some(_) => Vec::new(),
                    None => item.items.iter().filter_map(method).collect(),
                };
                let key = format!("impl {of} for {} {}", text(&*item.self_ty), methods.join(" "));
                return Self { key, name: None, range };
            }
            other => return Self { key: text(other), name: None, range },
        };
        let key = format!("{kind} {}", name.as_deref().unwrap_or_default());
        Self { key, name, range }
    }
}

fn method(item: &syn::ImplItem) -> Option<String> {
    match item {
        syn::ImplItem::Fn(item) => Some(item.sig.ident.to_string()),
        syn::ImplItem::Const(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// The text of syntax, from the source that it was parsed from.
mod quoted {
    use syn::spanned::Spanned;

    pub(super) trait Text {
        fn text(&self) -> String;
    }

    impl<T: Spanned> Text for T {
        fn text(&self) -> String {
            self.span().source_text().unwrap_or_default()
        }
    }
}

/// Functions that never return, so that there is no value to look at.
const ENDING: [&str; 4] = ["abort", "exit", "panic_any", "resume_unwind"];

fn is_call(expr: &syn::Expr) -> bool {
    if let syn::Expr::Call(call) = expr
        && let syn::Expr::Path(function) = &*call.func
        && let Some(last) = function.path.segments.last()
    {
        return !ENDING.iter().any(|ending| last.ident == ending);
    }
    matches!(expr, syn::Expr::Call(_) | syn::Expr::MethodCall(_) | syn::Expr::Await(_))
}

fn is_jump(expr: &syn::Expr) -> bool {
    matches!(expr, syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_))
}

fn syntax(message: &str, range: Range<usize>) -> Error {
    Error::syntax(message).with_span(Span::new(range.start, range.end))
}
