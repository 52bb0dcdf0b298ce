//! The end of the check: what inference has left open is decided, and constants get their types.

use std::sync::{Arc, OnceLock};

use aerostat_error::{Error, Kind, Result, Span};

use super::{Checked, Checker, unsupported};
use crate::eval::TypeValue;
use crate::node::{Kind as NodeKind, Node};
use crate::table::{TABLE, TypeRow};
use crate::ty::{IntTy, Ty};
use crate::value::Value;

/// A constant that has to wait for its type.
pub(super) struct Pending {
    pub(super) value: Arc<OnceLock<Value>>,
    pub(super) ty: Ty,
    pub(super) of: Waiting,
    pub(super) span: Span,
}

/// What such a constant is made of.
pub(super) enum Waiting {
    /// An integer.
    Int(i128),
    /// A float.
    Float(f64),
    /// The type itself, for the method that asks for it.
    Type(&'static str),
    /// The type's default.
    Default,
}

/// The fields that a literal of a struct without a default has to give.
fn fields_of(ty: &Ty) -> Option<String> {
    let row = TABLE.type_row(ty.head()).filter(|row| !row.fields.is_empty())?;
    Some(format!("give all of its fields: {}", field_names(row)))
}

/// The fields of a struct, for a hint.
pub(super) fn field_names(row: &TypeRow) -> String {
    row.fields.iter().map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ")
}

impl Checker<'_> {
    /// A constant whose type is found later.
    pub(super) fn defer(&mut self, of: Waiting, ty: Ty, span: Span) -> Node {
        let value = Arc::new(OnceLock::new());
        self.pending.push(Pending { value: value.clone(), ty: ty.clone(), of, span });
        Node { kind: NodeKind::Deferred(value), ty, span }
    }

    /// Decides all types, and makes the cell ready to run.
    pub(super) fn finish(mut self, statements: Vec<Node>, tail: bool) -> Result<Checked> {
        let pending = std::mem::take(&mut self.pending);
        self.widen(&pending);
        self.infer.settle();
        for constant in pending {
            let value = self.decided(&constant)?;
            // The only other holder is the node, which does not set it.
            let _ = constant.value.set(value);
        }
        let mut globals = std::mem::take(&mut self.cells);
        let mut at = vec![None; self.slots];
        for (index, global) in globals.iter_mut().enumerate() {
            global.ty = self.named(&global.ty);
            at[global.slot] = Some(index);
        }
        let closures = std::mem::take(&mut self.closures);
        let source = self.source.to_owned();
        Ok(Checked { source, statements, tail, slots: self.slots, globals, closures, at, infer: self.infer })
    }

    /// rustc would refuse a literal that does not fit `i32`, which it takes if nothing else decides; `i64` is meant.
    fn widen(&mut self, pending: &[Pending]) {
        for constant in pending {
            if let Waiting::Int(value) = constant.of
                && matches!(self.shallow(&constant.ty), Ty::Infer(_))
                && !IntTy::I32.holds(value)
            {
                self.infer.unify(&constant.ty, &Ty::Int(IntTy::I64));
            }
        }
    }

    fn decided(&self, constant: &Pending) -> Result<Value> {
        let ty = self.named(&constant.ty);
        let Pending { of, span, .. } = constant;
        match (of, &ty) {
            (Waiting::Int(value), Ty::Int(int)) if int.holds(*value) => Ok(Value::Int(*value, *int)),
            (Waiting::Int(_), ty) => {
                Err(Error::new(Kind::TypeMismatch, format!("literal out of range for `{ty}`")).with_span(*span))
            }
            (Waiting::Float(value), Ty::F32) => Ok(Value::F32(*value as f32)),
            (Waiting::Float(value), _) => Ok(Value::F64(*value)),
            (Waiting::Type(name), Ty::Any) => Err(Error::new(
                Kind::TypeMismatch,
                format!("type annotations needed: what `{name}` gives is not known"),
            )
            .with_span(*span)
            .with_hint(format!("name it: `.{name}::<{}>()`", if *name == "collect" { "Vec<_>" } else { "f64" }))),
            (Waiting::Type(_), ty) => Ok(Value::native(TypeValue(ty.clone()))),
            (Waiting::Default, Ty::Any) => {
                Err(Error::new(Kind::TypeMismatch, "type annotations needed: the type of this default is not known")
                    .with_span(*span)
                    .with_hint("name it, as in `SortOptions::default()`"))
            }
            (Waiting::Default, ty) => super::paths::default_of(ty).ok_or_else(|| match ty.is_native() {
                true => Error::new(Kind::TypeMismatch, format!("`{ty}` has no default"))
                    .with_span(*span)
                    .with_hint_opt(fields_of(ty)),
                false => unsupported(&format!("the default of `{ty}`"), *span),
            }),
        }
    }
}
