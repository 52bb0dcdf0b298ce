//! What is translated, what is left, and what is forgotten.

use super::Translator;

/// The cells one after the other; the last in Rust.
fn last(cells: &[&str]) -> String {
    let mut translator = Translator::default();
    cells.iter().fold(String::new(), |_, cell| translator.translate(cell).rust)
}

fn translated(python: &str) -> String {
    last(&[python])
}

/// That the one statement is left to its reader.
fn is_left(cells: &[&str]) -> bool {
    last(cells).starts_with("// left to translate:\n")
}

#[test]
fn reading_and_showing() {
    assert_eq!(translated("df = spark.table('retail.orders')"), r#"let df = session.table("retail.orders")?;"#);
    assert_eq!(
        translated(
            "df = spark.sql(\"\"\"\nSELECT 'a'\n  FROM t\"\"\")\ndf.show()\nz.show(df)\ndisplay(df)\ndf.printSchema()"
        ),
        "let df = session.sql(r\"\nSELECT 'a'\n  FROM t\")?;\ndf.show(20)?;\ndisplay(df);\ndisplay(df);\ndf.print_schema()?;"
    );
    assert_eq!(
        translated("df = spark.read.csv('/data/x.csv', header=True, inferSchema=True, sep=';')"),
        r#"let df = session.read().option("header", true).option("inferSchema", true).option("sep", ";").csv("/data/x.csv")?;"#
    );
    assert_eq!(
        translated("df = (spark.read.format('csv').option('header', 'true')\n      .schema('a INT').load('x'))"),
        r#"let df = session.read().option("header", "true").schema("a INT").csv("x")?;"#
    );
    assert_eq!(
        translated("a = spark.read.format('delta').load('x')\nb = spark.read.text('y')"),
        "let a = session.read().format(\"delta\").load(\"x\")?;\nlet b = session.read().text(\"y\")?;"
    );
    assert_eq!(
        translated("path = 'x'\ndf = spark.read.parquet(path)"),
        "let path = \"x\";\nlet df = session.read().parquet(path)?;"
    );
}

#[test]
fn frames_do_not_share_the_names_of_tables() {
    let cells = [
        "orders = spark.table('t')",
        "orders.createOrReplaceTempView('Orders')\nn = 1",
        "spark.sql('SELECT n FROM x')",
    ];
    let mut translator = Translator::new(["t".to_owned()], &cells);
    let rust = cells.map(|cell| translator.translate(cell).rust).join("\n");
    assert_eq!(
        rust,
        "let orders_frame = session.table(\"t\")?;\norders_frame.create_or_replace_temp_view(\"Orders\")?;\nlet n = 1;\n\
         session.sql(\"SELECT n FROM x\")?;"
    );
}

#[test]
fn writing() {
    let writes = |rest: &str| last(&["df = spark.table('t')", &format!("df.write{rest}")]);
    assert_eq!(
        writes(".mode('overwrite').partitionBy('year', 'month').saveAsTable('db.t')"),
        r#"df.write().mode("overwrite").partition_by(["year", "month"]).save_as_table("db.t")?;"#
    );
    assert_eq!(writes(".saveAsTable('t', mode='append')"), r#"df.write().mode("append").save_as_table("t")?;"#);
    assert_eq!(writes(".parquet('out')"), r#"df.write().parquet("out")?;"#);
    assert!(writes(".bucketBy(4, 'a').saveAsTable('t')").starts_with("// left"));
    assert_eq!(writes(".format('csv').save('out')"), r#"df.write().format("csv").save("out")?;"#);
    // Of which format is what the cluster says.
    assert!(writes(".save('x')").starts_with("// left"));
    assert_eq!(writes(".format('delta').save('x')"), r#"df.write().format("delta").save("x")?;"#);
}

#[test]
fn widgets() {
    assert_eq!(
        translated("dbutils.widgets.text('c', 'Canada', 'Country')\nc = dbutils.widgets.get('c')\nprint(c)"),
        "session.widget_text(\"c\", \"Canada\")?;\nlet c = session.widget(\"c\")?;\nprintln!(\"{}\", c);"
    );
    assert_eq!(
        translated("dbutils.widgets.dropdown('y', '2015', ['2014', '2015'])"),
        r#"session.widget_dropdown("y", "2015", ["2014", "2015"])?;"#
    );
}

#[test]
fn what_is_not_understood_as_a_whole_is_left() {
    for python in [
        "spark.sql(f'SELECT {x}')",
        "spark.sql('SELECT ' + x)",
        "df = spark.table('t').groupBy('a').count()",
        "for t in tables:\n    spark.table(t).show()",
        "spark.read.format('avro').load('x')",
        "type = spark.table('t')",
        "spark.table('t').show(20, False)",
        "a, b = spark.table('t'), 1",
        "n = 0x10",
        "print(unknown)",
        "import os; x = (",
    ] {
        assert!(is_left(&[python]), "{python}: {}", translated(python));
    }
}

#[test]
fn what_something_unknown_has_assigned_is_forgotten() {
    let table = "df = spark.table('t')";
    assert_eq!(last(&[table, "df.show(5)"]), "df.show(5)?;");
    for between in [
        "df = df.filter('x > 1')",
        "df += 1",
        "for df in frames:\n    pass",
        "def df():\n    pass",
        "with open('x') as df:\n    pass",
        "from frames import df",
        "import frames as df",
        "if x:\n    if (df := f()):\n        pass",
        "del df",
        "def f():\n    global df\n    df = 1",
        "this is no python",
    ] {
        assert!(is_left(&[table, between, "df.show(5)"]), "{between}");
    }
    assert!(is_left(&["from my import display", table, "display(df)"]));
    assert!(is_left(&["spark = connect()", "df = spark.table('t')"]));
    assert_eq!(
        last(&["spark = SparkSession.builder.getOrCreate()", "spark.table('t').show()"]),
        "session.table(\"t\")?.show(20)?;"
    );
    assert_eq!(last(&["df = df.filter('x')", table, "df.show()"]), "df.show(20)?;");
}

#[test]
fn the_rest_is_kept_in_comments_and_reported_by_line() {
    let mut translator = Translator::default();
    let translated = translator
        .translate("# Load\nfrom pyspark.sql import functions as F\ndf = spark.table('t')\nx = (df\n  .count())\n");
    let rust = "// Load\nlet df = session.table(\"t\")?;\n// left to translate:\n// x = (df\n//   .count())";
    assert_eq!(translated.rust, rust);
    assert_eq!(translated.statements, 1);
    assert_eq!(translated.left, [(4, "x = (df\n  .count())".to_owned())]);
}
