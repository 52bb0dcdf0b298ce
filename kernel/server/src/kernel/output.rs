//! The outputs of the cell that runs: coalesced, paced, capped, in order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aerostat_error::{Error, Result};
use aerostat_protocol::channel::IoPub;
use aerostat_protocol::content::{
    ClearOutput, DisplayData, ExecuteRequest, ExecuteResult, Failure, StreamName, Transient, UpdateDisplayData,
};
use aerostat_protocol::{Message, Parent, Request};
use aerostat_session::{Captured, MimeBundle, Output};
use tokio::sync::Notify;

use super::cell::{Capture, Cell};
use super::progress;
use super::running::Running;
use super::stdin::Stdin;

/// How long printed text may wait for more to come.
const COALESCE: Duration = Duration::from_millis(50);

/// Where the cells of a shell print and display.
pub(crate) struct CellOutput {
    iopub: IoPub,
    stdin: Stdin,
    running: Running,
    cell: Mutex<Option<Cell>>,
    /// Rings when text begins to wait.
    pending: Notify,
    /// Rings when a cell begins.
    begun: Notify,
    closed: AtomicBool,
}

impl CellOutput {
    /// Ready for the first cell. Text that waits and progress are sent by tasks.
    pub(super) fn start(iopub: IoPub, stdin: Stdin, running: Running) -> Arc<Self> {
        let (cell, pending, begun, closed) = (Mutex::default(), Notify::new(), Notify::new(), AtomicBool::new(false));
        let output = Arc::new(Self { iopub, stdin, running, cell, pending, begun, closed });
        tokio::spawn(output.clone().flush_streams());
        tokio::spawn(output.clone().show_progress());
        output
    }

    /// The like for another shell.
    pub(super) fn beside(&self) -> Arc<Self> {
        Self::start(self.iopub.clone(), self.stdin.clone(), self.running.clone())
    }

    /// There will be no more cells: the tasks end.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.pending.notify_one();
        self.begun.notify_one();
    }

    async fn flush_streams(self: Arc<Self>) {
        loop {
            self.pending.notified().await;
            if self.closed.load(Ordering::SeqCst) {
                return;
            }
            tokio::time::sleep(COALESCE).await;
            while let Some(wait) = self.flush_if_allowed() {
                tokio::time::sleep(wait).await;
            }
        }
    }

    async fn show_progress(self: Arc<Self>) {
        loop {
            self.begun.notified().await;
            if self.closed.load(Ordering::SeqCst) {
                return;
            }
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

    /// Runs `work` and takes what it puts out.
    pub(crate) fn captured<T>(&self, capture: Capture, work: impl FnOnce() -> T) -> (T, Captured) {
        self.with_cell(|cell| cell.begin_capture(capture));
        let value = work();
        (value, self.with_cell(Cell::end_capture).flatten().unwrap_or_default())
    }

    fn print(&self, name: StreamName, text: &str) {
        if text.is_empty() || self.with_cell(|cell| cell.capture_text(name, text)) == Some(true) {
            return;
        }
        let mut rest = text;
        while let Some(taken) = self.with_cell(|cell| cell.print(name, rest)) {
            rest = &rest[taken..];
            if rest.is_empty() {
                return self.pending.notify_one();
            }
            self.flush();
        }
    }

    /// Publishes a display, unless a capture takes it.
    fn show(&self, bundle: &MimeBundle, build: impl FnOnce(&Parent) -> Message) {
        if self.with_cell(|cell| cell.capture_display(bundle)) != Some(true) {
            self.publish(build);
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
        if self.with_cell(|cell| cell.has_pending()) == Some(true) {
            self.keep_pace();
            self.with_cell(Cell::send_stream);
        }
    }

    /// [`CellOutput::flush`] for the task that must not wait: how long the text has to, if it may not go now.
    fn flush_if_allowed(&self) -> Option<Duration> {
        self.with_cell(|cell| {
            let wait = cell.wait();
            if wait.is_zero() {
                cell.send_stream();
            }
            cell.has_pending().then_some(wait)
        })
        .flatten()
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
        self.show(bundle, |parent| Message::new(parent, &display(bundle, None)));
    }

    fn display_as(&self, bundle: &MimeBundle, display_id: &str) {
        self.show(bundle, |parent| Message::new(parent, &display(bundle, Some(display_id))));
    }

    fn update_display(&self, bundle: &MimeBundle, display_id: &str) {
        self.publish(|parent| Message::new(parent, &UpdateDisplayData(display(bundle, Some(display_id)))));
    }

    fn clear_output(&self, wait: bool) {
        if self.with_cell(Cell::clear_capture) == Some(true) {
            return;
        }
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

fn display(bundle: &MimeBundle, display_id: Option<&str>) -> DisplayData {
    let transient = Transient { display_id: display_id.map(str::to_owned) };
    DisplayData { data: bundle.0.clone(), transient, ..DisplayData::default() }
}
