//! ROUTER: receives from every peer, each named by its identity, and sends to the peer that is named.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use zeromq::{RouterRecvHalf, RouterSendHalf, RouterSocket, Socket, SocketRecv, SocketSend, ZmqMessage};

use super::{Frames, Listener, Pending, RETRY_PAUSE};
use crate::Result;

/// How many messages may wait to be received. A sender beyond that is held back by its own connection.
const MAX_RECEIVED: usize = 64;

/// How long a peer that has stopped reading may hold up the others before it misses a message.
const SEND_LIMIT: Duration = Duration::from_secs(1);

/// A message and the peer that it came from.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// The peer; [`Router::send`] with it answers.
    pub(crate) identity: Bytes,
    /// What came.
    pub(crate) frames: Frames,
}

/// The sending side of a ROUTER socket, cheap to clone and usable from any thread.
#[derive(Clone)]
pub(crate) struct Router {
    queue: mpsc::UnboundedSender<Frames>,
    pending: Pending,
}

impl Router {
    /// Serves the clients of `listener`; what they send comes out of the receiver.
    pub(crate) async fn open(listener: Listener) -> Result<(Self, mpsc::Receiver<Delivery>)> {
        let mut socket = RouterSocket::new();
        listener.serve(&mut socket).await?;
        let (sending, receiving) = socket.split();
        let (queue, queued) = mpsc::unbounded_channel();
        let (received, receiver) = mpsc::channel(MAX_RECEIVED);
        let pending = Pending::default();
        tokio::spawn(send(sending, queued, pending.clone()));
        tokio::spawn(receive(receiving, received));
        Ok((Self { queue, pending }, receiver))
    }

    /// Sends a message to a peer. One that has left misses it.
    pub(crate) fn send(&self, identity: Bytes, frames: Frames) {
        self.pending.add();
        let addressed = std::iter::once(identity).chain(frames).collect();
        if self.queue.send(addressed).is_err() {
            self.pending.done();
        }
    }

    /// Waits until everything that was sent is with the operating system.
    pub(crate) async fn drained(&self) {
        self.pending.drained().await;
    }
}

async fn send(mut socket: RouterSendHalf, mut queued: mpsc::UnboundedReceiver<Frames>, pending: Pending) {
    while let Some(frames) = queued.recv().await {
        if let Ok(message) = ZmqMessage::try_from(frames) {
            match tokio::time::timeout(SEND_LIMIT, socket.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!("nobody waits for a reply any more: {error}"),
                Err(_) => tracing::warn!("a client does not read its replies: dropped one"),
            }
        }
        pending.done();
    }
}

async fn receive(mut socket: RouterRecvHalf, received: mpsc::Sender<Delivery>) {
    loop {
        let message = tokio::select! {
            message = socket.recv() => message,
            () = received.closed() => return,
        };
        match message {
            Ok(message) => {
                let mut frames = message.into_vec();
                if frames.is_empty() {
                    continue;
                }
                let identity = frames.remove(0);
                if received.send(Delivery { identity, frames }).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                tracing::debug!("receiving failed: {error}");
                tokio::time::sleep(RETRY_PAUSE).await;
            }
        }
    }
}
