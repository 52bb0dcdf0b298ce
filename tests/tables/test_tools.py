"""Other tools read what Aerostat writes, and Aerostat reads what they wrote."""

import datetime
import decimal
import shutil
from pathlib import Path

import deltalake
import duckdb
import polars
import pytest

UTC = datetime.timezone.utc

# One row of every type that a table can hold, and one of nulls.
EVERYTHING = """
    CREATE TABLE everything AS SELECT
        1 AS id, true AS flag, CAST(-7 AS TINYINT) AS tiny, CAST(300 AS SMALLINT) AS small, CAST(9000000000 AS BIGINT) AS big,
        CAST(0.5 AS FLOAT) AS single, 0.1D AS `a double`, CAST('12.30' AS DECIMAL(20, 2)) AS price, 'süß' AS `größe`,
        CAST('raw' AS BINARY) AS bytes, DATE '2024-02-29' AS day, TIMESTAMP_NTZ '2024-02-29 12:30:00.25' AS at,
        ARRAY(1, NULL, 3) AS list, NAMED_STRUCT('k', 'v', 'n', ARRAY(1.5D)) AS nested
    UNION ALL SELECT 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"""

FIRST = {
    "id": 1,
    "flag": True,
    "tiny": -7,
    "small": 300,
    "big": 9_000_000_000,
    "single": 0.5,
    "a double": 0.1,
    "price": decimal.Decimal("12.30"),
    "größe": "süß",
    "bytes": b"raw",
    "day": datetime.date(2024, 2, 29),
    "at": datetime.datetime(2024, 2, 29, 12, 30, 0, 250_000),
    "list": [1, None, 3],
    "nested": {"k": "v", "n": [1.5]},
}
SECOND = {name: 2 if name == "id" else None for name in FIRST}

PARTITIONED = """
    CREATE TABLE parts (id INT, name STRING, year INT, `a b` STRING) {storage} PARTITIONED BY (year, `a b`);
    INSERT INTO parts VALUES (1, 'a', 2015, 'x/y'), (2, 'b', 2015, 'ü'), (3, 'c', NULL, 'x/y')"""
PARTS = [(1, "a", 2015, "x/y"), (2, "b", 2015, "ü"), (3, "c", None, "x/y")]


def queried(table: deltalake.DeltaTable) -> polars.DataFrame:
    """All rows, as delta-rs reads them."""
    return polars.DataFrame(deltalake.QueryBuilder().register("it", table).execute("SELECT * FROM it"))


def delta() -> duckdb.DuckDBPyConnection:
    """DuckDB with its extension for Delta, which comes as a package."""
    import duckdb_extension_delta

    [extension] = Path(duckdb_extension_delta.__file__).parent.glob("extensions/*/delta.duckdb_extension")
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    return connection


def without_nulls_in_structs(row: dict) -> dict:
    """A null struct may come back as a struct of nulls: not every tool tells them apart."""
    nested = row["nested"]
    return {**row, "nested": None if nested and not any(nested.values()) else nested}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    if not shutil.which("java"):
        pytest.skip("PySpark needs Java, which is not there")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    folder = tmp_path_factory.mktemp("spark")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", str(folder))
        .config("spark.driver.extraJavaOptions", f"-Duser.timezone=UTC -Dderby.system.home={folder}")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.parametrize("tool", ["deltalake", "polars", "duckdb"])
def test_every_type_is_read_by(tool, metastore):
    metastore.sql(EVERYTHING)
    folder = metastore.folder("everything")
    if tool == "deltalake":
        rows = queried(deltalake.DeltaTable(folder)).to_dicts()
    elif tool == "polars":
        rows = polars.scan_delta(folder).collect().to_dicts()
    else:
        result = delta().execute("SELECT * FROM delta_scan(?)", [folder])
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row)) for row in result.fetchall()]
    rows = [without_nulls_in_structs(row) for row in sorted(rows, key=lambda row: row["id"])]
    assert rows == [FIRST, SECOND]


@pytest.mark.parametrize("tool", ["deltalake", "polars", "duckdb"])
def test_partitions_are_read_by(tool, metastore):
    metastore.sql(PARTITIONED.format(storage=""))
    folder = metastore.folder("parts")
    if tool == "deltalake":
        table = deltalake.DeltaTable(folder)
        assert table.metadata().partition_columns == ["year", "a b"]
        rows = queried(table).select("id", "name", "year", "a b").rows()
    elif tool == "polars":
        rows = polars.scan_delta(folder).select("id", "name", "year", "a b").collect().rows()
    else:
        rows = delta().execute("SELECT id, name, year, \"a b\" FROM delta_scan(?)", [folder]).fetchall()
    assert sorted(rows) == PARTS


@pytest.mark.parametrize("tool", ["deltalake", "polars", "duckdb"])
def test_changed_columns_and_converted_files_are_read_by(tool, metastore, tmp_path):
    """Columns with new names and defaults, files of Parquet that got a log, files that were loaded."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("id,Label\n4,d\n")
    metastore.sql(f"""
        CREATE TABLE p (id INT, name STRING, year INT) USING parquet PARTITIONED BY (year);
        INSERT INTO p VALUES (1, 'a', 2015), (2, NULL, 2016);
        CONVERT TO DELTA p;
        ALTER TABLE p RENAME COLUMN name TO label;
        ALTER TABLE p ALTER COLUMN year SET DEFAULT 2017;
        INSERT INTO p (id, label) VALUES (3, 'c');
        COPY INTO p FROM '{tmp_path}/in' FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true')""")
    folder = metastore.folder("p")
    if tool == "deltalake":
        rows = queried(deltalake.DeltaTable(folder)).select("id", "label", "year").rows()
    elif tool == "polars":
        rows = polars.scan_delta(folder).select("id", "label", "year").collect().rows()
    else:
        rows = delta().execute("SELECT id, label, year FROM delta_scan(?)", [folder]).fetchall()
    assert sorted(rows) == [(1, "a", 2015), (2, None, 2016), (3, "c", 2017), (4, "d", 2017)]


def test_tables_of_polars_and_deltalake_are_read_and_appended_to(metastore, tmp_path):
    folder = str(tmp_path / "outside")
    frame = polars.DataFrame(
        {
            "id": [1, 2],
            "name": ["a", None],
            "at": [datetime.datetime(2024, 1, 1, 12, tzinfo=UTC), None],
            "price": [decimal.Decimal("1.50"), None],
            "list": [["x"], []],
            "year": [2015, 2016],
        },
        schema_overrides={"price": polars.Decimal(10, 2), "list": polars.List(polars.String)},
    )
    frame.write_delta(folder, delta_write_options={"partition_by": ["year"]})
    metastore.sql(f"CREATE TABLE outside USING delta LOCATION '{folder}'")
    expected = [[1, "a", "1.50", ["x"], 2015], [2, None, None, [], 2016]]
    assert metastore.sql("SELECT id, name, price, list, year FROM outside ORDER BY id") == expected
    assert metastore.sql("SELECT id FROM outside WHERE at = TIMESTAMP '2024-01-01 12:00:00'") == [[1]]
    metastore.sql("INSERT INTO outside SELECT 3, 'c', at, price, list, 2017 FROM outside WHERE id = 1")
    deltalake.write_deltalake(folder, frame.with_columns(id=polars.lit(4, polars.Int64)).head(1), mode="append")
    assert metastore.sql("SELECT id, year FROM outside ORDER BY id") == [[1, 2015], [2, 2016], [3, 2017], [4, 2015]]
    assert polars.read_delta(folder).sort("id")["name"].to_list() == ["a", None, "c", "a"]


def test_parquet_folders_of_duckdb_are_tables(metastore, tmp_path):
    folder = tmp_path / "hive"
    duckdb.execute(
        f"COPY (SELECT i AS id, 2000 + i % 3 AS year FROM range(9) r(i)) TO '{folder}' (FORMAT parquet, PARTITION_BY (year))"
    )
    metastore.sql(f"CREATE TABLE hive USING parquet LOCATION '{folder}'")
    assert metastore.sql("SELECT year, sum(id) FROM hive GROUP BY year ORDER BY year") == [[2000, 9], [2001, 12], [2002, 15]]
    assert metastore.sql("SHOW PARTITIONS hive") == [["year=2000"], ["year=2001"], ["year=2002"]]
    metastore.sql("INSERT INTO hive VALUES (100, 2003)")
    rows = duckdb.execute(f"SELECT id FROM read_parquet('{folder}/*/*.parquet') WHERE year = 2003").fetchall()
    assert rows == [(100,)]


def test_spark_reads_parquet_tables(metastore, spark):
    metastore.sql(EVERYTHING.replace(" AS SELECT", " USING parquet AS SELECT", 1))
    rows = [row.asDict(recursive=True) for row in spark.read.parquet(metastore.folder("everything")).orderBy("id").collect()]
    rows = [{**row, "bytes": row["bytes"] and bytes(row["bytes"])} for row in rows]
    assert [without_nulls_in_structs(row) for row in rows] == [FIRST, SECOND]
    metastore.sql(PARTITIONED.format(storage="USING parquet"))
    frame = spark.read.parquet(metastore.folder("parts")).select("id", "name", "year", "a b")
    assert sorted(tuple(row) for row in frame.collect()) == PARTS


def test_what_spark_wrote_is_read(metastore, spark, tmp_path):
    folder = tmp_path / "spark"
    frame = spark.createDataFrame(PARTS, "id INT, name STRING, year INT, `a b` STRING")
    frame.write.partitionBy("year", "a b").parquet(str(folder))
    metastore.sql(f"CREATE TABLE parts (id INT, name STRING, year INT, `a b` STRING) USING parquet PARTITIONED BY (year, `a b`) LOCATION '{folder}'")
    metastore.sql("MSCK REPAIR TABLE parts")
    assert [tuple(row) for row in metastore.sql("SELECT * FROM parts ORDER BY id")] == PARTS
    assert metastore.sql("SELECT id FROM parts WHERE year IS NULL") == [[3]]
    for write, storage in [("csv", "csv OPTIONS (header 'true')"), ("json", "json")]:
        folder = tmp_path / write
        getattr(frame.write.option("header", "true"), write)(str(folder))
        metastore.sql(f"CREATE TABLE {write}s (id INT, name STRING, year INT, `a b` STRING) USING {storage} LOCATION '{folder}'")
        assert [tuple(row) for row in metastore.sql(f"SELECT * FROM {write}s ORDER BY id")] == PARTS
