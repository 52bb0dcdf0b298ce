"""How fast the kernel answers, beside ipykernel with Python's polars in the same run.

Needs both kernels: the one that `aerostat install` has made known, and ipykernel's `python3`.
"""

import statistics
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from frame import Benchmark
from jupyter_client.manager import KernelManager

TIMEOUT = 120
WARM = 20


@dataclass
class Words:
    """What is said to a kernel."""

    setup: str
    frame: str
    lines: str
    complete: str
    inspect: str


AEROSTAT = Words(
    setup='let data = df!("k" => ["a", "b", "a", "c"], "v" => [1, 2, 3, 4])?;',
    frame='data.clone().lazy().group_by([col("k")]).agg([col("v").sum()]).sort(["k"], Default::default()).collect()?',
    lines='for i in 0..100000 { println!("line {}", i); }',
    complete="data.hei",
    inspect="data",
)

IPYKERNEL = Words(
    setup='import polars as pl\ndata = pl.DataFrame({"k": ["a", "b", "a", "c"], "v": [1, 2, 3, 4]})',
    frame='data.lazy().group_by("k").agg(pl.col("v").sum()).sort("k").collect()',
    lines="for i in range(100000): print(f'line {i}')",
    complete="data.hei",
    inspect="data",
)


class Kernel:
    """A kernel and its client."""

    def __init__(self, name):
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.ready()

    def ready(self):
        self.client.wait_for_ready(timeout=TIMEOUT)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def run(self, code):
        """Runs a cell until it is idle and has replied; what it printed."""
        msg_id = self.client.execute(code)
        printed = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])
            if message["content"].get("execution_state") == "idle":
                break
        reply = self.reply(msg_id)
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(printed)

    def reply(self, msg_id):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == msg_id:
                return reply

    def ask(self, question, *arguments):
        reply = self.reply(question(*arguments))
        assert reply["content"]["status"] == "ok", reply["content"]
        return reply["content"]

    def memory(self):
        """Resident megabytes, where the system tells."""
        try:
            statm = Path(f"/proc/{self.manager.provisioner.process.pid}/statm").read_text()
        except OSError:
            return None
        return int(statm.split()[1]) * 4096 / 1e6


def timed(action, *arguments):
    start = time.perf_counter()
    result = action(*arguments)
    return time.perf_counter() - start, result


def warm(action, *arguments):
    """The median of many, after one that does not count."""
    action(*arguments)
    return statistics.median(timed(action, *arguments)[0] for _ in range(WARM))


def measure(name, words):
    seconds, kernel = timed(Kernel, name)
    yield "start to ready", seconds
    try:
        yield "memory when idle", kernel.memory()
        yield "kernel_info", warm(kernel.ask, kernel.client.kernel_info)
        yield "empty cell", warm(kernel.run, "")
        kernel.run(words.setup)
        yield "small DataFrame cell", warm(kernel.run, words.frame)
        assert "height" in " ".join(kernel.ask(kernel.client.complete, words.complete)["matches"])
        yield "completion", warm(kernel.ask, kernel.client.complete, words.complete)
        assert kernel.ask(kernel.client.inspect, words.inspect)["found"]
        yield "inspection", warm(kernel.ask, kernel.client.inspect, words.inspect)
        seconds, printed = timed(kernel.run, words.lines)
        assert printed.count("\n") == 100_000, "lines were lost"
        yield "100,000 lines", seconds

        def restart():
            kernel.manager.restart_kernel()
            kernel.ready()

        yield "restart to ready", timed(restart)[0]
    finally:
        kernel.close()


if __name__ == "__main__":
    Benchmark(
        "kernel",
        peers={
            "aerostat": partial(measure, "aerostat", AEROSTAT),
            "ipykernel": partial(measure, "python3", IPYKERNEL),
        },
        units={"memory when idle": "MB"},
        aims={"start to ready": 0.25, "small DataFrame cell": 0.5},
    ).main()
