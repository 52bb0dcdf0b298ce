//! REP: the heartbeat, which gives every message back as it came.

use zeromq::{RepSocket, Socket, SocketRecv, SocketSend};

use super::{Listener, RETRY_PAUSE};
use crate::Result;

/// Echoes what the clients of `listener` send from then on.
pub(crate) async fn echo(listener: Listener) -> Result<()> {
    let mut socket = RepSocket::new();
    listener.serve(&mut socket).await?;
    tokio::spawn(async move {
        loop {
            let echoed = match socket.recv().await {
                Ok(message) => socket.send(message).await,
                Err(error) => Err(error),
            };
            if let Err(error) = echoed {
                tracing::debug!("a heartbeat failed: {error}");
                tokio::time::sleep(RETRY_PAUSE).await;
            }
        }
    });
    Ok(())
}
