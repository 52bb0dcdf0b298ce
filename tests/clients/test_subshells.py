"""Subshells: cells and questions that are answered while the main shell runs a cell (JEP 91)."""

import time
from pathlib import Path

import pytest
from jupyter_kernel_test.msgspec_v5 import validate_message

LOOP = "let n = 0; for i in 0..2000000000 { let n = i * 2; }"


def create(kernel):
    reply = kernel.ask("control", "create_subshell_request")["content"]
    assert reply["status"] == "ok"
    return reply["subshell_id"]


def listed(kernel):
    return kernel.ask("control", "list_subshell_request")["content"]["subshell_id"]


def send(kernel, subshell, msg_type, content):
    message = kernel.client.session.msg(msg_type, content)
    message["header"]["subshell_id"] = subshell
    kernel.client.shell_channel.send(message)
    return message["header"]["msg_id"]


def execute(kernel, subshell, code, **options):
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, **options}
    return send(kernel, subshell, "execute_request", content)


def reply_to(kernel, msg_id, timeout=10):
    reply = kernel.client.get_shell_msg(timeout=timeout)
    assert reply["parent_header"]["msg_id"] == msg_id, reply
    return reply


def outputs_of(kernel, msg_id):
    """The messages of a cell up to its idle; those of others are passed over."""
    messages = []
    while ("status", "idle") not in messages:
        message = kernel.client.get_iopub_msg(timeout=10)
        if message["parent_header"].get("msg_id") == msg_id:
            state = message["content"].get("execution_state")
            messages.append(("status", state) if state else (message["msg_type"], message["content"]))
    return messages


def drain(kernel):
    while not kernel.is_silent():
        pass


def test_subshells_are_created_listed_and_deleted(kernel):
    info = kernel.ask("control", "kernel_info_request")["content"]
    assert "kernel subshells" in info["supported_features"]
    assert listed(kernel) == []
    first, second = create(kernel), create(kernel)
    assert first != second and sorted(listed(kernel)) == sorted([first, second])
    assert kernel.ask("control", "delete_subshell_request", {"subshell_id": first})["content"] == {"status": "ok"}
    assert listed(kernel) == [second]
    again = kernel.ask("control", "delete_subshell_request", {"subshell_id": first})["content"]
    assert again["status"] == "error" and again["ename"] == "SUBSHELL_NOT_FOUND"
    assert kernel.ask("control", "delete_subshell_request", {})["content"]["ename"] == "INVALID_ARGUMENT"


def test_a_subshell_answers_while_the_main_shell_is_busy(kernel):
    kernel.run('let frame = df!("a" => [1, 2, 3])?;')
    subshell = create(kernel)
    busy = kernel.send("%%sh\nsleep 3")
    start = time.perf_counter()
    msg_id = execute(kernel, subshell, 'println!("from beside"); frame.height()')
    reply = reply_to(kernel, msg_id)
    validate_message(reply, "execute_reply", msg_id)
    assert reply["content"]["status"] == "ok" and reply["parent_header"]["subshell_id"] == subshell
    outputs = outputs_of(kernel, msg_id)
    assert outputs[0] == ("status", "busy") and outputs[-1] == ("status", "idle")
    kinds = [kind for kind, _ in outputs[1:-1]]
    assert kinds == ["execute_input", "stream", "execute_result"]
    assert outputs[2][1]["text"] == "from beside\n" and outputs[3][1]["data"]["text/plain"] == "3"

    question = send(kernel, subshell, "complete_request", {"code": "frame.hei", "cursor_pos": 9})
    assert "height" in reply_to(kernel, question)["content"]["matches"]
    question = send(kernel, subshell, "inspect_request", {"code": "frame", "cursor_pos": 5, "detail_level": 0})
    assert reply_to(kernel, question)["content"]["found"]
    assert time.perf_counter() - start < 2.5
    assert reply_to(kernel, busy)["content"]["status"] == "ok"
    drain(kernel)


def test_shells_share_variables_tables_and_numbers(kernel):
    subshell = create(kernel)
    reply = reply_to(kernel, execute(kernel, subshell, "let shared = 5;"))
    assert reply["content"]["execution_count"] == 1
    reply_to(kernel, execute(kernel, subshell, "%%sql\nCREATE TABLE made AS SELECT 7 AS seven"))
    drain(kernel)
    cell = kernel.run("shared")
    assert cell.result["text/plain"] == "5" and cell.reply["content"]["execution_count"] == 3
    assert "7" in kernel.run("%%sql\nSELECT seven FROM made").result["text/plain"]


def test_a_failure_aborts_the_cells_of_its_own_shell_only(kernel):
    subshell = create(kernel)
    failing = execute(kernel, subshell, "nonsense")
    aborted = execute(kernel, subshell, "1")
    fine = kernel.send("1 + 1")
    replies = {}
    for _ in range(3):
        reply = kernel.client.get_shell_msg(timeout=10)
        replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
    assert replies == {failing: "error", aborted: "aborted", fine: "ok"}
    drain(kernel)


def test_an_interrupt_stops_what_runs_in_all_shells(kernel):
    subshell = create(kernel)
    cells = [kernel.send(LOOP), execute(kernel, subshell, LOOP)]
    time.sleep(0.5)
    kernel.client.control_channel.send(kernel.client.session.msg("interrupt_request", {}))
    replies = [kernel.client.get_shell_msg(timeout=5) for _ in cells]
    assert {reply["parent_header"]["msg_id"] for reply in replies} == set(cells)
    assert [reply["content"]["ename"] for reply in replies] == ["KeyboardInterrupt"] * 2
    kernel.client.get_control_msg(timeout=5)
    drain(kernel)
    for code in ("1 + 1", "2 + 2"):
        assert kernel.run(code).status == "ok"
    assert reply_to(kernel, execute(kernel, subshell, "3 + 3"))["content"]["status"] == "ok"
    drain(kernel)


def test_an_interrupt_stops_a_subshell_that_is_still_on_another_metastore(kernel, tmp_path):
    subshell = create(kernel)
    beside = execute(kernel, subshell, LOOP)
    time.sleep(0.3)
    changing = kernel.send(f"%use {tmp_path / 'other'}")
    assert reply_to(kernel, changing)["content"]["status"] == "ok"
    kernel.client.control_channel.send(kernel.client.session.msg("interrupt_request", {}))
    assert reply_to(kernel, beside)["content"]["ename"] == "KeyboardInterrupt"


@pytest.mark.parametrize("msg_type", ["execute_request", "complete_request", "kernel_info_request"])
def test_a_subshell_that_is_not_there_is_an_error(kernel, msg_type):
    msg_id = send(kernel, "no-such-subshell", msg_type, {"code": "1"})
    reply = reply_to(kernel, msg_id)
    assert reply["msg_type"] == msg_type.replace("_request", "_reply")
    assert reply["content"]["status"] == "error" and reply["content"]["ename"] == "SUBSHELL_NOT_FOUND"
    assert outputs_of(kernel, msg_id) == [("status", "busy"), ("status", "idle")]


def test_a_deleted_subshell_finishes_what_it_has_taken_on_and_leaves_no_thread(kernel):
    threads = lambda: len(list(Path(f"/proc/{kernel.pid}/task").iterdir()))
    kernel.run("1")
    before = threads()
    subshells = [create(kernel) for _ in range(10)]
    assert threads() >= before + 10
    last = execute(kernel, subshells[0], "%%sh\nsleep 0.5; echo done")
    # The channels do not wait for one another: the cell has been taken on when it is announced.
    while kernel.client.get_iopub_msg(timeout=10)["msg_type"] != "execute_input":
        pass
    for subshell in subshells:
        kernel.ask("control", "delete_subshell_request", {"subshell_id": subshell})
    assert reply_to(kernel, last)["content"]["status"] == "ok"
    drain(kernel)
    assert threads() <= before + 3


def test_the_metastore_is_changed_from_the_main_shell_only(kernel, tmp_path):
    subshell = create(kernel)
    reply = reply_to(kernel, execute(kernel, subshell, f"%use {tmp_path / 'other'}"))
    assert reply["content"]["ename"] == "NOT_SUPPORTED"
    drain(kernel)
    kernel.run(f"%use {tmp_path / 'other'}")
    kernel.run("%%sql\nCREATE TABLE there AS SELECT 1 AS one")
    msg_id = execute(kernel, subshell, "%%sql\nSELECT one FROM there")
    assert reply_to(kernel, msg_id)["content"]["status"] == "ok"
    drain(kernel)
