//! Completion, inspection and "is this cell complete".

use aerostat_cells::Completeness;

use super::Cells;

/// Completes where `|` stands; the texts.
fn complete(cells: &Cells, code: &str) -> Vec<String> {
    let cursor = code.rfind('|').unwrap();
    let completions =
        cells.interpreter.notebook().complete(&format!("{}{}", &code[..cursor], &code[cursor + 1..]), cursor);
    completions.matches.into_iter().map(|completion| completion.text).collect()
}

fn cells() -> Cells {
    let mut cells = Cells::new();
    cells.run("let orders = df!(\"invoice\" => [\"a\"], \"amount\" => [1.0])?; let other = df!(\"zone\" => [1])?;");
    cells
}

#[test]
fn methods_of_the_receivers_type() {
    let cells = cells();
    assert_eq!(complete(&cells, "orders.hei|"), ["height"]);
    assert_eq!(complete(&cells, "orders.lazy().with_col|"), ["with_column", "with_columns", "with_columns_seq"]);
    assert_eq!(
        complete(&cells, "orders.lazy()\n    .filter(col(\"a\").eq(1))\n    .coll|"),
        ["collect", "collect_schema", "collect_with_engine"]
    );
    assert_eq!(complete(&cells, "orders.lazy().collect()?.widt|"), ["width"]);
    assert_eq!(complete(&cells, "let x = col(\"a\").str().to_upper|"), ["to_uppercase"]);
    assert_eq!(complete(&cells, "orders.lazy().select([col(\"a\").is_not_nu|"), ["is_not_null"]);
}

#[test]
fn names_variants_columns_and_tables() {
    let mut cells = cells();
    assert!(complete(&cells, "ord|").contains(&"orders".to_owned()));
    assert!(complete(&cells, "concat_|").contains(&"concat_str".to_owned()));
    assert_eq!(complete(&cells, "JoinType::Le|"), ["Left"]);
    assert_eq!(complete(&cells, "orders.lazy().select([col(\"am|"), ["amount"]);
    assert_eq!(complete(&cells, "orders.lazy().sort([\"in|"), ["invoice"]);
    cells.run("orders.write().save_as_table(\"kept\")?;");
    assert_eq!(complete(&cells, "session.table(\"ke|"), ["kept"]);
    assert_eq!(complete(&cells, "session.table(\"default.k|"), ["default.kept"]);
    assert_eq!(complete(&cells, "orders[\"|"), ["amount", "invoice"]);
    assert_eq!(complete(&cells, "let n = orders.clone()[\"am|"), ["amount"]);
    assert_eq!(complete(&cells, "let v = [1]; v[\"|"), Vec::<String>::new());
    let folder = cells.folder.path().display().to_string();
    for call in ["session.read_csv(\"", "session.read().json(\"", "std::fs::read_to_string(\"", "File::open(\""] {
        assert_eq!(complete(&cells, &format!("{call}{folder}/wareh|")), [format!("{folder}/warehouse/")], "{call}");
    }
}

#[test]
fn what_the_cell_itself_defines_is_known() {
    let cells = cells();
    assert_eq!(complete(&cells, "let part = orders.lazy();\npart.with_row_in|"), ["with_row_index"]);
    assert_eq!(complete(&cells, "let word = \"x\"; for c in word.chars() { if c.is_alphan|"), ["is_alphanumeric"]);
    assert_eq!(complete(&cells, "[\"a\"].iter().map(|name| name.to_upper|"), ["to_uppercase"]);
    assert_eq!(complete(&cells, "let v = vec![1.5]; let s = match v.first() { Some(x) => x.powi|"), ["powi"]);
    assert_eq!(complete(&cells, "(1..3).map(|n| n * 2).filter_m|"), ["filter_map"]);
    let inner = complete(&cells, "for number in [1] { let twice = 2 * numb|");
    assert!(inner.contains(&"number".to_owned()), "{inner:?}");
}

#[test]
fn fields_of_options_are_completed() {
    let cells = cells();
    assert_eq!(complete(&cells, "col(\"a\").rank(RankOptions { meth|"), ["method"]);
    assert_eq!(complete(&cells, "RankOptions { method: RankMethod::Min, desc|"), ["descending"]);
    assert_eq!(complete(&cells, "let o = RankOptions::default(); o.desc|"), ["descending"]);
    assert!(complete(&cells, "RankMethod::|").contains(&"Dense".to_owned()));
}

#[test]
fn columns_are_those_of_the_place_in_the_chain() {
    let cells = cells();
    let renamed = "orders.lazy().rename([\"amount\"], [\"total\"], true).select([col(\"";
    assert_eq!(complete(&cells, &format!("{renamed}|")), ["invoice", "total"]);
    let grouped = "orders.lazy().group_by([col(\"invoice\")]).agg([len().alias(\"lines\")]).sort([\"";
    assert_eq!(complete(&cells, &format!("{grouped}|")), ["invoice", "lines"]);
    assert_eq!(complete(&cells, "let mine = df!(\"only\" => [1])?; mine.lazy().filter(col(\"|"), ["only"]);
    assert_eq!(
        complete(&cells, "orders.lazy().filter(col(\"invoice\").str().contains(lit(\"am|"),
        Vec::<String>::new()
    );
}

#[test]
fn inspection_shows_signature_doc_and_contents() {
    let cells = cells();
    let inspect = |code: &str, detail| {
        let bundle = cells.interpreter.notebook().inspect(code, code.len(), detail)?;
        Some(bundle.0["text/plain"].as_str()?.to_owned())
    };
    let help = inspect("orders.lazy().left_join", 0).unwrap();
    assert!(help.contains("fn LazyFrame::left_join(self, other: LazyFrame"), "{help}");
    assert!(help.contains("docs.rs/polars"), "{help}");
    let variable = inspect("orders", 0).unwrap();
    assert!(variable.contains("orders: DataFrame") && variable.contains("1 row, 2 columns"), "{variable}");
    assert!(inspect("orders", 1).unwrap().contains("shape: (1, 2)"));
    assert!(inspect("JoinArgs", 0).unwrap().contains("suffix: Option<String>"));
    assert!(
        inspect("JoinType", 0).unwrap().contains("Values: Anti") || inspect("JoinType", 0).unwrap().contains("Left")
    );
    assert!(inspect("[1].iter().map", 0).unwrap().contains("impl Fn(T) -> U"));
    assert!(inspect("col(\"a\").str().to_uppercase", 0).unwrap().contains("?search=StringNameSpace::to_uppercase"));
    assert_eq!(inspect("nonsense", 0), None);
}

#[test]
fn completeness() {
    let notebook = Cells::new().interpreter.notebook();
    assert_eq!(notebook.is_complete("let x = 1;"), Completeness::Complete);
    assert_eq!(notebook.is_complete("1 + 1"), Completeness::Complete);
    assert_eq!(notebook.is_complete("for i in 0..3 {"), Completeness::Incomplete { indent: "    ".into() });
    assert_eq!(notebook.is_complete("  foo(1,"), Completeness::Incomplete { indent: "      ".into() });
    assert_eq!(notebook.is_complete("let x ="), Completeness::Incomplete { indent: String::new() });
    assert_eq!(notebook.is_complete("let s = \"abc"), Completeness::Incomplete { indent: "    ".into() });
    assert_eq!(notebook.is_complete("let 5x = ;"), Completeness::Invalid);
    // What is in a raw string is text, whatever it looks like.
    for whole in ["let s = r#\"a \"b { (\"#;", "r\"\\\"", "br##\"\"# \"##", "let r = 1; for_r(r)"] {
        assert_eq!(notebook.is_complete(whole), Completeness::Complete, "{whole}");
    }
    for open in ["let s = r#\"abc\"", "r##\"x\"#;", "f(r\"\\\""] {
        assert!(matches!(notebook.is_complete(open), Completeness::Incomplete { .. }), "{open}");
    }
}

#[test]
fn variables_are_listed() {
    let cells = cells();
    let names: Vec<String> = cells.interpreter.notebook().variables().into_iter().map(|v| v.name).collect();
    assert_eq!(names, ["orders", "other"]);
}
