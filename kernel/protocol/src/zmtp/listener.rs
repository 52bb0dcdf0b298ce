//! Addresses, and the loop that accepts whoever connects to one.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, BufWriter};
use tokio::net::{TcpListener, UnixListener};

use super::handshake::{SocketKind, shake_hands};
use crate::{Error, Result};

/// How long a peer may take to greet.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait when no connection can be accepted, which is when the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Where a socket is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// An address, where `*` stands for all, and a port.
    Tcp(String, u16),
    /// The path of a Unix socket.
    Ipc(PathBuf),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) => write!(f, "tcp://{host}:{port}"),
            Self::Ipc(path) => write!(f, "ipc://{}", path.display()),
        }
    }
}

/// A connection whose peer has greeted.
pub(super) struct Peer {
    /// The name that the peer gave itself, or nothing.
    pub(super) identity: Bytes,
    pub(super) reader: Reader,
    pub(super) writer: Writer,
}

/// The half of a connection that is read from.
pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;

/// The half of a connection that is written to.
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

enum Listener {
    Tcp(TcpListener),
    Ipc(UnixListener),
}

/// Binds `endpoint` and hands every peer that greets well to `serve`, in a task of its own.
pub(super) async fn listen<F, S>(endpoint: &Endpoint, kind: SocketKind, serve: F) -> Result<()>
where
    F: Fn(Peer) -> S + Clone + Send + 'static,
    S: Future<Output = ()> + Send + 'static,
{
    let failed = |source| Error::Bind { endpoint: endpoint.to_string(), source };
    let listener = bind(endpoint).await.map_err(failed)?;
    tokio::spawn(accept(listener, kind, serve));
    Ok(())
}

async fn bind(endpoint: &Endpoint) -> std::io::Result<Listener> {
    match endpoint {
        Endpoint::Tcp(host, port) => {
            let host = if host == "*" { "0.0.0.0" } else { host };
            Ok(Listener::Tcp(TcpListener::bind((host, *port)).await?))
        }
        Endpoint::Ipc(path) => {
            // A socket that an earlier kernel left behind; whether somebody still listens there is the client's care.
            let _ = std::fs::remove_file(path);
            Ok(Listener::Ipc(UnixListener::bind(path)?))
        }
    }
}

async fn accept<F, S>(listener: Listener, kind: SocketKind, serve: F)
where
    F: Fn(Peer) -> S + Clone + Send + 'static,
    S: Future<Output = ()> + Send + 'static,
{
    loop {
        let (reader, writer) = match connection(&listener).await {
            Ok(halves) => halves,
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let serve = serve.clone();
        tokio::spawn(async move {
            match tokio::time::timeout(HANDSHAKE_TIMEOUT, greet(kind, reader, writer)).await {
                Ok(Ok(peer)) => serve(peer).await,
                Ok(Err(error)) => tracing::debug!("dropped a connection: {error}"),
                Err(_) => tracing::debug!("dropped a connection that never greeted"),
            }
        });
    }
}

async fn connection(listener: &Listener) -> std::io::Result<(Reader, Writer)> {
    match listener {
        Listener::Tcp(listener) => {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let (reader, writer) = stream.into_split();
            Ok((Box::new(reader), Box::new(writer)))
        }
        Listener::Ipc(listener) => {
            let (stream, _) = listener.accept().await?;
            let (reader, writer) = stream.into_split();
            Ok((Box::new(reader), Box::new(writer)))
        }
    }
}

async fn greet(kind: SocketKind, reader: Reader, writer: Writer) -> std::io::Result<Peer> {
    let mut reader = BufReader::new(reader);
    let mut writer = BufWriter::new(writer);
    let identity = shake_hands(kind, &mut reader, &mut writer).await?;
    Ok(Peer { identity, reader: Box::new(reader), writer: Box::new(writer) })
}
