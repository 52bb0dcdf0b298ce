//! The distributions from which everything is drawn.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// Parts of a whole, in order.
pub struct Shares {
    /// Where each part ends when the whole is 1.
    ends: Vec<f64>,
}

impl Shares {
    pub fn new(parts: impl IntoIterator<Item = f64>) -> Shares {
        let mut sum = 0.0;
        let mut ends: Vec<f64> = Vec::new();
        for part in parts {
            sum += part;
            ends.push(sum);
        }
        ends.iter_mut().for_each(|end| *end /= sum);
        Shares { ends }
    }

    /// The index of the part in which `position` lies and how far into that part it lies, which is at least 0 and below 1.
    pub fn locate(&self, position: f64) -> (usize, f64) {
        let index = self.ends.partition_point(|&end| end <= position).min(self.ends.len() - 1);
        let start = if index == 0 { 0.0 } else { self.ends[index - 1] };
        let inside = (position - start) / (self.ends[index] - start);
        (index, inside.clamp(0.0, 1.0 - f64::EPSILON))
    }

    /// Draws the index of a part, each as often as it is large.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> usize {
        self.locate(rng.random()).0
    }
}

/// A positive number, half of the time below `median`, with a tail that grows with `spread`.
pub fn log_normal(rng: &mut ChaCha8Rng, median: f64, spread: f64) -> f64 {
    let normal: f64 = rng.sample(StandardNormal);
    median * (spread * normal).exp()
}

/// A number from 1 up with the given mean, each next one less probable by the same factor.
pub fn geometric(rng: &mut ChaCha8Rng, mean: f64) -> i64 {
    let miss: f64 = 1.0 - 1.0 / mean;
    let uniform: f64 = rng.random();
    1 + ((1.0 - uniform).ln() / miss.ln()) as i64
}
