"""The notebooks of this repository in JupyterLab: every cell runs, charts and tables are seen. Screenshots are kept."""

import subprocess
from pathlib import Path

import nbformat
import pytest
from test_lab import SCREENSHOTS, browse, is_idle, saved, serve

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
VEGA = "application/vnd.vegalite.v5+json"
# All cells are there, not only those in sight.
ALL_CELLS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", ["retail", "wdi"])
def test_a_notebook_in_jupyterlab(name, aerostat, tmp_path):
    data = tmp_path / "data"
    subprocess.run([aerostat, "dataset", name, "--out", str(data)], check=True, timeout=120)
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    charts = sum(VEGA in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
    assert charts >= 5
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(notebook, path)

    environment = {"AEROSTAT_DATA": str(data), "AEROSTAT_HOME": str(tmp_path / "metastore")}
    with serve(tmp_path, path.name, ALL_CELLS, **environment) as address, browse(address, width=1200) as page:
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        last = sum(cell.cell_type == "code" for cell in notebook.cells)
        page.get_by_text(f"[{last}]:", exact=True).first.wait_for(timeout=240_000)
        is_idle(page)
        drawn = page.locator(".jp-RenderedVegaLite canvas, .jp-RenderedVegaLite svg.marks")
        drawn.nth(charts - 1).wait_for(timeout=60_000)
        assert drawn.count() == charts
        keep(page.locator(".jp-RenderedVegaLite"), f"{name}-chart")
        tables = page.locator(".jp-OutputArea-output table.dataframe")
        assert tables.count() > 5 and tables.first.is_visible()
        looks_around(page, name)
        page.keyboard.press("Control+s")
        cells = saved(path, lambda cells: any(cell.get("execution_count") == last for cell in cells)).cells
    failed = [output for cell in cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert not failed


def keep(elements, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for at in range(elements.count()):
        elements.nth(at).scroll_into_view_if_needed()
        elements.nth(at).screenshot(path=SCREENSHOTS / f"{name}-{at}.png")


def looks_around(page, name):
    """Searches and sorts the table that `display` has shown."""
    table = page.locator(".aerostat-table").last
    table.scroll_into_view_if_needed()
    rows = table.locator("tbody tr:not([hidden])")
    all_rows = rows.count()
    first = rows.first.inner_text()
    word = rows.last.locator("td").first.inner_text()
    table.locator("input").fill(word)
    assert 1 <= rows.count() < all_rows
    assert f"of {all_rows} rows match" in table.inner_text()
    table.locator("input").fill("")
    head = table.locator("thead tr").first.locator("th").first
    head.click()
    head.click()
    texts = [rows.nth(at).locator("td").first.inner_text() for at in range(all_rows)]
    assert texts == sorted(texts, reverse=True) and rows.first.inner_text() != first
    table.screenshot(path=SCREENSHOTS / f"{name}-table.png")
