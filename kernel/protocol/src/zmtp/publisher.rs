//! PUB: sends every message to all who have subscribed to it, and waits for none of them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use super::Frames;
use super::frame::read_message;
use super::handshake::SocketKind;
use super::listener::{Endpoint, Peer, listen};
use super::outbox::Outbox;
use crate::Result;

const DRAIN_STEP: Duration = Duration::from_millis(1);

/// A bound PUB socket, cheap to clone and usable from any thread.
#[derive(Clone, Default)]
pub struct Publisher {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    subscribers: Mutex<Vec<Subscriber>>,
    serials: AtomicU64,
}

struct Subscriber {
    serial: u64,
    outbox: Outbox,
    topics: Vec<Bytes>,
    /// Whether the last message had to be dropped; so that a subscriber that sleeps is logged once.
    stalled: AtomicBool,
}

impl Publisher {
    /// Binds `endpoint`. A new subscriber first gets what `welcome` makes of its subscription.
    pub async fn bind(
        endpoint: &Endpoint,
        welcome: impl Fn(&Bytes) -> Frames + Clone + Send + Sync + 'static,
    ) -> Result<Self> {
        let publisher = Self::default();
        let serving = publisher.clone();
        listen(endpoint, SocketKind::Publisher, move |peer| serving.clone().serve(peer, welcome.clone())).await?;
        Ok(publisher)
    }

    /// Sends a message to the subscribers of its first frame. Those who have stopped reading miss it.
    pub fn send(&self, frames: &Frames) {
        let Some(topic) = frames.first() else { return };
        // The lock is held while the message is queued, so that two senders cannot swap.
        self.lock().iter().filter(|subscriber| subscriber.wants(topic)).for_each(|subscriber| subscriber.push(frames));
    }

    /// Waits until everything that was sent is with the operating system.
    pub async fn drained(&self) {
        while !self.lock().iter().all(|subscriber| subscriber.outbox.is_drained()) {
            tokio::time::sleep(DRAIN_STEP).await;
        }
    }

    async fn serve(self, mut peer: Peer, welcome: impl Fn(&Bytes) -> Frames) {
        let serial = self.shared.serials.fetch_add(1, Ordering::Relaxed);
        let outbox = Outbox::open(peer.writer);
        self.lock().push(Subscriber { serial, outbox, topics: Vec::new(), stalled: AtomicBool::new(false) });
        while let Ok(frames) = read_message(&mut peer.reader).await {
            let [frame] = frames.as_slice() else { continue };
            self.subscription(serial, frame, &welcome);
        }
        self.lock().retain(|subscriber| subscriber.serial != serial);
    }

    /// Takes a subscription (`1` and a topic) or its end (`0` and a topic).
    fn subscription(&self, serial: u64, frame: &Bytes, welcome: impl Fn(&Bytes) -> Frames) {
        let mut subscribers = self.lock();
        let Some(subscriber) = subscribers.iter_mut().find(|subscriber| subscriber.serial == serial) else { return };
        match frame.first() {
            Some(1) => {
                let topic = frame.slice(1..);
                subscriber.push(&welcome(&topic));
                subscriber.topics.push(topic);
            }
            Some(0) => {
                if let Some(index) = subscriber.topics.iter().position(|topic| *topic == frame.slice(1..)) {
                    subscriber.topics.swap_remove(index);
                }
            }
            _ => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Subscriber>> {
        self.shared.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    fn wants(&self, topic: &Bytes) -> bool {
        self.topics.iter().any(|prefix| topic.starts_with(prefix))
    }

    fn push(&self, frames: &Frames) {
        let stalled = !self.outbox.push(frames.clone());
        if stalled && !self.stalled.swap(stalled, Ordering::Relaxed) {
            tracing::warn!("a subscriber does not read its messages: dropping them");
        } else if !stalled {
            self.stalled.store(false, Ordering::Relaxed);
        }
    }
}
