//! Last pass over a query: calls and operators of Spark become those that the engine has.
//!
//! [`rules`] says which expression a function stands for, [`template`] fills it in; the few functions that no template
//! can express are in [`special`]. Casts become calls of our own cast, and whole numbers get Spark's type `INT`, which
//! the engine would make `BIGINT`.

use std::collections::HashSet;
use std::ops::ControlFlow;

use aerostat_error::{Condition, Error, Object, Result, Span, counted};
use aerostat_session::Session;
use sqlparser::ast::{
    AccessExpr, BinaryOperator, CaseWhen, CastKind, DataType, ExactNumberInfo, Expr, Function, FunctionArg,
    FunctionArgExpr, Ident, Query, SelectItem, SetExpr, Subscript, TableFactor, UnaryOperator, Value, Visit, VisitMut,
    Visitor, VisitorMut,
};

use super::ast::{args, args_mut, binary, call, function_name, string, take, take_args};
use super::{special, template};
use crate::functions::cast::{CAST, TRY_CAST};
use crate::functions::common::CASE;
use crate::functions::rules;
use crate::script::Script;

/// What is known of functions by name.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Functions of rows.
    pub(crate) scalar: HashSet<String>,
    /// Functions of groups.
    pub(crate) aggregate: HashSet<String>,
    /// Functions of windows only.
    pub(crate) window: HashSet<String>,
}

impl Registry {
    fn contains(&self, name: &str) -> bool {
        self.scalar.contains(name) || self.is_carrier(name)
    }

    /// Whether a function of this name, in lower case, is built in.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.contains(name)
            || special::ALL.iter().any(|(special, _)| *special == name)
            || rules::names().any(|rule| rule == name)
    }

    /// Whether `OVER` or `FILTER` may follow a call of the engine's function.
    pub(super) fn is_carrier(&self, name: &str) -> bool {
        self.aggregate.contains(name) || self.window.contains(name)
    }

    /// Whether a function of Spark is an aggregate. What a rule is made of are functions of the engine: to look them up
    /// as Spark's once more would never end where a rule keeps the name, as that of `regexp_extract_all` does.
    fn is_aggregate(&self, function: &Function) -> bool {
        let Some(name) = function_name(function).map(|name| name.value.as_str()) else { return false };
        let of_engine =
            |function: &Function| function_name(function).is_some_and(|name| self.aggregate.contains(&name.value));
        match args(function).and_then(|args| rules::find(name, args.len())) {
            Some(rule) => template::parse(rule).is_ok_and(|rule| has_call(&rule, &of_engine)),
            None => of_engine(function),
        }
    }

    /// The names that users may call, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let native = self.scalar.iter().chain(&self.aggregate).chain(&self.window).cloned();
        let ours = rules::names()
            .chain(special::ALL.iter().map(|(name, _)| *name))
            .chain(FACTS.iter().copied())
            .map(str::to_owned);
        let mut names: Vec<String> = native.chain(ours).filter(|name| !name.starts_with('_')).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Whether there is an aggregate anywhere in an expression.
pub(crate) fn has_aggregate(expr: &Expr, registry: &Registry) -> bool {
    has_call(expr, &|function| registry.is_aggregate(function))
}

/// Whether there is a call that is `wanted` anywhere in an expression.
fn has_call(expr: &Expr, wanted: &dyn Fn(&Function) -> bool) -> bool {
    struct Find<'a>(&'a dyn Fn(&Function) -> bool);
    impl Visitor for Find<'_> {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Function(function) if self.0(function) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }
    Visit::visit(expr, &mut Find(wanted)).is_break()
}

/// Rewrites all calls and operators of the query. Calls of functions that compiled cells have registered stay as they are.
pub(crate) fn rewrite(query: &mut Query, registry: &Registry, session: &Session, script: &Script<'_>) -> Result<()> {
    let user = session.udf_names();
    match VisitMut::visit(query, &mut Rewriter { registry, session, user: &user, script }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Rewriter<'a> {
    registry: &'a Registry,
    session: &'a Session,
    user: &'a [String],
    script: &'a Script<'a>,
}

impl VisitorMut for Rewriter<'_> {
    type Break = Error;

    fn post_visit_select(&mut self, select: &mut sqlparser::ast::Select) -> ControlFlow<Error> {
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item {
                type_integer(expr);
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        if let SetExpr::Values(values) = query.body.as_mut() {
            values.rows.iter_mut().flat_map(|row| &mut row.content).for_each(type_integer);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        // The generators that moved here: the number of rows of a stack stays a plain number.
        if let TableFactor::Function { lateral: true, args, .. } = factor {
            args.iter_mut().skip(1).for_each(|arg| {
                if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                    type_integer(expr);
                }
            });
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match self.expr(expr) {
            Ok(Some(rewritten)) => {
                *expr = rewritten;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Rewriter<'_> {
    fn expr(&self, expr: &mut Expr) -> Result<Option<Expr>> {
        Ok(Some(match expr {
            Expr::Function(function) => return self.call(function),
            Expr::Value(value) if matches!(&value.value, Value::Placeholder(_)) => {
                return Err(Error::invalid_argument(format!("there is no value for the marker `{value}`"))
                    .with_condition(Condition::UNBOUND_SQL_PARAMETER)
                    .with_hint("write the value into the query")
                    .with_span(self.script.span(value.span)));
            }
            // As a text: the engine would make a decimal of it first, in which it may have no room.
            number if is_scientific(number) => {
                native_cast(string(number.to_string()), DataType::Double(ExactNumberInfo::None))
            }
            Expr::Cast { kind: CastKind::TryCast, expr, data_type, .. } => {
                call(TRY_CAST, vec![take(expr), type_text(data_type)])
            }
            Expr::Cast { kind: CastKind::Cast | CastKind::DoubleColon, expr, data_type, .. } => {
                cast(take(expr), data_type)
            }
            Expr::TypedString(typed) => {
                let text = string(typed.value.value.clone().into_string().unwrap_or_default());
                cast(text, &typed.data_type)
            }
            Expr::Between { expr, negated, low, high } => {
                let value = take(expr);
                let above = binary(value.clone(), BinaryOperator::GtEq, take(low));
                let below = binary(value, BinaryOperator::LtEq, take(high));
                let both = Expr::Nested(Box::new(binary(above, BinaryOperator::And, below)));
                if *negated { Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(both) } } else { both }
            }
            Expr::BinaryOp { left, op, right } => {
                if !matches!(op, BinaryOperator::And | BinaryOperator::Or) {
                    type_integer(left);
                    type_integer(right);
                }
                return Ok(None);
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if is_integer(expr) => {
                type_integer(expr);
                return Ok(None);
            }
            // The least number of each type has no positive counterpart of its type.
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if is_number(expr, "2147483648") => {
                native_cast(string("-2147483648"), DataType::Int(None))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if is_number(expr, "9223372036854775808") => {
                native_cast(string("-9223372036854775808"), DataType::BigInt(None))
            }
            Expr::UnaryOp { op: UnaryOperator::BitwiseNot, expr } => {
                type_integer(expr);
                call("bitwise_not", vec![take(expr)])
            }
            Expr::Nested(inner) => {
                type_integer(inner);
                return Ok(None);
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                conditions.iter_mut().for_each(|when| type_integer(&mut when.result));
                else_result.iter_mut().for_each(|result| type_integer(result));
                // An operand is compared with each of the values, so it has to be one that can be repeated.
                match operand.as_deref() {
                    None | Some(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => {}
                    Some(_) => return Ok(None),
                }
                case(operand.as_deref(), conditions, else_result)
            }
            Expr::CompoundFieldAccess { access_chain, .. } => {
                access_chain.iter_mut().for_each(plain_access);
                return Ok(None);
            }
            _ => return Ok(None),
        }))
    }

    fn call(&self, function: &mut Function) -> Result<Option<Expr>> {
        let Some(ident) = function_name(function).cloned() else {
            return Err(Error::not_found(Object::Function, &function.name));
        };
        let name = ident.value.as_str();
        if self.user.iter().any(|user| user == name) {
            return Ok(None);
        }
        if TYPED_ARGUMENTS.contains(&name) {
            args_mut(function).into_iter().for_each(type_integer);
        }
        if let Some((_, rewrite)) = special::ALL.iter().find(|(special, _)| *special == name)
            && let Some(expr) = rewrite(function)
        {
            return Ok(Some(expr));
        }
        let count = args(function).map(|args| args.len());
        if let (Some(0), Some(fact)) = (count, self.fact(name)) {
            return Ok(Some(string(fact)));
        }
        if let Some(rule) = count.and_then(|count| rules::find(name, count)) {
            return template::fill(rule, function, self.registry).map(Some);
        }
        let counts = rules::counts(name);
        if let Some(count) = count
            && !counts.is_empty()
        {
            return Err(self.wrong_count(name, count).with_span(self.span(&ident)));
        }
        if self.registry.contains(name) || name == "unnest" || name == CAST {
            return Ok(None);
        }
        if super::generator::is_generator(name) {
            return self.native_generator(function, &ident);
        }
        let error =
            match self.registry.names().contains(&ident.value) || self.user.contains(&ident.value) || is_fact(name) {
                true => self.wrong_count(name, count.unwrap_or(0)),
                false => {
                    let names = self.registry.names().into_iter().chain(self.user.iter().cloned());
                    Error::not_found_among(Object::Function, name, names).with_condition(Condition::UNRESOLVED_ROUTINE)
                }
            };
        Err(error.with_span(self.span(&ident)))
    }

    /// The error of a call with a number of arguments that no form of the function takes.
    fn wrong_count(&self, name: &str, count: usize) -> Error {
        let counts: Vec<String> = rules::counts(name).into_iter().map(|count| count.to_string()).collect();
        let takes = (!counts.is_empty()).then(|| format!("it takes {}", counts.join(" or ")));
        Error::invalid_argument(format!("`{name}` does not take {}", counted(count, "argument")))
            .with_condition(Condition::WRONG_NUM_ARGS)
            .with_hint_opt(takes)
    }

    /// What a function says that only asks where it is.
    fn fact(&self, name: &str) -> Option<String> {
        match name {
            "current_database" | "current_schema" => Some(self.session.current_schema()),
            "current_user" | "session_user" | "user" => {
                Some(std::env::var("USER").unwrap_or_else(|_| "anonymous".to_owned()))
            }
            "version" => Some(env!("CARGO_PKG_VERSION").to_owned()),
            _ => None,
        }
    }

    fn span(&self, ident: &Ident) -> Span {
        self.script.span(ident.span)
    }

    /// A generator that could not move into `FROM`, as it is over an aggregate.
    fn native_generator(&self, function: &mut Function, ident: &Ident) -> Result<Option<Expr>> {
        let native = match ident.value.as_str() {
            "explode" => "unnest",
            "explode_outer" => "unnest_outer",
            name => {
                return Err(Error::not_supported(format!("`{name}` is not supported here"))
                    .with_hint("use LATERAL VIEW, or select it from a subquery")
                    .with_span(self.span(ident)));
            }
        };
        Ok(Some(call(native, take_args(function))))
    }
}

/// Functions that say where they are called.
const FACTS: &[&str] =
    &["current_database", "current_schema", "current_user", "input_file_name", "session_user", "user", "version"];

fn is_fact(name: &str) -> bool {
    FACTS.contains(&name)
}

fn cast(expr: Expr, data_type: &DataType) -> Expr {
    call(CAST, vec![expr, type_text(data_type)])
}

/// `CASE` as a function, whose results have a type in common by Spark's rules.
fn case(operand: Option<&Expr>, conditions: &mut [CaseWhen], otherwise: &mut Option<Box<Expr>>) -> Expr {
    let mut args = Vec::with_capacity(conditions.len() * 2 + 1);
    for when in conditions {
        let mut condition = take(&mut when.condition);
        if let Some(operand) = operand {
            type_integer(&mut condition);
            condition = binary(operand.clone(), BinaryOperator::Eq, condition);
        }
        args.extend([condition, take(&mut when.result)]);
    }
    args.extend(otherwise.as_deref_mut().map(take));
    call(CASE, args)
}

fn type_text(data_type: &DataType) -> Expr {
    string(data_type.to_string().to_lowercase())
}

fn is_integer(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(&value.value, Value::Number(text, false) if text.parse::<i32>().is_ok()),
        _ => false,
    }
}

fn is_number(expr: &Expr, digits: &str) -> bool {
    matches!(expr, Expr::Value(value) if matches!(&value.value, Value::Number(text, false) if text == digits))
}

/// A whole number as an `INT`. Where the engine wants to see a plain number, this is not called.
fn type_integer(expr: &mut Expr) {
    match expr {
        Expr::Named { expr, .. } => type_integer(expr),
        expr if is_integer(expr) => *expr = native_cast(take(expr), DataType::Int(None)),
        _ => {}
    }
}

/// A cast of the engine's.
fn native_cast(expr: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(expr), data_type, array: false, format: None }
}

/// `1e3`, a double.
fn is_scientific(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(&value.value, Value::Number(text, _) if text.contains(['e', 'E'])),
        _ => false,
    }
}
/// Functions whose result is of the type of their arguments.
const TYPED_ARGUMENTS: &[&str] = &[
    "abs",
    "aggregate",
    "any_value",
    "array",
    "array_append",
    "array_contains",
    "array_except",
    "array_insert",
    "array_intersect",
    "array_position",
    "array_prepend",
    "array_remove",
    "array_repeat",
    "array_union",
    "arrays_overlap",
    "bround",
    "ceil",
    "ceiling",
    "coalesce",
    "collect_list",
    "collect_set",
    "decode",
    "element_at",
    "first",
    "first_value",
    "floor",
    "format_number",
    "greatest",
    "hash",
    "if",
    "iff",
    "ifnull",
    "last",
    "last_value",
    "least",
    "map",
    "map_from_arrays",
    "max",
    "max_by",
    "min",
    "min_by",
    "mod",
    "named_struct",
    "negative",
    "nullif",
    "nullifzero",
    "nvl",
    "nvl2",
    "pmod",
    "positive",
    "reduce",
    "round",
    "sequence",
    "shiftleft",
    "shiftright",
    "shiftrightunsigned",
    "struct",
    "sum",
    "try_add",
    "try_divide",
    "try_element_at",
    "try_mod",
    "try_multiply",
    "try_subtract",
    "typeof",
    "xxhash64",
    "zeroifnull",
];

/// A field name after a dot is text, not a column.
fn plain_access(access: &mut AccessExpr) {
    match access {
        AccessExpr::Dot(Expr::Identifier(field)) => {
            *access = AccessExpr::Subscript(Subscript::Index { index: string(field.value.clone()) });
        }
        AccessExpr::Dot(_) | AccessExpr::Subscript(_) => {}
    }
}
