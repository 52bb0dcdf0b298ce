"""A kernel that may not take much memory: what needs more spills or ends with an error, and the kernel lives on."""

import pytest

#: A cross join of so many rows has 64 million, of eight bytes each and more.
SIDE = 8_000


@pytest.fixture
def small(start):
    """A kernel with little memory, and a variable that has to survive."""
    kernel = start(env={"AEROSTAT_MEMORY_LIMIT": "400M"})
    assert kernel.run('let kept = df!("a" => [1, 2, 3])?;').status == "ok"
    return kernel


def lives(kernel):
    cell = kernel.run("%%sql\nSELECT sum(a) AS total FROM kept")
    assert "6" in cell.result["text/plain"]


def test_a_query_of_polars_that_needs_more_is_an_error(small):
    small.run(f'let side = session.sql("SELECT id FROM range({SIDE})")?;')
    cell = small.run("side.clone().lazy().cross_join(side.clone().lazy(), None).sort([\"id\"], Default::default()).collect()?", timeout=120)
    assert cell.error["ename"] == "OUT_OF_MEMORY"
    assert "400 MiB" in cell.error["evalue"]
    assert "AEROSTAT_MEMORY_LIMIT" in "\n".join(cell.error["traceback"])
    lives(small)


def test_a_query_of_sql_that_needs_more_is_an_error(small):
    cell = small.run(f"%%sql\nSELECT a.id, b.id AS other FROM range({SIDE}) a CROSS JOIN range({SIDE}) b", timeout=120)
    assert cell.error["ename"] == "OUT_OF_MEMORY"
    lives(small)


def test_a_query_of_sql_sorts_and_groups_on_disk(small):
    # 20 million rows, of which the sort alone would need 320 MB.
    cell = small.run(
        "%%sql\nSELECT count(*) AS n, max(place) AS last, sum(CASE WHEN place = id + 1 THEN 1 ELSE 0 END) AS right\n"
        "FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM (SELECT id FROM range(20000000)))",
        timeout=180,
    )
    assert cell.status == "ok", cell.error
    assert cell.result["text/plain"].count("20000000") == 3
    lives(small)


def test_a_wrong_limit_is_said(start):
    cell = start(env={"AEROSTAT_MEMORY_LIMIT": "plenty"}).run("1 + 1")
    assert cell.error["ename"] == "INVALID_ARGUMENT"
    assert "`plenty` in AEROSTAT_MEMORY_LIMIT" in cell.error["evalue"]


def test_a_join_of_two_large_sides_is_done_on_disk(start):
    # A table of 24 million keys of one side alone needs more than the half of the memory that queries have.
    rows = 24_000_000
    made = start().run(f"%%sql\nCREATE TABLE side AS SELECT id, id * 2 AS v FROM range({rows})", timeout=120)
    assert made.status == "ok", made.error
    kernel = start(env={"AEROSTAT_MEMORY_LIMIT": "800M"})
    cell = kernel.run("%%sql\nSELECT count(*) AS n, sum(a.v) AS v FROM side a JOIN side b ON a.id = b.v", timeout=180)
    assert cell.status == "ok", cell.error
    even = range(0, rows, 2)
    text = cell.result["text/plain"]
    assert str(len(even)) in text and str(2 * sum(even)) in text


def test_the_streaming_engine_is_watched_and_interrupted_as_well(small):
    small.run(f'let side = session.sql("SELECT id FROM range({SIDE})")?;')
    plan = 'side.clone().lazy().cross_join(side.clone().lazy(), None).sort(["id"], Default::default())'
    cell = small.run(f"{plan}.collect_with_engine(Engine::Streaming)?", timeout=120)
    assert cell.error["ename"] == "OUT_OF_MEMORY"
    lives(small)


def plan(kernel):
    kernel.run("%%sql -o plan\nEXPLAIN SELECT sum(id) AS total FROM t")
    return kernel.run('print!("{}", plan.column("plan")?.str()?.get(0).unwrap_or(""))').stream()


def test_cached_columns_give_way(start):
    rows = 16_000_000
    made = start().run(f"%%sql\nCREATE TABLE t AS SELECT id FROM range({rows})", timeout=120)
    assert made.status == "ok", made.error
    kernel = start(env={"AEROSTAT_MEMORY_LIMIT": "600M"})
    for _ in range(3):
        cell = kernel.run("%%sql\nSELECT sum(id) AS total FROM t", timeout=60)
        assert str(sum(range(rows))) in cell.result["text/plain"]
    assert "cached columns=[id]" in plan(kernel)
    # The column's 128 MB and what this takes, which is 490 MB, are more than there is beside what the kernel always has.
    cell = kernel.run('let large = session.sql("SELECT id FROM range(46000000)")?;', timeout=120)
    assert cell.status == "ok", cell.error
    assert "cached columns" not in plan(kernel)
