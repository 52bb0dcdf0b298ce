//! The process in which compiled cells run.
//!
//! It speaks evcxr's protocol: a line on standard input names a library and a function in it, which is run, and a line
//! on standard output says when it has ended. Code of users gets other standard streams: sockets to the kernel.

use std::ffi::{CString, c_void};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, RawFd};
use std::os::unix::net::UnixStream;

use aerostat_bridge::{CONNECTED, SOCKET};

/// What the environment variable `LD_LIBRARY_PATH` was before the kernel added to it.
pub(crate) const LIBRARY_PATH: &str = "AEROSTAT_CELLS_LD_LIBRARY_PATH";

/// The line that says that a cell has ended.
const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";

type CellFunction = unsafe extern "C" fn(*mut c_void) -> *mut c_void;

/// Runs cells until standard input ends.
pub fn main() -> io::Result<()> {
    die_with_kernel();
    die_before_kernel();
    let (commands, mut answers) = connect()?;
    let mut variables = std::ptr::null_mut();
    for line in BufReader::new(commands).lines() {
        let line = line?;
        let (library, function) = line
            .strip_prefix("LOAD_AND_RUN ")
            .and_then(|rest| rest.rsplit_once(' '))
            .ok_or_else(|| io::Error::other(format!("`{line}` is not a command")))?;
        let function = load(library, function)?;
        // SAFETY: evcxr compiled the function with this signature; what it returns is what it is given the next time.
        variables = unsafe { function(variables) };
        writeln!(answers, "{COMPLETE}")?;
    }
    // Destructors of libraries of cells are not run: they were never made to be unloaded.
    // SAFETY: it only ends the process.
    unsafe { libc::_exit(0) }
}

/// Connects to the kernel. Gives what was standard input and output, and puts the user's streams in their place.
fn connect() -> io::Result<(File, File)> {
    let path = std::env::var_os(SOCKET).ok_or_else(|| io::Error::other("only a kernel starts this"))?;
    let connect = || UnixStream::connect(&path).map(IntoRawFd::into_raw_fd);
    let [calls, serving, stdout, stderr] = [connect()?, connect()?, connect()?, connect()?];
    let commands = moved(io::stdin().as_raw_fd())?;
    let answers = moved(io::stdout().as_raw_fd())?;
    replace(io::stdin().as_raw_fd(), File::open("/dev/null")?.into_raw_fd())?;
    replace(io::stdout().as_raw_fd(), stdout)?;
    replace(io::stderr().as_raw_fd(), stderr)?;
    // SAFETY: this is the only thread.
    unsafe {
        std::env::set_var(CONNECTED, format!("{calls},{serving}"));
        std::env::remove_var(SOCKET);
        match std::env::var_os(LIBRARY_PATH) {
            Some(before) if !before.is_empty() => std::env::set_var("LD_LIBRARY_PATH", before),
            _ => std::env::remove_var("LD_LIBRARY_PATH"),
        }
        std::env::remove_var(LIBRARY_PATH);
    }
    Ok((commands, answers))
}

/// A copy of a descriptor that programs that a cell starts do not inherit.
fn moved(fd: RawFd) -> io::Result<File> {
    // SAFETY: the descriptor is a standard stream, which is open; the copy is new, and owned by the file alone.
    unsafe {
        match libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) {
            -1 => Err(io::Error::last_os_error()),
            copy => Ok(File::from_raw_fd(copy)),
        }
    }
}

fn replace(standard: RawFd, by: RawFd) -> io::Result<()> {
    // SAFETY: both descriptors are open, and nobody else uses the second one.
    unsafe {
        if libc::dup2(by, standard) == -1 {
            return Err(io::Error::last_os_error());
        }
        libc::close(by);
    }
    Ok(())
}

fn load(library: &str, function: &str) -> io::Result<CellFunction> {
    let (library, function) = (CString::new(library)?, CString::new(function)?);
    // SAFETY: both texts end with a zero byte; the library is one that evcxr just compiled, and is never unloaded.
    unsafe {
        let handle = libc::dlopen(library.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
        let symbol = if handle.is_null() { handle } else { libc::dlsym(handle, function.as_ptr()) };
        if symbol.is_null() {
            let reason = std::ffi::CStr::from_ptr(libc::dlerror()).to_string_lossy().into_owned();
            return Err(io::Error::other(reason));
        }
        Ok(std::mem::transmute::<*mut c_void, CellFunction>(symbol))
    }
}

/// Where memory runs out, a cell of the user's ends rather than the kernel, which holds the session.
fn die_before_kernel() {
    // Without /proc, or in a sandbox, the system chooses.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
}

/// A cell that loops for ever must not outlive a kernel that was killed.
fn die_with_kernel() {
    // SAFETY: it has no effects on memory.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
}
