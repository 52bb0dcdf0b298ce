//! Spark's names of types.

use aerostat_session::formats::translate;
use aerostat_session::types::{name, parse, parse_schema, storable};

use super::*;

#[test]
fn the_names_of_types_are_read_and_written() {
    let same = [
        "boolean",
        "tinyint",
        "smallint",
        "int",
        "bigint",
        "float",
        "double",
        "decimal(10,2)",
        "string",
        "binary",
        "date",
        "timestamp",
        "array<int>",
        "struct<a:int,b:array<string>>",
        "array<struct<x:decimal(38,18)>>",
    ];
    for text in same {
        assert_eq!(name(&parse(text).unwrap()), text);
        assert_eq!(parse(&text.to_uppercase()).unwrap(), parse(text).unwrap().map_names(), "{text}");
    }
    let synonyms =
        [("LONG", "bigint"), ("Dec(5)", "decimal(5,0)"), ("numeric", "decimal(10,0)"), ("VARCHAR(20)", "string")];
    for (text, expected) in synonyms {
        assert_eq!(name(&parse(text).unwrap()), expected);
    }
    assert_eq!(parse("timestamp_ltz").unwrap(), DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)));
}

trait MapNames {
    fn map_names(self) -> Self;
}

impl MapNames for DataType {
    /// Names of fields keep their case, so those of the text in capitals are capitals.
    fn map_names(self) -> Self {
        match self {
            DataType::List(inner) => DataType::List(Box::new(inner.map_names())),
            DataType::Struct(fields) => DataType::Struct(
                fields.into_iter().map(|f| Field::new(f.name().to_uppercase().into(), f.dtype.map_names())).collect(),
            ),
            other => other,
        }
    }
}

#[test]
fn wrong_types_say_what_is_wrong() {
    let error = fails(parse("strng"), "TYPE_NOT_FOUND", "type `strng` does not exist");
    assert_eq!(error.hint().unwrap(), "did you mean `string`?");
    fails(parse("MAP<STRING, INT>"), "NOT_SUPPORTED", "frames have no type `MAP`");
    fails(parse("decimal(40,2)"), "INVALID_ARGUMENT", "there is no decimal(40,2)");
    fails(parse("array<int"), "SYNTAX_ERROR", "expected `>` but found the end in `array<int`");
    fails(parse("int int"), "SYNTAX_ERROR", "expected the end but found `int` in `int int`");
}

#[test]
fn columns_are_read() {
    let schema =
        parse_schema("id INT NOT NULL, `unit price` DECIMAL(10,2) COMMENT 'in, pounds', tags: ARRAY<STRING>").unwrap();
    let expected = [
        ("id", DataType::Int32),
        ("unit price", DataType::Decimal(10, 2)),
        ("tags", DataType::List(Box::new(DataType::String))),
    ];
    assert_eq!(schema, expected.into_iter().map(|(name, dtype)| (PlSmallStr::from(name), dtype)).collect());
    fails(parse_schema("a INT, a STRING"), "COLUMN_ALREADY_EXISTS", "column `a` already exists");
    assert_eq!(parse_schema("a INT,").unwrap_err().ename(), "SYNTAX_ERROR");
}

#[test]
fn tables_widen_what_they_do_not_have_and_refuse_the_rest() {
    let cases = [
        (DataType::UInt8, DataType::Int16),
        (DataType::UInt16, DataType::Int32),
        (DataType::UInt32, DataType::Int64),
        (DataType::UInt64, DataType::Decimal(20, 0)),
        (DataType::Datetime(TimeUnit::Nanoseconds, None), DataType::Datetime(TimeUnit::Microseconds, None)),
        (DataType::Array(Box::new(DataType::UInt8), 3), DataType::List(Box::new(DataType::Int16))),
        (DataType::from_categories(Categories::global()), DataType::String),
    ];
    for (dtype, stored) in cases {
        assert_eq!(storable("c", &dtype).unwrap(), stored);
    }
    let error = fails(
        storable("t", &DataType::Time),
        "NOT_SUPPORTED",
        "a table cannot hold column `t`: tables have no time of day",
    );
    assert_eq!(error.hint().unwrap(), "cast it first: `col(\"t\").cast(DataType::String)`");
    assert!(storable("d", &DataType::List(Box::new(DataType::Duration(TimeUnit::Microseconds)))).is_err());
    assert!(storable("n", &DataType::Null).is_err());
}

#[test]
fn date_patterns_are_translated() {
    let cases = [
        ("yyyy-MM-dd", "%Y-%m-%d"),
        ("dd.MM.yyyy HH:mm:ss", "%d.%m.%Y %H:%M:%S"),
        ("M/d/yy h:mm a", "%-m/%-d/%y %-I:%M %p"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSS", "%Y-%m-%dT%H:%M:%S%.3f"),
        ("yyyy-MM-dd HH:mm:ss[.SSSSSS]", "%Y-%m-%d %H:%M:%S%.f"),
        ("EEE, d MMM yyyy 'o''clock' 100%", "%a, %-d %b %Y o'clock 100%%"),
        ("yyyyMMddHHmmssSSS", "%Y%m%d%H%M%S%3f"),
    ];
    for (java, c) in cases {
        assert_eq!(translate(java).unwrap(), c, "{java}");
    }
    assert!(translate("YYYY-MM").unwrap_err().message().contains("the year that a week belongs to"));
    assert_eq!(translate("yyyy-QQ").unwrap_err().ename(), "NOT_SUPPORTED");
    assert_eq!(translate("yyyy 'x").unwrap_err().ename(), "NOT_SUPPORTED");
}
