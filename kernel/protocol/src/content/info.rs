//! What the kernel is: `kernel_info_reply`.

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

/// A language, as editors and exporters name it.
#[derive(Clone, Debug, Serialize)]
pub struct LanguageInfo {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The MIME type of its source.
    pub mimetype: &'static str,
    /// The end of its files' names.
    pub file_extension: &'static str,
    /// Its highlighter in Pygments.
    pub pygments_lexer: &'static str,
    /// Its mode in CodeMirror.
    pub codemirror_mode: &'static str,
    /// The exporter of nbconvert for its scripts.
    pub nbconvert_exporter: &'static str,
}

/// A page for the help menu.
#[derive(Clone, Debug, Serialize)]
pub struct HelpLink {
    /// Its title.
    pub text: &'static str,
    /// Its address.
    pub url: &'static str,
}

impl Content for KernelInfoReply {
    const TYPE: &'static str = "kernel_info_reply";
}
