//! Whether a cell is interpreted or has to be compiled, decided before any of it runs.
//!
//! Two things say "compile": syntax that is never interpreted (items, async, unsafe, other crates), which is looked for
//! first because an item may be used before it is declared, and the static check, whose errors of the kind
//! [`Kind::NotSupported`] mean "more of Rust than cells interpret". Any other error of the check is the user's, and is not
//! sent to the compiler.

use aerostat_error::{Error, Kind, Span};
use syn::visit::{self, Visit};

use crate::check::{in_scope, span_of, unsupported};

/// The method that takes a function for SQL to call, which can only be a compiled one.
const REGISTER: &str = "register_udf";

/// How a cell has to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// By [`Interpreter::run`](crate::Interpreter::run).
    Interpret,
    /// As a whole by the compiler.
    Compile {
        /// What asks for it.
        span: Span,
        /// What that is, e.g. ``a closure in a DataFrame cell``.
        why: String,
    },
}

impl Plan {
    /// What an error of the check means: the compiler's business, or the user's.
    pub(crate) fn of_error(error: Error) -> Result<Self, Error> {
        match (error.kind(), error.span()) {
            (Kind::NotSupported, Some(span)) => Ok(Self::Compile { span, why: error.message().to_owned() }),
            _ => Err(error),
        }
    }
}

/// The first piece of syntax that is never interpreted, as an error.
pub(crate) fn beyond(statements: &[syn::Stmt]) -> Option<Error> {
    let mut search = Search(None);
    for statement in statements {
        search.visit_stmt(statement);
    }
    search.0
}

struct Search(Option<Error>);

impl Search {
    fn found(&mut self, what: &str, span: Span) {
        self.0.get_or_insert_with(|| unsupported(what, span));
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        if self.0.is_none() {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Const(_) => visit::visit_item(self, item),
            syn::Item::Use(import) => {
                if let Some(root) = root(&import.tree).filter(|root| !in_scope(root)) {
                    self.found(&format!("crate `{root}`"), span_of(import));
                }
            }
            _ => self.found("an item (`fn`, `struct`, `impl`, ...)", span_of(item)),
        }
    }

    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        match expr {
            syn::Expr::Async(_) | syn::Expr::Await(_) => self.found("async code", span_of(expr)),
            syn::Expr::Unsafe(_) => self.found("unsafe code", span_of(expr)),
            syn::Expr::MethodCall(call) if call.method == REGISTER => self.found("a function for SQL", span_of(expr)),
            _ => visit::visit_expr(self, expr),
        }
    }
}

/// The crate that a `use` begins with.
fn root(tree: &syn::UseTree) -> Option<String> {
    match tree {
        syn::UseTree::Path(path) => Some(path.ident.to_string()),
        syn::UseTree::Name(name) => Some(name.ident.to_string()),
        syn::UseTree::Rename(rename) => Some(rename.ident.to_string()),
        syn::UseTree::Glob(_) | syn::UseTree::Group(_) => None,
    }
}
