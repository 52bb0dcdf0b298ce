//! How long a cell of twenty calls takes before polars works: parsing, checking, and building the plan.
//!
//! `cargo bench --workspace --bench dispatch` measures; the aim is a median below a millisecond.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::sync::Arc;

use aerostat_cells::Interpreter;
use aerostat_error::{Error, Result};
use aerostat_session::{MimeBundle, Outcome, Output, Session, SqlEngine};
use criterion::{Criterion, criterion_group};

/// The allocator that the kernel has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FRAME: &str = r#"
let orders = df!(
    "shop" => ["a", "b", "a"],
    "day" => [1, 2, 3],
    "quantity" => [3, 1, 2],
    "price" => [1.5, 2.5, 9.0],
)?;
"#;

/// Twenty calls on frames, and as many on expressions; none of them runs a query.
const CHAIN: &str = r#"
let plan = orders
    .lazy()
    .filter(col("quantity").gt(lit(0)))
    .with_columns([(col("quantity") * col("price")).alias("amount")])
    .with_row_index("row", None)
    .filter(col("amount").is_not_null())
    .with_column(col("amount").cum_sum(false).alias("running"))
    .sort(["shop", "day"], SortMultipleOptions::default().with_order_descending(true))
    .select([col("shop"), col("day"), col("amount"), col("running")])
    .rename(["running"], ["so_far"], true)
    .with_columns([col("amount").sum().over([col("shop")])?.alias("total")])
    .with_columns([(col("amount") / col("total")).alias("share")])
    .filter(col("share").lt_eq(lit(1.0)))
    .unique(None, UniqueKeepStrategy::First)
    .drop_nulls(None)
    .fill_null(lit(0))
    .group_by([col("shop")])
    .agg([col("share").mean(), col("amount").max().alias("largest"), len().alias("lines")])
    .with_columns([when(col("lines").gt(lit(1))).then(lit("many")).otherwise(lit("one")).alias("size")])
    .sort(["largest"], Default::default())
    .limit(10);
"#;

/// A million turns of a loop that computes.
const LOOP: &str = "let mut sum = 0_i64; for i in 0..1_000_000 { if i % 3 == 0 { sum += i * 2; } } sum";

/// A million elements through closures.
const CLOSURES: &str = "(0..1_000_000_i64).filter(|i| i % 3 == 0).map(|i| i * 2).sum::<i64>()";

struct Silent;

impl Output for Silent {
    fn stdout(&self, _text: &str) {}
    fn stderr(&self, _text: &str) {}
    fn display(&self, _bundle: &MimeBundle) {}
    fn clear_output(&self, _wait: bool) {}
    fn input(&self, _prompt: &str, _password: bool) -> Result<String> {
        Err(Error::not_supported("input in a benchmark"))
    }
}

struct NoSql;

impl SqlEngine for NoSql {
    fn execute(&self, _: &Session, _: &str, _: &mut dyn FnMut(Outcome) -> Result<()>) -> Result<()> {
        Err(Error::not_supported("SQL in a benchmark"))
    }
}

fn cells(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::open(folder.path(), Arc::new(NoSql)).unwrap();
    let mut interpreter = Interpreter::new(session, Arc::new(Silent));
    interpreter.run(FRAME).unwrap();
    criterion.bench_function("chain of 20 calls: parse and check", |bencher| {
        bencher.iter(|| interpreter.plan(black_box(CHAIN)).unwrap());
    });
    criterion.bench_function("chain of 20 calls: parse, check and dispatch", |bencher| {
        bencher.iter(|| interpreter.run(black_box(CHAIN)).unwrap());
    });
    let mut slow = criterion.benchmark_group("a million turns");
    slow.sample_size(10);
    slow.bench_function("for", |bencher| bencher.iter(|| interpreter.run(black_box(LOOP)).unwrap()));
    slow.bench_function("closures", |bencher| bencher.iter(|| interpreter.run(black_box(CLOSURES)).unwrap()));
    slow.finish();
}

criterion_group!(benches, cells);

/// On a thread like that of the kernel: of less stack, a cell would map more of it each time.
fn main() {
    let measured = || {
        benches();
        Criterion::default().configure_from_args().final_summary();
    };
    std::thread::Builder::new().stack_size(256 << 20).spawn(measured).unwrap().join().unwrap();
}
