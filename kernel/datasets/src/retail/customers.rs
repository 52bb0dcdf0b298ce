//! Who buys: customers who come back, and new ones who get rarer.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::draw::{Shares, log_normal};

/// The number of lines in the file for each unit of `Customers::newness`, fitted to the real file's new customers by month.
const LINES_BY_NEWNESS: f64 = 301.0;

/// The part of the customers who resell by the pallet.
const WHOLESALERS: f64 = 0.04;

const FIRST_ID: usize = 12_346;

/// Countries with the number of customers, of ten thousand, who live there. The first is the shop's own.
const COUNTRIES: [(&str, f64); 32] = [
    ("United Kingdom", 9030.0),
    ("Germany", 217.0),
    ("France", 199.0),
    ("Spain", 66.0),
    ("Belgium", 55.0),
    ("Switzerland", 48.0),
    ("Portugal", 43.0),
    ("Italy", 34.0),
    ("EIRE", 30.0),
    ("Finland", 27.0),
    ("Austria", 25.0),
    ("Norway", 23.0),
    ("Netherlands", 21.0),
    ("Channel Islands", 21.0),
    ("Australia", 20.0),
    ("Denmark", 20.0),
    ("Sweden", 18.0),
    ("Cyprus", 18.0),
    ("Japan", 18.0),
    ("Poland", 14.0),
    ("USA", 9.0),
    ("Greece", 9.0),
    ("Canada", 9.0),
    ("Unspecified", 9.0),
    ("Israel", 7.0),
    ("Malta", 5.0),
    ("United Arab Emirates", 5.0),
    ("Bahrain", 5.0),
    ("Singapore", 2.0),
    ("Iceland", 2.0),
    ("Lithuania", 2.0),
    ("Brazil", 2.0),
];

/// The country of the shop, and of buyers who gave none.
pub const HOME: &str = COUNTRIES[0].0;

/// A customer with an account.
#[derive(Clone, Copy, PartialEq)]
pub struct Customer {
    pub id: usize,
    pub country: &'static str,
    /// How many times the usual quantity this customer takes.
    pub scale: i64,
}

/// Everyone who has ordered so far.
///
/// The next order comes from a new customer with a probability that falls as orders add up, else from the customer of an
/// earlier order, any order alike: who came often comes often (a Chinese restaurant process).
pub struct Customers {
    /// The customer of each order so far.
    orders: Vec<Customer>,
    known: usize,
    newness: f64,
    countries: Shares,
}

impl Customers {
    /// The customers of a file of `rows` lines.
    pub fn new(rows: usize) -> Customers {
        let countries = Shares::new(COUNTRIES.iter().map(|&(_, customers)| customers));
        Customers { orders: Vec::new(), known: 0, newness: rows as f64 / LINES_BY_NEWNESS, countries }
    }

    /// The customer of the next order.
    pub fn draw(&mut self, rng: &mut ChaCha8Rng) -> Customer {
        let newcomer = rng.random_bool(self.newness / (self.newness + self.orders.len() as f64));
        let known = if newcomer { None } else { self.orders.choose(rng).copied() };
        let customer = known.unwrap_or_else(|| self.register(rng));
        self.orders.push(customer);
        customer
    }

    fn register(&mut self, rng: &mut ChaCha8Rng) -> Customer {
        let id = FIRST_ID + self.shuffled(self.known);
        self.known += 1;
        let country = COUNTRIES[self.countries.draw(rng)].0;
        let scale = if rng.random_bool(WHOLESALERS) { log_normal(rng, 5.0, 0.7).ceil() as i64 } else { 1 };
        Customer { id, country, scale }
    }

    /// Scatters the numbers of customers over their range, so that an id does not tell when the customer came.
    fn shuffled(&self, number: usize) -> usize {
        // An odd factor permutes the numbers below a power of two; there are about 2.4 customers a unit of newness.
        let range = (4.0 * self.newness) as usize;
        number.wrapping_mul(2_654_435_761) % range.next_power_of_two()
    }
}
