//! Which SerDe a table of text has, as Hive's properties say it.

use std::collections::BTreeMap;

use aerostat_error::{Error, Result};

use super::lazy::Lazy;
use super::opencsv::OpenCsv;

/// The option that names the class of the SerDe.
pub const LIBRARY: &str = "serialization.lib";

/// The class that splits lines at a character.
pub const LAZY_SIMPLE: &str = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

/// The class that understands quotes.
pub const OPEN_CSV: &str = "org.apache.hadoop.hive.serde2.OpenCSVSerde";

/// The option with the text that stands for null.
pub const NULL_FORMAT: &str = "serialization.null.format";

/// The property of a table with the number of lines before the first row of each file.
pub const SKIP_HEADER: &str = "skip.header.line.count";

/// A property of tables that nobody would notice being ignored, until a sum is wrong.
const SKIP_FOOTER: &str = "skip.footer.line.count";

/// Every option that a SerDe can have.
pub(crate) const OPTIONS: &[&str] = &[
    LIBRARY,
    NULL_FORMAT,
    "collection.delim",
    "colelction.delim",
    "escape.delim",
    "escapeChar",
    "field.delim",
    "line.delim",
    "mapkey.delim",
    "quoteChar",
    "separatorChar",
    "serialization.format",
];

/// Options of `LazySimpleSerDe` that change nothing here.
const WITHOUT_EFFECT: &[&str] = &[LIBRARY, "serialization.format"];

/// What finds the values in a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Serde {
    /// Nothing: the line is the value.
    Lines,
    /// Hive's `LazySimpleSerDe`.
    Lazy(Lazy),
    /// Hive's `OpenCSVSerde`.
    OpenCsv(OpenCsv),
}

/// The last part of the name of a class.
pub fn class_name(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

impl Serde {
    /// The SerDe that the options of a table of text tell of.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self> {
        let given = Given(options);
        match options.get(LIBRARY).map(|class| class_name(class)) {
            None => given.only("a table of lines", &[]).map(|()| Self::Lines),
            Some("LazySimpleSerDe") => given.lazy().map(Self::Lazy),
            Some("OpenCSVSerde") => given.open_csv().map(Self::OpenCsv),
            Some(other) => Err(Error::not_supported(format!("the SerDe `{other}` is not supported"))
                .with_hint(format!("there are `{}` and `{}`", class_name(LAZY_SIMPLE), class_name(OPEN_CSV)))),
        }
    }

    /// The lines before the first row of each file, as the table's properties say.
    pub fn skipped(properties: &BTreeMap<String, String>) -> Result<usize> {
        if properties.get(SKIP_FOOTER).is_some_and(|count| count.trim() != "0") {
            return Err(Error::not_supported(format!("the table property `{SKIP_FOOTER}` is not supported"))
                .with_hint("remove the last lines from the files"));
        }
        let Some(count) = properties.get(SKIP_HEADER) else { return Ok(0) };
        count.trim().parse().map_err(|_| {
            Error::invalid_argument(format!("the table property `{SKIP_HEADER}` is `{count}`, but must be a number"))
        })
    }
}

/// The options, as they are asked for.
struct Given<'a>(&'a BTreeMap<String, String>);

impl Given<'_> {
    fn lazy(&self) -> Result<Lazy> {
        // Hive up to version 2 misspells the second one, and so do the tables of its users.
        let fields = self.character(&["field.delim"])?;
        let items = self.character(&["collection.delim", "colelction.delim"])?;
        let keys = self.character(&["mapkey.delim"])?;
        let escape = self.character(&["escape.delim"])?;
        if self.character(&["line.delim"])?.is_some_and(|end| end != b'\n') {
            return Err(Error::not_supported("LINES TERMINATED BY anything but '\\n' is not supported")
                .with_hint("nor is it in Hive"));
        }
        let known = ["field.delim", "collection.delim", "colelction.delim", "mapkey.delim", "escape.delim"];
        self.only("`LazySimpleSerDe`", &[&known[..], &["line.delim", NULL_FORMAT], WITHOUT_EFFECT].concat())?;
        let null = self.0.get(NULL_FORMAT).map_or("\\N", String::as_str);
        Ok(Lazy::new([fields, items, keys], escape, null))
    }

    fn open_csv(&self) -> Result<OpenCsv> {
        let separator = self.character(&["separatorChar"])?.unwrap_or(b',');
        let quote = self.character(&["quoteChar"])?.unwrap_or(b'"');
        let escape = self.character(&["escapeChar"])?.unwrap_or(b'\\');
        self.only("`OpenCSVSerde`", &[&["separatorChar", "quoteChar", "escapeChar"], WITHOUT_EFFECT].concat())?;
        Ok(OpenCsv { separator, quote, escape })
    }

    /// One character, or its number.
    fn character(&self, names: &[&str]) -> Result<Option<u8>> {
        let Some((name, text)) = names.iter().find_map(|name| self.0.get_key_value(*name)) else { return Ok(None) };
        match (text.as_bytes(), octal(text), text.parse::<i8>()) {
            (_, Some(byte), _) => Ok(Some(byte)),
            ([byte], _, Err(_)) if byte.is_ascii() => Ok(Some(*byte)),
            (_, _, Ok(number)) if number >= 0 => Ok(Some(number.unsigned_abs())),
            _ => Err(Error::invalid_argument(format!("`{name}` is `{text}`, but must be one character of ASCII"))
                .with_hint("a SerDe separates by single characters")),
        }
    }

    fn only(&self, what: &str, known: &[&str]) -> Result<()> {
        let unknown = self.0.keys().find(|name| !known.contains(&name.as_str()));
        match unknown {
            None => Ok(()),
            Some(name) => Err(Error::not_supported(format!("`{name}` of {what} is not supported"))
                .with_hint_opt(aerostat_error::did_you_mean(name, known))),
        }
    }
}

/// `\001`, as Hive's users write characters that cannot be typed.
fn octal(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('\\').or_else(|| text.strip_prefix('\0'))?;
    let all = !digits.is_empty() && digits.len() <= 3;
    u8::from_str_radix(digits, 8).ok().filter(|byte| all && byte.is_ascii())
}
