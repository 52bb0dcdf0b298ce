"""Data three times as large as the memory that is allowed: it is worked off, or refused and the kernel lives on.

Where the system lets us, a control group holds the limit, so that nobody takes more; elsewhere each peer is told its own.
"""

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness import agree, cells, data, results
from harness.kernels import CellFailed, KernelDied, timed
from harness.measure import say
from harness.peers import AEROSTAT, AEROSTAT_SQL, DUCKDB, PATIENCE, POLARS
from harness.results import Ratio

#: The memory that is allowed, in MiB. The least has to be enough for the libraries.
ALLOWED = {"tiny": 256, "small": 256, "full": 2_048}
#: The data are so many times as large in memory; at the tiny scale they fit, to be done soon.
TIMES = {"tiny": 0.01, "small": 3, "full": 3}
ROW_BYTES = 24
#: What the kernel may take beyond what it watches itself for, before the control group ends it.
SLACK = 1.25
RATIOS = [Ratio("aerostat", ("polars", "duckdb")), Ratio("aerostat sql", ("polars", "duckdb"))]


def run(options):
    allowed = ALLOWED[options.scale]
    rows = int(allowed * TIMES[options.scale] * (1 << 20) / ROW_BYTES)
    files = data.numbers(options, rows)
    units = {"peak memory": "MB"}
    found = results.new(f"{TIMES[options.scale]} times the memory of {allowed} MiB", RATIOS, units=units)
    limited = {"AEROSTAT_MEMORY_LIMIT": f"{allowed}M"}
    ours = [replace(peer, environment=limited) for peer in (AEROSTAT, AEROSTAT_SQL)]
    reference = {}
    for peer in options.wanted([*ours, POLARS, DUCKDB]):
        setup, steps = cells.read(f"memory/{peer.cells}")
        for step, code in steps.items():
            say(f"{found['part']}: {peer.name}: {step}")
            folder = options.folder()
            with control_group(int(allowed * SLACK)) as join, peer.start(folder, join) as kernel:
                variables = {"files": files, "out": folder / "out", "megabytes": allowed}
                kernel.run(peer.begin(variables), PATIENCE)
                kernel.run(peer.cell(setup), PATIENCE)
                measure(found, peer, kernel, folder, step, code, reference)
    yield found


def measure(found, peer, kernel, folder, step, code, reference):
    """One cell. It may fail, but then the kernel must answer the next one."""
    try:
        seconds, _ = timed(kernel.run, peer.cell(code), PATIENCE)
        kernel.run(peer.cell("SELECT count(*) FROM saved") if step == "save" and peer.cells.endswith(".sql") else "")
        if step != "save":
            figures = peer.figures(kernel, folder)
            name, first = reference.setdefault(step, (peer.name, figures))
            agree.check(step, figures, peer.name, first, name)
        results.add(found, peer.name, step, seconds)
    except CellFailed as error:
        found["failures"].setdefault(peer.name, {})[step] = str(error)
        kernel.run("")
    except KernelDied:
        found["failures"].setdefault(peer.name, {})[step] = "the kernel died"
        return
    results.add(found, peer.name, "peak memory", kernel.peak_memory())


@contextmanager
def control_group(megabytes):
    """A control group with so much memory and no swap; what joins it, to be called in the new process."""
    groups = Path("/sys/fs/cgroup")
    controllers = groups / "cgroup.controllers"
    group = (groups if controllers.exists() else groups / "memory") / f"aerostat-benchmark-{os.getpid()}"
    limit = "memory.max" if controllers.exists() else "memory.limit_in_bytes"
    try:
        group.mkdir()
        (group / limit).write_text(str(megabytes << 20))
    except OSError as error:
        say(f"no control group holds the limit: {error}")
        yield None
        return
    try:
        yield lambda: (group / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        group.rmdir()
