//! The library that compiled cells link.
