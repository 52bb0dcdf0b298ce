//! Invoice lines as CSV, in the real file's notation, without an allocation a line.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use chrono::NaiveDateTime;

use super::customers::{Customer, HOME};

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

/// What the lines of an invoice have in common.
pub struct Invoice {
    /// What stands before the number: nothing, `C` for a cancellation, `A` for an adjustment.
    pub series: &'static str,
    pub number: usize,
    pub moment: NaiveDateTime,
    /// `None` for a buyer without an account.
    pub customer: Option<Customer>,
}

/// Writes lines until there are as many as asked for, and none after that.
pub struct Writer {
    out: BufWriter<File>,
    remaining: usize,
    /// The open invoice's part of a line: the number; the date; customer and country.
    number: String,
    date: String,
    customer: String,
}

impl Writer {
    pub fn create(path: &Path, rows: usize) -> io::Result<Writer> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        writeln!(out, "{HEADER}")?;
        Ok(Writer { out, remaining: rows, number: String::new(), date: String::new(), customer: String::new() })
    }

    /// How many lines are still to be written.
    pub fn remaining(&self) -> usize {
        self.remaining
    }

    /// Begins an invoice: the lines that follow belong to it.
    pub fn open(&mut self, invoice: &Invoice) {
        self.number.clear();
        self.date.clear();
        self.customer.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.number, "{}{}", invoice.series, invoice.number);
        let _ = write!(self.date, "{}", invoice.moment.format("%Y-%m-%d %H:%M:%S"));
        let _ = match invoice.customer {
            Some(customer) => write!(self.customer, "{}.0,{}", customer.id, customer.country),
            None => write!(self.customer, ",{HOME}"),
        };
    }

    /// Writes a line of the open invoice; `price` is in pence.
    pub fn line(&mut self, code: &str, description: &str, pieces: i64, price: i64) -> io::Result<()> {
        if self.remaining == 0 {
            return Ok(());
        }
        self.remaining -= 1;
        write!(self.out, "{},{code},{description},{pieces},{},", self.number, self.date)?;
        let (sign, pounds, pence) = (if price < 0 { "-" } else { "" }, price.abs() / 100, price.abs() % 100);
        match (pence / 10, pence % 10) {
            (tenths, 0) => write!(self.out, "{sign}{pounds}.{tenths}")?,
            _ => write!(self.out, "{sign}{pounds}.{pence:02}")?,
        }
        writeln!(self.out, ",{}", self.customer)
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
