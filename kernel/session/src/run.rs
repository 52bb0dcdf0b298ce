//! Running polars: interruptible, and with panics as errors.
