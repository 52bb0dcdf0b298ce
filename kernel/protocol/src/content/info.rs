//! What the kernel is: `kernel_info_reply`.

pub use jupyter_protocol::{CodeMirrorMode, HelpLink, LanguageInfo};
use serde::Serialize;

use super::Content;

/// Introduces the kernel.
#[derive(Clone, Debug, Serialize)]
pub struct KernelInfoReply {
    /// The version of the messaging protocol.
    pub protocol_version: &'static str,
    /// The name of the kernel.
    pub implementation: &'static str,
    /// Its version.
    pub implementation_version: &'static str,
    /// The language of its cells.
    pub language_info: LanguageInfo,
    /// What a console shows first.
    pub banner: String,
    /// Whether it has a debugger.
    pub debugger: bool,
    /// Pages for the help menu.
    pub help_links: Vec<HelpLink>,
    /// What it can do beyond the protocol's core.
    pub supported_features: Vec<&'static str>,
}

impl Content for KernelInfoReply {
    const TYPE: &'static str = "kernel_info_reply";
}
