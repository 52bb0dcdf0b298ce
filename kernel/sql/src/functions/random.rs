//! `randstr(length, seed)`: texts of letters and digits drawn by lot.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

use super::limit;

const CHARACTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `_randstr(length, seed)`; with the same seed, the same texts.
pub(super) fn function() -> ScalarUDF {
    let both = vec![TypeSignature::Exact(vec![DataType::Int64, DataType::Int64])];
    ScalarUDF::new_from_impl(RandomText { signature: Signature::one_of(both, Volatility::Volatile) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct RandomText {
    signature: Signature,
}

impl ScalarUDFImpl for RandomText {
    fn name(&self) -> &str {
        "_randstr"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let numbers =
            args.args.iter().map(|arg| arg.clone().into_array(args.number_rows)).collect::<Result<Vec<_>>>()?;
        let (lengths, seeds) = (numbers[0].as_primitive::<Int64Type>(), numbers[1].as_primitive::<Int64Type>());
        let seed = match seeds.iter().flatten().next() {
            Some(seed) => seed.cast_unsigned(),
            None => RandomState::new().build_hasher().finish(),
        };
        let mut lots = Lots(seed);
        let texts = (0..lengths.len()).map(|row| match lengths.is_valid(row).then(|| lengths.value(row)) {
            None => Ok(None),
            Some(length @ 0..) => {
                limit::check(usize::try_from(length).unwrap_or(usize::MAX))?;
                Ok(Some((0..length).map(|_| char::from(CHARACTERS[lots.below(CHARACTERS.len())])).collect::<String>()))
            }
            Some(length) => exec_err!("a text cannot have {length} characters"),
        });
        let texts: ArrayRef = Arc::new(texts.collect::<Result<StringArray>>()?);
        Ok(ColumnarValue::Array(texts))
    }
}

/// Numbers that look drawn by lot: the generator known as SplitMix64.
struct Lots(u64);

impl Lots {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
