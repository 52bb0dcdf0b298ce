"""The work of the retail notebook, cell to cell: from a CSV file to customer segments."""

from harness import data, results
from harness.measure import notebook
from harness.peers import AEROSTAT, AEROSTAT_SQL, DUCKDB, POLARS, PYSPARK
from harness.results import Ratio

#: Lines of the CSV file; the original has 541,909.
ROWS = {"tiny": [2_000], "small": [541_909], "full": [541_909, 5_419_090, 54_190_900]}

PEERS = [AEROSTAT, AEROSTAT_SQL, POLARS, DUCKDB, PYSPARK]
UNITS = {"peak memory": "MB"}
RATIOS = [
    Ratio("aerostat", ("polars", "duckdb"), 1.0),
    Ratio("aerostat sql", ("polars", "duckdb"), 1.0),
    Ratio("aerostat", ("pyspark",), 0.05),
    Ratio("aerostat sql", ("pyspark",), 0.05),
]


def run(options):
    for rows in ROWS[options.scale]:
        found = results.new(f"retail, {rows:,} lines", RATIOS, "total", UNITS)
        csv = data.retail(options, rows)
        notebook(options, found, PEERS, "retail", csv.parent, {"csv": csv, "folder": csv.parent})
        yield found
