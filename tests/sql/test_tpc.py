"""TPC-H and TPC-DS: the data, the queries and the answers are those of DuckDB's extensions, obtained as the test runs."""

import importlib.util
import json
import math
import os
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

#: Queries of TPC-DS that must plan and run, of the 99 that DuckDB has.
TPCDS_RUN = 99
#: And those that must return DuckDB's rows.
TPCDS_RIGHT = 97


def extension(name: str) -> str:
    """The file of an extension that is installed as a Python package."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None:
        pytest.skip(f"the package duckdb-extension-{name} is not installed")
    return str(next(Path(spec.origin).parent.glob(f"**/{name}.duckdb_extension")))


class Benchmark:
    """One benchmark in both engines: DuckDB's tables, and the same as managed tables of a metastore."""

    def __init__(self, name: str, generator: str, scale: float, folder: Path):
        self.database = duckdb.connect()
        self.database.execute(f"LOAD '{extension(name)}'")
        self.database.execute(f"CALL {generator}(sf={scale})")
        self.root = folder / "root"
        tables = [table for (table,) in self.database.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        for table in tables:
            self.database.execute(f"COPY {table} TO '{folder}/{table}.parquet'")
        script = [f"CREATE TABLE {table} AS SELECT * FROM parquet.`{folder}/{table}.parquet`" for table in tables]
        done = self.sql("; ".join(script))
        assert done.returncode == 0, done.stderr
        self.queries = dict(self.database.execute(f"SELECT query_nr, query FROM {name}_queries()").fetchall())

    def sql(self, statements: str):
        command = [shutil.which("aerostat"), "sql", "--root", str(self.root), "--format", "json", "-"]
        return subprocess.run(command, input=statements, capture_output=True, text=True, timeout=300, env=os.environ)

    def rows(self, number: int):
        """Aerostat's rows of a query; its error is an assertion."""
        # In Spark's SQL double quotes are around texts, back-quotes around names.
        query = re.sub(r'"([^"]*)"', r"`\1`", self.queries[number]).strip().rstrip(";")
        done = self.sql(query)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])["rows"]

    def expected(self, number: int):
        return self.database.execute(self.queries[number]).fetchall()


def plain(value):
    """A value so that both engines' ways to write it are the same: numbers as numbers."""
    if value is None or isinstance(value, bool):
        return str(value)
    text = str(value).strip()
    try:
        return float(text)
    except ValueError:
        return text.removesuffix(" 00:00:00")


def close(left, right) -> bool:
    """Equal, or as near as a quotient of decimals is, which Spark rounds to six digits where DuckDB has a double."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-6, abs_tol=1e-6)
    return left == right


def same(got, wanted) -> bool:
    """Whether the rows are the same in any order: among equal keys the order is not determined."""
    order = lambda row: [f"{value:.3g}" if isinstance(value, float) else value for value in row]
    left, right = (sorted(([plain(value) for value in row] for row in rows), key=order) for rows in (got, wanted))
    return len(left) == len(right) and all(
        len(a) == len(b) and all(map(close, a, b)) for a, b in zip(left, right)
    )


@pytest.fixture(scope="module")
def tpch(tmp_path_factory):
    return Benchmark("tpch", "dbgen", 0.05, tmp_path_factory.mktemp("tpch"))


@pytest.fixture(scope="module")
def tpcds(tmp_path_factory):
    return Benchmark("tpcds", "dsdgen", 0.05, tmp_path_factory.mktemp("tpcds"))


@pytest.mark.parametrize("number", range(1, 23))
def test_tpch_answers_are_right(tpch, number):
    got, wanted = tpch.rows(number), tpch.expected(number)
    assert same(got, wanted), f"{len(got)} rows, first {got[:2]}; {len(wanted)} expected, first {wanted[:2]}"


@pytest.mark.timeout(900)
def test_tpcds_plans_runs_and_is_right(tpcds):
    failed, wrong = {}, []
    for number in sorted(tpcds.queries):
        try:
            got = tpcds.rows(number)
        except AssertionError as error:
            failed[number] = str(error).splitlines()[0]
            continue
        if not same(got, tpcds.expected(number)):
            wrong.append(number)
    total = len(tpcds.queries)
    run = total - len(failed)
    print(f"TPC-DS: {run} of {total} run, {run - len(wrong)} return the rows of DuckDB; others: {wrong}; failed: {failed}")
    assert run >= TPCDS_RUN, failed
    assert run - len(wrong) >= TPCDS_RIGHT, wrong
