//! The five channels of a kernel.

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::Result;
use crate::content::{Content, IoPubWelcome};
use crate::sockets::{self, Delivery, Listener, Publisher, Router};
use crate::wire::{Message, Parent, Request, Wire};

/// Shell, control or stdin: requests come in, replies go back to whoever asked.
#[derive(Clone)]
pub struct Channel {
    router: Router,
    wire: Wire,
}

/// The requests that arrive on a channel.
pub struct Requests {
    deliveries: mpsc::Receiver<Delivery>,
    wire: Wire,
}

impl Channel {
    /// Opens the channel to the clients of `listener`.
    pub async fn open(listener: Listener, wire: &Wire) -> Result<(Self, Requests)> {
        let (router, deliveries) = Router::open(listener).await?;
        Ok((Self { router, wire: wire.clone() }, Requests { deliveries, wire: wire.clone() }))
    }

    /// Sends a message to where `to` came from. A client that has left misses it.
    pub fn send(&self, to: &Request, message: Message) {
        let Some(peer) = to.identities.first() else { return };
        self.router.send(peer.clone(), self.wire.encode(&to.identities[1..], message));
    }

    /// Sends a reply to `request`.
    pub fn reply<C: Content>(&self, request: &Request, content: &C) {
        self.send(request, Message::new(&request.parent, content));
    }

    /// Waits until everything is out.
    pub async fn drained(&self) {
        self.router.drained().await;
    }
}

impl Requests {
    /// The next request. What is not one is dropped, with a line in the log.
    pub async fn next(&mut self) -> Option<Request> {
        while let Some(Delivery { identity, frames }) = self.deliveries.recv().await {
            match self.wire.decode(frames) {
                Ok(mut request) => {
                    request.identities.insert(0, identity);
                    return Some(request);
                }
                Err(error) => tracing::warn!("dropped a message: {error}"),
            }
        }
        None
    }
}

/// IOPub: what all clients hear.
#[derive(Clone)]
pub struct IoPub {
    publisher: Publisher,
    wire: Wire,
}

impl IoPub {
    /// Opens the channel to the clients of `listener`. A new one is welcomed.
    pub async fn open(listener: Listener, wire: &Wire) -> Result<Self> {
        let welcoming = wire.clone();
        // An empty topic: the welcome is for those who have subscribed to everything, as clients do.
        let welcome = move || {
            let content = IoPubWelcome { subscription: String::new() };
            welcoming.encode(&[Bytes::new()], Message::new(&Parent::NONE, &content))
        };
        Ok(Self { publisher: Publisher::open(listener, welcome).await?, wire: wire.clone() })
    }

    /// Publishes a message.
    pub fn send(&self, message: Message) {
        let topic = Bytes::from(format!("kernel.{}", message.msg_type));
        self.publisher.send(self.wire.encode(&[topic], message));
    }

    /// Publishes `content` on behalf of a request.
    pub fn publish<C: Content>(&self, parent: &Parent, content: &C) {
        self.send(Message::new(parent, content));
    }

    /// Waits until everything is out.
    pub async fn drained(&self) {
        self.publisher.drained().await;
    }
}

/// Heartbeat: every message goes back as it came.
pub async fn heartbeat(listener: Listener) -> Result<()> {
    sockets::echo(listener).await
}
