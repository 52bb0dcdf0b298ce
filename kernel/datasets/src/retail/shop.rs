//! What happens in the shop: orders, web orders, cancellations, stock corrections and bad debts.

use std::collections::VecDeque;
use std::io;

use chrono::NaiveDateTime;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::calendar::Calendar;
use super::catalogue::Catalogue;
use super::customers::{Customer, Customers, HOME};
use super::draw::{Shares, geometric, log_normal};
use super::writer::{Invoice, Writer};

/// How many invoices there are of each [`Event`], of 25,900.
const EVENTS: [(Event, f64); 4] = [
    (Event::Order, 18_536.0),
    (Event::WebOrder, 1_430.0),
    (Event::Cancellation, 3_836.0),
    (Event::StockCorrection, 2_102.0),
];

/// The part of the lines that are entered twice.
const DUPLICATES: f64 = 0.003;

/// When, as a part of the file, a bad debt is written off.
const BAD_DEBT_AT: f64 = 0.57;

/// How many sold lines can still be cancelled: about two months of the full file.
const CANCELLABLE: usize = 80_000;

const REMARKS: [&str; 6] =
    ["water damage", "found again", "?", "counted wrong", "broken", "\"sold loose, not as set\""];

#[derive(Clone, Copy)]
enum Event {
    Order,
    WebOrder,
    Cancellation,
    StockCorrection,
}

/// A line that was sold to a customer and may be cancelled.
struct Sale {
    customer: Customer,
    product: usize,
    pieces: i64,
    price: i64,
}

/// The shop at one moment of the file.
pub struct Shop {
    rng: ChaCha8Rng,
    calendar: Calendar,
    catalogue: Catalogue,
    customers: Customers,
    events: Shares,
    sales: VecDeque<Sale>,
    rows: usize,
    next_number: usize,
    wrote_off: bool,
}

impl Shop {
    pub fn new(rows: usize, seed: u64) -> Shop {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Shop {
            calendar: Calendar::new(),
            catalogue: Catalogue::new(&mut rng),
            customers: Customers::new(rows),
            events: Shares::new(EVENTS.map(|(_, invoices)| invoices)),
            sales: VecDeque::with_capacity(CANCELLABLE),
            rng,
            rows,
            next_number: 540_001,
            wrote_off: false,
        }
    }

    /// Writes the next invoice.
    pub fn issue_invoice(&mut self, writer: &mut Writer) -> io::Result<()> {
        let progress = 1.0 - writer.remaining() as f64 / self.rows as f64;
        let moment = self.calendar.moment(progress);
        if progress >= BAD_DEBT_AT && !self.wrote_off {
            self.wrote_off = true;
            return self.write_off(moment, writer);
        }
        match EVENTS[self.events.draw(&mut self.rng)].0 {
            Event::Order => self.order(moment, writer),
            Event::WebOrder => self.web_order(moment, writer),
            Event::Cancellation => self.cancellation(moment, writer),
            Event::StockCorrection => self.stock_correction(moment, writer),
        }
    }

    fn open(&mut self, series: &'static str, moment: NaiveDateTime, customer: Option<Customer>, writer: &mut Writer) {
        writer.open(&Invoice { series, number: self.next_number, moment, customer });
        self.next_number += 1;
    }

    /// A customer orders by the carton; orders to other countries pay postage.
    fn order(&mut self, moment: NaiveDateTime, writer: &mut Writer) -> io::Result<()> {
        let customer = self.customers.draw(&mut self.rng);
        self.open("", moment, Some(customer), writer);
        if self.rng.random_bool(0.01) {
            return writer.line("C2", "CARRIAGE", 1, 1_500);
        }
        for _ in 0..log_normal(&mut self.rng, 15.0, 0.84).round().max(1.0) as usize {
            self.sell(customer, writer)?;
        }
        if customer.country != HOME && self.rng.random_bool(0.6) {
            writer.line("POST", "POSTAGE", geometric(&mut self.rng, 2.5), 1_800)?;
        }
        Ok(())
    }

    fn sell(&mut self, customer: Customer, writer: &mut Writer) -> io::Result<()> {
        let number = self.catalogue.draw(&mut self.rng);
        let product = self.catalogue.product(number);
        let pieces = trade_pieces(&mut self.rng, product.carton) * customer.scale;
        let price = if pieces >= 4 * product.carton { product.price * 85 / 100 } else { product.price };
        let times = if self.rng.random_bool(DUPLICATES) { 2 } else { 1 };
        for _ in 0..times {
            writer.line(&product.code, &product.description, pieces, price)?;
        }
        if self.sales.len() == CANCELLABLE {
            self.sales.pop_front();
        }
        self.sales.push_back(Sale { customer, product: number, pieces, price });
        Ok(())
    }

    /// Orders without an account come from the web: single pieces at retail prices, some with hundreds of lines.
    fn web_order(&mut self, moment: NaiveDateTime, writer: &mut Writer) -> io::Result<()> {
        self.open("", moment, None, writer);
        let collected = self.rng.random_bool(0.6);
        let lines =
            if collected { log_normal(&mut self.rng, 105.0, 0.85) as i64 } else { geometric(&mut self.rng, 2.0) };
        for _ in 0..lines {
            let product = self.catalogue.product(self.catalogue.draw(&mut self.rng));
            writer.line(
                &product.code,
                &product.description,
                geometric(&mut self.rng, 3.0),
                product.price * 196 / 100,
            )?;
        }
        if collected {
            writer.line("DOT", "WEB POSTAGE", 1, log_normal(&mut self.rng, 20_000.0, 0.8) as i64)?;
        }
        Ok(())
    }

    /// A customer returns lines of a recent order, whole or in part.
    fn cancellation(&mut self, moment: NaiveDateTime, writer: &mut Writer) -> io::Result<()> {
        if self.sales.is_empty() {
            return Ok(());
        }
        let first = self.rng.random_range(0..self.sales.len());
        let customer = self.sales[first].customer;
        self.open("C", moment, Some(customer), writer);
        let lines = geometric(&mut self.rng, 2.6) as usize;
        for index in first..self.sales.len().min(first + lines) {
            let sale = &self.sales[index];
            if sale.customer != customer {
                break;
            }
            let returned = if self.rng.random_bool(0.5) { sale.pieces } else { self.rng.random_range(1..=sale.pieces) };
            let product = self.catalogue.product(sale.product);
            writer.line(&product.code, &product.description, -returned, sale.price)?;
        }
        Ok(())
    }

    /// Pieces that were found or lost: no customer, no price, and a remark or nothing as description.
    fn stock_correction(&mut self, moment: NaiveDateTime, writer: &mut Writer) -> io::Result<()> {
        self.open("", moment, None, writer);
        let product = self.catalogue.product(self.catalogue.draw(&mut self.rng));
        let pieces = log_normal(&mut self.rng, 20.0, 1.6).ceil() as i64;
        let direction = if self.rng.random_bool(0.62) { -1 } else { 1 };
        let remark =
            if self.rng.random_bool(0.31) { REMARKS.choose(&mut self.rng).copied().unwrap_or_default() } else { "" };
        writer.line(&product.code, remark, direction * pieces, 0)
    }

    /// A debt that will not be paid: entered, reversed, and reversed once more.
    fn write_off(&mut self, moment: NaiveDateTime, writer: &mut Writer) -> io::Result<()> {
        for amount in [986_543, -986_543, -986_543] {
            self.open("A", moment, None, writer);
            writer.line("B", "Adjust bad debt", 1, amount)?;
        }
        Ok(())
    }
}

/// How many pieces a trade customer takes of goods that come in cartons of `carton`.
fn trade_pieces(rng: &mut ChaCha8Rng, carton: i64) -> i64 {
    match rng.random_range(0..100) {
        0..42 => geometric(rng, 2.6),
        42..84 => carton,
        84..91 => carton * 2,
        91..95 => (carton / 2).max(1),
        95..99 => carton * 4,
        _ => carton * log_normal(rng, 10.0, 1.0).ceil() as i64,
    }
}
