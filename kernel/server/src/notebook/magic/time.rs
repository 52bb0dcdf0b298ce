//! `%time` and `%%time`: what a cell took, and how much of that is the kernel's own share.

use std::time::{Duration, Instant};

use aerostat_error::Result;
use aerostat_session::Output;

use super::{Call, Place};
use crate::notebook::{Notebook, Shown};

pub(super) fn run(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    let code = match call.place {
        Place::Line => call.args,
        Place::Cell => {
            call.no_args()?;
            call.body
        }
    };
    notebook.interpreter.take_spent();
    notebook.way = None;
    let (wall, (user, system)) = (Instant::now(), cpu_times());
    let shown = notebook.run_part(code);
    let (wall, (user_end, system_end)) = (wall.elapsed(), cpu_times());
    let (user, system) = (user_end.saturating_sub(user), system_end.saturating_sub(system));
    notebook.output.stdout(&format!(
        "CPU times: user {}, sys: {}, total: {}\nWall time: {}{}\n",
        rounded(user),
        rounded(system),
        rounded(user + system),
        rounded(wall),
        notebook.way.map_or_else(String::new, |way| format!(" ({})", way.word()))
    ));
    let spent = notebook.interpreter.take_spent();
    if spent.cells > 0 {
        notebook.output.stdout(&format!(
            "Interpreted: {} to parse, check and dispatch, {} in polars and the session\n",
            rounded(spent.kernel),
            rounded(spent.engine)
        ));
    }
    shown
}

/// Three digits and a unit.
pub(super) fn rounded(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let (value, unit) = match seconds {
        _ if seconds >= 1.0 => (seconds, "s"),
        _ if seconds >= 1e-3 => (seconds * 1e3, "ms"),
        _ => (seconds * 1e6, "µs"),
    };
    let decimals = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.decimals$} {unit}")
}

/// What this process has used in user mode and in the system.
fn cpu_times() -> (Duration, Duration) {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: getrusage writes a whole `rusage` through the pointer, and one of zeros is valid if it fails.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let duration = |time: libc::timeval| Duration::new(time.tv_sec.unsigned_abs(), time.tv_usec as u32 * 1000);
    (duration(usage.ru_utime), duration(usage.ru_stime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits() {
        let texts =
            [12_345_678, 1_000_000, 999_000, 12_340, 1_234, 7].map(|micros| rounded(Duration::from_micros(micros)));
        assert_eq!(texts, ["12.3 s", "1.00 s", "999 ms", "12.3 ms", "1.23 ms", "7.00 µs"]);
    }
}
