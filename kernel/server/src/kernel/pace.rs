//! Keeping below the rates at which a notebook server starts to drop a cell's output.
//!
//! jupyter_server counts the messages and the bytes of streams in a window of three seconds, drops outputs once more
//! than 1,000 messages or 1,000,000 bytes a second have come, and starts anew with every idle kernel. A cell that would
//! exceed that waits instead, so that nothing is lost. The window here is longer than the server's: what a busy server
//! hears late, it hears together with what was sent later.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(4);

/// Nine tenths of what is allowed in three seconds.
const MAX_MESSAGES: usize = 2_700;
const MAX_BYTES: usize = 2_700_000;

/// What a message costs beside its content: headers, delimiter and signature.
const ENVELOPE: usize = 800;

/// The outputs of one cell in the last four seconds.
#[derive(Default)]
pub(super) struct Pace {
    recent: VecDeque<(Instant, usize)>,
    bytes: usize,
}

impl Pace {
    /// Counts a message whose content has `bytes` bytes in a stream, none in any other output.
    pub(super) fn count(&mut self, now: Instant, bytes: usize) {
        let bytes = if bytes > 0 { bytes + ENVELOPE } else { 0 };
        self.bytes += bytes;
        self.recent.push_back((now, bytes));
    }

    /// How long the next message has to wait; nothing if it may go now.
    pub(super) fn wait(&mut self, now: Instant) -> Duration {
        while let Some(&(time, bytes)) = self.recent.front() {
            let age = now.saturating_duration_since(time);
            if age < WINDOW {
                let full = self.recent.len() >= MAX_MESSAGES || self.bytes >= MAX_BYTES;
                return if full { WINDOW - age } else { Duration::ZERO };
            }
            self.bytes -= bytes;
            self.recent.pop_front();
        }
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the server may find in three seconds if it hears each message up to a second late.
    fn greatest_window(sent: &[(Instant, usize)]) -> usize {
        let window = Duration::from_secs(3 + 1);
        let sum = |end: Instant| sent.iter().filter(|(t, _)| *t <= end && end - *t < window).map(|(_, b)| b).sum();
        sent.iter().map(|(end, _)| sum(*end)).max().unwrap_or(0)
    }

    #[test]
    fn ten_megabytes_of_text_stay_below_the_rate_and_take_twelve_seconds() {
        let start = Instant::now();
        let (mut pace, mut now, mut sent) = (Pace::default(), start, Vec::new());
        for _ in 0..160 {
            now += pace.wait(now);
            assert_eq!(pace.wait(now), Duration::ZERO);
            pace.count(now, 64_000);
            sent.push((now, 64_000 + ENVELOPE));
        }
        assert!(greatest_window(&sent) < 3_000_000, "{}", greatest_window(&sent));
        assert_eq!((now - start).as_secs(), 12);
    }

    #[test]
    fn displays_count_as_messages_and_not_as_bytes() {
        let now = Instant::now();
        let mut pace = Pace::default();
        for _ in 0..MAX_MESSAGES {
            assert_eq!(pace.wait(now), Duration::ZERO);
            pace.count(now, 0);
        }
        assert_eq!(pace.wait(now + Duration::from_secs(1)), Duration::from_secs(3));
        assert_eq!(pace.wait(now + WINDOW), Duration::ZERO);
    }
}
