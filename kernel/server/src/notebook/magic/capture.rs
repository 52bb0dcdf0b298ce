//! `%%capture`.

use aerostat_error::Result;

use super::Call;
use crate::notebook::{Notebook, Shown};

pub(super) fn run(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    let output = notebook.output.clone();
    output.captured(|| notebook.run_part(call.body))?;
    Ok(Shown::default())
}
