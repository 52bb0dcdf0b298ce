"""The command line."""

import csv
import io
import json
import os
import subprocess

import pytest


@pytest.fixture
def run(aerostat, tmp_path):
    def run_aerostat(*arguments, stdin=None, env=None):
        environment = {**os.environ, "HOME": str(tmp_path), **(env or {})}
        return subprocess.run(
            [aerostat, *arguments], input=stdin, capture_output=True, text=True, timeout=60, env=environment
        )

    return run_aerostat


@pytest.fixture
def sql(run, tmp_path):
    return lambda *arguments, **options: run("sql", "--root", str(tmp_path / "root"), *arguments, **options)


def test_json_is_an_object_a_result(sql):
    done = sql("--format", "json", "SELECT 1 AS a, 'x' AS b, NULL AS c; CREATE DATABASE d; SELECT true AS t")
    assert done.returncode == 0, done.stderr
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["columns"] == ["a", "b", "c"] and first["rows"] == [[1, "x", None]]
    assert first["types"][:2] == ["int", "string"]
    assert second == {"columns": ["t"], "types": ["boolean"], "rows": [[True]]}


def test_json_of_every_type(sql):
    statement = """
        SELECT CAST(1.50 AS DECIMAL(10,2)) AS decimal, CAST(1.1 AS FLOAT) AS float, CAST(0.1 AS DOUBLE) AS double,
               DATE '2011-12-09' AS date, TIMESTAMP '2011-12-09 12:50:00' AS at, ARRAY(1, 2) AS list,
               NAMED_STRUCT('k', 'v') AS struct, CAST('NaN' AS DOUBLE) AS nan"""
    done = sql("--format", "json", statement)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["rows"] == [
        ["1.50", 1.1, 0.1, "2011-12-09", "2011-12-09 12:50:00", [1, 2], {"k": "v"}, "NaN"]
    ]


def test_csv_can_be_read_back(sql):
    done = sql("--format", "csv", "SELECT 'a,\"b\"\nc' AS text, '' AS empty, NULL AS nothing, 1.5 AS n; SELECT 2 AS two")
    assert done.returncode == 0, done.stderr
    one, two = done.stdout.split("\n\n")
    assert list(csv.reader(io.StringIO(one))) == [["text", "empty", "nothing", "n"], ['a,"b"\nc', "", "", "1.5"]]
    assert '"",,' in one
    assert two == "two\n2\n"


def test_table_shows_all_rows(sql):
    done = sql("SELECT id FROM range(100)")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n|") == 101 and "|99 |" in done.stdout


def test_tables_outlive_the_process(sql):
    assert sql("CREATE TABLE t AS SELECT 7 AS seven").returncode == 0
    assert sql("--format", "csv", "SELECT * FROM t").stdout == "seven\n7\n"


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_a_reader_that_has_seen_enough_is_no_error(aerostat, tmp_path, format):
    command = [aerostat, "sql", "--root", str(tmp_path / "root"), "--format", format, "SELECT id FROM range(300000)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


def test_statements_from_stdin(sql):
    assert sql("--format", "csv", "-", stdin="SELECT 1 AS one;\n-- the end\n").stdout == "one\n1\n"


def test_a_failing_statement_is_an_error(sql):
    done = sql("--format", "json", "SELECT 1 AS one;\nSELECT * FROM ordres")
    assert done.returncode == 1 and json.loads(done.stdout)["rows"] == [[1]], "what there was before is printed"
    assert "[TABLE_NOT_FOUND]" in done.stderr and "  2 | SELECT * FROM ordres" in done.stderr and "^^^^^^" in done.stderr


def test_an_error_is_all_that_is_said(sql):
    done = sql("CREATE TABLE t AS SELECT 1 AS n; SELECT * FROM t VERSION AS OF 9")
    assert done.returncode == 1 and "[VERSION_NOT_FOUND]" in done.stderr
    assert "ERROR" not in done.stderr, "libraries do not log beside it"


def test_install_and_uninstall(run, tmp_path, aerostat):
    prefix = tmp_path / "prefix"
    options = ["--prefix", str(prefix), "--name", "lake"]
    done = run("install", *options, "--env", "AEROSTAT_HOME=/data/lake", "--env", "A=b=c")
    assert done.returncode == 0, done.stderr
    folder = prefix / "share/jupyter/kernels/lake"
    spec = json.loads((folder / "kernel.json").read_text())
    assert os.path.samefile(spec["argv"][0], aerostat) and spec["argv"][1:] == ["kernel", "-f", "{connection_file}"]
    assert spec["env"] == {"AEROSTAT_HOME": "/data/lake", "A": "b=c"}
    assert spec["interrupt_mode"] == "message" and spec["language"] == "rust"
    assert {path.name for path in folder.iterdir()} == {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}
    assert run("uninstall", *options).returncode == 0
    assert not folder.exists()
    again = run("uninstall", *options)
    assert again.returncode == 1 and "lake" in again.stderr


def test_install_needs_a_place_and_a_name(run, tmp_path):
    env = {"VIRTUAL_ENV": "", "CONDA_PREFIX": ""}
    assert run("install", "--name", "no spaces").returncode == 2
    assert run("install", env={**env, "JUPYTER_DATA_DIR": str(tmp_path / "jupyter")}).returncode == 0
    assert (tmp_path / "jupyter/kernels/aerostat/kernel.json").is_file()


def test_doctor(run, tmp_path):
    root = ["doctor", "--root", str(tmp_path / "root")]
    env = {"JUPYTER_DATA_DIR": str(tmp_path / "jupyter"), "VIRTUAL_ENV": str(tmp_path)}
    before = run(*root, env=env)
    assert before.returncode == 1 and "none found" in before.stdout
    assert run("install", env=env).returncode == 0
    after = run(*root, env=env)
    assert after.returncode == 0, after.stdout + after.stderr
    assert "kernelspec   " + str(tmp_path / "jupyter/kernels/aerostat") in after.stdout
    assert "not there yet" in after.stdout and not (tmp_path / "root").exists()
    assert run("sql", "--root", str(tmp_path / "root"), "SELECT 1").returncode == 0
    assert "root: writable, 1 schema, 0 tables" in run(*root, env=env).stdout
    (tmp_path / "file").write_text("")
    assert run("doctor", "--root", str(tmp_path / "file" / "x"), env=env).returncode == 1


def test_doctor_finds_damage_and_repairs_nothing(run, sql, tmp_path):
    root = ["doctor", "--root", str(tmp_path / "root")]
    env = {"JUPYTER_DATA_DIR": str(tmp_path / "jupyter"), "VIRTUAL_ENV": str(tmp_path)}
    assert run("install", env=env).returncode == 0
    assert sql("CREATE TABLE t AS SELECT 1 AS n; CREATE TABLE u AS SELECT 1 AS n").returncode == 0
    assert run(*root, env=env).returncode == 0
    (lost,) = (tmp_path / "root/warehouse/t").glob("*.parquet")
    lost.unlink()
    (tmp_path / "root/warehouse/u/_delta_log/00000000000000000000.json").write_text("{")
    (tmp_path / "root/warehouse/left").mkdir()
    found = run(*root, env=env)
    assert found.returncode == 1 and "2 things are not in place" in found.stderr
    assert f"default.t: `{lost}` cannot be read" in found.stdout and "default.u: " in found.stdout
    assert "warehouse/left: belongs to no table" in found.stdout
    (tmp_path / "root/metastore.sqlite").write_bytes(b"no database" * 1000)
    found = run(*root, env=env)
    assert found.returncode == 1 and "damaged" in found.stdout


def test_dataset_is_the_same_for_the_same_seed(run, tmp_path):
    for out in ("a", "b"):
        done = run("dataset", "retail", "--rows", "1000", "--seed", "7", "--out", str(tmp_path / out))
        assert done.returncode == 0, done.stderr
    one, two = [(tmp_path / out / "online_retail.csv").read_bytes() for out in ("a", "b")]
    assert one == two and len(one.splitlines()) == 1001


def test_help_teaches(run):
    for command in ([], ["sql"], ["install"], ["dataset", "retail"]):
        text = run(*command, "--help").stdout
        assert "Examples:" in text
