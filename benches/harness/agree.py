"""Whether peers came to the same figures: a time counts only if what was computed is right."""

import math
from collections.abc import Mapping


class Disagreement(Exception):
    """Two peers have different figures."""


def check(step, figures, of, reference, of_reference):
    """Raises [`Disagreement`] unless the rows are the same, whatever their order."""
    left, right = canonical(figures), canonical(reference)
    if len(left) != len(right):
        raise Disagreement(f"{step}: {of} has {len(left)} rows, {of_reference} has {len(right)}")
    for ours, theirs in zip(left, right):
        if len(ours) != len(theirs) or not all(map(same, ours, theirs)):
            raise Disagreement(f"{step}: {of} has {ours}, {of_reference} has {theirs}")


def canonical(rows):
    rows = [[plain(value) for value in (row.values() if isinstance(row, Mapping) else row)] for row in rows]
    return sorted(rows, key=by)


def by(row):
    """Texts first: the last digits of numbers differ, and then they are no keys to sort by."""
    return [value for value in row if isinstance(value, str)], [float(f"{value:.3g}") for value in row if isinstance(value, float)]


def plain(value):
    """A value so that all engines' ways to write it are the same: numbers as numbers, dates as texts of days."""
    if value is None or isinstance(value, bool):
        return str(value)
    text = str(value).strip()
    try:
        return float(text)
    except ValueError:
        return text.replace("T00:00:00", "").removesuffix(".000").removesuffix(".000000").removesuffix(" 00:00:00")


def same(left, right):
    """Equal, or as near as sums in another order and rounded quotients of decimals are."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-5, abs_tol=1e-5) or (math.isnan(left) and math.isnan(right))
    return left == right
