//! World Development Indicators in long form: one line for each country or group of countries, indicator and year.
//!
//! At scale 1 the size of the 2016 edition: 264 x 1,446 x 57 = 21,759,408 lines. A smaller scale has fewer indicators, of all
//! countries and years. Missing figures are 0.0, as in the text files that people passed around. Countries are real, and so
//! are the first indicators; the figures are drawn.

mod countries;
mod indicators;
mod series;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread;

use countries::{COUNTRIES, GROUPS};
use indicators::{ALL, Indicator};

/// The first and the number of the years.
const FIRST_YEAR: usize = 1960;
const YEARS: usize = 57;

/// Into how many files the lines are divided, at borders of countries.
const FILES: usize = 8;

const HEADER: &str = "year,countryName,countryCode,indicatorName,indicatorCode,indicatorValue";

/// The columns as Spark declares them.
pub const SCHEMA: &str = "year INT, countryName STRING, countryCode STRING, indicatorName STRING, indicatorCode STRING, \
                          indicatorValue FLOAT";

/// How many lines there are at a scale.
pub fn lines(scale: f64) -> usize {
    (GROUPS.len() + COUNTRIES.len()) * scaled(scale) * YEARS
}

/// Names and codes of all indicators, in the order in which a smaller scale keeps them.
pub fn indicators() -> Vec<(String, String)> {
    indicators::indicators(ALL).into_iter().map(|indicator| (indicator.name, indicator.code)).collect()
}

/// How many indicators there are at a scale: one at least.
fn scaled(scale: f64) -> usize {
    ((ALL as f64 * scale).round() as usize).clamp(1, ALL)
}

/// Writes the lines as CSV files into a folder that exists; the same `seed` gives the same bytes. Gives the files.
pub fn write_csv(folder: &Path, scale: f64, seed: u64) -> io::Result<Vec<PathBuf>> {
    let indicators = indicators::indicators(scaled(scale));
    let places: Vec<(&str, &str)> = GROUPS.into_iter().chain(COUNTRIES).collect();
    let share = places.len().div_ceil(FILES);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..FILES)
            .map(|part| {
                let path = folder.join(format!("wdi-{part}.csv"));
                let (places, indicators) = (&places, &indicators);
                scope.spawn(move || {
                    let own = (part * share)..((part + 1) * share).min(places.len());
                    write_part(&path, own.map(|at| (at, places[at])), indicators, seed)?;
                    Ok(path)
                })
            })
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap_or_else(|_| Err(io::Error::other("a writer panicked"))))
            .collect()
    })
}

fn write_part<'a>(
    path: &Path,
    places: impl Iterator<Item = (usize, (&'a str, &'a str))>,
    indicators: &[Indicator],
    seed: u64,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "{HEADER}")?;
    for (place, (code, name)) in places {
        for (number, indicator) in indicators.iter().enumerate() {
            let middle = format!(",\"{name}\",{code},\"{}\",{},", indicator.name, indicator.code);
            let series = series::draw(seed, place, number, indicator);
            for (year, value) in (FIRST_YEAR..).zip(series) {
                writeln!(out, "{year}{middle}{value:?}")?;
            }
        }
    }
    out.flush()
}
