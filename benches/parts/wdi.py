"""The work of the notebook of development indicators: text to tables, and what is asked of them."""

from harness import data, results
from harness.measure import notebook
from harness.peers import AEROSTAT, AEROSTAT_SQL, DUCKDB, POLARS, PYSPARK
from parts.retail import RATIOS, UNITS

#: How much of the original's 21,759,408 lines.
SCALES = {"tiny": 0.001, "small": 0.05, "full": 1}

PEERS = [AEROSTAT, AEROSTAT_SQL, POLARS, DUCKDB, PYSPARK]


def run(options):
    scale = SCALES[options.scale]
    found = results.new(f"development indicators, scale {scale}", RATIOS, "total", UNITS)
    text = data.wdi(options, scale)
    notebook(options, found, PEERS, "wdi", text, {"text": text})
    yield found
