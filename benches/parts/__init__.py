"""What is measured: one file for each part of a run, with a function `run` that yields results."""
