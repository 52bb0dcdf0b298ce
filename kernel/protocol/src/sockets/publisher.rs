//! PUB: sends every message to all who have subscribed to it, and waits for none of them.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::mpsc;
use zeromq::{PubSocket, Socket, SocketEvent, SocketSend, ZmqMessage};

use super::{Frames, Listener, Pending};
use crate::Result;

/// How long after a connection its subscription may take to arrive. `zeromq`'s XPUB would tell when it does, but lets
/// one subscriber that has stopped reading hold up all others.
const SUBSCRIPTION_DELAY: Duration = Duration::from_millis(50);

/// A PUB socket, cheap to clone and usable from any thread.
#[derive(Clone)]
pub(crate) struct Publisher {
    queue: mpsc::UnboundedSender<Frames>,
    pending: Pending,
}

impl Publisher {
    /// Serves the clients of `listener`. `welcome` is published for each of them, once it has had time to subscribe.
    pub(crate) async fn open(listener: Listener, welcome: impl Fn() -> Frames + Send + 'static) -> Result<Self> {
        let mut socket = PubSocket::new();
        let mut events = socket.monitor();
        listener.serve(&mut socket).await?;
        let (queue, queued) = mpsc::unbounded_channel();
        let publisher = Self { queue, pending: Pending::default() };
        tokio::spawn(publish(socket, queued, publisher.pending.clone()));
        let welcoming = publisher.clone();
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                if matches!(event, SocketEvent::Accepted(..)) {
                    let (welcoming, welcome) = (welcoming.clone(), welcome());
                    tokio::spawn(async move {
                        tokio::time::sleep(SUBSCRIPTION_DELAY).await;
                        welcoming.send(welcome);
                    });
                }
            }
        });
        Ok(publisher)
    }

    /// Sends a message to the subscribers of its first frame. Those who have stopped reading miss it.
    pub(crate) fn send(&self, frames: Frames) {
        self.pending.add();
        if self.queue.send(frames).is_err() {
            self.pending.done();
        }
    }

    /// Waits until everything that was sent is with the operating system.
    pub(crate) async fn drained(&self) {
        self.pending.drained().await;
    }
}

async fn publish(mut socket: PubSocket, mut queued: mpsc::UnboundedReceiver<Frames>, pending: Pending) {
    while let Some(frames) = queued.recv().await {
        if let Ok(message) = ZmqMessage::try_from(frames)
            && let Err(error) = socket.send(message).await
        {
            tracing::warn!("publishing failed: {error}");
        }
        pending.done();
    }
}
