//! The range of an axis, and where a value lies in it.

use crate::ticks::nice_step;

/// From the smallest to the largest value that an axis shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Domain {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// How many ticks an axis has, about.
pub(crate) const TICKS: f64 = 6.0;

impl Domain {
    /// The range of the values; `None` if there are none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        values.into_iter().fold(None, |domain: Option<Self>, value| match domain {
            None => Some(Self { low: value, high: value }),
            Some(Self { low, high }) => Some(Self { low: low.min(value), high: high.max(value) }),
        })
    }

    /// The range with 0 in it.
    pub(crate) fn with_zero(self) -> Self {
        Self { low: self.low.min(0.0), high: self.high.max(0.0) }
    }

    /// The range with 0 in it, unless all values are far from it.
    pub(crate) fn with_zero_if_near(self) -> Self {
        let (least, most) = (self.low.abs().min(self.high.abs()), self.low.abs().max(self.high.abs()));
        if self.low * self.high > 0.0 && least > most / 3.0 { self } else { self.with_zero() }
    }

    /// The range between round numbers; one value gets room around it.
    pub(crate) fn nice(self) -> Self {
        let Self { low, high } = self.widened();
        let step = nice_step((high - low) / TICKS);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step }
    }

    /// A range that is not a point.
    pub(crate) fn widened(self) -> Self {
        if self.high > self.low {
            return self;
        }
        let room = if self.low == 0.0 { 1.0 } else { self.low.abs() / 10.0 };
        Self { low: self.low - room, high: self.high + room }
    }

    /// Where the value lies: 0 at the low end, 1 at the high end.
    pub(crate) fn part(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// Whether the numbers of a range are years, as far as anybody can tell: those are written without a comma.
pub(crate) fn are_years(domain: Domain) -> bool {
    domain.low >= 1000.0 && domain.high < 10_000.0
}
