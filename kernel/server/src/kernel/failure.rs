//! Errors as clients show them.

use aerostat_error::Error;
use aerostat_protocol::content::Failure;

const RED: &str = "\x1b[1;31m";
const BLUE: &str = "\x1b[34m";
const GREEN: &str = "\x1b[32m";
const RESET: &str = "\x1b[0m";

/// The three fields of an error; the traceback marks the place in `source` and is moderately coloured.
pub(crate) fn failure(error: &Error, source: &str) -> Failure {
    Failure {
        ename: error.ename(),
        evalue: error.message().to_owned(),
        traceback: error
            .render(source)
            .lines()
            .map(if error.report().is_some() { reported } else { coloured })
            .collect(),
    }
}

/// The name of the error and the carets in red, the hint in green: what the eye looks for first.
fn coloured(line: &str) -> String {
    if let Some((name, message)) = line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
        format!("{RED}[{name}]{RESET} {message}")
    } else if let Some(hint) = line.strip_prefix("hint:") {
        format!("{GREEN}hint:{RESET}{hint}")
    } else if line.trim_end().ends_with('^') && line.trim().chars().all(|c| c == '^') {
        format!("{RED}{line}{RESET}")
    } else {
        line.to_owned()
    }
}

/// A line of the compiler's, in its own colours, as far as a line tells: errors and carets red, margins blue, help green.
fn reported(line: &str) -> String {
    let margin =
        line.find(['|', '>']).filter(|end| line[..*end].chars().all(|c| c == ' ' || c == '-' || c.is_ascii_digit()));
    match margin {
        Some(end) => {
            let (margin, rest) = line.split_at(end + 1);
            let marks = rest.contains('^');
            let (before, after) = if marks { (RED, RESET) } else { ("", "") };
            format!("{BLUE}{margin}{RESET}{before}{rest}{after}")
        }
        None if line.starts_with("error") => {
            let (name, message) = line.split_once(':').unwrap_or((line, ""));
            format!("{RED}{name}{RESET}:{message}")
        }
        None => match line
            .split_once(':')
            .filter(|(word, _)| matches!(word.trim_start_matches([' ', '=']), "help" | "note"))
        {
            Some((word, text)) => format!("{GREEN}{word}:{RESET}{text}"),
            None => coloured(line),
        },
    }
}

#[cfg(test)]
mod tests {
    use aerostat_error::{Object, Span};

    use super::*;

    #[test]
    fn a_traceback_marks_the_place_and_gives_advice() {
        let source = "SELECT *\nFROM ordres";
        let error = Error::not_found_among(Object::Table, "ordres", ["orders"]).with_span(Span::new(14, 20));
        let failure = failure(&error, source);
        assert_eq!(failure.ename, "TABLE_NOT_FOUND");
        assert_eq!(failure.evalue, "table `ordres` does not exist");
        let plain = ["[TABLE_NOT_FOUND] table `ordres` does not exist", "  2 | FROM ordres", "           ^^^^^^"];
        let stripped: Vec<String> =
            failure.traceback.iter().map(|line| line.replace(RED, "").replace(RESET, "")).collect();
        assert_eq!(stripped[..3], plain);
        assert_eq!(failure.traceback[3], format!("{GREEN}hint:{RESET} did you mean `orders`?"));
    }
}
