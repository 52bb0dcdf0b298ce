"""Notebooks without a browser: nbclient, nbconvert, papermill, the console."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def notebook(*cells):
    nb = nbformat.v4.new_notebook()
    nb.metadata.kernelspec = {"name": "aerostat", "display_name": "Aerostat", "language": "rust"}
    nb.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    return nb


def test_nbclient_executes_and_keeps_outputs():
    nb = notebook("let x = 20;", "println!(\"{}\", x);\nx + 1", "%%sql\nSELECT 1 AS one")
    NotebookClient(nb, timeout=60).execute()
    assert [cell.execution_count for cell in nb.cells] == [1, 2, 3]
    assert nb.cells[1].outputs[0].text == "20\n"
    assert nb.cells[1].outputs[1].data["text/plain"] == "21"
    assert "text/html" in nb.cells[2].outputs[0].data
    nbformat.validate(nb)


def test_nbclient_stops_at_a_failing_cell():
    nb = notebook("1", "no_such_name", "3")
    with pytest.raises(CellExecutionError) as caught:
        NotebookClient(nb, timeout=60).execute()
    assert caught.value.ename == "VARIABLE_NOT_FOUND"
    assert nb.cells[1].outputs[0].output_type == "error"
    assert nb.cells[2].execution_count is None


def test_nbconvert_fails_with_a_failing_cell(tmp_path):
    path = tmp_path / "failing.ipynb"
    nbformat.write(notebook("%%sql\nSELECT * FROM missing_table"), path)
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode != 0
    assert "TABLE_NOT_FOUND" in run.stderr and "missing_table" in run.stderr and "^^^" in run.stderr


def test_nbconvert_writes_a_page_and_a_script(tmp_path):
    path = tmp_path / "good.ipynb"
    nbformat.write(notebook('df!("a" => [1, 2])?'), path)
    for options in (["--to", "notebook", "--inplace", "--execute"], ["--to", "html"], ["--to", "script"]):
        command = [sys.executable, "-m", "nbconvert", *options, str(path)]
        assert subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    assert "dataframe" in (tmp_path / "good.html").read_text()
    assert 'df!("a" => [1, 2])?' in (tmp_path / "good.rs").read_text()


def test_papermill_executes(tmp_path):
    path, done = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook("6 * 7"), path)
    command = [sys.executable, "-m", "papermill", str(path), str(done), "--no-progress-bar"]
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    assert nbformat.read(done, 4).cells[0].outputs[0].data["text/plain"] == "42"
