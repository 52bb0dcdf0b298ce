//! Where the ticks of an axis stand, and what is written at them.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta};

use crate::format::{decimals, tick};
use crate::scale::{Domain, TICKS};

/// The next of 1, 2, 5, 10, 20, .. from `size` up.
pub(crate) fn nice_step(size: f64) -> f64 {
    let power = 10f64.powf(size.log10().floor());
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= size * (1.0 - 1e-9)).unwrap_or(10.0);
    digit * power
}

/// Round numbers in the range.
pub(crate) fn numbers(domain: Domain) -> Vec<(f64, String)> {
    let step = nice_step((domain.high - domain.low) / TICKS);
    let (first, last) = ((domain.low / step - 1e-9).ceil() as i64, (domain.high / step + 1e-9).floor() as i64);
    let digits = decimals(step);
    let largest = domain.low.abs().max(domain.high.abs());
    (first..=last).map(|at| at as f64 * step).map(|value| (value, tick(value, digits, largest))).collect()
}

/// A distance of ticks in time.
#[derive(Clone, Copy)]
enum Step {
    Months(u32),
    Seconds(i64),
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From the finest to the coarsest, each with what is written at its ticks.
const STEPS: [(Step, &str); 22] = [
    (Step::Seconds(1), "%H:%M:%S"),
    (Step::Seconds(5), "%H:%M:%S"),
    (Step::Seconds(15), "%H:%M:%S"),
    (Step::Seconds(30), "%H:%M:%S"),
    (Step::Seconds(MINUTE), "%H:%M"),
    (Step::Seconds(5 * MINUTE), "%H:%M"),
    (Step::Seconds(15 * MINUTE), "%H:%M"),
    (Step::Seconds(30 * MINUTE), "%H:%M"),
    (Step::Seconds(HOUR), "%d %b %H:%M"),
    (Step::Seconds(3 * HOUR), "%d %b %H:%M"),
    (Step::Seconds(6 * HOUR), "%d %b %H:%M"),
    (Step::Seconds(12 * HOUR), "%d %b %H:%M"),
    (Step::Seconds(DAY), "%d %b"),
    (Step::Seconds(2 * DAY), "%d %b"),
    (Step::Seconds(7 * DAY), "%d %b"),
    (Step::Months(1), "%b %Y"),
    (Step::Months(2), "%b %Y"),
    (Step::Months(3), "%b %Y"),
    (Step::Months(6), "%b %Y"),
    (Step::Months(12), "%Y"),
    (Step::Months(24), "%Y"),
    (Step::Months(60), "%Y"),
];

/// Seconds of an average month.
const MONTH: f64 = 30.44 * DAY as f64;

impl Step {
    fn seconds(self) -> f64 {
        match self {
            Self::Months(months) => f64::from(months) * MONTH,
            Self::Seconds(seconds) => seconds as f64,
        }
    }

    /// The last tick at or before a moment.
    fn floor(self, moment: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Seconds(step) => {
                let seconds = moment.and_utc().timestamp().div_euclid(step) * step;
                DateTime::from_timestamp(seconds, 0).map(|moment| moment.naive_utc())
            }
            Self::Months(step) => {
                let step = step as i32;
                let months = (moment.year() * 12 + moment.month0() as i32).div_euclid(step) * step;
                let first = NaiveDate::from_ymd_opt(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1)?;
                first.and_hms_opt(0, 0, 0)
            }
        }
    }

    fn next(self, moment: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Seconds(step) => moment.checked_add_signed(TimeDelta::seconds(step)),
            Self::Months(step) => moment.checked_add_months(Months::new(step)),
        }
    }
}

/// Beginnings of years, months, days, .. in the range of milliseconds.
pub(crate) fn times(domain: Domain) -> Vec<(f64, String)> {
    let wanted = (domain.high - domain.low) / 1000.0 / TICKS;
    let coarse = nice_step(wanted / (12.0 * MONTH)).clamp(5.0, 10_000.0) as u32 * 12;
    let (step, pattern) =
        STEPS.into_iter().find(|(step, _)| step.seconds() >= wanted).unwrap_or((Step::Months(coarse), "%Y"));
    let start = DateTime::from_timestamp_millis(domain.low as i64).and_then(|moment| step.floor(moment.naive_utc()));
    let ticks = std::iter::successors(start, |moment| step.next(*moment))
        .map(|moment| (moment.and_utc().timestamp_millis() as f64, moment.format(pattern).to_string()));
    ticks.skip_while(|(at, _)| *at < domain.low).take_while(|(at, _)| *at <= domain.high).collect()
}
