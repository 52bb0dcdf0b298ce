"""Results: medians, ratios, tables of them, and comparison with results that were kept."""

import math
import statistics
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Ratio:
    """What of Aerostat's is divided by what of its peers': by the best of those that were measured."""

    ours: str
    theirs: tuple
    #: At most this is aimed at.
    aim: float | None = None
    #: In these rows only, if there are any.
    rows: tuple = ()

    @property
    def title(self):
        best = self.theirs[0] if len(self.theirs) == 1 else f"best of {', '.join(self.theirs)}"
        return f"{self.ours} / {best}"

    def of(self, row):
        """The ratio in a row of medians by peer."""
        theirs = [row[peer] for peer in self.theirs if row.get(peer)]
        return row[self.ours] / min(theirs) if theirs and row.get(self.ours) is not None else None


def new(part, ratios, summary=None, units=None, sizes=None):
    """The results of a part before the first round. `summary` is "total", "geometric mean" or nothing. `sizes` are
    those of rows that are one measurement at growing sizes."""
    ratios = [asdict(ratio) for ratio in ratios]
    units, sizes = units or {}, sizes or {}
    return {
        "part": part, "summary": summary, "units": units, "sizes": sizes, "ratios": ratios, "samples": {}, "failures": {},
    }


def add(results, peer, name, value):
    results["samples"].setdefault(peer, {}).setdefault(name, []).append(value)


def ratios_of(results):
    return [Ratio(**{**ratio, "theirs": tuple(ratio["theirs"])}) for ratio in results["ratios"]]


def medians(results):
    """The median of each measurement, by name and peer."""
    rows = {}
    for peer, measurements in results["samples"].items():
        for name, values in measurements.items():
            rows.setdefault(name, {})[peer] = statistics.median(values)
    return rows


def summary_row(results, rows):
    """The sum of the seconds of each peer that has been through all rows."""
    seconds = {name: row for name, row in rows.items() if unit(results, name) == "s"}
    peers = [peer for peer in results["samples"] if all(peer in row for row in seconds.values())]
    return {peer: sum(row[peer] for row in seconds.values()) for peer in peers}


def unit(results, name):
    return results["units"].get(name, "s")


def ratio_of(results, title, name):
    """The ratio of this title that is meant for a row."""
    wanted = (ratio for ratio in ratios_of(results) if ratio.title == title and (not ratio.rows or name in ratio.rows))
    return next(wanted, None)


def titles(results):
    return list(dict.fromkeys(ratio.title for ratio in ratios_of(results)))


def ratio_table(results):
    """Each ratio of each row, by name and title, the summary's among them."""
    rows = medians(results)
    if results["summary"] == "total":
        rows["total"] = summary_row(results, rows)
    found = {}
    for name, row in rows.items():
        meant = ((title, ratio_of(results, title, name)) for title in titles(results))
        found[name] = {title: ratio.of(row) for title, ratio in meant if ratio}
    if results["summary"] == "geometric mean":
        timed = [row for name, row in found.items() if unit(results, name) == "s"]
        found["geometric mean"] = {title: geometric_mean([row.get(title) for row in timed]) for title in titles(results)}
    return found


def geometric_mean(values):
    values = [value for value in values if value]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def aims(results):
    """The rows and titles that have an aim, and the aims. Where there is a summary, its ratios count alone."""
    found = ratio_table(results)
    names = [results["summary"]] if results["summary"] in found else list(found)
    meant = ((name, title, ratio_of(results, title, name)) for name in names for title in titles(results))
    return {(name, title): ratio.aim for name, title, ratio in meant if ratio and ratio.aim is not None}


def missed(results):
    """The ratios above their aims, as `(row, title, ratio, aim)`."""
    found = ratio_table(results)
    values = [(name, title, found[name].get(title), aim) for (name, title), aim in aims(results).items()]
    return [(name, title, ratio, aim) for name, title, ratio, aim in values if ratio is not None and ratio > aim]


def growth(results):
    """Of rows that are one measurement at growing sizes: how the cost grows from one to the next, per unit of size. One
    is linear; less is better."""
    ours = next(iter(results["samples"].values()), {})
    found, before = {}, None
    for name, size in results["sizes"].items():
        now = statistics.median(ours[name]) if name in ours else None
        if now and before and size > before[1]:
            found[name] = (now / before[0]) / (size / before[1])
        before = (now, size) if now else None
    return found


def table(results, earlier=None):
    """The medians, then the ratios, as a table of Markdown; with earlier results, what their ratios were."""
    rows, found, aimed = medians(results), ratio_table(results), aims(results)
    before = ratio_table(earlier) if earlier else {}
    if results["summary"] == "total":
        rows["total"] = summary_row(results, rows)
    peers = list(results["samples"])
    shown_titles = [title for title in titles(results) if any(row.get(title) is not None for row in found.values())]
    lines = [[results["part"], *peers, *shown_titles, *(["growth"] if results["sizes"] else [])]]
    grown = growth(results) if results["sizes"] else {}
    for name in list(rows) + [name for name in found if name not in rows]:
        line = [name, *(shown(rows.get(name, {}).get(peer), unit(results, name)) for peer in peers)]
        for title in shown_titles:
            then = before.get(name, {}).get(title)
            line.append(judged(found[name].get(title), aimed.get((name, title)), then))
        if results["sizes"]:
            line.append(f"{grown[name]:.2f}" if name in grown else "")
        lines.append(line)
    return markdown(lines)


def judged(ratio, aim, before):
    """A ratio, what was aimed at, and what it was."""
    if ratio is None:
        return ""
    notes = [*([f"aim {aim:g}"] if aim is not None else []), *([f"was {before:.2f}"] if before is not None else [])]
    return f"{ratio:.2f}" + (f" ({', '.join(notes)})" if notes else "")


def markdown(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    padded = [[text.ljust(width) for text, width in zip(line, widths)] for line in lines]
    padded.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def shown(value, unit):
    """Three digits and a unit."""
    if value is None:
        return "-"
    if unit == "s" and value < 1:
        value, unit = (value * 1e3, "ms") if value >= 1e-3 else (value * 1e6, "µs")
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}"
