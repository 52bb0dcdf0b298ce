"""Completion, inspection, completeness, history, and requests nobody knows."""

from jupyter_kernel_test.msgspec_v5 import validate_message


def complete(frontend, code, cursor=None):
    cursor = len(code) if cursor is None else cursor
    reply = frontend.ask("shell", "complete_request", {"code": code, "cursor_pos": cursor})
    validate_message(reply, "complete_reply")
    return reply["content"]


def inspect(frontend, code, cursor=None, detail=0):
    cursor = len(code) if cursor is None else cursor
    content = {"code": code, "cursor_pos": cursor, "detail_level": detail}
    reply = frontend.ask("shell", "inspect_request", content)
    validate_message(reply, "inspect_reply")
    return reply["content"]


def history(frontend, **asked):
    reply = frontend.ask("shell", "history_request", asked)
    validate_message(reply, "history_reply")
    return reply["content"]["history"]


def test_cursors_count_code_points(shared):
    shared.run("let größe = 1;")
    code = '"𝒳é"; größ'
    content = complete(shared, code)
    assert content["matches"] == ["größe"]
    assert code[content["cursor_start"]:content["cursor_end"]] == "größ"


def test_completion_in_sql_knows_tables(shared):
    shared.run("%%sql\nCREATE DATABASE IF NOT EXISTS shop;\nCREATE TABLE shop.orders AS SELECT 1 AS id")
    content = complete(shared, "%%sql\nSELECT * FROM shop.or")
    assert content["matches"] == ["shop.orders"]
    assert content["cursor_end"] - content["cursor_start"] == len("shop.or")


def test_help_inside_of_magics_that_run_cells(shared):
    shared.run('let timed = df!("first" => [1])?;')
    for code in ("%time timed.hei", "%%time\nlet x = 1;\ntimed.hei", "%%capture kept\n%time timed.hei", "%%rust\ntimed.hei"):
        content = complete(shared, code)
        assert content["matches"] == ["height"] and code[content["cursor_start"]:] == "hei", code
    assert complete(shared, '%%time\n%%sql\nSELECT fir FROM timed', 23)["matches"] == ["first"]
    assert "fn DataFrame::height" in inspect(shared, "%%time\ntimed.height")["data"]["text/plain"]


def test_help_at_the_end_of_a_line_before_something_else(shared):
    shared.run('let early = df!("first" => [1])?;')
    for after in ("%whos", "timed?", ":opt 0", "!ls", "?early"):
        code = f"early.hei\n{after}"
        assert complete(shared, code, len("early.hei"))["matches"] == ["height"], after


def test_help_in_sql_knows_columns(shared):
    shared.run('let clients = df!("client_id" => [1], "client_name" => ["Ada"])?;')
    code = "%%sql\nSELECT cli FROM clients"
    content = complete(shared, code, code.index(" FROM"))
    assert content["matches"] == ["client_id", "client_name", "clients"]
    assert "client_name: string" in inspect(shared, code)["data"]["text/plain"]


def test_completion_with_missing_cursor_is_at_the_end(shared):
    reply = shared.ask("shell", "complete_request", {"code": "%lsm"})
    assert reply["content"]["matches"] == ["%lsmagic"]


def test_questions_are_answered_while_a_cell_runs(shared):
    shared.run("let busy = 1;")
    msg_id = shared.send("%%sh\nsleep 2")
    # Not through `ask`: the statuses of the cell and of the question interleave.
    question = shared.client.complete("busy", 4)
    reply = shared.client.get_shell_msg(timeout=1)
    assert reply["parent_header"]["msg_id"] == question and reply["content"]["matches"] == ["busy"]
    question = shared.client.kernel_info()
    assert shared.client.get_shell_msg(timeout=1)["parent_header"]["msg_id"] == question
    assert shared.client.get_shell_msg(timeout=10)["parent_header"]["msg_id"] == msg_id
    while not shared.is_silent():
        pass


def test_inspection(shared):
    shared.run("let answer = 42;")
    content = inspect(shared, "answer + 1", 3)
    assert content["found"] and "text/plain" in content["data"]
    assert inspect(shared, "no_such_thing_at_all")["found"] is False
    assert "%time CODE" in inspect(shared, "%time answer", 3)["data"]["text/plain"]


def test_history_is_kept_across_restarts_and_sessions(start):
    first = start()
    for code in ["1 + 1", "let x = 2;", "1 + 1", "30 + 3"]:
        first.run(code)
    session = history(first, hist_access_type="tail", n=1)[0][0]
    lines = [[session, 1, "1 + 1"], [session, 2, "let x = 2;"], [session, 3, "1 + 1"], [session, 4, "30 + 3"]]
    assert history(first, hist_access_type="tail", n=3) == lines[1:]
    assert history(first, hist_access_type="range", session=0, start=2, stop=4) == lines[1:3]
    assert history(first, hist_access_type="range") == lines
    assert history(first, hist_access_type="search", pattern="*+*", unique=True) == lines[2:]
    assert history(first, hist_access_type="search", pattern="?? + ?") == lines[3:]
    with_output = history(first, hist_access_type="tail", n=3, output=True)
    assert [entry[2] for entry in with_output] == [["let x = 2;", None], ["1 + 1", "2"], ["30 + 3", "33"]]

    second = start()
    second.run("5")
    assert history(second, hist_access_type="range", session=-1) == lines
    assert history(second, hist_access_type="tail", n=2) == [lines[3], [session + 1, 1, "5"]]


def test_history_is_the_users_alone(kernel, tmp_path):
    kernel.run('let password = "geheim";')
    files = list((tmp_path / "metastore").glob("history.sqlite*"))
    assert files and {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_requests_nobody_knows_get_an_error_reply(shared):
    for channel in ("shell", "control"):
        reply = shared.ask(channel, "teleport_request", {"where": "home"})
        assert reply["msg_type"] == "teleport_reply"
        assert reply["content"]["status"] == "error" and reply["content"]["ename"] == "NOT_SUPPORTED"
    assert shared.ask("control", "debug_request", {"command": "attach"})["content"]["status"] == "error"


def test_kernel_info_on_control(shared):
    reply = shared.ask("control", "kernel_info_request")
    validate_message(reply, "kernel_info_reply")
    assert reply["content"]["language_info"]["mimetype"] == "text/x-rustsrc"
    assert reply["content"]["supported_features"] == ["kernel subshells"]


def test_comms_are_refused(shared):
    assert shared.ask("shell", "comm_info_request")["content"] == {"status": "ok", "comms": {}}
    session = shared.client.session
    message = session.msg("comm_open", {"comm_id": "c1", "target_name": "widget"})
    shared.client.shell_channel.send(message)
    kinds = []
    while kinds[-1:] != [("status", "idle")]:
        heard = shared.client.get_iopub_msg(timeout=5)
        assert heard["parent_header"]["msg_id"] == message["header"]["msg_id"]
        kinds.append((heard["msg_type"], heard["content"].get("execution_state", heard["content"].get("comm_id"))))
    assert kinds == [("status", "busy"), ("comm_close", "c1"), ("status", "idle")]
