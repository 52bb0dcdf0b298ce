"""Interrupts, restarts, ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

# Products of 200,000 and 200,000 rows: minutes of work.
LONG_QUERY = """%%sql
SELECT max(a.id * b.id * c.id) FROM range(200000) a CROSS JOIN range(200000) b CROSS JOIN range(10) c
"""
LONG_LOOP = "let n = 0; for i in 0..2000000000 { let n = i * 2; }"
LONG_FRAME = """
let one = df!("one" => [1])?.lazy();
let ids = one.select([int_range(lit(0), lit(20000000), 1, DataType::Int64).alias("id")]);
let mixed = ids.with_columns([(col("id") * lit(7919) % lit(19999999)).alias("mixed")]);
mixed.clone().join(mixed, [col("id")], [col("mixed")], JoinArgs::new(JoinType::Inner)).sort(["mixed"], Default::default()).collect()?
"""
SCRIPT = "%%sh\nsleep 100"
# Its outputs end long before it does.
SILENT_SCRIPT = "%%sh\nexec >/dev/null 2>&1; sleep 100"


def interrupt_by_message(kernel):
    kernel.client.control_channel.send(kernel.client.session.msg("interrupt_request", {}))
    assert kernel.client.get_control_msg(timeout=2)["content"]["status"] == "ok"


def interrupt_by_signal(kernel):
    os.kill(kernel.pid, signal.SIGINT)


@pytest.mark.parametrize("interrupt", [interrupt_by_message, interrupt_by_signal])
@pytest.mark.parametrize(
    "code",
    [LONG_QUERY, LONG_LOOP, LONG_FRAME, SCRIPT, SILENT_SCRIPT],
    ids=["sql", "loop", "frame", "sh", "silent-sh"],
)
def test_an_interrupt_stops_the_cell_and_keeps_the_session(kernel, interrupt, code):
    kernel.run("let kept = 7;")
    msg_id = kernel.send(code)
    time.sleep(0.7)
    start = time.perf_counter()
    interrupt(kernel)
    reply = kernel.client.get_shell_msg(timeout=10)
    seconds = time.perf_counter() - start
    assert reply["parent_header"]["msg_id"] == msg_id
    assert reply["content"]["status"] == "error", "the work was over before it was interrupted"
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert seconds < 0.5
    while not kernel.is_silent():
        pass
    assert kernel.run("kept").result["text/plain"] == "7"


@pytest.mark.parametrize("interrupt", [interrupt_by_message, interrupt_by_signal])
@pytest.mark.parametrize("rest", [LONG_LOOP, LONG_FRAME, LONG_QUERY.replace("%%sql\n", "%sql ")], ids=["loop", "frame", "sql"])
def test_an_interrupt_stops_what_follows_a_change_of_the_metastore(kernel, tmp_path, interrupt, rest):
    msg_id = kernel.send(f"%use {tmp_path / 'other'}\n{rest}")
    time.sleep(0.7)
    interrupt(kernel)
    reply = kernel.client.get_shell_msg(timeout=10)
    assert reply["parent_header"]["msg_id"] == msg_id and reply["content"]["ename"] == "KeyboardInterrupt"
    while not kernel.is_silent():
        pass
    assert kernel.run("1 + 1").result["text/plain"] == "2"


def test_an_idle_interrupt_changes_nothing(kernel):
    for interrupt in (interrupt_by_message, interrupt_by_signal):
        interrupt(kernel)
        time.sleep(0.1)
        while not kernel.is_silent():
            pass
        assert kernel.run("1 + 1").status == "ok"


def test_restart_forgets_variables_and_keeps_tables(kernel):
    kernel.run("let gone = 1;")
    kernel.run("%%sql\nCREATE TABLE kept AS SELECT 5 AS five")
    start = time.perf_counter()
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=10)
    seconds = time.perf_counter() - start
    assert kernel.run("gone").error["ename"] == "VARIABLE_NOT_FOUND"
    assert "5" in kernel.run("%%sql\nSELECT five FROM kept").result["text/plain"]
    print(f"restart: {seconds:.3f} s")
    assert seconds < 2


def test_restarts_in_a_row_leave_nothing_behind(kernel):
    ended = []
    for turn in range(10):
        ended.append(kernel.pid)
        # Every other one in the middle of work.
        kernel.send(LONG_LOOP if turn % 2 else "1")
        kernel.manager.restart_kernel()
        kernel.client.stop_channels()
        kernel.connect()
        assert kernel.run("1 + 1").result["text/plain"] == "2"
    assert not any(is_running(pid) for pid in ended)


@pytest.mark.parametrize("code", [LONG_QUERY, LONG_LOOP, LONG_FRAME], ids=["sql", "loop", "frame"])
def test_shutdown_ends_the_process_even_if_a_cell_runs(kernel, code):
    kernel.send(code)
    time.sleep(0.3)
    process = kernel.manager.provisioner.process
    start = time.perf_counter()
    kernel.client.control_channel.send(kernel.client.session.msg("shutdown_request", {}))
    reply = kernel.client.get_control_msg(timeout=2)
    assert reply["content"] == {"status": "ok", "restart": False}
    process.wait(timeout=5)
    assert process.returncode == 0 and time.perf_counter() - start < 1


def test_sigterm_ends_the_process_cleanly(kernel):
    kernel.run("%%sql\nCREATE TABLE t AS SELECT 1 AS one")
    process = kernel.manager.provisioner.process
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0


def test_sigterm_in_the_middle_of_work_leaves_tables_whole_and_no_process(start, tmp_path):
    kernel, marker = start(), tmp_path / "pid"
    kernel.run("%%sql\nCREATE TABLE terminated AS SELECT 1 AS one")
    kernel.send(f"session.sql(\"INSERT INTO terminated SELECT 2\")?;\n!sh -c 'echo $$ > {marker}; sleep 60 & wait'")
    while not marker.exists() or not marker.read_text():
        time.sleep(0.05)
    process = kernel.manager.provisioner.process
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0
    deadline = time.time() + 3
    while is_running(int(marker.read_text())) and time.time() < deadline:
        time.sleep(0.05)
    assert not is_running(int(marker.read_text()))
    rows = start().run("%%sql\nSELECT sum(one) AS ones FROM terminated").result["text/plain"]
    assert "3" in rows


def test_two_kernels_share_a_metastore(start):
    one, two = start(), start()
    one.run("%%sql\nCREATE TABLE shared_table AS SELECT 1 AS n")
    for frontend in (one, two) * 3:
        cell = frontend.run("%%sql\nINSERT INTO shared_table SELECT 1")
        assert cell.status == "ok", cell.outputs
    assert "7" in two.run("%%sql\nSELECT sum(n) AS total FROM shared_table").result["text/plain"]


def test_ipc_sockets_are_removed(start):
    kernel = start(transport="ipc")
    assert kernel.run("1 + 1").result["text/plain"] == "2"
    prefix = kernel.manager.ip
    sockets = [f"{prefix}-{port}" for port in range(1, 6)]
    assert all(os.path.exists(path) for path in sockets)
    kernel.client.shutdown()
    kernel.manager.provisioner.process.wait(timeout=5)
    assert not any(os.path.exists(path) for path in sockets)


def test_the_kernel_ends_with_its_parent(tmp_path):
    script = f"""
import os, time
from jupyter_client.manager import KernelManager
os.environ["AEROSTAT_HOME"] = {str(tmp_path)!r}
manager = KernelManager(kernel_name="aerostat")
manager.start_kernel()
print(manager.provisioner.process.pid, flush=True)
time.sleep(1)
os._exit(1)
"""
    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    pid = int(parent.stdout)
    deadline = time.time() + 5
    while time.time() < deadline and is_running(pid):
        time.sleep(0.1)
    assert not is_running(pid)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_interrupted_script_leaves_no_process(kernel, tmp_path):
    marker = tmp_path / "pid"
    kernel.send(f"%%sh\ntrap '' INT; sh -c 'trap \"\" INT; echo $$ > {marker}; sleep 60 & wait'")
    while not marker.exists():
        time.sleep(0.05)
    time.sleep(0.2)
    interrupt_by_message(kernel)
    assert kernel.client.get_shell_msg(timeout=5)["content"]["ename"] == "KeyboardInterrupt"
    time.sleep(0.2)
    assert not is_running(int(marker.read_text()))
