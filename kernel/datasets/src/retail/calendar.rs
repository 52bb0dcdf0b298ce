//! When invoices are issued: trading days, opening hours and the run-up to Christmas.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::draw::Shares;

const FIRST_DAY: NaiveDate = day(2010, 12, 1);
const LAST_DAY: NaiveDate = day(2011, 12, 9);

/// Each month's part of the invoice lines, in thousandths, from the month of `FIRST_DAY` on.
const MONTHS: [f64; 13] = [78., 65., 51., 68., 55., 68., 68., 73., 65., 93., 112., 157., 47.];

/// Each opening hour's part of a day's lines, in thousandths, from `OPENING_HOUR` on.
const HOURS: [f64; 13] = [16., 64., 91., 106., 145., 133., 125., 143., 101., 53., 15., 7., 1.];
const OPENING_HOUR: usize = 8;

/// A Sunday's trade relative to another day's.
const SUNDAY: f64 = 0.7;

const HOLIDAYS: [NaiveDate; 7] = [
    day(2011, 4, 22),
    day(2011, 4, 24),
    day(2011, 4, 25),
    day(2011, 4, 29),
    day(2011, 5, 2),
    day(2011, 5, 30),
    day(2011, 8, 29),
];

/// Maps the part of the lines already written to the moment when the next invoice is issued.
pub struct Calendar {
    dates: Vec<NaiveDate>,
    trade_by_date: Shares,
    trade_by_hour: Shares,
}

impl Calendar {
    pub fn new() -> Calendar {
        let dates: Vec<NaiveDate> =
            FIRST_DAY.iter_days().take_while(|&date| date <= LAST_DAY).filter(|&date| is_open(date)).collect();
        let mut usual_trade = [0.0; MONTHS.len()];
        for &date in &dates {
            usual_trade[month(date)] += trade(date);
        }
        let trade_by_date =
            Shares::new(dates.iter().map(|&date| MONTHS[month(date)] * trade(date) / usual_trade[month(date)]));
        Calendar { dates, trade_by_date, trade_by_hour: Shares::new(HOURS) }
    }

    /// The moment, to the minute, at `progress` from 0 to 1; never earlier for a later progress.
    pub fn moment(&self, progress: f64) -> NaiveDateTime {
        let (day, rest) = self.trade_by_date.locate(progress);
        let (hour, rest) = self.trade_by_hour.locate(rest);
        let minutes = (OPENING_HOUR + hour) * 60 + (rest * 60.0) as usize;
        self.dates[day].and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes as i64)
    }
}

/// A date written in this file; a wrong one does not compile.
const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => unreachable!(),
    }
}

/// The shop is closed on Saturdays, holidays and from Christmas Eve to 3 January.
fn is_open(date: NaiveDate) -> bool {
    let at_christmas = matches!((date.month(), date.day()), (12, 24..) | (1, ..=3));
    date.weekday() != Weekday::Sat && !at_christmas && !HOLIDAYS.contains(&date)
}

fn trade(date: NaiveDate) -> f64 {
    if date.weekday() == Weekday::Sun { SUNDAY } else { 1.0 }
}

/// The number of months since the month of the first day.
fn month(date: NaiveDate) -> usize {
    let months = |date: NaiveDate| date.year() * 12 + date.month0() as i32;
    (months(date) - months(FIRST_DAY)) as usize
}
