//! Functions of SQL: `CREATE FUNCTION`, `DROP FUNCTION`, `DESCRIBE FUNCTION`, `SHOW FUNCTIONS`.

use aerostat_error::{Error, Object, Result, Span};
use aerostat_metastore::{CATALOG, Function, OnExists, Parameter, Returns};
use aerostat_session::{join_name, types};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows, rows};
use crate::query::{self, Catalog};

/// What may stand between the parameters and the body, and changes nothing.
const CHARACTERISTICS: &[&str] =
    &["LANGUAGE SQL", "NOT DETERMINISTIC", "DETERMINISTIC", "CONTAINS SQL", "READS SQL DATA"];

/// `CREATE FUNCTION [IF NOT EXISTS] name ..`.
pub(super) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let on_exists = if cursor.take("IF NOT EXISTS") { OnExists::Ignore } else { OnExists::Error };
    stored(cursor, context, on_exists)
}

/// `CREATE OR REPLACE FUNCTION name ..`.
pub(super) fn replace(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    stored(cursor, context, OnExists::Replace)
}

/// `CREATE TEMPORARY FUNCTION name ..`: until the session ends.
pub(super) fn create_temporary(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let span = cursor.span();
    let (name, function) = temporary(cursor)?;
    match context.session.temp_function(&name) {
        Some(_) if if_not_exists => return Ok(None),
        Some(_) => {
            return Err(Error::already_exists(Object::Function, name)
                .with_span(span)
                .with_hint("say CREATE OR REPLACE TEMPORARY FUNCTION"));
        }
        None => {}
    }
    context.session.create_temp_function(&name, function.clone());
    check(context, std::slice::from_ref(&name), &function).inspect_err(|_| {
        context.session.drop_temp_function(&name);
    })
}

/// `CREATE OR REPLACE TEMPORARY FUNCTION name ..`.
pub(super) fn replace_temporary(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let (name, function) = temporary(cursor)?;
    let before = context.session.temp_function(&name);
    context.session.create_temp_function(&name, function.clone());
    check(context, std::slice::from_ref(&name), &function).inspect_err(|_| match before {
        Some(before) => context.session.create_temp_function(&name, before),
        None => {
            context.session.drop_temp_function(&name);
        }
    })
}

fn temporary(cursor: &mut Cursor<'_>) -> Result<(String, Function)> {
    let span = cursor.span();
    let Ok([name]) = <[String; 1]>::try_from(cursor.name("a function")?) else {
        return Err(Error::invalid_argument("a temporary function is in no database").with_span(span));
    };
    Ok((name, definition(cursor, span, String::new())?))
}

fn stored(cursor: &mut Cursor<'_>, context: &Context<'_>, on_exists: OnExists) -> Rows {
    let span = cursor.span();
    let name = context.qualify(&cursor.name("a function")?)?;
    let function = definition(cursor, span, context.session.current_schema())?;
    let metastore = context.session.metastore();
    let before = metastore.find_function(&name)?;
    metastore.create_function(&name, &function, on_exists)?;
    let parts = [name.schema.clone(), name.table.clone()];
    check(context, &parts, &function).inspect_err(|_| {
        // As if it had not been tried.
        let _ = match &before {
            Some((_, before)) => metastore.create_function(&name, before, OnExists::Replace).map(|()| true),
            None => metastore.drop_function(&name),
        };
    })
}

/// `([name type [DEFAULT expression], ..]) [RETURNS ..] [COMMENT ..] RETURN body`.
fn definition(cursor: &mut Cursor<'_>, span: Span, current_schema: String) -> Result<Function> {
    if cursor.comes("AS") {
        return Err(Error::not_supported("CREATE FUNCTION .. AS a class is not supported")
            .with_span(span)
            .with_hint("there is no Java here; write it in SQL: `CREATE FUNCTION f(x INT) RETURNS INT RETURN x + 1`"));
    }
    let parameters = parameters(cursor)?;
    let (mut returns, mut comment) = (Returns::Value(None), None);
    loop {
        if cursor.take("RETURNS TABLE") {
            let given = cursor.peek().is_some_and(|token| token.token == Token::LParen);
            returns = Returns::Table(if given { cursor.list(column)? } else { Vec::new() });
        } else if cursor.take("RETURNS") {
            returns = Returns::Value(Some(dtype(cursor)?));
        } else if cursor.take("COMMENT") {
            comment = Some(cursor.string("a comment")?);
        } else if cursor.take_any(CHARACTERISTICS).is_none() {
            break;
        }
    }
    cursor.expect("RETURN")?;
    let body = cursor.rest("an expression or a query")?.text().to_owned();
    Ok(Function { parameters, returns, body, current_schema, comment })
}

fn parameters(cursor: &mut Cursor<'_>) -> Result<Vec<Parameter>> {
    cursor.expect_symbol(&Token::LParen)?;
    let mut parameters: Vec<Parameter> = Vec::new();
    while !cursor.symbol(&Token::RParen) {
        if !parameters.is_empty() {
            cursor.expect_symbol(&Token::Comma)?;
        }
        let span = cursor.span();
        let (name, dtype) = column(cursor)?;
        if parameters.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
            return Err(Error::invalid_argument(format!("there are two parameters `{name}`")).with_span(span));
        }
        let default = if cursor.take("DEFAULT") { Some(cursor.expression("a value")?) } else { None };
        if cursor.take("COMMENT") {
            cursor.string("a comment")?;
        }
        parameters.push(Parameter { name, dtype, default });
    }
    Ok(parameters)
}

fn column(cursor: &mut Cursor<'_>) -> Result<(String, String)> {
    Ok((cursor.identifier("a parameter")?, dtype(cursor)?))
}

/// A type, in Spark's words.
fn dtype(cursor: &mut Cursor<'_>) -> Result<String> {
    let span = cursor.span();
    let text = cursor.type_text()?;
    types::parse(&text).map(|_| text).map_err(|error| error.with_span(span))
}

/// Plans a call: a function that cannot be called is not created.
fn check(context: &Context<'_>, name: &[String], function: &Function) -> Rows {
    let args: Vec<String> = function.parameters.iter().map(|of| format!("CAST(NULL AS {})", of.dtype)).collect();
    let call = format!("{}({})", join_name(name), args.join(", "));
    let text = match function.returns {
        Returns::Value(_) => format!("SELECT {call}"),
        Returns::Table(_) => format!("SELECT * FROM {call}"),
    };
    let planned = query::plan_text(&Catalog::new(context.core, context.session), &text);
    planned.map(|_| None).map_err(Error::without_span)
}

/// `DROP FUNCTION [IF EXISTS] name`.
pub(super) fn drop_stored(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let span = cursor.span();
    let name = context.qualify(&cursor.name("a function")?)?;
    cursor.end()?;
    match context.session.metastore().drop_function(&name)? || if_exists {
        true => Ok(None),
        false => Err(not_found(context, &name.table).with_span(span)),
    }
}

/// `DROP TEMPORARY FUNCTION [IF EXISTS] name`.
pub(super) fn drop_temporary(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let span = cursor.span();
    let name = cursor.identifier("a function")?;
    cursor.end()?;
    match context.session.drop_temp_function(&name) || if_exists {
        true => Ok(None),
        false => Err(not_found(context, &name).with_span(span)),
    }
}

fn not_found(context: &Context<'_>, name: &str) -> Error {
    let schema = context.session.current_schema();
    let stored = context.session.metastore().functions(&schema).unwrap_or_default();
    let names = stored.into_iter().map(|(name, _)| name.table).chain(context.session.temp_functions());
    Error::not_found_among(Object::Function, name, names.collect::<Vec<_>>())
}

/// `DESCRIBE FUNCTION [EXTENDED] name`.
pub(super) fn describe(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let extended = cursor.take("EXTENDED");
    let span = cursor.span();
    let parts = cursor.name("a function")?;
    cursor.end()?;
    let shown = join_name(&parts).to_lowercase();
    let registry = &context.core.registry;
    if parts.len() == 1 && registry.names().contains(&shown) {
        return rows::texts(["function_desc"], vec![[format!("Function: {shown}")]]);
    }
    let Some(function) = context.session.function(&parts, &context.session.current_schema())? else {
        let names = registry.names().into_iter().chain(context.session.temp_functions());
        return Err(Error::not_found_among(Object::Function, &shown, names.collect::<Vec<_>>()).with_span(span));
    };
    let name = match context.session.temp_function(&parts.join(".")) {
        Some(_) => shown,
        None => format!("{CATALOG}.{}", context.qualify(&parts)?),
    };
    rows::texts(["function_desc"], description(&name, &function, extended).into_iter().map(|line| [line]).collect())
}

/// Spark's lines about a function.
fn description(name: &str, function: &Function, extended: bool) -> Vec<String> {
    let parameters = function.parameters.iter().map(|of| format!("{} {}", of.name, of.dtype.to_uppercase()));
    let (kind, returns) = match &function.returns {
        Returns::Value(dtype) => ("SCALAR", dtype.as_deref().unwrap_or_default().to_uppercase()),
        Returns::Table(columns) => {
            let columns = columns.iter().map(|(name, dtype)| format!("{name} {}", dtype.to_uppercase()));
            ("TABLE", columns.collect::<Vec<_>>().join(", "))
        }
    };
    let mut lines = vec![
        format!("Function: {name}"),
        format!("Type:     {kind}"),
        format!("Input:    {}", parameters.collect::<Vec<_>>().join(", ")),
        format!("Returns:  {returns}"),
    ];
    if extended {
        lines.extend(function.comment.iter().map(|comment| format!("Comment:  {comment}")));
        lines.push(format!("Body:     {}", function.body));
    }
    lines
}

/// `SHOW [USER | SYSTEM | ALL] FUNCTIONS [IN schema] [[LIKE] pattern]`.
pub(super) fn show(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    listing(cursor, context, true, true)
}

/// `SHOW USER FUNCTIONS`.
pub(super) fn show_user(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    listing(cursor, context, false, true)
}

/// `SHOW SYSTEM FUNCTIONS`.
pub(super) fn show_system(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    listing(cursor, context, true, false)
}

fn listing(cursor: &mut Cursor<'_>, context: &Context<'_>, system: bool, user: bool) -> Rows {
    let schema = super::show::in_schema(cursor)?.unwrap_or_else(|| context.session.current_schema());
    let pattern = super::show::pattern(cursor)?;
    let mut all = if system { context.core.registry.names() } else { Vec::new() };
    if user {
        let stored = context.session.metastore().functions(&schema)?;
        all.extend(context.session.temp_functions());
        all.extend(stored.into_iter().map(|(name, _)| format!("{CATALOG}.{name}")));
    }
    let fits = |name: &String| {
        let last = name.rsplit('.').next().unwrap_or(name);
        rows::fits(last, pattern.as_deref())
    };
    rows::texts(["function"], all.into_iter().filter(fits).map(|name| [name]).collect())
}
