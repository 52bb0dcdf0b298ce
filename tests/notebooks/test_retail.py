"""The retail notebook on the real data gives the figures that other engines gave, and other engines read its tables."""

import csv

import deltalake
import duckdb
import polars
import pytest

# Customers by segment, counted by Spark.
SEGMENTS = {
    "About to Sleep": 350,
    "At Risk": 596,
    "Can't Lose": 63,
    "Champions": 632,
    "Hibernating": 1077,
    "Loyal Customers": 819,
    "Need Attention": 188,
    "New Customers": 42,
    "Potential Loyalists": 480,
    "Promising": 91,
}


def assert_same_number(actual: str, right: str, tolerance: float, place):
    """Compares two fields of CSV files; an empty one stands for null, which equals nothing but null."""
    if actual == "" or right == "":
        assert actual == right, place
    else:
        assert float(actual) == pytest.approx(float(right), rel=tolerance), place


def expected(folder, name: str) -> list[dict]:
    with open(folder / name, newline="") as file:
        return list(csv.DictReader(file))


def test_monthly_figures(home_of_real_retail, real_retail):
    rows = home_of_real_retail.query("SELECT * FROM retail.monthly ORDER BY ym")
    reference = expected(real_retail, "expected_monthly.csv")
    assert len(rows) == len(reference) == 13
    for row, right in zip(rows, reference):
        assert list(row) == list(right)
        for column in right:
            assert_same_number(row[column], right[column], 1e-6, (right["ym"], column))


def test_rfm_of_every_customer(home_of_real_retail, real_retail):
    rows = home_of_real_retail.query("SELECT * FROM retail.rfm ORDER BY customer_id")
    reference = sorted(expected(real_retail, "expected_rfm.csv"), key=lambda right: float(right["CustomerID"]))
    assert len(rows) == len(reference) == 4338
    for row, right in zip(rows, reference):
        assert int(row["customer_id"]) == float(right["CustomerID"])
        assert float(row["monetary"]) == pytest.approx(float(right["monetary"]), rel=1e-6)
        for column in ["recency", "frequency", "R", "F", "M"]:
            ours = column if column in row else column.lower()
            assert int(row[ours]) == int(right[column]), (right["CustomerID"], column)
        assert row["segment"] == right["segment"]


def test_segments(home_of_real_retail):
    rows = home_of_real_retail.query("SELECT segment, customers, share FROM retail.segments")
    assert {row["segment"]: int(row["customers"]) for row in rows} == SEGMENTS
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1.0)


def test_invoice_figures(home_of_real_retail):
    all_invoices, lower = home_of_real_retail.query("SELECT * FROM retail.invoice_amounts ORDER BY part")
    assert int(all_invoices["invoices"]) == 19_960
    assert float(all_invoices["mean"]) == pytest.approx(534.403033, rel=1e-6)
    assert float(all_invoices["median"]) == pytest.approx(303.835, rel=1e-6)
    assert float(all_invoices["mode"]) == pytest.approx(15.0)
    assert float(all_invoices["p85"]) == pytest.approx(714.413, rel=1e-6)
    assert float(all_invoices["largest"]) == pytest.approx(168_469.6, rel=1e-6)
    # 16,966 of them are at or below the 85th percentile; their largest is the last one before it.
    assert int(lower["invoices"]) == 16_966
    assert float(lower["largest"]) == pytest.approx(714.35, rel=1e-6)
    assert float(lower["mean"]) == pytest.approx(270.130034, rel=1e-6)


def test_rows_that_have_a_customer_and_a_price(home_of_real_retail):
    [row] = home_of_real_retail.query(
        "SELECT count(*) AS lines FROM retail.orders WHERE quantity > 0 AND amount > 0 AND customer_id IS NOT NULL"
    )
    assert int(row["lines"]) == 397_884


def test_running_again_replaces_the_tables(home_of_real_retail, retail_notebook, real_retail):
    before = home_of_real_retail.query("SELECT * FROM retail.monthly ORDER BY ym")
    home_of_real_retail.run(retail_notebook, real_retail)
    after = home_of_real_retail.query("SELECT * FROM retail.monthly ORDER BY ym")
    assert len(after) == 13
    for ours, earlier in zip(after, before):
        for column in earlier:
            assert_same_number(ours[column], earlier[column], 1e-12, (earlier["ym"], column))


@pytest.mark.parametrize("table, rows", [("orders", 541_909), ("monthly", 13), ("rfm", 4_338), ("segments", 10)])
def test_other_engines_read_the_tables(home_of_real_retail, table, rows):
    folder = home_of_real_retail.folder(table)
    assert deltalake.DeltaTable(folder).count() == rows
    assert polars.scan_delta(folder).select(polars.len()).collect().item() == rows


def test_duckdb_reads_the_files_of_a_table(home_of_real_retail):
    files = deltalake.DeltaTable(home_of_real_retail.folder("monthly")).file_uris()
    [(sales,)] = duckdb.execute("SELECT sum(sales) FROM read_parquet(?)", [files]).fetchall()
    assert sales == pytest.approx(9_747_747.934, rel=1e-6)
