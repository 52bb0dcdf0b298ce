//! How a table is stored: `USING`, `STORED AS`, `ROW FORMAT`.

use std::collections::BTreeMap;

use aerostat_error::{Error, Result};
use aerostat_metastore::Format;
use aerostat_session::hive::{LAZY_SIMPLE, LIBRARY, NULL_FORMAT, Serde, class_name};

use super::cursor::Cursor;
use super::properties::pairs;

/// Formats by the words after `STORED AS`.
const STORED_AS: &[(&str, Format)] = &[
    ("TEXTFILE", Format::Text),
    ("PARQUET", Format::Parquet),
    ("JSONFILE", Format::Json),
    ("DELTA", Format::Delta),
    ("CSV", Format::Csv),
    ("JSON", Format::Json),
    ("IPC", Format::Ipc),
];

/// Formats by the SerDe that reads them, besides text.
const SERDES: &[(&str, Format)] = &[("JsonSerDe", Format::Json), ("ParquetHiveSerDe", Format::Parquet)];

/// Formats by the class after `INPUTFORMAT`.
const INPUTS: &[(&str, Format)] = &[("TextInputFormat", Format::Text), ("MapredParquetInputFormat", Format::Parquet)];

/// What `ROW FORMAT DELIMITED` may say, and the properties in which Hive keeps it.
const DELIMITERS: &[(&str, &str)] = &[
    ("FIELDS TERMINATED BY", "field.delim"),
    ("ESCAPED BY", "escape.delim"),
    ("COLLECTION ITEMS TERMINATED BY", "collection.delim"),
    ("MAP KEYS TERMINATED BY", "mapkey.delim"),
    ("LINES TERMINATED BY", "line.delim"),
    ("NULL DEFINED AS", NULL_FORMAT),
];

/// What the clauses say so far.
#[derive(Default)]
pub(super) struct Storage {
    format: Option<Format>,
    /// `USING` rather than one of Hive's clauses.
    using: bool,
    /// The class of the SerDe, and its properties.
    serde: Option<(String, BTreeMap<String, String>)>,
}

impl Storage {
    /// The storage of another table.
    pub(super) fn like(format: Format, options: &BTreeMap<String, String>) -> Self {
        let serde = options.get(LIBRARY).cloned().map(|class| (class, options.clone()));
        Self { format: Some(format), using: serde.is_none(), serde }
    }

    /// Hive's text, where nothing else is said.
    pub(super) fn text() -> Self {
        Self { format: Some(Format::Text), ..Self::default() }
    }

    /// Whether any clause has said something.
    pub(super) fn is_given(&self) -> bool {
        self.format.is_some() || self.serde.is_some()
    }

    /// Reads one clause, if one comes.
    pub(super) fn clause(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
        let span = cursor.span();
        let read = if cursor.take("USING") {
            self.using = true;
            self.format = Some(Format::named(&cursor.identifier("a format")?)?);
            Ok(true)
        } else if cursor.take("STORED AS") {
            self.format = Some(stored_as(cursor)?);
            Ok(true)
        } else if cursor.take("ROW FORMAT SERDE") {
            let class = cursor.string("a class")?;
            let properties = if cursor.take("WITH SERDEPROPERTIES") { pairs(cursor)? } else { BTreeMap::new() };
            self.serde = Some((class, properties));
            Ok(true)
        } else if cursor.take("ROW FORMAT DELIMITED") {
            self.serde = Some((LAZY_SIMPLE.to_owned(), delimiters(cursor)?));
            Ok(true)
        } else {
            Ok(false)
        };
        read.map_err(|error: Error| error.with_span(span))
    }

    /// The format that the clauses come to, and the options that its reader is to have.
    pub(super) fn finish(self, mut options: BTreeMap<String, String>) -> Result<(Format, BTreeMap<String, String>)> {
        let Some((class, properties)) = self.serde else {
            let format = self.format.unwrap_or(Format::Delta);
            if format == Format::Text && !self.using {
                options.insert(LIBRARY.to_owned(), LAZY_SIMPLE.to_owned());
            }
            return Ok((format, options));
        };
        let name = class_name(&class);
        let of_serde = SERDES.iter().find(|(serde, _)| *serde == name).map_or(Format::Text, |(_, format)| *format);
        match self.format {
            Some(format) if format != of_serde && !(name == "JsonSerDe" && format == Format::Text) => {
                return Err(Error::invalid_argument(format!(
                    "ROW FORMAT with `{name}` does not go with {}",
                    format.name()
                ))
                .with_hint("leave ROW FORMAT out: the format says how rows are found"));
            }
            _ => {}
        }
        if of_serde == Format::Text {
            options.extend(properties);
            options.insert(LIBRARY.to_owned(), class);
            Serde::new(&options)?;
        }
        Ok((of_serde, options))
    }
}

/// A word, or the classes of Hadoop.
fn stored_as(cursor: &mut Cursor<'_>) -> Result<Format> {
    let span = cursor.span();
    if cursor.take("INPUTFORMAT") {
        let class = cursor.string("a class")?;
        cursor.expect("OUTPUTFORMAT")?;
        cursor.string("a class")?;
        let format = INPUTS.iter().find(|(name, _)| *name == class_name(&class));
        return format.map(|(_, format)| *format).ok_or_else(|| {
            Error::not_supported(format!("STORED AS INPUTFORMAT `{class}` is not supported")).with_span(span)
        });
    }
    let word = cursor.identifier("a format")?;
    let format = STORED_AS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word));
    format.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<&str> = STORED_AS.iter().map(|(name, _)| *name).collect();
        Error::not_supported(format!("STORED AS {} is not supported", word.to_uppercase()))
            .with_span(span)
            .with_hint(format!("use one of {}", names.join(", ")))
    })
}

/// `FIELDS TERMINATED BY ',' ..`, as Hive's properties.
fn delimiters(cursor: &mut Cursor<'_>) -> Result<BTreeMap<String, String>> {
    let mut properties = BTreeMap::new();
    while let Some((_, name)) = DELIMITERS.iter().find(|(words, _)| cursor.take(words)) {
        let text = cursor.string("a character")?;
        if *name == "field.delim" {
            properties.insert("serialization.format".to_owned(), text.clone());
        }
        properties.insert((*name).to_owned(), text);
    }
    Ok(properties)
}
