"""The corpus of the cell language, interpreted and as compiled cells: both say the same.

`tests/corpus.rs` compares the same snippets, compiled in bulk. Here they go the way of a user's cell, one by one, which
takes a second for each: with the environment variable AEROSTAT_TEST_FULL all of them, without it a few of each file.
"""

import os
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "corpus"
TIMEOUT = 180
FEW = 2


def paragraphs(path):
    """The titles in a file, with the code below them."""
    found = {}
    for line in path.read_text().splitlines():
        if line.startswith("# "):
            title = line[2:]
            found[title] = ""
        elif line:
            found[title] += line + "\n"
    return found


SETUP = "".join(paragraphs(FOLDER / "setup.txt").values())


def outcome(cell):
    """The result of a cell as text, or the name of its error."""
    if cell.status == "error":
        return cell.error["ename"]
    shown = cell.of("execute_result")
    return shown[0]["data"]["text/plain"] if shown else None


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.txt") if path.stem != "setup"))
def test_snippets_agree(name, start, tmp_path):
    if shutil.which("cargo") is None:
        pytest.skip("there is no Rust toolchain")
    snippets = list(paragraphs(FOLDER / f"{name}.txt").items())
    if "AEROSTAT_TEST_FULL" not in os.environ:
        snippets = snippets[:: -(-len(snippets) // FEW)]
    kernels = {way: start(env={"AEROSTAT_HOME": str(tmp_path / way)}) for way in ("interpreted", "compiled")}
    differing = []
    for index, (title, code) in enumerate(snippets):
        outcomes = {}
        for way, kernel in kernels.items():
            folder = tmp_path / f"{way}-{index}"
            folder.mkdir()
            # Tables of one snippet would be in the way of the next.
            own = f'session.sql("CREATE DATABASE d{index}; USE d{index}")?;'
            ready = kernel.run(f'{own}\nlet dir = "{folder}";\n{SETUP}')
            assert ready.status == "ok", ready.error
            cell = kernel.run(("%%rust\n" if way == "compiled" else "") + code, timeout=TIMEOUT)
            outcomes[way] = (outcome(cell) or "").replace(str(folder), "DIR")
            said = "\n".join(cell.error["traceback"]) if cell.status == "error" else ""
        if outcomes["interpreted"] != outcomes["compiled"]:
            differing.append(f"{title}\n{code}{outcomes}\n{said}\n")
    assert not differing, f"{len(differing)} of {len(snippets)}:\n" + "\n".join(differing)
