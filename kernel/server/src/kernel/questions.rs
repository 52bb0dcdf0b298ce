//! Questions about code and about earlier cells, answered by a thread of their own while a cell runs.

use std::sync::mpsc::{self, Receiver, Sender};

use aerostat_error::Error;
use aerostat_protocol::Request;
use aerostat_protocol::content::{HistoryReply, HistoryRequest, IsCompleteReply, IsCompleteRequest};

use super::front::Front;
use super::history::History;
use super::panics::guarded;
use crate::notebook::Help;

/// The queue of questions.
pub(super) struct Questions(Sender<Request>);

impl Questions {
    /// Starts the thread. Through the returned sender it learns that the notebook is open, or that it cannot be opened.
    pub(super) fn start(front: Front, history: History) -> std::io::Result<(Self, Sender<Option<Help>>)> {
        let (sender, questions) = mpsc::channel();
        let (opened, opening) = mpsc::channel();
        let work = move || Worker { front, history, help: opening.recv().ok().flatten(), opening }.work(&questions);
        std::thread::Builder::new().name("questions".into()).stack_size(64 << 20).spawn(work)?;
        Ok((Self(sender), opened))
    }

    /// Queues a question.
    pub(super) fn queue(&self, request: Request) {
        // The thread lives as long as the process.
        let _ = self.0.send(request);
    }
}

struct Worker {
    front: Front,
    history: History,
    help: Option<Help>,
    opening: Receiver<Option<Help>>,
}

impl Worker {
    fn work(mut self, questions: &Receiver<Request>) {
        while let Ok(request) = questions.recv() {
            if let Ok(help) = self.opening.try_recv() {
                self.help = help;
            }
            self.answer(&request);
        }
    }

    fn answer(&self, request: &Request) {
        let front = &self.front;
        match request.header.msg_type.as_str() {
            "complete_request" => front.answer_to(request, |asked| guarded(|| Ok(self.help()?.complete(&asked)))),
            "inspect_request" => front.answer_to(request, |asked| guarded(|| Ok(self.help()?.inspect(&asked)))),
            "is_complete_request" => front.answer(request, || self.is_complete(request)),
            _ => front
                .answer_to(request, |asked: HistoryRequest| Ok(HistoryReply { history: self.history.answer(&asked)? })),
        }
    }

    /// Code that nobody can judge is run, which tells.
    fn is_complete(&self, request: &Request) -> IsCompleteReply {
        let IsCompleteRequest { code } = request.content().unwrap_or_default();
        guarded(|| Ok(self.help()?.is_complete(&code))).unwrap_or(IsCompleteReply::Complete)
    }

    fn help(&self) -> Result<&Help, Error> {
        self.help.as_ref().ok_or_else(|| Error::internal("the notebook is not open"))
    }
}
