//! Frames: built, transformed, joined, written and read.

use super::Cells;

const SALES: &str = r#"
let sales = df!(
    "shop" => ["a", "b", "a", "c", "b", "a"],
    "day" => [1, 1, 2, 2, 3, 3],
    "amount" => [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
)?;
"#;

/// Runs `code` after the sales are there; the values of the result's only column, or rows joined.
fn rows(code: &str) -> Vec<String> {
    let mut cells = Cells::new();
    cells.run(SALES);
    cells.run(&format!("let result = {code};"));
    let frame = cells.session.sql("SELECT * FROM result").unwrap();
    (0..frame.height())
        .map(|row| {
            let values: Vec<String> =
                frame.columns().iter().map(|c| c.get(row).unwrap().str_value().to_string()).collect();
            values.join("|")
        })
        .collect()
}

#[test]
fn frames_show_as_polars_shows_them() {
    let mut cells = Cells::new();
    cells.run(SALES);
    let shown = cells.run("sales.head(Some(2))");
    assert!(shown.starts_with("shape: (2, 3)"), "{shown}");
    assert!(shown.contains("┆"), "{shown}");
    let plan = cells.run("sales.clone().lazy().filter(col(\"amount\").gt(15.0))");
    assert!(plan.contains("LazyFrame") && plan.contains("shape: (5, 3)"), "{plan}");
    assert_eq!(cells.run("sales.height()"), "6");
    assert_eq!(cells.run("sales.shape()"), "(6, 3)");
    assert_eq!(cells.run("sales.get_column_names()"), "[\"shop\", \"day\", \"amount\"]");
    assert_eq!(cells.run("sales.column(\"amount\")?.f64()?.get(5)"), "Some(60.0)");
    assert_eq!(cells.run("sales.column(\"amount\")?.as_materialized_series().sum::<f64>()?"), "210.0");
    assert_eq!(cells.run("sales.column(\"day\")?.get(0)?.try_extract::<i32>()?"), "1");
}

#[test]
fn a_frame_is_not_moved_away() {
    let mut cells = Cells::new();
    cells.run(SALES);
    cells.run("let plan = sales.lazy(); let once = plan.filter(col(\"day\").eq(lit(1)));");
    assert_eq!(cells.run("plan.collect()?.height() + once.collect()?.height() + sales.height()"), "14");
}

#[test]
fn group_join_sort_window() {
    assert_eq!(
        rows(
            "sales.lazy().group_by([col(\"shop\")]).agg([col(\"amount\").sum(), len().alias(\"n\")]).sort([\"shop\"], Default::default()).collect()?"
        ),
        ["a|100.0|3", "b|70.0|2", "c|40.0|1"]
    );
    assert_eq!(
        rows(
            "sales.lazy().with_columns([col(\"amount\").sum().over([col(\"shop\")])?.alias(\"total\")])
                .select([(col(\"amount\") / col(\"total\")).round(3, RoundMode::HalfToEven).alias(\"share\")]).collect()?"
        ),
        ["0.1", "0.286", "0.3", "1.0", "0.714", "0.6"]
    );
    assert_eq!(
        rows(
            "{
                let names = df!(\"shop\" => [\"a\", \"b\"], \"name\" => [\"Alpha\", \"Beta\"])?.lazy();
                sales.lazy().join(names, [col(\"shop\")], [col(\"shop\")], JoinArgs::new(JoinType::Left))
                    .filter(col(\"day\").eq(2)).select([col(\"name\")]).collect()?
            }"
        ),
        ["Alpha", "null"]
    );
    assert_eq!(
        rows(
            "sales.lazy().sort([\"amount\"], SortMultipleOptions::default().with_order_descending(true)).limit(1).select([col(\"shop\")]).collect()?"
        ),
        ["a"]
    );
    assert_eq!(
        rows(
            "sales.lazy().select([col(\"amount\").rank(RankOptions { method: RankMethod::Ordinal, descending: true }, None)]).collect()?"
        ),
        ["6", "5", "4", "3", "2", "1"]
    );
}

#[test]
fn expressions() {
    let cases = [
        ("when(col(\"amount\").gt(35.0)).then(lit(\"big\")).otherwise(lit(\"small\")).first()", "small"),
        ("col(\"amount\").quantile(lit(0.85), QuantileMethod::Linear)", "52.5"),
        ("col(\"amount\").shift(lit(1)).last()", "50.0"),
        ("col(\"shop\").n_unique()", "3"),
        ("col(\"shop\").str().to_uppercase().first()", "A"),
        ("col(\"shop\").str().starts_with(lit(\"a\")).sum()", "3"),
        ("col(\"amount\").cum_sum(false).last()", "210.0"),
        ("col(\"shop\").is_in(lit(Series::new(\"x\".into(), [\"a\", \"b\"])).implode(true), false).sum()", "5"),
        ("lit(NULL).cast(DataType::Int64).fill_null(lit(9))", "9"),
        ("datetime(DatetimeArgs::new(2012, 1, 2)).dt().strftime(\"%Y%m\")", "201201"),
        (
            "lit(\"2012-02-29\").str().to_date(StrptimeOptions { format: Some(\"%Y-%m-%d\".into()), ..Default::default() }).dt().ordinal_day()",
            "60",
        ),
        ("concat_str([col(\"shop\").first(), col(\"day\").last().cast(DataType::String)], \"-\", false)", "a-3"),
        ("(col(\"amount\") * lit(2) - lit(1)).max()", "119.0"),
        ("col(\"day\").cast(DataType::Int64).pow(2).sum()", "28"),
    ];
    for (expr, expected) in cases {
        assert_eq!(rows(&format!("sales.lazy().select([{expr}.alias(\"v\")]).collect()?")), [expected], "{expr}");
    }
}

#[test]
fn reshaping() {
    assert_eq!(
        rows(
            "sales.lazy().pivot(cols([\"day\"]), df!(\"day\" => [1, 2])?, cols([\"shop\"]), cols([\"amount\"]), element().sum(), true, \"_\".into(), PivotColumnNaming::Auto)
                .sort([\"shop\"], Default::default()).collect()?"
        ),
        ["a|10.0|30.0", "b|20.0|0.0", "c|0.0|40.0"]
    );
    assert_eq!(
        rows(
            "sales.lazy().limit(1).select([col(\"shop\"), col(\"day\"), col(\"day\").alias(\"again\")])
                .unpivot(UnpivotArgsDSL { on: Some(cols([\"day\", \"again\"])), index: cols([\"shop\"]), variable_name: None, value_name: None }).collect()?"
        ),
        ["a|day|1", "a|again|1"]
    );
    assert_eq!(
        rows(
            "concat([sales.lazy(), sales.lazy()], UnionArgs::default())?.unique(None, UniqueKeepStrategy::First).select([len()]).collect()?"
        ),
        ["6"]
    );
    assert_eq!(
        rows("sales.lazy().rename([\"shop\"], [\"Shop Name\"], true).select([col(\"Shop Name\").first()]).collect()?"),
        ["a"]
    );
    assert_eq!(
        rows(
            "sales.lazy().drop(cols([\"day\", \"amount\"])).unique_stable(None, UniqueKeepStrategy::First).collect()?"
        ),
        ["a", "b", "c"]
    );
}

#[test]
fn a_concatenation_can_be_counted() {
    let count = "concat([sales.lazy(), sales.lazy()], UnionArgs::default())?.select([len()]).collect()?";
    assert_eq!(rows(count), ["12"]);
}

#[test]
fn describe_gives_what_spark_gives() {
    let summary = rows("sales.lazy().select([col(\"amount\")]).describe()?");
    // Mean 35; sample standard deviation sqrt(350) = 18.708286933869708; quartiles by linear interpolation.
    assert_eq!(
        summary,
        [
            "count|6.0",
            "null_count|0.0",
            "mean|35.0",
            "std|18.708287",
            "min|10.0",
            "25%|22.5",
            "50%|35.0",
            "75%|47.5",
            "max|60.0"
        ]
    );
}

#[test]
fn tables_files_and_views() {
    let mut cells = Cells::new();
    cells.run(SALES);
    let folder = cells.folder.path().join("out");
    cells.run("session.sql(\"CREATE DATABASE retail\")?;");
    for _ in 0..2 {
        cells.run("sales.write().mode(\"overwrite\").save_as_table(\"retail.sales\")?;");
    }
    cells.run("sales.write().mode(\"append\").partition_by([\"shop\"]).save_as_table(\"retail.by_shop\")?;");
    assert_eq!(cells.run("session.table(\"retail.sales\")?.collect()?.height()"), "6");
    assert_eq!(
        cells.run("session.table(\"retail.by_shop\")?.filter(col(\"shop\").eq(lit(\"a\"))).collect()?.height()"),
        "3"
    );
    assert_eq!(
        cells.run(
            "session.sql(\"SELECT count(*) AS n FROM sales WHERE amount > 25\")?.column(\"n\")?.i64()?.get(0).unwrap()"
        ),
        "4"
    );
    cells.run("sales.lazy().limit(2).create_or_replace_temp_view(\"two\")?;");
    assert_eq!(cells.run("session.sql(\"SELECT * FROM two\")?.height()"), "2");
    cells.run(&format!("sales.write().option(\"header\", true).csv({folder:?})?;"));
    assert_eq!(cells.run(&format!("session.read_csv({folder:?})?.collect()?.equals(sales)")), "true");
    let read = format!(
        "session.read().option(\"header\", true).schema(\"shop STRING, day BIGINT, amount DOUBLE\").csv({folder:?})?.collect()?.dtypes()"
    );
    assert_eq!(cells.run(&read), "[str, i64, f64]");
}

#[test]
fn delta_tables_are_read_by_their_path() {
    let mut cells = Cells::new();
    cells.run("session.sql(\"CREATE TABLE kept AS SELECT id AS n FROM range(3)\")?");
    let location =
        cells.run("session.sql(\"DESCRIBE DETAIL kept\")?.column(\"location\")?.str()?.get(0).unwrap().to_string()");
    let path = location.trim_matches('"').trim_start_matches("file:");
    assert_eq!(cells.run(&format!("session.read().format(\"delta\").load({path:?})?.collect()?.height()")), "3");
    assert_eq!(cells.run(&format!("session.read().load({path:?})?.collect()?.height()")), "3");
}

#[test]
fn show_and_print_schema_write_as_spark_does() {
    let mut cells = Cells::new();
    cells.run("let t = df!(\"id\" => [1_i64, 2, 3], \"name\" => [Some(\"x\"), None, Some(\"z\")])?;");
    assert_eq!(
        cells.printed("t.show(2)?;"),
        "+---+----+\n| id|name|\n+---+----+\n|  1|   x|\n|  2|NULL|\n+---+----+\nonly showing top 2 rows\n"
    );
    assert_eq!(
        cells.printed("t.print_schema()?;"),
        "root\n |-- id: long (nullable = true)\n |-- name: string (nullable = true)\n"
    );
}

#[test]
fn a_cell_that_reads_a_table_into_a_variable_of_its_name_runs_again() {
    let mut cells = Cells::new();
    cells.run("df!(\"id\" => [1_i64, 2])?.write().save_as_table(\"people\")?;");
    for height in ["2", "4"] {
        cells.run("let people = session.table(\"people\")?;");
        assert_eq!(cells.run("session.sql(\"SELECT * FROM people\")?.height()"), height);
        cells.run("session.sql(\"INSERT INTO people SELECT * FROM people\")?;");
    }
    cells.run("session.sql(\"UPDATE people SET id = 7 WHERE id = 1\")?;");
    cells.run("let people = session.table(\"people\")?.filter(col(\"id\").eq(7));");
    assert_eq!(cells.run("session.table(\"people\")?.collect()?.height()"), "8");
    assert!(cells.fail("session.sql(\"SELECT * FROM people\")?").contains("AMBIGUOUS_TABLE"));
}

#[test]
fn sql_in_a_block_sees_what_the_block_sees() {
    let mut cells = Cells::new();
    cells.run("let sales = df!(\"n\" => [1])?;");
    let height = "session.sql(\"SELECT n FROM sales\")?.height()";
    assert_eq!(cells.run(&format!("let found = {{ let sales = df!(\"n\" => [1, 2])?; {height} }}; found")), "2");
    assert_eq!(cells.run(height), "1");
    let parts = "[df!(\"n\" => [1, 2])?, df!(\"n\" => [1, 2, 3])?]";
    let looped =
        format!("let mut all = vec![{height}]; for sales in {parts} {{ all.push({height}); }} all.push({height}); all");
    assert_eq!(cells.run(&looped), "[1, 2, 3, 1]");
    let table = "session.table(\"sales\")?.collect()?.height()";
    assert_eq!(cells.run(&format!("let found = {{ let sales = df!(\"n\" => [1, 2])?; {table} }}; found")), "2");
    let error = cells.fail("if true { let sales = df!(\"m\" => [1, 2])?; session.sql(\"SELECT n FROM sales\")?; }");
    assert!(error.contains("COLUMN_NOT_FOUND"), "{error}");
    assert_eq!(cells.run(height), "1", "also behind an error");
    let error = cells.fail(&format!("if true {{ let sales = 1; println!(\"{{}} {{sales}}\", {height}); }}"));
    assert!(error.contains("TABLE_NOT_FOUND"), "{error}");
    assert_eq!(cells.run(height), "1");
}

#[test]
fn sql_tells_variables_apart_that_differ_in_case() {
    let mut cells = Cells::new();
    cells.run("let t = df!(\"n\" => [1])?; let T = df!(\"n\" => [1, 2])?;");
    assert_eq!(cells.run("session.sql(\"SELECT * FROM t\")?.height()"), "1");
    cells.run("let T = 1;");
    assert_eq!(cells.run("session.sql(\"SELECT * FROM t\")?.height()"), "1");
}
