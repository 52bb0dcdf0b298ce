//! The integration tests of the workspace, one module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod cells;
mod compiled;
mod corpus;
mod crash;
mod datasets;
mod delta;
mod metastore;
mod session;
mod sharing;
mod sql;
mod support;
mod surface;
mod tidy;
mod wire;
