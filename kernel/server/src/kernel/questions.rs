//! Questions about code and about earlier cells, answered by a thread of their own while a cell runs.

use std::sync::mpsc::{self, Receiver, Sender};

use aerostat_protocol::Request;
use aerostat_protocol::content::{HistoryReply, HistoryRequest, IsCompleteReply, IsCompleteRequest};
use aerostat_sql::STACK_BYTES;

use super::front::Front;
use super::history::History;
use super::opening::Opening;
use super::panics::guarded;

/// The queue of questions.
pub(super) struct Questions(Sender<Request>);

impl Questions {
    /// Starts the thread.
    pub(super) fn start(front: Front, history: History, opening: Opening) -> std::io::Result<Self> {
        let (sender, questions) = mpsc::channel();
        let work = move || Worker { front, history, opening }.work(&questions);
        std::thread::Builder::new().name("questions".into()).stack_size(STACK_BYTES).spawn(work)?;
        Ok(Self(sender))
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
    opening: Opening,
}

impl Worker {
    fn work(self, questions: &Receiver<Request>) {
        while let Ok(request) = questions.recv() {
            self.answer(&request);
        }
    }

    fn answer(&self, request: &Request) {
        let front = &self.front;
        match request.header.msg_type.as_str() {
            "complete_request" => {
                front.answer_to(request, |asked| guarded(|| Ok(self.opening.help()?.complete(&asked))))
            }
            "inspect_request" => front.answer_to(request, |asked| guarded(|| Ok(self.opening.help()?.inspect(&asked)))),
            "is_complete_request" => front.answer(request, || self.is_complete(request)),
            _ => front
                .answer_to(request, |asked: HistoryRequest| Ok(HistoryReply { history: self.history.answer(&asked)? })),
        }
    }

    /// Code that nobody can judge is run, which tells.
    fn is_complete(&self, request: &Request) -> IsCompleteReply {
        let IsCompleteRequest { code } = request.content().unwrap_or_default();
        guarded(|| Ok(self.opening.help()?.is_complete(&code))).unwrap_or(IsCompleteReply::Complete)
    }
}
