//! Signatures: HMAC-SHA256 over the four JSON frames, in lower-case hexadecimal.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Signs and verifies messages with the key of the connection file.
#[derive(Clone)]
pub struct Signer(Option<Hmac<Sha256>>);

impl Signer {
    /// A signer with `key`. An empty key switches signatures off, as the protocol has it.
    pub fn new(key: &[u8]) -> Self {
        // An HMAC takes a key of any length, so the error of `new_from_slice` cannot occur.
        Self((!key.is_empty()).then(|| Hmac::new_from_slice(key).ok()).flatten())
    }

    /// The signature of `frames`, as the bytes of its hexadecimal digits.
    pub fn sign<F: AsRef<[u8]>>(&self, frames: &[F]) -> Vec<u8> {
        self.digest(frames).map_or_else(Vec::new, |mac| hex(&mac.finalize().into_bytes()))
    }

    /// Whether `signature` is that of `frames`; takes the same time wherever they differ.
    pub fn verify<F: AsRef<[u8]>>(&self, frames: &[F], signature: &[u8]) -> bool {
        match self.digest(frames) {
            Some(mac) => unhex(signature).is_some_and(|signature| mac.verify_slice(&signature).is_ok()),
            None => true,
        }
    }

    fn digest<F: AsRef<[u8]>>(&self, frames: &[F]) -> Option<Hmac<Sha256>> {
        let mut mac = self.0.clone()?;
        frames.iter().for_each(|frame| mac.update(frame.as_ref()));
        Some(mac)
    }
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then_some(())?;
    pairs.map(|pair| Some(value(pair[0])? << 4 | value(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2; the text is cut into frames, which must not matter.
    #[test]
    fn signs_as_the_standard_says() {
        let signer = Signer::new(b"Jefe");
        let frames = ["what do ya want ", "for ", "", "nothing?"];
        let expected = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signer.sign(&frames), expected);
        assert!(signer.verify(&frames, expected));
        assert!(signer.verify(&frames, &expected.to_ascii_uppercase()));
    }

    #[test]
    fn refuses_what_is_not_the_signature() {
        let signer = Signer::new(b"key");
        let good = signer.sign(&["a", "b"]);
        assert!(!signer.verify(&["a", "c"], &good));
        assert!(!signer.verify(&["a", "b"], &good[..good.len() - 1]));
        assert!(!signer.verify(&["a", "b"], &good[..good.len() - 2]));
        assert!(!signer.verify(&["a", "b"], b""));
        assert!(!signer.verify(&["a", "b"], "ü".repeat(32).as_bytes()));
    }

    #[test]
    fn an_empty_key_switches_signatures_off() {
        let signer = Signer::new(b"");
        assert!(signer.sign(&["a"]).is_empty());
        assert!(signer.verify(&["a"], b"anything"));
    }
}
