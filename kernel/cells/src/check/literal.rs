//! Literals, and the constants of number types.

use aerostat_error::{Error, Kind, Result, Span};

use super::finish::Waiting;
use super::infer::Class;
use super::{Checker, unsupported};
use crate::node::Node;
use crate::ty::{IntTy, Ty};
use crate::value::Value;

impl Checker<'_> {
    pub(super) fn literal(&mut self, literal: &syn::Lit, expected: Option<&Ty>, span: Span) -> Result<Node> {
        match literal {
            syn::Lit::Str(text) => Ok(Node::constant(Value::str(text.value()), Ty::Str, span)),
            syn::Lit::Char(c) => Ok(Node::constant(Value::Char(c.value()), Ty::Char, span)),
            syn::Lit::Bool(b) => Ok(Node::constant(Value::Bool(b.value), Ty::Bool, span)),
            syn::Lit::Byte(byte) => {
                Ok(Node::constant(Value::Int(byte.value().into(), IntTy::U8), Ty::Int(IntTy::U8), span))
            }
            syn::Lit::ByteStr(bytes) => {
                let bytes = bytes.value().into_iter().map(|byte| Value::Int(byte.into(), IntTy::U8));
                Ok(Node::constant(Value::vec(bytes.collect()), Ty::vec(Ty::Int(IntTy::U8)), span))
            }
            syn::Lit::Int(int) => self.int_literal(int.base10_digits(), int.suffix(), expected, span),
            syn::Lit::Float(float) => self.float_literal(float.base10_digits(), float.suffix(), expected, span),
            _ => Err(unsupported("this literal", span)),
        }
    }

    /// An integer; `digits` may begin with `-`.
    pub(super) fn int_literal(
        &mut self,
        digits: &str,
        suffix: &str,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Node> {
        if suffix == "f64" || suffix == "f32" {
            return self.float_literal(digits, suffix, None, span);
        }
        if suffix == "u128" {
            return Err(unsupported("the type `u128`", span));
        }
        let invalid =
            |ty: &str| Error::new(Kind::TypeMismatch, format!("literal out of range for `{ty}`")).with_span(span);
        let value: i128 = digits.parse().map_err(|_| invalid("i128"))?;
        let int = match (IntTy::parse(suffix), expected.map(|ty| self.shallow(ty))) {
            (Some(int), _) => int,
            (None, _) if !suffix.is_empty() => {
                return Err(Error::new(Kind::Syntax, format!("invalid suffix `{suffix}` for a number")).with_span(span));
            }
            (None, Some(Ty::Int(int))) => int,
            _ => {
                let ty = self.infer.fresh(Class::Int);
                return Ok(self.defer(Waiting::Int(value), ty, span));
            }
        };
        match int.holds(value) {
            true => Ok(Node::constant(Value::Int(value, int), Ty::Int(int), span)),
            false => Err(invalid(int.name())),
        }
    }

    pub(super) fn float_literal(
        &mut self,
        digits: &str,
        suffix: &str,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Node> {
        let invalid = || Error::new(Kind::Syntax, format!("`{digits}` is not a number")).with_span(span);
        let value: f64 = digits.parse().map_err(|_| invalid())?;
        let single = || digits.parse().map(Value::F32).map_err(|_| invalid());
        match (suffix, expected.map(|ty| self.shallow(ty))) {
            ("f32", _) | ("", Some(Ty::F32)) => Ok(Node::constant(single()?, Ty::F32, span)),
            ("f64", _) | ("", Some(Ty::F64)) => Ok(Node::constant(Value::F64(value), Ty::F64, span)),
            ("", _) => {
                let ty = self.infer.fresh(Class::Float);
                Ok(self.defer(Waiting::Float(value), ty, span))
            }
            _ => Err(Error::new(Kind::Syntax, format!("invalid suffix `{suffix}` for a number")).with_span(span)),
        }
    }
}

/// `f64::NAN`, `i64::MAX`, `std::f64::consts::PI` and the like.
pub(super) fn number_constant(owner: Option<&str>, name: &str, span: Span) -> Option<Node> {
    let owner = owner?;
    if let Some(int) = IntTy::parse(owner) {
        let (low, high) = int.range();
        let (value, ty) = match name {
            "MAX" => (high, int),
            "MIN" => (low, int),
            "BITS" => (int.bits().into(), IntTy::U32),
            _ => return None,
        };
        return Some(Node::constant(Value::Int(value, ty), Ty::Int(ty), span));
    }
    macro_rules! floats {
        ($wrap:ident, $module:ident, $($constant:ident),*) => {
            match name {
                "NAN" => Some($module::NAN),
                "INFINITY" => Some($module::INFINITY),
                "NEG_INFINITY" => Some($module::NEG_INFINITY),
                "MAX" => Some($module::MAX),
                "MIN" => Some($module::MIN),
                "MIN_POSITIVE" => Some($module::MIN_POSITIVE),
                "EPSILON" => Some($module::EPSILON),
                $(stringify!($constant) => Some(std::$module::consts::$constant),)*
                _ => None,
            }
            .map(Value::$wrap)
        };
    }
    let (value, ty) = match owner {
        // `consts` is a module of both; cells take that of `f64`.
        "f64" | "consts" => (floats!(F64, f64, PI, TAU, E, LN_2, LN_10, SQRT_2, FRAC_PI_2, FRAC_PI_4), Ty::F64),
        "f32" => (floats!(F32, f32,), Ty::F32),
        "char" if name == "MAX" => (Some(Value::Char(char::MAX)), Ty::Char),
        _ => return None,
    };
    value.map(|value| Node::constant(value, ty, span))
}
