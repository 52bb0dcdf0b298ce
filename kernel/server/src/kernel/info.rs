//! How the kernel introduces itself.

use aerostat_protocol::PROTOCOL_VERSION;
use aerostat_protocol::content::{HelpLink, KernelInfoReply, LanguageInfo};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The reply to `kernel_info_request`.
pub(super) fn kernel_info() -> KernelInfoReply {
    KernelInfoReply {
        protocol_version: PROTOCOL_VERSION,
        implementation: "aerostat",
        implementation_version: VERSION,
        language_info: LanguageInfo {
            name: "rust",
            version: env!("CARGO_PKG_RUST_VERSION"),
            mimetype: "text/x-rustsrc",
            file_extension: ".rs",
            pygments_lexer: "rust",
            codemirror_mode: "rust",
            nbconvert_exporter: "script",
        },
        banner: format!(
            "Aerostat {VERSION}: DataFrame notebooks in Rust and SQL\n\
             Cells are Rust on polars; %%sql runs SQL, %lsmagic lists the rest, name? explains a name"
        ),
        debugger: false,
        help_links: vec![
            HelpLink { text: "Polars (Rust)", url: "https://docs.rs/polars/latest/polars/" },
            HelpLink { text: "Spark SQL", url: "https://spark.apache.org/docs/latest/sql-ref.html" },
        ],
        supported_features: Vec::new(),
    }
}
