"""Notebooks of Zeppelin and Databricks: converted, executed, and what is left of them reported."""

import json
import os
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FILES = Path(__file__).resolve().parents[1] / "import"
ORDERS = "country,amount\nPeru,3\nChile,4\nPeru,5\n"


@pytest.fixture
def convert(aerostat, tmp_path):
    """Converts one of the files; the notebook, and what the program said."""

    def convert_file(name, *options):
        out = tmp_path / "out.ipynb"
        command = [aerostat, "import", str(FILES / name), "--out", str(out), *options]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
        nb = nbformat.read(out, 4)
        nbformat.validate(nb)
        return nb, run.stdout

    return convert_file


@pytest.fixture
def execute(tmp_path):
    """Runs a notebook beside a file of orders, with a metastore of its own."""
    (tmp_path / "orders.csv").write_text(ORDERS)

    def execute_notebook(nb):
        client = NotebookClient(nb, timeout=60)
        client.execute(cwd=str(tmp_path), env={**os.environ, "AEROSTAT_HOME": str(tmp_path / "metastore")})
        return nb

    return execute_notebook


def cells(nb):
    return [(cell.cell_type, cell.source) for cell in nb.cells]


def test_a_note_of_zeppelin(convert, execute):
    nb, said = convert("orders.zpln")
    assert nb.metadata.kernelspec == {"name": "aerostat", "display_name": "Aerostat (Rust DataFrames)", "language": "rust"}
    (kinds, sources) = zip(*cells(nb))
    assert kinds == ("markdown", "markdown", "markdown", "code", "code", "code", "code", "markdown", "code", "markdown", "code", "raw")
    assert sources[:2] == ("# Orders\nWhat *Peru* bought.", "### Load")
    assert sources[2].startswith("```python\n# Load the orders\n") and sources[2].endswith("\n```")
    assert sources[3].splitlines() == [
        "// Load the orders",
        # The table has the name, so the variable gets another.
        'let orders_frame = session.read().option("header", true).option("inferSchema", true).csv("orders.csv")?;',
        "orders_frame.print_schema()?;",
        'orders_frame.write().mode("overwrite").save_as_table("orders")?;',
    ]
    assert sources[4] == 'session.widget_dropdown("country", "Peru", ["Peru", "Chile"])?;'
    assert sources[5].startswith("%%sql\nSELECT") and "'${country}'" in sources[5]
    assert sources[6] == "%%sh\necho from the shell"
    assert sources[8].splitlines() == [
        "// left to translate:",
        '// by_country = orders.groupBy("country").agg(F.sum("amount"))',
        "// left to translate:",
        "// z.show(by_country)",
        'display(session.table("orders")?);',
    ]
    assert sources[9:11] == ("```scala\nval total = orders.count()\n```", "")
    assert said.splitlines()[:-1] == [
        "7 cells: 1 markdown, 2 python, 1 scala, 1 sh, 2 sql",
        "statements of Python translated: 4",
        "left to translate:",
        '  cell 5 (python), line 1: by_country = orders.groupBy("country").agg(F.sum("amount"))',
        "  cell 5 (python), line 2: z.show(by_country)",
        "  cell 6 (scala): val total = orders.count()",
    ]
    execute(nb)
    assert "country: string" in nb.cells[3].outputs[0].text
    # 3 + 5
    assert "8" in nb.cells[5].outputs[0].data["text/plain"] and "Peru" in nb.cells[5].outputs[0].data["text/plain"]
    assert "Chile" in nb.cells[8].outputs[0].data["text/plain"]


def test_a_source_file_of_databricks(convert, execute):
    nb, said = convert("orders.py")
    code = [source for kind, source in cells(nb) if kind == "code"]
    assert cells(nb)[0] == ("markdown", "# Orders\n\nWhat was bought.")
    assert ("markdown", "### Parameters") in cells(nb)
    assert code[0] == 'session.widget_text("country", "Peru")?;\nlet country = session.widget("country")?;'
    assert code[1].splitlines()[-2:] == ['orders.create_or_replace_temp_view("bought")?;', "display(orders);"]
    assert code[2] == "%%sql\nSELECT sum(amount) AS sales FROM bought\nWHERE country = :country"
    assert code[3] == "%%sh\necho from the shell"
    # The loop may have changed the frame, so nothing is said of it any more.
    assert all(line.startswith("//") for line in code[4].splitlines())
    assert code[5] == ""
    assert "cell 6 (python), line 3: orders.show(5)" in said and "cell 7 (scala)" in said
    execute(nb)
    (sql,) = [cell for cell in nb.cells if cell.source.startswith("%%sql")]
    assert "8" in sql.outputs[0].data["text/plain"]


def test_a_source_file_in_sql(convert, execute):
    nb, said = convert("orders.sql")
    assert [kind for kind, _ in cells(nb)] == ["markdown", "code", "code", "markdown", "code"]
    assert nb.cells[1].source.endswith("3 AS amount; -- a comment stays")
    assert "nothing is left to translate" in said
    execute(nb)
    assert "6" in nb.cells[2].outputs[0].data["text/plain"]
    assert "Peru" in nb.cells[4].outputs[0].data["text/plain"]


def test_a_notebook_of_databricks(convert):
    nb, said = convert("orders.ipynb")
    assert cells(nb) == [
        ("markdown", "# Orders"),
        ("markdown", "### Count"),
        ("code", "%%sql\nSELECT count(*) AS n FROM range(3)"),
        ("markdown", '```python\nn = spark.sql("SELECT 1 AS one")\nn.show()\n```'),
        # The SQL above speaks of an `n`, which the frame must not be taken for.
        ("code", 'let n_frame = session.sql("SELECT 1 AS one")?;\nn_frame.show(20)?;'),
        ("markdown", "```run\n./setup\n```"),
        ("code", ""),
    ]
    assert all(cell.outputs == [] for cell in nb.cells if cell.cell_type == "code")
    assert "cell 4 (run): ./setup" in said


def run(aerostat, *arguments):
    return subprocess.run([aerostat, "import", *map(str, arguments)], capture_output=True, text=True, timeout=60)


def test_files_are_not_replaced_unasked(aerostat, tmp_path):
    note = tmp_path / "note.json"
    note.write_text((FILES / "orders.zpln").read_text(encoding="utf-8"), encoding="utf-8")
    assert run(aerostat, note).returncode == 0
    assert (tmp_path / "note.ipynb").exists()
    again = run(aerostat, note)
    assert again.returncode != 0 and "--force" in again.stderr
    assert run(aerostat, note, "--force").returncode == 0
    copy = tmp_path / "copy.ipynb"
    copy.write_text((FILES / "orders.ipynb").read_text())
    assert run(aerostat, copy).returncode == 0
    assert (tmp_path / "copy.aerostat.ipynb").exists()


@pytest.mark.parametrize(
    "text, said",
    [
        ("print(1)", "is not a notebook"),
        ('{"a": 1}', "neither paragraphs nor cells"),
        (json.dumps({"paragraphs": 5}), "not a list"),
    ],
)
def test_what_is_no_notebook_is_an_error(aerostat, tmp_path, text, said):
    (tmp_path / "x.json").write_text(text)
    failed = run(aerostat, tmp_path / "x.json")
    assert failed.returncode != 0 and said in failed.stderr
    assert "No such file" in run(aerostat, tmp_path / "missing.zpln").stderr
