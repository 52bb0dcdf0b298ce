//! The messages that wait to be written to one peer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

use super::Frames;
use super::frame::write_message;
use super::listener::Writer;

/// What may wait for one peer. More means that the peer has stopped reading.
const MAX_QUEUED: usize = 64 << 20;

/// What a waiting message costs beside its frames.
const MESSAGE_OVERHEAD: usize = 256;

/// The sending side. Dropped with the last clone, it ends the writer once everything is written.
#[derive(Clone)]
pub(super) struct Outbox {
    queue: mpsc::UnboundedSender<Frames>,
    waiting: Arc<AtomicUsize>,
}

impl Outbox {
    /// Starts the task that writes to a peer.
    pub(super) fn open(writer: Writer) -> Self {
        let (queue, messages) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        tokio::spawn(write(messages, writer, waiting.clone()));
        Self { queue, waiting }
    }

    /// Queues a message; `false` if the peer is gone or has too much waiting.
    pub(super) fn push(&self, frames: Frames) -> bool {
        let size = size(&frames);
        if self.waiting.fetch_add(size, Ordering::AcqRel) > MAX_QUEUED || self.queue.send(frames).is_err() {
            self.waiting.fetch_sub(size, Ordering::AcqRel);
            return false;
        }
        true
    }

    /// Whether all that was queued has been handed to the operating system, or will never be.
    pub(super) fn is_drained(&self) -> bool {
        self.waiting.load(Ordering::Acquire) == 0 || self.queue.is_closed()
    }
}

fn size(frames: &Frames) -> usize {
    frames.iter().map(|frame| frame.len()).sum::<usize>() + MESSAGE_OVERHEAD
}

async fn write(mut messages: mpsc::UnboundedReceiver<Frames>, mut writer: Writer, waiting: Arc<AtomicUsize>) {
    while let Some(frames) = messages.recv().await {
        let mut written = size(&frames);
        let mut result = write_message(&mut writer, &frames).await;
        // What is queued already goes out in the same packets.
        while let (Ok(()), Ok(frames)) = (&result, messages.try_recv()) {
            result = write_message(&mut writer, &frames).await;
            written += size(&frames);
        }
        if result.is_ok() {
            result = writer.flush().await;
        }
        waiting.fetch_sub(written, Ordering::AcqRel);
        if let Err(error) = result {
            return tracing::debug!("a peer is gone: {error}");
        }
    }
}
