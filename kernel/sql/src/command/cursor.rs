//! A place in the tokens of a command, from which it is read word by word.

use std::cell::RefCell;

use aerostat_error::{Error, Result, Span, nearest};
use aerostat_session::Fragment;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::script::Statement;

/// Reads the tokens of one statement from left to right.
pub(crate) struct Cursor<'s> {
    statement: &'s Statement<'s>,
    at: usize,
    /// The words that could have stood here, for typing errors.
    wanted: RefCell<Vec<&'static str>>,
}

impl<'s> Cursor<'s> {
    pub(crate) fn new(statement: &'s Statement<'s>) -> Self {
        Self { statement, at: 0, wanted: RefCell::default() }
    }

    /// Passes over the first words, which decided what statement this is.
    pub(crate) fn skip(&mut self, words: usize) {
        self.advance(words);
    }

    /// Takes these words, separated by spaces, if they come next; their case does not count.
    pub(crate) fn take(&mut self, words: &'static str) -> bool {
        let found = self.comes(words);
        if found {
            self.advance(words.split(' ').count());
        }
        found
    }

    /// Whether these words come next.
    pub(crate) fn comes(&self, words: &'static str) -> bool {
        let found = words.split(' ').enumerate().all(|(offset, word)| self.word_at(self.at + offset, word));
        if !found && let Some(first) = words.split(' ').next() {
            self.wanted.borrow_mut().push(first);
        }
        found
    }

    /// Takes one of these, if one comes next.
    pub(crate) fn take_any(&mut self, choices: &[&'static str]) -> Option<&'static str> {
        choices.iter().copied().find(|words| self.take(words))
    }

    /// These words have to come next.
    pub(crate) fn expect(&mut self, words: &'static str) -> Result<()> {
        if self.take(words) { Ok(()) } else { Err(self.expected(words)) }
    }

    fn word_at(&self, at: usize, wanted: &str) -> bool {
        match self.statement.tokens.get(at).map(|token| &token.token) {
            Some(Token::Word(word)) => word.quote_style.is_none() && word.value.eq_ignore_ascii_case(wanted),
            _ => false,
        }
    }

    fn advance(&mut self, tokens: usize) {
        self.at += tokens;
        self.wanted.get_mut().clear();
    }

    /// Takes a symbol such as `(`, if it comes next.
    pub(crate) fn symbol(&mut self, symbol: &Token) -> bool {
        let found = self.statement.tokens.get(self.at).is_some_and(|token| token.token == *symbol);
        if found {
            self.advance(1);
        }
        found
    }

    /// A symbol has to come next.
    pub(crate) fn expect_symbol(&mut self, symbol: &Token) -> Result<()> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.expected(&symbol.to_string())) }
    }

    /// The name of `what`: one identifier.
    pub(crate) fn identifier(&mut self, what: &str) -> Result<String> {
        match self.statement.tokens.get(self.at).map(|token| &token.token) {
            Some(Token::Word(word)) => {
                let name = word.value.clone();
                self.advance(1);
                Ok(name)
            }
            _ => Err(self.expected(&format!("the name of {what}"))),
        }
    }

    /// The name of `what`: identifiers with dots between them.
    pub(crate) fn name(&mut self, what: &str) -> Result<Vec<String>> {
        let mut parts = vec![self.identifier(what)?];
        while self.symbol(&Token::Period) {
            parts.push(self.identifier(what)?);
        }
        Ok(parts)
    }

    /// A text in quotes.
    pub(crate) fn string(&mut self, what: &str) -> Result<String> {
        match self.statement.tokens.get(self.at).map(|token| &token.token) {
            Some(Token::SingleQuotedString(text) | Token::DoubleQuotedString(text)) => {
                let text = text.clone();
                self.advance(1);
                Ok(text)
            }
            _ => Err(self.expected(&format!("{what} in quotes"))),
        }
    }

    /// A comma-separated list in parentheses.
    pub(crate) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.expect_symbol(&Token::LParen)?;
        let mut items = vec![item(self)?];
        while self.symbol(&Token::Comma) {
            items.push(item(self)?);
        }
        self.expect_symbol(&Token::RParen)?;
        Ok(items)
    }

    /// Nothing may come any more.
    pub(crate) fn end(&self) -> Result<()> {
        if self.is_at_end() { Ok(()) } else { Err(self.expected("the end of the statement")) }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.statement.tokens.len()
    }

    /// The token that comes next.
    pub(crate) fn peek(&self) -> Option<&'s TokenWithSpan> {
        self.statement.tokens.get(self.at)
    }

    /// The token after the one that comes next.
    pub(crate) fn peek_second(&self) -> Option<&'s TokenWithSpan> {
        self.statement.tokens.get(self.at + 1)
    }

    /// Takes the token that comes next.
    pub(crate) fn next(&mut self) -> Option<&'s TokenWithSpan> {
        let token = self.peek()?;
        self.advance(1);
        Some(token)
    }

    /// Everything from here on, as a statement of its own. `what` has to come.
    pub(crate) fn rest(&mut self, what: &str) -> Result<Statement<'s>> {
        let rest = self.statement.part(self.at..).ok_or_else(|| self.expected(what))?;
        self.advance(self.statement.tokens.len() - self.at);
        Ok(rest)
    }

    /// Takes the tokens up to one of these words, if it stands outside of parentheses, or up to the end.
    pub(crate) fn until(&mut self, words: &[&str]) -> Vec<TokenWithSpan> {
        let rest = &self.statement.tokens[self.at.min(self.statement.tokens.len())..];
        let taken = rest[..top_level(rest, words)].to_vec();
        self.advance(taken.len());
        taken
    }

    /// [`Cursor::until`], from the first token of the statement on.
    pub(crate) fn whole_until(&mut self, words: &[&str]) -> Vec<TokenWithSpan> {
        self.until(words);
        self.statement.tokens[..self.at].to_vec()
    }

    /// A statement of these tokens of this one.
    pub(crate) fn statement(&self, tokens: Vec<TokenWithSpan>) -> Statement<'s> {
        Statement { script: self.statement.script, tokens, span: self.statement.span }
    }

    /// Where the next token is; at the end, the place behind the last.
    pub(crate) fn span(&self) -> Span {
        match self.peek() {
            Some(token) => self.statement.script.span(token.span),
            None => Span::new(self.statement.span.end, self.statement.span.end),
        }
    }

    /// What was typed from `start` up to here.
    pub(crate) fn text_from(&self, start: Span) -> &'s str {
        let end = self.at.checked_sub(1).and_then(|last| self.statement.tokens.get(last));
        let end = end.map_or(start.end, |token| self.statement.script.span(token.span).end);
        self.statement.script.text(Span::new(start.start, end))
    }

    /// What was typed between here and the place behind which nothing of it comes: a type such as `DECIMAL(10, 2)`.
    pub(crate) fn type_text(&mut self) -> Result<String> {
        let start = self.span();
        self.identifier("a type")?;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match &token.token {
                Token::LParen | Token::Lt => depth += 1,
                Token::RParen | Token::Gt if depth > 0 => depth -= 1,
                Token::ShiftRight if depth > 1 => depth -= 2,
                _ if depth > 0 => {}
                _ => break,
            }
            self.advance(1);
        }
        Ok(self.text_from(start).to_owned())
    }

    /// The text of an expression, up to a comma or the parenthesis that closes the list it is in.
    pub(crate) fn expression(&mut self, what: &str) -> Result<String> {
        self.fragment(what, &["COMMENT"]).map(|fragment| fragment.text)
    }

    /// An expression: what was typed up to a comma, a closing parenthesis, one of these words or the end, but not within
    /// parentheses or between CASE and END.
    pub(crate) fn fragment(&mut self, what: &str, until: &[&'static str]) -> Result<Fragment> {
        self.piece(what, until, true)
    }

    /// What was typed up to the closing parenthesis.
    pub(crate) fn within(&mut self, what: &str) -> Result<Fragment> {
        self.piece(what, &[], false)
    }

    fn piece(&mut self, what: &str, until: &[&'static str], comma_ends: bool) -> Result<Fragment> {
        let start = self.span();
        let (mut depth, mut cases) = (0_usize, 0_usize);
        while let Some(token) = self.peek() {
            let inside = depth > 0 || cases > 0;
            match &token.token {
                Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
                Token::RParen | Token::RBracket | Token::RBrace if depth > 0 => depth -= 1,
                Token::RParen => break,
                Token::Comma if comma_ends && !inside => break,
                _ if !inside && until.iter().any(|words| self.comes(words)) => break,
                _ if self.comes("CASE") => cases += 1,
                _ if cases > 0 && self.comes("END") => cases -= 1,
                _ => {}
            }
            self.advance(1);
        }
        let text = self.text_from(start);
        match text.is_empty() || self.span() == start {
            true => Err(self.expected(what)),
            false => Ok(Fragment { text: text.to_owned(), at: start.start }),
        }
    }

    /// The error that something else should have come.
    pub(crate) fn expected(&self, what: &str) -> Error {
        let span = self.span();
        let found = match self.is_at_end() {
            true => "the end".to_owned(),
            false => format!("`{}`", self.statement.script.text(span)),
        };
        let word = self.statement.script.text(span);
        let near = nearest(word, self.wanted.borrow().iter());
        let hint = near.first().map(|near| format!("did you mean `{near}`?"));
        Error::syntax(format!("expected {what}, found {found}")).with_span(span).with_hint_opt(hint)
    }
}

/// Where the first of these words stands outside of parentheses; at the end if none does.
pub(crate) fn top_level(tokens: &[TokenWithSpan], words: &[&str]) -> usize {
    let mut depth = 0_usize;
    let found = tokens.iter().position(|token| match &token.token {
        Token::LParen => {
            depth += 1;
            false
        }
        Token::RParen => {
            depth = depth.saturating_sub(1);
            false
        }
        Token::Word(word) if depth == 0 && word.quote_style.is_none() => {
            words.iter().any(|wanted| word.value.eq_ignore_ascii_case(wanted))
        }
        _ => false,
    });
    found.unwrap_or(tokens.len())
}
