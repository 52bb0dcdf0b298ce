//! Names of several parts: `schema.table`, with back-quotes around parts that need them.

use aerostat_error::{Error, Result};

/// Splits `retail.orders` or `` `my schema`.`a.b` `` into its parts. A doubled back-quote stands for one.
pub fn split_name(_name: &str) -> Result<Vec<String>> {
    Err(Error::internal("not written yet"))
}

/// The inverse of [`split_name`]: quotes the parts that need it.
pub fn join_name<S: AsRef<str>>(_parts: &[S]) -> String {
    String::new()
}
