"""Execution: order, errors, numbers, streams, limits."""

import re
import time

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_outputs_come_in_order_with_streams_between_displays(shared):
    code = """
    print!("a"); println!("b"); eprintln!("c");
    display(df!("x" => [1])?);
    println!("d");
    6 * 7
    """
    cell = shared.run(code)
    kinds = [(kind, content.get("name")) for kind, content in cell.outputs]
    assert kinds == [
        ("stream", "stdout"),
        ("stream", "stderr"),
        ("display_data", None),
        ("stream", "stdout"),
        ("execute_result", None),
    ]
    assert cell.stream() == "ab\nd\n" and cell.stream("stderr") == "c\n"
    assert cell.result["text/plain"] == "42"
    assert shared.is_silent()


def test_an_error_gives_both_signals_and_marks_its_place(shared):
    cell = shared.run('let x = 1;\nx + unknwon_name')
    reply = cell.reply["content"]
    assert reply["status"] == "error"
    assert {key: reply[key] for key in ("ename", "evalue", "traceback")} == cell.error
    assert reply["ename"] == "VARIABLE_NOT_FOUND"
    plain = [ANSI.sub("", line) for line in reply["traceback"]]
    assert plain[0] == f"[VARIABLE_NOT_FOUND] {reply['evalue']}"
    assert plain[1] == "  2 | x + unknwon_name"
    assert plain[2].rstrip("^") == " " * 10 and plain[2].endswith("^" * 12)


def test_an_error_in_sql_is_marked_in_the_cell(shared):
    cell = shared.run("%%sql\nSELECT 1;\nSELECT * FROM nowhere")
    assert cell.error["ename"] == "TABLE_NOT_FOUND"
    plain = [ANSI.sub("", line) for line in cell.error["traceback"]]
    assert plain[1] == "  3 | SELECT * FROM nowhere"
    assert plain[2] == " " * 20 + "^" * 7


def test_only_stored_cells_are_numbered(kernel):
    assert [kernel.run("1").reply["content"]["execution_count"] for _ in range(2)] == [1, 2]
    assert kernel.run("1", store_history=False).reply["content"]["execution_count"] == 2
    assert kernel.run("1", silent=True).reply["content"]["execution_count"] == 2
    assert kernel.run("").reply["content"]["execution_count"] == 2
    assert kernel.run("nonsense").reply["content"]["execution_count"] == 3
    assert kernel.run("1").result and kernel.run("1").reply["content"]["execution_count"] == 5


def test_a_silent_cell_leaves_the_history_alone(kernel):
    kernel.run("40 + 2")
    kernel.run("6 * 9", silent=True)
    kernel.run("7 * 9", store_history=False)
    asked = {"hist_access_type": "tail", "n": 10, "output": True}
    entries = kernel.ask("shell", "history_request", asked)["content"]["history"]
    assert [(line, source) for _, line, source in entries] == [(1, ["40 + 2", "42"])]


def test_user_expressions_are_evaluated_in_silent_cells_too(shared):
    cell = shared.run("let silent_base = 3;", silent=True, user_expressions={"nine": "silent_base * 3"})
    assert cell.reply["content"]["user_expressions"]["nine"]["data"] == {"text/plain": "9"}
    cell = shared.run("no_such_name", user_expressions={"one": "1"})
    assert cell.reply["content"]["user_expressions"] == {}


def test_a_display_is_changed_by_its_handle(shared):
    cell = shared.run('let handle = display_handle("first");\nhandle.update(df!("a" => [1])?)?;')
    (shown,), (changed,) = cell.of("display_data"), cell.of("update_display_data")
    assert shown["data"]["text/plain"] == '"first"' and "text/html" in changed["data"]
    display_id = shown["transient"]["display_id"]
    assert display_id and changed["transient"] == {"display_id": display_id}
    later = shared.run("handle.update(2)?;")
    (changed,) = later.of("update_display_data")
    assert changed["transient"]["display_id"] == display_id and changed["data"] == {"text/plain": "2"}
    assert later.of("display_data") == []
    assert shared.run('handle.id() == "x"').result["text/plain"] == "false"


def test_a_silent_cell_publishes_nothing_but_its_status(shared):
    cell = shared.run('println!("x"); let silent = 5; silent', silent=True)
    assert cell.status == "ok" and cell.outputs == []
    assert shared.run("silent").result["text/plain"] == "5"


def test_a_failure_aborts_the_cells_that_were_sent_with_it(kernel):
    failing = kernel.send("nonsense")
    later = [kernel.send(f"let ran = {n}; ran") for n in range(20)]
    assert kernel.collect(failing).status == "error"
    for msg_id in later:
        cell = kernel.collect(msg_id)
        assert cell.status == "aborted" and cell.outputs == []
    # Whoever sends a cell after the failure wants it to run.
    assert kernel.run("1 + 1").status == "ok"
    assert kernel.run("ran").error["ename"] == "VARIABLE_NOT_FOUND"


def test_cells_go_on_after_a_failure_if_told_so(kernel):
    ids = [kernel.send("nonsense", stop_on_error=False), kernel.send("2 + 2")]
    first, second = [kernel.collect(msg_id) for msg_id in ids]
    assert first.status == "error" and second.result["text/plain"] == "4"


def test_user_expressions_are_evaluated_after_the_cell(shared):
    cell = shared.run("let base = 20;", user_expressions={"good": "base + 1", "bad": "basse"})
    values = cell.reply["content"]["user_expressions"]
    assert values["good"] == {"status": "ok", "data": {"text/plain": "21"}, "metadata": {}}
    assert values["bad"]["status"] == "error" and values["bad"]["ename"] == "VARIABLE_NOT_FOUND"
    assert shared.is_silent()


def test_a_hundred_thousand_lines_arrive_in_few_messages(shared):
    cell = shared.run('for i in 0..100000 { println!("line {}", i); }', timeout=60)
    assert cell.stream() == "".join(f"line {i}\n" for i in range(100_000))
    messages = cell.of("stream")
    assert len(messages) < 200
    # What jupyter_server counts in a window of three seconds.
    assert sum(len(content["text"]) for content in messages) < 3_000_000


def test_printed_text_arrives_while_the_cell_runs(shared):
    msg_id = shared.send("%%sh\nprintf 'one\\r'; sleep 0.4; printf two")
    times = []
    while True:
        message = shared.client.get_iopub_msg(timeout=10)
        if message["msg_type"] == "stream":
            times.append((message["header"]["date"], message["content"]["text"]))
        if message["content"].get("execution_state") == "idle":
            break
    assert shared.client.get_shell_msg(timeout=10)["parent_header"]["msg_id"] == msg_id
    assert [text for _, text in times] == ["one\r", "two"]
    assert (times[1][0] - times[0][0]).total_seconds() > 0.25


def test_a_cell_that_prints_without_end_is_cut_with_a_notice(start):
    kernel = start(env={"AEROSTAT_OUTPUT_LIMIT": "200000"})
    cell = kernel.run('for i in 0..100000 { println!("line {}", i); }\n1')
    assert 100_000 < len(cell.stream()) < 200_000
    notice = cell.stream("stderr")
    assert "output truncated" in notice and "AEROSTAT_OUTPUT_LIMIT" in notice
    assert cell.status == "ok"
    # The limit is for a cell, and can be raised.
    assert kernel.run("%env AEROSTAT_OUTPUT_LIMIT=9000000").status == "ok"
    assert kernel.run('for i in 0..100000 { println!("line {}", i); }').stream().endswith("line 99999\n")


def test_a_small_limit_shows_what_fits(start):
    kernel = start(env={"AEROSTAT_OUTPUT_LIMIT": "5K"})
    assert kernel.run('println!("hi")').outputs == [("stream", {"name": "stdout", "text": "hi\n"})]
    cell = kernel.run('println!("{}", "x".repeat(10000))')
    assert 3_000 < len(cell.stream()) < 5_120 and "output truncated" in cell.stream("stderr")
    refused = kernel.run("%env AEROSTAT_OUTPUT_LIMIT=lots")
    assert refused.error["ename"] == "INVALID_ARGUMENT" and "AEROSTAT_OUTPUT_LIMIT" in refused.error["evalue"]


def test_a_long_text_goes_in_pieces(shared):
    # A server that counts bytes would drop a message as large as this as a whole.
    cell = shared.run('println!("{}", "é".repeat(1000000))', timeout=60)
    assert cell.stream() == "é" * 1_000_000 + "\n"
    assert max(len(content["text"].encode()) for kind, content in cell.outputs if kind == "stream") <= 1 << 16


def test_streams_of_two_threads_are_not_mixed(shared):
    lines = 1_000
    script = f"for i in $(seq {lines}); do echo out; done & for i in $(seq {lines}); do echo err >&2; done; wait"
    cell = shared.run(f"%%sh\n{script}", timeout=60)
    assert cell.stream() == "out\n" * lines
    assert cell.stream("stderr") == "err\n" * lines


def test_what_was_printed_last_is_shown_while_the_cell_works_on(shared):
    shared.send("%%sh\nhead -c 3000000 /dev/zero | tr '\\0' x; echo; echo newest; sleep 8")
    shown = None
    while True:
        message = shared.client.get_iopub_msg(timeout=20)
        if message["msg_type"] == "stream" and "newest" in message["content"]["text"]:
            shown = time.monotonic()
        if message["content"].get("execution_state") == "idle":
            break
    shared.client.get_shell_msg(timeout=10)
    assert shown is not None and time.monotonic() - shown > 2


def test_displays_without_end_are_cut_as_well(start):
    kernel = start(env={"AEROSTAT_OUTPUT_LIMIT": "100000"})
    cell = kernel.run("for i in 0..5000 { display(i); }")
    assert 10 < len(cell.of("display_data")) < 100
    assert "output truncated" in cell.stream("stderr")


def kinds(cell):
    return [kind for kind, _ in cell.outputs]


def test_a_long_cell_shows_progress_until_it_shows_something_else(shared):
    cell = shared.run("%%sh\nsleep 2.3; echo done", allow_stdin=True)
    assert kinds(cell)[0] == "display_data" and kinds(cell)[-2:] == ["clear_output", "stream"]
    shown, *updates = [content for kind, content in cell.outputs if kind.endswith("display_data")]
    assert shown["data"]["text/plain"].startswith("running for 1 s") and len(updates) >= 2
    assert {content["transient"]["display_id"] for content in [shown, *updates]} == {shown["transient"]["display_id"]}
    assert kinds(shared.run("%%sh\nsleep 1.4", allow_stdin=True)) == ["display_data", "clear_output"]
    assert kinds(shared.run("%%sh\necho begun; sleep 1.4", allow_stdin=True)) == ["stream"]


def test_batch_runs_show_no_progress(shared):
    assert kinds(shared.run("%%sh\nsleep 1.4", allow_stdin=False)) == []
