"""Kernels for the tests: each on a metastore of its own, driven by Jupyter's own client."""

import os
import shutil
import time
from dataclasses import dataclass, field
from queue import Empty

import pytest
from jupyter_client.manager import KernelManager

KERNEL = "aerostat"
TIMEOUT = 30


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """The metastore of kernels that are started by others, and nobody's ~/.aerostat."""
    path = tmp_path_factory.mktemp("home")
    os.environ["AEROSTAT_HOME"] = str(path)
    return path


@pytest.fixture(scope="session")
def aerostat():
    """The path of the program."""
    path = shutil.which("aerostat")
    if path is None:
        pytest.skip("there is no `aerostat` on the PATH")
    return path


@dataclass
class Cell:
    """What a cell came to: its reply, and its messages on iopub between busy and idle."""

    reply: dict
    outputs: list = field(default_factory=list)
    seconds: float = 0.0

    @property
    def status(self):
        return self.reply["content"]["status"]

    def stream(self, name="stdout"):
        return "".join(c["text"] for t, c in self.outputs if t == "stream" and c["name"] == name)

    def of(self, msg_type):
        return [content for kind, content in self.outputs if kind == msg_type]

    @property
    def result(self):
        (content,) = self.of("execute_result")
        return content["data"]

    @property
    def error(self):
        (content,) = self.of("error")
        return content


class Frontend:
    """A strict client: every message of a cell is read, and must come in the protocol's order."""

    def __init__(self, env=None, transport="tcp"):
        self.manager = KernelManager(kernel_name=KERNEL, transport=transport)
        self.manager.start_kernel(env={**os.environ, **(env or {})})
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def run(self, code, timeout=TIMEOUT, **options):
        start = time.perf_counter()
        cell = self.collect(self.send(code, **options), timeout)
        cell.seconds = time.perf_counter() - start
        return cell

    def collect(self, msg_id, timeout=TIMEOUT):
        """The cell that was sent as `msg_id`. Messages of other requests before it are an error."""
        messages = []
        while not messages or messages[-1] != ("status", {"execution_state": "idle"}):
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["msg_type"] == "iopub_welcome":
                continue  # Some client has connected; everybody hears of it.
            assert message["parent_header"].get("msg_id") == msg_id, message
            messages.append((message["msg_type"], message["content"]))
        reply = self.client.get_shell_msg(timeout=timeout)
        assert reply["parent_header"]["msg_id"] == msg_id
        assert messages[0] == ("status", {"execution_state": "busy"}), messages[0]
        outputs = messages[1:-1]
        if outputs and outputs[0][0] == "execute_input":
            outputs = outputs[1:]
        assert all(kind not in ("status", "execute_input") for kind, _ in outputs)
        return Cell(reply, outputs)

    def ask(self, channel, msg_type, content=None, timeout=TIMEOUT):
        """The reply to any request on shell or control; its status messages are read."""
        message = self.client.session.msg(msg_type, content or {})
        getattr(self.client, f"{channel}_channel").send(message)
        reply = getattr(self.client, f"get_{channel}_msg")(timeout=timeout)
        assert reply["parent_header"]["msg_id"] == message["header"]["msg_id"]
        states = []
        while states[-1:] != ["idle"]:
            state = self.client.get_iopub_msg(timeout=timeout)
            if state["parent_header"].get("msg_id") == message["header"]["msg_id"] and state["msg_type"] == "status":
                states.append(state["content"]["execution_state"])
        assert states == ["busy", "idle"]
        return reply

    def is_silent(self, seconds=0.2):
        """Whether nothing more comes on iopub."""
        try:
            self.client.get_iopub_msg(timeout=seconds)
        except Empty:
            return True
        return False

    @property
    def pid(self):
        return self.manager.provisioner.process.pid

    def close(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture
def start(tmp_path):
    """Starts kernels on the metastore of this test."""
    frontends = []

    def start_frontend(**options):
        env = {"AEROSTAT_HOME": str(tmp_path / "metastore"), **options.pop("env", {})}
        frontends.append(Frontend(env=env, **options))
        return frontends[-1]

    yield start_frontend
    for frontend in frontends:
        frontend.close()


@pytest.fixture
def kernel(start):
    """One kernel of this test's own."""
    return start()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One kernel for the tests of a module that leave it as they find it."""
    frontend = Frontend(env={"AEROSTAT_HOME": str(tmp_path_factory.mktemp("shared"))})
    yield frontend
    frontend.close()
