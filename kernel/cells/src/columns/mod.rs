//! Columns that a frame does not have, found before anything runs where the frame's schema is known.
//!
//! The plans of a cell are built for the check as the cell itself will build them, as far as that has no effect and what
//! they start from is known: a frame in a variable, a table of the metastore, a `df!`. polars then says whether the plan
//! holds together, so that the check cannot be wrong about what a method does to a schema. Code that may not be reached,
//! and errors that the cell looks at itself, are left alone.

mod follow;
mod pure;

use std::collections::{HashMap, HashSet};

use aerostat_error::{Error, Kind as ErrorKind, Object, Result, Span};
use aerostat_session::errors::unknown_column;
use polars::prelude::*;

use crate::check::Checked;
use crate::context::Context;
use crate::eval::Evaluator;
use crate::node::{Kind, Node, Pattern, Slot};
use crate::scope::SharedScope;
use crate::table::Callable;
use crate::ty::Ty;
use crate::value::Value;

/// What is known of the variables of a cell without running it.
pub(crate) struct Known<'cell> {
    cell: &'cell Checked,
    /// Computes what has no effect.
    evaluator: Evaluator<'cell>,
    /// The variables whose values the evaluator has.
    values: HashSet<Slot>,
    /// The plans that frames are made by.
    plans: HashMap<Slot, Value>,
    /// What this statement's nodes have been found to be.
    built: HashMap<*const Node, Option<Value>>,
    /// Whether something has run that may have changed tables.
    tables_changed: bool,
}

/// Methods by which a cell looks at an error itself.
const HANDLED: [&str; 14] = [
    "is_ok",
    "is_err",
    "is_ok_and",
    "ok",
    "err",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "unwrap_err",
    "map_or",
    "map_err",
    "or_else",
    "and_then",
    "transpose",
];

/// Reports a column that a frame of known schema does not have.
pub(crate) fn verify(cx: &Context, scope: &SharedScope, cell: &Checked) -> Result<()> {
    let mut known = Known::new(cx, scope, cell);
    cell.statements.iter().try_for_each(|statement| known.statement(statement))
}

/// The rows that [`verify`] calls to find that out.
pub(crate) fn called(cx: &Context, scope: &SharedScope, cell: &Checked) -> Vec<&'static Callable> {
    let mut known = Known::new(cx, scope, cell);
    // An error is the cell's own, and says nothing of what was called.
    let _ = cell.statements.iter().try_for_each(|statement| known.statement(statement));
    known.evaluator.into_called()
}

/// The columns of the frame whose method has `argument` among its arguments.
pub(crate) fn columns_at(cx: &Context, scope: &SharedScope, cell: &Checked, argument: &str) -> Option<Vec<String>> {
    let mut known = Known::new(cx, scope, cell);
    for statement in &cell.statements {
        if let Some(call) = innermost_frame_call(statement, cell, argument) {
            let frame = known.frame(call)?;
            return Some(known.schema(&frame)?.iter_names().map(ToString::to_string).collect());
        }
        // An error here is not what is asked for.
        let _ = known.statement(statement);
    }
    None
}

/// The receiver of the innermost call on a frame that has the text among its arguments.
fn innermost_frame_call<'n>(node: &'n Node, cell: &'n Checked, text: &str) -> Option<&'n Node> {
    let inside = children(node, cell).into_iter().find_map(|child| innermost_frame_call(child, cell, text));
    inside.or_else(|| match &node.kind {
        Kind::Call { callable, args } if callable.receiver.as_ref().is_some_and(follow::is_frame) => {
            let (receiver, rest) = args.split_first()?;
            rest.iter().any(|arg| literal(arg, cell, text).is_some()).then_some(receiver)
        }
        Kind::Index { value, index } if follow::is_frame(&cell.named(&value.ty)) => {
            literal(index, cell, text).is_some().then_some(value)
        }
        _ => None,
    })
}

/// The nodes inside of a node, the bodies of closures included.
fn children<'n>(node: &'n Node, cell: &'n Checked) -> Vec<&'n Node> {
    match node.kind {
        Kind::Closure(index) => cell.closures.get(index).map(|closure| &closure.body).into_iter().collect(),
        _ => node.children(),
    }
}

/// The place of a text among the literals of a node.
fn literal(node: &Node, cell: &Checked, text: &str) -> Option<Span> {
    match &node.kind {
        Kind::Const(Value::Str(found)) if **found == *text => Some(node.span),
        _ => children(node, cell).into_iter().find_map(|child| literal(child, cell, text)),
    }
}

/// Whether a place is in a node. The place of a call is its name, which its arguments are not in.
fn covers(node: &Node, cell: &Checked, at: Span) -> bool {
    let itself = node.span.start <= at.start && at.end <= node.span.end;
    itself || children(node, cell).into_iter().any(|child| covers(child, cell, at))
}

/// The same error, pointing to the name that it speaks of where the cell writes it: of a column, table, file or option.
pub(crate) fn at_its_name(error: Error, cell: &Checked) -> Error {
    let (ErrorKind::NotFound(object), Some(at)) = (error.kind(), error.span()) else { return error };
    let Some(name) = error.message().split('`').nth(1).map(str::to_owned) else { return error };
    let failed = cell.statements.iter().find(|node| covers(node, cell, at));
    // A table is called by its full name in errors, and by its last part in most cells.
    let written = [Some(&*name), name.rsplit_once('.').map(|(_, last)| last)];
    let found = written.into_iter().flatten().find_map(|name| {
        let in_statement = failed.and_then(|node| literal(node, cell, name));
        // The plan that a statement runs may have been built by another one.
        let anywhere = || cell.statements.iter().find_map(|node| literal(node, cell, name));
        let place = in_statement.or_else(|| if object == Object::Column { anywhere() } else { None });
        place.map(|place| unquoted(place, name))
    });
    match found {
        Some(place) => at_name(error.without_span(), place, cell),
        None => error,
    }
}

/// The error pointing to a name.
fn at_name(error: Error, place: Span, cell: &Checked) -> Error {
    let is_value = error.kind() == ErrorKind::NotFound(Object::Column) && is_compared(&cell.source, place);
    let meant = is_value.then(|| {
        let text = &cell.source[place.start..place.end];
        format!("a text here is the name of a column; the text itself is `lit(\"{text}\")`")
    });
    error.with_span(place).with_hint_opt(meant)
}

/// Methods of expressions whose argument is a value more often than a column.
const COMPARE: [&str; 8] = ["eq", "neq", "eq_missing", "neq_missing", "gt", "gt_eq", "lt", "lt_eq"];

/// Whether the text at `place` is all that such a method is given, as in `col("country").eq("France")`.
fn is_compared(source: &str, place: Span) -> bool {
    let before = source[..place.start].strip_suffix('"').and_then(|before| before.trim_end().strip_suffix('('));
    before.is_some_and(|before| {
        let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        COMPARE.contains(&&before[start..]) && before[..start].ends_with('.')
    })
}

impl<'cell> Known<'cell> {
    fn new(cx: &'cell Context, scope: &'cell SharedScope, cell: &'cell Checked) -> Self {
        let loaded: Vec<(Slot, Value)> = {
            let scope = scope.read();
            let loaded = cell.globals.iter().filter(|global| global.loaded);
            loaded.filter_map(|global| Some((global.slot, scope.get(&global.name)?.value.clone()))).collect()
        };
        let values = loaded.iter().map(|(slot, _)| *slot).collect();
        let evaluator = Evaluator::for_check(cx, scope, cell, loaded.into_iter());
        Self { cell, evaluator, values, plans: HashMap::new(), built: HashMap::new(), tables_changed: false }
    }

    fn statement(&mut self, node: &Node) -> Result<()> {
        self.built.clear();
        match &node.kind {
            // A result that is kept is for the cell to look at.
            Kind::Let { value: Some(value), otherwise: None, .. } if self.is_result(value) => self.forget(node),
            Kind::Let { pattern, value: Some(value), otherwise: None } => {
                self.visit(value)?;
                match pattern {
                    Pattern::Bind { slot, inner: None } => self.bind(*slot, value),
                    _ => self.forget(node),
                }
            }
            Kind::Assign { target, op: None, value } if target.steps.is_empty() => {
                self.visit(value)?;
                self.bind(target.slot, value);
            }
            Kind::Discard(inner) if matches!(inner.kind, Kind::Assign { .. } | Kind::Let { .. }) => {
                self.statement(inner)?;
            }
            _ => {
                self.visit(node)?;
                self.forget(node);
            }
        }
        self.tables_changed = self.tables_changed || self.may_change_tables(node);
        Ok(())
    }

    fn is_result(&self, value: &Node) -> bool {
        matches!(self.cell.named(&value.ty), Ty::Result(_) | Ty::Option(_))
    }

    /// Remembers the value or plan of a variable, if it is known.
    fn bind(&mut self, slot: Slot, value: &Node) {
        let plan = self.frame(value);
        let known = if plan.is_none() { self.pure(value) } else { None };
        self.forget_slot(slot);
        match (plan, known) {
            (Some(plan), _) => drop(self.plans.insert(slot, plan)),
            (None, Some(known)) => {
                self.evaluator.set(slot, known);
                self.values.insert(slot);
            }
            (None, None) => {}
        }
    }

    fn forget_slot(&mut self, slot: Slot) {
        self.values.remove(&slot);
        self.plans.remove(&slot);
    }

    /// Forgets every variable that is changed anywhere in a node.
    fn forget(&mut self, node: &Node) {
        if let Kind::Assign { target, .. } | Kind::Mutate { target, .. } | Kind::Entry(target) = &node.kind {
            self.forget_slot(target.slot);
        }
        for child in children(node, self.cell) {
            self.forget(child);
        }
    }

    /// Looks for frames in code that is certainly reached and whose errors end the cell.
    fn visit(&mut self, node: &Node) -> Result<()> {
        match &node.kind {
            Kind::If { condition, .. } => return self.visit(condition),
            Kind::Match { .. }
            | Kind::Matches { .. }
            | Kind::Let { otherwise: Some(_), .. }
            | Kind::While { .. }
            | Kind::Loop { .. }
            | Kind::For { .. }
            | Kind::Labelled { .. }
            | Kind::Block { .. }
            | Kind::Closure(_) => return Ok(()),
            Kind::And(first, _) | Kind::Or(first, _) => return self.visit(first),
            Kind::Call { callable, .. } if HANDLED.contains(&callable.name) && !callable.is_engine() => return Ok(()),
            _ => {}
        }
        if let Some(frame) = self.frame(node) {
            return self.hold(node, &frame);
        }
        node.children().into_iter().try_for_each(|child| self.visit(child))
    }

    /// An error if a plan speaks of a column that is not there.
    fn hold(&mut self, node: &Node, frame: &Value) -> Result<()> {
        let Some(name) = unknown_name(frame) else { return Ok(()) };
        // The innermost step that does not hold together names the column. `group_by` is looked at when `agg` follows it:
        // a step goes from one plan to the next.
        let mut step = node;
        let mut receiver = follow::receiver(node);
        while let Some(inner) = receiver {
            let Some(frame) = self.frame(inner) else { return Ok(()) };
            if let Some(schema) = self.schema(&frame) {
                let Some(place) = outside(step, inner, self.cell, &name) else { return Ok(()) };
                let columns: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
                return Err(at_name(unknown_column(&name, &columns), unquoted(place, &name), self.cell));
            }
            if unknown_name(&frame).is_some() {
                step = inner;
            }
            receiver = follow::receiver(inner);
        }
        Ok(())
    }

    fn schema(&self, frame: &Value) -> Option<SchemaRef> {
        frame.downcast_ref::<LazyFrame>()?.clone().collect_schema().ok()
    }
}

/// The place of a text without the quotes around it.
fn unquoted(place: Span, text: &str) -> Span {
    match place.end - place.start == text.len() + 2 {
        true => Span::new(place.start + 1, place.end - 1),
        false => place,
    }
}

/// The column that a plan speaks of and does not have.
fn unknown_name(frame: &Value) -> Option<String> {
    match frame.downcast_ref::<LazyFrame>()?.clone().collect_schema() {
        Ok(_) => None,
        Err(error) => {
            let error = aerostat_session::errors::from_polars(error);
            let is_column = error.kind() == ErrorKind::NotFound(Object::Column);
            is_column.then(|| error.message().split('`').nth(1).map(str::to_owned)).flatten()
        }
    }
}

/// The place of a text in a node, but not in the part of it that is `except`.
fn outside(node: &Node, except: &Node, cell: &Checked, text: &str) -> Option<Span> {
    if std::ptr::eq(node, except) {
        return None;
    }
    match &node.kind {
        Kind::Const(Value::Str(found)) if **found == *text => Some(node.span),
        _ => children(node, cell).into_iter().find_map(|child| outside(child, except, cell, text)),
    }
}
