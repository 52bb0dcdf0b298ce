//! Methods of strings and characters.

use aerostat_error::{Error, Result};

use super::{Table, methods, run};
use crate::convert::{Dynamic, Needle, TypeName};
use crate::generic::{Seq, Typed};
use crate::iter::Iter;
use crate::ops::{self, panic};
use crate::value::{Value, limit};

fn texts<'t>(parts: impl Iterator<Item = &'t str>) -> Typed<Seq<String>> {
    run(Iter::items(parts.map(Value::str).collect()))
}

fn pair<'t>(parts: Option<(&'t str, &'t str)>) -> Option<(String, String)> {
    parts.map(|(a, b)| (a.to_owned(), b.to_owned()))
}

/// An error like Rust's panic if there is no character at a byte.
fn boundary(text: &str, at: usize) -> Result<()> {
    match text.is_char_boundary(at) {
        true => Ok(()),
        false => Err(panic(format!("byte {at} is not the beginning of a character of a text of {} bytes", text.len()))),
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_callables(methods! {
        #[pure] String as String {
            /// The length in bytes.
            fn len() -> usize = |this| this.len();
            /// Whether there is no text.
            fn is_empty() -> bool = |this| this.is_empty();
            /// The same text: strings of every kind are one type in cells.
            fn as_str() -> String = |this| this;
            /// Lower case.
            fn to_lowercase() -> String = |this| this.to_lowercase();
            /// Upper case.
            fn to_uppercase() -> String = |this| this.to_uppercase();
            /// Lower case of ASCII letters.
            fn to_ascii_lowercase() -> String = |this| this.to_ascii_lowercase();
            /// Upper case of ASCII letters.
            fn to_ascii_uppercase() -> String = |this| this.to_ascii_uppercase();
            /// Whether two texts are equal but for the case of ASCII letters.
            fn eq_ignore_ascii_case(other: String) -> bool = |this| this.eq_ignore_ascii_case(&other);
            /// Without white space at both ends.
            fn trim() -> String = |this| this.trim().to_owned();
            /// Without white space at the beginning.
            fn trim_start() -> String = |this| this.trim_start().to_owned();
            /// Without white space at the end.
            fn trim_end() -> String = |this| this.trim_end().to_owned();
            /// Without every repetition of a text at the beginning.
            fn trim_start_matches(pattern: Needle) -> String = |this| this.trim_start_matches(&*pattern).to_owned();
            /// Without every repetition of a text at the end.
            fn trim_end_matches(pattern: Needle) -> String = |this| this.trim_end_matches(&*pattern).to_owned();
            /// Without a text at the beginning, if it is there.
            fn strip_prefix(prefix: Needle) -> Option<String> = |this| this.strip_prefix(&*prefix).map(str::to_owned);
            /// Without a text at the end, if it is there.
            fn strip_suffix(suffix: Needle) -> Option<String> = |this| this.strip_suffix(&*suffix).map(str::to_owned);
            /// Whether it contains a text.
            fn contains(pattern: Needle) -> bool = |this| this.contains(&pattern);
            /// Whether it begins with a text.
            fn starts_with(pattern: Needle) -> bool = |this| this.starts_with(&pattern);
            /// Whether it ends with a text.
            fn ends_with(pattern: Needle) -> bool = |this| this.ends_with(&pattern);
            /// The byte position of a text.
            fn find(pattern: Needle) -> Option<usize> = |this| this.find(&pattern);
            /// The byte position of the last occurrence of a text.
            fn rfind(pattern: Needle) -> Option<usize> = |this| this.rfind(&*pattern);
            /// With every occurrence of a text replaced.
            fn replace(from: Needle, to: String) -> String = |this| this.replace(&from, &to);
            /// With the first `count` occurrences of a text replaced.
            fn replacen(from: Needle, to: String, count: usize) -> String = |this| this.replacen(&from, &to, count);
            /// The text repeated.
            fn repeat(n: usize) -> String = |this| {
                limit(this.len().saturating_mul(n))?;
                this.repeat(n)
            };
            /// The parts between separators.
            fn split(separator: Needle) -> Typed<Seq<String>> = |this| texts(this.split(&separator));
            /// The parts between separators, from back to front.
            fn rsplit(separator: Needle) -> Typed<Seq<String>> = |this| texts(this.rsplit(&*separator));
            /// At most `n` parts between separators.
            fn splitn(n: usize, separator: Needle) -> Typed<Seq<String>> = |this| texts(this.splitn(n, &separator));
            /// At most `n` parts between separators, from back to front.
            fn rsplitn(n: usize, separator: Needle) -> Typed<Seq<String>> = |this| texts(this.rsplitn(n, &*separator));
            /// The parts before and after the first separator.
            fn split_once(separator: Needle) -> Option<(String, String)> = |this| pair(this.split_once(&separator));
            /// The parts before and after the last separator.
            fn rsplit_once(separator: Needle) -> Option<(String, String)> = |this| pair(this.rsplit_once(&*separator));
            /// The parts before and after a byte.
            fn split_at(at: usize) -> (String, String) = |this| {
                boundary(&this, at)?;
                (this[..at].to_owned(), this[at..].to_owned())
            };
            /// The parts between separators, without an empty one at the end.
            fn split_terminator(separator: Needle) -> Typed<Seq<String>> = |this| texts(this.split_terminator(&separator));
            /// The parts between white space.
            fn split_whitespace() -> Typed<Seq<String>> = |this| texts(this.split_whitespace());
            /// The lines.
            fn lines() -> Typed<Seq<String>> = |this| texts(this.lines());
            /// Every occurrence of a text.
            fn matches(pattern: Needle) -> Typed<Seq<String>> = |this| texts(this.matches(&pattern));
            /// The characters.
            fn chars() -> Typed<Seq<char>> = |this| run(Iter::items(this.chars().map(Value::Char).collect()));
            /// The characters with their byte positions.
            fn char_indices() -> Typed<Seq<(usize, char)>> = |this| run(Iter::items(
                this.char_indices().map(|(at, c)| Value::Tuple(vec![crate::eval::count(at), Value::Char(c)])).collect(),
            ));
            /// The bytes.
            fn bytes() -> Typed<Seq<u8>> = |this| run(Iter::items(
                this.bytes().map(|byte| Value::Int(byte.into(), crate::ty::IntTy::U8)).collect(),
            ));
            /// The bytes.
            fn as_bytes() -> Vec<u8> = |this| this.into_bytes();
            /// Whether all characters are ASCII.
            fn is_ascii() -> bool = |this| this.is_ascii();
            /// Whether a byte is the beginning of a character.
            fn is_char_boundary(at: usize) -> bool = |this| this.is_char_boundary(at);
            /// A part by bytes, if there is one.
            fn get(range: crate::generic::Span) -> Option<String> = |this| match range {
                Value::Range(start, end, _) => {
                    let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
                    bounds.and_then(|(start, end)| this.get(start..end)).map(str::to_owned)
                }
                _ => return Err(crate::value::mismatch("Range")),
            };
            /// The number that the text stands for: `text.parse::<i64>()?`.
            fn parse(as_type: TypeName) -> Result<Dynamic> = |this| ops::parse(&this, &as_type).map(Dynamic);
            /// Appends a text.
            mut fn push_str(text: String) -> () = |this| this.push_str(&text);
            /// Appends a character.
            mut fn push(character: char) -> () = |this| this.push(character);
            /// Takes the last character off.
            mut fn pop() -> Option<char> = |this| this.pop();
            /// Inserts a character at a byte.
            mut fn insert(at: usize, character: char) -> () = |this| {
                boundary(&this, at)?;
                this.insert(at, character);
            };
            /// Inserts a text at a byte.
            mut fn insert_str(at: usize, text: String) -> () = |this| {
                boundary(&this, at)?;
                this.insert_str(at, &text);
            };
            /// Takes the character at a byte out.
            mut fn remove(at: usize) -> char = |this| {
                boundary(&this, at)?;
                match this[at..].chars().next() {
                    Some(_) => this.remove(at),
                    None => return Err(panic("cannot remove a char from the end of a string")),
                }
            };
            /// Cuts the text off at a byte.
            mut fn truncate(len: usize) -> () = |this| if len <= this.len() {
                boundary(&this, len)?;
                this.truncate(len);
            };
            /// Removes all text.
            mut fn clear() -> () = |this| this.clear();
        }
        #[pure] char {
            /// Whether it is a letter.
            fn is_alphabetic() -> bool = |this| this.is_alphabetic();
            /// Whether it is a letter or a digit.
            fn is_alphanumeric() -> bool = |this| this.is_alphanumeric();
            /// Whether it is a number.
            fn is_numeric() -> bool = |this| this.is_numeric();
            /// Whether it is a digit in a radix.
            fn is_digit(radix: u32) -> bool = |this| this.is_digit(checked_radix(radix)?);
            /// Whether it is white space.
            fn is_whitespace() -> bool = |this| this.is_whitespace();
            /// Whether it is an upper case letter.
            fn is_uppercase() -> bool = |this| this.is_uppercase();
            /// Whether it is a lower case letter.
            fn is_lowercase() -> bool = |this| this.is_lowercase();
            /// Whether it is a control character.
            fn is_control() -> bool = |this| this.is_control();
            /// Whether it is ASCII.
            fn is_ascii() -> bool = |this| this.is_ascii();
            /// Whether it is an ASCII digit.
            fn is_ascii_digit() -> bool = |this| this.is_ascii_digit();
            /// Whether it is an ASCII letter.
            fn is_ascii_alphabetic() -> bool = |this| this.is_ascii_alphabetic();
            /// Whether it is an ASCII letter or digit.
            fn is_ascii_alphanumeric() -> bool = |this| this.is_ascii_alphanumeric();
            /// Whether it is an upper case ASCII letter.
            fn is_ascii_uppercase() -> bool = |this| this.is_ascii_uppercase();
            /// Whether it is a lower case ASCII letter.
            fn is_ascii_lowercase() -> bool = |this| this.is_ascii_lowercase();
            /// Whether it is ASCII punctuation.
            fn is_ascii_punctuation() -> bool = |this| this.is_ascii_punctuation();
            /// The value of a digit in a radix.
            fn to_digit(radix: u32) -> Option<u32> = |this| this.to_digit(checked_radix(radix)?);
            /// Upper case, if it is ASCII.
            fn to_ascii_uppercase() -> char = |this| this.to_ascii_uppercase();
            /// Lower case, if it is ASCII.
            fn to_ascii_lowercase() -> char = |this| this.to_ascii_lowercase();
            /// The characters of its upper case.
            fn to_uppercase() -> Typed<Seq<char>> = |this| run(Iter::items(this.to_uppercase().map(Value::Char).collect()));
            /// The characters of its lower case.
            fn to_lowercase() -> Typed<Seq<char>> = |this| run(Iter::items(this.to_lowercase().map(Value::Char).collect()));
            /// How many bytes it takes in a string.
            fn len_utf8() -> usize = |this| this.len_utf8();
            /// Whether two characters are equal but for the case of ASCII letters.
            fn eq_ignore_ascii_case(other: char) -> bool = |this| this.eq_ignore_ascii_case(&other);
        }
    });
}

fn checked_radix(radix: u32) -> Result<u32, Error> {
    match (2..=36).contains(&radix) {
        true => Ok(radix),
        false => Err(panic("a radix is between 2 and 36")),
    }
}
