//! `OpenCSVSerde`: fields that may be in quotes. Every column is a text.

/// The three characters that have a meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCsv {
    pub(super) separator: u8,
    pub(super) quote: u8,
    pub(super) escape: u8,
}

impl OpenCsv {
    /// A field of a line; none if the line ends before it.
    ///
    /// The SerDe sees one line at a time, so quotes that are not closed in it take the rest of the line with them, and
    /// the field that they are in is not there.
    pub(super) fn field(&self, line: &str, at: usize) -> Option<String> {
        let [separator, quote, escape] = [self.separator, self.quote, self.escape].map(char::from);
        let (mut field, mut number, mut quoted) = (String::new(), 0, false);
        let mut chars = line.char_indices().peekable();
        while let Some((place, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            if c == escape && c != quote {
                // It is dropped; within quotes it can keep a quote, or itself.
                if let Some(kept) = next.filter(|next| quoted && (*next == quote || *next == escape)) {
                    field.push(kept);
                    chars.next();
                }
            } else if c == quote {
                if quoted && next == Some(quote) {
                    field.push(quote);
                    chars.next();
                } else {
                    if self.is_inside(line, place, next) {
                        field.push(quote);
                    }
                    quoted = !quoted;
                }
            } else if c == separator && !quoted {
                if number == at {
                    return Some(field);
                }
                number += 1;
                field.clear();
            } else {
                field.push(c);
            }
        }
        (number == at && !quoted).then_some(field)
    }

    /// Whether a quote is in the middle of a field, as in `a,bc"d"ef`, and so part of it.
    fn is_inside(&self, line: &str, place: usize, next: Option<char>) -> bool {
        let separator = char::from(self.separator);
        let before = line[..place].chars().next_back();
        place > 2 && before != Some(separator) && next.is_some_and(|next| next != separator)
    }

    /// The fields as a line, all in quotes; null is written as nothing at all.
    pub(super) fn line<'t>(&self, fields: impl Iterator<Item = Option<&'t str>>) -> String {
        let [separator, quote, escape] = [self.separator, self.quote, self.escape].map(char::from);
        let mut line = String::new();
        for (at, field) in fields.enumerate() {
            if at > 0 {
                line.push(separator);
            }
            let Some(field) = field else { continue };
            line.push(quote);
            for c in field.chars() {
                if c == quote || c == escape {
                    line.push(escape);
                }
                line.push(c);
            }
            line.push(quote);
        }
        line
    }
}
