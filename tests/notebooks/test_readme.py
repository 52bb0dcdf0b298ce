"""The cells and commands of the README's tour do what it says."""

import re
import shlex
import subprocess

import nbformat
import pytest
from nbclient import NotebookClient

BLOCK = re.compile(r"^```(rust|sql|text|sh)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def tour(repository):
    text = (repository / "README.md").read_text()
    return BLOCK.findall(text[text.index("## A tour") : text.index("## Coming from elsewhere")])


def test_the_tour(tour, home, generated_retail, tmp_path):
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "data").symlink_to(generated_retail.parent)
    cells = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for kind, code in tour if kind in ("rust", "sql")])
    client = NotebookClient(cells, kernel_name="aerostat", timeout=120, allow_errors=True)
    client.execute(cwd=str(folder), env=home.environment(folder))

    announced = [code for kind, code in tour if kind == "text"]
    errors = [output for cell in cells.cells for output in cell.outputs if output.output_type == "error"]
    assert [ANSI.sub("", "\n".join(error.traceback)).strip() for error in errors] == announced

    for command in "\n".join(code for kind, code in tour if kind == "sh").splitlines():
        done = subprocess.run(shlex.split(command), env=home.environment(folder), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert "sales_by_country" in done.stdout or "United Kingdom" in done.stdout
