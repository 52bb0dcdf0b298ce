//! Macros: `println!`, `format!`, `vec!`, `df!`, `assert!` and their relatives.

use aerostat_error::{Error, Kind, Object, Result, Span};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Token, spanned::Spanned};

use super::format::{self, Wanted};
use super::{Checker, mismatched, span_of, token_span};
use crate::node::{Format, Kind as NodeKind, Node, Stream};
use crate::parse::syntax_error;
use crate::ty::{Ty, unify};

/// The macros that cells know.
pub(crate) const MACROS: [&str; 11] =
    ["assert", "assert_eq", "assert_ne", "df", "eprint", "eprintln", "format", "panic", "print", "println", "vec"];

type Exprs = Punctuated<syn::Expr, Token![,]>;

impl Checker<'_> {
    /// Checks a macro call.
    pub(super) fn macro_call(&mut self, mac: &syn::Macro, whole: proc_macro2::Span) -> Result<Node> {
        let span = token_span(whole);
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "println" => self.print(mac, Stream::Stdout, true, span),
            "print" => self.print(mac, Stream::Stdout, false, span),
            "eprintln" => self.print(mac, Stream::Stderr, true, span),
            "eprint" => self.print(mac, Stream::Stderr, false, span),
            "format" => {
                let format = self.format(&exprs(mac)?, span)?;
                Ok(Node { kind: NodeKind::Format(Box::new(format)), ty: Ty::Str, span })
            }
            "panic" => {
                let message = self.message(&exprs(mac)?, span)?;
                Ok(Node { kind: NodeKind::Panic(message), ty: Ty::Never, span })
            }
            "vec" => self.vec(mac, span),
            "df" => self.df(mac, span),
            "assert" => self.assert(mac, span),
            "assert_eq" => self.assert_equal(mac, true, span),
            "assert_ne" => self.assert_equal(mac, false, span),
            _ => Err(Error::not_found_among(Object::Macro, &format!("{name}!"), MACROS.map(|name| format!("{name}!")))
                .with_span(span_of(&mac.path))),
        }
    }

    fn print(&mut self, mac: &syn::Macro, stream: Stream, newline: bool, span: Span) -> Result<Node> {
        let args = exprs(mac)?;
        let format = match args.is_empty() {
            true => Format { pieces: Vec::new(), args: Vec::new() },
            false => self.format(&args, span)?,
        };
        Ok(Node::unit(NodeKind::Print { format: Box::new(format), stream, newline }, span))
    }

    /// The optional message of `assert!` and `panic!`.
    fn message(&mut self, args: &Exprs, span: Span) -> Result<Option<Box<Format>>> {
        match args.is_empty() {
            true => Ok(None),
            false => self.format(args, span).map(|format| Some(Box::new(format))),
        }
    }

    /// A format string and its arguments.
    fn format(&mut self, args: &Exprs, span: Span) -> Result<Format> {
        let mut given = args.iter();
        let Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) = given.next() else {
            return Err(Error::new(Kind::Syntax, "format argument must be a string literal")
                .with_span(args.first().map_or(span, span_of))
                .with_hint("write `\"{}\"` before the value"));
        };
        let mut nodes = Vec::new();
        let mut names: Vec<(String, usize)> = Vec::new();
        for arg in given {
            let value = match arg {
                syn::Expr::Assign(named) if named_argument(named).is_some() => {
                    names.extend(named_argument(named).map(|name| (name, nodes.len())));
                    &*named.right
                }
                other => other,
            };
            nodes.push(self.expr(value, None)?);
        }
        let positional = nodes.len();
        let mut next = 0;
        let mut used = vec![false; positional];
        let text_span = span_of(text);
        let pieces = format::parse(&text.value(), text_span, |wanted| match wanted {
            Wanted::Next | Wanted::Position(_) => {
                let position = if let Wanted::Position(position) = wanted { position } else { next };
                next += usize::from(matches!(wanted, Wanted::Next));
                let slot = used.get_mut(position).ok_or_else(|| missing_argument(position, positional))?;
                *slot = true;
                Ok(position)
            }
            Wanted::Name(name) => {
                if let Some((_, index)) = names.iter().find(|(known, _)| *known == name) {
                    if let Some(slot) = used.get_mut(*index) {
                        *slot = true;
                    }
                    return Ok(*index);
                }
                nodes.push(self.variable(&name, text_span)?);
                names.push((name, nodes.len() - 1));
                Ok(nodes.len() - 1)
            }
        })?;
        if let Some(unused) = used.iter().position(|used| !used) {
            return Err(Error::new(Kind::Syntax, "argument never used: the format string has no `{}` for it")
                .with_span(nodes[unused].span));
        }
        for node in &nodes {
            check_writable(&pieces, &nodes, node)?;
        }
        Ok(Format { pieces, args: nodes })
    }

    fn vec(&mut self, mac: &syn::Macro, span: Span) -> Result<Node> {
        let repeat = |input: ParseStream| -> syn::Result<(syn::Expr, syn::Expr)> {
            let value = input.parse()?;
            input.parse::<Token![;]>()?;
            Ok((value, input.parse()?))
        };
        match repeat.parse2(mac.tokens.clone()) {
            Ok((value, times)) => self.repeat(&value, &times, None, span),
            Err(_) => self.list(exprs(mac)?.iter(), None, span),
        }
    }

    fn df(&mut self, mac: &syn::Macro, span: Span) -> Result<Node> {
        struct Entry(syn::Expr, syn::Expr);
        impl Parse for Entry {
            fn parse(input: ParseStream) -> syn::Result<Self> {
                let name = input.parse()?;
                input.parse::<Token![=>]>()?;
                Ok(Self(name, input.parse()?))
            }
        }
        let entries = Punctuated::<Entry, Token![,]>::parse_terminated
            .parse2(mac.tokens.clone())
            .map_err(|error| syntax_error(&error).with_hint("write `df!(\"name\" => [1, 2, 3], ..)?`"))?;
        let mut columns = Vec::new();
        for Entry(name, values) in &entries {
            let name = self.expr(name, Some(&Ty::Str))?;
            let name = self.expect(&Ty::Str, name)?;
            let values = self.expr(values, None)?;
            if !matches!(values.ty, Ty::Vec(_) | Ty::Range(_) | Ty::Native("Series" | "Column") | Ty::Any) {
                return Err(mismatched(&Ty::vec(Ty::Any), &values.ty, values.span));
            }
            columns.push((name, values));
        }
        Ok(Node { kind: NodeKind::Frame(columns), ty: Ty::result(Ty::Native("DataFrame")), span })
    }

    fn assert(&mut self, mac: &syn::Macro, span: Span) -> Result<Node> {
        let args = exprs(mac)?;
        let mut rest = args.iter();
        let condition = rest.next().ok_or_else(|| missing_argument(0, 0).with_span(span))?;
        let source = self.source.get(span_of(condition).start..span_of(condition).end).unwrap_or_default().to_owned();
        let condition = self.expr(condition, Some(&Ty::Bool))?;
        let condition = Box::new(self.expect(&Ty::Bool, condition)?);
        let message = self.message(&rest.cloned().collect(), span)?;
        Ok(Node::unit(NodeKind::Assert { condition, source, message }, span))
    }

    fn assert_equal(&mut self, mac: &syn::Macro, equal: bool, span: Span) -> Result<Node> {
        let args = exprs(mac)?;
        let mut rest = args.iter();
        let (Some(left), Some(right)) = (rest.next(), rest.next()) else {
            return Err(missing_argument(1, args.len()).with_span(span));
        };
        let left = self.expr(left, None)?;
        let right = self.expr(right, Some(&left.ty))?;
        if unify(&left.ty, &right.ty).is_none() {
            return Err(mismatched(&left.ty, &right.ty, right.span));
        }
        let message = self.message(&rest.cloned().collect(), span)?;
        let kind = NodeKind::AssertEqual { left: Box::new(left), right: Box::new(right), equal, message };
        Ok(Node::unit(kind, span))
    }
}

fn exprs(mac: &syn::Macro) -> Result<Exprs> {
    Exprs::parse_terminated.parse2(mac.tokens.clone()).map_err(|error| {
        let error = syntax_error(&error);
        if error.span().is_some_and(|span| span.end > 0) {
            error
        } else {
            error.without_span().with_span(token_span(mac.span()))
        }
    })
}

fn named_argument(assign: &syn::ExprAssign) -> Option<String> {
    match &*assign.left {
        syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

fn missing_argument(position: usize, given: usize) -> Error {
    Error::new(Kind::Syntax, format!("argument {} is missing: {given} given", position + 1))
}

/// `{}` needs a type that can be written; `{:?}` writes any.
fn check_writable(pieces: &[crate::node::Piece], nodes: &[Node], node: &Node) -> Result<()> {
    let plain = pieces.iter().any(|piece| match piece {
        crate::node::Piece::Placeholder { arg, spec, .. } => {
            !spec.debug && nodes.get(*arg).is_some_and(|other| std::ptr::eq(other, node))
        }
        crate::node::Piece::Text(_) => false,
    });
    match &node.ty {
        Ty::Unit | Ty::Vec(_) | Ty::Option(_) | Ty::Tuple(_) | Ty::Result(_) | Ty::Range(_) if plain => {
            Err(Error::new(Kind::TypeMismatch, format!("`{}` cannot be written with `{{}}`", node.ty))
                .with_span(node.span)
                .with_hint("write it with `{:?}`"))
        }
        _ => Ok(()),
    }
}
