//! `%timeit` and `%%timeit`: what code takes on average, said as IPython says it.

use std::time::{Duration, Instant};

use aerostat_error::{Error, Result, counted};
use aerostat_session::{Captured, Output};

use super::time::rounded;
use super::{Call, Place};
use crate::kernel::Capture;
use crate::notebook::segment::Part;
use crate::notebook::{Notebook, Shown};

/// How long a run of as many loops as seem right should take.
const RUN: Duration = Duration::from_millis(200);

/// More loops than that say no more.
const MOST_LOOPS: u32 = 1_000_000;

pub(super) fn run(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    let (loops, runs, rest) = options(call.args)?;
    let code = match call.place {
        Place::Line => rest,
        Place::Cell => {
            silently(notebook, rest, 1)?;
            call.body
        }
    };
    let loops = match loops {
        Some(loops) => loops,
        None => enough(notebook, code)?,
    };
    let runs = (0..runs).map(|_| silently(notebook, code, loops)).collect::<Result<Vec<_>>>()?;
    let per_loop: Vec<f64> = runs.iter().map(|run| run.as_secs_f64() / f64::from(loops)).collect();
    let count = per_loop.len() as f64;
    let mean = per_loop.iter().sum::<f64>() / count;
    let deviation = (per_loop.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / count).sqrt();
    let [mean, deviation] = [mean, deviation].map(|seconds| rounded(Duration::from_secs_f64(seconds)));
    notebook.output.stdout(&format!(
        "{mean} ± {deviation} per loop (mean ± std. dev. of {}, {} each)\n",
        counted(runs.len(), "run"),
        counted(loops as usize, "loop")
    ));
    Ok(Shown::default())
}

/// So many loops, by tens, that a run of them takes long enough to be measured.
fn enough(notebook: &mut Notebook, code: Part<'_>) -> Result<u32> {
    let mut loops = 1;
    while silently(notebook, code, loops)? < RUN && loops < MOST_LOOPS {
        loops *= 10;
    }
    Ok(loops)
}

/// How long it takes to run the code so often; what it puts out is dropped.
fn silently(notebook: &mut Notebook, code: Part<'_>, loops: u32) -> Result<Duration> {
    let output = notebook.output.clone();
    let everything = Capture { stdout: true, stderr: true, displays: true, captured: Captured::default() };
    let (ran, _) = output.captured(everything, || {
        let begun = Instant::now();
        (0..loops).try_for_each(|_| notebook.run_part(code).map(drop))?;
        Ok(begun.elapsed())
    });
    ran
}

/// `-n LOOPS`, `-r RUNS`, and what follows them.
fn options(args: Part<'_>) -> Result<(Option<u32>, u32, Part<'_>)> {
    let (mut loops, mut runs, mut rest) = (None, 7, args);
    loop {
        let (option, after) = rest.split_word();
        if !matches!(option.text, "-n" | "-r") {
            return Ok((loops, runs, rest));
        }
        let (number, after) = after.split_word();
        let count = number.text.parse().ok().filter(|count| *count > 0).ok_or_else(|| {
            let message = format!("`{}` takes a number above 0, not `{}`", option.text, number.text);
            Error::invalid_argument(message).with_span(number.span()).with_hint("write `%timeit -n 100 -r 3 code`")
        })?;
        match option.text {
            "-n" => loops = Some(count),
            _ => runs = count,
        }
        rest = after;
    }
}
