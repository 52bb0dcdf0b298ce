//! What a cell is made of: a cell magic with its body, or Rust with line magics, shell commands and questions between.

use super::magic::{self, Holds, Place};

/// A part of a cell's text, and the byte at which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

/// A piece of a cell that is run as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// Statements and expressions.
    Rust(Part<'a>),
    /// `!command`.
    Shell(Part<'a>),
    /// `?name`, `name?`, or with two question marks for more.
    Inspect { name: Part<'a>, detail: u8 },
    /// `%name args`, or `%%name args` with the rest of the cell as the body.
    Magic { place: Place, name: Part<'a>, args: Part<'a>, body: Part<'a> },
}

impl<'a> Part<'a> {
    /// A text that begins at 0.
    pub(crate) fn whole(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The part between two bytes of this one.
    pub(crate) fn slice(self, start: usize, end: usize) -> Self {
        Self { text: &self.text[start..end], at: self.at + start }
    }

    /// This part without white space around it.
    pub(crate) fn trim(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.slice(start, start + self.text.trim().len())
    }

    /// This part up to the first white space, and what follows, trimmed.
    pub(crate) fn split_word(self) -> (Self, Self) {
        let end = self.text.find(char::is_whitespace).unwrap_or(self.text.len());
        (self.slice(0, end), self.slice(end, self.text.len()).trim())
    }
}

impl<'a> Segment<'a> {
    /// The cell inside of a magic that runs one, such as `%%time`.
    pub(crate) fn inner(&self) -> Option<Part<'a>> {
        match self {
            Self::Magic { place, args, body, .. } if self.holds(Holds::Cell) => Some(match place {
                Place::Line => *args,
                Place::Cell => *body,
            }),
            _ => None,
        }
    }

    /// Whether byte `cursor` of the cell is in the SQL of this segment.
    pub(crate) fn is_sql_at(&self, cursor: usize) -> bool {
        matches!(self, Self::Magic { name, .. } if cursor > name.at + name.text.len()) && self.holds(Holds::Sql)
    }

    fn holds(&self, what: Holds) -> bool {
        let Self::Magic { place, name, .. } = self else { return false };
        magic::find(*place, name.text).is_ok_and(|magic| magic.holds == what)
    }
}

/// Cuts a cell into segments. A line is Rust if `is_open` says that the Rust before it is not complete.
pub(crate) fn split<'a>(cell: Part<'a>, is_open: impl Fn(&str) -> bool) -> Vec<Segment<'a>> {
    cell_magic(cell).map_or_else(|| split_lines(cell, is_open), |magic| vec![magic])
}

/// The segment of a cell whose first line that is not blank begins with `%%`.
fn cell_magic(cell: Part<'_>) -> Option<Segment<'_>> {
    let start = cell.text.len() - cell.text.trim_start().len();
    let cell = cell.slice(start, cell.text.len());
    cell.text.strip_prefix("%%")?;
    let end = cell.text.find('\n').unwrap_or(cell.text.len());
    let (name, args) = cell.slice(2, end).split_word();
    let body = cell.slice((end + 1).min(cell.text.len()), cell.text.len());
    Some(Segment::Magic { place: Place::Cell, name, args, body })
}

fn split_lines<'a>(cell: Part<'a>, is_open: impl Fn(&str) -> bool) -> Vec<Segment<'a>> {
    let mut segments = Vec::new();
    let (mut rust_start, mut line_start) = (0, 0);
    for line in cell.text.split_inclusive('\n') {
        let line_end = line_start + line.len();
        let before = cell.slice(rust_start, line_start);
        let part = cell.slice(line_start, line_start + line.trim_end().len());
        if let Some(segment) = command(part).filter(|_| !is_open(before.text)) {
            push_rust(&mut segments, before);
            segments.push(segment);
            rust_start = line_end;
        }
        line_start = line_end;
    }
    push_rust(&mut segments, cell.slice(rust_start, cell.text.len()));
    segments
}

fn push_rust<'a>(segments: &mut Vec<Segment<'a>>, part: Part<'a>) {
    if !part.text.trim().is_empty() {
        segments.push(Segment::Rust(part));
    }
}

/// The segment of a line that is not Rust. Such lines are not indented.
fn command(line: Part<'_>) -> Option<Segment<'_>> {
    let length = line.text.len();
    match line.text.as_bytes().first()? {
        b'!' => Some(Segment::Shell(line.slice(1, length))),
        b'%' if !line.text.starts_with("%%") => {
            let (name, args) = line.slice(1, length).split_word();
            Some(Segment::Magic { place: Place::Line, name, args, body: line.slice(length, length) })
        }
        // evcxr's commands, such as `:dep`, are our magics.
        b':' if line.text[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let (name, args) = line.slice(1, length).split_word();
            Some(Segment::Magic { place: Place::Line, name, args, body: line.slice(length, length) })
        }
        _ => question(line),
    }
}

fn question(line: Part<'_>) -> Option<Segment<'_>> {
    let before = line.text.len() - line.text.trim_start_matches('?').len();
    let after = line.text.len() - line.text.trim_end_matches('?').len();
    let name = line.text.get(before..line.text.len() - after)?;
    let marks = before.max(after);
    let asks = (1..=2).contains(&marks) && before.min(after) == 0;
    (asks && is_name(name)).then(|| Segment::Inspect {
        name: line.slice(before, before + name.len()).trim(),
        detail: u8::from(marks == 2),
    })
}

/// A variable, a function, a method after its type or variable, or a magic.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    let name = text.trim_start_matches('%');
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(code: &str) -> Vec<Segment<'_>> {
        // Rust is open here while a parenthesis is.
        split(Part::whole(code), |code| code.matches('(').count() > code.matches(')').count())
    }

    fn rust(text: &str, at: usize) -> Segment<'_> {
        Segment::Rust(Part { text, at })
    }

    /// The part of `code` that reads `text`.
    fn part<'a>(code: &'a str, text: &str) -> Part<'a> {
        let at = code.find(text).unwrap_or(code.len());
        Part::whole(code).slice(at, at + text.len())
    }

    /// The magic whose parts read like this in `code`.
    fn magic<'a>(place: Place, code: &'a str, name: &str, args: &str, body: &str) -> Segment<'a> {
        Segment::Magic { place, name: part(code, name), args: part(code, args), body: part(code, body) }
    }

    #[test]
    fn a_cell_magic_takes_the_whole_cell() {
        let code = "\n%%sql  sales <<\nSELECT '%x'\n!y\n";
        assert_eq!(segments(code), [magic(Place::Cell, code, "sql", "sales <<", "SELECT '%x'\n!y\n")]);
    }

    #[test]
    fn a_cell_magic_may_lack_arguments_and_body() {
        let end = Part { text: "", at: 5 };
        let name = Part { text: "sql", at: 2 };
        assert_eq!(segments("%%sql"), [Segment::Magic { place: Place::Cell, name, args: end, body: end }]);
    }

    #[test]
    fn lines_that_are_not_rust_stand_between_rust() {
        let code = "let x = 1;\n%time f(x)\nx\n!ls -l\n";
        let body = Part { text: "", at: 21 };
        let time = Segment::Magic { place: Place::Line, name: part(code, "time"), args: part(code, "f(x)"), body };
        let shell = Segment::Shell(part(code, "ls -l"));
        assert_eq!(segments(code), [rust("let x = 1;\n", 0), time, rust("x\n", 22), shell]);
    }

    #[test]
    fn commands_of_evcxr_are_line_magics() {
        let code = ":dep regex = \"1\"\nlet x = 1;\n";
        let body = Part { text: "", at: 16 };
        let dep =
            Segment::Magic { place: Place::Line, name: part(code, "dep"), args: part(code, "regex = \"1\""), body };
        assert_eq!(segments(code), [dep, rust("let x = 1;\n", 17)]);
        assert_eq!(segments("::std::mem::drop(x)"), [rust("::std::mem::drop(x)", 0)]);
    }

    #[test]
    fn operators_at_the_beginning_of_a_line_are_rust() {
        for code in ["f(a\n% b)", "f(a &&\n!b)", "  %x", "f(\n\"\n%time\n\")"] {
            assert_eq!(segments(code), [rust(code, 0)], "{code}");
        }
    }

    #[test]
    fn questions_are_names_with_question_marks() {
        let ask = |text, at, detail| [Segment::Inspect { name: Part { text, at }, detail }];
        assert_eq!(segments("?df"), ask("df", 1, 0));
        assert_eq!(segments("df.filter?"), ask("df.filter", 0, 0));
        assert_eq!(segments("df??"), ask("df", 0, 1));
        assert_eq!(segments("?%time"), ask("%time", 1, 0));
        for code in ["f(x)?", "?x?", "df???", "?", "a b?", "let x = y?"] {
            assert_eq!(segments(code), [rust(code, 0)], "{code}");
        }
    }
}
