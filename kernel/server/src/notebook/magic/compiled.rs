//! `%%rust`, `%dep` and `%opt`: what compiled cells have beside Rust.

use aerostat_error::{Error, Result};

use super::Call;
use crate::notebook::{Notebook, Shown};

pub(super) fn rust(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    let result = notebook.compile(call.body.text).map_err(|error| error.shifted(call.body.at));
    result.map(Shown::result).map_err(|error| error.with_span(call.name.span()))
}

pub(super) fn dep(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    if call.args.text.is_empty() {
        return Err(Error::invalid_argument("`%dep` needs a crate")
            .with_span(call.name.span())
            .with_hint("write `%dep NAME = \"VERSION\"`"));
    }
    notebook.compiled()?.add_dependency(call.args.text).map_err(|error| error.with_span(call.args.span()))?;
    Ok(Shown::default())
}

pub(super) fn opt(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    notebook.compiled()?.set_opt_level(call.args.text).map_err(|error| error.with_span(call.args.span()))?;
    Ok(Shown::default())
}
