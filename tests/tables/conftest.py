"""Tables of Aerostat beside the tools that share them."""

import json
import subprocess
from pathlib import Path

import pytest


class Metastore:
    """A metastore of its own, used through the command line."""

    def __init__(self, root: Path):
        self.root = root

    def sql(self, text: str) -> list[list]:
        """The rows of the last statement."""
        command = ["aerostat", "sql", "--root", str(self.root), "--format", "json", text]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        return json.loads(lines[-1])["rows"] if lines else []

    def folder(self, table: str) -> str:
        """Where the files of a managed table of the schema `default` are."""
        return str(self.root / "warehouse" / table)


@pytest.fixture
def metastore(tmp_path) -> Metastore:
    return Metastore(tmp_path / "root")
