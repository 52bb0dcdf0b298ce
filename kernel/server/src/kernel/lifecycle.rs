//! How a kernel ends: it is told to, it is terminated, or its parent has gone.

use std::os::unix::process::parent_id;
use std::time::Duration;

use aerostat_protocol::{ConnectionFile, Transport};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

use super::front::Front;
use super::running::Running;

/// How often the parent is looked for.
const PARENT_POLL: Duration = Duration::from_secs(1);

/// The longest that the last messages may take to leave.
const DRAIN_LIMIT: Duration = Duration::from_secs(1);

/// The signal inside the process that it should end.
#[derive(Default)]
pub(super) struct Stop(Notify);

impl Stop {
    /// Ends the kernel.
    pub(super) fn now(&self) {
        self.0.notify_one();
    }

    /// Waits for the end, whatever brings it. An interrupt from the keyboard is not one: it stops the running cell.
    pub(super) async fn wait(&self, running: &Running) {
        tokio::spawn(interrupt_on_signal(running.clone()));
        let cause = tokio::select! {
            () = self.0.notified() => "a shutdown request",
            () = terminated() => "SIGTERM",
            () = orphaned() => "the end of the parent process",
        };
        tracing::debug!("ending because of {cause}");
        running.interrupt();
    }
}

async fn interrupt_on_signal(running: Running) {
    let Ok(mut interrupts) = signal(SignalKind::interrupt()) else { return };
    while interrupts.recv().await.is_some() {
        running.interrupt();
    }
}

async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminations) => drop(terminations.recv().await),
        Err(_) => std::future::pending().await,
    }
}

/// Waits until the process that started the kernel is gone. Only clients that name themselves are watched.
async fn orphaned() {
    let Ok(client) = std::env::var("JPY_PARENT_PID") else { return std::future::pending().await };
    // Not the client itself if it starts kernels through a wrapper. Orphans are handed to process 1.
    let parent = parent_id();
    let adopted = parent == 1 && client != "1";
    while !adopted && parent_id() == parent {
        tokio::time::sleep(PARENT_POLL).await;
    }
}

/// Waits until the last messages are with the operating system.
pub(super) async fn drain(shell: &Front, control: &Front) {
    let (shell, control, iopub) = (shell.channel(), control.channel(), shell.iopub());
    let drained = async { tokio::join!(shell.drained(), control.drained(), iopub.drained()) };
    if tokio::time::timeout(DRAIN_LIMIT, drained).await.is_err() {
        tracing::debug!("a client did not take its last messages");
    }
}

/// Leaves no Unix sockets behind.
pub(super) fn remove_sockets(file: &ConnectionFile) {
    if file.transport == Transport::Ipc {
        for port in [file.shell_port, file.iopub_port, file.stdin_port, file.control_port, file.hb_port] {
            let _ = std::fs::remove_file(format!("{}-{port}", file.ip));
        }
    }
}
