//! A year of a gift wholesaler's invoice lines, in the layout of the UCI "Online Retail" file and with about its statistics.
//!
//! Every line is drawn from one seeded generator, in the order in which it is written, so the same seed and number of rows
//! give the same bytes. The shares and sizes in these modules were measured on the real file; the words are our own.

mod calendar;
mod catalogue;
mod customers;
mod draw;
mod shop;
mod writer;

use std::io;
use std::path::Path;

use shop::Shop;
use writer::Writer;

/// Writes `rows` invoice lines as CSV to `path`; the same `seed` gives the same bytes.
pub fn write_csv(path: &Path, rows: usize, seed: u64) -> io::Result<()> {
    let mut writer = Writer::create(path, rows)?;
    let mut shop = Shop::new(rows, seed);
    while writer.remaining() > 0 {
        shop.issue_invoice(&mut writer)?;
    }
    writer.finish()
}
