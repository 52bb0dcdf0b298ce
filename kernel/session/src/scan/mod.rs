//! Frames over the contents of tables.
