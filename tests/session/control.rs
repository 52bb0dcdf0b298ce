//! Running polars: interrupts, panics, errors.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::*;

/// Runs this test in a process of its own, because polars' abort flag stops the queries of all sessions of a process.
/// Whether this is that process.
fn is_alone(test: &str) -> bool {
    const ALONE: &str = "AEROSTAT_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    let output = child.args(["--exact", &format!("session::control::{test}")]).env(ALONE, "1").output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    false
}

/// Runs `work` and raises the interrupt while it runs; how long after that it returned, and with what.
fn interrupted<T: Send>(session: &Session, work: impl FnOnce() -> Result<T> + Send) -> (Duration, Result<T>) {
    thread::scope(|scope| {
        let raised = scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            session.interrupt().raise();
            Instant::now()
        });
        let result = work();
        (raised.join().unwrap().elapsed(), result)
    })
}

/// Sorts and groups many numbers many times over: minutes of work.
fn heavy() -> LazyFrame {
    let numbers =
        df!("n" => (0..3_000_000i64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15u64 as i64)).collect::<Vec<_>>());
    let mut frame = numbers.unwrap().lazy();
    for round in 0..300i64 {
        let next =
            (col("n") * lit(31) + lit(round)).rank(RankOptions::default(), None).cast(DataType::Int64).alias("n");
        frame = frame.sort(["n"], SortMultipleOptions::default()).with_columns([next]);
    }
    frame.group_by([col("n") % lit(1000)]).agg([col("n").sum().alias("s")])
}

#[test]
fn a_query_is_interrupted_and_the_session_goes_on() {
    if !is_alone("a_query_is_interrupted_and_the_session_goes_on") {
        return;
    }
    let (_folder, session) = session();
    for engine in [Engine::InMemory, Engine::Streaming] {
        let query = || session.run(move || heavy().collect_with_engine(engine).map(|result| result.unwrap_single()));
        let (after, result) = interrupted(&session, query);
        let error = fails(result, "KeyboardInterrupt", "the cell was interrupted");
        assert!(after < Duration::from_millis(500), "{engine:?} stopped {after:?} after the interrupt: {error}");
        // Raised until a new cell clears it.
        fails(session.collect(orders()), "KeyboardInterrupt", "the cell was interrupted");
        session.interrupt().clear();
        assert_eq!(session.collect(orders()).unwrap().height(), 3);
    }
}

#[test]
fn work_that_does_not_look_is_left_behind() {
    if !is_alone("work_that_does_not_look_is_left_behind") {
        return;
    }
    let (_folder, session) = session();
    let deaf = || {
        session.run(|| {
            thread::sleep(Duration::from_secs(3));
            Ok(())
        })
    };
    let (after, result) = interrupted(&session, deaf);
    fails(result, "KeyboardInterrupt", "the cell was interrupted");
    assert!(after < Duration::from_millis(500), "{after:?}");
    session.interrupt().clear();
    assert_eq!(session.collect(orders().filter(col("id").gt(lit(1)))).unwrap().height(), 2);
}

#[test]
fn an_interrupt_without_a_query_is_only_a_flag() {
    let (_folder, session) = session();
    session.interrupt().raise();
    assert!(session.interrupt().is_raised());
    assert!(session.interrupt().check().is_err());
    session.interrupt().clear();
    assert!(session.interrupt().check().is_ok());
    assert_eq!(session.collect(orders()).unwrap().height(), 3);
}

#[test]
fn a_session_that_takes_the_place_of_another_is_stopped_with_it() {
    let (_folder, session) = session();
    let elsewhere = TempDir::new().unwrap();
    let next = session.reopen(elsewhere.path()).unwrap();
    assert_eq!(next.metastore().root(), elsewhere.path().canonicalize().unwrap());
    session.interrupt().raise();
    fails(next.collect(orders()), "KeyboardInterrupt", "the cell was interrupted");
}

#[test]
fn waiting_for_an_interrupt_ends_when_it_comes_and_when_it_has_come() {
    let (_folder, session) = session();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let clone = session.clone();
    let raiser = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        clone.interrupt().raise();
    });
    runtime.block_on(async {
        let wait = || tokio::time::timeout(Duration::from_secs(5), session.interrupt().raised());
        wait().await.unwrap();
        wait().await.unwrap();
    });
    raiser.join().unwrap();
}

#[test]
fn panics_of_polars_are_errors() {
    let (_folder, session) = session();
    fails(session.run(|| -> PolarsResult<()> { panic!("boom {}", 1) }), "COMPUTE_ERROR", "polars panicked: boom 1");
    let panics = orders().with_columns([col("id").map(|_| panic!("in an expression"), |_, field| Ok(field.clone()))]);
    for engine in [Engine::InMemory, Engine::Streaming] {
        let panics = panics.clone();
        let result = session.run(move || panics.collect_with_engine(engine).map(|result| result.unwrap_single()));
        fails(result, "COMPUTE_ERROR", "polars panicked: in an expression");
    }
    assert_eq!(session.collect(orders()).unwrap().height(), 3);
}

#[test]
fn errors_of_polars_name_what_is_near() {
    let (_folder, session) = session();
    let error =
        fails(session.collect(orders().select([col("amuont")])), "COLUMN_NOT_FOUND", "column `amuont` does not exist");
    assert_eq!(error.hint().unwrap(), "did you mean `amount`?");
    let error = session.collect(orders().filter(col("zzz").gt(lit(1)))).err().unwrap();
    assert_eq!(error.hint().unwrap(), "the columns are `id`, `country`, `amount`");
    let error = session.collect(orders().drop(cols(["nope"]))).err().unwrap();
    assert_eq!(error.ename(), "COLUMN_NOT_FOUND", "{error}");
    let error = session.collect(orders().select([col("country").strict_cast(DataType::Int64)])).err().unwrap();
    assert_eq!(error.ename(), "COMPUTE_ERROR");
    assert!(error.message().starts_with("conversion from `str` to `i64` failed"), "{error}");
    assert!(!error.message().contains('\n'), "{error}");
}

/// What a query over a large file gives is no matter of the engine that runs it.
#[test]
fn large_files_are_grouped_as_in_memory() {
    let (folder, session) = session();
    let rows = 0..200_000_i64;
    let mut frame = df!(
        "k" => rows.clone().map(|n| n % 100).collect::<Vec<_>>(),
        "v" => rows.clone().map(|n| (n % 7 != 0).then_some(n)).collect::<Vec<_>>(),
        "t" => rows.map(|n| format!("text {}", n * 7919 % 1000)).collect::<Vec<_>>(),
    )
    .unwrap();
    let path = folder.path().join("large.parquet");
    let writer = ParquetWriter::new(std::fs::File::create(&path).unwrap());
    writer.with_compression(ParquetCompression::Uncompressed).finish(&mut frame).unwrap();
    assert!(path.metadata().unwrap().len() > 1 << 20, "large enough to be streamed");
    let large = || session.read().parquet(path.to_str().unwrap()).unwrap();
    let grouped = |frame: LazyFrame| {
        frame
            .group_by([col("k")])
            .agg([
                len().alias("n"),
                col("v").sum(),
                col("v").mean().alias("mean"),
                col("v").median().alias("median"),
                col("t").n_unique().alias("texts"),
                col("t").filter(col("v").is_null()).n_unique().alias("lost"),
                col("t").sort(Default::default()).first().alias("first"),
            ])
            .sort(["k"], Default::default())
    };
    let ranked = |frame: LazyFrame| {
        let place = col("v").rank(Default::default(), None).over([col("t")]).unwrap();
        grouped(frame.with_columns([place.alias("place")]).filter(col("place").lt(lit(50))))
    };
    let distinct = |frame: LazyFrame| grouped(frame.unique_stable(Some(cols(["k", "t"])), UniqueKeepStrategy::First));
    for query in [&grouped as &dyn Fn(LazyFrame) -> LazyFrame, &ranked, &distinct] {
        let expected = query(frame.clone().lazy()).collect().unwrap();
        assert!(session.collect(query(large())).unwrap().equals_missing(&expected), "{expected}");
    }
    let first = session.collect(grouped(large()).limit(1)).unwrap();
    // 0, 100, .., 199900: a seventh of them is null.
    let kept: i64 = (0..2000).map(|n| n * 100).filter(|n| n % 7 != 0).sum();
    assert_eq!(first.column("v").unwrap().i64().unwrap().get(0), Some(kept));
    assert_eq!(first.column("n").unwrap().u32().unwrap().get(0), Some(2000));
    fails(session.collect(grouped(large().select([col("k")]))), "COLUMN_NOT_FOUND", "column `v` does not exist");
}
