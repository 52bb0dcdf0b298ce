"""What the figures depend on: the machine, and the versions of what was measured."""

import os
import platform
import subprocess
import time
from importlib import metadata
from pathlib import Path

#: What is measured, by its name among Python's packages.
PACKAGES = ["polars", "duckdb", "pyspark", "ipykernel", "jupyter_client"]


def describe_machine():
    return {
        "date": time.strftime("%Y-%m-%d %H:%M:%S%z"),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "load": os.getloadavg()[0],
        "versions": versions(),
    }


def versions():
    found = {"python": platform.python_version(), "aerostat": aerostat()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            pass
    return found


def aerostat():
    try:
        done = subprocess.run(["aerostat", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.split()[-1]


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def shown(machine):
    busy = "; other work was running, expect noise" if machine["load"] > machine["cores"] / 2 else ""
    known = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}\n"
        f"{known}\n"
        f"{machine['date']}, load {machine['load']:.1f} at the beginning{busy}"
    )
