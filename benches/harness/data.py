"""Data, generated once and kept for the next run."""

import shutil
import subprocess

from .measure import say


def retail(options, rows):
    """The CSV file of an online shop with so many lines."""
    folder = options.data / f"retail-{rows}"
    return generated(folder, ["retail", "--rows", str(rows)]) / "online_retail.csv"


def wdi(options, scale):
    """The folder of the text files of development indicators."""
    return generated(options.data / f"wdi-{scale}", ["wdi", "--scale", str(scale)]) / "text"


def generated(folder, arguments):
    if not folder.exists():
        say(f"generating {folder.name}")
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        subprocess.run(["aerostat", "dataset", *arguments, "--out", str(new)], check=True, stdout=subprocess.DEVNULL)
        new.rename(folder)
    return folder


def numbers(options, rows):
    """The folder of Parquet files with so many rows of 24 bytes: an id, a key that is another row's id, a number."""
    import duckdb

    folder = options.data / f"numbers-{rows}"
    if not folder.exists():
        say(f"generating {folder.name}")
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        duckdb.execute(f"""
            COPY (SELECT range AS id, CAST(hash(range) % {rows} AS BIGINT) AS k, (hash(range + {rows}) % 1000000) / 7.0 AS v FROM range({rows}))
            TO '{new}/numbers.parquet' (ROW_GROUP_SIZE 250000)
        """)
        new.rename(folder)
    return folder
