//! `skewness` and `kurtosis`: aggregates of the third and fourth central moments.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};

/// Which figure of the moments is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Figure {
    Skewness,
    Kurtosis,
}

/// The aggregates.
pub(super) fn functions() -> Vec<AggregateUDF> {
    let signature = || Signature::exact(vec![DataType::Float64], Volatility::Immutable);
    [Figure::Skewness, Figure::Kurtosis]
        .map(|figure| AggregateUDF::new_from_impl(Moments { figure, signature: signature() }))
        .into()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Moments {
    figure: Figure,
    signature: Signature,
}

impl AggregateUDFImpl for Moments {
    fn name(&self) -> &str {
        match self.figure {
            Figure::Skewness => "skewness",
            Figure::Kurtosis => "kurtosis",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, _args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(State { figure: self.figure, sums: [0.0; 5] }))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let field = |at: usize| Arc::new(Field::new(format!("{}[{at}]", args.name), DataType::Float64, false));
        Ok((0..5).map(field).collect())
    }
}

/// Count, mean, and the sums of the second to fourth powers of the distances from the mean.
#[derive(Debug)]
struct State {
    figure: Figure,
    sums: [f64; 5],
}

impl State {
    /// Joins two sets of values by their moments (Chan, Golub and LeVeque; higher orders by Pébay).
    fn merge(&mut self, other: [f64; 5]) {
        let [na, mean_a, a2, a3, a4] = self.sums;
        let [nb, mean_b, b2, b3, b4] = other;
        let n = na + nb;
        if nb == 0.0 {
            return;
        }
        let delta = mean_b - mean_a;
        let (d2, d3) = (delta * delta, delta * delta * delta);
        let m2 = a2 + b2 + d2 * na * nb / n;
        let m3 = a3 + b3 + d3 * na * nb * (na - nb) / (n * n) + 3.0 * delta * (na * b2 - nb * a2) / n;
        let m4 = a4
            + b4
            + d3 * delta * na * nb * (na * na - na * nb + nb * nb) / (n * n * n)
            + 6.0 * d2 * (na * na * b2 + nb * nb * a2) / (n * n)
            + 4.0 * delta * (na * b3 - nb * a3) / n;
        self.sums = [n, mean_a + delta * nb / n, m2, m3, m4];
    }
}

impl Accumulator for State {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for value in values[0].as_primitive::<Float64Type>().iter().flatten() {
            self.merge([1.0, value, 0.0, 0.0, 0.0]);
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let columns: Vec<_> = states.iter().map(|state| state.as_primitive::<Float64Type>()).collect();
        for row in 0..states[0].len() {
            self.merge(std::array::from_fn(|at| columns[at].value(row)));
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(self.sums.map(|sum| ScalarValue::Float64(Some(sum))).into())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let [n, _, m2, m3, m4] = self.sums;
        Ok(ScalarValue::Float64(match self.figure {
            _ if n == 0.0 || m2 == 0.0 => None,
            Figure::Skewness => Some(n.sqrt() * m3 / m2.powf(1.5)),
            Figure::Kurtosis => Some(n * m4 / (m2 * m2) - 3.0),
        }))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
