//! The parts of a whole.

use aerostat_error::{Error, Result, counted};

use crate::format::grouped;
use crate::palette::COLORS;
use crate::rows::{self, Rows};

/// Labels and values, in the order of the rows; many small parts are one.
pub(crate) fn slices(rows: &Rows<'_>, notes: &mut Vec<String>) -> Result<Vec<(String, f64)>> {
    let column = rows.x.ok_or_else(|| Error::invalid_argument("`pie` needs a column of categories"))?;
    let (names, places) = rows::categories(column);
    let values = rows.y.first().map(|(_, values)| values.as_slice()).unwrap_or_default();
    let mut slices: Vec<(String, f64)> = names.into_iter().map(|name| (name, 0.0)).collect();
    for (place, value) in places.into_iter().zip(values) {
        slices[place].1 += value.unwrap_or(0.0);
    }
    if let Some((name, value)) = slices.iter().find(|(_, value)| *value < 0.0) {
        return Err(Error::invalid_argument(format!("a pie cannot show the negative value {value} of `{name}`"))
            .with_hint("draw bars instead"));
    }
    slices.retain(|(_, value)| *value > 0.0);
    if rows.counted > rows.len {
        notes.push(format!("sums of {}", counted(rows.counted, "row")));
    }
    Ok(together(slices, notes))
}

/// Leaves no more slices than there are colours: the smallest become one, in the end.
fn together(slices: Vec<(String, f64)>, notes: &mut Vec<String>) -> Vec<(String, f64)> {
    if slices.len() <= COLORS.len() {
        return slices;
    }
    let mut sizes: Vec<f64> = slices.iter().map(|(_, value)| *value).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let least = sizes[COLORS.len() - 2];
    let (mut large, small): (Vec<_>, Vec<_>) = slices.into_iter().partition(|(_, value)| *value >= least);
    // Of several slices as large as the smallest that has a colour, some may have to go as well.
    let rest: Vec<(String, f64)> = large.drain((COLORS.len() - 1).min(large.len())..).chain(small).collect();
    notes.push(format!("the {} smallest are one slice", grouped(rest.len() as f64, 0)));
    large.push((format!("{} others", grouped(rest.len() as f64, 0)), rest.iter().map(|(_, value)| value).sum()));
    large
}
