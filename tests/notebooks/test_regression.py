"""`make notebooks` notices a changed result, a slow cell and a failing cell, and nothing else."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

TOOL = Path(__file__).with_name("regression.py")
SHOWN = "let figures = df!(\"n\" => [1, 2], \"x\" => [0.5, 1.25])?;\nfigures"


@pytest.fixture
def notebook(tmp_path):
    """A notebook whose stored outputs are right."""
    cells = [
        nbformat.v4.new_code_cell(SHOWN),
        nbformat.v4.new_code_cell('figures.plot().title("Figures").bar("n", "x")?'),
        nbformat.v4.new_code_cell("%%sh\ndate +%N", metadata={"tags": ["nbval-ignore-output"]}),
    ]
    kernelspec = {"name": "aerostat", "display_name": "Aerostat", "language": "rust"}
    path = tmp_path / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), path)
    assert run(path, "--update").returncode == 0
    return path


def run(path, *options):
    command = [sys.executable, str(TOOL), "--data", str(path.parent), *options, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240)


def edit(path, change):
    nb = nbformat.read(path, as_version=4)
    change(nb.cells)
    nbformat.write(nb, path)


def test_a_notebook_that_gives_what_it_shows_is_good(notebook):
    stored = nbformat.read(notebook, as_version=4)
    assert {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"} == set(stored.cells[1].outputs[0].data)
    assert stored.cells[2].outputs == []
    done = run(notebook)
    assert done.returncode == 0, done.stdout + done.stderr


def test_updating_again_changes_nothing(notebook):
    before = notebook.read_text()
    assert run(notebook, "--update").returncode == 0
    assert notebook.read_text() == before


def test_a_changed_table_is_noticed(notebook):
    edit(notebook, lambda cells: cells[0].update(source=SHOWN.replace("1.25", "1.26")))
    done = run(notebook)
    assert done.returncode == 1
    assert "1.26" in done.stdout, done.stdout


def test_a_changed_chart_is_noticed(notebook):
    edit(notebook, lambda cells: cells[1].update(source='figures.plot().title("Others").bar("n", "x")?'))
    assert run(notebook).returncode == 1


def test_a_slow_cell_is_noticed(notebook):
    slow = {"source": "%%sh\nsleep 1.5", "metadata": {"budget_seconds": 0.5}, "outputs": []}
    edit(notebook, lambda cells: cells[2].update(slow))
    done = run(notebook)
    assert done.returncode == 1
    assert "cell 2 took" in done.stdout and "its budget is 0.5 s" in done.stdout, done.stdout
    # It is the time and nothing else.
    edit(notebook, lambda cells: cells[2].metadata.update(budget_seconds=60))
    done = run(notebook)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_failing_cell_is_noticed(notebook):
    edit(notebook, lambda cells: cells[2].update(source="session.table(\"no_such_table\")?", metadata={}))
    done = run(notebook)
    assert done.returncode == 1
    assert "no_such_table" in done.stdout
