//! The data set generators: the same bytes for the same seed, and about the statistics of the files they stand in for.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use aerostat_datasets::{retail, wdi};
use polars::prelude::*;

/// Lines of the real file; the statistics below were measured on it.
const REAL_ROWS: usize = 541_909;

fn generated(rows: usize, seed: u64) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("retail.csv");
    retail::write_csv(&path, rows, seed).unwrap();
    std::fs::read_to_string(&path).unwrap()
}

fn read(path: &Path) -> LazyFrame {
    let strings = Schema::from_iter([
        Field::new("InvoiceNo".into(), DataType::String),
        Field::new("StockCode".into(), DataType::String),
    ]);
    LazyCsvReader::new(PlRefPath::try_from_path(path).unwrap())
        .with_dtype_overwrite(Some(strings.into()))
        .with_try_parse_dates(true)
        .finish()
        .unwrap()
        .with_column((col("Quantity") * col("UnitPrice")).alias("amount"))
}

/// One figure of a frame, as a float.
fn figure(lines: &LazyFrame, expression: Expr) -> f64 {
    let frame = lines.clone().select([expression.cast(DataType::Float64)]).collect().unwrap();
    frame.columns()[0].f64().unwrap().get(0).unwrap()
}

#[track_caller]
fn near(what: &str, actual: f64, real: f64, tolerance: f64) {
    let deviation = (actual - real).abs() / real.abs();
    assert!(deviation <= tolerance, "{what}: {actual}, which is {:.0} % off the real file's {real}", deviation * 100.0);
}

#[test]
fn retail_is_the_same_for_the_same_seed_only() {
    let first = generated(20_000, 7);
    assert_eq!(first, generated(20_000, 7));
    assert_ne!(first, generated(20_000, 8));
}

#[test]
fn retail_has_as_many_lines_as_asked_for() {
    for rows in [0, 1, 2, 999] {
        let text = generated(rows, 1);
        assert_eq!(text.lines().count(), rows + 1, "{rows} rows");
        assert!(
            text.starts_with("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n")
        );
        assert!(text.ends_with('\n'));
    }
}

#[test]
fn retail_resembles_the_real_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("retail.csv");
    retail::write_csv(&path, REAL_ROWS, 42).unwrap();
    let lines = read(&path);
    let cancelled = || col("InvoiceNo").str().starts_with(lit("C"));
    let bought = lines.clone().filter(col("Quantity").gt(lit(0)));
    let invoices = lines.clone().group_by([col("InvoiceNo")]).agg([len().alias("lines"), col("amount").sum()]);
    let paid = invoices.clone().filter(col("amount").gt(lit(0)));
    let orders = invoices.filter(cancelled().not());

    near("invoices", figure(&lines, col("InvoiceNo").n_unique()), 25_900.0, 0.05);
    near("cancelled invoices", figure(&lines, col("InvoiceNo").filter(cancelled()).n_unique()), 3_836.0, 0.05);
    near("cancelled lines", figure(&lines, cancelled().sum()), 9_288.0, 0.05);
    near("customers", figure(&lines, col("CustomerID").drop_nulls().n_unique()), 4_372.0, 0.05);
    near("lines without customer", figure(&lines, col("CustomerID").null_count()), 135_080.0, 0.15);
    near("lines without description", figure(&lines, col("Description").null_count()), 1_454.0, 0.1);
    near("products", figure(&lines, col("StockCode").n_unique()), 4_070.0, 0.05);
    near("lines an order, mean", figure(&orders, col("lines").mean()), 24.14, 0.1);
    near("lines an order, median", figure(&orders, col("lines").median()), 13.0, 0.1);
    near("pieces, mean", figure(&bought, col("Quantity").mean()), 10.66, 0.1);
    near("unit price, mean", figure(&bought, col("UnitPrice").mean()), 3.857, 0.1);
    near("unit price, median", figure(&bought, col("UnitPrice").median()), 2.08, 0.05);
    near("sales", figure(&lines, col("amount").sum()), 9_747_747.93, 0.1);
    near("paid invoices", figure(&paid, len()), 19_960.0, 0.05);
    near("paid invoice, mean", figure(&paid, col("amount").mean()), 534.40, 0.1);
    near("at home", figure(&lines, col("Country").eq(lit("United Kingdom")).sum()), 495_478.0, 0.05);

    assert_eq!(figure(&lines, col("InvoiceNo").str().starts_with(lit("A")).sum()), 3.0);
    let written_once = figure(&lines.clone().unique(None, UniqueKeepStrategy::Any), len());
    near("duplicates", REAL_ROWS as f64 - written_once, 5_268.0, 0.25);
}

#[test]
fn retail_has_the_seasons_of_the_real_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("retail.csv");
    retail::write_csv(&path, REAL_ROWS, 42).unwrap();
    let month = || col("InvoiceDate").dt().strftime("%Y%m");
    let months = read(&path)
        .group_by([month().alias("month")])
        .agg([len().alias("lines"), col("CustomerID").drop_nulls().n_unique().alias("active")])
        .sort(["month"], SortMultipleOptions::default())
        .collect()
        .unwrap();
    // Lines and active customers of each month of the real file.
    let real = [
        (42_481.0, 948.0),
        (35_147.0, 783.0),
        (27_707.0, 798.0),
        (36_748.0, 1_020.0),
        (29_916.0, 899.0),
        (37_030.0, 1_079.0),
        (36_874.0, 1_051.0),
        (39_518.0, 993.0),
        (35_284.0, 980.0),
        (50_226.0, 1_302.0),
        (60_742.0, 1_425.0),
        (84_711.0, 1_711.0),
        (25_525.0, 686.0),
    ];
    assert_eq!(months.height(), real.len());
    let months = months.lazy().select([col("lines").cast(DataType::Float64), col("active").cast(DataType::Float64)]);
    let months = months.collect().unwrap();
    for (index, (lines, active)) in real.into_iter().enumerate() {
        let at = |column: usize| months.columns()[column].f64().unwrap().get(index).unwrap();
        near(&format!("lines in month {index}"), at(0), lines, 0.02);
        near(&format!("active customers in month {index}"), at(1), active, 0.35);
    }
}

#[test]
fn retail_has_the_quirks_of_the_real_file() {
    let text = generated(50_000, 3);
    for quirk in [",\"", "\"\"", " ,", ",,", ",-", ".0,United Kingdom", ",0.0,,"] {
        assert!(text.contains(quirk), "no line contains {quirk:?}");
    }
}

/// The lines of all files, header lines left out.
fn generated_wdi(scale: f64, seed: u64) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let files = wdi::write_csv(folder.path(), scale, seed).unwrap();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    let lines = texts.flat_map(|text| {
        let mut lines = text.lines().map(str::to_owned).collect::<Vec<_>>().into_iter();
        let header = lines.next().unwrap();
        assert_eq!(header, "year,countryName,countryCode,indicatorName,indicatorCode,indicatorValue");
        lines
    });
    lines.collect()
}

#[test]
fn wdi_is_the_same_for_the_same_seed_only() {
    assert_eq!(generated_wdi(0.002, 7), generated_wdi(0.002, 7));
    assert_ne!(generated_wdi(0.002, 7), generated_wdi(0.002, 8));
}

#[test]
fn wdi_has_the_size_of_the_original() {
    assert_eq!(wdi::lines(1.0), 21_759_408);
    assert_eq!(wdi::lines(0.05), 72 * 264 * 57);
    assert_eq!(generated_wdi(0.002, 1).len(), wdi::lines(0.002));
    assert_eq!(wdi::lines(0.0000001), 264 * 57);
}

#[test]
fn a_part_of_wdi_has_the_figures_of_the_whole() {
    // A part has fewer indicators, so its lines are among those of a larger part.
    let larger: HashSet<String> = generated_wdi(0.003, 5).into_iter().collect();
    assert!(generated_wdi(0.002, 5).iter().all(|line| larger.contains(line)));
}

fn read_wdi(scale: f64) -> (tempfile::TempDir, LazyFrame) {
    let folder = tempfile::tempdir().unwrap();
    wdi::write_csv(folder.path(), scale, 42).unwrap();
    let path = folder.path().join("*.csv");
    let frame = LazyCsvReader::new(PlRefPath::try_from_path(&path).unwrap()).finish().unwrap();
    (folder, frame)
}

#[test]
fn every_country_and_indicator_of_wdi_has_every_year_once() {
    let (_folder, frame) = read_wdi(0.05);
    for (column, many) in [
        ("countryCode", 264.0),
        ("countryName", 264.0),
        ("indicatorCode", 72.0),
        ("indicatorName", 72.0),
        ("year", 57.0),
    ] {
        assert_eq!(figure(&frame, col(column).n_unique()), many, "{column}");
    }
    let keys = frame.clone().select([col("countryCode"), col("indicatorCode"), col("year")]);
    assert_eq!(figure(&keys.unique(None, UniqueKeepStrategy::Any), len()), (264 * 72 * 57) as f64);
    assert_eq!((figure(&frame, col("year").min()), figure(&frame, col("year").max())), (1960.0, 2016.0));
    assert_eq!(figure(&frame, col("indicatorValue").null_count()), 0.0);
}

#[test]
fn all_indicators_of_wdi_differ() {
    let indicators = wdi::indicators();
    let (names, codes): (BTreeSet<String>, BTreeSet<String>) = indicators.into_iter().unzip();
    assert_eq!((names.len(), codes.len()), (1_446, 1_446));
    assert!(codes.contains("NY.GDP.MKTP.KD.ZG") && names.contains("GDP growth (annual %)"));
}

#[test]
fn wdi_has_the_quirks_and_about_the_growth_of_the_original() {
    let (_folder, frame) = read_wdi(0.05);
    let growth = frame.clone().filter(col("indicatorCode").eq(lit("NY.GDP.MKTP.KD.ZG")));
    let known = growth.clone().filter(col("indicatorValue").neq(lit(0.0)));
    assert!(figure(&frame, col("indicatorName").str().contains(lit(","), true).sum()) > 100_000.0);
    assert_eq!(figure(&growth, len()), (264 * 57) as f64);
    // The real figures, measured on the edition of 2026 up to 2016: mean 3.85, deviation 6.18, 80 % of the years known.
    near("known growth", figure(&known, len()), 264.0 * 57.0 * 0.80, 0.15);
    near("growth, mean", figure(&known, col("indicatorValue").mean()), 3.85, 0.15);
    near("growth, deviation", figure(&known, col("indicatorValue").std(1)), 6.18, 0.35);
    assert_eq!(figure(&growth.filter(col("countryName").eq(lit("Canada"))), len()), 57.0);
}
