//! What the messages carry, one file per family.
//!
//! Requests are read leniently: every field that can have a default has one. Replies are written strictly: an object
//! where the protocol wants an object, never `null`. Where `jupyter_protocol`'s types do so, they are used; its requests
//! want fields that clients leave out, and its replies and displays write `null` for what is absent, so those are ours.

mod comm;
mod execute;
mod history;
mod info;
mod input;
mod introspect;
mod lifecycle;
mod output;
mod subshell;

pub use comm::{CommClose, CommId, CommInfoReply, CommOpen};
pub use execute::{ExecuteFailure, ExecuteInput, ExecuteReply, ExecuteRequest, Payload};
pub use history::{Access, HistoryReply, HistoryRequest};
pub use info::{CodeMirrorMode, HelpLink, KernelInfoReply, LanguageInfo};
pub use input::{InputReply, InputRequest};
pub use introspect::{
    CompleteReply, CompleteRequest, InspectReply, InspectRequest, IsCompleteReply, IsCompleteRequest,
};
pub use lifecycle::{ExecutionState, InterruptReply, IoPubWelcome, ShutdownReply, ShutdownRequest, Status};
pub use output::{
    ClearOutput, DisplayData, ErrorOutput, ExecuteResult, Stream, StreamName, Transient, UpdateDisplayData,
};
pub use subshell::{CreateSubshellReply, DeleteSubshellReply, DeleteSubshellRequest, ListSubshellReply};

use serde::Serialize;

/// JSON object with string keys, as in MIME bundles.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Something that a message of one type carries.
pub trait Content: Serialize {
    /// The type of the message.
    const TYPE: &'static str;
}

/// The content of a reply to a request that may fail.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Reply<T, F = Failure> {
    /// It did not.
    Ok(T),
    /// It did.
    Error(F),
    /// It was not tried, because a request before it failed.
    Aborted(Object),
}

impl<T> Reply<T> {
    /// The reply to a request that did not fail.
    pub fn ok(content: T) -> Self {
        Self::Ok(content)
    }
}

impl<T, F> Reply<T, F> {
    /// The reply to a request that was not tried.
    pub fn aborted() -> Self {
        Self::Aborted(Object::new())
    }
}

impl<T: Content, F: Serialize> Content for Reply<T, F> {
    const TYPE: &'static str = T::TYPE;
}

/// An error as clients show it. The same three fields make the `error` message and the failed reply.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Failure {
    /// The name of the error, which programs match on.
    pub ename: String,
    /// What happened, in a sentence.
    pub evalue: String,
    /// What the user reads, line by line; ANSI colours are allowed.
    pub traceback: Vec<String>,
}
