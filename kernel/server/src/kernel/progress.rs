//! Progress: a sign of life from a cell that runs long and has shown nothing yet.
//!
//! It goes away with the first output of the cell, and is shown only where a user can be asked for input: what batch
//! runs store and compare must not depend on the time that a cell takes.

use std::time::{Duration, Instant};

use aerostat_protocol::content::{DisplayData, Object, Transient};

/// How long a cell may run before it shows that it does.
const DELAY: Duration = Duration::from_secs(1);

/// How often the display is updated.
pub(super) const STEP: Duration = Duration::from_millis(500);

/// The progress of one cell.
pub(super) struct Progress {
    started: Instant,
    read_before: u64,
    display_id: String,
    /// Whether it is on display.
    pub(super) shown: bool,
}

impl Progress {
    /// Of a cell that begins.
    pub(super) fn start() -> Self {
        let display_id = format!("progress-{}", uuid::Uuid::new_v4());
        Self { started: Instant::now(), read_before: bytes_read(), display_id, shown: false }
    }

    /// What there is to show, if the cell has run long enough.
    pub(super) fn display(&self) -> Option<DisplayData> {
        let elapsed = self.started.elapsed();
        (elapsed >= DELAY).then(|| {
            let text = describe(elapsed, bytes_read().saturating_sub(self.read_before));
            let html = format!("<progress style=\"vertical-align: middle\"></progress> <small>{text}</small>");
            let data = [("text/plain".to_owned(), text.into()), ("text/html".to_owned(), html.into())];
            let transient = Transient { display_id: Some(self.display_id.clone()) };
            DisplayData { data: Object::from_iter(data), transient, ..DisplayData::default() }
        })
    }
}

fn describe(elapsed: Duration, bytes: u64) -> String {
    let seconds = elapsed.as_secs();
    let time = match seconds / 60 {
        0 => format!("{seconds} s"),
        minutes => format!("{minutes} min {} s", seconds % 60),
    };
    match bytes / 1_000_000 {
        0 => format!("running for {time}"),
        megabytes => format!("running for {time}, {megabytes} MB read"),
    }
}

/// How much this process has read from files and elsewhere; nothing where the system does not count.
fn bytes_read() -> u64 {
    let counters = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let read = counters.lines().find_map(|line| line.strip_prefix("rchar: "));
    read.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_time_and_megabytes() {
        let describe = |seconds, bytes| describe(Duration::from_secs(seconds), bytes);
        assert_eq!(describe(3, 999_999), "running for 3 s");
        assert_eq!(describe(59, 1_000_000), "running for 59 s, 1 MB read");
        assert_eq!(describe(125, 2_500_000_000), "running for 2 min 5 s, 2500 MB read");
    }
}
