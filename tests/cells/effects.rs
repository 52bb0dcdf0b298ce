//! The check of a cell computes parts of it; nothing that has an effect is ever among them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aerostat_cells::Row;
use aerostat_corpus::{SETUP, SNIPPETS};

use super::Cells;

/// Cells with what the corpus does not call: above all the session, charts and displays.
const BESIDE_THE_CORPUS: &[&str] = &[
    "let a = session.sql(\"CREATE TABLE made (a INT)\")?;",
    "let a = session.table(\"t\")?;",
    "let a = session.read().option(\"header\", true).header(true).schema(\"a INT\").csv(\"missing.csv\")?;",
    "let a = session.read().table(\"t\")?;",
    "let a = (session.read().parquet(\"x\")?, session.read().json(\"x\")?, session.read().ipc(\"x\")?);",
    "let a = (session.read_csv(\"x\")?, session.read_parquet(\"x\")?, session.read_json(\"x\")?);",
    "let a = session.write(df.clone().lazy()).mode(\"append\").option(\"a\", 1).format(\"csv\");",
    "df.write().partition_by([\"k\"]).save_as_table(\"made\")?;",
    "let a = df.clone().lazy().write().insert_into(\"made\")?;",
    "let a = (df.write().csv(\"made\")?, df.write().parquet(\"made\")?, df.write().json(\"made\")?);",
    "let a = session.create_or_replace_temp_view(\"made\", df.clone().lazy())?;",
    "let a = (df.create_or_replace_temp_view(\"made\")?, df.clone().lazy().create_or_replace_temp_view(\"made\")?);",
    "let a = (session.drop_temp_view(\"seen\")?, session.use_database(\"default\")?, session.current_database());",
    "let a = (session.tables()?, session.databases()?, session.input(\"a\")?, session.password(\"a\")?);",
    "let a = session.widget_text(\"w\", \"a\")?;",
    "let a = (session.widget_dropdown(\"w\", \"a\", [\"a\"])?, session.widget_combobox(\"w\", \"a\", [\"a\"])?);",
    "let a = (session.widget_multiselect(\"w\", \"a\", [\"a\"])?, session.widget(\"w\")?, session.remove_widget(\"w\")?);",
    "let a = (session.parameter(\"p\", 1), session.remove_all_widgets());",
    "let a = df.plot().title(\"t\").x_label(\"x\").y_label(\"y\").color(\"k\").stacked(true).bins(3).size(9, 9);",
    "let p = df.clone().lazy().plot(); let a = (p.line(\"k\", \"v\")?, p.bar(\"k\", \"v\")?, p.barh(\"k\", \"v\")?);",
    "let p = df.plot(); let a = (p.area(\"k\", \"v\")?, p.scatter(\"k\", \"v\")?, p.hist(\"v\")?, p.box_plot(\"v\")?);",
    "let a = df.plot().pie(\"k\", \"v\")?;",
    "let a = (df.show(1)?, df.print_schema()?, df.describe()?);",
    "let l = df.clone().lazy(); let a = (l.show(1)?, l.print_schema()?, l.describe()?);",
    "let h = display_handle(1); let a = (h.update(2)?, h.id()); display(3); clear_output(true);",
    "let a = 1.cmp(&1).then_with(|| 2.cmp(&3));",
    "let a = (kept.stdout(), kept.stderr(), kept.displays(), kept.show());",
];

/// A notebook with a frame `df`, a table `t`, a temporary view and captured outputs.
fn notebook() -> Cells {
    let mut cells = Cells::new();
    cells.run("let df = df![\"k\" => [\"a\", \"b\"], \"v\" => [1, 2]]?; df.write().save_as_table(\"t\")?;");
    cells.run("df.create_or_replace_temp_view(\"seen\")?;");
    cells.interpreter.bind("kept", aerostat_session::Captured::default()).unwrap();
    cells
}

/// What a notebook has written: every file of its folder with its size.
fn files(folder: &Path) -> BTreeSet<(String, u64)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => BTreeSet::from([(path.display().to_string(), fs::metadata(&path).unwrap().len())]),
        })
        .collect()
}

/// Checks cells without running them; the rows that they call, of which the check may have called pure ones only.
fn check_all(cells: &mut Cells, codes: impl IntoIterator<Item = &'static str>) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for code in codes {
        let called = cells.rows_of(code).unwrap_or_else(|error| panic!("{code}\n{}", error.render(code)));
        let touched = cells.interpreter.rows_of_check(code).unwrap();
        let effects: Vec<&Row> = touched.iter().filter(|row| !row.pure).collect();
        assert!(effects.is_empty(), "the check of\n{code}\ncalled {effects:?}");
        rows.extend(called);
    }
    rows
}

#[test]
fn no_row_with_an_effect_is_called_in_a_check() {
    let mut ours = notebook();
    ours.printed.0.lock().unwrap().clear();
    let before = files(ours.folder.path());
    let tables = ours.session.tables().unwrap().to_string();
    let mut checked = check_all(&mut ours, BESIDE_THE_CORPUS.iter().copied());
    assert_eq!(*ours.printed.0.lock().unwrap(), "", "the check has shown something");
    assert_eq!(files(ours.folder.path()), before, "the check has written something");
    assert_eq!(ours.session.tables().unwrap().to_string(), tables);

    let mut corpus = Cells::new();
    corpus.run(&format!("let dir = \"nowhere\".to_string();\n{SETUP}"));
    let valid = SNIPPETS.iter().map(|snippet| snippet.code).filter(|code| corpus.rows_of(code).is_ok());
    let valid: Vec<&'static str> = valid.collect();
    checked.extend(check_all(&mut corpus, valid));

    let unchecked: Vec<String> = aerostat_cells::rows()
        .into_iter()
        .filter(|row| row.engine && !row.pure && !checked.contains(row))
        .map(|row| format!("{}::{}", row.owner.unwrap_or_default(), row.name))
        .collect();
    assert!(unchecked.is_empty(), "{} rows were in no cell: {unchecked:?}", unchecked.len());
}

#[test]
fn checks_compute_with_what_is_pure() {
    let cells = notebook();
    let called = |code: &str| {
        let rows = cells.interpreter.rows_of_check(code).unwrap();
        rows.iter().map(|row| row.name).collect::<Vec<_>>()
    };
    let seen =
        called("let by = [col(\"k\").alias(\"x\")]; df.clone().lazy().group_by(by).agg([col(\"v\").sum()]).collect()?");
    for row in ["col", "alias", "group_by", "agg", "sum"] {
        assert!(seen.contains(&row), "{row} is not in {seen:?}");
    }
    assert!(!seen.contains(&"collect"), "{seen:?}");
}

/// A join that is being described is used up by what finishes it: the check of a cell must not be that.
#[test]
fn what_a_call_uses_up_is_there_after_the_check() {
    let mut cells = notebook();
    cells.run("let joining = df.clone().lazy().join_builder().with(df.clone().lazy()).on([col(\"k\")]);");
    cells.run("let joined = joining.how(JoinType::Left).finish();");
    assert_eq!(cells.run("joined.collect()?.height()"), "2");
}

/// A view that a cell makes is seen by what follows in the same cell, so that its columns are not those of before.
#[test]
fn tables_that_a_cell_changes_are_not_looked_up_in_its_check() {
    let mut cells = notebook();
    let code = "df![\"w\" => [7]]?.create_or_replace_temp_view(\"t\")?;\nsession.table(\"t\")?.select([col(\"w\")]).collect()?";
    assert!(cells.run(code).contains('7'));
}
