//! `--plot` of `%%sql`: the chart that a result becomes.

use aerostat_charts::{Chart, HEIGHT, Kind, Options, WIDTH};
use aerostat_error::{Error, Object, Result};
use aerostat_session::Session;
use polars::prelude::{DataFrame, IntoLazy};

use crate::notebook::segment::Part;

const FLAG: &str = "--plot";
const HINT: &str = "as in `--plot bar x=month y=placed,cancelled color=country title=\"Orders\"`";

/// A chart as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawing {
    kind: Kind,
    x: Option<String>,
    y: Vec<String>,
    options: Options,
    width: Option<u32>,
    height: Option<u32>,
}

/// What `name=value,value` says, and what follows.
struct Setting<'a> {
    name: Part<'a>,
    values: Vec<String>,
    rest: Part<'a>,
}

/// Takes `--plot KIND NAME=VALUE ..` from the beginning of the arguments.
pub(super) fn take(args: Part<'_>) -> Result<(Option<Drawing>, Part<'_>)> {
    let (flag, after) = args.split_word();
    if flag.text != FLAG {
        return Ok((None, args));
    }
    let (kind, mut rest) = after.split_word();
    if kind.text.is_empty() {
        return Err(Error::invalid_argument("`--plot` needs a kind of chart").with_span(flag.span()).with_hint(HINT));
    }
    let kind = Kind::named(kind.text).map_err(|error| error.with_span(kind.span()))?;
    let mut drawing = Drawing { kind, x: None, y: vec![], options: Options::default(), width: None, height: None };
    while let Some(setting) = setting(rest) {
        rest = setting.rest;
        let span = setting.name.span();
        drawing.set(&setting).map_err(|error| error.with_span(span))?;
    }
    Ok((Some(drawing), rest))
}

/// The first `name=value` of the arguments. Values with spaces or commas stand in quotes or backticks.
fn setting(args: Part<'_>) -> Option<Setting<'_>> {
    let end = args.text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    if end == 0 || !args.text[end..].starts_with('=') {
        return None;
    }
    let name = args.slice(0, end);
    let (mut values, mut quote, mut stop) = (vec![String::new()], None, args.text.len());
    for (at, c) in args.text.char_indices().skip_while(|(at, _)| *at <= end) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, ',') => values.push(String::new()),
            (None, c) if c.is_whitespace() => {
                stop = at;
                break;
            }
            (_, c) => values.last_mut()?.push(c),
        }
    }
    Some(Setting { name, values, rest: args.slice(stop, args.text.len()).trim() })
}

/// A setting: its name, what its values must be, and what becomes of them (`None` if they are not that).
type Known = (&'static str, &'static str, fn(&mut Drawing, &[String]) -> Option<()>);

/// Dispatch and errors read this table.
const SETTINGS: [Known; 10] = [
    ("x", "a column", |drawing, values| keep(&mut drawing.x, one(values))),
    ("y", "columns", |drawing, values| {
        drawing.y = values.to_vec();
        Some(())
    }),
    ("color", "a column", |drawing, values| keep(&mut drawing.options.color, one(values))),
    ("title", "a text", |drawing, values| keep(&mut drawing.options.title, one(values))),
    ("x_label", "a text", |drawing, values| keep(&mut drawing.options.x_label, one(values))),
    ("y_label", "a text", |drawing, values| keep(&mut drawing.options.y_label, one(values))),
    ("stacked", "`true` or `false`", |drawing, values| keep(&mut drawing.options.stacked, one(values)?.parse().ok())),
    ("bins", "a number", |drawing, values| keep(&mut drawing.options.bins, one(values)?.parse().ok())),
    ("width", "a number of pixels", |drawing, values| keep(&mut drawing.width, one(values)?.parse().ok())),
    ("height", "a number of pixels", |drawing, values| keep(&mut drawing.height, one(values)?.parse().ok())),
];

fn one(values: &[String]) -> Option<String> {
    match values {
        [value] => Some(value.clone()),
        _ => None,
    }
}

fn keep<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    *place = Some(value?);
    Some(())
}

impl Drawing {
    fn set(&mut self, setting: &Setting<'_>) -> Result<()> {
        let name = setting.name.text;
        let Some((_, wanted, set)) = SETTINGS.iter().find(|(known, ..)| *known == name) else {
            let names = SETTINGS.map(|(known, ..)| format!("`{known}`")).join(", ");
            return Err(Error::not_found(Object::Option, name).with_hint(format!("settings are {names}")));
        };
        let value = setting.values.join(",");
        set(self, &setting.values)
            .ok_or_else(|| Error::invalid_argument(format!("`{name}` is `{value}`, but must be {wanted}")))
    }

    /// The chart of a result. Its columns are found in any case, as in SQL.
    pub(super) fn draw(mut self, session: &Session, frame: &DataFrame) -> Result<Chart> {
        // The columns of a distribution stand on the axis of x.
        if self.kind.is_distribution() && self.y.is_empty() {
            self.y.extend(self.x.take());
        }
        let columns = frame.get_column_names();
        let same = |name: &mut String| {
            let is_same = |column: &str| column.eq_ignore_ascii_case(name);
            let exact = columns.iter().any(|column| column.as_str() == name.as_str());
            if let Some(column) = columns.iter().find(|column| is_same(column)).filter(|_| !exact) {
                *name = column.to_string();
            }
        };
        self.x.iter_mut().chain(&mut self.y).chain(&mut self.options.color).for_each(same);
        if let (width, height) = (self.width.unwrap_or(WIDTH), self.height.unwrap_or(HEIGHT))
            && (self.width.is_some() || self.height.is_some())
        {
            self.options.size = Some((width, height));
        }
        session.plot(frame.clone().lazy()).options(self.options).draw(self.kind, self.x.as_deref(), self.y)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn settings_end_where_sql_begins() {
        let (drawing, rest) =
            take(Part::whole("--plot bar x=month y=placed,`cut short` title=\"a, b\" SELECT 1 = 1")).unwrap();
        let drawing = drawing.unwrap();
        assert_eq!((drawing.kind, drawing.x.as_deref()), (Kind::Bar, Some("month")));
        assert_eq!(drawing.y, ["placed", "cut short"]);
        assert_eq!(drawing.options.title.as_deref(), Some("a, b"));
        assert_eq!((rest.text, rest.at), ("SELECT 1 = 1", 53));
        assert_eq!(take(Part::whole("SELECT 1")).unwrap(), (None, Part::whole("SELECT 1")));
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        let error = |text: &'static str| {
            let error = take(Part::whole(text)).unwrap_err();
            let span = error.span().unwrap();
            (error.message().to_owned(), &text[span.start..span.end])
        };
        assert_eq!(error("--plot"), ("`--plot` needs a kind of chart".into(), "--plot"));
        assert_eq!(error("--plot bars x=a"), ("there is no chart `bars`".into(), "bars"));
        assert_eq!(error("--plot bar colour=a"), ("option `colour` does not exist".into(), "colour"));
        assert_eq!(error("--plot hist bins=many"), ("`bins` is `many`, but must be a number".into(), "bins"));
    }
}
