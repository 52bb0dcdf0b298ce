//! The outputs of the cell that runs: coalesced, paced, capped, in order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aerostat_error::{Error, Result};
use aerostat_protocol::channel::IoPub;
use aerostat_protocol::content::{ClearOutput, DisplayData, ErrorOutput, ExecuteResult, Failure, Stream, StreamName};
use aerostat_protocol::{Message, Request};
use aerostat_session::{MimeBundle, Output};
use tokio::sync::Notify;

use super::pace::Pace;
use super::running::Running;
use super::stdin::Stdin;

/// How long printed text may wait for more to come.
const COALESCE: Duration = Duration::from_millis(50);

/// How much printed text may wait.
const MAX_PENDING: usize = 64 << 10;

/// What a cell may put out, in bytes, if `AEROSTAT_OUTPUT_LIMIT` does not say otherwise.
const DEFAULT_LIMIT: usize = 10_000_000;

/// What an output costs beside its content, so that countless small ones are limited as well.
const OUTPUT_OVERHEAD: usize = 1000;

/// The variable that sets how many bytes a cell may put out.
const OUTPUT_LIMIT: &str = "AEROSTAT_OUTPUT_LIMIT";

/// Where cells print and display.
pub(crate) struct CellOutput {
    iopub: IoPub,
    stdin: Stdin,
    running: Running,
    cell: Mutex<Option<Cell>>,
    /// Rings when text begins to wait.
    pending: Notify,
}

/// The cell that runs.
struct Cell {
    request: Arc<Request>,
    silent: bool,
    allow_stdin: bool,
    /// How many `%%capture` are swallowing outputs.
    captures: usize,
    /// Text that waits.
    stream: Option<Stream>,
    pace: Pace,
    /// How many bytes the cell may still put out; `None` after the notice that it has put out too many.
    left: Option<usize>,
}

impl CellOutput {
    /// Ready for the first cell. Text that waits is sent by a task.
    pub(super) fn start(iopub: IoPub, stdin: Stdin, running: Running) -> Arc<Self> {
        let output = Arc::new(Self { iopub, stdin, running, cell: Mutex::default(), pending: Notify::new() });
        let flushing = output.clone();
        tokio::spawn(async move {
            loop {
                flushing.pending.notified().await;
                tokio::time::sleep(COALESCE).await;
                flushing.flush_if_allowed();
            }
        });
        output
    }

    /// A cell begins.
    pub(super) fn begin(&self, request: Arc<Request>, silent: bool, allow_stdin: bool) {
        let (stream, pace, left) = (None, Pace::default(), Some(limit()));
        *self.lock() = Some(Cell { request, silent, allow_stdin, captures: 0, stream, pace, left });
    }

    /// It has ended; what it printed is out.
    pub(super) fn end(&self) {
        self.flush();
        *self.lock() = None;
    }

    /// Publishes the value of the cell.
    pub(super) fn result(&self, bundle: MimeBundle, execution_count: u32) {
        let display = DisplayData { data: bundle.0, ..DisplayData::default() };
        self.publish(|request| Message::new(&request.parent, &ExecuteResult { execution_count, display }));
    }

    /// Publishes the error that ended the cell, whatever it has put out before.
    pub(super) fn error(&self, failure: &Failure) {
        self.flush();
        if let Some(cell) = self.lock().as_ref().filter(|cell| !cell.silent) {
            self.iopub.publish(&cell.request.parent, &ErrorOutput(failure.clone()));
        }
    }

    /// Runs `work` and swallows what it puts out.
    pub(crate) fn captured<T>(&self, work: impl FnOnce() -> T) -> T {
        self.flush();
        self.with_cell(|cell| cell.captures += 1);
        let value = work();
        self.with_cell(|cell| {
            cell.stream = None;
            cell.captures -= 1;
        });
        value
    }

    fn print(&self, name: StreamName, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.with_cell(|cell| cell.stream.as_ref().is_some_and(|waiting| waiting.name != name)) == Some(true) {
            self.flush();
        }
        let waiting = self.with_cell(|cell| {
            let stream = cell.stream.get_or_insert_with(|| Stream { name, text: String::new() });
            stream.text.push_str(text);
            stream.text.len()
        });
        match waiting {
            Some(waiting) if waiting >= MAX_PENDING => self.flush(),
            Some(_) => self.pending.notify_one(),
            None => {}
        }
    }

    /// Sends the text that waits, and then the message of `build`.
    fn publish(&self, build: impl FnOnce(&Request) -> Message) {
        self.flush();
        self.keep_pace();
        self.with_cell(|cell| {
            let message = build(&cell.request);
            cell.send(&self.iopub, message, 0);
        });
    }

    /// Sends the text that waits.
    fn flush(&self) {
        if self.with_cell(|cell| cell.stream.is_some()) == Some(true) {
            self.keep_pace();
            self.with_cell(|cell| cell.send_stream(&self.iopub));
        }
    }

    /// [`CellOutput::flush`] for the task that must not wait; what may not go now goes with the next output.
    fn flush_if_allowed(&self) {
        self.with_cell(|cell| {
            if cell.pace.wait(Instant::now()).is_zero() {
                cell.send_stream(&self.iopub);
            }
        });
    }

    /// Waits, without the lock, until the next message may go.
    fn keep_pace(&self) {
        while let Some(wait) = self.with_cell(|cell| cell.pace.wait(Instant::now())).filter(|wait| !wait.is_zero()) {
            if self.running.is_interrupted() {
                return;
            }
            std::thread::sleep(wait.min(COALESCE));
        }
    }

    fn with_cell<T>(&self, action: impl FnOnce(&mut Cell) -> T) -> Option<T> {
        self.lock().as_mut().map(action)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Cell>> {
        self.cell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cell {
    /// Sends the text that waits. Of a text that is too long, the beginning is sent.
    fn send_stream(&mut self, iopub: &IoPub) {
        let Some(mut stream) = self.stream.take() else { return };
        let fits = stream.text.floor_char_boundary(self.left.unwrap_or(0).saturating_sub(MAX_PENDING));
        let too_long = fits < stream.text.len();
        stream.text.truncate(fits);
        let message = Message::new(&self.request.parent, &stream);
        let bytes = message.content_len();
        self.send(iopub, message, bytes);
        if too_long {
            self.stop(iopub);
        }
    }

    /// Sends a message, unless the cell is silent, captured or has put out too much.
    fn send(&mut self, iopub: &IoPub, message: Message, stream_bytes: usize) {
        let Some(left) = self.left.filter(|_| self.is_heard()) else { return };
        match left.checked_sub(message.content_len() + OUTPUT_OVERHEAD) {
            Some(left) => {
                self.left = Some(left);
                self.pace.count(Instant::now(), stream_bytes);
                iopub.send(message);
            }
            None => self.stop(iopub),
        }
    }

    /// Ends the outputs of the cell, and says so once.
    fn stop(&mut self, iopub: &IoPub) {
        if self.is_heard() && self.left.take().is_some() {
            iopub.publish(&self.request.parent, &Stream { name: StreamName::Stderr, text: notice() });
        }
    }

    fn is_heard(&self) -> bool {
        !self.silent && self.captures == 0
    }
}

impl Output for CellOutput {
    fn stdout(&self, text: &str) {
        self.print(StreamName::Stdout, text);
    }

    fn stderr(&self, text: &str) {
        self.print(StreamName::Stderr, text);
    }

    fn display(&self, bundle: &MimeBundle) {
        self.publish(|request| Message::new(&request.parent, &display(bundle)));
    }

    fn clear_output(&self, wait: bool) {
        self.publish(|request| Message::new(&request.parent, &ClearOutput { wait }));
    }

    fn input(&self, prompt: &str, password: bool) -> Result<String> {
        self.flush();
        let request = self.with_cell(|cell| cell.allow_stdin.then(|| cell.request.clone())).flatten();
        match request {
            Some(request) => self.stdin.ask(&request, prompt, password, &self.running),
            None => Err(Error::not_supported("the frontend that runs this cell cannot ask for input").with_hint(
                "run the cell in an interactive notebook or console, or read the value from a variable or file",
            )),
        }
    }
}

fn display(bundle: &MimeBundle) -> DisplayData {
    DisplayData { data: bundle.0.clone(), ..DisplayData::default() }
}

fn limit() -> usize {
    std::env::var(OUTPUT_LIMIT).ok().and_then(|limit| limit.parse().ok()).unwrap_or(DEFAULT_LIMIT)
}

fn notice() -> String {
    format!(
        "\n[output truncated: a cell shows at most {} bytes; write the rest to a file, \
         or allow more with `%env {OUTPUT_LIMIT}=100000000`]\n",
        limit()
    )
}
