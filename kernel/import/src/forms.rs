//! Zeppelin's forms in SQL: `${name=default}` and `${name=default,a|b}` become widgets, which `${name}` then reads.

use crate::rust::string;

/// SQL without the defaults of its forms, and the cell of Rust that makes the widgets instead.
pub(crate) fn split(sql: &str) -> (String, Option<String>) {
    let (mut text, mut widgets, mut rest) = (String::new(), Vec::new(), sql);
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let (before, form) = (&rest[..start], &rest[start + 2..start + length]);
        text.push_str(before);
        match widget(form) {
            Some((name, widget)) => {
                text.push_str(&format!("${{{name}}}"));
                widgets.push(widget);
            }
            None => text.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    widgets.dedup();
    (text, (!widgets.is_empty()).then(|| widgets.join("\n")))
}

/// The name of a form with a default, and the statement that makes its widget.
fn widget(form: &str) -> Option<(&str, String)> {
    let (name, value) = form.split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    // Checkboxes, and choices that are shown by another name, have no counterpart.
    if !is_name || value.contains(['(', ')']) {
        return None;
    }
    let statement = match value.split_once(',') {
        Some((default, choices)) => {
            let choices: Vec<String> = choices.split('|').map(string).collect();
            format!("session.widget_dropdown({}, {}, [{}])?;", string(name), string(default), choices.join(", "))
        }
        None => format!("session.widget_text({}, {})?;", string(name), string(value)),
    };
    Some((name, statement))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn forms_become_widgets() {
        let (sql, widgets) =
            split("SELECT * FROM t WHERE c = '${country=Canada}' AND y = ${year=2015,2014|2015} AND ${x}");
        assert_eq!(sql, "SELECT * FROM t WHERE c = '${country}' AND y = ${year} AND ${x}");
        let expected = "session.widget_text(\"country\", \"Canada\")?;\n\
                        session.widget_dropdown(\"year\", \"2015\", [\"2014\", \"2015\"])?;";
        assert_eq!(widgets.unwrap(), expected);
    }

    #[test]
    fn what_has_no_counterpart_is_left_as_it_is() {
        for sql in ["SELECT ${checkbox:a=x,x|y}", "SELECT ${x=1,1(one)|2(two)}", "SELECT ${open", "SELECT 1"] {
            assert_eq!(split(sql), (sql.to_owned(), None));
        }
    }
}
