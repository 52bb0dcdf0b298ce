//! `%%sql` and `%sql`.

use aerostat_error::{Error, Result};
use aerostat_session::{Output, chart_bundle, display};
use polars::prelude::DataFrame;

use super::plot::{self, Drawing};
use super::{Call, Place};
use crate::notebook::segment::Part;
use crate::notebook::{Notebook, Shown, parameters};

/// What becomes of the last result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Keep<'a> {
    /// The variable that keeps it.
    name: Option<Part<'a>>,
    /// Whether it is not shown.
    hidden: bool,
}

pub(super) fn run(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    let (keep, rest) = options(call.args);
    if let Some(name) = keep.name {
        notebook.interpreter.check_name(name.text).map_err(|error| error.shifted(name.at))?;
    }
    let (drawing, rest) = plot::take(rest)?;
    let text = match call.place {
        Place::Line => rest,
        Place::Cell if rest.text.is_empty() => call.body,
        Place::Cell => {
            let message = format!("`%%sql` does not take `{}`", rest.text);
            let hint =
                "statements begin on the next line; `NAME <<` or `-o NAME` keeps the result, `--plot KIND` draws it";
            return Err(Error::invalid_argument(message).with_span(rest.span()).with_hint(hint));
        }
    };
    let filled = parameters::fill(text.text, |name| notebook.parameter(name));
    let filled = filled.map_err(|error| error.shifted(text.at))?;
    let shows_all = keep == Keep::default() && drawing.is_none();
    let last = execute(notebook, &filled.text, shows_all);
    let last = last.map_err(|error| filled.explain(error).shifted(text.at))?;
    finish(notebook, last, keep, drawing).map_err(|error| error.with_span(call.args.span()))
}

/// Runs the statements and shows each result as soon as it is there, but for the last, which is returned. Where that is
/// kept or drawn, any result may be the last until another one comes. Before an error, all are shown.
fn execute(notebook: &Notebook, text: &str, shows_all: bool) -> Result<Option<DataFrame>> {
    let show = |frame: DataFrame| notebook.output.display(&display::frame_bundle(&frame));
    let mut waiting = None;
    let executed = notebook.session.execute_each(text, |outcome| {
        let Some(frame) = outcome.frame else { return Ok(()) };
        waiting.replace(frame).into_iter().for_each(show);
        if shows_all && !outcome.is_last {
            waiting.take().into_iter().for_each(show);
        }
        Ok(())
    });
    if let Err(error) = executed {
        waiting.into_iter().for_each(show);
        return Err(error);
    }
    Ok(waiting)
}

/// Keeps, draws and shows the last result.
fn finish(notebook: &mut Notebook, last: Option<DataFrame>, keep: Keep<'_>, drawing: Option<Drawing>) -> Result<Shown> {
    if let Some(name) = keep.name {
        let Some(frame) = &last else {
            return Err(Error::invalid_argument(format!("no statement has a result to keep as `{}`", name.text)));
        };
        notebook.bind(name.text, frame.clone())?;
    }
    if let Some(drawing) = drawing {
        let frame = last.ok_or_else(|| Error::invalid_argument("no statement has a result to draw"))?;
        return Ok(Shown::result(chart_bundle(&drawing.draw(&notebook.session, &frame)?)));
    }
    Ok(Shown::result(last.filter(|_| !keep.hidden).map(|frame| display::frame_bundle(&frame))))
}

/// Takes `NAME <<` or `-o NAME` from the beginning of the arguments.
fn options(args: Part<'_>) -> (Keep<'_>, Part<'_>) {
    let (first, after_first) = args.split_word();
    let (second, after_second) = after_first.split_word();
    match (first.text, second.text) {
        ("-o", name) if !name.is_empty() => (Keep { name: Some(second), hidden: false }, after_second),
        (_, "<<") => (Keep { name: Some(first), hidden: true }, after_second),
        _ => (Keep::default(), args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_kept_by_name() {
        let parse = |text| {
            let (keep, rest) = options(Part::whole(text));
            (keep.name.map(|name| name.text), keep.hidden, rest.text, rest.at)
        };
        assert_eq!(parse("sales <<"), (Some("sales"), true, "", 8));
        assert_eq!(parse("-o sales SELECT 1"), (Some("sales"), false, "SELECT 1", 9));
        assert_eq!(parse("n << SELECT 1 << 2"), (Some("n"), true, "SELECT 1 << 2", 5));
        assert_eq!(parse("SELECT 1 << 2"), (None, false, "SELECT 1 << 2", 0));
        assert_eq!(parse("-o"), (None, false, "-o", 0));
    }
}
