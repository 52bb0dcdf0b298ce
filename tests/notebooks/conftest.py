"""Running the notebooks of this repository, each time with a metastore of its own."""

import csv
import os
import subprocess
from pathlib import Path

import nbformat
import polars
import pytest
from nbclient import NotebookClient

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


class Home:
    """A metastore's folder, and what a user does with it from outside a notebook."""

    def __init__(self, root: Path):
        self.root = root

    def environment(self, data: Path) -> dict:
        return {**os.environ, "AEROSTAT_HOME": str(self.root), "AEROSTAT_DATA": str(data)}

    def run(self, notebook: Path, data: Path):
        """Executes a notebook as a batch job does, until the kernel has gone."""
        cells = nbformat.read(notebook, as_version=4)
        client = NotebookClient(cells, kernel_name="aerostat", timeout=300)
        return client.execute(cwd=str(notebook.parent), env=self.environment(data))

    def query(self, statement: str) -> list[dict]:
        """The rows of a statement, as `aerostat sql` prints them."""
        command = ["aerostat", "sql", "--root", str(self.root), "--format", "csv", statement]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return list(csv.DictReader(done.stdout.splitlines()))

    def folder(self, table: str) -> str:
        """Where a managed table of the schema `retail` is."""
        return str(self.root / "warehouse" / "retail.db" / table)


@pytest.fixture(scope="session")
def real_retail() -> Path:
    folder = SHARED_DATA / "retail"
    if not folder.is_dir():
        pytest.skip("the real retail data are not in ../shared/data/retail")
    return folder


@pytest.fixture(scope="session")
def generated_retail(tmp_path_factory) -> Path:
    """The generated data of `make demo`: the default seed and number of rows."""
    folder = tmp_path_factory.mktemp("data") / "retail"
    subprocess.run(["aerostat", "dataset", "retail", "--out", str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture(scope="session")
def real_wdi() -> Path:
    folder = SHARED_DATA / "wdi"
    if not folder.is_dir():
        pytest.skip("the real development indicators are not in ../shared/data/wdi")
    return folder


@pytest.fixture(scope="session")
def real_wdi_as_text(real_wdi, tmp_path_factory) -> Path:
    """The real figures as the generated ones come: quoted text below `text`, missing figures 0.0."""
    folder = tmp_path_factory.mktemp("data") / "wdi"
    (folder / "text").mkdir(parents=True)
    figures = polars.read_parquet(real_wdi / "wdi_long_real_subset.parquet").with_columns(polars.col("indicatorValue").fill_null(0.0))
    # Names are quoted, codes and numbers are not.
    lines = figures.select(polars.format('{},"{}",{},"{}",{},{}', *figures.columns).alias(",".join(figures.columns)))
    lines.write_csv(folder / "text" / "wdi-0.csv", quote_style="never")
    return folder


@pytest.fixture(scope="session")
def home_of_real_wdi(tmp_path_factory, repository, real_wdi_as_text) -> Home:
    """The metastore after the notebook of development indicators has run on the real figures."""
    home = Home(tmp_path_factory.mktemp("real"))
    home.run(repository / "notebooks" / "wdi.ipynb", real_wdi_as_text)
    return home


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def retail_notebook() -> Path:
    return REPOSITORY / "notebooks" / "retail.ipynb"


@pytest.fixture(scope="session")
def home_of_real_retail(tmp_path_factory, retail_notebook, real_retail) -> Home:
    """The metastore after the retail notebook has run on the real data."""
    home = Home(tmp_path_factory.mktemp("real"))
    home.run(retail_notebook, real_retail)
    return home


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")
