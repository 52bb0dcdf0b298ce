//! Widgets: the parameters of a notebook, by name, as Zeppelin's forms and Databricks' widgets have them.
//!
//! A widget has a default and takes its value from outside where there is one: from the parameters that a batch job has
//! injected ([`Session::set_parameter`]), or from the environment variable `AEROSTAT_PARAM_<NAME>`. A text without a
//! default is asked for where a user can be asked. What a widget comes to is shown.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Kind, Object, Result};
use chrono::{NaiveDate, NaiveDateTime};

use crate::{MimeBundle, Output, Session};

/// What the names of environment variables that give parameters begin with; the parameter follows in upper case.
const PARAMETER_VARIABLE: &str = "AEROSTAT_PARAM_";

/// A value that a notebook is run with.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i128),
    /// A floating-point number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
    /// A time on a clock, without a zone.
    Timestamp(NaiveDateTime),
}

impl std::fmt::Display for Parameter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Date(day) => write!(f, "{day}"),
            Self::Timestamp(at) => write!(f, "{at}"),
        }
    }
}

/// How a value is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Any text.
    Text,
    /// One of the choices.
    Dropdown,
    /// One of the choices, or any other text.
    Combobox,
    /// Some of the choices, separated by commas.
    Multiselect,
}

/// The widgets and parameters of a session.
#[derive(Default)]
pub(crate) struct Widgets(Mutex<State>);

#[derive(Default)]
struct State {
    parameters: BTreeMap<String, Parameter>,
    widgets: BTreeMap<String, Parameter>,
}

impl Widgets {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Gives the parameter `name` a value, for widgets of that name and for SQL.
    pub fn set_parameter(&self, name: &str, value: Parameter) {
        let mut state = self.widgets().lock();
        // A widget that is there already follows.
        state.widgets.remove(name);
        state.parameters.insert(name.to_owned(), value);
    }

    /// The value of a widget or parameter.
    pub fn parameter(&self, name: &str) -> Option<Parameter> {
        let state = self.widgets().lock();
        state.widgets.get(name).cloned().or_else(|| given(&state, name))
    }

    /// The value of the widget `name`, as text.
    pub fn widget(&self, name: &str) -> Result<String> {
        self.parameter(name).map(|value| value.to_string()).ok_or_else(|| {
            let names: Vec<String> = self.widgets().lock().widgets.keys().cloned().collect();
            Error::not_found_among(Object::Widget, name, names)
        })
    }

    /// Makes a widget, or makes it anew; its value, which is shown on `output`.
    pub fn make_widget(
        &self,
        output: &dyn Output,
        choice: Choice,
        name: &str,
        default: &str,
        choices: &[String],
    ) -> Result<String> {
        check_choice(choice, name, default, choices)?;
        let given = given(&self.widgets().lock(), name);
        let value = match given {
            Some(value) => value,
            None => Parameter::Text(self.ask(output, choice, name, default, choices)?),
        };
        let text = value.to_string();
        check_choice(choice, name, &text, choices)?;
        self.widgets().lock().widgets.insert(name.to_owned(), value);
        output.display(&bundle(name, &text));
        Ok(text)
    }

    /// Forgets the widget `name`.
    pub fn remove_widget(&self, name: &str) -> Result<()> {
        self.widget(name)?;
        self.widgets().lock().widgets.remove(name);
        Ok(())
    }

    /// Forgets all widgets.
    pub fn remove_all_widgets(&self) {
        self.widgets().lock().widgets.clear();
    }

    /// The default; of a text without one, what the user says, who is asked once.
    fn ask(
        &self,
        output: &dyn Output,
        choice: Choice,
        name: &str,
        default: &str,
        choices: &[String],
    ) -> Result<String> {
        let made = self.widgets().lock().widgets.get(name).map(ToString::to_string);
        if !default.is_empty() || !matches!(choice, Choice::Text | Choice::Combobox) {
            return Ok(default.to_owned());
        }
        if let Some(answer) = made.filter(|answer| !answer.is_empty()) {
            return Ok(answer);
        }
        let hint = if choices.is_empty() { String::new() } else { format!(" ({})", choices.join(", ")) };
        match output.input(&format!("{name}{hint}: "), false) {
            Err(error) if error.kind() == Kind::NotSupported => Ok(String::new()),
            answer => answer,
        }
    }
}

/// What was given from outside.
fn given(state: &State, name: &str) -> Option<Parameter> {
    let from_environment = || std::env::var(format!("{PARAMETER_VARIABLE}{}", name.to_uppercase())).ok();
    state.parameters.get(name).cloned().or_else(|| from_environment().map(Parameter::Text))
}

/// An error unless `value` can be chosen.
fn check_choice(choice: Choice, name: &str, value: &str, choices: &[String]) -> Result<()> {
    let chosen: Vec<&str> = match choice {
        Choice::Text | Choice::Combobox => return Ok(()),
        Choice::Dropdown => vec![value],
        Choice::Multiselect => selected(value).collect(),
    };
    match chosen.into_iter().find(|value| !choices.iter().any(|choice| choice == value)) {
        Some(value) => Err(Error::invalid_argument(format!("`{value}` is not a choice of widget `{name}`"))
            .with_hint(format!("the choices are {}", choices.join(", ")))),
        None => Ok(()),
    }
}

/// The single values in that of a multiselect widget.
pub fn selected(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|value| !value.is_empty())
}

fn bundle(name: &str, value: &str) -> MimeBundle {
    let escape = crate::display::escape_html;
    let html = format!("<label>{} <output><b>{}</b></output></label>", escape(name), escape(value));
    MimeBundle::text(format!("{name}: {value}")).with("text/html", html)
}
