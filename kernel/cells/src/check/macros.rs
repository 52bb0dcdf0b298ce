//! Macros: `println!`, `format!`, `vec!`, `df!`, `assert!` and their relatives.

use aerostat_error::{Error, Kind, Object, Result, Span};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Token, spanned::Spanned};

use super::format::{self, Wanted};
use super::infer::is_writable;
use super::{Checker, span_of, token_span, unsupported};
use crate::node::{Arm, Format, Kind as NodeKind, Node, Pattern, Piece, Stream};
use crate::parse::syntax_error;
use crate::ty::Ty;
use crate::value::Value;

/// A call of a macro, and what its place wants.
struct Call<'c> {
    mac: &'c syn::Macro,
    expected: Option<&'c Ty>,
    span: Span,
}

/// A macro that cells know: its name, and how a call of it is checked.
type Known = (&'static str, fn(&mut Checker<'_>, &Call<'_>) -> Result<Node>);

/// Dispatch, completion, hints and the reference read this table.
const MACROS: [Known; 17] = [
    ("assert", |checker, call| checker.assert(call.mac, call.span)),
    ("assert_eq", |checker, call| checker.assert_equal(call.mac, true, call.span)),
    ("assert_ne", |checker, call| checker.assert_equal(call.mac, false, call.span)),
    ("dbg", |checker, call| checker.dbg(call.mac, call.expected, call.span)),
    ("debug_assert", |checker, call| checker.assert(call.mac, call.span)),
    ("df", |checker, call| checker.df(call.mac, call.span)),
    ("eprint", |checker, call| checker.print(call.mac, Stream::Stderr, false, call.span)),
    ("eprintln", |checker, call| checker.print(call.mac, Stream::Stderr, true, call.span)),
    ("format", |checker, call| {
        let format = checker.format(&exprs(call.mac)?, call.span)?;
        Ok(Node { kind: NodeKind::Format(Box::new(format)), ty: Ty::Str, span: call.span })
    }),
    ("matches", |checker, call| checker.matches_macro(call.mac, call.span)),
    ("panic", |checker, call| checker.panic(call.mac, None, call.span)),
    ("print", |checker, call| checker.print(call.mac, Stream::Stdout, false, call.span)),
    ("println", |checker, call| checker.print(call.mac, Stream::Stdout, true, call.span)),
    ("todo", |checker, call| checker.panic(call.mac, Some("not yet implemented"), call.span)),
    ("unimplemented", |checker, call| checker.panic(call.mac, Some("not implemented"), call.span)),
    ("unreachable", |checker, call| {
        checker.panic(call.mac, Some("internal error: entered unreachable code"), call.span)
    }),
    ("vec", |checker, call| checker.vec(call.mac, call.expected, call.span)),
];

/// The names of the macros that cells know.
pub(crate) fn macro_names() -> impl Iterator<Item = &'static str> {
    MACROS.iter().map(|(name, _)| *name)
}

type Exprs = Punctuated<syn::Expr, Token![,]>;

impl Checker<'_> {
    /// Checks a macro call.
    pub(super) fn macro_call(
        &mut self,
        mac: &syn::Macro,
        whole: proc_macro2::Span,
        expected: Option<&Ty>,
    ) -> Result<Node> {
        let span = token_span(whole);
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if let Some((_, check)) = MACROS.iter().find(|(known, _)| *known == name) {
            return check(self, &Call { mac, expected, span });
        }
        let written = format!("{name}!");
        let near = aerostat_error::did_you_mean(&written, macro_names().map(|name| format!("{name}!")));
        Err(match near {
            Some(hint) => Error::not_found(Object::Macro, &written).with_span(span_of(&mac.path)).with_hint(hint),
            None => unsupported(&format!("the macro `{written}`"), span_of(&mac.path)),
        })
    }

    /// A macro that ends the cell, with `usual` in front of its message or instead of one.
    fn panic(&mut self, mac: &syn::Macro, usual: Option<&str>, span: Span) -> Result<Node> {
        let mut message = self.message(&exprs(mac)?, span)?;
        match (usual, &mut message) {
            (Some(usual), Some(given)) => given.pieces.insert(0, Piece::Text(format!("{usual}: "))),
            (Some(usual), None) => {
                let pieces = vec![Piece::Text(usual.to_owned())];
                message = Some(Box::new(Format { pieces, args: Vec::new() }));
            }
            (None, _) => {}
        }
        Ok(Node { kind: NodeKind::Panic(message), ty: Ty::Never, span })
    }

    /// `matches!(value, pattern if guard)`
    fn matches_macro(&mut self, mac: &syn::Macro, span: Span) -> Result<Node> {
        let parse = |input: ParseStream| -> syn::Result<(syn::Expr, syn::Pat, Option<syn::Expr>)> {
            let value = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = if input.parse::<Option<Token![if]>>()?.is_some() { Some(input.parse()?) } else { None };
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        let (value, pattern, guard) = parse.parse2(mac.tokens.clone()).map_err(|error| syntax_error(&error))?;
        let value = self.expr(&value, None)?;
        let yes = self.scoped(|checker| {
            let pattern = checker.pattern(&pattern, &value.ty)?;
            let guard = guard.as_ref().map(|guard| checker.typed_expr(guard, &Ty::Bool)).transpose()?;
            Ok(Arm { pattern, guard, body: Node::constant(Value::Bool(true), Ty::Bool, span) })
        })?;
        let no =
            Arm { pattern: Pattern::Ignore, guard: None, body: Node::constant(Value::Bool(false), Ty::Bool, span) };
        Ok(Node { kind: NodeKind::Match { value: Box::new(value), arms: vec![yes, no] }, ty: Ty::Bool, span })
    }

    /// `dbg!(value)`: prints the value beside its text, and gives it.
    fn dbg(&mut self, mac: &syn::Macro, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let args = exprs(mac)?;
        let (Some(arg), 1) = (args.first(), args.len()) else {
            return Err(unsupported("`dbg!` of several values", span));
        };
        let source = self.source.get(span_of(arg).start..span_of(arg).end).unwrap_or_default().to_owned();
        let value = self.expr(arg, expected)?;
        let ty = value.ty.clone();
        Ok(Node { kind: NodeKind::Dbg { value: Box::new(value), source }, ty, span })
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
        self.check_writable(&pieces, &nodes)?;
        Ok(Format { pieces, args: nodes })
    }

    /// `{}` needs a type that can be written; `{:?}` writes any. Widths are of type `usize`.
    fn check_writable(&mut self, pieces: &[Piece], nodes: &[Node]) -> Result<()> {
        for piece in pieces {
            let Piece::Placeholder { arg, spec, width, precision } = piece else { continue };
            let Some(node) = nodes.get(*arg) else { continue };
            let ty = self.named(&node.ty);
            if !spec.debug && !is_writable(&ty) {
                return Err(Error::new(Kind::TypeMismatch, format!("`{ty}` cannot be written with `{{}}`"))
                    .with_span(node.span)
                    .with_hint("write it with `{:?}`"));
            }
            let radix = spec.radix.filter(|_| !spec.debug);
            if let Some(radix) =
                radix.filter(|radix| !(ty.is_int() || matches!(radix, 'e' | 'E') && ty.is_float() || ty == Ty::Any))
            {
                return Err(Error::new(Kind::TypeMismatch, format!("`{ty}` cannot be written with `{{:{radix}}}`"))
                    .with_span(node.span));
            }
            for count in [width, precision].into_iter().flatten() {
                if let crate::node::Count::Arg(index) = count
                    && let Some(node) = nodes.get(*index)
                    && !self.infer.unify(&node.ty, &Ty::Int(crate::ty::IntTy::Usize))
                {
                    return Err(self.mismatched(&Ty::Int(crate::ty::IntTy::Usize), &node.ty, node.span));
                }
            }
        }
        Ok(())
    }

    fn vec(&mut self, mac: &syn::Macro, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let repeat = |input: ParseStream| -> syn::Result<(syn::Expr, syn::Expr)> {
            let value = input.parse()?;
            input.parse::<Token![;]>()?;
            Ok((value, input.parse()?))
        };
        match repeat.parse2(mac.tokens.clone()) {
            Ok((value, times)) => self.repeat(&value, &times, expected, span),
            Err(_) => self.list(exprs(mac)?.iter(), expected, span),
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
            let given = self.shallow(&values.ty);
            if !matches!(given, Ty::Vec(_) | Ty::Range(_) | Ty::Native("Series" | "Column") | Ty::Any) {
                return Err(self.mismatched(&Ty::vec(Ty::Any), &given, values.span));
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
        if !self.infer.unify(&left.ty, &right.ty) {
            return Err(self.mismatched(&left.ty, &right.ty, right.span));
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
