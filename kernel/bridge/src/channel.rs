//! A socket for calls and answers.

use std::io::{self, Read, Write};
use std::mem::size_of;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

use crate::{Failure, Value, codec};

/// One end of a connection. Values go through it one after the other, each with the shared memory that belongs to it.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
}

/// A call of something on the other side.
pub struct Call {
    /// What is called.
    pub method: String,
    /// With what.
    pub args: Vec<Value>,
}

impl Channel {
    /// A channel through a connected socket.
    pub fn new(stream: UnixStream) -> Self {
        Self { stream }
    }

    /// The socket.
    pub fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Calls something on the other side and waits for its answer.
    pub fn call(&mut self, method: &str, args: Vec<Value>) -> Result<Value, Failure> {
        self.begin_call(method, args)?;
        self.end_call()
    }

    /// The first half of [`Channel::call`]: the other side begins.
    pub fn begin_call(&mut self, method: &str, args: Vec<Value>) -> Result<(), Failure> {
        let parts = [Value::str(method)].into_iter().chain(args).collect();
        self.send(&Value::List(parts)).map_err(|error| Failure::lost(&error))
    }

    /// The second half of [`Channel::call`]: waits for the answer.
    pub fn end_call(&mut self) -> Result<Value, Failure> {
        match self.receive().map_err(|error| Failure::lost(&error))? {
            Value::Option(Some(value)) => Ok(*value),
            other => Err(Failure::try_from(other)
                .unwrap_or_else(|()| Failure::new("INTERNAL_ERROR", "an answer was not understood"))),
        }
    }

    /// Waits for a call from the other side.
    pub fn next_call(&mut self) -> io::Result<Call> {
        let mut parts = self.receive()?.list().unwrap_or_default().into_iter();
        match parts.next() {
            Some(Value::Str(method)) => Ok(Call { method, args: parts.collect() }),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "a call has no name")),
        }
    }

    /// Answers the call that came last. What cannot cross is an error of the call.
    pub fn answer(&mut self, answer: Result<Value, Failure>) -> io::Result<()> {
        let sent = match answer {
            Ok(value) => match codec::encode(&Value::option(Some(value))) {
                Ok(encoded) => return self.send_encoded(&encoded),
                Err(error) => Failure::new("NOT_SUPPORTED", format!("the result cannot be handed over: {error}")),
            },
            Err(failure) => failure,
        };
        self.send(&sent.into())
    }

    fn send(&mut self, value: &Value) -> io::Result<()> {
        self.send_encoded(&codec::encode(value)?)
    }

    fn send_encoded(&mut self, encoded: &codec::Encoded) -> io::Result<()> {
        let lengths = [encoded.bytes.len() as u64, encoded.shared.len() as u64];
        self.stream.write_all(&lengths.map(u64::to_le_bytes).concat())?;
        encoded.shared.iter().try_for_each(|fd| self.send_descriptor(fd.as_raw_fd()))?;
        self.stream.write_all(&encoded.bytes)
    }

    fn receive(&mut self) -> io::Result<Value> {
        let mut lengths = [[0; size_of::<u64>()]; 2];
        lengths.iter_mut().try_for_each(|length| self.stream.read_exact(length))?;
        let [length, count] = lengths.map(u64::from_le_bytes);
        let shared = (0..count).map(|_| self.receive_descriptor()).collect::<io::Result<Vec<OwnedFd>>>()?;
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.stream.read_exact(&mut bytes)?;
        codec::decode(&bytes, shared)
    }

    /// Sends a descriptor, with the one byte that has to go with it.
    fn send_descriptor(&self, fd: RawFd) -> io::Result<()> {
        let mut byte = [0_u8];
        let mut part = libc::iovec { iov_base: byte.as_mut_ptr().cast(), iov_len: 1 };
        let mut control = Control::default();
        let message = control.message(&mut part);
        // SAFETY: the control buffer is aligned and large enough for one header and one descriptor.
        let sent = unsafe {
            let header = libc::CMSG_FIRSTHDR(&message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(size_of::<RawFd>() as u32) as _;
            libc::CMSG_DATA(header).cast::<RawFd>().write_unaligned(fd);
            libc::sendmsg(self.stream.as_raw_fd(), &message, libc::MSG_NOSIGNAL)
        };
        if sent == 1 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    fn receive_descriptor(&self) -> io::Result<OwnedFd> {
        let mut byte = [0_u8];
        let mut part = libc::iovec { iov_base: byte.as_mut_ptr().cast(), iov_len: 1 };
        let mut control = Control::default();
        let mut message = control.message(&mut part);
        // SAFETY: the message's buffers live on this stack frame; the header is looked at only if there is one.
        unsafe {
            let received = loop {
                let received = libc::recvmsg(self.stream.as_raw_fd(), &mut message, libc::MSG_CMSG_CLOEXEC);
                if received >= 0 || io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
                    break received;
                }
            };
            let header = libc::CMSG_FIRSTHDR(&message);
            if received != 1 || header.is_null() || (*header).cmsg_type != libc::SCM_RIGHTS {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "shared memory did not arrive"));
            }
            Ok(OwnedFd::from_raw_fd(libc::CMSG_DATA(header).cast::<RawFd>().read_unaligned()))
        }
    }
}

/// Room for one descriptor beside a message.
#[repr(C)]
union Control {
    bytes: [u8; 64],
    _aligned: libc::cmsghdr,
}

impl Default for Control {
    fn default() -> Self {
        Self { bytes: [0; 64] }
    }
}

impl Control {
    fn message(&mut self, part: &mut libc::iovec) -> libc::msghdr {
        // SAFETY: all fields are numbers or pointers, for which zero is valid.
        let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
        message.msg_iov = part;
        message.msg_iovlen = 1;
        message.msg_control = std::ptr::from_mut(self).cast();
        // SAFETY: the macro only computes.
        message.msg_controllen = unsafe { libc::CMSG_SPACE(size_of::<RawFd>() as u32) } as _;
        message
    }
}
