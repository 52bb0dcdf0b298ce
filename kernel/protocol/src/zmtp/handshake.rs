//! How a connection begins: greetings, then the READY command of each side.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::frame::{invalid, read_frame, write_command};

/// The kinds of sockets that a kernel binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SocketKind {
    Router,
    Publisher,
}

impl SocketKind {
    fn name(self) -> &'static str {
        match self {
            Self::Router => "ROUTER",
            Self::Publisher => "PUB",
        }
    }

    fn accepts(self, peer: &[u8]) -> bool {
        match self {
            Self::Router => matches!(peer, b"DEALER" | b"REQ" | b"ROUTER"),
            Self::Publisher => matches!(peer, b"SUB" | b"XSUB"),
        }
    }
}

/// The most that a READY command may hold: an identity has at most 255 bytes, and nothing else is long.
const MAX_COMMAND: usize = 4096;

/// Version 3.0, mechanism `NULL`. What follows the mechanism stays zero: not a security server, and filler.
fn greeting() -> [u8; 64] {
    let mut greeting = [0; 64];
    greeting[0] = 0xff;
    greeting[8] = 1;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[12..16].copy_from_slice(b"NULL");
    greeting
}

/// Greets the peer and returns the identity that it gave itself, which is empty for most.
pub(super) async fn shake_hands<R, W>(kind: SocketKind, reader: &mut R, writer: &mut W) -> io::Result<Bytes>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    writer.write_all(&greeting()).await?;
    writer.flush().await?;
    check_greeting(reader).await?;
    write_command(writer, &ready(kind)).await?;
    writer.flush().await?;
    let reply = read_frame(reader, MAX_COMMAND).await?;
    if !reply.is_command() {
        return Err(invalid("a peer speaks before it is ready"));
    }
    parse_ready(kind, &reply.body)
}

async fn check_greeting(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut signature = [0; 10];
    reader.read_exact(&mut signature).await?;
    if signature[0] != 0xff || signature[9] & 1 == 0 {
        return Err(invalid("a peer does not speak ZeroMQ"));
    }
    let mut rest = [0; 54];
    reader.read_exact(&mut rest).await?;
    if rest[0] < 3 {
        return Err(invalid("a peer speaks an old version of ZeroMQ"));
    }
    match rest[2..22].starts_with(b"NULL\0") {
        true => Ok(()),
        false => Err(invalid("a peer wants a security mechanism")),
    }
}

fn ready(kind: SocketKind) -> Vec<u8> {
    let name = kind.name().as_bytes();
    let mut body = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
    body.push(name.len() as u8);
    body.extend_from_slice(name);
    body
}

fn parse_ready(kind: SocketKind, body: &Bytes) -> io::Result<Bytes> {
    let mut properties = body.strip_prefix(b"\x05READY").ok_or_else(|| invalid("a peer is not ready"))?;
    let (mut identity, mut accepted) = (Bytes::new(), false);
    while !properties.is_empty() {
        let (name, value, rest) = property(properties).ok_or_else(|| invalid("a peer's properties are garbled"))?;
        if name.eq_ignore_ascii_case(b"Socket-Type") {
            accepted = kind.accepts(value);
        } else if name.eq_ignore_ascii_case(b"Identity") {
            identity = body.slice_ref(value);
        }
        properties = rest;
    }
    match accepted {
        true => Ok(identity),
        false => Err(invalid("a peer has a socket of the wrong type")),
    }
}

/// The first property of a READY command: a name of one byte's length, a value of four bytes', and what follows.
fn property(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(length))?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((name, value, rest))
}
