//! Calls of functions that users have defined in SQL: the body takes the place of the call, as in a macro.
//!
//! A parameter becomes the argument, cast to the parameter's type; the whole is cast to the type that the function
//! returns. Built-in functions come first, so that nobody changes what `abs` means; then those of the session; then
//! those of the metastore.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use aerostat_error::{Error, Kind, Object, Result};
use aerostat_metastore::{Function, Returns};
use aerostat_session::join_name;
use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName, ObjectNamePart, Query, SelectItem,
    SetExpr, TableFactor, VisitMut, VisitorMut,
};

use super::ast::{parts, take};
use super::names::Names;
use super::{Catalog, generator, parse, syntax, travel};
use crate::script::Script;

/// How deeply functions may call each other.
const MAX_DEPTH: usize = 32;

/// Replaces all calls in the query.
pub(super) fn expand(catalog: &Catalog<'_>, query: &mut Query) -> Result<()> {
    Inliner { catalog, depth: 0 }.query(query)
}

struct Inliner<'a, 'c> {
    catalog: &'a Catalog<'c>,
    depth: usize,
}

impl Inliner<'_, '_> {
    fn query(&mut self, query: &mut Query) -> Result<()> {
        match VisitMut::visit(query, self) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(error) => Err(error),
        }
    }

    /// The function of a call, unless it is built in.
    fn find(&self, name: &ObjectName) -> Result<Option<(String, Function)>> {
        let parts: Vec<String> = parts(name).into_iter().map(|part| part.value.clone()).collect();
        if let [name] = parts.as_slice()
            && self.is_built_in(name)
        {
            return Ok(None);
        }
        let found = self.catalog.function(&parts)?;
        if found.is_none() && parts.len() > 1 {
            return Err(Error::not_found(Object::Function, join_name(&parts)));
        }
        Ok(found.map(|function| (parts.last().cloned().unwrap_or_default(), function)))
    }

    fn is_built_in(&self, name: &str) -> bool {
        generator::is_generator(name) || self.catalog.core().registry.is_known(name)
    }

    /// The body of a function with the arguments in it.
    fn body(&self, name: &str, function: &Function, args: Vec<Expr>) -> Result<Query> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::invalid_argument(format!("function `{name}` calls itself")));
        }
        let in_function = |error: Error| {
            if error.message().contains("function `") {
                return error;
            }
            let message = format!("in function `{name}`: {}", error.message());
            Error::new(error.kind(), message).with_hint_opt(error.hint().map(str::to_owned))
        };
        let values = values(self.catalog, name, function, args)?;
        let mut body = parsed(self.catalog, &body_text(function)).map_err(in_function)?;
        let _: ControlFlow<()> = VisitMut::visit(&mut body, &mut Substitute::new(name, function, &values));
        Inliner { catalog: self.catalog, depth: self.depth + 1 }.query(&mut body).map_err(in_function)?;
        Ok(body)
    }

    fn call(&self, name: &ObjectName, args: Vec<Expr>) -> Result<Option<Expr>> {
        let Some((name, function)) = self.find(name)? else { return Ok(None) };
        if let Returns::Table(_) = function.returns {
            return Err(Error::invalid_argument(format!("function `{name}` makes a table"))
                .with_hint(format!("call it in FROM: `SELECT * FROM {name}(..)`")));
        }
        let body = self.body(&name, &function, args)?;
        Ok(Some(Expr::Nested(Box::new(only_item(body)?))))
    }

    fn table(&self, factor: &mut TableFactor) -> Result<Option<TableFactor>> {
        let (name, args, alias) = match factor {
            TableFactor::Table { name, args: Some(args), alias, .. } => (name, &args.args, alias),
            TableFactor::Function { lateral: false, name, args, alias, .. } => (name, &*args, alias),
            _ => return Ok(None),
        };
        let Some((name, function)) = self.find(name)? else { return Ok(None) };
        if let Returns::Value(_) = function.returns {
            return Err(Error::invalid_argument(format!("function `{name}` makes a value and not a table")));
        }
        let body = self.body(&name, &function, plain(&name, args)?)?;
        let own = || super::ast::alias(Ident::new(&name), Vec::new());
        let alias = Some(alias.clone().unwrap_or_else(own));
        Ok(Some(TableFactor::Derived { lateral: false, subquery: Box::new(body), alias, sample: None }))
    }
}

impl VisitorMut for Inliner<'_, '_> {
    type Break = Error;

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let FunctionArguments::List(list) = &function.args else { return ControlFlow::Continue(()) };
        let called = match plain("", &list.args) {
            Ok(args) => self.call(&function.name, args),
            // `count(*)` is none of ours.
            Err(_) => Ok(None),
        };
        match called {
            Ok(Some(body)) => {
                *expr = body;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        match self.table(factor) {
            Ok(Some(derived)) => {
                *factor = derived;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

/// The arguments, if each is an expression.
fn plain(name: &str, args: &[FunctionArg]) -> Result<Vec<Expr>> {
    let plain = args.iter().map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr.clone()),
        _ => Err(Error::not_supported(format!("arguments of function `{name}` by name are not supported"))),
    });
    plain.collect()
}

/// The value of each parameter, by its name in lower case.
fn values(catalog: &Catalog<'_>, name: &str, function: &Function, args: Vec<Expr>) -> Result<HashMap<String, Expr>> {
    let parameters = &function.parameters;
    let required = parameters.iter().filter(|parameter| parameter.default.is_none()).count();
    if args.len() > parameters.len() || args.len() < required {
        let wanted = parameters.iter().map(|parameter| format!("{} {}", parameter.name, parameter.dtype));
        let wanted = wanted.collect::<Vec<_>>().join(", ");
        return Err(Error::invalid_argument(format!("function `{name}` does not take {} arguments", args.len()))
            .with_hint(format!("it is `{name}({wanted})`")));
    }
    let mut args = args.into_iter();
    let values = parameters.iter().map(|parameter| {
        let value = match (args.next(), &parameter.default) {
            (Some(value), _) => value,
            (None, Some(default)) => only_item(parsed(catalog, &format!("SELECT {default}"))?)?,
            (None, None) => return Err(Error::internal("the arguments were counted")),
        };
        Ok((parameter.name.to_lowercase(), cast(catalog, value, &parameter.dtype)?))
    });
    values.collect()
}

/// The expression as a value of a type in Spark's words.
fn cast(catalog: &Catalog<'_>, value: Expr, dtype: &str) -> Result<Expr> {
    match only_item(parsed(catalog, &format!("SELECT CAST(NULL AS {dtype})"))?)? {
        Expr::Cast { kind, data_type, array, format, .. } => {
            Ok(Expr::Cast { kind, expr: Box::new(Expr::Nested(Box::new(value))), data_type, array, format })
        }
        _ => Err(Error::internal("a cast was parsed as something else")),
    }
}

/// The body as a query.
fn body_text(function: &Function) -> String {
    let body = &function.body;
    match &function.returns {
        Returns::Value(None) => format!("SELECT ({body})"),
        Returns::Value(Some(dtype)) => format!("SELECT CAST(({body}) AS {dtype})"),
        Returns::Table(columns) if columns.is_empty() => body.clone(),
        Returns::Table(columns) => {
            // Names that no parameter has.
            let names: Vec<String> = (0..columns.len()).map(|at| format!("`#{at}`")).collect();
            let casts = columns.iter().zip(&names);
            let casts =
                casts.map(|((name, dtype), inner)| format!("CAST({inner} AS {dtype}) AS {}", join_name(&[name])));
            let casts = casts.collect::<Vec<_>>().join(", ");
            format!("SELECT {casts} FROM ({body}) AS body({})", names.join(", "))
        }
    }
}

fn parsed(catalog: &Catalog<'_>, text: &str) -> Result<Query> {
    let script = Script::new(text);
    let statements = script.statements().map_err(Error::without_span)?;
    let [statement] = statements.as_slice() else {
        return Err(Error::new(Kind::Syntax, "the body of a function is one expression or query"));
    };
    let mut query = parse::query(statement).map_err(Error::without_span)?;
    travel::resolve(catalog, &mut query).map_err(Error::without_span)?;
    syntax::plain(&mut query, &script).map_err(Error::without_span)?;
    super::list_columns(catalog, statement, &mut query, &mut Names::default());
    Ok(query)
}

/// The one expression of a `SELECT` that has no other.
fn only_item(query: Query) -> Result<Expr> {
    if let SetExpr::Select(mut select) = *query.body
        && let [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] =
            select.projection.as_mut_slice()
    {
        return Ok(take(expr));
    }
    Err(Error::invalid_argument("the body of a function is one expression"))
}

/// Puts values in the place of parameters. A value is not looked into: a column in it may be called as a parameter is.
struct Substitute<'a> {
    function: &'a str,
    values: &'a HashMap<String, Expr>,
    /// Where unqualified tables are.
    schema: &'a str,
    /// Tables of the body's own.
    own: HashSet<String>,
}

impl<'a> Substitute<'a> {
    fn new(name: &'a str, function: &'a Function, values: &'a HashMap<String, Expr>) -> Self {
        Self { function: name, values, schema: &function.current_schema, own: HashSet::new() }
    }
}

impl VisitorMut for Substitute<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let own = query.with.iter().flat_map(|with| &with.cte_tables);
        self.own.extend(own.map(|table| table.alias.name.value.to_lowercase()));
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &mut ObjectName) -> ControlFlow<()> {
        if let [part] = relation.0.as_slice()
            && let Some(name) = part.as_ident()
            && !self.own.contains(&name.value.to_lowercase())
            && !self.schema.is_empty()
        {
            relation.0.insert(0, ObjectNamePart::Identifier(Ident::with_quote('`', self.schema)));
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let name = match expr {
            Expr::Identifier(name) => name.value.to_lowercase(),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [function, name] if function.value.eq_ignore_ascii_case(self.function) => name.value.to_lowercase(),
                _ => return ControlFlow::Continue(()),
            },
            _ => return ControlFlow::Continue(()),
        };
        if let Some(value) = self.values.get(&name) {
            *expr = Expr::Nested(Box::new(value.clone()));
        }
        ControlFlow::Continue(())
    }
}
