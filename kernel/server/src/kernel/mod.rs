//! The kernel process: five channels, one thread that runs cells, one that answers questions about code.
//!
//! ```text
//!  shell ---- execute_request ------------> queue --> cells thread   (execute, with the notebook)
//!     \------ complete, inspect, history -> queue --> questions thread (questions)
//!      \----- kernel_info, comms ----------> answered at once        (requests)
//!  control -- interrupt, shutdown ---------> answered at once
//!  stdin ---- input_reply -----------------> the cell that asked     (stdin)
//! ```
//!
//! A cell that runs therefore keeps nobody waiting: neither an interrupt nor Tab. Every request is answered in the same
//! order of messages, by [`Front::answer`]: busy, outputs, reply, idle.

mod cell;
mod execute;
mod failure;
mod front;
mod history;
mod info;
mod lifecycle;
mod output;
mod pace;
mod panics;
mod progress;
mod questions;
mod requests;
mod running;
mod stdin;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_protocol::channel::{Channel, IoPub, Requests, heartbeat};
use aerostat_protocol::content::ExecutionState;
use aerostat_protocol::{ConnectionFile, Parent, Wire};

use self::execute::Cells;
use self::front::{Front, publish_state};
use self::lifecycle::Stop;
use self::questions::Questions;
use self::running::Running;
use self::stdin::Stdin;

pub(crate) use self::output::CellOutput;
pub(crate) use self::panics::guarded;

/// What the parts of a kernel share.
struct Kernel {
    running: Running,
    stop: Stop,
    cells: Cells,
    questions: Questions,
}

/// Runs a kernel until it is told to end.
pub(crate) fn run(connection_file: &Path, root: PathBuf) -> anyhow::Result<()> {
    panics::install_hook();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(serve(ConnectionFile::read(connection_file)?, root));
    // A cell may still run; it ends with the process.
    runtime.shutdown_background();
    result
}

async fn serve(file: ConnectionFile, root: PathBuf) -> anyhow::Result<()> {
    let wire = Wire::new(file.signer()?);
    let iopub = IoPub::bind(&file.endpoint(file.iopub_port), &wire).await?;
    let (shell, shell_requests) = Channel::bind(&file.endpoint(file.shell_port), &wire).await?;
    let (control, control_requests) = Channel::bind(&file.endpoint(file.control_port), &wire).await?;
    let (stdin, replies) = Channel::bind(&file.endpoint(file.stdin_port), &wire).await?;
    heartbeat(&file.endpoint(file.hb_port)).await?;
    publish_state(&iopub, &Parent::NONE, ExecutionState::Starting);

    let (shell, control) = (Front::new(shell, iopub.clone()), Front::new(control, iopub));
    let kernel = start(root, &shell, Stdin::start(stdin, replies))?;
    tokio::spawn(listen(shell.clone(), shell_requests, kernel.clone(), requests::on_shell));
    tokio::spawn(listen(control.clone(), control_requests, kernel.clone(), requests::on_control));

    kernel.stop.wait(&kernel.running).await;
    lifecycle::drain(&shell, &control).await;
    lifecycle::remove_sockets(&file);
    Ok(())
}

/// Starts the two threads behind the shell channel.
fn start(root: PathBuf, shell: &Front, stdin: Stdin) -> std::io::Result<Arc<Kernel>> {
    let running = Running::default();
    let history = history::History::new(&root);
    let output = CellOutput::start(shell.iopub().clone(), stdin, running.clone());
    let (questions, opened) = Questions::start(shell.clone(), history.clone())?;
    let cells = Cells::start(
        execute::Workplace { root, front: shell.clone(), output, running: running.clone(), history },
        opened,
    )?;
    Ok(Arc::new(Kernel { running, stop: Stop::default(), cells, questions }))
}

/// Hands every request of a channel to `handle`, which must not wait.
async fn listen(
    front: Front,
    mut requests: Requests,
    kernel: Arc<Kernel>,
    handle: fn(&Kernel, &Front, aerostat_protocol::Request),
) {
    while let Some(request) = requests.next().await {
        handle(&kernel, &front, request);
    }
}
