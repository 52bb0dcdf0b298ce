"""The benchmarks run, at a scale at which their figures mean nothing, and would notice wrong results."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHES = Path(__file__).resolve().parents[2] / "benches"
sys.path.insert(0, str(BENCHES))

from harness import agree, results  # noqa: E402
from harness.results import Ratio  # noqa: E402

#: Spark takes longer to start than all the others to end.
PEERS = ["aerostat", "aerostat sql", "polars", "duckdb", "duckdb on parquet"]


def run(*arguments):
    done = subprocess.run([sys.executable, BENCHES / "run.py", *map(str, arguments)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(600)
def test_every_part_runs_and_all_peers_agree(tmp_path):
    kept = tmp_path / "tiny.json"
    shown = run("--scale", "tiny", "--rounds", 1, "--peers", ",".join(PEERS), "--data", tmp_path / "data", "--save", kept)
    parts = json.loads(kept.read_text())["parts"]
    begun = [part["part"].split(",")[0].split(" ")[0] for part in parts]
    assert {"kernel", "compiled", "retail", "development", "TPC-H", "a", "reading", "appending", "0.01"} == set(begun)
    for part in parts:
        assert not part["failures"], (part["part"], part["failures"])
        assert part["samples"], part["part"]
        assert part["part"] in shown
    tpch = next(part for part in parts if part["part"].startswith("TPC-H"))
    for peer in ("aerostat sql", "duckdb", "duckdb on parquet"):
        assert {f"Q{number}" for number in range(1, 23)} <= set(tpch["samples"][peer])
    assert list((tmp_path / "data").glob("scratch-*")) == []

    compared = run("--show", kept, "--compare", kept)
    assert "was " in compared


def test_other_figures_are_no_agreement():
    right = [["a", 1.0, None], ["b", 2.0, "2015-01-01"]]
    agree.check("step", [["b", "2.0000001", "2015-01-01 00:00:00"], ["a", 1, None]], "ours", right, "theirs")
    for wrong in ([["a", 1.0, None]], [["a", 1.0, None], ["b", 2.1, "2015-01-01"]], [["a", 1.0, 0], ["b", 2.0, "2015-01-01"]]):
        with pytest.raises(agree.Disagreement, match="step: ours has"):
            agree.check("step", wrong, "ours", right, "theirs")


def test_ratios_are_to_the_best_of_the_peers_and_are_held_against_their_aims():
    found = results.new("part", [Ratio("ours", ("slow", "fast"), 0.5), Ratio("ours", ("slow",))], "total")
    for peer, values in {"ours": [1.0, 3.0, 2.0], "slow": [8.0], "fast": [3.0, 5.0]}.items():
        for value in values:
            results.add(found, peer, "step", value)
            results.add(found, peer, "other step", value / 2)
    table = results.ratio_table(found)
    assert table["total"] == {"ours / best of slow, fast": 0.5, "ours / slow": 0.25}
    assert results.missed(found) == []
    found["ratios"][0]["aim"] = 0.4
    assert results.missed(found) == [("total", "ours / best of slow, fast", 0.5, 0.4)]


def test_growth_is_per_unit():
    found = results.new("part", [], sizes={"1": 1, "10": 10, "100": 100})
    for name, value in {"1": 1.0, "10": 10.0, "100": 200.0}.items():
        results.add(found, "ours", name, value)
    assert results.growth(found) == {"10": 1.0, "100": 2.0}


def test_what_there_is_not_is_said():
    done = subprocess.run([sys.executable, BENCHES / "run.py", "--parts", "retial"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "no such part: retial" in done.stderr
