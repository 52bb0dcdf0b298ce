//! What the process of compiled cells prints, on its way to the cell.

use std::io::{self, Read};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use aerostat_session::take_text;

/// Standard output and standard error of a process. One thread passes on what comes, in [`Streams::follow`]; whoever
/// needs to know that it has come so far waits for it, in [`Streams::wait`].
pub(crate) struct Streams {
    streams: Mutex<[Stream; 2]>,
    passed_on: Condvar,
}

struct Stream {
    socket: UnixStream,
    /// The beginning of a character whose end has not come yet.
    rest: Vec<u8>,
    /// How many bytes have been taken from the socket, and how many of them have been passed on.
    taken: u64,
    passed_on: u64,
    open: bool,
}

impl Streams {
    pub(crate) fn new(stdout: UnixStream, stderr: UnixStream) -> Self {
        Self { streams: Mutex::new([Stream::new(stdout), Stream::new(stderr)]), passed_on: Condvar::new() }
    }

    /// Gives `print` the text of both streams as it comes, until nobody can print any more.
    pub(crate) fn follow(&self, print: impl Fn([String; 2])) {
        while self.has_come() {
            let texts = self.lock().each_mut().map(Stream::take);
            // Without the lock: to print may take as long as the notebook wants.
            print(texts);
            self.lock().iter_mut().for_each(|stream| stream.passed_on = stream.taken);
            self.passed_on.notify_all();
        }
    }

    /// Waits until everything has been passed on that was printed before. What is printed meanwhile is not waited for,
    /// as it need not have an end.
    pub(crate) fn wait(&self) {
        let streams = self.lock();
        let goals = streams.each_ref().map(Stream::come);
        let is_behind = |streams: &mut [Stream; 2]| {
            streams.iter().zip(goals).any(|(stream, goal)| stream.open && stream.passed_on < goal)
        };
        drop(self.passed_on.wait_while(streams, is_behind));
    }

    /// Takes no more, also from processes that a cell has started and that still have the streams.
    pub(crate) fn close(&self) {
        self.lock().iter_mut().for_each(Stream::close);
    }

    /// Waits until something comes; whether it still can.
    fn has_come(&self) -> bool {
        let fds: [RawFd; 2] = self.lock().each_ref().map(Stream::fd);
        let mut polled = fds.map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 });
        let open = fds.iter().any(|fd| *fd >= 0);
        if open {
            // SAFETY: the array lives until the call returns, and its length is given.
            unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, -1) };
        }
        open
    }

    fn lock(&self) -> MutexGuard<'_, [Stream; 2]> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream {
    fn new(socket: UnixStream) -> Self {
        // A socket that cannot be set so would be read too far; it does not happen to one that was just accepted.
        let open = socket.set_nonblocking(true).is_ok();
        Self { socket, rest: Vec::new(), taken: 0, passed_on: 0, open }
    }

    fn close(&mut self) {
        self.open = false;
        // Who polls it is woken.
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// The socket for `poll`, which passes over numbers below zero.
    fn fd(&self) -> RawFd {
        if self.open { self.socket.as_raw_fd() } else { -1 }
    }

    /// How many bytes have come, those that are still in the socket included.
    fn come(&self) -> u64 {
        let mut waiting: libc::c_int = 0;
        // SAFETY: the call writes a number, which lives until it returns. If it fails, the number stays.
        unsafe { libc::ioctl(self.socket.as_raw_fd(), libc::FIONREAD, &mut waiting) };
        self.taken + u64::try_from(waiting).unwrap_or(0)
    }

    /// Takes text that has come.
    fn take(&mut self) -> String {
        if !self.open {
            return String::new();
        }
        let mut chunk = [0; 64 << 10];
        match self.socket.read(&mut chunk) {
            Ok(0) => self.open = false,
            Ok(count) => {
                self.taken += count as u64;
                self.rest.extend_from_slice(&chunk[..count]);
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
            Err(_) => self.open = false,
        }
        take_text(&mut self.rest)
    }
}
