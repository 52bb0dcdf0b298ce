//! Text is read strictly first.
//!
//! Where a value does not fit its column, Spark has null, and where a text is no UTF-8, a replacement character. Polars can be
//! told to do so as well. Then it looks at every text by itself, which takes a sixth of the time of reading (measured in
//! instructions, on lines with four texts and two numbers), also where everything fits, which is the usual case.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use aerostat_error::{Kind, Result};
use polars::prelude::{CsvEncoding, CsvReadOptions, LazyFrame};
use polars_plan::dsl::{DslPlan, FileScanDsl, ScanSources};

/// Runs a plan that may be run again, strictly first. If something does not fit, it is run as it is.
pub(crate) fn first<T>(frame: LazyFrame, mut run: impl FnMut(LazyFrame) -> Result<T>) -> Result<T> {
    if !(&frame.logical_plan).into_iter().any(reads_leniently) {
        return run(frame);
    }
    let (mut strict, mut files) = (frame.clone(), Vec::new());
    make_strict(&mut strict.logical_plan, &mut files);
    if files.is_empty() || files.iter().any(|file| misfits().contains(file)) {
        return run(frame);
    }
    match run(strict) {
        Err(error) if error.kind() == Kind::Compute => {
            let result = run(frame)?;
            misfits().extend(files);
            Ok(result)
        }
        result => result,
    }
}

/// The files that have had something that does not fit: to try them strictly again would be in vain.
fn misfits() -> MutexGuard<'static, HashSet<String>> {
    static MISFITS: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    MISFITS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reads_leniently(node: &DslPlan) -> bool {
    match node {
        DslPlan::Scan { scan_type, .. } => {
            matches!(&**scan_type, FileScanDsl::Csv { options } if is_lenient(options))
        }
        _ => false,
    }
}

fn is_lenient(options: &CsvReadOptions) -> bool {
    options.ignore_errors || matches!(options.parse_options.encoding, CsvEncoding::LossyUtf8)
}

/// Has the text files below a node read strictly, and notes their names. Plans of rare kinds stay as they are.
fn make_strict(plan: &mut DslPlan, files: &mut Vec<String>) {
    match plan {
        DslPlan::Scan { sources: ScanSources::Paths(paths), scan_type, cached_ir, .. } => {
            if let FileScanDsl::Csv { options } = scan_type.as_mut()
                && is_lenient(options)
            {
                let options = Arc::make_mut(options);
                options.ignore_errors = false;
                Arc::make_mut(&mut options.parse_options).encoding = CsvEncoding::Utf8;
                // What was made of the other options.
                *cached_ir = Arc::default();
                files.extend(paths.iter().map(ToString::to_string));
            }
        }
        DslPlan::Filter { input, .. }
        | DslPlan::Cache { input, .. }
        | DslPlan::Select { input, .. }
        | DslPlan::GroupBy { input, .. }
        | DslPlan::HStack { input, .. }
        | DslPlan::Distinct { input, .. }
        | DslPlan::Sort { input, .. }
        | DslPlan::Slice { input, .. }
        | DslPlan::MapFunction { input, .. }
        | DslPlan::Sink { input, .. } => make_strict(Arc::make_mut(input), files),
        // A plan that was asked for its columns, as those of variables are: what was made of it then is of no use.
        DslPlan::IR { dsl, .. } => {
            let (mut asked, before) = (dsl.as_ref().clone(), files.len());
            make_strict(&mut asked, files);
            if files.len() > before {
                *plan = asked;
            }
        }
        DslPlan::Join { input_left, input_right, .. } => {
            make_strict(Arc::make_mut(input_left), files);
            make_strict(Arc::make_mut(input_right), files);
        }
        DslPlan::Union { inputs, .. } => inputs.iter_mut().for_each(|input| make_strict(input, files)),
        _ => {}
    }
}
