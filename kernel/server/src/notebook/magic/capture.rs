//! `%%capture`.

use aerostat_error::{Error, Result};
use aerostat_session::{Captured, Output};

use super::Call;
use crate::kernel::Capture;
use crate::notebook::segment::Part;
use crate::notebook::{Notebook, Shown};

pub(super) fn run(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    let (capture, name) = options(call.args)?;
    if let Some(name) = name {
        notebook.interpreter.check_name(name.text).map_err(|error| error.shifted(name.at))?;
    }
    let output = notebook.output.clone();
    let (shown, captured) = output.captured(capture, || {
        let shown = notebook.run_part(call.body)?;
        if let Some(result) = &shown.result {
            output.display(result);
        }
        Ok(shown)
    });
    // Also what a cell has put out before it failed.
    if let Some(name) = name {
        notebook.bind(name.text, captured)?;
    }
    Ok(Shown { result: None, pages: shown?.pages })
}

/// What is captured, and the variable that keeps it.
fn options(args: Part<'_>) -> Result<(Capture, Option<Part<'_>>)> {
    let mut capture = Capture { stdout: true, stderr: true, displays: true, captured: Captured::default() };
    let (mut name, mut rest) = (None, args);
    while !rest.text.is_empty() {
        let (word, after) = rest.split_word();
        match word.text {
            "--no-stdout" => capture.stdout = false,
            "--no-stderr" => capture.stderr = false,
            "--no-display" => capture.displays = false,
            text if name.is_none() && !text.starts_with('-') => name = Some(word),
            text => {
                let hint = "it takes the name of a variable, `--no-stdout`, `--no-stderr` and `--no-display`";
                let message = format!("`%%capture` does not take `{text}`");
                return Err(Error::invalid_argument(message).with_span(word.span()).with_hint(hint));
            }
        }
        rest = after;
    }
    Ok((capture, name))
}
