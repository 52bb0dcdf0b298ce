"""How soon a cell has run that has to be compiled."""

import itertools

from harness import cells, results
from harness.kernels import timed
from harness.measure import say
from harness.peers import AEROSTAT, EVCXR, PATIENCE
from harness.results import Ratio
from parts.kernel import LOADED, START, warm

PEERS = [AEROSTAT, EVCXR]
#: How often a warm cell is repeated; its median counts.
WARM = {"tiny": 2, "small": 10, "full": 30}
FIRST = "start to the end of the first cell"
RATIOS = [
    Ratio("aerostat", ("evcxr",), 0.2, (FIRST, "small DataFrame cell")),
    Ratio("aerostat", ("evcxr",), 1 / 3, (LOADED,)),
    Ratio("aerostat", ("evcxr",), None, (START, "a function and its call")),
]


def run(options):
    found = results.new("compiled cells", RATIOS, units={LOADED: "MB"})
    peers = options.wanted(PEERS)
    for peer in peers:
        # What crates take to build, once in a machine's life, is no part of this.
        setup, _ = cells.read(f"compiled/{peer.cells}")
        with peer.start(options.folder()) as kernel:
            kernel.run(setup, PATIENCE)
    for number, peer in options.turns(peers):
        say(f"compiled cells: round {number + 1} of {options.rounds}: {peer.name}")
        for name, value in measure(options, peer):
            results.add(found, peer.name, name, value)
    yield found


def measure(options, peer):
    setup, steps = cells.read(f"compiled/{peer.cells}")
    turns = itertools.count(100)

    def run_anew(code):
        return kernel.run(code.replace("TURN", str(next(turns))), PATIENCE)

    seconds, kernel = timed(peer.start, options.folder())
    with kernel:
        yield START, seconds
        first = next(iter(steps.values()))
        yield FIRST, seconds + timed(kernel.run, setup, PATIENCE)[0] + timed(run_anew, first)[0]
        for name, code in steps.items():
            yield name, warm(WARM[options.scale], run_anew, code)
        yield LOADED, kernel.memory()
