"""Rounds: peers in turns, so that whatever else the machine does meets all of them, and figures that must agree."""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import agree, cells, results
from .kernels import CellFailed, timed
from .peers import PATIENCE

#: So many bytes of a file are read at once.
PIECE = 1 << 24


@dataclass
class Options:
    """What a run is to do."""

    #: "tiny", "small" or "full".
    scale: str
    rounds: int
    #: Names of peers, if not all of them are to be measured.
    peers: list
    #: Where generated data are kept.
    data: Path
    #: Where kernels write; emptied after each of them.
    scratch: Path

    def wanted(self, peers):
        """Those of the peers that are asked for and are there."""
        chosen = [peer for peer in peers if not self.peers or peer.name in self.peers]
        for peer in chosen:
            if (reason := peer.missing()) and peer.kernel == "aerostat":
                raise SystemExit(f"{reason}: install it with `aerostat install`")
            if reason:
                say(f"{peer.name} is left out: {reason}")
        return [peer for peer in chosen if peer.missing() is None]

    def turns(self, peers):
        """Round by round, who is next. The order turns, so that none is always the first to meet a cold cache."""
        for number in range(self.rounds):
            first = number % max(len(peers), 1)
            for peer in peers[first:] + peers[:first]:
                if peer.rounds is None or number < peer.rounds:
                    yield number, peer

    def folder(self):
        """An empty folder for one kernel."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        return self.scratch


def warm(path):
    """Reads the files of a folder, so that every peer finds them in the system's cache, as far as they fit in there."""
    for file in path.rglob("*"):
        if file.is_file():
            with file.open("rb", buffering=0) as opened:
                while opened.read(PIECE):
                    pass


def say(text):
    print(text, file=sys.stderr, flush=True)


def notebook(options, found, peers, part, inputs, variables):
    """Runs the cells of `cells/PART` as a notebook of each peer, from its first to its last cell, in a new kernel a
    round; adds to the results `found` how long each cell took. The cells read files of the folder `inputs`. What a cell
    leaves in `result` must be what it was with the first peer."""
    reference = {}
    peers = options.wanted(peers)
    for number, peer in options.turns(peers):
        say(f"{found['part']}: round {number + 1} of {options.rounds}: {peer.name}")
        folder = options.folder()
        setup, steps = cells.read(f"{part}/{peer.cells}")
        warm(inputs)
        with peer.start(folder) as kernel:
            kernel.run(peer.begin({**variables, "out": str(folder / "out")}), PATIENCE)
            kernel.run(peer.cell(setup), PATIENCE)
            for step, code in steps.items():
                if not step_of(found, peer, kernel, folder, step, code, reference):
                    break
            results.add(found, peer.name, "peak memory", kernel.peak_memory())
    shutil.rmtree(options.scratch, ignore_errors=True)


def step_of(found, peer, kernel, folder, step, code, reference):
    """One cell; whether the notebook can go on."""
    try:
        seconds, _ = timed(kernel.run, peer.cell(code), PATIENCE)
    except CellFailed as error:
        found["failures"].setdefault(peer.name, {})[step] = str(error)
        say(f"{peer.name}: {step}: {error}")
        return False
    if re.search(r"\bresult\b", peer.cell(code)):
        figures = peer.figures(kernel, folder)
        name, first = reference.setdefault(step, (peer.name, figures))
        agree.check(step, figures, peer.name, first, name)
    results.add(found, peer.name, step, seconds)
    return True
