"""The 22 queries of TPC-H. Data and queries are those of DuckDB's extension, obtained as the benchmark runs."""

import importlib.util
import re
from pathlib import Path

from harness import agree, results
from harness.kernels import CellFailed, timed
from harness.measure import say
from harness.peers import AEROSTAT_SQL, DUCKDB, PATIENCE, PYSPARK, Peer
from harness.results import Ratio

SCALES = {"tiny": [0.01], "small": [0.1], "full": [1, 10]}

#: Over the files that the others have, instead of over its own.
DUCKDB_PARQUET = Peer("duckdb on parquet", "python3", "duckdb", ("duckdb",))
PEERS = [AEROSTAT_SQL, DUCKDB, DUCKDB_PARQUET, PYSPARK]
RATIOS = [
    Ratio("aerostat sql", ("duckdb",), 1.3),
    Ratio("aerostat sql", ("duckdb on parquet",)),
    Ratio("aerostat sql", ("pyspark",)),
]
#: The first run of a query reads the files; the best of the others counts.
REPEAT = 3

SPARK = """
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[*]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.memory", "4g")
    .config("spark.sql.shuffle.partitions", "8")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
"""


def run(options):
    extension = find_extension()
    if extension is None:
        say("TPC-H is left out: not installed: duckdb-extension-tpch")
        return
    for scale in SCALES[options.scale]:
        files, queries = generate(options, extension, scale)
        found = results.new(f"TPC-H, scale {scale}", RATIOS, "geometric mean", {"peak memory": "MB"})
        reference = {}
        for number, peer in options.turns(options.wanted(PEERS)):
            say(f"{found['part']}: round {number + 1} of {options.rounds}: {peer.name}")
            folder = options.folder()
            with peer.start(folder) as kernel:
                for cell in loads(peer, files, folder):
                    kernel.run(cell, PATIENCE)
                for name, query in queries.items():
                    measure(found, peer, kernel, folder, name, query, reference)
                results.add(found, peer.name, "peak memory", kernel.peak_memory())
        yield found


def measure(found, peer, kernel, folder, name, query, reference):
    """The best of some runs of a query whose answer is right."""
    repeat = 1 if peer is PYSPARK else REPEAT
    try:
        seconds = min(timed(kernel.run, asked(peer, query), PATIENCE)[0] for _ in range(repeat))
    except CellFailed as error:
        found["failures"].setdefault(peer.name, {})[name] = str(error)
        say(f"{peer.name}: {name}: {error}")
        return
    if name not in reference or reference[name][0] != peer.name:
        figures = peer.figures(kernel, folder)
        first, answer = reference.setdefault(name, (peer.name, figures))
        agree.check(name, figures, peer.name, answer, first)
    results.add(found, peer.name, name, seconds)


def asked(peer, query):
    """The cell of a query: in Spark's SQL double quotes are around texts, back-quotes around names."""
    spark = re.sub(r'"([^"]*)"', r"`\1`", query)
    if peer is AEROSTAT_SQL:
        return f"%%sql result <<\n{spark}"
    if peer is PYSPARK:
        return f"result = spark.sql({spark!r}).collect()"
    return f"result = con.execute({query!r}).fetchall()"


def loads(peer, files, folder):
    """The cells that make tables of the files."""
    tables = {file.stem: file for file in sorted(files.glob("*.parquet"))}
    if peer is AEROSTAT_SQL:
        return [f"%%sql\nCREATE TABLE {name} AS SELECT * FROM parquet.`{file}`" for name, file in tables.items()]
    if peer is PYSPARK:
        views = (f"spark.read.parquet({str(file)!r}).createOrReplaceTempView({name!r})" for name, file in tables.items())
        return [SPARK, *views]
    kind = "TABLE" if peer is DUCKDB else "VIEW"
    made = (f"con.execute(\"CREATE {kind} {name} AS FROM '{file}'\")" for name, file in tables.items())
    return [f"import duckdb\ncon = duckdb.connect({str(folder / 'tpch.duckdb')!r})", *made]


def find_extension():
    """The file of the extension, which is installed as a Python package."""
    spec = importlib.util.find_spec("duckdb_extension_tpch")
    return next(Path(spec.origin).parent.glob("**/tpch.duckdb_extension"), None) if spec else None


def generate(options, extension, scale):
    """The folder of the tables' files, and the queries by name."""
    import duckdb

    files = options.data / f"tpch-{scale}"
    new = files.with_suffix(".new")
    with duckdb.connect(str(options.data / "tpch.duckdb") if scale > 1 else ":memory:") as database:
        database.execute(f"LOAD '{extension}'")
        if not files.exists():
            say(f"generating {files.name}")
            new.mkdir(exist_ok=True)
            database.execute(f"CALL dbgen(sf={scale})")
            for (table,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                database.execute(f"COPY {table} TO '{new}/{table}.parquet'")
            new.rename(files)
        queries = dict(database.execute("SELECT query_nr, query FROM tpch_queries()").fetchall())
    (options.data / "tpch.duckdb").unlink(missing_ok=True)
    return files, {f"Q{number}": query.strip().rstrip(";") for number, query in queries.items()}
