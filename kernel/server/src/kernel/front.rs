//! Answering: the one order of messages that every request gets.

use aerostat_error::Error;
use aerostat_protocol::channel::{Channel, IoPub};
use aerostat_protocol::content::{Content, ExecutionState, Reply, Status};
use aerostat_protocol::{Message, Parent, Request};
use serde::de::DeserializeOwned;

use super::failure::failure;

/// A channel of requests together with the channel on which all clients hear that they are worked on.
#[derive(Clone)]
pub(crate) struct Front {
    channel: Channel,
    iopub: IoPub,
}

impl Front {
    /// Joins the two.
    pub(crate) fn new(channel: Channel, iopub: IoPub) -> Self {
        Self { channel, iopub }
    }

    /// The channel that all clients hear.
    pub(crate) fn iopub(&self) -> &IoPub {
        &self.iopub
    }

    /// The channel of requests.
    pub(crate) fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Busy, whatever `work` publishes, its reply, idle.
    pub(crate) fn answer<C: Content>(&self, request: &Request, work: impl FnOnce() -> C) {
        self.answer_with(request, || Message::new(&request.parent, &work()));
    }

    /// [`Front::answer`] with a reply that is made of the request's content, or an error.
    pub(crate) fn answer_to<Q: DeserializeOwned, C: Content>(
        &self,
        request: &Request,
        work: impl FnOnce(Q) -> Result<C, Error>,
    ) {
        self.answer(request, || {
            let asked = request.content().map_err(|error| Error::invalid_argument(error.to_string()));
            match asked.and_then(work) {
                Ok(content) => Reply::Ok(content),
                Err(error) => Reply::Error(failure(&error, "")),
            }
        });
    }

    /// [`Front::answer`] with a reply of any type.
    pub(crate) fn answer_with(&self, request: &Request, work: impl FnOnce() -> Message) {
        self.busy(request, || {
            let reply = work();
            self.channel.send(request, reply);
        });
    }

    /// Busy, whatever `work` publishes, idle: for a message that has no reply.
    pub(crate) fn busy(&self, request: &Request, work: impl FnOnce()) {
        publish_state(&self.iopub, &request.parent, ExecutionState::Busy);
        work();
        publish_state(&self.iopub, &request.parent, ExecutionState::Idle);
    }
}

/// Tells all clients what the kernel is doing.
pub(crate) fn publish_state(iopub: &IoPub, parent: &Parent, execution_state: ExecutionState) {
    iopub.publish(parent, &Status { execution_state });
}
