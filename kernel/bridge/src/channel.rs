//! A socket for messages: calls and their answers.

use std::io::{self, Read, Write};
use std::mem::size_of;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

use crate::{Failure, Message, Value};

/// One end of a connection. Messages go through it one after the other, each with the shared memory that belongs to it.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
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
    pub fn call(&mut self, call: &Message) -> Result<Value, Failure> {
        let answer = self.send(call).and_then(|()| self.receive());
        answer.map_err(|error| Failure::lost(&error))?.into_answer()
    }

    /// Answers the call that came last.
    pub fn answer(&mut self, answer: Result<Message, Failure>) -> io::Result<()> {
        self.send(&answer.unwrap_or_else(Message::from))
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Message) -> io::Result<()> {
        let lengths = [message.bytes.len() as u64, message.shared.len() as u64];
        self.stream.write_all(&lengths.map(u64::to_le_bytes).concat())?;
        message.shared.iter().try_for_each(|fd| self.send_descriptor(fd.as_raw_fd()))?;
        self.stream.write_all(&message.bytes)
    }

    /// Waits for a message.
    pub fn receive(&mut self) -> io::Result<Message> {
        let mut lengths = [[0; size_of::<u64>()]; 2];
        lengths.iter_mut().try_for_each(|length| self.stream.read_exact(length))?;
        let [length, count] = lengths.map(u64::from_le_bytes);
        let shared = (0..count).map(|_| self.receive_descriptor()).collect::<io::Result<Vec<OwnedFd>>>()?;
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.stream.read_exact(&mut bytes)?;
        Ok(Message { bytes, shared })
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
