//! How the kernel introduces itself.

use aerostat_protocol::PROTOCOL_VERSION;
use aerostat_protocol::content::{CodeMirrorMode, HelpLink, KernelInfoReply, LanguageInfo};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The reply to `kernel_info_request`.
pub(super) fn kernel_info() -> KernelInfoReply {
    KernelInfoReply {
        protocol_version: PROTOCOL_VERSION,
        implementation: "aerostat",
        implementation_version: VERSION,
        language_info: LanguageInfo {
            name: "rust".into(),
            version: env!("CARGO_PKG_RUST_VERSION").into(),
            mimetype: Some("text/x-rustsrc".into()),
            file_extension: Some(".rs".into()),
            pygments_lexer: Some("rust".into()),
            codemirror_mode: Some(CodeMirrorMode::Simple("rust".into())),
            nbconvert_exporter: Some("script".into()),
        },
        banner: format!(
            "Aerostat {VERSION}: DataFrame notebooks in Rust and SQL\n\
             Cells are Rust on polars; %%sql runs SQL, %lsmagic lists the rest, name? explains a name"
        ),
        debugger: false,
        help_links: vec![
            HelpLink { text: "Polars (Rust)".into(), url: "https://docs.rs/polars/latest/polars/".into() },
            HelpLink { text: "Spark SQL".into(), url: "https://spark.apache.org/docs/latest/sql-ref.html".into() },
        ],
        supported_features: vec!["kernel subshells"],
    }
}
