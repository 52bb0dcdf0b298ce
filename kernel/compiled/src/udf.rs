//! Functions that are defined in compiled cells and called from anywhere else.

use std::io;
use std::os::fd::AsRawFd;
use std::sync::{Arc, OnceLock, PoisonError};

use aerostat_bridge::{Channel, Message, Value};
use aerostat_error::{Error, Kind, Result};
use aerostat_session::{Interrupt, Udf};
use polars::prelude::{DataType, Series};

use crate::convert::to_error;
use crate::link::Link;
use crate::process::{self, Process};

/// How often an interrupt is looked for, in milliseconds.
const POLL: libc::c_int = 20;

/// The way to the functions of the process.
#[derive(Clone)]
pub(crate) struct Functions {
    pub(crate) link: Arc<Link>,
    pub(crate) interrupt: Interrupt,
    /// Known once the first process has been started.
    pub(crate) process: Arc<OnceLock<Process>>,
}

/// A function whose code is in the process of compiled cells.
pub(crate) struct RemoteUdf {
    name: String,
    args: Vec<DataType>,
    returns: DataType,
    functions: Functions,
}

impl RemoteUdf {
    pub(crate) fn new(name: String, args: Vec<DataType>, returns: DataType, functions: Functions) -> Self {
        Self { name, args, returns, functions }
    }

    /// The error of a function whose process has ended: the one that a cell comes to whose process ends.
    fn lost(&self) -> Error {
        Error::new(Kind::Crash, format!("function `{}` is gone: the process of compiled cells has ended", self.name))
            .with_hint("run the cell again that registers it")
    }
}

impl Udf for RemoteUdf {
    fn name(&self) -> &str {
        &self.name
    }

    fn args(&self) -> &[DataType] {
        &self.args
    }

    fn returns(&self) -> &DataType {
        &self.returns
    }

    fn call(&self, args: Vec<Series>, rows: usize) -> Result<Series> {
        let Functions { link, interrupt, .. } = &self.functions;
        let connection = link.connection().ok_or_else(|| self.lost())?;
        let args = args.into_iter().map(Value::Series).chain([Value::Int(rows as i128)]);
        let call = Message::call(&self.name, args.collect()).map_err(to_error)?;
        let answer = {
            let mut channel = connection.functions.lock().unwrap_or_else(PoisonError::into_inner);
            // Who had the channel before may have been stopped.
            interrupt.check()?;
            self.functions.call(&mut channel, &call).inspect_err(|_| link.note_lost(&connection))
        };
        // What the function has printed is seen before what the query comes to.
        connection.streams.wait();
        interrupt.check()?;
        match answer.map_err(|_| self.lost())?.into_answer().map_err(to_error)? {
            Value::Series(series) => Ok(series),
            _ => Err(Error::internal(format!("function `{}` did not return a column", self.name))),
        }
    }
}

impl Functions {
    fn call(&self, channel: &mut Channel, call: &Message) -> io::Result<Message> {
        channel.send(call)?;
        self.wait(channel);
        channel.receive()
    }

    /// Waits for an answer. A function that an interrupt does not stop ends with its process.
    fn wait(&self, channel: &Channel) {
        let mut asked = None;
        let mut polled = libc::pollfd { fd: channel.stream().as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: the structure lives until the call returns.
        while unsafe { libc::poll(&mut polled, 1, POLL) } <= 0 {
            // Once asked it has to stop, although the query may be over before, and the interrupt with it.
            let stops = asked.is_some() || self.interrupt.is_raised();
            if let Some(process) = self.process.get().filter(|_| stops) {
                process::stop(process, &mut asked);
            }
        }
    }
}
