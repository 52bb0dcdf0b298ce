"""Files of cells: what each peer is told to do, as its users would write it.

A line such as `# %% monthly` begins the cell `monthly`; `//` and `--` do as well as `#`. What is before the first one is
run first and is not measured. Lines with `//!` say what a file is.
"""

import re
from pathlib import Path

CELLS = Path(__file__).resolve().parent.parent / "cells"
MARK = re.compile(r"^(?:#|//|--) %% (.+)$", re.MULTILINE)


def read(name):
    """What comes before the cells, and the cells by their names, of a file below `benches/cells`."""
    text = "".join(line for line in (CELLS / name).open() if not line.startswith("//!"))
    setup, *rest = MARK.split(text)
    return setup.strip(), {name.strip(): code.strip() for name, code in zip(rest[::2], rest[1::2])}
