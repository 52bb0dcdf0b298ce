//! REP: the heartbeat, which gives every message back as it came.

use zeromq::{RepSocket, Socket, SocketRecv, SocketSend};

use super::{Endpoint, RETRY_PAUSE, bind};
use crate::Result;

/// Binds `endpoint` and echoes from then on.
pub(crate) async fn echo(endpoint: &Endpoint) -> Result<()> {
    let mut socket = RepSocket::new();
    bind(&mut socket, endpoint).await?;
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
