//! The outputs of one cell: what may go out, how fast, how much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aerostat_protocol::channel::IoPub;
use aerostat_protocol::content::{
    ClearOutput, ErrorOutput, ExecuteRequest, Failure, Stream, StreamName, UpdateDisplayData,
};
use aerostat_protocol::{Message, Parent, Request};
use aerostat_session::{Captured, MimeBundle, memory};

use super::pace::Pace;
use super::progress::Progress;

/// How much printed text may wait, and how much goes in one message: a server that counts bytes lets pass or drops a
/// message as a whole.
const MAX_PENDING: usize = 64 << 10;

/// What a cell may put out, in bytes, if `AEROSTAT_OUTPUT_LIMIT` does not say otherwise.
const DEFAULT_LIMIT: usize = 10_000_000;

/// What an output costs beside its content, so that countless small ones are limited as well.
const OUTPUT_OVERHEAD: usize = 1000;

/// The variable that sets how many bytes a cell may put out: `10M`, a number, or `none`.
pub(crate) const OUTPUT_LIMIT: &str = "AEROSTAT_OUTPUT_LIMIT";

/// What `%%capture` keeps away from the clients, and has so far.
#[derive(Debug)]
pub(crate) struct Capture {
    /// Whether it takes what is printed to standard output.
    pub(crate) stdout: bool,
    /// Whether it takes what is printed to standard error.
    pub(crate) stderr: bool,
    /// Whether it takes displays.
    pub(crate) displays: bool,
    /// What it has taken.
    pub(crate) captured: Captured,
}

/// The cell that runs.
pub(super) struct Cell {
    iopub: IoPub,
    /// What asked to run it.
    pub(super) request: Arc<Request>,
    /// Whether its frontend can be asked for input.
    pub(super) allow_stdin: bool,
    silent: bool,
    /// What takes outputs before clients see them, the innermost last.
    captures: Vec<Capture>,
    /// Text that waits.
    stream: Option<Stream>,
    /// Until the cell shows something.
    progress: Option<Progress>,
    pace: Pace,
    /// How many bytes the cell may still put out; `None` after the notice that it has put out too many.
    left: Option<usize>,
}

impl Cell {
    /// A cell that begins.
    pub(super) fn new(iopub: IoPub, request: Arc<Request>, asked: &ExecuteRequest) -> Self {
        let ExecuteRequest { silent, allow_stdin, .. } = *asked;
        let progress = (allow_stdin && !silent).then(Progress::start);
        let (captures, stream, pace, left) = (Vec::new(), None, Pace::default(), Some(limit()));
        Self { iopub, request, allow_stdin, silent, captures, stream, progress, pace, left }
    }

    /// Lets a capture take what is printed; whether one did.
    pub(super) fn capture_text(&mut self, name: StreamName, text: &str) -> bool {
        let takes = |capture: &&mut Capture| match name {
            StreamName::Stdout => capture.stdout,
            StreamName::Stderr => capture.stderr,
        };
        let Some(capture) = self.captures.iter_mut().rev().find(takes) else { return false };
        match name {
            StreamName::Stdout => capture.captured.push_stdout(text),
            StreamName::Stderr => capture.captured.push_stderr(text),
        }
        true
    }

    /// Lets a capture take a display; whether one did.
    pub(super) fn capture_display(&mut self, bundle: &MimeBundle) -> bool {
        let capture = self.captures.iter_mut().rev().find(|capture| capture.displays);
        capture.map(|capture| capture.captured.push_display(bundle.clone())).is_some()
    }

    /// Adds to the text that waits; how many bytes of `text` were taken. For more, what waits has to be sent first: it is
    /// of the other stream, or long enough.
    pub(super) fn print(&mut self, name: StreamName, text: &str) -> usize {
        let stream = self.stream.get_or_insert_with(|| Stream { name, text: String::new() });
        if stream.name != name {
            return 0;
        }
        let taken = text.floor_char_boundary(MAX_PENDING.saturating_sub(stream.text.len()));
        stream.text.push_str(&text[..taken]);
        taken
    }

    /// Whether text waits.
    pub(super) fn has_pending(&self) -> bool {
        self.stream.is_some()
    }

    /// How long the next output has to wait.
    pub(super) fn wait(&mut self) -> Duration {
        self.pace.wait(Instant::now())
    }

    /// Begins to capture outputs.
    pub(super) fn begin_capture(&mut self, capture: Capture) {
        self.captures.push(capture);
    }

    /// Ends what [`Cell::begin_capture`] began; what was captured.
    pub(super) fn end_capture(&mut self) -> Option<Captured> {
        self.captures.pop().map(|capture| capture.captured)
    }

    /// Clears what the innermost capture has, if there is one.
    pub(super) fn clear_capture(&mut self) -> bool {
        self.captures.last_mut().map(|capture| capture.captured.clear()).is_some()
    }

    /// Sends the text that waits. Of a text that is too long, the beginning is sent.
    pub(super) fn send_stream(&mut self) {
        let Some(mut stream) = self.stream.take() else { return };
        let fits = stream.text.floor_char_boundary(self.left.unwrap_or(0).saturating_sub(OUTPUT_OVERHEAD));
        let too_long = fits < stream.text.len();
        stream.text.truncate(fits);
        if fits > 0 {
            let message = Message::new(&self.request.parent, &stream);
            let bytes = message.content_len();
            self.send(message, fits, bytes);
        }
        if too_long {
            self.stop();
        }
    }

    /// Sends a message, unless the cell is silent or has put out too much. `size` is what counts of it for that.
    fn send(&mut self, message: Message, size: usize, stream_bytes: usize) {
        let Some(left) = self.left.filter(|_| !self.silent) else { return };
        match left.checked_sub(size + OUTPUT_OVERHEAD) {
            Some(left) => {
                self.hide_progress();
                self.left = Some(left);
                self.pace.count(Instant::now(), stream_bytes);
                self.iopub.send(message);
            }
            None => self.stop(),
        }
    }

    /// Publishes the message of `build`.
    pub(super) fn publish(&mut self, build: impl FnOnce(&Parent) -> Message) {
        let message = build(&self.request.parent);
        let size = message.content_len();
        self.send(message, size, 0);
    }

    /// Publishes the error that ended the cell, whatever it has put out before.
    pub(super) fn fail(&mut self, failure: &Failure) {
        if !self.silent {
            self.hide_progress();
            self.iopub.publish(&self.request.parent, &ErrorOutput(failure.clone()));
        }
    }

    /// Ends the outputs of the cell, and says so once.
    fn stop(&mut self) {
        if !self.silent && self.left.take().is_some() {
            self.iopub.publish(&self.request.parent, &Stream { name: StreamName::Stderr, text: notice() });
        }
    }

    /// Shows or updates the progress; whether there will be more.
    pub(super) fn show_progress(&mut self) -> bool {
        let Some(progress) = self.progress.as_mut().filter(|_| self.captures.is_empty()) else { return false };
        match progress.display() {
            Some(display) if progress.shown => self.iopub.publish(&self.request.parent, &UpdateDisplayData(display)),
            Some(display) => {
                progress.shown = true;
                self.iopub.publish(&self.request.parent, &display);
            }
            None => {}
        }
        true
    }

    /// Takes the progress away, for good. Nothing else was shown before, so clearing all outputs is right.
    pub(super) fn hide_progress(&mut self) {
        if self.progress.take().is_some_and(|progress| progress.shown) {
            self.iopub.publish(&self.request.parent, &ClearOutput { wait: false });
        }
    }
}

fn limit() -> usize {
    let said = std::env::var(OUTPUT_LIMIT).ok().filter(|text| !text.trim().is_empty());
    match said.map(|text| memory::amount(OUTPUT_LIMIT, &text)) {
        None => DEFAULT_LIMIT,
        Some(Ok(bytes)) => bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(usize::MAX),
        Some(Err(error)) => {
            tracing::warn!("{error}");
            DEFAULT_LIMIT
        }
    }
}

fn notice() -> String {
    format!(
        "\n[output truncated: a cell shows at most {} bytes; write the rest to a file, \
         or allow more with `%env {OUTPUT_LIMIT}=100M`]\n",
        limit()
    )
}
