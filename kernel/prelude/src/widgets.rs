//! The session's widgets, and displays that change: both are the kernel's, and are called from here.

use aerostat_bridge::Value;

use crate::session::{misunderstood, text};
use crate::{Crossing, Result, Session, Shown, kernel};

/// A display that can be changed after it was shown, also by later cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayHandle {
    id: String,
}

/// Shows a value, and gives a handle by which the display is changed.
pub fn display_handle(value: impl Shown) -> Result<DisplayHandle> {
    let (ty, value) = value.shown();
    let id = kernel::call("display_handle", vec![value, Value::Str(ty)])?.text().ok_or_else(misunderstood)?;
    Ok(DisplayHandle { id })
}

impl DisplayHandle {
    /// Shows another value instead, in the cell that made the display.
    pub fn update(&self, value: impl Shown) -> Result<()> {
        let (ty, value) = value.shown();
        kernel::call("update_display", vec![value, Value::Str(ty), text(&self.id)]).map(drop)
    }

    /// The name by which clients know the display.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Session {
    /// A widget for any text; what it comes to. Without a default, the user is asked.
    pub fn widget_text(&self, name: impl AsRef<str>, default: impl AsRef<str>) -> Result<String> {
        chosen(widget("text", name, default, [""; 0])?)
    }

    /// A widget for one of several choices; what it comes to.
    pub fn widget_dropdown<S: AsRef<str>>(
        &self,
        name: impl AsRef<str>,
        default: impl AsRef<str>,
        choices: impl IntoIterator<Item = S>,
    ) -> Result<String> {
        chosen(widget("dropdown", name, default, choices)?)
    }

    /// A widget for one of several choices or any other text; what it comes to.
    pub fn widget_combobox<S: AsRef<str>>(
        &self,
        name: impl AsRef<str>,
        default: impl AsRef<str>,
        choices: impl IntoIterator<Item = S>,
    ) -> Result<String> {
        chosen(widget("combobox", name, default, choices)?)
    }

    /// A widget for some of several choices, in text separated by commas; those that are chosen.
    pub fn widget_multiselect<S: AsRef<str>>(
        &self,
        name: impl AsRef<str>,
        default: impl AsRef<str>,
        choices: impl IntoIterator<Item = S>,
    ) -> Result<Vec<String>> {
        let chosen = widget("multiselect", name, default, choices)?.list().ok_or_else(misunderstood)?;
        Ok(chosen.into_iter().filter_map(Value::text).collect())
    }

    /// The value of a widget or parameter, as text.
    pub fn widget(&self, name: impl AsRef<str>) -> Result<String> {
        chosen(kernel::call("widget", vec![text(name)])?)
    }

    /// Forgets a widget.
    pub fn remove_widget(&self, name: impl AsRef<str>) -> Result<()> {
        kernel::call("remove_widget", vec![text(name)]).map(drop)
    }

    /// Forgets all widgets.
    pub fn remove_all_widgets(&self) {
        let _ = kernel::call("remove_all_widgets", Vec::new());
    }

    /// Gives a parameter a value, for widgets of that name and for `:name` in SQL; the value itself.
    pub fn parameter<T: Crossing>(&self, name: impl AsRef<str>, value: T) -> T {
        let _ = kernel::call("parameter", vec![text(name), value.to_value()]);
        value
    }
}

fn widget<S: AsRef<str>>(
    choice: &str,
    name: impl AsRef<str>,
    default: impl AsRef<str>,
    choices: impl IntoIterator<Item = S>,
) -> Result<Value> {
    let choices = Value::List(choices.into_iter().map(text).collect());
    kernel::call("make_widget", vec![text(choice), text(name), text(default), choices])
}

fn chosen(value: Value) -> Result<String> {
    value.text().ok_or_else(misunderstood)
}
