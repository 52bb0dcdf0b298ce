//! Frames: a byte of flags, a length of one or eight bytes, a body. A message is a run of frames.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Frames;

const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;

/// The most that one message may hold. A notebook's largest cell with its widgets' buffers is far below.
pub(super) const MAX_MESSAGE: usize = 256 << 20;

/// What a frame costs beside its body, so that a message of countless empty frames is bounded as well.
const FRAME_OVERHEAD: usize = 64;

/// One frame as it came.
pub(super) struct Frame {
    flags: u8,
    /// What it carries.
    pub(super) body: Bytes,
}

impl Frame {
    /// Whether it speaks to the transport and not to the application.
    pub(super) fn is_command(&self) -> bool {
        self.flags & COMMAND != 0
    }
}

/// Reads one frame whose body has at most `limit` bytes.
pub(super) async fn read_frame(stream: &mut (impl AsyncRead + Unpin), limit: usize) -> io::Result<Frame> {
    let flags = stream.read_u8().await?;
    if flags & !(MORE | LONG | COMMAND) != 0 {
        return Err(invalid("a frame has unknown flags"));
    }
    let length = if flags & LONG != 0 { stream.read_u64().await? } else { u64::from(stream.read_u8().await?) };
    if length > limit as u64 {
        return Err(invalid("a message is too large"));
    }
    // Grows with what arrives: whoever announces a large frame has to send it before it costs memory.
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body).await?;
    match body.len() as u64 == length {
        true => Ok(Frame { flags, body: body.into() }),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Reads one message, skipping commands.
pub(super) async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Frames> {
    let mut frames = Frames::new();
    let mut left = MAX_MESSAGE;
    loop {
        let frame = read_frame(stream, left).await?;
        left = left.saturating_sub(frame.body.len() + FRAME_OVERHEAD);
        if frame.is_command() {
            continue;
        }
        frames.push(frame.body);
        if frame.flags & MORE == 0 {
            return Ok(frames);
        }
    }
}

/// Writes one message.
pub(super) async fn write_message(stream: &mut (impl AsyncWrite + Unpin), frames: &[Bytes]) -> io::Result<()> {
    for (index, body) in frames.iter().enumerate() {
        write_frame(stream, if index + 1 < frames.len() { MORE } else { 0 }, body).await?;
    }
    Ok(())
}

/// Writes one command.
pub(super) async fn write_command(stream: &mut (impl AsyncWrite + Unpin), body: &[u8]) -> io::Result<()> {
    write_frame(stream, COMMAND, body).await
}

async fn write_frame(stream: &mut (impl AsyncWrite + Unpin), flags: u8, body: &[u8]) -> io::Result<()> {
    match u8::try_from(body.len()) {
        Ok(length) => stream.write_all(&[flags, length]).await?,
        Err(_) => {
            stream.write_u8(flags | LONG).await?;
            stream.write_u64(body.len() as u64).await?;
        }
    }
    stream.write_all(body).await
}

pub(super) fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
