//! How Spark names a column that is an expression: `sum(amount)`, `(qty > 1)`, `date_add(dt, 7)`.
//!
//! Text literals go without quotes, operators in parentheses, columns without their table; some functions show
//! arguments that were left out. Frames are addressed by these names, so they are spelled exactly as Spark does.

use std::collections::HashSet;

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CaseWhen, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, Interval, OrderByExpr, Subscript, UnaryOperator, Value, WindowFrameBound, WindowSpec,
    WindowType,
};

use super::ast::function_name;
use crate::script::Script;

/// Renders the expressions of one `SELECT`.
pub(crate) struct Renderer<'a> {
    /// Has the names as they were typed.
    pub(crate) script: &'a Script<'a>,
    /// Names of the relations in the `FROM` clause, in lower case.
    pub(crate) relations: HashSet<String>,
}

/// Arguments that Spark shows although they were not typed: function, number of arguments typed, what is added.
const IMPLIED: &[(&str, usize, &str)] = &[
    ("approx_percentile", 2, "10000"),
    ("bround", 1, "0"),
    ("from_unixtime", 1, "yyyy-MM-dd HH:mm:ss"),
    ("lag", 1, "1, NULL"),
    ("lag", 2, "NULL"),
    ("lead", 1, "1, NULL"),
    ("lead", 2, "NULL"),
    ("locate", 2, "1"),
    ("lpad", 2, " "),
    ("months_between", 2, "true"),
    ("percentile", 2, "1"),
    ("percentile_approx", 2, "10000"),
    ("position", 2, "1"),
    ("regexp_extract", 2, "1"),
    ("regexp_extract_all", 2, "1"),
    ("regexp_replace", 3, "1"),
    ("round", 1, "0"),
    ("rpad", 2, " "),
    ("sort_array", 1, "true"),
    ("split", 2, "-1"),
    ("str_to_map", 1, ",, :"),
    ("str_to_map", 2, ":"),
    ("substr", 2, "2147483647"),
    ("substring", 2, "2147483647"),
    ("to_unix_timestamp", 1, "yyyy-MM-dd HH:mm:ss"),
    ("unix_timestamp", 1, "yyyy-MM-dd HH:mm:ss"),
];

impl Renderer<'_> {
    /// An identifier as it was typed, without its quotes.
    pub(crate) fn typed(&self, ident: &Ident) -> String {
        let typed = self.script.text(self.script.span(ident.span));
        let bare =
            typed.strip_prefix('`').and_then(|typed| typed.strip_suffix('`')).map(|bare| bare.replace("``", "`"));
        let bare = bare.unwrap_or_else(|| typed.to_owned());
        // Names that a rewrite made up have no place in the text.
        if bare.to_lowercase() == ident.value { bare } else { ident.value.clone() }
    }

    /// The name of a column that is `expr`.
    pub(crate) fn name(&self, expr: &Expr) -> String {
        match expr {
            Expr::Cast { expr: inner, .. } if is_column(inner) => self.name(inner),
            Expr::Function(function) => match (type_function(function), super::ast::args(function).as_deref()) {
                (true, Some([inner])) if is_column(inner) => self.name(inner),
                _ => self.expr(expr),
            },
            Expr::CompoundIdentifier(parts) => parts.last().map(|last| self.typed(last)).unwrap_or_default(),
            Expr::Nested(inner) => self.name(inner),
            _ => self.expr(expr),
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        match expr {
            Expr::Identifier(ident) => self.typed(ident),
            Expr::CompoundIdentifier(parts) => self.compound(parts),
            Expr::Value(value) => literal(&value.value),
            Expr::TypedString(typed) => format!("{} {}", typed.data_type, typed.value.value).to_uppercase(),
            Expr::Interval(value) => interval(value),
            Expr::Nested(inner) => self.expr(inner),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => format!("(NOT {})", self.expr(expr)),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if matches!(expr.as_ref(), Expr::Value(_)) => {
                format!("-{}", self.expr(expr))
            }
            Expr::UnaryOp { op, expr } => format!("({op} {})", self.expr(expr)),
            Expr::IsNull(inner) => format!("({} IS NULL)", self.expr(inner)),
            Expr::IsNotNull(inner) => format!("({} IS NOT NULL)", self.expr(inner)),
            Expr::IsTrue(inner) => format!("({} IS TRUE)", self.expr(inner)),
            Expr::IsFalse(inner) => format!("({} IS FALSE)", self.expr(inner)),
            Expr::Between { expr, negated, low, high } => {
                not(*negated, format!("between({}, {}, {})", self.expr(expr), self.expr(low), self.expr(high)))
            }
            Expr::InList { expr, list, negated } => {
                not(*negated, format!("({} IN ({}))", self.expr(expr), self.list(list)))
            }
            Expr::InSubquery { expr, negated, .. } => not(*negated, format!("({} IN (listquery()))", self.expr(expr))),
            Expr::Exists { negated, .. } => not(*negated, "exists()".to_owned()),
            Expr::Subquery(_) => "scalarsubquery()".to_owned(),
            Expr::Like { negated, expr, pattern, .. } => {
                not(*negated, format!("{} LIKE {}", self.expr(expr), self.expr(pattern)))
            }
            Expr::ILike { negated, expr, pattern, .. } => {
                not(*negated, format!("ilike({}, {})", self.expr(expr), self.expr(pattern)))
            }
            Expr::Cast { expr, data_type, .. } => {
                format!("CAST({} AS {})", self.expr(expr), data_type.to_string().to_uppercase())
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                access_chain.iter().fold(self.expr(root), |root, access| format!("{root}{}", self.access(access)))
            }
            Expr::Tuple(values) => format!("struct({})", self.list(values)),
            Expr::Named { expr, .. } => self.expr(expr),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Function(function) => self.function(function),
            other => other.to_string(),
        }
    }

    fn list<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> String {
        exprs.into_iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    /// A column without its relation, or a field of a struct with the column that it is of.
    fn compound(&self, parts: &[Ident]) -> String {
        let qualifiers = parts.iter().position(|part| self.relations.contains(&part.value)).map_or(0, |at| at + 1);
        let shown = if qualifiers < parts.len() { &parts[qualifiers..] } else { parts };
        shown.iter().map(|part| self.typed(part)).collect::<Vec<_>>().join(".")
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> String {
        let (left, right) = match (left, right) {
            (left, Expr::Interval(_)) | (Expr::Interval(_), left) => {
                return format!("{} {op} {}", self.expr(left), self.expr(right));
            }
            sides => (self.expr(sides.0), self.expr(sides.1)),
        };
        match op {
            BinaryOperator::NotEq => format!("(NOT ({left} = {right}))"),
            BinaryOperator::StringConcat => format!("concat({left}, {right})"),
            BinaryOperator::MyIntegerDivide => format!("({left} div {right})"),
            op => format!("({left} {op} {right})"),
        }
    }

    fn case(&self, operand: Option<&Expr>, conditions: &[CaseWhen], otherwise: Option<&Expr>) -> String {
        let mut text = "CASE".to_owned();
        for when in conditions {
            let condition = match operand {
                Some(operand) => format!("({} = {})", self.expr(operand), self.expr(&when.condition)),
                None => self.expr(&when.condition),
            };
            text.push_str(&format!(" WHEN {condition} THEN {}", self.expr(&when.result)));
        }
        if let Some(otherwise) = otherwise {
            text.push_str(&format!(" ELSE {}", self.expr(otherwise)));
        }
        text + " END"
    }

    fn access(&self, access: &AccessExpr) -> String {
        match access {
            AccessExpr::Dot(field) => format!(".{}", self.expr(field)),
            AccessExpr::Subscript(Subscript::Index { index }) => format!("[{}]", self.expr(index)),
            AccessExpr::Subscript(slice) => format!("[{slice}]"),
        }
    }

    fn lambda(&self, lambda: &sqlparser::ast::LambdaFunction) -> String {
        let params: HashSet<&str> = lambda.params.iter().map(|param| param.name.value.as_str()).collect();
        let body = self.expr(&lambda.body);
        let mut shown = String::new();
        // The parameters are words of the body's text; each shows as the same made-up name.
        for word in body.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_')) {
            let name = word.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            if params.contains(name.to_lowercase().as_str()) {
                shown.push_str("namedlambdavariable()");
                shown.push_str(&word[name.len()..]);
            } else {
                shown.push_str(word);
            }
        }
        let variables = vec!["namedlambdavariable()"; params.len()].join(", ");
        format!("lambdafunction({shown}, {variables})")
    }

    fn function(&self, function: &Function) -> String {
        let name = function_name(function).map_or_else(|| function.name.to_string(), |name| name.value.clone());
        let (distinct, mut args) = match &function.args {
            FunctionArguments::List(list) => (
                list.duplicate_treatment == Some(DuplicateTreatment::Distinct),
                list.args.iter().map(|arg| self.arg(arg)).collect::<Vec<_>>(),
            ),
            _ => (false, Vec::new()),
        };
        if let Some((.., implied)) =
            IMPLIED.iter().find(|(function, given, _)| *function == name && *given == args.len())
        {
            args.push((*implied).to_owned());
        }
        let distinct = if distinct { "DISTINCT " } else { "" };
        let mut text = match (name.as_str(), args.as_slice()) {
            ("if", [condition, yes, no]) => format!("(IF({condition}, {yes}, {no}))"),
            ("_trim", [text, what]) => format!("TRIM(BOTH {what} FROM {text})"),
            ("_ltrim", [text, what]) => format!("TRIM(LEADING {what} FROM {text})"),
            ("_rtrim", [text, what]) => format!("TRIM(TRAILING {what} FROM {text})"),
            ("from_json" | "approx_count_distinct", [first, ..]) => format!("{name}({first})"),
            ("isnull", [arg]) => format!("({arg} IS NULL)"),
            ("isnotnull", [arg]) => format!("({arg} IS NOT NULL)"),
            ("date_part", [field, arg]) => format!("extract({field} FROM {arg})"),
            ("rlike" | "rank" | "dense_rank" | "percent_rank", args) => {
                format!("{}({})", name.to_uppercase(), args.join(", "))
            }
            (type_name, [arg]) if type_function(function) => format!("CAST({arg} AS {})", type_name.to_uppercase()),
            (name, args) => format!("{name}({distinct}{})", args.join(", ")),
        };
        if let Some(filter) = &function.filter {
            text.push_str(&format!(" FILTER (WHERE {})", self.expr(filter)));
        }
        match &function.over {
            Some(WindowType::WindowSpec(window)) => format!("{text} OVER ({})", self.window(&name, &args, window)),
            Some(WindowType::NamedWindow(window)) => format!("{text} OVER {}", self.typed(window)),
            None => text,
        }
    }

    fn arg(&self, arg: &FunctionArg) -> String {
        match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.expr(expr),
            // `count(*)` is called `count(1)`.
            FunctionArg::Unnamed(_) => "1".to_owned(),
            FunctionArg::Named { name, arg, .. } => format!("{} => {arg}", self.typed(name)),
            FunctionArg::ExprNamed { .. } => arg.to_string(),
        }
    }

    fn window(&self, function: &str, args: &[String], window: &WindowSpec) -> String {
        let mut parts = Vec::new();
        if !window.partition_by.is_empty() {
            parts.push(format!("PARTITION BY {}", self.list(&window.partition_by)));
        }
        if !window.order_by.is_empty() {
            let keys: Vec<String> = window.order_by.iter().map(|key| self.sort_key(key)).collect();
            parts.push(format!("ORDER BY {}", keys.join(", ")));
        }
        parts.push(self.frame(function, args, window));
        parts.join(" ")
    }

    fn sort_key(&self, key: &OrderByExpr) -> String {
        let ascending = key.options.asc.unwrap_or(true);
        let nulls_first = key.options.nulls_first.unwrap_or(ascending);
        let direction = if ascending { "ASC" } else { "DESC" };
        format!("{} {direction} NULLS {}", self.expr(&key.expr), if nulls_first { "FIRST" } else { "LAST" })
    }

    /// The frame; if none was typed, the one that the function or the order implies.
    fn frame(&self, function: &str, args: &[String], window: &WindowSpec) -> String {
        if let Some(frame) = &window.window_frame {
            let end = frame.end_bound.as_ref().map_or_else(|| "CURRENT ROW".to_owned(), |bound| self.bound(bound));
            return format!("{} BETWEEN {} AND {end}", frame.units, self.bound(&frame.start_bound));
        }
        let offset = args.get(1).and_then(|offset| offset.split(',').next()).unwrap_or("1");
        match function {
            "lag" => format!("ROWS BETWEEN -{offset} FOLLOWING AND -{offset} FOLLOWING"),
            "lead" => format!("ROWS BETWEEN {offset} FOLLOWING AND {offset} FOLLOWING"),
            "row_number" | "rank" | "dense_rank" | "percent_rank" | "ntile" | "cume_dist" => {
                "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW".to_owned()
            }
            _ if window.order_by.is_empty() => "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING".to_owned(),
            _ => "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW".to_owned(),
        }
    }

    fn bound(&self, bound: &WindowFrameBound) -> String {
        match bound {
            WindowFrameBound::CurrentRow => "CURRENT ROW".to_owned(),
            WindowFrameBound::Preceding(None) => "UNBOUNDED PRECEDING".to_owned(),
            WindowFrameBound::Following(None) => "UNBOUNDED FOLLOWING".to_owned(),
            WindowFrameBound::Preceding(Some(offset)) => format!("{} PRECEDING", self.expr(offset)),
            WindowFrameBound::Following(Some(offset)) => format!("{} FOLLOWING", self.expr(offset)),
        }
    }
}

/// Whether an expression is a column or a field of one, whose name a cast keeps.
fn is_column(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
}

/// Whether the call is a cast: `int(a)`, `string(a)`, ..
fn type_function(function: &Function) -> bool {
    function_name(function)
        .is_some_and(|name| crate::functions::cast::TYPE_FUNCTIONS.contains(&name.value.trim_start_matches('_')))
}

fn not(negated: bool, text: String) -> String {
    if negated { format!("(NOT {text})") } else { text }
}

fn literal(value: &Value) -> String {
    match value {
        Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => text.clone(),
        Value::Number(number, _) => number.clone(),
        Value::Null => "NULL".to_owned(),
        Value::Boolean(value) => value.to_string(),
        other => other.to_string(),
    }
}

/// Hours, minutes and seconds show two digits.
fn interval(interval: &Interval) -> String {
    let value = match interval.value.as_ref() {
        Expr::Value(value) => literal(&value.value),
        other => other.to_string(),
    };
    let Some(unit) = &interval.leading_field else { return format!("INTERVAL '{value}'") };
    let unit = unit.to_string().trim_end_matches('S').to_owned();
    let value = match (unit.as_str(), value.parse::<u64>()) {
        ("HOUR" | "MINUTE" | "SECOND", Ok(number)) => format!("{number:02}"),
        _ => value,
    };
    format!("INTERVAL '{value}' {unit}")
}
