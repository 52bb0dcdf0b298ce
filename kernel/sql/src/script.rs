//! The text of a cell: its tokens, where they stand, and the statements between the semicolons.

use aerostat_error::{Error, Result, Span};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, TokenizerError};

use crate::dialect::Spark;

/// A text with the means to tell where the parser's lines and columns are in it.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    text: &'a str,
    line_starts: Vec<usize>,
}

/// One statement of a script: its tokens without space and comments, and its text from the first to the last of them.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    /// The script that it is part of.
    pub(crate) script: &'a Script<'a>,
    /// At least one.
    pub(crate) tokens: Vec<TokenWithSpan>,
    /// The bytes of the script that it covers.
    pub(crate) span: Span,
}

impl<'a> Script<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        Self { text, line_starts }
    }

    /// Cuts the text at its semicolons.
    pub(crate) fn statements(&self) -> Result<Vec<Statement<'_>>> {
        let tokens =
            Tokenizer::new(&Spark, self.text).tokenize_with_location().map_err(|error| self.untokenizable(&error))?;
        let mut statements = Vec::new();
        let mut current = Vec::new();
        for token in tokens {
            match token.token {
                Token::Whitespace(_) | Token::EOF => {}
                Token::SemiColon => statements.extend(self.statement(std::mem::take(&mut current))),
                _ => current.push(token),
            }
        }
        statements.extend(self.statement(current));
        Ok(statements)
    }

    fn statement<'s>(&'s self, tokens: Vec<TokenWithSpan>) -> Option<Statement<'s>> {
        let start = self.span(tokens.first()?.span).start;
        let end = self.span(tokens.last()?.span).end;
        Some(Statement { script: self, tokens, span: Span::new(start, end) })
    }

    fn untokenizable(&self, error: &TokenizerError) -> Error {
        let message = error.message.to_lowercase();
        let start = self.offset(error.location);
        let end = self.text[start..].find('\n').map_or(self.text.len(), |newline| start + newline);
        let hint = message.contains("unterminated").then(|| "close it with the quote that it begins with".to_owned());
        Error::syntax(message).with_span(Span::new(start, end)).with_hint_opt(hint)
    }

    /// The bytes that a span of the parser covers.
    pub(crate) fn span(&self, span: sqlparser::tokenizer::Span) -> Span {
        let start = self.offset(span.start);
        Span::new(start, self.offset(span.end).max(start))
    }

    /// The byte at a place of the parser, whose lines and columns count characters from 1.
    pub(crate) fn offset(&self, at: Location) -> usize {
        let line = usize::try_from(at.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(&start) = self.line_starts.get(line) else { return self.text.len() };
        let column = usize::try_from(at.column.saturating_sub(1)).unwrap_or(usize::MAX);
        self.text[start..].char_indices().nth(column).map_or(self.text.len(), |(offset, _)| start + offset)
    }

    /// The text that a span covers.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

impl<'a> Statement<'a> {
    /// The statement as it was typed.
    pub(crate) fn text(&self) -> &'a str {
        self.script.text(self.span)
    }

    /// Where the first token stands that spells `name`, whatever its case: for errors that come without a place.
    pub(crate) fn find(&self, name: &str) -> Option<Span> {
        let wanted = name.to_lowercase();
        let found = self.tokens.iter().find(|token| match &token.token {
            Token::Word(word) => word.value.to_lowercase() == wanted,
            _ => false,
        })?;
        Some(self.script.span(found.span))
    }

    /// [`Statement::find`], with what stands before it and a period: the whole of `schema.table`.
    pub(crate) fn find_whole(&self, name: &str) -> Option<Span> {
        let last = self.find(name)?;
        let mut at = self.tokens.iter().position(|token| self.script.span(token.span) == last)?;
        while at >= 2
            && self.tokens[at - 1].token == Token::Period
            && matches!(self.tokens[at - 2].token, Token::Word(_))
        {
            at -= 2;
        }
        Some(Span::new(self.script.span(self.tokens[at].span).start, last.end))
    }

    /// Whether a word comes anywhere in it, not as a name in quotes.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| match &token.token {
            Token::Word(found) => found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word),
            _ => false,
        })
    }

    /// [`Statement::find`], but not behind a period.
    pub(crate) fn find_unqualified(&self, name: &str) -> Option<Span> {
        let wanted = name.to_lowercase();
        let found = self.tokens.iter().enumerate().find(|(at, token)| {
            let qualified = at.checked_sub(1).is_some_and(|before| self.tokens[before].token == Token::Period);
            !qualified && matches!(&token.token, Token::Word(word) if word.value.to_lowercase() == wanted)
        })?;
        Some(self.script.span(found.1.span))
    }

    /// The token that stands at a byte of the script.
    pub(crate) fn token_at(&self, offset: usize) -> Option<Span> {
        self.tokens.iter().map(|token| self.script.span(token.span)).find(|span| span.start == offset)
    }

    /// The statement that `tokens` of this one make up.
    pub(crate) fn part(&self, tokens: std::ops::RangeFrom<usize>) -> Option<Statement<'a>> {
        self.script.statement(self.tokens.get(tokens)?.to_vec())
    }
}
