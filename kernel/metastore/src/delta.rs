//! Contents of Delta tables.
