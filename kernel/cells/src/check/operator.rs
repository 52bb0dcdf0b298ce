//! Operators.

use aerostat_error::{Error, Kind, Result, Span};

use super::{Checker, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::ops::{Arithmetic, Comparison};
use crate::ty::Ty;

impl Checker<'_> {
    pub(super) fn unary(&mut self, unary: &syn::ExprUnary, expected: Option<&Ty>, span: Span) -> Result<Node> {
        match unary.op {
            syn::UnOp::Deref(_) => self.expr(&unary.expr, expected),
            syn::UnOp::Neg(_) => {
                if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) = &*unary.expr {
                    return self.int_literal(&format!("-{}", int.base10_digits()), int.suffix(), expected, span);
                }
                let node = self.expr(&unary.expr, expected)?;
                let signed = match self.named(&node.ty) {
                    Ty::Int(int) => int.is_signed(),
                    ty => ty.is_number() || matches!(ty, Ty::Native("Expr") | Ty::Any),
                };
                match signed {
                    true => Ok(Node { ty: node.ty.clone(), kind: NodeKind::Negate(Box::new(node)), span }),
                    false => Err(no_operator("-", &self.named(&node.ty), span)),
                }
            }
            syn::UnOp::Not(_) => {
                let node = self.expr(&unary.expr, expected)?;
                match self.named(&node.ty) {
                    ty if ty == Ty::Bool
                        || ty.is_int()
                        || matches!(ty, Ty::Any | Ty::Never | Ty::Native("BooleanChunked")) =>
                    {
                        Ok(Node { ty: node.ty.clone(), kind: NodeKind::Not(Box::new(node)), span })
                    }
                    ty => {
                        let error = no_operator("!", &ty, span);
                        Err(if ty == Ty::Native("Expr") { error.with_hint("write `.not()`") } else { error })
                    }
                }
            }
            _ => Err(unsupported("this operator", span)),
        }
    }

    pub(super) fn binary(&mut self, binary: &syn::ExprBinary, expected: Option<&Ty>, span: Span) -> Result<Node> {
        use syn::BinOp;
        match binary.op {
            BinOp::And(_) | BinOp::Or(_) => {
                let left = Box::new(self.typed_expr(&binary.left, &Ty::Bool)?);
                let right = Box::new(self.typed_expr(&binary.right, &Ty::Bool)?);
                let kind = match binary.op {
                    BinOp::And(_) => NodeKind::And(left, right),
                    _ => NodeKind::Or(left, right),
                };
                Ok(Node { kind, ty: Ty::Bool, span })
            }
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
                self.comparison(binary, span)
            }
            _ => {
                let (op, assigns) = arithmetic_of(&binary.op).ok_or_else(|| unsupported("this operator", span))?;
                match assigns {
                    true => self.assign(&binary.left, Some(op), &binary.right, span),
                    false => {
                        let number = expected.filter(|ty| self.named(ty).is_number());
                        let left = self.expr(&binary.left, number)?;
                        let right = self.expr(&binary.right, Some(&left.ty))?;
                        self.arithmetic(op, left, right, span)
                    }
                }
            }
        }
    }

    /// `left op right`.
    pub(super) fn arithmetic(&mut self, op: Arithmetic, left: Node, right: Node, span: Span) -> Result<Node> {
        let ty = self.arithmetic_type(op, &left, &right, span)?;
        Ok(Node { kind: NodeKind::Arithmetic(op, Box::new(left), Box::new(right)), ty, span })
    }

    /// The type of `left op right`, if there is such an operator.
    pub(super) fn arithmetic_type(&mut self, op: Arithmetic, left: &Node, right: &Node, span: Span) -> Result<Ty> {
        let shift = matches!(op, Arithmetic::Shl | Arithmetic::Shr);
        let (a, b) = (self.named(&left.ty), self.named(&right.ty));
        if shift && a.is_int() && b.is_int() {
            return Ok(left.ty.clone());
        }
        let bitwise = shift || matches!(op, Arithmetic::BitAnd | Arithmetic::BitOr | Arithmetic::BitXor);
        // A number is brought to the type of the column, so that this cannot fail.
        if matches!(a, Ty::Native("Series" | "Column")) && b.is_number() && !bitwise {
            return Ok(a);
        }
        if let Some(ty) = calendar_type(op, &a, &b) {
            return Ok(ty);
        }
        let Some(joined) = self.infer.join(&left.ty, &right.ty) else {
            if let Some(error) = self.beyond_operator(&a, &b, span) {
                return Err(error);
            }
            let message = format!("cannot compute `{a}` {} `{b}`", op.symbol());
            return Err(Error::new(Kind::TypeMismatch, message).with_span(span).with_hint_opt(operand_hint(&a, &b)));
        };
        let ty = self.named(&joined);
        let fits = match &ty {
            Ty::Any | Ty::Never => true,
            Ty::Bool => bitwise && !shift,
            Ty::Str => op == Arithmetic::Add,
            Ty::Set(..) => bitwise && !shift || op == Arithmetic::Sub,
            Ty::Native("Expr" | "Series" | "Column") => !bitwise,
            Ty::Native("BooleanChunked") => bitwise && !shift,
            ty if ty.is_float() => !bitwise,
            ty => ty.is_int(),
        };
        if !fits {
            if let Some(error) = self.beyond_operator(&a, &b, span) {
                return Err(error);
            }
            let error = no_operator(op.symbol(), &ty, span);
            return Err(match (&ty, op) {
                (Ty::Native("Expr"), Arithmetic::BitAnd) => error.with_hint("write `.and(..)`"),
                (Ty::Native("Expr"), Arithmetic::BitOr) => error.with_hint("write `.or(..)`"),
                _ => error,
            });
        }
        // Arithmetic on columns can fail: lengths, types.
        Ok(if matches!(ty, Ty::Native("Series" | "Column")) { Ty::result(joined) } else { joined })
    }

    /// Operators of polars' and chrono's types that cells do not interpret, such as `date + Months::new(1)`.
    fn beyond_operator(&self, a: &Ty, b: &Ty, span: Span) -> Option<Error> {
        let computes =
            |ty: &Ty| matches!(ty, Ty::Native("Series" | "NaiveDate" | "NaiveDateTime" | "Selector" | "Column"));
        (computes(a) || computes(b)).then(|| unsupported(&format!("an operator between `{a}` and `{b}`"), span))
    }

    fn comparison(&mut self, binary: &syn::ExprBinary, span: Span) -> Result<Node> {
        let left = self.expr(&binary.left, None)?;
        let right = self.expr(&binary.right, Some(&left.ty))?;
        let (op, method) = match binary.op {
            syn::BinOp::Eq(_) => (Comparison::Eq, "eq"),
            syn::BinOp::Ne(_) => (Comparison::Ne, "neq"),
            syn::BinOp::Lt(_) => (Comparison::Lt, "lt"),
            syn::BinOp::Le(_) => (Comparison::Le, "lt_eq"),
            syn::BinOp::Gt(_) => (Comparison::Gt, "gt"),
            _ => (Comparison::Ge, "gt_eq"),
        };
        let (a, b) = (self.named(&left.ty), self.named(&right.ty));
        if [&a, &b].contains(&&Ty::Native("Expr")) {
            return Err(Error::new(
                Kind::TypeMismatch,
                "columns are not compared with operators: the result is a column, not a `bool`",
            )
            .with_span(span)
            .with_hint(format!("write `.{method}(..)`")));
        }
        match self.infer.unify(&left.ty, &right.ty) {
            true => Ok(Node { kind: NodeKind::Comparison(op, Box::new(left), Box::new(right)), ty: Ty::Bool, span }),
            false => Err(self.mismatched(&a, &b, right.span)),
        }
    }
}

/// The type of a difference of dates, of a date that is moved, and of lengths of time added up.
fn calendar_type(op: Arithmetic, a: &Ty, b: &Ty) -> Option<Ty> {
    const LENGTH: Ty = Ty::Native("TimeDelta");
    let moves = matches!(op, Arithmetic::Add | Arithmetic::Sub);
    let is_date = matches!(a, Ty::Native("NaiveDate" | "NaiveDateTime"));
    match () {
        () if is_date && a == b && op == Arithmetic::Sub => Some(LENGTH),
        () if (is_date || *a == LENGTH) && *b == LENGTH && moves => Some(a.clone()),
        () => None,
    }
}

fn no_operator(symbol: &str, ty: &Ty, span: Span) -> Error {
    Error::new(Kind::TypeMismatch, format!("no operator `{symbol}` for `{ty}`")).with_span(span)
}

fn operand_hint(left: &Ty, right: &Ty) -> Option<String> {
    match (left, right) {
        (Ty::Native("Expr"), ty) | (ty, Ty::Native("Expr")) if ty.is_number() || matches!(ty, Ty::Str | Ty::Bool) => {
            Some("make the constant an expression: `lit(..)`".into())
        }
        (Ty::Float | Ty::F64 | Ty::F32, Ty::Integer) | (Ty::Integer, Ty::Float | Ty::F64 | Ty::F32) => {
            Some("write the integer with a point, as in `1.0`".into())
        }
        (Ty::Str, b) if b.is_number() => Some("`col(\"..\")` is a column, `lit(..)` a constant".into()),
        (a, b) if a.is_number() && b.is_number() => Some(format!("convert one of them with `as {a}` or `as {b}`")),
        _ => None,
    }
}

/// The operator, and whether it assigns (`+=`).
fn arithmetic_of(op: &syn::BinOp) -> Option<(Arithmetic, bool)> {
    use syn::BinOp;
    Some(match op {
        BinOp::Add(_) => (Arithmetic::Add, false),
        BinOp::Sub(_) => (Arithmetic::Sub, false),
        BinOp::Mul(_) => (Arithmetic::Mul, false),
        BinOp::Div(_) => (Arithmetic::Div, false),
        BinOp::Rem(_) => (Arithmetic::Rem, false),
        BinOp::BitAnd(_) => (Arithmetic::BitAnd, false),
        BinOp::BitOr(_) => (Arithmetic::BitOr, false),
        BinOp::BitXor(_) => (Arithmetic::BitXor, false),
        BinOp::Shl(_) => (Arithmetic::Shl, false),
        BinOp::Shr(_) => (Arithmetic::Shr, false),
        BinOp::AddAssign(_) => (Arithmetic::Add, true),
        BinOp::SubAssign(_) => (Arithmetic::Sub, true),
        BinOp::MulAssign(_) => (Arithmetic::Mul, true),
        BinOp::DivAssign(_) => (Arithmetic::Div, true),
        BinOp::RemAssign(_) => (Arithmetic::Rem, true),
        BinOp::BitAndAssign(_) => (Arithmetic::BitAnd, true),
        BinOp::BitOrAssign(_) => (Arithmetic::BitOr, true),
        BinOp::BitXorAssign(_) => (Arithmetic::BitXor, true),
        BinOp::ShlAssign(_) => (Arithmetic::Shl, true),
        BinOp::ShrAssign(_) => (Arithmetic::Shr, true),
        _ => return None,
    })
}
