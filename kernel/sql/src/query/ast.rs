//! Small builders and takers for the parser's tree.

use std::ops::ControlFlow;

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, GroupByExpr,
    Ident, ObjectName, Query, Select, SelectFlavor, SelectItem, SetExpr, TableAlias, TableAliasColumnDef, TableFactor,
    TableWithJoins, Value, VisitMut, VisitorMut, WildcardAdditionalOptions,
};

/// The call `name(args)`.
pub(crate) fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Function(function(Ident::new(name), args))
}

/// The call `name(args)`, with the name's place in the text kept.
pub(crate) fn function(name: Ident, args: Vec<Expr>) -> Function {
    let args = args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).collect();
    Function {
        name: ObjectName::from(vec![name]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

/// The text literal `'text'`.
pub(crate) fn string(text: impl Into<String>) -> Expr {
    Expr::Value(Value::SingleQuotedString(text.into()).with_empty_span())
}

/// The number literal `number`.
pub(crate) fn number(number: impl ToString) -> Expr {
    Expr::Value(Value::Number(number.to_string(), false).with_empty_span())
}

/// The arguments of a call, if all of them are plain expressions.
pub(crate) fn args(function: &Function) -> Option<Vec<&Expr>> {
    match &function.args {
        FunctionArguments::None => Some(Vec::new()),
        FunctionArguments::List(list) => list.args.iter().map(plain_arg).collect(),
        FunctionArguments::Subquery(_) => None,
    }
}

fn plain_arg(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// [`args`], to be changed in place; arguments that are not plain expressions are left out.
pub(crate) fn args_mut(function: &mut Function) -> Vec<&mut Expr> {
    let FunctionArguments::List(list) = &mut function.args else { return Vec::new() };
    list.args
        .iter_mut()
        .filter_map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect()
}

/// Takes the arguments out of a call. Ask [`args`] first whether all of them are plain.
pub(crate) fn take_args(function: &mut Function) -> Vec<Expr> {
    args_mut(function).into_iter().map(take).collect()
}

/// Takes an expression out of its place, which is about to be filled anew.
pub(crate) fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::Value(Value::Null.with_empty_span()))
}

/// The function's name, if it is one word.
pub(crate) fn function_name(function: &Function) -> Option<&Ident> {
    match function.name.0.as_slice() {
        [part] => part.as_ident(),
        _ => None,
    }
}

/// The words of a name.
pub(crate) fn parts(name: &ObjectName) -> Vec<&Ident> {
    name.0.iter().filter_map(|part| part.as_ident()).collect()
}

/// The text of a string literal.
pub(crate) fn literal_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The query that only has a body.
pub(crate) fn bare_query(body: SetExpr) -> Query {
    Query {
        with: None,
        body: Box::new(body),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    }
}

/// `SELECT projection FROM relation`.
pub(crate) fn select(projection: Vec<SelectItem>, relation: TableFactor) -> Select {
    Select {
        select_token: AttachedToken::empty(),
        optimizer_hints: Vec::new(),
        distinct: None,
        select_modifiers: None,
        top: None,
        top_before_distinct: false,
        projection,
        exclude: None,
        into: None,
        from: vec![TableWithJoins { relation, joins: Vec::new() }],
        lateral_views: Vec::new(),
        prewhere: None,
        selection: None,
        connect_by: Vec::new(),
        group_by: GroupByExpr::Expressions(Vec::new(), Vec::new()),
        cluster_by: Vec::new(),
        distribute_by: Vec::new(),
        sort_by: Vec::new(),
        having: None,
        named_window: Vec::new(),
        qualify: None,
        window_before_qualify: false,
        value_table_mode: None,
        flavor: SelectFlavor::Standard,
    }
}

/// Does something with each expression of a part of a query, innermost first, but not with those of its subqueries, which
/// have columns and windows of their own.
pub(crate) fn each_own_expr<B>(
    part: &mut impl VisitMut,
    each: impl FnMut(&mut Expr) -> ControlFlow<B>,
) -> ControlFlow<B> {
    struct Own<F> {
        each: F,
        /// How many subqueries deep this is.
        depth: usize,
    }
    impl<B, F: FnMut(&mut Expr) -> ControlFlow<B>> VisitorMut for Own<F> {
        type Break = B;

        fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<B> {
            self.depth += 1;
            ControlFlow::Continue(())
        }

        fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<B> {
            self.depth -= 1;
            ControlFlow::Continue(())
        }

        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<B> {
            if self.depth == 0 { (self.each)(expr) } else { ControlFlow::Continue(()) }
        }
    }
    part.visit(&mut Own { each, depth: 0 })
}

/// What an item of a `SELECT` is called.
pub(crate) fn name_of(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(ident)) => Some(ident.value.clone()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().map(|last| last.value.clone()),
        _ => None,
    }
}

/// The columns that a wildcard leaves out, if it says nothing else, and all of them are `known`.
pub(crate) fn excepted(options: &WildcardAdditionalOptions, known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let plain = WildcardAdditionalOptions { opt_except: options.opt_except.clone(), ..Default::default() };
    let idents = options
        .opt_except
        .iter()
        .flat_map(|except| std::iter::once(&except.first_element).chain(&except.additional_elements));
    let names: Vec<&str> = idents.map(|ident| ident.value.as_str()).collect();
    (*options == plain && names.iter().all(|name| known(name))).then_some(names)
}

/// `AS name (columns)`.
pub(crate) fn alias(name: Ident, columns: Vec<Ident>) -> TableAlias {
    let columns = columns.into_iter().map(|name| TableAliasColumnDef { name, data_type: None }).collect();
    TableAlias { explicit: true, name, columns, at: None }
}

/// The table of a name, as a `FROM` clause has it.
pub(crate) fn named_table(parts: Vec<Ident>) -> TableFactor {
    TableFactor::Table {
        name: ObjectName::from(parts),
        alias: None,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    }
}

/// `left op right`.
pub(crate) fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}
