//! A parser of Spark's notation for types and columns.

use aerostat_error::{Error, Object, Result};
use polars::prelude::{DataType, Field, PlSmallStr, Schema, TimeUnit, TimeZone};

/// The names of types without parameters, with all their synonyms.
const PLAIN: &[(&str, DataType)] = &[
    ("boolean", DataType::Boolean),
    ("bool", DataType::Boolean),
    ("tinyint", DataType::Int8),
    ("byte", DataType::Int8),
    ("smallint", DataType::Int16),
    ("short", DataType::Int16),
    ("int", DataType::Int32),
    ("integer", DataType::Int32),
    ("bigint", DataType::Int64),
    ("long", DataType::Int64),
    ("float", DataType::Float32),
    ("real", DataType::Float32),
    ("double", DataType::Float64),
    ("string", DataType::String),
    ("binary", DataType::Binary),
    ("date", DataType::Date),
    ("timestamp", DataType::Datetime(TimeUnit::Microseconds, None)),
    ("timestamp_ntz", DataType::Datetime(TimeUnit::Microseconds, None)),
    ("timestamp_ltz", DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))),
];

/// The names of types with parameters.
const WITH_PARAMETERS: &[&str] = &["decimal", "dec", "numeric", "varchar", "char", "array", "struct"];

/// Types of Spark that polars has no counterpart of.
const MISSING: &[&str] = &["interval", "variant", "void", "geometry", "geography"];

/// Parses one type.
pub(super) fn parse_type(text: &str) -> Result<DataType> {
    let mut parser = Parser { text, rest: text };
    let dtype = parser.dtype()?;
    parser.end()?;
    Ok(dtype)
}

/// Parses `a INT, b STRING NOT NULL COMMENT 'text'`. As in Spark's readers, `NOT NULL` promises nothing.
pub(super) fn parse_columns(text: &str) -> Result<Schema> {
    let mut parser = Parser { text, rest: text };
    let mut schema = Schema::default();
    loop {
        let name = parser.name()?;
        parser.eat(":");
        let dtype = parser.dtype()?;
        parser.modifiers()?;
        if schema.insert(PlSmallStr::from_str(&name), dtype).is_some() {
            return Err(Error::already_exists(Object::Column, name));
        }
        if !parser.eat(",") {
            parser.end()?;
            return Ok(schema);
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn dtype(&mut self) -> Result<DataType> {
        let word = self.word()?;
        let lower = word.to_lowercase();
        if let Some((_, dtype)) = PLAIN.iter().find(|(name, _)| *name == lower) {
            return Ok(dtype.clone());
        }
        match lower.as_str() {
            "decimal" | "dec" | "numeric" => self.decimal(),
            "varchar" | "char" => {
                self.numbers()?;
                Ok(DataType::String)
            }
            "array" => {
                self.expect("<")?;
                let inner = self.dtype()?;
                self.expect(">")?;
                Ok(DataType::List(Box::new(inner)))
            }
            "struct" => self.fields(),
            "map" => Err(Error::not_supported("frames have no type `MAP`")
                .with_hint("its entries can be kept as `ARRAY<STRUCT<key: .., value: ..>>`; `map_from_entries` makes a map of them")),
            missing if MISSING.contains(&missing) => Err(Error::not_supported(format!("frames have no type `{word}`"))),
            _ => {
                let known = PLAIN.iter().map(|(name, _)| *name).chain(WITH_PARAMETERS.iter().copied());
                Err(Error::not_found_among(Object::Type, word, known))
            }
        }
    }

    fn decimal(&mut self) -> Result<DataType> {
        let (precision, scale) = match self.numbers()?.as_slice() {
            [] => (10, 0),
            [precision] => (*precision, 0),
            [precision, scale] => (*precision, *scale),
            _ => return Err(self.unexpected("`decimal(precision, scale)`")),
        };
        if precision == 0 || precision > 38 || scale > precision {
            return Err(Error::invalid_argument(format!("there is no decimal({precision},{scale})"))
                .with_hint("the precision is between 1 and 38, and the scale not larger"));
        }
        Ok(DataType::Decimal(precision, scale))
    }

    fn fields(&mut self) -> Result<DataType> {
        self.expect("<")?;
        let mut fields = Vec::new();
        while !self.eat(">") {
            if !fields.is_empty() {
                self.expect(",")?;
            }
            let name = self.name()?;
            self.eat(":");
            let dtype = self.dtype()?;
            self.modifiers()?;
            fields.push(Field::new(name.into(), dtype));
        }
        Ok(DataType::Struct(fields))
    }

    /// `NOT NULL` and `COMMENT 'text'`.
    fn modifiers(&mut self) -> Result<()> {
        if self.eat_word("not") && !self.eat_word("null") {
            return Err(self.unexpected("`NULL`"));
        }
        if self.eat_word("comment") {
            self.string()?;
        }
        Ok(())
    }

    /// The numbers in parentheses, if there are any.
    fn numbers(&mut self) -> Result<Vec<usize>> {
        let mut numbers = Vec::new();
        if !self.eat("(") {
            return Ok(numbers);
        }
        loop {
            let word = self.word()?;
            numbers.push(word.parse().map_err(|_| Error::syntax(format!("`{word}` is not a number")))?);
            if !self.eat(",") {
                self.expect(")")?;
                return Ok(numbers);
            }
        }
    }

    fn name(&mut self) -> Result<String> {
        match self.rest.trim_start().strip_prefix('`') {
            None => self.word().map(str::to_owned),
            Some(quoted) => {
                let close = quoted.find('`').ok_or_else(|| self.unexpected("a closing back-quote"))?;
                self.rest = &quoted[close + 1..];
                Ok(quoted[..close].to_owned())
            }
        }
    }

    fn string(&mut self) -> Result<()> {
        let rest = self.rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let close = quote.and_then(|quote| rest[1..].find(quote)).ok_or_else(|| self.unexpected("a text in quotes"))?;
        self.rest = &rest[close + 2..];
        Ok(())
    }

    fn word(&mut self) -> Result<&'a str> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            return Err(self.unexpected("a name"));
        }
        self.rest = &rest[end..];
        Ok(&rest[..end])
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let before = self.rest;
        let found = self.word().is_ok_and(|next| next.eq_ignore_ascii_case(word));
        if !found {
            self.rest = before;
        }
        found
    }

    fn eat(&mut self, symbol: &str) -> bool {
        match self.rest.trim_start().strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    fn end(&mut self) -> Result<()> {
        if self.rest.trim().is_empty() { Ok(()) } else { Err(self.unexpected("the end")) }
    }

    fn unexpected(&self, wanted: &str) -> Error {
        let found = match self.rest.trim() {
            "" => "the end".to_owned(),
            rest => format!("`{rest}`"),
        };
        Error::syntax(format!("expected {wanted} but found {found} in `{}`", self.text))
            .with_hint("types are written as in `id INT, price DECIMAL(10,2), tags ARRAY<STRING>`")
    }
}
