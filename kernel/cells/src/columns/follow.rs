//! The plans of a cell, built as far as that has no effect.

use aerostat_session::{Relation, Session, split_name};
use polars::prelude::*;

use super::Known;
use crate::node::{Kind, Node};
use crate::table::Effect;
use crate::ty::{IntTy, Ty};
use crate::value::{Native as _, Value};

/// Methods that are not run in a check, or not of plans, but leave the schema of a frame as it is.
const UNCHANGED: [&str; 11] =
    ["lazy", "collect", "clone", "unwrap", "expect", "to_owned", "as_ref", "head", "tail", "slice", "reverse"];

/// Whether a type is a frame or a plan.
pub(super) fn is_frame(ty: &Ty) -> bool {
    match ty {
        Ty::Native(name) => matches!(*name, "LazyFrame" | "LazyGroupBy" | "DataFrame"),
        Ty::Result(inner) | Ty::Option(inner) => is_frame(inner),
        _ => false,
    }
}

/// The frame that a method is called on.
pub(super) fn receiver(node: &Node) -> Option<&Node> {
    match &node.kind {
        Kind::Try(inner) | Kind::Discard(inner) | Kind::Seeing { call: inner, .. } => receiver(inner),
        Kind::Call { callable, args } if callable.receiver.is_some() => args.first(),
        _ => None,
    }
}

impl Known<'_> {
    /// The plan of a frame, if it is known. It is built once in a statement, however often it is asked for.
    pub(super) fn frame(&mut self, node: &Node) -> Option<Value> {
        if !is_frame(&self.cell.named(&node.ty)) {
            return None;
        }
        if let Some(built) = self.built.get(&std::ptr::from_ref(node)) {
            return built.clone();
        }
        let plan = self.build(node);
        self.built.insert(std::ptr::from_ref(node), plan.clone());
        plan
    }

    fn build(&mut self, node: &Node) -> Option<Value> {
        match &node.kind {
            Kind::Variable(slot) => match self.plans.get(slot) {
                Some(plan) => Some(plan.clone()),
                None if self.values.contains(slot) => lazy(self.evaluator.get(*slot)),
                None => None,
            },
            Kind::Try(inner) | Kind::Seeing { call: inner, .. } => self.frame(inner),
            Kind::Frame(columns) => self.blank(columns),
            Kind::Call { callable, args } => {
                let is_table = callable.owner == Some(Session::NAME) && callable.name == "table";
                match callable.effect {
                    _ if is_table => self.table(args),
                    _ if UNCHANGED.contains(&callable.name) && !args.is_empty() => {
                        args[1..].iter().all(|arg| self.is_pure(arg)).then(|| self.frame(&args[0])).flatten()
                    }
                    Effect::Pure => {
                        let args: Option<Vec<Value>> = args.iter().map(|arg| self.argument(arg)).collect();
                        value_of(self.evaluator.attempt_call(callable, args?)?)
                    }
                    Effect::Runs | Effect::Writes => None,
                }
            }
            _ => None,
        }
    }

    fn argument(&mut self, node: &Node) -> Option<Value> {
        match self.cell.named(&node.ty) {
            Ty::Native("DataFrame") => self.pure(node),
            ty if is_frame(&ty) => self.frame(node),
            _ => self.pure(node),
        }
    }

    /// A table of the metastore or a frame by name; views would have to be run.
    fn table(&self, args: &[Node]) -> Option<Value> {
        if self.tables_changed {
            return None;
        }
        let Some(Kind::Const(Value::Str(name))) = args.get(1).map(|arg| &arg.kind) else { return None };
        let session = &self.evaluator.session;
        let relation = session.resolve_table(&split_name(name).ok()?).ok()?;
        match relation {
            Relation::Frame { .. } | Relation::Table(_) => session.scan(&relation).ok().map(Value::native),
            Relation::View(_) | Relation::Query { .. } | Relation::Path { .. } | Relation::Version(..) => None,
        }
    }

    /// A frame without rows that has the columns of a `df!`.
    fn blank(&self, columns: &[(Node, Node)]) -> Option<Value> {
        let column = |(name, values): &(Node, Node)| {
            let Kind::Const(Value::Str(name)) = &name.kind else { return None };
            let dtype = dtype(&self.cell.named(&values.ty))?;
            Some(Column::new_empty(PlSmallStr::from_str(name), &dtype))
        };
        let columns: Option<Vec<Column>> = columns.iter().map(column).collect();
        DataFrame::new_infer_height(columns?).ok().map(|frame| Value::native(frame.lazy()))
    }
}

/// The type of a column made of a vector.
fn dtype(values: &Ty) -> Option<DataType> {
    let (Ty::Vec(item) | Ty::Range(item)) = values else { return None };
    let item = if let Ty::Option(inner) = &**item { inner } else { item };
    Some(match &**item {
        Ty::Bool => DataType::Boolean,
        Ty::Str => DataType::String,
        Ty::F64 => DataType::Float64,
        Ty::F32 => DataType::Float32,
        Ty::Int(IntTy::I8) => DataType::Int8,
        Ty::Int(IntTy::I16) => DataType::Int16,
        Ty::Int(IntTy::I32) => DataType::Int32,
        Ty::Int(IntTy::I64) => DataType::Int64,
        Ty::Int(IntTy::U8) => DataType::UInt8,
        Ty::Int(IntTy::U16) => DataType::UInt16,
        Ty::Int(IntTy::U32) => DataType::UInt32,
        Ty::Int(IntTy::U64) => DataType::UInt64,
        Ty::Native("NaiveDate") => DataType::Date,
        _ => return None,
    })
}

/// A frame as the plan that it is the result of.
fn lazy(value: &Value) -> Option<Value> {
    if let Some(frame) = value.downcast_ref::<DataFrame>() {
        return Some(Value::native(frame.clone().lazy()));
    }
    let is_plan = value.downcast_ref::<LazyFrame>().is_some() || value.downcast_ref::<LazyGroupBy>().is_some();
    is_plan.then(|| value.clone())
}

/// The frame inside of a result.
fn value_of(value: Value) -> Option<Value> {
    match value {
        Value::Result(Ok(inner)) => lazy(&inner),
        other => lazy(&other),
    }
}
