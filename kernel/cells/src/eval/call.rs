//! Calls into the table, and the macros.

use std::time::Instant;

use aerostat_error::{Error, Kind as ErrorKind, Object, Result};
use aerostat_session::errors::unknown_column;
use aerostat_session::{Session, Shown, caught};
use polars::prelude::*;

use super::{Evaluated, Evaluator};
use crate::convert::IntoValue;
use crate::frames;
use crate::node::{Count, Format, Kind, Node, Piece, Slot, Stream};
use crate::ops::{self, panic};
use crate::scope::{show_again, show_local};
use crate::table::{Callable, Effect};
use crate::text::{MAX_WIDTH, Spec};
use crate::ty::Ty;
use crate::value::{Native as _, Value, mismatch};

impl Evaluator<'_> {
    /// A call during which SQL sees variables of blocks: a name means the same in SQL as in the cell around it.
    fn seeing(&mut self, locals: &[(String, Slot)], call: &Node) -> Evaluated {
        let cx = self.cx;
        let show = |(name, slot): &(String, Slot)| show_local(&cx.session, name, &self.locals[*slot]);
        let before: Vec<Option<Shown>> = locals.iter().map(show).collect();
        let result = self.eval(call);
        for ((name, _), shown) in locals.iter().zip(before) {
            show_again(&cx.session, name, shown);
        }
        result
    }

    /// Nodes that call something.
    pub(super) fn eval_call(&mut self, node: &Node) -> Evaluated {
        match &node.kind {
            Kind::Call { callable, args } => {
                let values = self.eval_all(args)?;
                let fallible = matches!(callable.ret, Ty::Result(_));
                let frame =
                    values.first().filter(|_| fallible).and_then(|this| this.downcast_ref::<DataFrame>()).cloned();
                Ok(match (self.invoke(callable, values)?, frame) {
                    (Value::Result(Err(error)), _) if callable.owner == Some(Session::NAME) => {
                        Value::Result(Err(self.in_the_cell(error, args)))
                    }
                    (Value::Result(Err(error)), Some(frame)) => Value::Result(Err(among(error, &frame))),
                    (result, _) => result,
                })
            }
            Kind::Seeing { locals, call } => self.seeing(locals, call),
            Kind::Entry(target) => self.entry(target),
            Kind::Mutate { callable, target, args } => self.mutate(callable, target, args),
            Kind::Struct { row, fields, base } => {
                let mut value = self.eval(base)?;
                for (index, node) in fields {
                    let given = self.eval(node)?;
                    let field = row.fields.get(*index).ok_or_else(|| mismatch("field"))?;
                    (field.set)(&mut value, given)?;
                }
                Ok(value)
            }
            Kind::Format(format) => Ok(Value::str(self.format(format)?)),
            Kind::Print { format, stream, newline } => {
                let mut text = self.format(format)?;
                if *newline {
                    text.push('\n');
                }
                match stream {
                    Stream::Stdout => self.output.stdout(&text),
                    Stream::Stderr => self.output.stderr(&text),
                }
                Ok(Value::Unit)
            }
            Kind::Dbg { value, source } => {
                let value = self.eval(value)?;
                self.output.stderr(&format!("{source} = {}\n", value.debug(true)));
                Ok(value)
            }
            Kind::Panic(message) => {
                let message = message.as_ref().map(|message| self.format(message)).transpose()?;
                Err(panic(message.unwrap_or_else(|| "explicit panic".into())).into())
            }
            Kind::Assert { condition, source, message } => match self.eval(condition)?.bool()? {
                true => Ok(Value::Unit),
                false => {
                    let message = message.as_ref().map(|message| self.format(message)).transpose()?;
                    Err(panic(message.unwrap_or_else(|| format!("assertion failed: {source}"))).into())
                }
            },
            Kind::AssertEqual { left, right, equal, message } => {
                self.assert_equal(left, right, *equal, message.as_deref())
            }
            Kind::Frame(columns) => self.frame(columns),
            _ => Err(Error::internal("a node that nothing evaluates").into()),
        }
    }

    /// Calls a row of the table. What belongs to polars or the session is timed, and may panic without harm.
    ///
    /// This is the one place where rows are called, so that here is where a check is kept from having effects.
    pub(super) fn invoke(&mut self, callable: &'static Callable, args: Vec<Value>) -> Result<Value> {
        if let Some(called) = &mut self.check {
            if callable.effect != Effect::Pure {
                return Err(Error::internal(format!("`{}` was about to run during the check", callable.name)));
            }
            called.push(callable);
        }
        if !callable.is_engine() {
            return (callable.call)(self, args);
        }
        let begun = Instant::now();
        let result = caught(|| (callable.call)(self, args));
        self.engine += begun.elapsed();
        result
    }

    /// An error of the session with its place in the cell, where it has one in a text that the session was given.
    fn in_the_cell(&self, error: Error, args: &[Node]) -> Error {
        let (Some(part), Some(text)) = (error.span(), args.get(1)) else { return error };
        let whole = text.span;
        let written = self.cell.source.get(whole.start..whole.end).unwrap_or_default();
        // Escapes in a literal move what follows: then the literal as a whole is the place.
        let place = match &text.kind {
            Kind::Const(Value::Str(text)) => written.find(&**text).map(|at| part.shifted(whole.start + at)),
            _ => None,
        };
        error.without_span().with_span(place.unwrap_or(whole))
    }

    fn format(&mut self, format: &Format) -> Evaluated<String> {
        let args: Vec<Value> = self.eval_all(&format.args)?;
        let count =
            |count: &Option<Count>| match count {
                None => Ok(None),
                Some(Count::Fixed(n)) => Ok(Some(*n)),
                Some(Count::Arg(index)) => {
                    let value = args.get(*index).ok_or_else(|| mismatch("argument"))?.int()?;
                    usize::try_from(value).ok().filter(|value| *value <= MAX_WIDTH).map(Some).ok_or_else(|| {
                        panic(format!("a width or precision of {value}; at most {MAX_WIDTH} is possible"))
                    })
                }
            };
        let mut text = String::new();
        for piece in &format.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Placeholder { arg, spec, width, precision } => {
                    let value = args.get(*arg).ok_or_else(|| mismatch("argument"))?;
                    let (width, precision) = (count(width)?, count(precision)?);
                    text.push_str(&value.format(&Spec { width, precision, ..spec.clone() })?);
                }
            }
        }
        Ok(text)
    }

    fn assert_equal(&mut self, left: &Node, right: &Node, equal: bool, message: Option<&Format>) -> Evaluated {
        let (left, right) = (self.eval(left)?, self.eval(right)?);
        if ops::equal(&left, &right) == equal {
            return Ok(Value::Unit);
        }
        let op = if equal { "==" } else { "!=" };
        let message = message.map(|message| self.format(message)).transpose()?.map(|text| format!(": {text}"));
        let message = message.unwrap_or_default();
        let (left, right) = (left.debug(false), right.debug(false));
        Err(panic(format!("assertion `left {op} right` failed{message}\n  left: {left}\n right: {right}")).into())
    }

    /// `df!`: an error in a column is the macro's `Err`.
    fn frame(&mut self, columns: &[(Node, Node)]) -> Evaluated {
        let mut series = Vec::with_capacity(columns.len());
        for (name, values) in columns {
            let Value::Str(name) = self.eval(name)? else { return Err(mismatch("String").into()) };
            let values = self.eval(values)?;
            series.push(frames::series(PlSmallStr::from_str(&name), values)?.into_column());
        }
        Ok(DataFrame::new_infer_height(series).into_value())
    }
}

/// The same error, with the columns that were not meant but are there, where polars does not tell them.
fn among(error: Error, frame: &DataFrame) -> Error {
    if error.kind() != ErrorKind::NotFound(Object::Column) || error.hint().is_some() {
        return error;
    }
    let meant = error.message().split('`').nth(1).map(|name| unknown_column(name, &frame.get_column_names()));
    error.with_hint_opt(meant.and_then(|error| error.hint().map(str::to_owned)))
}
