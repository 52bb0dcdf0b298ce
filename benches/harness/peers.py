"""Those that are measured: which kernel runs their cells, how these begin, and how their figures are read."""

import importlib.util
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from .kernels import Kernel

#: Longer than any cell takes.
PATIENCE = 3600


@dataclass(frozen=True)
class Peer:
    """One of those that are measured."""

    name: str
    #: The kernel of Jupyter that runs its cells.
    kernel: str
    #: The file of cells, below `benches/cells/PART`.
    cells: str
    #: Packages of Python that it needs.
    needs: tuple = ()
    #: How often it is measured when the others are measured in every round.
    rounds: int | None = None
    environment: dict = field(default_factory=dict, hash=False)

    def missing(self):
        """What it needs and is not there; nothing if it can be measured."""
        if self.kernel not in KernelSpecManager().find_kernel_specs():
            return f"there is no kernel `{self.kernel}`"
        absent = [package for package in self.needs if importlib.util.find_spec(package) is None]
        return f"not installed: {', '.join(absent)}" if absent else None

    def start(self, folder, preexec=None):
        """A kernel whose tables and files are below `folder`."""
        home = folder / "home"
        return Kernel(self.kernel, {**os.environ, "AEROSTAT_HOME": str(home), **self.environment}, preexec)

    def begin(self, variables):
        """The cell that defines these variables."""
        if self.kernel == "aerostat":
            # A widget for cells of SQL, a variable for those of Rust.
            return "\n".join(
                f'session.widget_text("{name}", {rust(str(value))})?; let {name} = {rust(value)};'
                for name, value in variables.items()
            )
        return "\n".join(f"{name} = {python(value)}" for name, value in variables.items())

    def cell(self, code):
        """The cell as it is sent."""
        if not self.cells.endswith(".sql"):
            return code
        return f"%%sql -o result\n{code}" if code.startswith(("SELECT", "WITH")) else f"%%sql\n{code}"

    def figures(self, kernel, folder):
        """The rows that the last cell left in `result`."""
        if self.kernel != "aerostat":
            return json.loads(kernel.run(ROWS, PATIENCE))
        target = folder / "figures"
        kernel.run(f'result.write().mode("overwrite").json({rust(target)})?;', PATIENCE)
        files = sorted(target.glob("*.json*"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]


#: Of a frame of polars, of rows that DuckDB has fetched, or that Spark has collected.
ROWS = """
import json
print(json.dumps([list(row) for row in (result.rows() if hasattr(result, "rows") else result)], default=str))
"""


def rust(value):
    return f"{json.dumps(str(value))}.to_string()" if isinstance(value, (str, Path)) else str(value)


def python(value):
    return repr(str(value)) if isinstance(value, Path) else repr(value)


AEROSTAT = Peer("aerostat", "aerostat", "aerostat.rs")
AEROSTAT_SQL = Peer("aerostat sql", "aerostat", "aerostat.sql")
POLARS = Peer("polars", "python3", "with_polars.py", ("polars",))
DUCKDB = Peer("duckdb", "python3", "with_duckdb.py", ("duckdb",))
# One round of Spark takes longer than all the others' together.
PYSPARK = Peer("pyspark", "python3", "with_pyspark.py", ("pyspark",), rounds=1)
EVCXR = Peer("evcxr", "rust", "with_evcxr.rs")
