//! Outputs that are kept instead of shown, as `%%capture` does.

use crate::{MimeBundle, Output};

/// One output.
#[derive(Clone, Debug, PartialEq)]
enum Kept {
    Stdout(String),
    Stderr(String),
    Display(MimeBundle),
}

/// What a cell has put out, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Captured(Vec<Kept>);

impl Captured {
    /// Keeps text of standard output.
    pub fn push_stdout(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Kept::Stdout(last)) => last.push_str(text),
            _ => self.0.push(Kept::Stdout(text.to_owned())),
        }
    }

    /// Keeps text of standard error.
    pub fn push_stderr(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Kept::Stderr(last)) => last.push_str(text),
            _ => self.0.push(Kept::Stderr(text.to_owned())),
        }
    }

    /// Keeps a display.
    pub fn push_display(&mut self, bundle: MimeBundle) {
        self.0.push(Kept::Display(bundle));
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Everything that went to standard output.
    pub fn stdout(&self) -> String {
        let texts = self.0.iter().filter_map(|kept| if let Kept::Stdout(text) = kept { Some(&**text) } else { None });
        texts.collect()
    }

    /// Everything that went to standard error.
    pub fn stderr(&self) -> String {
        let texts = self.0.iter().filter_map(|kept| if let Kept::Stderr(text) = kept { Some(&**text) } else { None });
        texts.collect()
    }

    /// How many displays there are.
    pub fn displays(&self) -> usize {
        self.0.iter().filter(|kept| matches!(kept, Kept::Display(_))).count()
    }

    /// Puts everything out again.
    pub fn show(&self, output: &dyn Output) {
        for kept in &self.0 {
            match kept {
                Kept::Stdout(text) => output.stdout(text),
                Kept::Stderr(text) => output.stderr(text),
                Kept::Display(bundle) => output.display(bundle),
            }
        }
    }
}
