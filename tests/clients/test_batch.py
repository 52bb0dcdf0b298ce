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


def test_nbclient_puts_a_changed_display_into_the_cell_that_made_it():
    nb = notebook("let handle = display_handle(1);", "handle.update(2)?;")
    NotebookClient(nb, timeout=60).execute()
    assert [output.data["text/plain"] for output in nb.cells[0].outputs] == ["2"]
    assert nb.cells[1].outputs == []


def test_papermill_executes(tmp_path):
    path, done = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook("6 * 7"), path)
    command = [sys.executable, "-m", "papermill", str(path), str(done), "--no-progress-bar"]
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    assert nbformat.read(done, 4).cells[0].outputs[0].data["text/plain"] == "42"


def papermill(path, done, *arguments):
    command = [sys.executable, "-m", "papermill", str(path), str(done), "--no-progress-bar", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


PARAMETERS = 'let country = "Canada"; // whose figures\nlet year: i32 = 2015;'
USES = [
    'println!("{} in {}", country, year);',
    "%%sql\nSELECT :country AS country, :year + 1 AS later, '${country}' AS text",
    'session.widget_text("country", "Chile")?',
]


def parameterised(path):
    nb = notebook(PARAMETERS, *USES)
    nb.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(nb, path)
    return path


def test_papermill_passes_parameters(tmp_path):
    path, done = parameterised(tmp_path / "in.ipynb"), tmp_path / "out.ipynb"
    run = papermill(path, done, "-p", "country", "Côte d'Ivoire", "-p", "year", "1999")
    assert run.returncode == 0, run.stderr
    _, injected, printed, sql, widget = nbformat.read(done, 4).cells
    assert injected.metadata.tags == ["injected-parameters"]
    assert injected.source.splitlines() == [
        "// Parameters",
        'let country = session.parameter("country", "Côte d\'Ivoire");',
        'let year = session.parameter("year", 1999);',
    ]
    assert printed.outputs[0].text == "Côte d'Ivoire in 1999\n"
    table = sql.outputs[0].data["text/plain"]
    assert table.count("Côte d'Ivoire") == 2 and "2000" in table
    assert widget.outputs[-1].data["text/plain"] == '"Côte d\'Ivoire"'


def test_papermill_passes_parameters_of_every_kind(tmp_path):
    path, done = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook('println!("{:?} {:?} {:?} {:?} {:?} {:?}", text, big, rate, flag, list, nothing);'), path)
    values = 'text: "say \\"x\\"\\n"\nbig: 3000000000\nrate: 0.5\nflag: true\nlist: [1, 2.5]\nnothing: null'
    run = papermill(path, done, "-y", values)
    assert run.returncode == 0, run.stderr
    printed = nbformat.read(done, 4).cells[1].outputs[0].text
    assert printed == '"say \\"x\\"\\n" 3000000000 0.5 true [1.0, 2.5] None\n'


def test_papermill_lists_the_parameters_of_a_notebook(tmp_path):
    command = [sys.executable, "-m", "papermill", "--help-notebook", str(parameterised(tmp_path / "in.ipynb"))]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert 'country: Unknown type (default "Canada")' in run.stdout and "whose figures" in run.stdout
    assert "year: i32 (default 2015)" in run.stdout


def test_papermill_says_what_is_no_parameter_in_rust(tmp_path):
    path = parameterised(tmp_path / "in.ipynb")
    for name, value, said in (("type", "1", "not a name"), ("x", "{a: 1}", "no form in Rust")):
        run = papermill(path, tmp_path / "out.ipynb", "-y", f"{name}: {value}")
        assert run.returncode != 0 and said in run.stderr
