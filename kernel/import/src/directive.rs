//! The first line of a cell that says what the rest is written in: `%md`, `%spark.sql`, `%jdbc(hive)`, `%%sql`.

use crate::source::Language;

/// The language and the text of a cell, which is in `default` unless its first line says otherwise.
pub(crate) fn split<'a>(text: &'a str, default: &Language) -> (Language, &'a str) {
    let trimmed = text.trim_start();
    match name(trimmed) {
        Some((name, rest)) => (Language::named(name), body(rest)),
        None => (default.clone(), text),
    }
}

/// The name after one or two percent signs, and what follows it and its properties in parentheses.
fn name(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix("%%").or_else(|| text.strip_prefix('%'))?;
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = match rest.strip_prefix('(') {
        Some(properties) => properties.split_once(')')?.1,
        None => rest,
    };
    (!name.is_empty() && !rest.starts_with(|c: char| !c.is_whitespace())).then_some((name, rest))
}

/// What follows on the same line or below.
fn body(rest: &str) -> &str {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_language() {
        let split = |text| split(text, &Language::Scala);
        assert_eq!(split("%md\n# Title\n"), (Language::Markdown, "# Title"));
        assert_eq!(split("\n%spark.sql select 1"), (Language::Sql, "select 1"));
        assert_eq!(split("%jdbc(hive)\nSHOW TABLES"), (Language::Sql, "SHOW TABLES"));
        assert_eq!(split("%%sql\nSELECT 1"), (Language::Sql, "SELECT 1"));
        assert_eq!(split("%spark.pyspark\n  x = 1"), (Language::Python, "  x = 1"));
        assert_eq!(split("%r\nplot(x)"), (Language::Other("r".into()), "plot(x)"));
        assert_eq!(split("val x = 5 % 2"), (Language::Scala, "val x = 5 % 2"));
        assert_eq!(split("%sql"), (Language::Sql, ""));
    }
}
