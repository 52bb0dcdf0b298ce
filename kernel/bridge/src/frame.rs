//! Frames as Arrow IPC in shared memory.

use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Seek};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;

use polars::prelude::{DataFrame, IpcReader, IpcWriter, SerReader, SerWriter};

const NAME: &CStr = c"aerostat-frame";

/// Writes a frame to shared memory that has no name and ends with its last user.
pub(crate) fn share(frame: &DataFrame) -> io::Result<OwnedFd> {
    // SAFETY: the name ends with a zero byte; the result is checked before it is used.
    let fd = unsafe { libc::memfd_create(NAME.as_ptr(), libc::MFD_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is new, open, and nobody else's.
    let mut file = unsafe { File::from_raw_fd(fd) };
    IpcWriter::new(&mut file).finish(&mut frame.clone()).map_err(io::Error::other)?;
    Ok(file.into())
}

/// The frame in shared memory, which is mapped and not copied.
pub(crate) fn map(fd: OwnedFd) -> io::Result<DataFrame> {
    let mut file = File::from(fd);
    file.rewind()?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    // SAFETY: the other side wrote valid Arrow data, and closed the memory before it told us of it.
    let reader = unsafe { IpcReader::new(file).memory_mapped(Some(path)) };
    reader.set_rechunk(false).finish().map_err(io::Error::other)
}
