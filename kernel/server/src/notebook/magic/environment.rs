//! `%env` and `%use`.

use std::path::PathBuf;

use aerostat_error::{Error, Object, Result};
use aerostat_session::{Output, memory};

use super::Call;
use crate::cli::home;
use crate::kernel::OUTPUT_LIMIT;
use crate::notebook::{Notebook, Shown};

pub(super) fn env(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    let args = call.args.text;
    let text = match args.split_once(['=', ' ']) {
        _ if args.is_empty() => all(),
        None => shown(args).map_err(|error| error.with_span(call.args.span()))?,
        Some((name, value)) => set(name.trim(), value.trim()).map_err(|error| error.with_span(call.args.span()))?,
    };
    notebook.output.stdout(&text);
    Ok(Shown::default())
}

fn all() -> String {
    let mut lines: Vec<String> = std::env::vars_os()
        .map(|(name, value)| format!("{}={}\n", name.to_string_lossy(), value.to_string_lossy()))
        .collect();
    lines.sort();
    lines.concat()
}

fn shown(name: &str) -> Result<String> {
    match std::env::var_os(name) {
        Some(value) => Ok(format!("{}\n", value.to_string_lossy())),
        None => Err(Error::not_found_among(
            Object::Setting,
            name,
            std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()),
        )),
    }
}

fn set(name: &str, value: &str) -> Result<String> {
    if name.is_empty() || [name, value].iter().any(|text| text.contains('\0')) {
        return Err(Error::invalid_argument("an environment variable needs a name, and no null characters"));
    }
    if [memory::MEMORY_LIMIT, OUTPUT_LIMIT].contains(&name) && !value.is_empty() {
        memory::amount(name, value)?;
    }
    // SAFETY: Rust code reads the environment under the lock that this takes. C code of the process reads it only
    // while it starts up or to learn the time zone, and cells do not run while it does the first.
    unsafe { std::env::set_var(name, value) };
    Ok(format!("env: {name}={value}\n"))
}

pub(super) fn use_root(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    if !call.args.text.is_empty() {
        let failed = |error: Error| error.with_span(call.args.span());
        notebook.reopen(&folder(call.args.text)).map_err(failed)?;
    }
    let root = notebook.session.metastore().root().display();
    notebook.output.stdout(&format!("metastore: {root}\n"));
    Ok(Shown::default())
}

/// The folder that `text` names, `~` being the user's own.
fn folder(text: &str) -> PathBuf {
    let path = match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => home().join(rest.trim_start_matches('/')),
        _ => PathBuf::from(text),
    };
    std::path::absolute(&path).unwrap_or(path)
}
