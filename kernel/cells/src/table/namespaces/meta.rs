//! The namespaces of names and of expressions themselves.

use polars::prelude::*;

use super::namespaces;

namespaces! {
    /// Operations on the names of columns.
    ExprNameNameSpace = name {
        /// The name of the first column the expression began with.
        fn keep() -> Expr;
        /// The name in lower case.
        fn to_lowercase() -> Expr;
        /// The name in upper case.
        fn to_uppercase() -> Expr;
        /// The name with something before it.
        fn prefix(prefix: &str) -> Expr;
        /// The name with something after it.
        fn suffix(suffix: &str) -> Expr;
        /// The name with a pattern replaced.
        fn replace(pattern: &str, value: &str, literal: bool) -> Expr;
        /// The names of a struct's fields with something before them.
        fn prefix_fields(prefix: &str) -> Expr;
        /// The names of a struct's fields with something after them.
        fn suffix_fields(suffix: &str) -> Expr;
    }
    /// What an expression is made of.
    MetaNameSpace = meta {
        /// The expressions that the outermost operation works on.
        fn pop(schema: Option<&Schema>) -> PolarsResult<Vec<Expr>>;
        /// The columns that the expression reads.
        fn root_names() -> Vec<PlSmallStr>;
        /// Whether it only names columns.
        fn is_simple_projection(schema: Option<&Schema>) -> bool;
        /// The name of the column that it gives.
        fn output_name() -> PolarsResult<PlSmallStr>;
        /// The expression without `alias` and `name()`.
        fn undo_aliases() -> Expr;
        /// Whether it stands for several columns.
        fn has_multiple_outputs() -> bool;
        /// Whether it is a column.
        fn is_column() -> bool;
        /// Whether it only chooses columns.
        fn is_column_selection(allow_aliasing: bool) -> bool;
        /// Whether it is a constant.
        fn is_literal(allow_aliasing: bool) -> bool;
        /// Whether it chooses columns by a regular expression.
        fn is_regex_projection() -> bool;
    }
}
