//! Charts of frames.
//!
//! A [`Request`] says what to draw from which columns. [`Request::plan`] is the query that fetches no more than that (bars
//! and slices arrive added up), and [`Request::draw`] makes of its rows a [`Chart`]: numbers and labels, thinned out to what
//! a screen can show, with a note for all that was left out. Three modules write the same chart down: [`vega`](mod@vega) for
//! JupyterLab, [`svg`](mod@svg) for pages, paper and GitHub, [`text`](mod@text) for terminals.
//!
//! The crate knows neither the session nor Jupyter.

mod boxes;
mod figure;
mod format;
mod histogram;
mod palette;
mod pie;
mod points;
mod request;
mod rows;
mod scale;
mod svg;
mod text;
mod thin;
mod ticks;
mod vega;

pub use figure::{Chart, HEIGHT, WIDTH};
pub use request::{Kind, Options, Request};
