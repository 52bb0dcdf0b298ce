//! The session's widgets: how a notebook takes parameters.

use aerostat_error::Result;
use aerostat_session::{Choice, Session, selected};

use super::{Table, methods};
use crate::convert::{Dynamic, Generic};

type T = Generic<0>;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_callables(methods! {
        Session {
            /// A widget for any text; what it comes to. Without a default, the user is asked.
            fn widget_text(name: String, default: String) -> Result<String>
                = |this, cx| this.make_widget(&*cx.output, Choice::Text, &name, &default, &[]);
            /// A widget for one of several choices; what it comes to.
            fn widget_dropdown(name: String, default: String, choices: Vec<String>) -> Result<String>
                = |this, cx| this.make_widget(&*cx.output, Choice::Dropdown, &name, &default, &choices);
            /// A widget for one of several choices or any other text; what it comes to.
            fn widget_combobox(name: String, default: String, choices: Vec<String>) -> Result<String>
                = |this, cx| this.make_widget(&*cx.output, Choice::Combobox, &name, &default, &choices);
            /// A widget for some of several choices, in text separated by commas; those that are chosen.
            fn widget_multiselect(name: String, default: String, choices: Vec<String>) -> Result<Vec<String>>
                = |this, cx| this.make_widget(&*cx.output, Choice::Multiselect, &name, &default, &choices)
                    .map(|value| selected(&value).map(str::to_owned).collect());
            /// The value of a widget or parameter, as text.
            fn widget(name: String) -> Result<String> = |this| this.widget(&name);
            /// Forgets a widget.
            fn remove_widget(name: String) -> Result<()> = |this| this.remove_widget(&name);
            /// Forgets all widgets.
            fn remove_all_widgets() -> () = |this| this.remove_all_widgets();
            /// Gives a parameter a value, for widgets of that name and for `:name` in SQL; the value itself.
            fn parameter(name: String, value: T) -> Dynamic = |this| {
                this.set_parameter(&name, value.to_parameter());
                Dynamic(value)
            };
        }
    });
}
