//! What the kernel does for the process of compiled cells while it runs: it passes on what cells print, and answers
//! their calls.

use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::Builder;

use aerostat_bridge::Channel;

use crate::calls::Calls;
use crate::link::Connection;
use crate::streams::Streams;

/// Plans are walked recursively. Only what is used of it takes memory.
const STACK_BYTES: usize = 64 << 20;

/// Serves every process that connects, one after the other, until it is dropped.
pub(crate) struct Server(Arc<UnixListener>);

impl Server {
    /// Listens at `socket`.
    pub(crate) fn start(socket: &Path, calls: Calls) -> io::Result<Self> {
        let listener = Arc::new(UnixListener::bind(socket)?);
        let server = Self(listener.clone());
        let serve = move || {
            while let Ok(streams) = accept_four(&listener) {
                Service::new(streams, calls.clone()).start();
            }
        };
        Builder::new().name("compiled-cells-accept".into()).spawn(serve)?;
        Ok(server)
    }
}

impl Drop for Server {
    /// Wakes the thread that waits for processes: it ends, and lets go of the session.
    fn drop(&mut self) {
        // SAFETY: the socket is open; the call has no effects on memory.
        unsafe { libc::shutdown(self.0.as_raw_fd(), libc::SHUT_RDWR) };
    }
}

fn accept_four(listener: &UnixListener) -> io::Result<[UnixStream; 4]> {
    let accept = || listener.accept().map(|(stream, _)| stream);
    Ok([accept()?, accept()?, accept()?, accept()?])
}

/// What is done for one process, as long as it lives.
struct Service {
    calls: Calls,
    channel: Channel,
    connection: Arc<Connection>,
}

impl Service {
    fn new([stream, functions, stdout, stderr]: [UnixStream; 4], calls: Calls) -> Self {
        let (functions, streams) = (Mutex::new(Channel::new(functions)), Streams::new(stdout, stderr));
        let connection = Arc::new(Connection { functions, streams });
        calls.link().note_connection(connection.clone());
        Self { calls, channel: Channel::new(stream), connection }
    }

    /// Calls are answered by one thread, and what is printed is passed on by another: a call may wait for a function of
    /// the process, which may print.
    fn start(self) {
        let (calls, connection) = (self.calls.clone(), self.connection.clone());
        let print = move || connection.streams.follow(|texts| calls.print(texts));
        match Builder::new().name("compiled-cells-print".into()).spawn(print) {
            Ok(_) => {
                let thread = Builder::new().name("compiled-cells".into()).stack_size(STACK_BYTES);
                // Without a thread the service is dropped, and its process finds nobody there.
                drop(thread.spawn(move || self.answer_all()));
            }
            // Nobody would pass on what comes.
            Err(_) => self.connection.streams.close(),
        }
    }

    fn answer_all(mut self) {
        while let Ok(call) = self.channel.receive() {
            // What was printed before a call is seen before what the call shows.
            self.connection.streams.wait();
            let answer = self.calls.answer(call);
            if self.channel.answer(answer).is_err() {
                return;
            }
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let link = self.calls.link();
        self.connection.streams.wait();
        self.connection.streams.close();
        link.note_lost(&self.connection);
        link.note_ended_process();
    }
}
