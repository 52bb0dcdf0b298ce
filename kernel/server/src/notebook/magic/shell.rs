//! `%%sh` and `!command`: output as it comes, and an interrupt stops it.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aerostat_error::{Error, Kind, Result};
use aerostat_session::{Output, take_text};

use super::{Call, Place};
use crate::kernel::CellOutput;
use crate::notebook::segment::Part;
use crate::notebook::{Notebook, Shown};

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(5);

/// How long a command may take to end after an interrupt.
const GRACE: Duration = Duration::from_millis(300);

/// `%%sh`: the cell fails if the script does.
pub(super) fn run_script(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    let script = match call.place {
        Place::Line => call.args,
        Place::Cell => {
            call.no_args()?;
            call.body
        }
    };
    let status = run(notebook, script)?;
    match status.success() {
        true => Ok(Shown::default()),
        false => Err(Error::new(Kind::Io, format!("the script failed with {status}")).with_span(call.name.span())),
    }
}

/// Runs a script and passes on what it prints.
pub(in crate::notebook) fn run(notebook: &Notebook, script: Part<'_>) -> Result<ExitStatus> {
    let failed = |error: std::io::Error| Error::io("running `sh`", &error);
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(script.text)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own, so that an interrupt reaches whatever the script has started.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let pumps = [
        child.stdout.take().map(|pipe| pump(pipe, notebook.output.clone(), |output, text| output.stdout(text))),
        child.stderr.take().map(|pipe| pump(pipe, notebook.output.clone(), |output, text| output.stderr(text))),
    ];
    let pumps: Vec<JoinHandle<()>> = pumps.into_iter().flatten().collect();
    loop {
        // The outputs may be closed long before the end, or long after it. The end is asked for last: once it is known, the
        // number of the group may become another's.
        if pumps.iter().all(JoinHandle::is_finished)
            && let Some(status) = child.try_wait().map_err(failed)?
        {
            return Ok(status);
        }
        if notebook.interrupt().is_raised() {
            stop(&mut child);
            return Err(Error::interrupted());
        }
        std::thread::sleep(POLL);
    }
}

/// Passes on what comes out of a pipe, in a thread.
fn pump(mut pipe: impl Read + Send + 'static, output: Arc<CellOutput>, print: fn(&CellOutput, &str)) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
        while let Ok(count @ 1..) = pipe.read(&mut chunk) {
            bytes.extend_from_slice(&chunk[..count]);
            print(&output, &take_text(&mut bytes));
        }
        print(&output, &String::from_utf8_lossy(&bytes));
    })
}

/// Interrupts the command, and kills it if that does not help.
fn stop(child: &mut Child) {
    signal(child, libc::SIGINT);
    let end = Instant::now() + GRACE;
    while matches!(child.try_wait(), Ok(None)) && Instant::now() < end {
        std::thread::sleep(POLL);
    }
    signal(child, libc::SIGKILL);
    let _ = child.wait();
}

fn signal(child: &Child, signal: libc::c_int) {
    // SAFETY: kill has no memory effects. The group is the child's own and exists while any member of it does; the
    // child itself has not been waited for when this is first called.
    unsafe { libc::kill(-(child.id() as libc::pid_t), signal) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_not_torn() {
        let mut bytes = "aé".as_bytes()[..2].to_vec();
        assert_eq!(take_text(&mut bytes), "a");
        bytes.extend_from_slice(&"é".as_bytes()[1..]);
        assert_eq!(take_text(&mut bytes), "é");
        bytes.extend_from_slice(b"\xffz");
        assert_eq!(take_text(&mut bytes), "\u{fffd}z");
        assert!(bytes.is_empty());
    }
}
