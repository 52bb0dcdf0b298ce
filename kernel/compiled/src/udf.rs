//! Functions that are defined in compiled cells and called from anywhere else.

use std::os::fd::AsRawFd;
use std::sync::{Arc, MutexGuard, OnceLock, PoisonError};

use aerostat_bridge::{Channel, Value};
use aerostat_error::{Error, Result};
use aerostat_session::{Interrupt, Udf};
use polars::prelude::{DataType, Series};

use crate::convert::to_error;
use crate::process::{self, Process};
use crate::service::Link;

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
        let channel = self.functions.link.functions();
        let channel = channel.ok_or_else(|| Error::internal("the process of compiled cells does not run"))?;
        let mut channel: MutexGuard<'_, Channel> = channel.lock().unwrap_or_else(PoisonError::into_inner);
        let args = args.into_iter().map(Value::Series).chain([Value::Int(rows as i128)]);
        channel.begin_call(&self.name, args.collect()).map_err(to_error)?;
        self.functions.wait(&channel);
        let answer = channel.end_call();
        self.functions.interrupt.check()?;
        match answer.map_err(to_error)? {
            Value::Series(series) => Ok(series),
            _ => Err(Error::internal(format!("function `{}` did not return a column", self.name))),
        }
    }
}

impl Functions {
    /// Waits for an answer. A function that an interrupt does not stop ends with its process.
    fn wait(&self, channel: &Channel) {
        let mut asked = None;
        let mut polled = libc::pollfd { fd: channel.stream().as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: the structure lives until the call returns.
        while unsafe { libc::poll(&mut polled, 1, POLL) } <= 0 {
            if let Some(process) = self.process.get().filter(|_| self.interrupt.is_raised()) {
                process::stop(process, &mut asked);
            }
        }
    }
}
