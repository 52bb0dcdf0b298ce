"""Benchmarks: Aerostat beside what its users would pick instead, in one run.

    python benches/run.py                                    all parts at the small scale
    python benches/run.py --parts retail,tpch --scale full   some parts as large as they get
    python benches/run.py --save new.json --compare old.json keep the results, and compare them with earlier ones
    python benches/run.py --show new.json --compare old.json compare without measuring

What counts are the ratios: absolute times of another machine, or of another hour, say little.
"""

import argparse
import importlib
import json
import sys
import tempfile
from pathlib import Path

from harness import machine, results
from harness.measure import Options, say

#: The parts in their order; each is a module of `parts`.
PARTS = ["kernel", "compiled", "retail", "wdi", "tpch", "curves", "memory"]
SCALES = ["tiny", "small", "full"]


def main(arguments=None):
    asked = parse(arguments)
    earlier = json.loads(asked.compare.read_text()) if asked.compare else {"parts": []}
    if asked.show:
        show(json.loads(asked.show.read_text()), earlier)
        return
    run = {"scale": asked.scale, "machine": machine.describe_machine(), "parts": []}
    with tempfile.TemporaryDirectory(dir=asked.data, prefix="scratch-") as scratch:
        options = Options(asked.scale, asked.rounds, asked.peers, asked.data, Path(scratch) / "kernel")
        for part in asked.parts:
            for found in importlib.import_module(f"parts.{part}").run(options):
                run["parts"].append(found)
                if asked.save:
                    asked.save.write_text(json.dumps(run, indent=1) + "\n")
    show(run, earlier)
    if asked.save:
        say(f"kept in {asked.save}")


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="benches/run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=names(PARTS), default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--scale", choices=SCALES, default="small", help="how much is measured (default: small)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each peer is measured (default: 3)")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=[], help="only these, by name")
    parser.add_argument("--data", type=Path, default=Path("build/benches"), help="where generated data are kept")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep the results as JSON")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="show the ratios of earlier results in parentheses")
    parser.add_argument("--show", type=Path, metavar="FILE", help="show results that were kept, and measure nothing")
    asked = parser.parse_args(arguments)
    asked.data = asked.data.resolve()
    for folder in [asked.data, *([asked.save.parent] if asked.save else [])]:
        folder.mkdir(parents=True, exist_ok=True)
    return asked


def names(known):
    def parsed(text):
        unknown = [name for name in text.split(",") if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"no such part: {', '.join(unknown)}")
        return text.split(",")

    return parsed


def show(run, earlier):
    before = {part["part"]: part for part in earlier["parts"]}
    print(machine.shown(run["machine"]))
    for part in run["parts"]:
        print(f"\n{results.table(part, before.get(part['part']))}")
        for peer, steps in part["failures"].items():
            for step, reason in steps.items():
                print(f"{peer} did not get through `{step}`: {reason}")
    print()
    for part in run["parts"]:
        for row, title, ratio, aim in results.missed(part):
            print(f"missed: {part['part']}: {row}: {title} is {ratio:.2f}, aim {aim:g}")


if __name__ == "__main__":
    sys.exit(main())
