//! Listening: connections are taken from the first moment on, and served once there is a socket for them.
//!
//! A client that finds nobody listening tries again after ZeroMQ's 100 ms, a multiple of what a kernel needs to start.
//! So the addresses are bound before anything else is done; who connects then waits in the operating system's queue.

use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use zeromq::Socket;

use super::Endpoint;
use crate::{Error, Result};

/// A bound address, whose clients are not served yet.
pub struct Listener {
    endpoint: Endpoint,
    listener: zeromq::Listener,
}

impl Endpoint {
    /// Begins to listen. Clients may connect from now on.
    pub fn listen(self) -> Result<Listener> {
        let listener = match &self {
            Self::Tcp(host, port) => tcp(if host == "*" { "0.0.0.0" } else { host }, *port).map(Into::into),
            Self::Ipc(path) => {
                // A socket that an earlier kernel left behind; whether somebody still listens there is the client's care.
                let _ = std::fs::remove_file(path);
                UnixListener::bind(path).map(Into::into)
            }
        };
        match listener {
            Ok(listener) => Ok(Listener { endpoint: self, listener }),
            Err(source) => Err(Error::Bind { endpoint: self.to_string(), source }),
        }
    }
}

impl Listener {
    /// Hands the clients to `socket`.
    pub(super) async fn serve(self, socket: &mut impl Socket) -> Result<()> {
        let served = socket.bind_listener(self.listener).await;
        let failed = |source| Error::Bind { endpoint: self.endpoint.to_string(), source: io::Error::other(source) };
        served.map(drop).map_err(failed)
    }
}

fn tcp(host: &str, port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((host, port))?;
    if let Err(error) = drop_who_stops_reading(&listener) {
        tracing::warn!("clients that stop reading will be waited for: {error}");
    }
    Ok(listener)
}

/// Lets the operating system close a connection whose client has taken nothing for a while. `zeromq` keeps up to
/// 100,000 messages for such a client, whatever their size; a client that comes back connects anew.
#[cfg(target_os = "linux")]
fn drop_who_stops_reading(listener: &TcpListener) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    /// How long a client may take nothing, in milliseconds.
    const PATIENCE: libc::c_uint = 20_000;

    // SAFETY: the option's value is read through the pointer during the call, with the size that is given. The sockets
    // of accepted connections take the option over from their listener.
    let outcome = unsafe {
        libc::setsockopt(
            listener.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_USER_TIMEOUT,
            std::ptr::from_ref(&PATIENCE).cast(),
            size_of::<libc::c_uint>() as libc::socklen_t,
        )
    };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(not(target_os = "linux"))]
fn drop_who_stops_reading(_listener: &TcpListener) -> io::Result<()> {
    Ok(())
}
