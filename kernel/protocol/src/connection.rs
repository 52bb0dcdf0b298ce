//! The connection file: where a kernel listens and with which key its messages are signed.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::sockets::Endpoint;
use crate::{Error, Result, Signer};

/// How the sockets are reached.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// An address and a port per channel.
    #[default]
    Tcp,
    /// A path and a suffix per channel: Unix sockets named `{ip}-{port}`.
    Ipc,
}

/// The file that a client writes before it starts a kernel.
#[derive(Clone, Debug, Deserialize)]
pub struct ConnectionFile {
    /// TCP or Unix sockets.
    #[serde(default)]
    pub transport: Transport,
    /// The address to listen at, or the beginning of the sockets' paths.
    pub ip: String,
    /// Where requests arrive.
    pub shell_port: u16,
    /// Where outputs are published.
    pub iopub_port: u16,
    /// Where the kernel asks the user for input.
    pub stdin_port: u16,
    /// Where interrupts and shutdowns arrive.
    pub control_port: u16,
    /// Where pings are echoed.
    pub hb_port: u16,
    /// The key of the signatures; empty for none.
    #[serde(default)]
    key: String,
    #[serde(default)]
    signature_scheme: String,
}

impl ConnectionFile {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |reason: String| Error::ConnectionFile { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| failed(error.to_string()))
    }

    /// The signer of the messages.
    pub fn signer(&self) -> Result<Signer> {
        match self.signature_scheme.as_str() {
            "" | "hmac-sha256" => Ok(Signer::new(self.key.as_bytes())),
            other => Err(Error::SignatureScheme(other.to_owned())),
        }
    }

    /// The address of one of the ports of this file.
    pub fn endpoint(&self, port: u16) -> Endpoint {
        match self.transport {
            Transport::Tcp => Endpoint::Tcp(self.ip.clone(), port),
            Transport::Ipc => Endpoint::Ipc(PathBuf::from(format!("{}-{port}", self.ip))),
        }
    }
}
