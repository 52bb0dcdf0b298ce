//! What the kernel does for the process of compiled cells while it runs: it passes on what cells print, and answers
//! their calls.

use std::io::{self, Read};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aerostat_bridge::{Channel, Failure, Value, Variable};
use aerostat_session::{MimeBundle, take_text};

use crate::calls::Calls;

/// How long an ended process is waited for at most: one that never came to connect has printed nothing.
const REST: Duration = Duration::from_secs(5);

/// What the thread that runs cells and the thread that serves them share.
#[derive(Default)]
pub(crate) struct Link {
    shared: Mutex<Shared>,
    /// A process has ended, and all that it has printed is passed on.
    passed_on: Condvar,
}

#[derive(Default)]
struct Shared {
    /// What the next cell is given: variables, and the names of those to drop.
    staged: (Vec<Variable>, Vec<String>),
    running: bool,
    /// Whether any cell of the user has run; what is printed before is not the user's.
    begun: bool,
    result: Option<MimeBundle>,
    ended: Option<Ended>,
    /// The channel for calls of functions of cells.
    functions: Option<Arc<Mutex<Channel>>>,
    /// How many processes have ended, and of how many of them the kernel knows. The next process may have connected
    /// before the kernel has found out that the last one has ended.
    ended_processes: usize,
    known_to_have_ended: usize,
}

/// What a cell came to.
#[derive(Default)]
pub(crate) struct Ended {
    /// Why it failed, and at which line and column of the compiled text.
    pub(crate) failed: Option<(Failure, usize, usize)>,
    /// The variables that came to the kernel.
    pub(crate) crossing: Vec<Variable>,
    /// The variables that stayed in the process: name, type, whether mutable, whether they can be copied.
    pub(crate) living: Vec<(String, String, bool, bool)>,
}

impl Link {
    /// Prepares what the next cell is given.
    pub(crate) fn stage(&self, variables: Vec<Variable>, forgotten: Vec<String>) {
        let mut shared = self.lock();
        shared.staged = (variables, forgotten);
        (shared.result, shared.ended, shared.running) = (None, None, false);
    }

    /// What the cell came to, and its value; nothing if its process ended before it did.
    pub(crate) fn take_outcome(&self) -> (Option<Ended>, Option<MimeBundle>) {
        let mut shared = self.lock();
        shared.running = false;
        (shared.ended.take(), shared.result.take())
    }

    /// Whether a cell runs, rather than being compiled.
    pub(crate) fn is_running(&self) -> bool {
        self.lock().running
    }

    /// The channel for calls of functions of cells.
    pub(crate) fn functions(&self) -> Option<Arc<Mutex<Channel>>> {
        self.lock().functions.clone()
    }

    /// Waits until everything that a process that has ended has printed is passed on. To be called once for each.
    pub(crate) fn wait_for_rest(&self) {
        let mut shared = self.lock();
        shared.known_to_have_ended += 1;
        let waits = |shared: &mut Shared| shared.ended_processes < shared.known_to_have_ended;
        let waited = self.passed_on.wait_timeout_while(shared, REST, waits);
        let (mut shared, _) = waited.unwrap_or_else(PoisonError::into_inner);
        shared.known_to_have_ended = shared.known_to_have_ended.min(shared.ended_processes);
    }

    fn note_ended_process(&self) {
        self.lock().ended_processes += 1;
        self.passed_on.notify_all();
    }

    pub(crate) fn begin(&self) -> Value {
        let mut shared = self.lock();
        (shared.running, shared.begun) = (true, true);
        let (variables, forgotten) = std::mem::take(&mut shared.staged);
        let variables = variables.into_iter().map(Value::from).collect();
        Value::List(vec![Value::List(variables), Value::List(forgotten.into_iter().map(Value::Str).collect())])
    }

    pub(crate) fn end(&self, ended: Ended) {
        let mut shared = self.lock();
        shared.running = false;
        shared.ended = Some(ended);
    }

    pub(crate) fn set_result(&self, result: MimeBundle) {
        self.lock().result = Some(result);
    }

    fn begun(&self) -> bool {
        self.lock().begun
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves every process that connects, one after the other.
pub(crate) fn serve(listener: UnixListener, link: &Arc<Link>, calls: Calls) -> io::Result<()> {
    let link = link.clone();
    let accept = move || {
        while let Ok(streams) = accept_four(&listener) {
            let [stream, functions, stdout, stderr] = streams;
            let functions = Arc::new(Mutex::new(Channel::new(functions)));
            let service = Service {
                calls: calls.clone(),
                channel: Channel::new(stream),
                streams: [Stream::new(stdout), Stream::new(stderr)],
                link: link.clone(),
            };
            let thread = std::thread::Builder::new().name("compiled-cells".into()).stack_size(64 << 20);
            link.lock().functions = Some(functions);
            if thread.spawn(move || service.run()).is_err() {
                link.note_ended_process();
            }
        }
    };
    std::thread::Builder::new().name("compiled-cells-accept".into()).spawn(accept).map(drop)
}

fn accept_four(listener: &UnixListener) -> io::Result<[UnixStream; 4]> {
    let accept = || listener.accept().map(|(stream, _)| stream);
    Ok([accept()?, accept()?, accept()?, accept()?])
}

struct Service {
    calls: Calls,
    channel: Channel,
    /// Standard output and standard error.
    streams: [Stream; 2],
    link: Arc<Link>,
}

/// A standard stream of the process.
struct Stream {
    socket: UnixStream,
    /// The beginning of a character whose end has not come yet.
    rest: Vec<u8>,
    open: bool,
}

impl Stream {
    fn new(socket: UnixStream) -> Self {
        // A socket that cannot be set so would be read too far; it does not happen to one that was just accepted.
        let open = socket.set_nonblocking(true).is_ok();
        Self { socket, rest: Vec::new(), open }
    }

    /// The text that has come.
    fn text(&mut self) -> String {
        let mut chunk = [0; 64 << 10];
        match self.socket.read(&mut chunk) {
            Ok(0) => self.open = false,
            Ok(count) => self.rest.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => self.open = false,
        }
        take_text(&mut self.rest)
    }
}

impl Service {
    fn run(mut self) {
        loop {
            let [called, ..] = self.wait();
            // What was printed before a call is passed on before the call is answered.
            while self.pass_on() {}
            if called && self.answer().is_err() {
                while self.pass_on() {}
                return self.link.note_ended_process();
            }
        }
    }

    /// Waits until something comes: a call, or text on one of the streams.
    fn wait(&self) -> [bool; 3] {
        let fd = |stream: &Stream| if stream.open { stream.socket.as_raw_fd() } else { -1 };
        let [stdout, stderr] = &self.streams;
        let fds: [RawFd; 3] = [self.channel.stream().as_raw_fd(), fd(stdout), fd(stderr)];
        let mut polled = fds.map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 });
        // SAFETY: the array lives until the call returns, and its length is given.
        unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, -1) };
        polled.map(|fd| fd.revents != 0)
    }

    /// Passes on text that has come; whether there was any.
    fn pass_on(&mut self) -> bool {
        let [stdout, stderr] = &mut self.streams;
        let texts = [stdout, stderr].map(|stream| if stream.open { stream.text() } else { String::new() });
        if self.link.begun() {
            self.calls.output.stdout(&texts[0]);
            self.calls.output.stderr(&texts[1]);
        }
        texts.iter().any(|text| !text.is_empty())
    }

    fn answer(&mut self) -> io::Result<()> {
        let call = self.channel.next_call()?;
        let answer = self.calls.answer(&self.link, call);
        self.channel.answer(answer)
    }
}
