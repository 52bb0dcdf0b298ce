//! The figures of one indicator in one country: what the World Bank publishes as a row, and here is a line for each year.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::YEARS;
use super::indicators::{Indicator, Measure};

/// The part of the countries for which an indicator has no figures at all.
const SILENT: f64 = 0.02;
/// The part of the figures that were estimated, and are given with one decimal.
const ESTIMATED: f64 = 0.1;
/// The part of the years in which something happens: a war, a boom.
const UPHEAVALS: f64 = 0.015;

/// One figure a year; `0` where there is none.
pub(super) type Series = [f32; YEARS];

/// Draws the figures. Every country and indicator has a generator of its own, so that none depends on the others, on their
/// number, or on the order in which they are written.
pub(super) fn draw(seed: u64, country: usize, indicator: usize, of: &Indicator) -> Series {
    let own = (country as u64) << 32 | indicator as u64;
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ own.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut series = [0.0; YEARS];
    if of.coverage < 1.0 && rng.random_bool(SILENT) {
        return series;
    }
    // Figures begin some year and then go on, with some years left out where they are rare.
    let begin = ((1.0 - of.coverage).max(0.0) * YEARS as f64 * rng.random_range(0.0..1.6)) as usize;
    let known = if of.coverage < 0.5 { 0.6 } else { 0.995 };
    let mut level = Level::new(of.measure, &mut rng);
    for value in series.iter_mut().skip(begin) {
        let next = level.next(&mut rng);
        let rounded = if rng.random_bool(ESTIMATED) { (next * 10.0).round() / 10.0 } else { next };
        if of.coverage >= 1.0 || rng.random_bool(known) {
            *value = rounded as f32;
        }
    }
    series
}

/// How a measure moves from year to year.
enum Level {
    /// Around a mean that is the country's own.
    Around { mean: f64, spread: f64 },
    /// Between 0 and 100, slowly.
    Between { odds: f64 },
    /// Upwards, most of the time.
    Rising { level: f64, pace: f64 },
    /// Slowly to either side.
    Drifting { level: f64 },
}

impl Level {
    fn new(measure: Measure, rng: &mut ChaCha8Rng) -> Self {
        match measure {
            Measure::Growth { mean, spread } => Self::Around { mean: mean + normal(rng) * spread / 5.0, spread },
            Measure::Share { mean } => Self::Between { odds: (mean / (100.0 - mean)).ln() + 0.9 * normal(rng) },
            Measure::Size { median } => {
                Self::Rising { level: median * (2.0 * normal(rng)).exp(), pace: 0.01 + 0.02 * rng.random::<f64>() }
            }
            Measure::Rate { median, spread } => Self::Drifting { level: median * (spread * normal(rng)).exp() },
        }
    }

    fn next(&mut self, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Around { mean, spread } => {
                let size = if rng.random_bool(UPHEAVALS) { 3.0 } else { 0.8 };
                *mean + size * *spread * normal(rng)
            }
            Self::Between { odds } => {
                *odds += 0.05 * normal(rng);
                100.0 / (1.0 + (-*odds).exp())
            }
            Self::Rising { level, pace } => {
                *level *= (*pace + 0.02 * normal(rng)).exp();
                *level
            }
            Self::Drifting { level } => {
                *level *= (0.02 * normal(rng)).exp();
                *level
            }
        }
    }
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    rng.sample(StandardNormal)
}
