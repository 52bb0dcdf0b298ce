//! From the tokens of a statement to the parser's tree of a query, all names in lower case.

use aerostat_error::Result;
use sqlparser::ast::Query;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::errors::unparsable;
use crate::dialect::Spark;
use crate::script::Statement;

/// How deeply expressions and queries may be nested; the stack that they are planned on is made for it.
const MAX_DEPTH: usize = 400;

/// Parses a statement that is a query.
pub(crate) fn query(statement: &Statement<'_>) -> Result<Query> {
    let mut parser = Parser::new(&Spark).with_recursion_limit(MAX_DEPTH).with_tokens_with_locations(folded(statement));
    let parsed = parser.parse_query().and_then(|query| {
        parser.expect_token(&Token::EOF)?;
        Ok(*query)
    });
    parsed.map_err(|error| unparsable(&error, statement))
}

/// The tokens with words in lower case, number literals that say their type (`1.5D`) as casts, raw texts (`r'\d'`) as they
/// were typed, and `TRIM(BOTH FROM a)` as `TRIM(BOTH ' ' FROM a)`.
fn folded(statement: &Statement<'_>) -> Vec<TokenWithSpan> {
    let mut folded: Vec<TokenWithSpan> = Vec::with_capacity(statement.tokens.len());
    for (at, token) in statement.tokens.iter().enumerate() {
        if is_for_version(&statement.tokens[at..]) {
            continue;
        }
        if let Some(versioned) = versioned(&folded, token) {
            folded.truncate(folded.len() - 2);
            folded.push(versioned);
            continue;
        }
        match &token.token {
            Token::Word(word) => {
                if let Some(number) = folded.last().filter(|last| last.span.end == token.span.start)
                    && let (Token::Number(digits, _), Some(dtype)) = (&number.token, typed_by(word))
                {
                    // A decimal is what a number with a point is anyway.
                    if dtype != "decimal" {
                        let literal = cast_tokens(digits.clone(), dtype, number.span);
                        folded.pop();
                        folded.extend(literal);
                    }
                    continue;
                }
                if word.keyword == Keyword::FROM && trims_spaces(&folded) {
                    folded.push(TokenWithSpan { token: Token::SingleQuotedString(" ".to_owned()), span: token.span });
                }
                let value = if is_path(&folded) { word.value.clone() } else { word.value.to_lowercase() };
                let word = Word { value, quote_style: word.quote_style, keyword: word.keyword };
                folded.push(TokenWithSpan { token: Token::Word(word), span: token.span });
            }
            Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) if is_raw(&folded, token) => {
                let typed = statement.script.text(statement.script.span(token.span));
                let raw = typed.get(1..typed.len().saturating_sub(1)).unwrap_or_default().to_owned();
                folded.pop();
                folded.push(TokenWithSpan { token: Token::SingleQuotedString(raw), span: token.span });
            }
            Token::Number(digits, true) => folded.extend(cast_tokens(digits.clone(), "_bigint", token.span)),
            _ => folded.push(token.clone()),
        }
    }
    folded
}

/// Whether the tokens so far end in `TRIM(BOTH`, which does not say what is to be trimmed if a `FROM` follows.
fn trims_spaces(before: &[TokenWithSpan]) -> bool {
    let [.., name, open, side] = before else { return false };
    let is = |token: &TokenWithSpan, keywords: &[Keyword]| matches!(&token.token, Token::Word(word) if keywords.contains(&word.keyword));
    let sides = [Keyword::BOTH, Keyword::LEADING, Keyword::TRAILING];
    is(name, &[Keyword::TRIM]) && open.token == Token::LParen && is(side, &sides)
}

/// Whether a `FOR` comes that means nothing: `t FOR VERSION AS OF 3` is `t VERSION AS OF 3`.
fn is_for_version(tokens: &[TokenWithSpan]) -> bool {
    let is = |at: usize, words: &[&str]| match tokens.get(at).map(|token| &token.token) {
        Some(Token::Word(word)) => {
            word.quote_style.is_none() && words.iter().any(|other| word.value.eq_ignore_ascii_case(other))
        }
        _ => false,
    };
    is(0, &["FOR"]) && is(1, &["VERSION", "TIMESTAMP"]) && is(2, &["AS"]) && is(3, &["OF"])
}

/// `t@v3` and `t@20240131120000000` as one name, if `token` is the last of its three tokens.
fn versioned(before: &[TokenWithSpan], token: &TokenWithSpan) -> Option<TokenWithSpan> {
    let [.., table, at] = before else { return None };
    let (Token::Word(name), Token::AtSign) = (&table.token, &at.token) else { return None };
    let suffix = match &token.token {
        Token::Word(word) => word.value.to_lowercase(),
        Token::Number(digits, false) => digits.clone(),
        _ => return None,
    };
    let adjacent = table.span.end == at.span.start && at.span.end == token.span.start;
    let value = format!("{}@{suffix}", name.value);
    let word = Word { value, quote_style: Some('`'), keyword: Keyword::NoKeyword };
    let span = sqlparser::tokenizer::Span::new(table.span.start, token.span.end);
    adjacent.then_some(TokenWithSpan { token: Token::Word(word), span })
}

/// Whether a text has the `r` right before it that keeps its backslashes.
fn is_raw(before: &[TokenWithSpan], text: &TokenWithSpan) -> bool {
    before.last().is_some_and(|last| {
        last.span.end == text.span.start && matches!(&last.token, Token::Word(word) if word.value == "r")
    })
}

/// The type that a letter after a number stands for.
fn typed_by(word: &Word) -> Option<&'static str> {
    Some(match word.value.to_lowercase().as_str() {
        "d" => "double",
        "f" => "float",
        // Not a cast of the user's: of a literal it is known how many digits it has.
        "l" => "_bigint",
        "s" => "smallint",
        "y" => "tinyint",
        "bd" => "decimal",
        _ => return None,
    })
}

fn cast_tokens(digits: String, dtype: &str, span: sqlparser::tokenizer::Span) -> [TokenWithSpan; 4] {
    let name = Word { value: dtype.to_owned(), quote_style: None, keyword: Keyword::NoKeyword };
    [Token::Word(name), Token::LParen, Token::Number(digits, false), Token::RParen]
        .map(|token| TokenWithSpan { token, span })
}

/// Whether the tokens so far end in the name of a format and a period: what follows is a path, which has its case.
fn is_path(before: &[TokenWithSpan]) -> bool {
    match before {
        [.., TokenWithSpan { token: Token::Word(format), .. }, TokenWithSpan { token: Token::Period, .. }] => {
            ["delta", "parquet", "csv", "json", "ipc", "arrow", "text", "orc"].contains(&format.value.as_str())
        }
        _ => false,
    }
}
