//! Java's patterns for dates and times (`yyyy-MM-dd HH:mm:ss`), to format and to parse with.

use aerostat_session::zone::Zone;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::instant::{micros_of_time, time_of_micros};

/// A part of a pattern: a letter so many times in a row, or text that stands for itself.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Field(char, usize),
    Text(String),
}

/// A pattern that has been taken apart.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    items: Vec<Item>,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The letters that mean something here.
const FIELDS: &str = "yuMLdDHhkKmsSaEQqXxZzVnG";

impl Pattern {
    /// Takes a pattern apart; the error says what of it is not supported.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut items = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\'' if chars.next_if_eq(&'\'').is_some() => push_text(&mut items, "'"),
                '\'' => {
                    let quoted: String = chars.by_ref().take_while(|c| *c != '\'').collect();
                    push_text(&mut items, &quoted);
                }
                '[' | ']' => {}
                c if c.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while chars.next_if_eq(&c).is_some() {
                        count += 1;
                    }
                    if !FIELDS.contains(c) {
                        return Err(format!("the letter `{c}` of the pattern `{text}` is not supported"));
                    }
                    items.push(Item::Field(c, count));
                }
                c => push_text(&mut items, c.encode_utf8(&mut [0; 4])),
            }
        }
        Ok(Self { items })
    }

    /// An instant in the form of the pattern, by the wall clock of the zone.
    pub(super) fn format(&self, micros: i64, zone: Zone) -> Option<String> {
        let (instant, local) = (time_of_micros(micros)?, time_of_micros(zone.local(micros)?)?);
        Some(self.items.iter().map(|item| item.format(local, || (zone, instant))).collect())
    }

    /// The instant that a text says in the form of the pattern, in the zone unless it names one. What the pattern leaves
    /// out is the first of its kind.
    pub(super) fn parse(&self, text: &str, zone: Zone) -> Option<i64> {
        let mut parsed = Parsed::default();
        let mut rest = text;
        for (at, item) in self.items.iter().enumerate() {
            // A number ends where the next begins, if nothing stands between the two.
            let adjacent = matches!(self.items.get(at + 1), Some(Item::Field(..)));
            rest = item.parse(rest, adjacent, &mut parsed)?;
        }
        let time = if rest.is_empty() { parsed.time()? } else { return None };
        parsed.zone.unwrap_or(zone).instant(micros_of_time(time))
    }
}

fn push_text(items: &mut Vec<Item>, text: &str) {
    match items.last_mut() {
        Some(Item::Text(last)) => last.push_str(text),
        _ => items.push(Item::Text(text.to_owned())),
    }
}

impl Item {
    fn format(&self, time: NaiveDateTime, zoned: impl Fn() -> (Zone, NaiveDateTime)) -> String {
        let Item::Field(field, count) = self else {
            return match self {
                Item::Text(text) => text.clone(),
                Item::Field(..) => String::new(),
            };
        };
        let number = |value: u32| format!("{value:0count$}");
        let hour12 = if time.hour().is_multiple_of(12) { 12 } else { time.hour() % 12 };
        let quarter = time.month0() / 3 + 1;
        match (*field, *count) {
            ('y' | 'u', 2) => format!("{:02}", time.year().rem_euclid(100)),
            ('y' | 'u', _) => format!("{:0count$}", time.year()),
            ('M' | 'L', 3) => MONTHS[time.month0() as usize][..3].to_owned(),
            ('M' | 'L', 4..) => MONTHS[time.month0() as usize].to_owned(),
            ('M' | 'L', _) => number(time.month()),
            ('d', _) => number(time.day()),
            ('D', _) => number(time.ordinal()),
            ('H', _) => number(time.hour()),
            ('h', _) => number(hour12),
            ('k', _) => number(if time.hour() == 0 { 24 } else { time.hour() }),
            ('K', _) => number(time.hour() % 12),
            ('m', _) => number(time.minute()),
            ('s', _) => number(time.second()),
            ('S', count) => format!("{:09}", time.nanosecond()).chars().take(count).collect(),
            ('n', _) => number(time.nanosecond()),
            ('a', _) => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
            ('E', 4..) => DAYS[time.weekday().num_days_from_monday() as usize].to_owned(),
            ('E', _) => DAYS[time.weekday().num_days_from_monday() as usize][..3].to_owned(),
            ('Q' | 'q', 3) => format!("Q{quarter}"),
            ('Q' | 'q', 4..) => format!("{} quarter", ["1st", "2nd", "3rd", "4th"][quarter as usize - 1]),
            ('Q' | 'q', _) => number(quarter),
            ('G', _) => "AD".to_owned(),
            ('X' | 'x' | 'Z', count) => {
                let (zone, instant) = zoned();
                offset_text(*field, count, zone.offset_at(instant).local_minus_utc())
            }
            ('z', _) => {
                let (zone, instant) = zoned();
                zone.abbreviation(instant)
            }
            _ => zoned().0.to_string(),
        }
    }

    /// Takes its part from the front of `text` and returns what is left.
    fn parse<'t>(&self, text: &'t str, adjacent: bool, parsed: &mut Parsed) -> Option<&'t str> {
        let (field, count) = match self {
            Item::Text(literal) => return text.strip_prefix(literal.as_str()),
            Item::Field(field, count) => (*field, *count),
        };
        let named = |names: &[&str], full: bool| {
            names.iter().enumerate().find_map(|(at, name)| {
                let name = if full { name } else { &name[..3] };
                let (head, rest) = text.split_at_checked(name.len())?;
                head.eq_ignore_ascii_case(name).then_some((at as u32, rest))
            })
        };
        let (value, rest) = match (field, count) {
            ('M' | 'L', 3..) => named(&MONTHS, count > 3).map(|(at, rest)| (at + 1, rest))?,
            ('E', _) => named(&DAYS, count > 3)?,
            ('a', _) => {
                let (half, rest) = text.split_at_checked(2)?;
                (u32::from(half.eq_ignore_ascii_case("PM")), rest)
            }
            ('S', _) => {
                let (digits, rest) = leading_digits(text, count, count)?;
                (format!("{digits:0<9}").parse().ok()?, rest)
            }
            ('X' | 'x' | 'Z' | 'z' | 'V', _) => return parsed.zone(text),
            ('y' | 'u', 2) => {
                let (digits, rest) = leading_digits(text, 2, 2)?;
                (2000 + digits.parse::<u32>().ok()?, rest)
            }
            _ => {
                let most = if adjacent || count > 1 { count.max(if adjacent { 0 } else { 2 }) } else { 9 };
                let (digits, rest) = leading_digits(text, if count > 1 { count } else { 1 }, most)?;
                (digits.parse().ok()?, rest)
            }
        };
        parsed.set(field, value);
        Some(rest)
    }
}

/// `Z`, `+02`, `+0200`, `+02:00`, by the letter and how often it comes.
fn offset_text(field: char, count: usize, seconds: i32) -> String {
    if field == 'X' && seconds == 0 {
        return "Z".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    match (field, count) {
        ('Z', 4) if seconds == 0 => "GMT".to_owned(),
        ('Z', 4) => format!("GMT{sign}{hours:02}:{minutes:02}"),
        ('Z', 5) if seconds == 0 => "Z".to_owned(),
        ('Z', 5) | ('X' | 'x', 3 | 5) => format!("{sign}{hours:02}:{minutes:02}"),
        ('X' | 'x', 1) if minutes == 0 => format!("{sign}{hours:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}"),
    }
}

fn leading_digits(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    (digits >= least).then(|| text.split_at(digits))
}

/// The fields found so far.
#[derive(Default)]
struct Parsed {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    hour: Option<u32>,
    hour12: Option<u32>,
    minute: u32,
    second: u32,
    nanos: u32,
    afternoon: bool,
    zone: Option<Zone>,
}

impl Parsed {
    fn set(&mut self, field: char, value: u32) {
        match field {
            'y' | 'u' => self.year = i32::try_from(value).ok(),
            'M' | 'L' => self.month = Some(value),
            'd' => self.day = Some(value),
            'D' => self.day_of_year = Some(value),
            'H' => self.hour = Some(value),
            'k' => self.hour = Some(value % 24),
            'h' | 'K' => self.hour12 = Some(value % 12),
            'm' => self.minute = value,
            's' => self.second = value,
            'S' | 'n' => self.nanos = value,
            'a' => self.afternoon = value == 1,
            _ => {}
        }
    }

    /// A zone's name or its distance from UTC.
    fn zone<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-' | ':');
        let end = text.find(|c| !fits(c)).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        self.zone = Some(Zone::parse(name).ok()?);
        Some(rest)
    }

    fn time(&self) -> Option<NaiveDateTime> {
        let year = self.year.unwrap_or(1970);
        let date = match self.day_of_year {
            Some(day) => NaiveDate::from_yo_opt(year, day)?,
            None => NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), self.day.unwrap_or(1))?,
        };
        let half = if self.afternoon { 12 } else { 0 };
        let hour = self.hour.or(self.hour12.map(|hour| hour + half)).unwrap_or(0);
        Some(date.and_time(NaiveTime::from_hms_nano_opt(hour, self.minute, self.second, self.nanos)?))
    }
}
