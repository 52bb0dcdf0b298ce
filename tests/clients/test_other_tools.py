"""Tables that were changed in every way are read right by the tools of others."""

import subprocess
from pathlib import Path

import deltalake
import polars
import pytest

STATEMENTS = """
    CREATE TABLE t (id INT NOT NULL, name STRING, day STRING) PARTITIONED BY (day);
    ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0);
    INSERT INTO t SELECT CAST(id + 1 AS INT), concat('n', id), CASE WHEN id < 5 THEN 'a/b' ELSE 'c' END FROM range(10);
    UPDATE t SET name = 'updated' WHERE id IN (2, 7);
    DELETE FROM t WHERE id = 3;
    MERGE INTO t USING (SELECT * FROM VALUES (1, 'merged'), (50, 'new') AS v (id, name)) AS s ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);
    INSERT OVERWRITE t PARTITION (day = 'd') SELECT 60, 'overwritten';
    ALTER TABLE t ADD COLUMNS (price DOUBLE);
    ALTER TABLE t ALTER COLUMN id TYPE BIGINT;
    INSERT INTO t VALUES (70, 'last', 'e', 1.5);
    OPTIMIZE t ZORDER BY (id)
"""


@pytest.fixture(scope="module")
def changed(aerostat, tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    done = subprocess.run(
        [aerostat, "sql", "--root", str(root), STATEMENTS], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return str(root / "warehouse" / "t")


EXPECTED = {
    1: ("merged", "a/b", None), 2: ("updated", "a/b", None), 4: ("n3", "a/b", None), 5: ("n4", "a/b", None),
    6: ("n5", "c", None), 7: ("updated", "c", None), 8: ("n7", "c", None), 9: ("n8", "c", None), 10: ("n9", "c", None),
    50: ("new", None, None), 60: ("overwritten", "d", None), 70: ("last", "e", 1.5),
}


def rows_of(frame):
    return {row["id"]: (row["name"], row["day"], row["price"]) for row in frame.to_dicts()}


def test_delta_rs_reads_it(changed):
    table = deltalake.DeltaTable(changed)
    read = deltalake.QueryBuilder().register("t", table).execute("SELECT id, name, day, price FROM t")
    assert rows_of(polars.DataFrame(read)) == EXPECTED
    operations = [entry["operation"] for entry in table.history()]
    assert operations[0] == "OPTIMIZE" and operations[-1] == "CREATE TABLE"
    assert {"UPDATE", "DELETE", "MERGE", "ADD CONSTRAINT", "ADD COLUMNS"} <= set(operations)


def test_polars_reads_it(changed):
    assert rows_of(polars.scan_delta(changed).collect()) == EXPECTED
    assert polars.scan_delta(changed, version=2).collect().height == 10


def test_its_constraints_hold_for_delta_rs_as_well(aerostat, changed):
    bad = polars.DataFrame({"id": [-1], "name": ["x"], "day": ["c"], "price": [None]}).cast({"price": polars.Float64})
    with pytest.raises(Exception, match="failed validation check"):
        deltalake.write_deltalake(changed, bad, mode="append")
    assert rows_of(polars.scan_delta(changed).collect()) == EXPECTED
    deltalake.write_deltalake(changed, bad.with_columns(id=polars.lit(90, polars.Int64)), mode="append")
    done = subprocess.run(
        [aerostat, "sql", "--root", str(Path(changed).parents[1]), "--format", "csv", "SELECT count(*), max(id) FROM t"],
        capture_output=True, text=True, timeout=60,
    )
    assert done.stdout.splitlines()[1] == "13,90", done.stderr
