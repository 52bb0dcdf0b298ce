"""A kernel of Jupyter, its client, and what it takes of the machine."""

import subprocess
import time
from pathlib import Path
from queue import Empty

from jupyter_client.manager import KernelManager

#: Seconds in which a kernel must answer, unless a cell may take longer.
TIMEOUT = 120


class CellFailed(Exception):
    """A cell that ended with an error."""

    def __init__(self, content):
        super().__init__(f"{content['ename']}: {content['evalue']}")
        self.ename = content["ename"]


class KernelDied(Exception):
    """A kernel that was ended by something else than us."""


class Kernel:
    """A kernel that runs, and its client."""

    def __init__(self, name, environment=None, preexec=None):
        # By the name of its folder, wherever Jupyter looks for kernels.
        self.manager = KernelManager(kernel_name=name)
        # What kernels and the JVM log is no part of a table.
        options = {"stderr": subprocess.DEVNULL, **({"env": environment} if environment else {})}
        if preexec:
            options["preexec_fn"] = preexec
        self.manager.start_kernel(**options)
        self.client = self.manager.client()
        self.client.start_channels()
        self.ready()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ready(self):
        """Waits until the kernel answers on both channels. The client's own `wait_for_ready` takes 200 ms more for any
        kernel, to be sure that nothing else is on its way."""
        while True:
            msg_id = self.client.kernel_info()
            self.reply(msg_id)
            try:
                while not self.is_idle(self.client.get_iopub_msg(timeout=0.2), msg_id):
                    pass
                return
            except Empty:
                pass  # The answer came before we were heard to listen.

    def is_idle(self, message, msg_id):
        return message["parent_header"].get("msg_id") == msg_id and message["content"].get("execution_state") == "idle"

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def run(self, code, timeout=TIMEOUT):
        """Runs a cell until it is idle and has replied; what it printed."""
        msg_id = self.client.execute(code)
        printed = []
        while True:
            message = self.next_message(timeout)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                printed.append(content["text"])
            if content.get("execution_state") == "idle":
                break
        reply = self.reply(msg_id)["content"]
        if reply["status"] != "ok":
            raise CellFailed(reply)
        return "".join(printed)

    def next_message(self, timeout):
        """The next message of any cell; an error if the kernel has died, as its system may end it."""
        for _ in range(timeout):
            try:
                return self.client.get_iopub_msg(timeout=1)
            except Empty:
                if not self.manager.is_alive():
                    raise KernelDied from None
        raise TimeoutError(f"no message in {timeout} seconds")

    def reply(self, msg_id):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == msg_id:
                return reply

    def ask(self, question, *arguments):
        """The content of the reply to a request such as `client.complete`."""
        content = self.reply(question(*arguments))["content"]
        assert content["status"] == "ok", content
        return content

    def restart(self):
        self.manager.restart_kernel(now=True)
        self.ready()

    def alive(self):
        return self.manager.is_alive()

    def memory(self):
        """Resident megabytes of the kernel and of what it has started, where the system tells."""
        return self._sum("VmRSS")

    def peak_memory(self):
        """The most that each of them has had."""
        return self._sum("VmHWM")

    def _sum(self, key):
        return total(family(self.manager.provisioner.process.pid), key)


def family(pid):
    """A process and its descendants."""
    children = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += task.read_text().split()
        except OSError:
            pass
    return [pid, *(descendant for child in children for descendant in family(child))]


def total(pids, key):
    """The sum of a line of `/proc/PID/status`, in megabytes."""
    found = []
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        found += [int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{key}:")]
    return sum(found) if found else None


def timed(action, *arguments, **options):
    """How many seconds a call took, and what it returned."""
    start = time.perf_counter()
    result = action(*arguments, **options)
    return time.perf_counter() - start, result
