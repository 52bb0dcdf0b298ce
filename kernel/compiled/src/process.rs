//! The two programs that run for a cell, the compiler and the process of compiled cells, and how they are stopped.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aerostat_session::Interrupt;

use crate::link::Link;

/// How often an interrupt is looked for.
const POLL: Duration = Duration::from_millis(20);

/// How long an interrupted cell may take to end by itself.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// The process of compiled cells; another one after a restart.
pub(crate) type Process = Arc<Mutex<std::process::Child>>;

/// Does `work`, which compiles and runs a cell; an interrupt stops whichever of the two it finds.
pub(crate) fn stoppable<T>(
    interrupt: &Interrupt,
    link: &Link,
    process: Option<&Process>,
    work: impl FnOnce() -> T,
) -> T {
    let (ended, end) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut asked: Option<Instant> = None;
            while end.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout) {
                match (interrupt.is_raised(), link.is_running(), process) {
                    (false, ..) => {}
                    (true, true, Some(process)) => stop(process, &mut asked),
                    _ => kill_compilers(process),
                }
            }
        });
        let value = work();
        drop(ended);
        value
    })
}

/// Asks the process to stop, and kills it if it does not for too long.
pub(crate) fn stop(process: &Process, asked: &mut Option<Instant>) {
    match asked {
        None => {
            signal(process, libc::SIGINT);
            *asked = Some(Instant::now());
        }
        Some(time) if time.elapsed() > GRACE => signal(process, libc::SIGKILL),
        Some(_) => {}
    }
}

fn id(process: &Process) -> u32 {
    process.lock().unwrap_or_else(PoisonError::into_inner).id()
}

/// Kills the compiler with all that it has started: every child of this process that works in the compiler's folder.
fn kill_compilers(process: Option<&Process>) {
    let (folder, own, cells) = (crate::folder::path(), std::process::id(), process.map(id));
    let parents = parents();
    let works_there = |id: &u32| {
        std::fs::read_link(format!("/proc/{id}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder) && cwd != Path::new("/"))
    };
    let compilers = parents.iter().filter(|(id, parent)| **parent == own && Some(**id) != cells && works_there(id));
    let mut doomed: Vec<u32> = compilers.map(|(id, _)| *id).collect();
    let mut next = 0;
    while let Some(parent) = doomed.get(next).copied() {
        doomed.extend(parents.iter().filter(|(_, of)| **of == parent).map(|(id, _)| *id));
        next += 1;
    }
    doomed.into_iter().for_each(|id| send(id, libc::SIGKILL));
}

/// Every process with its parent.
fn parents() -> HashMap<u32, u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let parent = |id: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // After the name in parentheses, which may hold anything: state and parent.
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter_map(|id| Some((id, parent(id)?))).collect()
}

/// Signals the process if it has not ended. Whoever waits for it does so under the lock, so its number is its own.
fn signal(process: &Process, signal: libc::c_int) {
    let mut child = process.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(child.try_wait(), Ok(None)) {
        send(child.id(), signal);
    }
}

fn send(id: u32, signal: libc::c_int) {
    // SAFETY: kill has no memory effects.
    unsafe { libc::kill(id as libc::pid_t, signal) };
}
