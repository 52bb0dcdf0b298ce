//! The outputs of the cell that runs: coalesced, paced, capped, in order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aerostat_error::{Error, Result};
use aerostat_protocol::channel::IoPub;
use aerostat_protocol::content::{ClearOutput, DisplayData, ExecuteRequest, ExecuteResult, Failure, StreamName};
use aerostat_protocol::{Message, Parent, Request};
use aerostat_session::{MimeBundle, Output};
use tokio::sync::Notify;

use super::cell::{Cell, MAX_PENDING};
use super::progress;
use super::running::Running;
use super::stdin::Stdin;

/// How long printed text may wait for more to come.
const COALESCE: Duration = Duration::from_millis(50);

/// Where cells print and display.
pub(crate) struct CellOutput {
    iopub: IoPub,
    stdin: Stdin,
    running: Running,
    cell: Mutex<Option<Cell>>,
    /// Rings when text begins to wait.
    pending: Notify,
    /// Rings when a cell begins.
    begun: Notify,
}

impl CellOutput {
    /// Ready for the first cell. Text that waits and progress are sent by tasks.
    pub(super) fn start(iopub: IoPub, stdin: Stdin, running: Running) -> Arc<Self> {
        let (cell, pending, begun) = (Mutex::default(), Notify::new(), Notify::new());
        let output = Arc::new(Self { iopub, stdin, running, cell, pending, begun });
        tokio::spawn(output.clone().flush_streams());
        tokio::spawn(output.clone().show_progress());
        output
    }

    async fn flush_streams(self: Arc<Self>) {
        loop {
            self.pending.notified().await;
            tokio::time::sleep(COALESCE).await;
            self.flush_if_allowed();
        }
    }

    async fn show_progress(self: Arc<Self>) {
        loop {
            self.begun.notified().await;
            while self.with_cell(Cell::show_progress) == Some(true) {
                tokio::time::sleep(progress::STEP).await;
            }
        }
    }

    /// A cell begins.
    pub(super) fn begin(&self, request: Arc<Request>, asked: &ExecuteRequest) {
        *self.lock() = Some(Cell::new(self.iopub.clone(), request, asked));
        self.begun.notify_one();
    }

    /// It has ended; what it printed is out.
    pub(super) fn end(&self) {
        self.flush();
        if let Some(mut cell) = self.lock().take() {
            cell.hide_progress();
        }
    }

    /// Publishes the value of the cell.
    pub(super) fn result(&self, bundle: MimeBundle, execution_count: u32) {
        let display = DisplayData { data: bundle.0, ..DisplayData::default() };
        self.publish(|parent| Message::new(parent, &ExecuteResult { execution_count, display }));
    }

    /// Publishes the error that ended the cell.
    pub(super) fn error(&self, failure: &Failure) {
        self.flush();
        self.with_cell(|cell| cell.fail(failure));
    }

    /// Runs `work` and swallows what it puts out.
    pub(crate) fn captured<T>(&self, work: impl FnOnce() -> T) -> T {
        self.flush();
        self.with_cell(Cell::begin_capture);
        let value = work();
        self.with_cell(Cell::end_capture);
        value
    }

    fn print(&self, name: StreamName, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.with_cell(|cell| cell.has_pending(Some(name))) == Some(true) {
            self.flush();
        }
        match self.with_cell(|cell| cell.print(name, text)) {
            Some(waiting) if waiting >= MAX_PENDING => self.flush(),
            Some(_) => self.pending.notify_one(),
            None => {}
        }
    }

    /// Sends the text that waits, and then the message of `build`.
    fn publish(&self, build: impl FnOnce(&Parent) -> Message) {
        self.flush();
        self.keep_pace();
        self.with_cell(|cell| cell.publish(build));
    }

    /// Sends the text that waits.
    fn flush(&self) {
        if self.with_cell(|cell| cell.has_pending(None)) == Some(true) {
            self.keep_pace();
            self.with_cell(Cell::send_stream);
        }
    }

    /// [`CellOutput::flush`] for the task that must not wait; what may not go now goes with the next output.
    fn flush_if_allowed(&self) {
        self.with_cell(|cell| {
            if cell.wait().is_zero() {
                cell.send_stream();
            }
        });
    }

    /// Waits, without the lock, until the next message may go.
    fn keep_pace(&self) {
        while let Some(wait) = self.with_cell(Cell::wait).filter(|wait| !wait.is_zero()) {
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

impl Output for CellOutput {
    fn stdout(&self, text: &str) {
        self.print(StreamName::Stdout, text);
    }

    fn stderr(&self, text: &str) {
        self.print(StreamName::Stderr, text);
    }

    fn display(&self, bundle: &MimeBundle) {
        self.publish(|parent| Message::new(parent, &display(bundle)));
    }

    fn clear_output(&self, wait: bool) {
        self.publish(|parent| Message::new(parent, &ClearOutput { wait }));
    }

    fn input(&self, prompt: &str, password: bool) -> Result<String> {
        self.flush();
        let request = self.with_cell(|cell| {
            cell.hide_progress();
            cell.allow_stdin.then(|| cell.request.clone())
        });
        match request.flatten() {
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
