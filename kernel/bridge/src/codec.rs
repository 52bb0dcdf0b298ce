//! Values as bytes and descriptors of shared memory.

use std::io;
use std::os::fd::OwnedFd;

use polars::prelude::{DataFrame, IntoColumn, IntoLazy, Series};

use crate::message::{Message, RunPlan};
use crate::{Failure, Value, frame, plan};

const UNIT: u8 = 0;
const BOOL: u8 = 1;
const INT: u8 = 2;
const FLOAT: u8 = 3;
const CHAR: u8 = 4;
const STR: u8 = 5;
const LIST: u8 = 6;
const NONE: u8 = 7;
const SOME: u8 = 8;
const FRAME: u8 = 9;
const PLAN: u8 = 10;
const SERIES: u8 = 11;
const EXPR: u8 = 12;
/// A frame without columns, which Arrow IPC cannot give a height.
const HEIGHT: u8 = 13;
/// A plan that had to be run, as it has no form in bytes.
const RUN: u8 = 14;

/// The value as bytes and shared memory. A plan that has no form in bytes is run.
pub(crate) fn encode(value: &Value, run: RunPlan<'_>) -> Result<Message, Failure> {
    let mut encoder = Encoder { bytes: Vec::new(), shared: Vec::new(), run };
    encoder.value(value)?;
    Ok(Message { bytes: encoder.bytes, shared: encoder.shared })
}

/// The value that [`encode`] took apart.
pub(crate) fn decode(message: Message) -> io::Result<Value> {
    let Message { bytes, shared } = message;
    let mut decoder = Decoder { bytes: &bytes, shared: shared.into_iter() };
    let value = decoder.value()?;
    if decoder.bytes.is_empty() { Ok(value) } else { Err(damaged()) }
}

struct Encoder<'a> {
    bytes: Vec<u8>,
    shared: Vec<OwnedFd>,
    run: RunPlan<'a>,
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value) -> Result<(), Failure> {
        match value {
            Value::Unit => self.bytes.push(UNIT),
            Value::Bool(value) => self.bytes.extend([BOOL, u8::from(*value)]),
            Value::Int(value) => self.fixed(INT, &value.to_le_bytes()),
            Value::Float(value) => self.fixed(FLOAT, &value.to_le_bytes()),
            Value::Char(value) => self.fixed(CHAR, &u32::from(*value).to_le_bytes()),
            Value::Str(text) => self.blob(STR, text.as_bytes()),
            Value::List(items) => {
                self.fixed(LIST, &(items.len() as u64).to_le_bytes());
                items.iter().try_for_each(|item| self.value(item))?;
            }
            Value::Option(None) => self.bytes.push(NONE),
            Value::Option(Some(inner)) => {
                self.bytes.push(SOME);
                self.value(inner)?;
            }
            Value::Frame(frame) => self.frame(FRAME, frame)?,
            Value::Series(series) => self.frame(SERIES, &series.clone().into_column().into_frame())?,
            Value::Plan(lazy) => match plan::to_bytes(lazy) {
                Ok(bytes) => self.blob(PLAN, &bytes),
                Err(_) => self.frame(RUN, &(self.run)((**lazy).clone())?)?,
            },
            Value::Expr(expr) => self.blob(EXPR, &plan::expr_to_bytes(expr).map_err(Failure::cannot_cross)?),
        }
        Ok(())
    }

    fn fixed(&mut self, tag: u8, bytes: &[u8]) {
        self.bytes.push(tag);
        self.bytes.extend(bytes);
    }

    fn blob(&mut self, tag: u8, bytes: &[u8]) {
        self.fixed(tag, &(bytes.len() as u64).to_le_bytes());
        self.bytes.extend(bytes);
    }

    fn frame(&mut self, tag: u8, frame: &DataFrame) -> Result<(), Failure> {
        self.bytes.push(tag);
        if frame.width() == 0 {
            self.fixed(HEIGHT, &(frame.height() as u64).to_le_bytes());
        } else {
            self.bytes.push(FRAME);
            self.shared.push(frame::share(frame).map_err(Failure::cannot_cross)?);
        }
        Ok(())
    }
}

struct Decoder<'a> {
    bytes: &'a [u8],
    shared: std::vec::IntoIter<OwnedFd>,
}

impl<'a> Decoder<'a> {
    fn value(&mut self) -> io::Result<Value> {
        let [tag] = self.take()?;
        Ok(match tag {
            UNIT => Value::Unit,
            BOOL => Value::Bool(self.take::<1>()? == [1]),
            INT => Value::Int(i128::from_le_bytes(self.take()?)),
            FLOAT => Value::Float(f64::from_le_bytes(self.take()?)),
            CHAR => Value::Char(char::from_u32(u32::from_le_bytes(self.take()?)).ok_or_else(damaged)?),
            STR => Value::Str(String::from_utf8(self.blob()?.to_vec()).map_err(|_| damaged())?),
            LIST => {
                let length = self.length()?;
                Value::List((0..length).map(|_| self.value()).collect::<io::Result<_>>()?)
            }
            NONE => Value::Option(None),
            SOME => Value::Option(Some(Box::new(self.value()?))),
            FRAME => Value::Frame(self.frame()?),
            SERIES => Value::Series(self.series()?),
            PLAN => Value::Plan(Box::new(plan::from_bytes(self.blob()?)?)),
            RUN => Value::Plan(Box::new(self.frame()?.lazy())),
            EXPR => Value::Expr(Box::new(plan::expr_from_bytes(self.blob()?)?)),
            _ => return Err(damaged()),
        })
    }

    fn frame(&mut self) -> io::Result<DataFrame> {
        match self.take()? {
            [HEIGHT] => Ok(DataFrame::empty_with_height(self.length()?)),
            _ => frame::map(self.shared.next().ok_or_else(damaged)?),
        }
    }

    fn series(&mut self) -> io::Result<Series> {
        let frame = self.frame()?;
        let column = frame.columns().first().ok_or_else(damaged)?;
        Ok(column.as_materialized_series().clone())
    }

    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or_else(damaged)?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn length(&mut self) -> io::Result<usize> {
        usize::try_from(u64::from_le_bytes(self.take()?)).map_err(|_| damaged())
    }

    fn blob(&mut self) -> io::Result<&'a [u8]> {
        let length = self.length()?;
        let (blob, rest) = self.bytes.split_at_checked(length).ok_or_else(damaged)?;
        self.bytes = rest;
        Ok(blob)
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a message between kernel and compiled cells is damaged")
}
