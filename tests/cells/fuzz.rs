//! Cells of any text: an error at worst, never a panic, a hang or a stack overflow, and the notebook goes on.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::Cells;

/// What random cells are made of.
const WORDS: &[&str] = &[
    "let ",
    "mut ",
    "x",
    "y",
    "frame",
    "if ",
    "else ",
    "match ",
    "for ",
    "in ",
    "while ",
    "loop ",
    "break",
    "continue",
    "return ",
    "'a: ",
    "=",
    "==",
    "=>",
    "+",
    "-",
    "*",
    "/",
    "%",
    "<<",
    ">>",
    "<",
    ">",
    "&",
    "|",
    "!",
    "?",
    ";",
    ",",
    ".",
    "::",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "..",
    "..=",
    "0",
    "1",
    "255_u8",
    "-1",
    "1e300",
    "9223372036854775807",
    "0.5",
    "\"a\"",
    "\"{}\"",
    "'c'",
    "true",
    "None",
    "Some(1)",
    "Some",
    "Ok",
    "Err",
    "vec!",
    "println!",
    "format!",
    "df!",
    "col(\"a\")",
    "lit(1)",
    ".lazy()",
    ".collect()",
    ".collect::<Vec<_>>()",
    ".iter()",
    ".map(|x| x)",
    ".filter(|x| true)",
    ".sum::<i64>()",
    ".rev()",
    ".unwrap()",
    ".push(1)",
    ".len()",
    ".select([col(\"a\")])",
    ".group_by([col(\"a\")])",
    ".cycle()",
    ".take(3)",
    " as u8",
    " as f64",
    "0..10",
    "0..",
    ".chars()",
    "fn ",
    "|x| ",
    "&mut ",
    "HashMap::new()",
    ".entry(1).or_insert(0)",
    "_",
    "@",
    "#",
    "\\",
    "é",
    "\n",
    " ",
];

/// Cells that work, to be damaged.
const WHOLE: &[&str] = &[
    "let plan = frame.clone().lazy().filter(col(\"a\").gt(lit(1))).select([col(\"a\").sum().alias(\"s\")]); plan.collect()?",
    "let mut m = BTreeMap::new(); for w in \"a b a\".split(' ') { *m.entry(w).or_insert(0) += 1; } println!(\"{m:?}\");",
    "match (1..5).map(|n| n * n).find(|n| *n > 3) { Some(n @ 1..=9) => n, Some(_) => 0, None => -1 }",
    "let v: Vec<i64> = [3, 1, 2].iter().map(|x| x * 2).collect(); v.iter().enumerate().map(|(i, x)| i as i64 * x).sum::<i64>()",
    "'outer: loop { let mut n = 0; while n < 10 { n += 1; if n == 5 { break 'outer; } } }",
    "let s = format!(\"{:>8.2}|{:#x}|{:?}\", 3.14159, 255, Some(\"x\")); s.chars().rev().collect::<String>()",
];

fn cell() -> impl Strategy<Value = String> {
    let soup = prop::collection::vec(prop::sample::select(WORDS), 1..40).prop_map(|words| words.concat());
    let damaged = (prop::sample::select(WHOLE), any::<prop::sample::Index>(), 0_usize..12, prop::sample::select(WORDS));
    let damaged = damaged.prop_map(|(cell, at, length, word)| {
        let at = cell.floor_char_boundary(at.index(cell.len()));
        let end = cell.floor_char_boundary((at + length).min(cell.len()));
        format!("{}{word}{}", &cell[..at], &cell[end..])
    });
    prop_oneof![soup, damaged, ".{0,60}", "[ -~\n]{0,80}"]
}

/// The longest that one cell may take, on a machine that has other work as well.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs cells on a thread of its own, with an eye on the clock: `alive` is told after each.
fn watched(run: impl FnOnce(&mut Cells, &mpsc::Sender<()>) + Send + 'static) {
    let (alive, signs) = mpsc::channel();
    let worker = thread::spawn(move || {
        let mut cells = Cells::new();
        cells.run("let frame = df!(\"a\" => [1, 2, 3], \"b\" => [\"x\", \"y\", \"z\"])?;");
        run(&mut cells, &alive);
        assert_eq!(cells.run("frame.height()"), "3", "the notebook goes on");
    });
    loop {
        match signs.recv_timeout(PATIENCE) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("a cell hangs"),
            Err(mpsc::RecvTimeoutError::Disconnected) => return worker.join().unwrap(),
        }
    }
}

/// Runs a cell, and interrupts it if it takes long, as a user would.
fn attempt(cells: &mut Cells, code: &str) {
    let interrupt = cells.session.interrupt().clone();
    interrupt.clear();
    let (done, finished) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        if finished.recv_timeout(Duration::from_millis(300)).is_err() {
            interrupt.raise();
        }
    });
    let _ = cells.interpreter.plan(code);
    if let Err(error) = cells.interpreter.run(code) {
        assert_ne!(error.ename(), "INTERNAL_ERROR", "{code}\n{}", error.render(code));
        let _ = error.render(code);
    }
    let _ = done.send(());
    watch.join().unwrap();
    cells.session.interrupt().clear();
}

#[test]
fn random_cells_give_errors_at_worst() {
    watched(|cells, alive| {
        // `PROPTEST_CASES` asks for more.
        let defaults = Config::default();
        let cases = defaults.cases.max(600);
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..defaults });
        let cells = std::cell::RefCell::new(cells);
        let result = runner.run(&cell(), |code| {
            let cells = &mut *cells.borrow_mut();
            attempt(cells, &code);
            // Help must stand any text as well, with the cursor anywhere.
            let notebook = cells.interpreter.notebook();
            for cursor in [0, code.len() / 2, code.len()] {
                notebook.complete(&code, cursor);
                notebook.inspect(&code, cursor, 1);
            }
            notebook.is_complete(&code);
            let _ = alive.send(());
            Ok(())
        });
        result.unwrap();
        cells.borrow_mut().run("let frame = df!(\"a\" => [1, 2, 3], \"b\" => [\"x\", \"y\", \"z\"])?;");
    });
}

#[test]
fn deep_and_long_cells_do_not_exhaust_the_stack() {
    let n = 1_900;
    let deep = [
        format!("{}1{}", "(".repeat(120), ")".repeat(120)),
        format!("{}1", "-".repeat(n)),
        format!("1{}", " + 1".repeat(n)),
        format!("true{}", " && true".repeat(n / 2)),
        format!("\"x\"{}", ".trim()".repeat(n)),
        format!("if true {{ 1 }}{} else {{ 0 }}", " else if true { 1 }".repeat(n / 2)),
        format!("let x = {}1;", "&".repeat(n)),
        format!("match 1 {{ {}x => x }}", "&".repeat(n)),
        format!("{}1{}", "{ -".repeat(120), " }".repeat(120)),
        "return ".repeat(n),
        format!("let v: {}i32{} = None;", "Option<".repeat(n / 2), ">".repeat(n / 2)),
        "((((----".repeat(5_000),
        format!("{} 1 {}", "-(".repeat(100_000), ")".repeat(100_000)),
        format!("{}x{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("col(\"a\"){}", ".abs()".repeat(n)),
        "let mut it = (0..3).skip(0); for _ in 0..100_000 { it = it.skip(0); } it.count()".to_owned(),
        "let mut v = vec![]; v.push(v);".to_owned(),
        "let mut o = None; for _ in 0..10 { o = Some(o); }".to_owned(),
    ];
    watched(move |cells, alive| {
        for code in &deep {
            let _ = alive.send(());
            attempt(cells, code);
            cells.interpreter.notebook().complete(code, code.len());
        }
    });
}

#[test]
fn huge_numbers_and_endless_iterators_do_not_exhaust_the_memory() {
    watched(|cells, alive| {
        for code in [
            "vec![0; 1_000_000_000_000].len()",
            "\"x\".repeat(1_000_000_000_000).len()",
            "(0..).collect::<Vec<i64>>().len()",
            "(0_i64..1_000_000_000_000).collect::<Vec<_>>().len()",
            "[1].iter().cycle().count()",
            "let mut v = vec![1]; v.resize(1_000_000_000_000, 0);",
            "println!(\"{:1$}\", 1, 10_000_000_000)",
            "99999999999999999999999999999999999999999999",
            "i128::MAX + 1",
            "170141183460469231731687303715884105727_i128 * 2",
            "1e400 as i128",
            "loop {}",
            "for i in 0.. { let x = i; }",
        ] {
            let _ = alive.send(());
            attempt(cells, code);
        }
    });
}

#[test]
fn a_panic_inside_polars_ends_the_cell_and_not_the_session() {
    let mut cells = Cells::new();
    cells.run("let frame = df!(\"a\" => [1, 2, 3])?; let kept = 7;");
    let error = cells.fail("println!(\"before\"); as_struct(vec![])");
    assert!(error.contains("[COMPUTE_ERROR] polars panicked: expected at least 1 field in 'as_struct'"), "{error}");
    assert!(error.contains("  1 | ") && error.contains("^^^^^^^^^"), "{error}");
    assert_eq!(cells.run("kept + frame.height() as i32"), "10");
}
