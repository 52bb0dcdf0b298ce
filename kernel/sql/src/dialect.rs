//! The SQL that Spark reads, as a dialect of the parser.
//!
//! The parser's own `SparkSqlDialect` lacks backslash escapes, time travel, tablesamples before the alias and others, and
//! gives `DIV` the wrong precedence. One dialect that has it all spares us from trying several in turn, of which the
//! first that happens to accept a text need not be the one that understands it.

use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, Expr, Interval, Value};
use sqlparser::dialect::{DatabricksDialect, Dialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// Spark SQL, with what Databricks and Hive add to queries.
#[derive(Debug)]
pub(crate) struct Spark;

impl Dialect for Spark {
    /// To the parser we are Databricks: only there `array(..)` and `exists(..)` are ordinary functions.
    fn dialect(&self) -> TypeId {
        TypeId::of::<DatabricksDialect>()
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '`'
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_'
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let interval = parser.peek_keyword(Keyword::INTERVAL)
            && matches!(
                parser.peek_nth_token_ref(1).token,
                Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) | Token::Number(..) | Token::Minus
            );
        interval.then(|| {
            parser.next_token();
            parse_interval(parser)
        })
    }

    fn parse_infix(&self, parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
        parser.parse_keyword(Keyword::DIV).then(|| {
            let right = Box::new(parser.parse_subexpr(precedence)?);
            Ok(Expr::BinaryOp { left: Box::new(expr.clone()), op: BinaryOperator::MyIntegerDivide, right })
        })
    }

    /// In Spark `NOT` binds less than a comparison, and `<<` as much as the bitwise operators.
    fn prec_value(&self, precedence: Precedence) -> u8 {
        match precedence {
            Precedence::Period => 100,
            Precedence::DoubleColon => 50,
            Precedence::AtTz => 41,
            Precedence::MulDivModOp => 40,
            Precedence::PlusMinus => 30,
            Precedence::Ampersand => 25,
            Precedence::Caret | Precedence::Xor => 24,
            Precedence::Pipe => 23,
            Precedence::Between | Precedence::Eq => 20,
            Precedence::Like => 19,
            Precedence::Is => 17,
            Precedence::PgOther => 16,
            Precedence::UnaryNot => 15,
            Precedence::And => 10,
            Precedence::Or => 5,
            // Between the bounds of a slice, which Spark does not have: an index is read up to its bracket.
            Precedence::Colon => 1,
        }
    }

    fn supports_string_literal_backslash_escape(&self) -> bool {
        true
    }

    fn ignores_wildcard_escapes(&self) -> bool {
        true
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn supports_within_after_array_aggregation(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_group_by_with_modifier(&self) -> bool {
        true
    }

    fn supports_order_by_all(&self) -> bool {
        true
    }

    fn supports_lambda_functions(&self) -> bool {
        true
    }

    fn supports_select_wildcard_except(&self) -> bool {
        true
    }

    fn supports_select_item_multi_column_alias(&self) -> bool {
        true
    }

    fn supports_struct_literal(&self) -> bool {
        true
    }

    fn supports_nested_comments(&self) -> bool {
        true
    }

    fn supports_long_type_as_bigint(&self) -> bool {
        true
    }

    fn supports_values_as_table_factor(&self) -> bool {
        true
    }

    fn supports_bang_not_operator(&self) -> bool {
        true
    }

    fn supports_cte_without_as(&self) -> bool {
        true
    }

    fn supports_map_literal_with_angle_brackets(&self) -> bool {
        true
    }

    fn supports_table_sample_before_alias(&self) -> bool {
        true
    }

    fn supports_table_versioning(&self) -> bool {
        true
    }

    fn supports_subquery_as_function_arg(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn supports_from_first_select(&self) -> bool {
        true
    }

    fn supports_pipe_operator(&self) -> bool {
        true
    }

    fn supports_string_literal_concatenation(&self) -> bool {
        true
    }
}

/// `INTERVAL 1 DAY`, `INTERVAL '1' DAY '2' HOURS` or `INTERVAL '1 day 2 hours'`, after the keyword.
fn parse_interval(parser: &mut Parser) -> Result<Expr, ParserError> {
    let mut parts = vec![interval_part(parser)?];
    while matches!(parser.peek_token_ref().token, Token::Number(..) | Token::SingleQuotedString(_)) {
        parts.push(interval_part(parser)?);
    }
    let (value, leading_field) = match parts.as_slice() {
        [(value, unit)] => (value.clone(), unit.clone()),
        several => {
            let parts: Vec<String> = several
                .iter()
                .map(|(value, unit)| format!("{value} {}", unit.as_ref().map(ToString::to_string).unwrap_or_default()))
                .collect();
            (parts.join(" "), None)
        }
    };
    Ok(Expr::Interval(Interval {
        value: Box::new(Expr::Value(Value::SingleQuotedString(value).with_empty_span())),
        leading_field,
        leading_precision: None,
        last_field: None,
        fractional_seconds_precision: None,
    }))
}

/// A number, quoted or not, and its unit. Only a quoted text that names its own units may go without.
fn interval_part(parser: &mut Parser) -> Result<(String, Option<sqlparser::ast::DateTimeField>), ParserError> {
    let minus = parser.consume_token(&Token::Minus);
    let token = parser.next_token();
    let (text, quoted) = match token.token {
        Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => (text, true),
        Token::Number(text, _) => (text, false),
        _ => return parser.expected("a number of units", token),
    };
    let text = if minus { format!("-{text}") } else { text };
    if parser.next_token_is_temporal_unit() {
        let unit = parser.parse_date_time_field()?;
        if parser.parse_keyword(Keyword::TO) {
            let last = parser.parse_date_time_field()?;
            return Ok((spelled_out(&text, &unit.to_string(), &last.to_string()), None));
        }
        return Ok((text, Some(unit)));
    }
    match quoted && text.contains(char::is_alphabetic) {
        true => Ok((text, None)),
        false => parser.expected("a unit such as DAY or HOUR", parser.peek_token()),
    }
}

/// `'1 02:03:04' DAY TO SECOND` as `1 DAY 02 HOUR 03 MINUTE 04 SECOND`.
fn spelled_out(value: &str, first: &str, last: &str) -> String {
    const UNITS: [&str; 6] = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
    let place = |unit: &str| UNITS.iter().position(|known| unit.trim_end_matches('S').eq_ignore_ascii_case(known));
    let (first, last) = (place(first).unwrap_or(0), place(last).unwrap_or(5));
    let (sign, value) = value.trim().strip_prefix('-').map_or(("", value.trim()), |value| ("-", value));
    let numbers = value.split([' ', ':', '-']).filter(|number| !number.is_empty());
    let parts = UNITS.iter().skip(first).take(last + 1 - first.min(last)).zip(numbers);
    parts.map(|(unit, number)| format!("{sign}{number} {unit}")).collect::<Vec<_>>().join(" ")
}
