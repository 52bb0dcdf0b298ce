//! Calls into the table, and the macros.

use aerostat_error::{Error, Kind as ErrorKind};
use polars::prelude::*;

use super::{Evaluated, Evaluator, typed};
use crate::convert::IntoValue;
use crate::frames;
use crate::node::{Count, Format, Kind, Node, Piece, Place, Stream};
use crate::ops;
use crate::table::Callable;
use crate::value::{Value, mismatch};

impl Evaluator<'_> {
    /// Nodes that call something.
    pub(super) fn eval_call(&mut self, node: &Node) -> Evaluated {
        match &node.kind {
            Kind::Call { callable, args } => {
                let args = self.arguments(args)?;
                Ok((callable.call)(self.cx, args)?)
            }
            Kind::Mutate { callable, place, args } => self.mutate(callable, place, args),
            Kind::Struct { row, fields, base } => {
                let mut value = self.eval(base)?;
                for (index, node) in fields {
                    let given = typed(self.eval(node)?, &node.ty);
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
                    Stream::Stdout => self.cx.output.stdout(&text),
                    Stream::Stderr => self.cx.output.stderr(&text),
                }
                Ok(Value::Unit)
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

    fn arguments(&mut self, nodes: &[Node]) -> Evaluated<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node).map(|value| typed(value, &node.ty))).collect()
    }

    /// Calls a method that gives its receiver back changed.
    fn mutate(&mut self, callable: &Callable, place: &Place, args: &[Node]) -> Evaluated {
        let mut values = vec![self.take(place)?];
        values.extend(self.arguments(args)?);
        let Value::Tuple(parts) = (callable.call)(self.cx, values)? else { return Err(mismatch("tuple").into()) };
        let mut parts = parts.into_iter();
        let (Some(receiver), Some(result)) = (parts.next(), parts.next()) else { return Err(mismatch("tuple").into()) };
        self.write(place, receiver, None)?;
        Ok(result)
    }

    fn format(&mut self, format: &Format) -> Evaluated<String> {
        let args: Vec<Value> = self.arguments(&format.args)?;
        let count = |count: &Option<Count>| match count {
            None => Ok(None),
            Some(Count::Fixed(n)) => Ok(Some(*n)),
            Some(Count::Arg(index)) => {
                let value = args.get(*index).ok_or_else(|| mismatch("argument"))?.int()?;
                usize::try_from(value).map(Some).map_err(|_| mismatch("usize"))
            }
        };
        let mut text = String::new();
        for piece in &format.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Placeholder { arg, spec, width, precision } => {
                    let value = args.get(*arg).ok_or_else(|| mismatch("argument"))?;
                    text.push_str(&value.format(spec, count(width)?, count(precision)?)?);
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
            let values = typed(self.eval(values)?, &values.ty);
            series.push(frames::series(PlSmallStr::from_str(&name), values)?.into_column());
        }
        Ok(DataFrame::new_infer_height(series).into_value())
    }
}

fn panic(message: String) -> Error {
    Error::new(ErrorKind::Panic, message)
}
