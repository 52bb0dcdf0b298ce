//! Input: a running cell asks the user of the client that sent it.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use aerostat_error::{Error, Result};
use aerostat_protocol::Request;
use aerostat_protocol::channel::{Channel, Requests};
use aerostat_protocol::content::{InputReply, InputRequest};

use super::running::Running;

/// How often a cell that waits for the user looks whether it has been interrupted.
const POLL: Duration = Duration::from_millis(50);

/// The stdin channel.
#[derive(Clone)]
pub(crate) struct Stdin {
    channel: Channel,
    waiting: Arc<Mutex<Option<Sender<String>>>>,
    /// Held by the cell that asks: a reply does not say which question it answers.
    turn: Arc<Mutex<()>>,
}

impl Stdin {
    /// Begins to listen for replies.
    pub(super) fn start(channel: Channel, mut replies: Requests) -> Self {
        let stdin = Self { channel, waiting: Arc::default(), turn: Arc::default() };
        let listening = stdin.clone();
        tokio::spawn(async move {
            while let Some(reply) = replies.next().await {
                listening.take(&reply);
            }
        });
        stdin
    }

    /// Asks the client that sent `request`, and waits for its user.
    pub(super) fn ask(&self, request: &Request, prompt: &str, password: bool, running: &Running) -> Result<String> {
        let _turn = self.take_turn(running)?;
        let (sender, answer) = mpsc::channel();
        self.wait_for(Some(sender));
        self.channel.reply(request, &InputRequest { prompt: prompt.to_owned(), password });
        let answer = loop {
            match answer.recv_timeout(POLL) {
                Ok(value) => break Ok(value),
                Err(RecvTimeoutError::Timeout) if !running.is_interrupted() => {}
                Err(_) => break Err(Error::interrupted()),
            }
        };
        self.wait_for(None);
        answer
    }

    /// Waits until no other cell asks.
    fn take_turn(&self, running: &Running) -> Result<MutexGuard<'_, ()>> {
        loop {
            match self.turn.try_lock() {
                Ok(turn) => return Ok(turn),
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if running.is_interrupted() => return Err(Error::interrupted()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(POLL),
            }
        }
    }

    fn take(&self, reply: &Request) {
        if reply.header.msg_type != "input_reply" {
            return tracing::debug!("unexpected `{}` on stdin", reply.header.msg_type);
        }
        let InputReply { value } = reply.content().unwrap_or_default();
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        if waiting.is_none_or(|waiting| waiting.send(value).is_err()) {
            tracing::debug!("an input reply that nobody waits for");
        }
    }

    fn wait_for(&self, sender: Option<Sender<String>>) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = sender;
    }
}
