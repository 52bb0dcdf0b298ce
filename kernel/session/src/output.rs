//! What a cell shows: streams, rich displays, and questions to the user.

use aerostat_error::Result;
use uuid::Uuid;

/// One thing to show in several forms, by MIME type; the frontend picks the richest that it knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MimeBundle(pub serde_json::Map<String, serde_json::Value>);

impl MimeBundle {
    /// A bundle of `text/plain` alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self::default().with("text/plain", text.into())
    }

    /// The same bundle with one more form.
    pub fn with(mut self, mime: &str, data: impl Into<serde_json::Value>) -> Self {
        self.0.insert(mime.to_owned(), data.into());
        self
    }
}

/// A display that can be changed after it was shown, also by later cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayHandle {
    id: String,
}

impl DisplayHandle {
    /// Shows `bundle`; the handle changes it.
    pub fn show(output: &dyn Output, bundle: &MimeBundle) -> Self {
        let handle = Self { id: Uuid::new_v4().to_string() };
        output.display_as(bundle, &handle.id);
        handle
    }

    /// Shows `bundle` instead, wherever the display is.
    pub fn update(&self, output: &dyn Output, bundle: &MimeBundle) {
        output.update_display(bundle, &self.id);
    }

    /// The name of the display.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Where a running cell sends what it prints and displays, and whom it asks.
pub trait Output: Send + Sync {
    /// Prints to standard output.
    fn stdout(&self, text: &str);
    /// Prints to standard error.
    fn stderr(&self, text: &str);
    /// Shows a rich display.
    fn display(&self, bundle: &MimeBundle);
    /// Shows a rich display under a name. Where displays cannot be changed, the name has no use.
    fn display_as(&self, bundle: &MimeBundle, _display_id: &str) {
        self.display(bundle);
    }
    /// Changes the display of that name. Where displays cannot be changed, the new state is shown below the old.
    fn update_display(&self, bundle: &MimeBundle, _display_id: &str) {
        self.display(bundle);
    }
    /// Clears what the cell has shown so far, at once or when the next output arrives (`wait`).
    fn clear_output(&self, wait: bool);
    /// Asks the user for a line of text; not echoed if it is a `password`.
    fn input(&self, prompt: &str, password: bool) -> Result<String>;
}

/// Takes the text out of `bytes`, but for the beginning of a character that is not complete yet.
pub fn take_text(bytes: &mut Vec<u8>) -> String {
    let complete = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    let rest = bytes.split_off(complete);
    let text = String::from_utf8_lossy(bytes).into_owned();
    *bytes = rest;
    text
}
