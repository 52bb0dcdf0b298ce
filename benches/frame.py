"""The frame of the benchmarks: peers in turns, medians, ratios, and results that can be kept and compared.

A benchmark measures Aerostat and its peers in one run, round by round, so that whatever else the machine does meets all
of them. What counts are the ratios: absolute times of another machine, or of another hour, say little.

    from frame import Benchmark

    def measure_aerostat():
        yield "load", seconds

    Benchmark("loading", peers={"aerostat": measure_aerostat, "polars": measure_polars}).main()
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Benchmark:
    """Peers and how each is measured. The first is Aerostat, the others are what it is compared with."""

    name: str
    # Of each peer, a function whose call yields pairs of a measurement's name and value.
    peers: dict
    # The units of measurements that are not seconds.
    units: dict = field(default_factory=dict)
    # The ratios to the peers that are aimed at.
    aims: dict = field(default_factory=dict)

    def main(self, arguments=None):
        options = self.options(arguments)
        results = self.run(options.rounds, options.peers)
        earlier = json.loads(options.compare.read_text()) if options.compare else None
        print(describe(results["machine"]))
        print(table(results, self.units, self.aims, earlier))
        if options.save:
            options.save.parent.mkdir(parents=True, exist_ok=True)
            options.save.write_text(json.dumps(results, indent=1) + "\n")
            print(f"kept in {options.save}")

    def options(self, arguments):
        parser = argparse.ArgumentParser(prog=f"benches/{self.name}.py", description=f"Benchmark: {self.name}")
        parser.add_argument("--rounds", type=int, default=3, help="how often each peer is measured (default: 3)")
        parser.add_argument("--peers", help=f"only these, separated by commas, of: {', '.join(self.peers)}")
        parser.add_argument("--save", type=Path, metavar="FILE", help="keep the results as JSON")
        parser.add_argument("--compare", type=Path, metavar="FILE", help="compare with results that were kept")
        options = parser.parse_args(arguments)
        options.peers = options.peers.split(",") if options.peers else list(self.peers)
        unknown = [peer for peer in options.peers if peer not in self.peers]
        if unknown:
            parser.error(f"no such peer: {', '.join(unknown)}")
        return options

    def run(self, rounds, peers):
        """The measurements of all rounds, by peer and name."""
        machine = describe_machine()
        samples = {peer: {} for peer in peers}
        for number in range(rounds):
            # The order turns, so that none is always the first to meet a cold cache.
            for peer in peers[number % len(peers):] + peers[:number % len(peers)]:
                print(f"round {number + 1} of {rounds}: {peer}", file=sys.stderr)
                for name, value in self.peers[peer]():
                    if value is not None:
                        samples[peer].setdefault(name, []).append(value)
        return {"benchmark": self.name, "machine": machine, "samples": samples}


def describe_machine():
    """What the figures depend on."""
    return {
        "date": time.strftime("%Y-%m-%d %H:%M:%S%z"),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def describe(machine):
    busy = " (other work is running: expect noise)" if machine["load"] > machine["cores"] / 2 else ""
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}\n"
        f"{machine['date']}, load {machine['load']:.1f}{busy}\n"
    )


def medians(results):
    """The median of each measurement, by name and peer."""
    rows = {}
    for peer, measurements in results["samples"].items():
        for name, values in measurements.items():
            rows.setdefault(name, {})[peer] = statistics.median(values)
    return rows


def ratios(results):
    """Aerostat's median as a part of each other peer's, by name and peer."""
    ours, *others = results["samples"]
    return {
        name: {peer: row[ours] / row[peer] for peer in others if ours in row and row.get(peer)}
        for name, row in medians(results).items()
    }


def table(results, units=None, aims=None, earlier=None):
    """The medians and ratios; with earlier results, how much each ratio has changed."""
    units, aims = units or {}, aims or {}
    peers = list(results["samples"])
    now, before = ratios(results), ratios(earlier) if earlier else {}
    extra = [title for title, wanted in (("aim", aims), ("before", earlier)) if wanted]
    lines = [["", *peers, *(f"to {peer}" for peer in peers[1:]), *extra]]
    for name, row in medians(results).items():
        line = [name, *(shown(row.get(peer), units.get(name, "s")) for peer in peers)]
        line += [f"{now[name][peer]:.2f}" if peer in now[name] else "-" for peer in peers[1:]]
        if aims:
            line.append(f"{aims[name]:.2f}" if name in aims else "")
        if earlier:
            line.append(" ".join(f"{ratio:.2f}" for ratio in before.get(name, {}).values()) or "-")
        lines.append(line)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    padded = ([text.rjust(width) for text, width in zip(line[1:], widths[1:])] for line in lines)
    return "\n".join("  ".join([line[0].ljust(widths[0]), *rest]) for line, rest in zip(lines, padded))


def shown(value, unit):
    """Three digits and a unit."""
    if value is None:
        return "-"
    if unit == "s" and value < 1:
        value, unit = (value * 1e3, "ms") if value >= 1e-3 else (value * 1e6, "µs")
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}"
