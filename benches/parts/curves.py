"""How costs grow: with the length of a notebook, the files and versions of a table, the tables of a metastore, the rows."""

import statistics
from dataclasses import replace

from harness import cells, data, results
from harness.kernels import timed
from harness.measure import say
from harness.peers import AEROSTAT, PATIENCE, POLARS
from harness.results import Ratio

CELLS = {"tiny": 30, "small": 1_000, "full": 1_000}
FILES = {"tiny": [1, 10], "small": [1, 10, 100, 1_000], "full": [1, 10, 100, 1_000, 10_000]}
VERSIONS = {"tiny": [1, 10], "small": [1, 10, 100], "full": [1, 10, 100, 1_000, 2_000]}
TABLES = {"tiny": [1, 10], "small": [1, 10, 100, 1_000], "full": [1, 10, 100, 1_000, 10_000]}
ROWS = {"tiny": [1_000, 2_000], "small": [54_190, 541_909], "full": [541_909, 5_419_090, 54_190_900]}

#: So many cells at both ends of a notebook are compared.
ENDS = 10
#: So many statements are sent in a cell.
BATCH = 500
FIRST, LAST = "first cells", "last cells"
INSERT = "INSERT INTO many VALUES (1, 1)"
RATIO = Ratio("aerostat", ("polars",))
READER = replace(POLARS, needs=("polars", "deltalake"))


def run(options):
    if not options.wanted([AEROSTAT]):
        return
    yield notebook_length(options)
    yield files(options)
    yield from versions(options)
    yield tables(options)
    yield rows(options)


def notebook_length(options):
    """Each cell adds a variable. The thousandth has to be as fast as the first."""
    length = CELLS[options.scale]
    found = results.new(f"a notebook of {length:,} cells", [Ratio(LAST, (FIRST,), 1.2)])
    say(found["part"])
    frame = 'let {0} = df!("k" => ["a", "b"], "v" => [1, 2])?; {0}.clone().lazy().filter(col("v").gt(lit(1))).collect()?'
    with AEROSTAT.start(options.folder()) as kernel:
        kernel.run(frame.format("warm"))
        kernel.run("%%sql\nSELECT k, v FROM warm")
        taken = []
        for number in range(length):
            name = f"frame_{number}"
            seconds = timed(kernel.run, frame.format(name))[0], timed(kernel.run, f"%%sql\nSELECT k, v FROM {name}")[0]
            taken.append((*seconds, timed(kernel.ask, kernel.client.complete, f"{name}.hei")[0]))
    for peer, ends in ((FIRST, taken[:ENDS]), (LAST, taken[-ENDS:])):
        for name, seconds in zip(("DataFrame cell", "SQL cell", "completion"), zip(*ends)):
            results.add(found, peer, name, statistics.median(seconds))
    return found


def files(options):
    """A table of many files, in a kernel that has not seen it."""
    sizes = {f"files: {count:,}": count for count in FILES[options.scale]}
    found = results.new("reading a table of many files", [RATIO], sizes=sizes)
    for name, count in sizes.items():
        say(f"{found['part']}: {name}")
        folder = options.folder()
        with AEROSTAT.start(folder) as kernel:
            # As many rows whatever the number of files.
            kernel.run(f"let rows = session.sql(\"SELECT id, id % 7 AS k FROM range({max(sizes.values())})\")?;", PATIENCE)
            per_file = max(sizes.values()) // count
            kernel.run(f'rows.write().option("maxRecordsPerFile", {per_file}).save_as_table("many")?;', PATIENCE)
        table_read(options, found, folder, name, max(sizes.values()))
    return found


def versions(options):
    """A table that was appended to many times."""
    sizes = {f"versions: {count:,}": count for count in VERSIONS[options.scale]}
    found = results.new("reading a table of many versions", [RATIO], sizes=sizes)
    appended = results.new("appending one more version", [], sizes=sizes)
    folder = options.folder()
    done = 0
    for name, count in sizes.items():
        say(f"{found['part']}: {name}")
        with AEROSTAT.start(folder) as kernel:
            kernel.run("%%sql\nCREATE TABLE IF NOT EXISTS many (id BIGINT, k BIGINT)")
            for first in range(done, count - 1, BATCH):
                inserts = [INSERT] * (min(first + BATCH, count - 1) - first)
                kernel.run("%%sql\n" + ";\n".join(inserts), PATIENCE)
            results.add(appended, "aerostat", name, timed(kernel.run, f"%%sql\n{INSERT}", PATIENCE)[0])
        done = count
        table_read(options, found, folder, name, count)
    yield found
    yield appended


def table_read(options, found, folder, name, expected):
    """Adds how long the first look at the table `many` takes in a new kernel, of each peer."""
    location = next((folder / "home" / "warehouse").glob("**/_delta_log")).parent
    cell = {
        AEROSTAT: 'session.table("many")?.select([len(), col("k").sum()]).collect()?.write().mode("overwrite").json(&out)?;',
        READER: "result = pl.scan_delta(many).select(pl.len(), pl.col('k').sum()).collect()",
    }
    for _ in range(options.rounds):
        for peer in options.wanted([AEROSTAT, READER]):
            with peer.start(folder) as kernel:
                kernel.run(peer.begin({"many": location, "out": folder / "out"}))
                kernel.run("import polars as pl, deltalake" if peer is READER else "")
                seconds, _ = timed(kernel.run, cell[peer], PATIENCE)
                if peer is AEROSTAT:
                    kernel.run('let result = session.read_json(&out)?.collect()?;')
                ((count, _),) = (row.values() if isinstance(row, dict) else row for row in peer.figures(kernel, folder))
                assert count == expected, f"{peer.name} found {count} rows in {expected}"
                results.add(found, peer.name, name, seconds)


def tables(options):
    """A metastore of many tables: to find one, to list them, to create one more."""
    counts = TABLES[options.scale]
    sizes = {}
    found = results.new("a metastore of many tables", [], sizes=sizes)
    folder = options.folder()
    done = 0
    for count in counts:
        say(f"{found['part']}: {count:,}")
        with AEROSTAT.start(folder) as kernel:
            for first in range(done, count, BATCH):
                creates = [f"CREATE TABLE t{number} (a INT)" for number in range(first, min(first + BATCH, count))]
                kernel.run("%%sql\n" + ";\n".join(creates), PATIENCE)
        done = count
        for _ in range(options.rounds):
            with AEROSTAT.start(folder) as kernel:
                kernel.run("")
                for name, cell in {
                    "query one": f"SELECT count(*) FROM t{count - 1}",
                    "list": "SHOW TABLES",
                    "create and drop one": "CREATE TABLE one_more (a INT); DROP TABLE one_more",
                }.items():
                    seconds, _ = timed(kernel.run, f"%%sql\n{cell}", PATIENCE)
                    results.add(found, "aerostat", f"{name} of {count:,}", seconds)
                    sizes[f"{name} of {count:,}"] = count
    names = sorted(sizes, key=lambda name: (name.rsplit(" of ", 1)[0], sizes[name]))
    found["sizes"] = {name: sizes[name] for name in names}
    found["samples"]["aerostat"] = {name: found["samples"]["aerostat"][name] for name in names}
    return found


def rows(options):
    """The retail work on more and more rows: time and memory."""
    counts = ROWS[options.scale]
    sizes = {f"{count:,} lines": count for count in counts}
    found = results.new("retail work by rows", [RATIO], sizes=sizes)
    for name, count in sizes.items():
        csv = data.retail(options, count)
        for peer in options.wanted([AEROSTAT, POLARS]):
            say(f"{found['part']}: {name}: {peer.name}")
            folder = options.folder()
            setup, steps = cells.read(f"retail/{peer.cells}")
            with peer.start(folder) as kernel:
                kernel.run(peer.begin({"csv": csv, "out": str(folder / "out")}))
                kernel.run(setup)
                results.add(found, peer.name, name, sum(timed(kernel.run, code, PATIENCE)[0] for code in steps.values()))
                results.add(found, peer.name, f"peak memory, {name}", kernel.peak_memory())
        found["units"][f"peak memory, {name}"] = "MB"
    return found
