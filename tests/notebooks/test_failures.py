"""A failing cell fails the batch job, whatever runs it, and the report says where and why."""

import subprocess
import sys

import nbformat
import pytest


@pytest.fixture
def failing_notebook(tmp_path):
    """A notebook whose second cell asks for a table that is not there."""
    cells = [
        nbformat.v4.new_code_cell("let answer = 42;"),
        nbformat.v4.new_code_cell('let orders = session.table("retail.ordres")?;'),
        nbformat.v4.new_code_cell('println!("not reached");'),
    ]
    kernelspec = {"name": "aerostat", "display_name": "Aerostat", "language": "rust"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    path = tmp_path / "failing.ipynb"
    nbformat.write(notebook, path)
    return path


def batch(home, command, notebook):
    return subprocess.run(
        [sys.executable, "-m", *command, str(notebook)],
        cwd=notebook.parent,
        env=home.environment(notebook.parent),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["nbconvert", "--to", "notebook", "--execute", "--stdout"],
        ["pytest", "-p", "no:cacheprovider", "--nbmake"],
        ["pytest", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-kernel-name", "aerostat"],
    ],
    ids=["nbconvert", "nbmake", "nbval"],
)
def test_a_failing_cell_fails_the_job(home, failing_notebook, command):
    done = batch(home, command, failing_notebook)
    report = done.stdout + done.stderr
    assert done.returncode != 0, report
    assert "not reached" not in done.stdout.replace('println!("not reached")', "")
    assert "retail.ordres" in report
    assert "NOT_FOUND" in report


def test_the_error_names_its_kind_and_shows_the_place(home, failing_notebook):
    done = batch(home, ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout"], failing_notebook)
    assert done.returncode == 0, done.stderr
    executed = nbformat.reads(done.stdout, as_version=4)
    [error] = [output for output in executed.cells[1].outputs if output.output_type == "error"]
    assert error.ename in {"TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND"}
    assert "retail.ordres" in error.evalue or "retail" in error.evalue
    traceback = "\n".join(error.traceback)
    assert 'session.table("retail.ordres")' in traceback
    assert "^" in traceback
    # With errors allowed, the cells after it run.
    assert executed.cells[2].outputs[0].text == "not reached\n"
