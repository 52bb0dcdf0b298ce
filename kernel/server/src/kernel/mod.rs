//! The kernel process: five channels, one thread that runs cells, one that answers questions about code.
//!
//! ```text
//!  shell ---- execute_request ------------> queue --> cells thread   (execute, with the notebook)
//!     |\----- the same for a subshell ------> queue --> its thread     (subshells)
//!     \------ complete, inspect, history -> queue --> questions thread (questions)
//!      \----- kernel_info, comms ----------> answered at once        (requests)
//!  control -- interrupt, shutdown, subshells -> answered at once
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
mod opening;
mod output;
mod pace;
mod panics;
mod progress;
mod questions;
mod requests;
mod running;
mod stdin;
mod subshells;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use aerostat_protocol::channel::{Channel, IoPub, Requests, heartbeat};
use aerostat_protocol::content::ExecutionState;
use aerostat_protocol::{ConnectionFile, Listener, Parent, Wire};

use self::execute::{Cells, Workplace};
use self::front::{Front, publish_state};
use self::lifecycle::Stop;
use self::opening::Opening;
use self::questions::Questions;
use self::running::Running;
use self::stdin::Stdin;
use self::subshells::Subshells;

pub(crate) use self::cell::{Capture, OUTPUT_LIMIT};
pub(crate) use self::output::CellOutput;
pub(crate) use self::panics::guarded;

/// What the parts of a kernel share.
struct Kernel {
    running: Running,
    stop: Stop,
    cells: Cells,
    subshells: Subshells,
    questions: Questions,
}

/// Runs a kernel until it is told to end.
pub(crate) fn run(connection_file: &Path, root: PathBuf) -> anyhow::Result<()> {
    // Before anything else, so that no client finds nobody there.
    let file = ConnectionFile::read(connection_file)?;
    let listeners = Listeners::open(&file)?;
    panics::install_hook();
    // One thread: `zeromq` keeps locks while it waits, and takes the same locks without letting its thread do something
    // else meanwhile. With several threads, clients that come and go while outputs are published can stop all of them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(serve(file, listeners, root));
    // A cell may still run; it ends with the process.
    runtime.shutdown_background();
    result
}

/// The addresses of the connection file, bound.
struct Listeners {
    shell: Listener,
    iopub: Listener,
    control: Listener,
    stdin: Listener,
    heartbeat: Listener,
}

impl Listeners {
    fn open(file: &ConnectionFile) -> aerostat_protocol::Result<Self> {
        let listen = |port| file.endpoint(port).listen();
        Ok(Self {
            shell: listen(file.shell_port)?,
            iopub: listen(file.iopub_port)?,
            control: listen(file.control_port)?,
            stdin: listen(file.stdin_port)?,
            heartbeat: listen(file.hb_port)?,
        })
    }
}

async fn serve(file: ConnectionFile, listeners: Listeners, root: PathBuf) -> anyhow::Result<()> {
    let wire = Wire::new(file.signer()?);
    let iopub = IoPub::open(listeners.iopub, &wire).await?;
    let (shell, shell_requests) = Channel::open(listeners.shell, &wire).await?;
    let (control, control_requests) = Channel::open(listeners.control, &wire).await?;
    let (stdin, replies) = Channel::open(listeners.stdin, &wire).await?;
    heartbeat(listeners.heartbeat).await?;
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
    let (running, opening) = (Running::default(), Opening::default());
    let history = history::History::new(&root);
    let output = CellOutput::start(shell.iopub().clone(), stdin, running.clone());
    let questions = Questions::start(shell.clone(), history.clone(), opening.clone())?;
    let last_number = Arc::<AtomicU32>::default();
    let main = Workplace {
        root: Some(root),
        opening,
        front: shell.clone(),
        output,
        running: running.clone(),
        history,
        last_number,
    };
    let subshells = Subshells::new(main.subshell());
    let cells = Cells::start(main)?;
    Ok(Arc::new(Kernel { running, stop: Stop::default(), cells, subshells, questions }))
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
