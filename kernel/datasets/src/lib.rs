//! Deterministic generators of data sets with the schemas, quirks and rough statistics of well-known ones,
//! so that the notebooks and their tests run without a download.

pub mod retail;
pub mod wdi;
