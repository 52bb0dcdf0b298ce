//! ROUTER: receives from every peer, each named by its identity, and sends to the peer that is named.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::Frames;
use super::frame::read_message;
use super::handshake::SocketKind;
use super::listener::{Endpoint, Peer, listen};
use super::outbox::Outbox;
use crate::Result;

/// How many messages may wait to be received. A sender beyond that is held back by its own connection.
const MAX_RECEIVED: usize = 64;

/// How often the end of the writing is looked for.
const DRAIN_STEP: Duration = Duration::from_millis(1);

/// A message and the peer that it came from.
#[derive(Debug)]
pub struct Delivery {
    /// The peer; [`Router::send`] with it answers.
    pub identity: Bytes,
    /// What came.
    pub frames: Frames,
}

/// The sending side of a bound ROUTER socket, cheap to clone and usable from any thread.
#[derive(Clone, Default)]
pub struct Router {
    peers: Arc<Mutex<HashMap<Bytes, Connected>>>,
}

struct Connected {
    outbox: Outbox,
    /// Tells a peer from one that came later under the same identity.
    serial: u64,
}

impl Router {
    /// Binds `endpoint`; what arrives there comes out of the receiver.
    pub async fn bind(endpoint: &Endpoint) -> Result<(Self, mpsc::Receiver<Delivery>)> {
        let router = Self::default();
        let (received, receiver) = mpsc::channel(MAX_RECEIVED);
        let serials = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let serving = router.clone();
        let serve = move |peer| {
            let serial = serials.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            serving.clone().serve(peer, serial, received.clone())
        };
        listen(endpoint, SocketKind::Router, serve).await?;
        Ok((router, receiver))
    }

    /// Sends a message to a peer; `false` if there is no such peer any more, or it has stopped reading.
    pub fn send(&self, identity: &Bytes, frames: Frames) -> bool {
        // The lock is held while the message is queued, so that two senders cannot swap.
        self.lock().get(identity).is_some_and(|peer| peer.outbox.push(frames))
    }

    /// Waits until everything that was sent is with the operating system.
    pub async fn drained(&self) {
        while !self.lock().values().all(|peer| peer.outbox.is_drained()) {
            tokio::time::sleep(DRAIN_STEP).await;
        }
    }

    async fn serve(self, mut peer: Peer, serial: u64, received: mpsc::Sender<Delivery>) {
        let identity = if peer.identity.is_empty() { anonymous(serial) } else { peer.identity };
        self.lock().insert(identity.clone(), Connected { outbox: Outbox::open(peer.writer), serial });
        loop {
            let message = tokio::select! {
                message = read_message(&mut peer.reader) => message,
                () = received.closed() => break,
            };
            let Ok(frames) = message.inspect_err(|error| tracing::debug!("a peer left: {error}")) else { break };
            if received.send(Delivery { identity: identity.clone(), frames }).await.is_err() {
                break;
            }
        }
        let mut peers = self.lock();
        if peers.get(&identity).is_some_and(|peer| peer.serial == serial) {
            peers.remove(&identity);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Bytes, Connected>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An identity for a peer that has none. Peers may not begin theirs with a zero byte.
fn anonymous(serial: u64) -> Bytes {
    let mut identity = vec![0];
    identity.extend_from_slice(&serial.to_be_bytes());
    identity.into()
}
