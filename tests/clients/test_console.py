"""The terminal console."""

import sys

import pexpect
import pytest


def test_the_console_runs_cells():
    pytest.importorskip("jupyter_console")
    arguments = ["-m", "jupyter_console", "--kernel", "aerostat", "--simple-prompt"]
    console = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=30)
    console.expect("DataFrame notebooks in Rust and SQL")
    console.expect(r"In \[1\]: ")
    console.sendline("6 * 7")
    console.expect("42")
    console.expect(r"In \[2\]: ")
    console.sendeof()
    console.expect("Do you really want to exit")
    console.sendline("y")
    console.expect(pexpect.EOF)
