//! Errors: found before anything runs, at their place, with advice.

use aerostat_cells::Plan;

use super::Cells;

/// Cells that fail, what the error must contain, in order.
const CASES: &[(&str, &[&str])] = &[
    ("sale", &["[VARIABLE_NOT_FOUND] cannot find `sale`", "1 | sale", "^^^^", "did you mean `sales`?"]),
    (
        "sales.lazy().filtr(col(\"x\"))",
        &["[METHOD_NOT_FOUND] no method `filtr` on type `LazyFrame`", "^^^^^", "`filter`"],
    ),
    ("sales.with_columns([col(\"x\")])", &["[METHOD_NOT_FOUND]", "`.lazy()` first"]),
    ("sales.lazy().height()", &["[METHOD_NOT_FOUND]", "`.collect()?` first"]),
    ("col(\"x\").to_uppercase()", &["[METHOD_NOT_FOUND]", ".str().to_uppercase(..)"]),
    (
        "sales.lazy().filter(\"x\")",
        &["[TYPE_MISMATCH] mismatched types: expected `Expr`, found `String`", "^^^", "col"],
    ),
    ("sales.lazy().select(col(\"x\"))", &["[TYPE_MISMATCH]", "put it into an array"]),
    (
        "sales.lazy().limit()",
        &["[TYPE_MISMATCH] `limit` takes 1 argument, 0 given", "fn LazyFrame::limit(self, n: u32)"],
    ),
    ("sales.lazy().collect().height()", &["[METHOD_NOT_FOUND]", "add `?`"]),
    ("col(\"a\") > 1", &["[TYPE_MISMATCH] columns are not compared with operators", "write `.gt(..)`"]),
    ("col(\"a\") + 1", &["[TYPE_MISMATCH] cannot compute `Expr` + `{integer}`", "lit(..)"]),
    ("\"x\" * 2", &["[TYPE_MISMATCH] cannot compute `String` * `{integer}`", "`col(\"..\")` is a column"]),
    ("sales.lazy().group_by(\"x\")", &["[TYPE_MISMATCH]", "put it into an array"]),
    ("sales.select([col(\"x\")])", &["[TYPE_MISMATCH]", "^^^^^^^^^^", "expressions are for plans: `.lazy()` before"]),
    ("sales.filter(col(\"x\"))", &["[TYPE_MISMATCH]", "expressions are for plans: `.lazy()` before"]),
    (
        "sales.lazy().join(sales.lazy(), [col(\"x\")], [col(\"x\")], JoinType::Left)",
        &["[TYPE_MISMATCH]", "^^^^^^^^^^^^^^", "write `JoinArgs::new(..)`"],
    ),
    (
        "sales.group_by([\"x\"])?.sum()",
        &["[METHOD_NOT_FOUND]", "^^^", "`df.lazy().group_by([..]).agg([col(\"..\").sum(..)])`"],
    ),
    (
        "sales.lazy().group_by([col(\"x\")]).sum()",
        &["[METHOD_NOT_FOUND]", "^^^", "aggregate with `.agg([col(\"..\").sum(..)])`"],
    ),
    ("sales.lazy().head(5)", &["[METHOD_NOT_FOUND]", "^^^^", "here that is `.limit(5)`"]),
    ("sales.lazy().select([all()])", &["[TYPE_MISMATCH]", "found `Selector`", "`.as_expr()`"]),
    ("sales.lazy().select([cols([\"a\"])])", &["[TYPE_MISMATCH]", "found `Selector`", "`.as_expr()`"]),
    ("sales.lazy().agg([col(\"x\")])", &["[METHOD_NOT_FOUND]", "^^^", "it is a method of `LazyGroupBy`"]),
    ("sales[\"amount\"].sum::<f64>()", &["[METHOD_NOT_FOUND]", "`.as_materialized_series().sum(..)`"]),
    ("col([\"a\", \"b\"])", &["[TYPE_MISMATCH]", "several columns are `cols([..])`"]),
    ("sales.drop(\"amout\")?", &["[COLUMN_NOT_FOUND]", "^^^^^", "did you mean `amount`?"]),
    ("sales.amount", &["[FIELD_NOT_FOUND] no field `amount`", "^^^^^^", "a column is `df[\"amount\"]`"]),
    ("sales[\"amout\"]", &["[PANIC] column `amout` does not exist", "did you mean `amount`?"]),
    ("sales[1.5]", &["[TYPE_MISMATCH] mismatched types: expected `usize`", "^^^"]),
    ("sales[9]", &["[PANIC] index out of bounds: the len is 1 but the index is 9"]),
    ("pl.col(\"x\")", &["[VARIABLE_NOT_FOUND] cannot find `pl`", "^^", "`col(..)` needs nothing in front of it"]),
    ("spark.sql(\"SELECT 1\")", &["[VARIABLE_NOT_FOUND] cannot find `spark`", "write `session.sql(..)`"]),
    ("println(\"x\")", &["[FUNCTION_NOT_FOUND] cannot find `println`", "it is a macro: `println!(..)`"]),
    ("JoinValidation::Several", &["[FUNCTION_NOT_FOUND]", "`JoinValidation` has `ManyToMany`"]),
    ("std::fs::read_to_string(\"/no/such\")?", &["[IO_ERROR] reading `/no/such`"]),
    ("1 + 1.0", &["[TYPE_MISMATCH] cannot compute"]),
    ("let x: i64 = \"a\";", &["[TYPE_MISMATCH] mismatched types: expected `i64`, found `String`"]),
    ("if 1 { 2 } else { 3 }", &["[TYPE_MISMATCH] mismatched types: expected `bool`"]),
    ("let n = 1; n = 2;", &["[TYPE_MISMATCH] cannot change `n`, which is not declared as mutable", "let mut n"]),
    ("JoinType::Lft", &["[FUNCTION_NOT_FOUND] cannot find `JoinType::Lft`", "`Left`"]),
    ("RankOptions { methd: RankMethod::Min, ..Default::default() }", &["[FIELD_NOT_FOUND]", "`method`"]),
    ("pritnln!(\"x\")", &["[MACRO_NOT_FOUND]", "`println!`"]),
    ("println!(\"{} {}\", 1)", &["[SYNTAX_ERROR] argument 2 is missing"]),
    ("println!(\"{}\", vec![1])", &["[TYPE_MISMATCH]", "write it with `{:?}`"]),
    ("let x = ;", &["[SYNTAX_ERROR]", "1 | let x = ;"]),
    ("foo(1", &["[SYNTAX_ERROR] this is not closed", "foo(1", "^"]),
    ("let f = |x| x + 1;", &["[NOT_SUPPORTED] a closure outside of a call", "^^^^^^^^"]),
    ("fn f() {}", &["[NOT_SUPPORTED] an item"]),
    ("use serde::Serialize;", &["[NOT_SUPPORTED] crate `serde`"]),
    ("f(1); fn f(n: i32) {}", &["[NOT_SUPPORTED] an item"]),
    ("match sales[0].get(0)? { AnyValue::Float64(x) => x }", &["non-exhaustive patterns"]),
    ("match 1 { AnyValue::Float64(x) => x, _ => 0.0 }", &["[TYPE_MISMATCH]", "^^^^^^^^^^^^^^^^^^^^"]),
    ("let mut v = vec![0u8]; CsvWriter::new(&mut v)", &["[NOT_SUPPORTED] a mutable reference here", "^^^^^^"]),
    (
        "DynamicGroupOptions { index_column: 1, ..Default::default() }",
        &["[FIELD_NOT_FOUND]", "`DynamicGroupOptions` has `every`"],
    ),
    ("UnpivotArgsDSL { on: None, ..Default::default() }", &["has no default", "give all of its fields: `on`, `index`"]),
    ("match 1 { 1 => 2 }", &["non-exhaustive patterns"]),
    ("break;", &["[SYNTAX_ERROR] `break` outside of a loop"]),
    ("300_u8", &["literal out of range for `u8`"]),
    ("session.table(\"nowhere\")?", &["[TABLE_NOT_FOUND]", "\n                     ^^^^^^^"]),
    ("sales.column(\"amout\")?", &["[COLUMN_NOT_FOUND]", "amout", "did you mean `amount`?"]),
    ("sales.lazy().select([col(\"amout\")]).collect()?", &["[COLUMN_NOT_FOUND]", "amout"]),
    ("i32::MAX + 1", &["[PANIC] attempt to add with overflow"]),
    ("1 / 0", &["[PANIC] attempt to divide by zero"]),
    ("[1, 2][2]", &["[PANIC] index out of bounds: the len is 2 but the index is 2"]),
    ("let n: Option<i32> = None; n.unwrap()", &["[PANIC] called `Option::unwrap()` on a `None` value"]),
    ("panic!(\"no {}\", 1)", &["[PANIC] no 1"]),
    (concat!("todo", "!()"), &["[PANIC] not yet implemented\n", "^^^^^^^"]),
    (concat!("todo", "!(\"step {}\", 2)"), &["[PANIC] not yet implemented: step 2\n"]),
    ("unreachable!(\"x\")", &["[PANIC] internal error: entered unreachable code: x\n"]),
    ("JoinType", &["[VARIABLE_NOT_FOUND]", "`JoinType` is a type: "]),
    ("session.read_csv(\"no/such.csv\")?", &["[FILE_NOT_FOUND]", "\n                        ^^^^^^^^^^^\n"]),
    (
        "session.read().option(\"delimeter\", 1).csv(\"src\")?",
        &["[OPTION_NOT_FOUND]", "^^^^^^^^^\n", "did you mean `delimiter`?"],
    ),
    ("assert!(1 + 1 == 3)", &["[PANIC] assertion failed: 1 + 1 == 3"]),
    ("assert_eq!(1 + 1, 3, \"sum\")", &["[PANIC] assertion `left == right` failed: sum", "left: 2", "right: 3"]),
    ("\"x\".parse::<i32>()?", &["[INVALID_ARGUMENT] `x` is not a valid `i32`"]),
    ("df!(\"a\" => [1, 2], \"b\" => [1])?", &["length"]),
];

#[test]
fn errors_say_what_where_and_what_to_do() {
    let mut cells = Cells::new();
    cells.run("let sales = df!(\"amount\" => [1.0, 2.0])?;");
    for (code, wanted) in CASES {
        let error = cells.fail(code);
        let mut rest = error.as_str();
        for part in *wanted {
            let Some(at) = rest.find(part) else { panic!("{code}\n{error}\nlacks {part:?}") };
            rest = &rest[at + part.len()..];
        }
    }
}

#[test]
fn what_has_to_be_compiled_is_told_from_what_is_wrong() {
    let cells = Cells::new();
    let compiled =
        ["fn f() {}", "struct S;", "let f = |x| x + 1;", "use serde::Serialize;", "unsafe { f() }", "f(); fn f() {}"];
    for code in compiled {
        let plan = cells.interpreter.plan(code).unwrap();
        assert!(matches!(&plan, Plan::Compile { span, .. } if span.end <= code.len()), "{code}: {plan:?}");
    }
    for code in ["1 + 1", "use polars::prelude::*; col(\"a\")", "let x = 1; x"] {
        assert_eq!(cells.interpreter.plan(code).unwrap(), Plan::Interpret, "{code}");
    }
    for code in ["unknown", "1 + 1.0", "col(\"a\").alais(\"b\")", "let x: i64 = \"a\";", "let x = ;"] {
        assert!(cells.interpreter.plan(code).is_err(), "{code}");
    }
}

#[test]
fn nothing_runs_unless_the_whole_cell_checks() {
    let mut cells = Cells::new();
    cells.fail("let before = 1; println!(\"ran\"); unknown");
    assert_eq!(*cells.printed.0.lock().unwrap(), "");
    assert!(cells.fail("before").contains("VARIABLE_NOT_FOUND"));
}

#[test]
fn what_was_bound_before_an_error_stays() {
    let mut cells = Cells::new();
    cells.fail("let kept = 1; session.table(\"nowhere\")?; let lost = 2;");
    assert_eq!(cells.run("kept"), "1");
    assert!(cells.fail("lost").contains("VARIABLE_NOT_FOUND"));
}

#[test]
fn an_error_that_nobody_looks_at_ends_the_cell() {
    let mut cells = Cells::new();
    assert!(cells.fail("session.table(\"nowhere\"); 1").contains("TABLE_NOT_FOUND"));
    assert!(cells.fail("session.table(\"nowhere\")").contains("TABLE_NOT_FOUND"));
    assert_eq!(cells.run("session.table(\"nowhere\").is_err()"), "true");
}

#[test]
fn the_caret_points_into_the_right_line() {
    let mut cells = Cells::new();
    let error = cells.fail("let a = 1;\nlet café = \"é\"; let b = café.lenn();\n");
    let marked = "[METHOD_NOT_FOUND] no method `lenn` on type `String`\n  2 | let café = \"é\"; let b = café.lenn();\n                                   ^^^^\nhint: ";
    assert!(error.starts_with(marked), "{error}");
}

#[test]
fn an_error_in_sql_points_into_the_text_that_the_cell_gives() {
    let mut cells = Cells::new();
    cells.run("let sales = df!(\"amount\" => [1.0, 2.0])?;");
    for (code, line, marked) in [
        (
            "let q = 1;\nsession.sql(\"SELECT amout FROM sales\")?",
            "  2 | session.sql(\"SELECT amout FROM sales\")?",
            "amout",
        ),
        ("session.sql(r#\"SELEC 1\"#)?", "  1 | session.sql(r#\"SELEC 1\"#)?", "SELEC"),
        (
            "session.sql(\"SELECT 1,\\n amout FROM sales\")?",
            "  1 | session.sql(\"SELECT 1,\\n amout FROM sales\")?",
            "\"SELECT 1,\\n amout FROM sales\"",
        ),
        ("session.sql(\"SELECT 1\nFROM nowhere\")?", "  2 | FROM nowhere\")?", "nowhere"),
    ] {
        let error = cells.fail(code);
        let carets = format!("{}{}", " ".repeat(line.find(marked).unwrap()), "^".repeat(marked.len()));
        assert!(error.contains(&format!("{line}\n{carets}")), "{error}");
        assert!(!error.contains(&format!("{carets}^")), "{error}");
    }
}

#[test]
fn hostile_cells_are_refused() {
    let mut cells = Cells::new();
    assert!(cells.fail(&"(".repeat(100_000)).contains("SYNTAX_ERROR"));
    assert!(cells.fail(&format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000))).contains("deeply nested"));
    assert!(cells.fail(&format!("1{}", "+1".repeat(50_000))).contains("too large"));
    assert!(cells.fail("\"unclosed").contains("SYNTAX_ERROR"));
    assert!(cells.fail("\u{0}").contains("SYNTAX_ERROR"));
}

#[test]
fn the_caret_marks_the_whole_expression() {
    let mut cells = Cells::new();
    cells.run("let a = vec![1, 2]; let name = \"é\".to_string();");
    // How a literal, a path, a call, a chain and so on begin and end.
    for expression in [
        "12",
        "'x'",
        "name",
        "std::f64::consts::PI",
        "f64::from(1.5_f32)",
        "1 + 2 * a[0]",
        "-a[1]",
        "[1, 2]",
        "(1, \"é\")",
        "a[0]",
        "(1, 2).1",
        "1 as f64",
        "1..3",
        "vec![1; 3]",
        "format!(\"é{}\", 1)",
        "if a.is_empty() { 1 } else { 2 }",
    ] {
        let code = format!("let é = 1; let b: bool = {expression};");
        let error = cells.interpreter.run(&code).unwrap_err();
        let span = error.span().unwrap_or_else(|| panic!("{}", error.render(&code)));
        assert_eq!(&code[span.start..span.end], expression, "{}", error.render(&code));
    }
}

#[test]
fn names_of_other_front_ends_lead_to_what_there_is_here() {
    let mut cells = Cells::new();
    let folder = tempfile::tempdir().unwrap();
    cells.run("let df = df!(\"x\" => [\"a\", \"b\"])?; let (a, b) = (df.clone().lazy(), df.clone().lazy());");
    let of_columns = ["rlike", "substr", "desc", "asc", "between", "forward_fill", "backward_fill"];
    let of_frames = [
        "orderBy",
        "sort_by",
        "distinct",
        "dropDuplicates",
        "drop_duplicates",
        "dropna",
        "fillna",
        "unionAll",
        "unionByName",
        "withColumnRenamed",
        "write_csv",
        "write_parquet",
    ];
    let columns = of_columns.map(|name| ("col(\"x\")", name));
    let frames = of_frames.into_iter().flat_map(|name| [("a.clone()", name), ("df.clone()", name)]);
    for (receiver, name) in columns.into_iter().chain(frames) {
        let error = cells.fail(&format!("{receiver}.{name}()"));
        let hint = error.split_once("hint: here that is `").unwrap_or_else(|| panic!("{error}")).1;
        let here = hint.trim_end().trim_end_matches('`');
        let path = folder.path().join(format!("{receiver}-{name}")).display().to_string();
        let here = here.replace("..", if here.contains(".write()") { &path } else { "x" });
        let receiver = match () {
            () if !here.starts_with('.') => "",
            () if here.starts_with(".sort(") => "a.clone()",
            () => receiver,
        };
        cells.run(&format!("let done = {receiver}{here};"));
    }
}
