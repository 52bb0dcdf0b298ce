//! Execution: the queue of cells, and the thread that runs one after the other.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use aerostat_error::{Error, Kind, Result};
use aerostat_protocol::Request;
use aerostat_protocol::content::{ExecuteFailure, ExecuteInput, ExecuteReply, ExecuteRequest, Object, Payload, Reply};
use aerostat_session::MimeBundle;
use aerostat_sql::STACK_BYTES;
use serde_json::{Value, json};

use super::failure::failure;
use super::front::Front;
use super::history::History;
use super::opening::Opening;
use super::output::CellOutput;
use super::panics::guarded;
use super::running::Running;
use crate::notebook::{Notebook, Shown};

/// How long a failed cell waits for the cells that were sent with it. Who sends one later has seen the failure.
const ABORT_GRACE: Duration = Duration::from_millis(20);

type CellReply = Reply<ExecuteReply, ExecuteFailure>;

/// The queue of cells that wait to be run.
pub(super) struct Cells(Sender<Request>);

/// What a thread that runs cells works with.
pub(super) struct Workplace {
    /// The metastore that the main shell opens the notebook on. A subshell joins what the main shell has opened.
    pub(super) root: Option<PathBuf>,
    pub(super) opening: Opening,
    pub(super) front: Front,
    pub(super) output: Arc<CellOutput>,
    pub(super) running: Running,
    pub(super) history: History,
    /// The number of the last cell, of whichever shell.
    pub(super) last_number: Arc<AtomicU32>,
}

impl Workplace {
    /// The same for a subshell, with outputs of its own.
    pub(super) fn subshell(&self) -> Self {
        Self {
            root: None,
            opening: self.opening.clone(),
            front: self.front.clone(),
            output: self.output.beside(),
            running: self.running.clone(),
            history: self.history.clone(),
            last_number: self.last_number.clone(),
        }
    }
}

impl Cells {
    /// Starts the thread. That of the main shell opens the notebook first. It ends when the queue is dropped.
    pub(super) fn start(workplace: Workplace) -> std::io::Result<Self> {
        let (sender, requests) = mpsc::channel();
        let worker = Worker { workplace, notebook: None, execution_count: 0 };
        std::thread::Builder::new()
            .name("cells".into())
            .stack_size(STACK_BYTES)
            .spawn(move || worker.work(&requests))?;
        Ok(Self(sender))
    }

    /// Queues an `execute_request`.
    pub(super) fn queue(&self, request: Request) {
        // The thread lives as long as this queue.
        let _ = self.0.send(request);
    }
}

struct Worker {
    workplace: Workplace,
    notebook: Option<Notebook>,
    /// The number of the cell that runs.
    execution_count: u32,
}

impl Worker {
    fn work(mut self, requests: &Receiver<Request>) {
        if self.workplace.root.is_some()
            && let Err(error) = self.notebook()
        {
            tracing::warn!("{error}");
            self.workplace.opening.failed();
        }
        while let Ok(request) = requests.recv() {
            for aborted in self.answer(request, requests) {
                self.workplace.front.answer(&aborted, CellReply::aborted);
            }
        }
        self.workplace.output.close();
    }

    /// The notebook. The main shell opens it if it is not open yet: a root that could not be used may be usable now. A
    /// subshell joins it for each cell anew: the main shell may have changed the metastore.
    fn notebook(&mut self) -> Result<&mut Notebook> {
        let Workplace { root, opening, output, .. } = &self.workplace;
        match root {
            Some(_) if self.notebook.is_some() => {}
            Some(root) => {
                let notebook = guarded(|| Notebook::open(root, output.clone()))?;
                opening.succeeded(notebook.help());
                self.notebook = Some(notebook);
            }
            None => self.notebook = Some(Notebook::join(&opening.help()?, output.clone())),
        }
        self.notebook.as_mut().ok_or_else(|| Error::internal("the notebook is not open"))
    }

    /// Answers one request; returns those that its failure aborts.
    fn answer(&mut self, request: Request, requests: &Receiver<Request>) -> Vec<Request> {
        let request = Arc::new(request);
        let front = self.workplace.front.clone();
        let mut aborted = Vec::new();
        front.answer(&request, || {
            let asked = match request.content::<ExecuteRequest>() {
                Ok(asked) => asked,
                Err(error) => return self.failed(&Error::invalid_argument(error.to_string()), ""),
            };
            self.begin(&request, &asked);
            let reply = self.run(&asked).unwrap_or_else(|error| {
                if asked.stop_on_error {
                    aborted = sent_together(requests);
                }
                self.failed(&error, &asked.code)
            });
            self.workplace.output.end();
            reply
        });
        aborted
    }

    /// Numbers the cell and announces it.
    fn begin(&mut self, request: &Arc<Request>, asked: &ExecuteRequest) {
        let last_number = &self.workplace.last_number;
        if asked.is_stored() {
            self.execution_count = last_number.fetch_add(1, Ordering::SeqCst) + 1;
            self.workplace.history.add_input(self.execution_count, &asked.code);
        } else {
            self.execution_count = last_number.load(Ordering::SeqCst);
        }
        if !asked.silent {
            let input = ExecuteInput { code: asked.code.clone(), execution_count: self.execution_count };
            self.workplace.front.iopub().publish(&request.parent, &input);
        }
        self.workplace.output.begin(request.clone(), asked);
    }

    /// Runs the cell and the expressions asked for with it.
    fn run(&mut self, asked: &ExecuteRequest) -> Result<CellReply> {
        let execution_count = self.execution_count;
        let Shown { result, pages } = self.interruptible(|notebook| notebook.run(&asked.code))?;
        if let Some(result) = result {
            if asked.is_stored() {
                self.workplace.history.add_output(execution_count, &result);
            }
            self.workplace.output.result(result, execution_count);
        }
        let payload = pages.into_iter().map(|page| Payload::Page { data: page.0, start: 0 }).collect();
        let user_expressions = self.user_expressions(asked.user_expressions.iter().flatten().collect());
        Ok(Reply::Ok(ExecuteReply { execution_count, payload, user_expressions }))
    }

    fn user_expressions(&mut self, expressions: BTreeMap<&String, &String>) -> Object {
        let evaluated = |(name, expression): (&String, &String)| {
            let value = match self.interruptible(|notebook| notebook.evaluate(expression)) {
                Ok(MimeBundle(data)) => json!({ "status": "ok", "data": data, "metadata": {} }),
                Err(error) => {
                    serde_json::to_value(Reply::<(), _>::Error(failure(&error, expression))).unwrap_or_default()
                }
            };
            (name.clone(), value)
        };
        expressions.into_iter().map(evaluated).collect::<serde_json::Map<String, Value>>()
    }

    /// Does `work` so that an interrupt can stop it and a panic is an error.
    fn interruptible<T>(&mut self, work: impl FnOnce(&mut Notebook) -> Result<T>) -> Result<T> {
        let running = self.workplace.running.clone();
        let notebook = self.notebook()?;
        running.begin(notebook.interrupt());
        let result = guarded(|| work(notebook));
        // What fails because it was stopped may say so in its own words.
        let stopped = running.is_interrupted();
        running.end();
        result.map_err(|error| match error.kind() {
            Kind::Interrupted => error,
            _ if stopped => Error::interrupted(),
            _ => error,
        })
    }

    /// Publishes the error, and makes the reply that says the same: clients look at either.
    fn failed(&self, error: &Error, code: &str) -> CellReply {
        let failure = failure(error, code);
        self.workplace.output.error(&failure);
        let execution_count = self.execution_count;
        Reply::Error(ExecuteFailure { execution_count, payload: Vec::new(), user_expressions: Object::new(), failure })
    }
}

/// The requests that wait, and those that are still on their way.
fn sent_together(requests: &Receiver<Request>) -> Vec<Request> {
    std::iter::from_fn(|| requests.recv_timeout(ABORT_GRACE).ok()).collect()
}
