"""What the notebooks of this repository show as they are stored, and as pages."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import nbformat
import pytest

NOTEBOOKS = ["retail", "wdi"]
VEGA, SVG = "application/vnd.vegalite.v5+json", "image/svg+xml"
# Paths from a root, and times of the day that are not data.
PATH = re.compile(r"(?<![\w.<])/(?:tmp|home|root|var|Users|build)/")


@pytest.fixture(params=NOTEBOOKS)
def stored(request, repository):
    path = repository / "notebooks" / f"{request.param}.ipynb"
    return path, nbformat.read(path, as_version=4)


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def charts(notebook):
    return [output.data for output in outputs(notebook) if VEGA in output.get("data", {})]


def test_every_cell_was_run_in_order_and_none_failed(stored):
    _, notebook = stored
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert not [output for output in outputs(notebook) if output.output_type == "error"]


def test_nothing_stored_belongs_to_a_machine(stored):
    _, notebook = stored
    for output in outputs(notebook):
        text = output.get("text") or "\n".join(str(data) for data in output.data.values())
        assert not PATH.search(text), text
    assert not [cell.metadata for cell in notebook.cells if "execution" in cell.metadata]


def test_every_section_has_a_question_and_a_cell(stored):
    _, notebook = stored
    sections, code = [], 0
    for cell in notebook.cells:
        if cell.source.startswith("## "):
            sections.append(cell.source)
        code += cell.cell_type == "code"
    assert len(sections) >= 9
    assert code > 2 * len(sections)


def test_charts_are_pictures_that_need_nothing_else(stored):
    _, notebook = stored
    assert len(charts(notebook)) >= 5
    for data in charts(notebook):
        picture = ElementTree.fromstring(data[SVG])
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"
        assert int(picture.get("width")) > 0
        assert "href" not in data[SVG] and "<script" not in data[SVG] and "<style" not in data[SVG]
        assert data[VEGA]["$schema"].endswith("/v5.json") and "url" not in data[VEGA].get("data", {})


def test_pages_show_the_charts(stored, tmp_path):
    path, notebook = stored
    command = [sys.executable, "-m", "nbconvert", "--output-dir", str(tmp_path), str(path), "--to"]
    subprocess.run([*command, "html"], check=True, capture_output=True, timeout=120)
    page = (tmp_path / f"{path.stem}.html").read_text()
    assert len(re.findall('<img [^>]*src="data:image/svg', page)) == len(charts(notebook))
    # For paper: each picture as a file of its own.
    subprocess.run([*command, "markdown"], check=True, capture_output=True, timeout=120)
    pictures = sorted(tmp_path.glob("*_files/*.svg"))
    assert len(pictures) == len(charts(notebook))
    for picture in pictures:
        ElementTree.parse(picture)
