//! How much memory the kernel may take. What would take more is stopped with an error, before the system ends the kernel.
//!
//! Queries of SQL work within a pool and spill to disk ([`limit`] says how large it may be). Polars keeps no such account,
//! so whoever waits for it looks at the memory of the process ([`check`]) every now and then.

use std::fs;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use aerostat_error::{Error, Result};

/// The variable that says how much: `8G`, `512M`, a number of bytes, or `none`.
pub const MEMORY_LIMIT: &str = "AEROSTAT_MEMORY_LIMIT";

/// Of the machine's memory, or of what the container has, so much if nobody says otherwise.
const USUAL_SHARE: f64 = 0.9;

/// How long the system may take to notice that memory was given back.
const GIVING_BACK: Duration = Duration::from_secs(1);

const UNITS: [(&str, u64); 4] = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)];

/// How many bytes the kernel may take; nothing if there is no limit, or none is known.
pub fn limit() -> Result<Option<u64>> {
    match std::env::var(MEMORY_LIMIT) {
        Ok(text) if !text.trim().is_empty() => amount(MEMORY_LIMIT, &text),
        _ => Ok(available().map(|bytes| (bytes as f64 * USUAL_SHARE) as u64)),
    }
}

/// The bytes of an amount that the variable `name` has; nothing for `none`.
pub fn amount(name: &str, text: &str) -> Result<Option<u64>> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let upper = text.to_uppercase();
    let number = upper.strip_suffix("IB").or(upper.strip_suffix('B')).unwrap_or(&upper);
    let unit = UNITS.iter().find_map(|(unit, factor)| Some((number.strip_suffix(unit)?, *factor)));
    let (number, factor) = unit.unwrap_or((number, 1));
    let bytes = number.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    bytes.map(|bytes| Some((bytes * factor as f64) as u64)).ok_or_else(|| {
        Error::invalid_argument(format!("`{text}` in {name} is no number of bytes"))
            .with_hint("say for example `8G`, `512M`, a number of bytes, or `none`")
    })
}

/// What the machine has, or the container if that is less. It does not change, and is asked for often.
pub fn available() -> Option<u64> {
    static AVAILABLE: OnceLock<Option<u64>> = OnceLock::new();
    *AVAILABLE.get_or_init(measured)
}

fn measured() -> Option<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").ok()?;
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let machine = line.split_whitespace().next()?.parse::<u64>().ok()? << 10;
    let container = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limits = container.iter().filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok());
    limits.chain([machine]).min()
}

/// What can be done without when memory runs short.
struct Caches {
    /// Empty a cache, and say whether there was anything in it.
    empty: Vec<Box<dyn Fn() -> bool + Send>>,
    emptied: Option<Instant>,
}

static CACHES: Mutex<Caches> = Mutex::new(Caches { empty: Vec::new(), emptied: None });

/// Has `empty` called when memory runs short. It says whether it gave anything back.
pub fn on_shortage(empty: impl Fn() -> bool + Send + 'static) {
    CACHES.lock().unwrap_or_else(PoisonError::into_inner).empty.push(Box::new(empty));
}

/// An error if the process has more memory than it may take, and no cache that it can do without.
pub fn check() -> Result<()> {
    match (limit()?, taken()) {
        (Some(limit), Some(taken)) if taken > limit && !caches_emptied() => Err(exceeded(limit)),
        _ => Ok(()),
    }
}

/// Empties the caches; whether there was anything in them, now or a moment ago.
fn caches_emptied() -> bool {
    let mut caches = CACHES.lock().unwrap_or_else(PoisonError::into_inner);
    // All of them, not up to the first that gives something back.
    let given = caches.empty.iter().filter(|empty| empty()).count() > 0;
    if given {
        caches.emptied = Some(Instant::now());
    }
    caches.emptied.is_some_and(|at| at.elapsed() < GIVING_BACK)
}

/// What the process has of its own; pages of files do not count, which the system takes back whenever it wants to.
pub fn taken() -> Option<u64> {
    let statm = fs::read_to_string("/proc/self/statm").ok()?;
    let mut pages = statm.split_whitespace().skip(1).map(str::parse::<u64>);
    let (resident, of_files) = (pages.next()?.ok()?, pages.next()?.ok()?);
    Some(resident.saturating_sub(of_files) * page_size())
}

fn page_size() -> u64 {
    // SAFETY: it reads a constant of the system.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

/// The error of what wants more than `limit` bytes.
pub fn exceeded(limit: u64) -> Error {
    let limit = limit >> 20;
    Error::out_of_memory(format!("this needs more memory than the {limit} MiB that the kernel may take")).with_hint(format!(
        "read fewer columns or rows, aggregate before you collect, write with `save_as_table` instead of collecting, \
         let go of frames that are no longer needed, or allow more with {MEMORY_LIMIT}"
    ))
}
