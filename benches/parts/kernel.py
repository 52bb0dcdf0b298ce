"""How fast the kernels answer, before any data count."""

import statistics

from harness import cells, results
from harness.kernels import timed
from harness.measure import say
from harness.peers import AEROSTAT, DUCKDB, EVCXR, PATIENCE, POLARS, PYSPARK
from harness.results import Ratio

PEERS = [AEROSTAT, POLARS, DUCKDB, PYSPARK, EVCXR]
#: How often a warm request is repeated; its median counts.
WARM = {"tiny": 3, "small": 30, "full": 100}
#: How often a kernel is started in a round.
STARTS = {"tiny": 1, "small": 4, "full": 10}
LINES = "100,000 printed lines"
IDLE, LOADED, START = "memory when idle", "memory after these cells", "start to ready"
OTHERS = ("restart to ready", "empty cell", "completion", "inspection", LINES, IDLE, LOADED)
RATIOS = [
    Ratio("aerostat", ("polars",), 0.2, (START, "small DataFrame cell")),
    Ratio("aerostat", ("polars",), None, OTHERS),
    Ratio("aerostat", ("duckdb",), 0.3, ("small SQL cell",)),
    Ratio("aerostat", ("duckdb",), None, (LOADED, "start to first result")),
    Ratio("aerostat", ("evcxr",)),
    Ratio("aerostat", ("pyspark",)),
]
UNITS = {IDLE: "MB", LOADED: "MB"}


def run(options):
    found = results.new("kernel", RATIOS, units=UNITS)
    for number, peer in options.turns(options.wanted(PEERS)):
        say(f"kernel: round {number + 1} of {options.rounds}: {peer.name}")
        for _ in range(STARTS[options.scale] - 1):
            seconds, kernel = timed(peer.start, options.folder())
            kernel.close()
            results.add(found, peer.name, START, seconds)
        for name, value in measure(options, peer):
            if value is not None:
                results.add(found, peer.name, name, value)
    yield found


def measure(options, peer):
    repeat = WARM[options.scale]
    setup, steps = cells.read(f"kernel/{peer.cells}")
    printing = steps.pop(LINES, None)
    seconds, kernel = timed(peer.start, options.folder())
    yield START, seconds
    with kernel:
        yield IDLE, kernel.memory()
        yield "empty cell", warm(repeat, kernel.run, "")
        first = next(iter(steps.values()))
        yield "start to first result", seconds + timed(begin, kernel, setup, first)[0]
        for name, code in steps.items():
            yield name, warm(repeat, kernel.run, code)
        if peer in (AEROSTAT, POLARS):
            yield from questions(repeat, kernel)
        yield LOADED, kernel.memory()
        if printing:
            seconds, printed = timed(kernel.run, printing, PATIENCE)
            assert printed.count("\n") == 100_000, "lines were lost"
            yield LINES, seconds
        yield "restart to ready", timed(kernel.restart)[0]


def begin(kernel, setup, first):
    kernel.run(setup, PATIENCE)
    kernel.run(first, PATIENCE)


def questions(repeat, kernel):
    """What Tab and Shift-Tab ask for."""
    assert "height" in " ".join(kernel.ask(kernel.client.complete, "data.hei")["matches"])
    yield "completion", warm(repeat, kernel.ask, kernel.client.complete, "data.hei")
    assert kernel.ask(kernel.client.inspect, "data")["found"]
    yield "inspection", warm(repeat, kernel.ask, kernel.client.inspect, "data")


def warm(repeat, action, *arguments):
    """The median of many, after one that does not count."""
    action(*arguments)
    return statistics.median(timed(action, *arguments)[0] for _ in range(repeat))
