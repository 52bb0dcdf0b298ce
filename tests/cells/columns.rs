//! Unknown columns: found before anything runs where the schema is known, and never where it is not.

use super::Cells;

fn cells() -> Cells {
    let mut cells = Cells::new();
    cells.run(
        "let orders = df!(\"shop\" => [\"a\", \"b\"], \"amount\" => [1.0, 2.0], \"day\" => [1, 2])?; let plan = orders.clone().lazy();
         orders.clone().write().save_as_table(\"kept\")?;",
    );
    cells
}

/// Cells that are refused before they run, with the part that the caret marks, and the hint.
const REFUSED: &[(&str, &str, &str)] = &[
    ("plan.select([col(\"amout\")]).collect()?", "amout", "did you mean `amount`?"),
    ("plan.filter(col(\"shop\").eq(\"north\"))", "north", "the text itself is `lit(\"north\")`"),
    (
        "orders.lazy().filter(col(\"amount\").gt(lit(1)).and(col(\"shp\").eq(lit(\"a\"))))",
        "shp",
        "did you mean `shop`?",
    ),
    ("plan.with_columns([(col(\"amount\") * lit(2)).alias(\"x\"), col(\"days\")])", "days", "did you mean `day`?"),
    ("plan.group_by([col(\"shops\")]).agg([col(\"amount\").sum()])", "shops", "did you mean `shop`?"),
    ("plan.group_by([col(\"shop\")]).agg([col(\"amounts\").sum()])", "amounts", "did you mean `amount`?"),
    ("plan.sort([\"amoumt\"], Default::default())", "amoumt", "did you mean `amount`?"),
    // The schema is that of the place in the chain.
    ("plan.select([col(\"shop\")]).filter(col(\"amount\").gt(lit(1)))", "amount", "the columns are `shop`"),
    ("plan.rename([\"day\"], [\"total\"], true).select([col(\"totals\")])", "totals", "did you mean `total`?"),
    (
        "plan.group_by([col(\"shop\")]).agg([len().alias(\"n\")]).select([col(\"amount\")])",
        "amount",
        "the columns are `shop`, `n`",
    ),
    ("session.table(\"kept\")?.select([col(\"amout\")])", "amout", "did you mean `amount`?"),
    ("let part = plan.select([col(\"shop\")]); part.select([col(\"day\")])", "day", "the columns are `shop`"),
    ("let fresh = df!(\"a\" => [1])?; fresh.lazy().select([col(\"b\")]).collect()?", "b", "the columns are `a`"),
    (
        "plan.left_join(orders.lazy().select([col(\"sop\")]), col(\"shop\"), col(\"shop\"))",
        "sop",
        "did you mean `shop`?",
    ),
];

#[test]
fn unknown_columns_are_found_before_anything_runs() {
    let mut cells = cells();
    for (code, marked, hint) in REFUSED {
        let whole = format!("println!(\"ran\");\n{code}");
        cells.printed.0.lock().unwrap().clear();
        let error = cells.fail(&whole);
        let column = code.find(&format!("\"{marked}\"")).unwrap_or_else(|| panic!("{code}")) + 1;
        let carets = format!("\n      {}{}\n", " ".repeat(column), "^".repeat(marked.len()));
        assert!(error.starts_with(&format!("[COLUMN_NOT_FOUND] column `{marked}` does not exist")), "{code}\n{error}");
        assert!(error.contains(&carets), "{code}\n{error}\n{carets:?}");
        assert!(error.contains(hint), "{code}\n{error}");
        assert_eq!(*cells.printed.0.lock().unwrap(), "", "{code}: something ran");
    }
}

#[test]
fn code_that_works_is_never_refused() {
    let mut cells = cells();
    for code in [
        "if orders.width() > 5 { plan.select([col(\"nope\")]).collect()?; }",
        "let tried = plan.select([col(\"nope\")]).collect(); tried.is_err()",
        "plan.select([col(\"nope\")]).collect().is_err()",
        "match plan.select([col(\"nope\")]).collect() { Ok(_) => 1, Err(_) => 2 }",
        "let mut grown = plan.clone(); for name in [\"x\", \"y\"] { grown = grown.with_columns([lit(1).alias(name)]); } grown.select([col(\"x\"), col(\"y\")]).collect()?.width()",
        "let mut p = plan.clone(); if true { p = p.with_columns([lit(1).alias(\"z\")]); } p.select([col(\"z\")]).collect()?.width()",
        "df!(\"new\" => [1])?.write().mode(\"overwrite\").option(\"overwriteSchema\", \"true\").save_as_table(\"kept\")?; session.table(\"kept\")?.select([col(\"new\")]).collect()?.width()",
        "let plan = plan.with_row_index(\"nr\", None); plan.select([col(\"nr\")]).collect()?.width()",
        "orders.lazy().select([col(\"^a.*$\"), all().as_expr().first()]).limit(1).collect().is_ok()",
        "orders.lazy().group_by([col(\"shop\")]).agg([col(\"amount\")]).select([col(\"amount\").list().eval(element() * lit(2))]).collect()?.width()",
        "let e = col(\"later\"); 1",
        "orders.lazy().pivot(cols([\"shop\"]), df!(\"shop\" => [\"a\", \"b\"])?, cols([\"day\"]), cols([\"amount\"]), element().sum(), true, \"_\".into(), PivotColumnNaming::Auto).select([col(\"a\")]).collect()?.width()",
    ] {
        cells.run(code);
    }
}

#[test]
fn an_unknown_column_of_an_unknown_schema_is_marked_when_it_runs() {
    let mut cells = cells();
    let error = cells
        .fail("let read = session.sql(\"SELECT * FROM orders\")?;\nread.lazy().select([col(\"amout\")]).collect()?");
    let carets = format!("\n      {}^^^^^\n", " ".repeat("read.lazy().select([col(\"".len()));
    assert!(error.contains("column `amout` does not exist") && error.contains(&carets), "{error}");
    assert!(error.contains("did you mean `amount`?"), "{error}");
}
