//! Room for recursion: syntax is parsed, checked, evaluated and dropped recursively, on whatever thread asks.

/// Enough for the deepest cell that [`parse`](crate::parse) lets through. Only what is used of it takes memory.
const BYTES: usize = 128 << 20;

/// Does work that may recurse deeply.
pub(crate) fn deep<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(BYTES, BYTES, work)
}
