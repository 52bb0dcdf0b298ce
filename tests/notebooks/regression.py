"""Whether the notebooks still give what they show: executed again, compared with their stored outputs, and timed.

    python tests/notebooks/regression.py --data data notebooks/*.ipynb            compare
    python tests/notebooks/regression.py --data data --update notebooks/*.ipynb   store what they give now

Comparing is nbval's work, executing and timing nbmake's. A cell fails if it raises, if it shows something else than before,
or if it takes longer than its budget: `budget_seconds` of its metadata, or the default below. What a cell with the tag
`nbval-ignore-output` shows (times, sizes) is neither compared nor stored.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

KERNEL = "aerostat"
DEFAULT_BUDGET = 30.0
VOLATILE = "nbval-ignore-output"
# What nbclient notes down: when the cell was begun and when it was answered.
BEGUN, ANSWERED = "iopub.execute_input", "shell.execute_reply"


def environment(home: Path, data: Path) -> dict:
    return {**os.environ, "AEROSTAT_HOME": str(home), "AEROSTAT_DATA": str(data)}


def pytest(*arguments: str, env: dict) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, env=env).returncode


def seconds(cell) -> float | None:
    times = cell.metadata.get("execution", {})
    if BEGUN not in times or ANSWERED not in times:
        return None
    begun, answered = (datetime.fromisoformat(times[key].replace("Z", "+00:00")) for key in (BEGUN, ANSWERED))
    return (answered - begun).total_seconds()


def slow_cells(executed: Path) -> list[str]:
    """What took longer than it may, one line each."""
    lines = []
    for number, cell in enumerate(nbformat.read(executed, as_version=4).cells):
        taken = seconds(cell) if cell.cell_type == "code" else None
        budget = float(cell.metadata.get("budget_seconds", DEFAULT_BUDGET))
        if taken is not None and taken > budget:
            lines.append(f"{executed.name}: cell {number} took {taken:.1f} s, its budget is {budget:g} s: {cell.source.splitlines()[0]}")
    return lines


def compare(notebook: Path, data: Path) -> bool:
    """Whether the notebook gives what it shows, in time."""
    with tempfile.TemporaryDirectory() as scratch:
        compared = pytest("--nbval", "--nbval-kernel-name", KERNEL, str(notebook), env=environment(Path(scratch) / "compared", data))
        copy = Path(scratch) / notebook.name
        shutil.copy(notebook, copy)
        executed = pytest("--nbmake", "--overwrite", str(copy), env=environment(Path(scratch) / "executed", data))
        slow = slow_cells(copy)
    for line in slow:
        print(line)
    return compared == 0 and executed == 0 and not slow


def update(notebook: Path, data: Path) -> None:
    """Stores what the notebook gives now."""
    cells = nbformat.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory() as home:
        client = NotebookClient(cells, kernel_name=KERNEL, timeout=600, record_timing=False)
        client.execute(cwd=str(notebook.parent), env=environment(Path(home), data))
    for cell in cells.cells:
        if VOLATILE in cell.metadata.get("tags", []):
            cell.outputs = []
    nbformat.write(cells, notebook)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with a folder of data for each notebook, by its name")
    parser.add_argument("--update", action="store_true", help="store what the notebooks give now")
    parser.add_argument("notebooks", type=Path, nargs="+")
    arguments = parser.parse_args()
    good = True
    for notebook in arguments.notebooks:
        data = (arguments.data / notebook.stem).resolve()
        if arguments.update:
            update(notebook, data)
        else:
            good &= compare(notebook, data)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
