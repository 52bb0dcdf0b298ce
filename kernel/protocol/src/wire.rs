//! Jupyter messages on the wire: identities, delimiter, signature, header, parent header, metadata, content, buffers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use chrono::{SecondsFormat, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::content::Content;
use crate::sockets::Frames;
use crate::{Error, PROTOCOL_VERSION, Result, Signer};

const DELIMITER: &[u8] = b"<IDS|MSG>";

/// The part of a request's header that the kernel reads. What else is there travels back unread, see [`Parent`].
#[derive(Clone, Debug, Deserialize)]
pub struct Header {
    /// The name of the message.
    pub msg_id: String,
    /// What kind of message it is, e.g. `execute_request`.
    pub msg_type: String,
    /// The subshell that it is for; none for the main shell.
    #[serde(default)]
    pub subshell_id: Option<String>,
}

/// A request's header as it came, to be the parent header of everything that the request causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent(Bytes);

impl Parent {
    /// No parent: for what the kernel says of its own accord.
    pub const NONE: Self = Self(Bytes::from_static(b"{}"));
}

/// A message from a client, its signature verified.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where it came from, first of all the peer; a reply goes back the same way.
    pub identities: Frames,
    /// What it is.
    pub header: Header,
    /// Its header, for the replies.
    pub parent: Parent,
    /// What it asks.
    pub content: Value,
    /// Binary data beside the content.
    pub buffers: Frames,
}

impl Request {
    /// The content as what a message of its type should carry. `null` is taken for an empty object.
    pub fn content<T: DeserializeOwned>(&self) -> Result<T> {
        let content = match &self.content {
            Value::Null => Value::Object(serde_json::Map::new()),
            content => content.clone(),
        };
        serde_json::from_value(content).map_err(json("content"))
    }
}

/// A message to clients, not yet signed.
#[derive(Clone, Debug)]
pub struct Message {
    /// What kind of message it is.
    pub msg_type: String,
    /// The request that caused it.
    pub parent: Parent,
    content: Vec<u8>,
}

impl Message {
    /// A message with the type that its content has.
    pub fn new<C: Content>(parent: &Parent, content: &C) -> Self {
        Self::of_type(C::TYPE, parent, content)
    }

    /// A message of any type.
    pub fn of_type(msg_type: &str, parent: &Parent, content: &impl Serialize) -> Self {
        // Content is made of strings, numbers and maps with string keys, which always have a JSON form.
        let content = serde_json::to_vec(content).unwrap_or_else(|_| b"{}".to_vec());
        Self { msg_type: msg_type.to_owned(), parent: parent.clone(), content }
    }

    /// How many bytes its content takes.
    pub fn content_len(&self) -> usize {
        self.content.len()
    }
}

/// Encodes and decodes the messages of one kernel. Cheap to clone; the clones count messages together.
#[derive(Clone)]
pub struct Wire {
    signer: Signer,
    session: Arc<str>,
    count: Arc<AtomicU64>,
}

#[derive(Serialize)]
struct OwnHeader<'a> {
    msg_id: String,
    session: &'a str,
    username: &'a str,
    date: String,
    msg_type: &'a str,
    version: &'a str,
}

impl Wire {
    /// The wire of a kernel that has just started.
    pub fn new(signer: Signer) -> Self {
        let session = uuid::Uuid::new_v4().to_string().into();
        Self { signer, session, count: Arc::default() }
    }

    /// The frames of `message`, behind `prefix`: the identities of a request, or the topic of a publication.
    pub fn encode(&self, prefix: &[Bytes], message: Message) -> Frames {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let header = OwnHeader {
            msg_id: format!("{}_{number}", self.session),
            session: &self.session,
            username: "aerostat",
            // Clients parse six fractional digits, and `Z`.
            date: Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true),
            msg_type: &message.msg_type,
            version: PROTOCOL_VERSION,
        };
        let header = serde_json::to_vec(&header).unwrap_or_default();
        let parts = [header.into(), message.parent.0, Bytes::from_static(b"{}"), Bytes::from(message.content)];
        let mut frames = prefix.to_vec();
        frames.push(Bytes::from_static(DELIMITER));
        frames.push(self.signer.sign(&parts).into());
        frames.extend(parts);
        frames
    }

    /// The request in `frames`, if they are one and its signature is right.
    pub fn decode(&self, mut frames: Frames) -> Result<Request> {
        let delimiter = frames.iter().position(|frame| frame == DELIMITER).ok_or(Error::Framing("no delimiter"))?;
        let mut parts = frames.split_off(delimiter);
        frames.shrink_to_fit();
        if parts.len() < 6 {
            return Err(Error::Framing("too few frames"));
        }
        let buffers = parts.split_off(6);
        if !self.signer.verify(&parts[2..], &parts[1]) {
            return Err(Error::Signature);
        }
        Ok(Request {
            identities: frames,
            header: serde_json::from_slice(&parts[2]).map_err(json("header"))?,
            parent: Parent(parts[2].clone()),
            content: serde_json::from_slice(&parts[5]).map_err(json("content"))?,
            buffers,
        })
    }
}

fn json(part: &'static str) -> impl Fn(serde_json::Error) -> Error {
    move |source| Error::Json { part, source }
}
