//! Which variables a cell may move away. The compiler knows; this is a guess that is right for most cells, so that most
//! cells are compiled once.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::mentioned;

/// Methods that take their receiver by value, beside those whose name begins with `into`.
const TAKING: &[&str] = &[
    "agg",
    "alias",
    "and",
    "and_then",
    "bottom_k",
    "cache",
    "cast",
    "chain",
    "collect",
    "cross_join",
    "drop",
    "drop_nulls",
    "enumerate",
    "eq",
    "expect",
    "explode",
    "fill_nan",
    "fill_null",
    "filter",
    "first",
    "full_join",
    "group_by",
    "group_by_dynamic",
    "group_by_stable",
    "gt",
    "gt_eq",
    "inner_join",
    "is_in",
    "join",
    "last",
    "lazy",
    "left_join",
    "limit",
    "list",
    "lt",
    "lt_eq",
    "map",
    "max",
    "mean",
    "median",
    "min",
    "neq",
    "not",
    "ok",
    "ok_or",
    "or",
    "otherwise",
    "over",
    "rename",
    "reverse",
    "select",
    "semi_join",
    "shift",
    "slice",
    "sort",
    "sort_by_exprs",
    "str",
    "sum",
    "tail",
    "then",
    "top_k",
    "unique",
    "unique_stable",
    "unnest",
    "unpivot",
    "unwrap",
    "unwrap_or_default",
    "unwrap_or_else",
    "when",
    "with_column",
    "with_columns",
    "with_row_index",
    "zip",
];

/// Macros that only look at their arguments.
const LOOKING: [&str; 13] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "eprint",
    "eprintln",
    "format",
    "matches",
    "panic",
    "print",
    "println",
    "write",
    "writeln",
];

/// What a walk through a cell finds out.
#[derive(Default)]
pub(super) struct Uses {
    /// The variables that may be moved away.
    pub(super) moved: BTreeSet<String>,
    /// Whether something is awaited outside of functions.
    pub(super) awaits: bool,
}

impl Uses {
    /// Visits what is only looked at: of a variable, nothing is to be noted.
    fn look(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::Path(_) => {}
            syn::Expr::Paren(paren) => self.look(&paren.expr),
            syn::Expr::Field(field) => self.look(&field.base),
            _ => self.visit_expr(expr),
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        match statement {
            // The last expression is shown through a reference; other items have variables of their own.
            syn::Stmt::Expr(expr @ syn::Expr::Path(_), None) => self.look(expr),
            syn::Stmt::Item(_) => {}
            _ => visit::visit_stmt(self, statement),
        }
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident() {
            self.moved.insert(name.to_string());
        }
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        self.look(&reference.expr);
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        self.look(&field.base);
    }

    fn visit_expr_index(&mut self, index: &'ast syn::ExprIndex) {
        self.look(&index.expr);
        self.visit_expr(&index.index);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        match method.starts_with("into") || TAKING.contains(&method.as_str()) {
            true => self.visit_expr(&call.receiver),
            false => self.look(&call.receiver),
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.look(&assign.left);
        self.visit_expr(&assign.right);
    }

    fn visit_expr_await(&mut self, awaited: &'ast syn::ExprAwait) {
        self.awaits = true;
        visit::visit_expr_await(self, awaited);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        let awaits = self.awaits;
        visit::visit_expr_async(self, block);
        self.awaits = awaits;
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let awaits = self.awaits;
        visit::visit_expr_closure(self, closure);
        self.awaits = awaits;
        if closure.capture.is_some() {
            let mut captured = Idents(&mut self.moved);
            captured.visit_expr(&closure.body);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if !LOOKING.contains(&name.as_str()) {
            self.moved.extend(mentioned(&call.tokens));
        }
    }
}

/// Every name in an expression.
struct Idents<'a>(&'a mut BTreeSet<String>);

impl<'ast> Visit<'ast> for Idents<'_> {
    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        self.0.insert(name.to_string());
    }
}
