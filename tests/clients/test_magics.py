"""Cells that are not Rust."""

import re


def test_sql_shows_every_result_and_keeps_the_last(shared):
    cell = shared.run("%%sql kept <<\nSELECT 1 AS first;\nSELECT 2 AS second")
    assert len(cell.of("display_data")) == 1 and cell.of("execute_result") == []
    assert shared.run("kept.height()").result["text/plain"] == "1"
    cell = shared.run("%%sql -o shown\nSELECT id FROM range(3)")
    assert "text/html" in cell.result
    assert "3" in shared.run("%sql SELECT count(*) AS n FROM shown").result["text/plain"]


def displayed(cell):
    """The values in the one row of each display."""
    return [content["data"]["text/plain"].splitlines()[-2].split()[1:-1] for content in cell.of("display_data")]


def test_results_before_a_failing_statement_are_shown(shared):
    script = "SELECT 1 AS first;\nCREATE OR REPLACE TEMP VIEW made AS SELECT 2 AS second;\nSELECT * FROM made;\nSELECT typo"
    for options in ("", " kept <<", " -o kept", " --plot bar x=first y=first"):
        cell = shared.run(f"%%sql{options}\n{script}")
        assert displayed(cell) == [["1"], ["2"]], options
        assert cell.outputs[-1][0] == "error" and cell.error["ename"] == "COLUMN_NOT_FOUND"
        assert "^^^^" in "\n".join(cell.error["traceback"])


def test_results_are_shown_while_later_statements_run(kernel):
    long = "SELECT max(a.id * b.id) FROM range(300000) a CROSS JOIN range(300000) b"
    msg_id = kernel.send(f"%%sql\nSELECT 1 AS first;\nCREATE TABLE longest AS {long}")
    shown = ""
    while "first" not in shown:
        shown = kernel.client.get_iopub_msg(timeout=10)["content"].get("data", {}).get("text/plain", "")
    kernel.client.control_channel.send(kernel.client.session.msg("interrupt_request", {}))
    reply = kernel.client.get_shell_msg(timeout=10)
    assert reply["parent_header"]["msg_id"] == msg_id and reply["content"]["ename"] == "KeyboardInterrupt"


def test_the_last_result_is_kept_also_before_statements_without_one(shared):
    cell = shared.run("%%sql kept <<\nSELECT 1 AS first;\nSELECT 2 AS second;\nCREATE DATABASE IF NOT EXISTS d")
    assert displayed(cell) == [["1"]]
    assert shared.run("kept.get_column_names()").result["text/plain"] == '["second"]'


def test_a_name_that_cannot_be_kept_stops_the_cell_before_it_runs(shared):
    error = shared.run("%%sql -o 2nd\nCREATE DATABASE never_made; SELECT 1").error
    assert error["ename"] == "INVALID_ARGUMENT" and "^^^" in "\n".join(error["traceback"])
    assert shared.run("%%sql\nUSE never_made").error["ename"] == "SCHEMA_NOT_FOUND"


def test_sql_does_not_take_what_it_does_not_know(shared):
    assert shared.run("%%sql --limit 3\nSELECT 1").error["ename"] == "INVALID_ARGUMENT"
    error = shared.run("%%sql x <<\nCREATE DATABASE IF NOT EXISTS d").error
    assert error["ename"] == "INVALID_ARGUMENT" and "x" in error["evalue"]


def test_unknown_magics_name_the_nearest(shared):
    error = shared.run("%%sqll\nSELECT 1").error
    assert error["ename"] == "MAGIC_NOT_FOUND" and "`%%sql`" in error["traceback"][-1]
    error = shared.run("%%tables").error
    assert "`%tables`" in error["traceback"][-1]


def test_rust_and_magics_in_one_cell(shared):
    cell = shared.run('let mixed = 5;\n%time mixed * 2\n!printf shell\nmixed')
    assert cell.stream().startswith("CPU times: user ") and "Wall time: " in cell.stream()
    assert cell.stream().endswith("shell")
    assert cell.of("display_data")[0]["data"]["text/plain"] == "10"
    assert cell.result["text/plain"] == "5"


def test_time_of_a_whole_cell_of_any_kind(shared):
    cell = shared.run("%%time\n%%sql\nSELECT 1 AS one")
    assert "Wall time" in cell.stream() and "text/html" in cell.result
    cell = shared.run("%%time\nundefined_name")
    assert "Wall time" in cell.stream() and cell.error["ename"] == "VARIABLE_NOT_FOUND"


def test_time_on_average(shared):
    pattern = r"(\S+) (\S+) ± (\S+) (\S+) per loop \(mean ± std. dev. of {}, {} each\)\n"
    cell = shared.run('%timeit -n 4 -r 2 println!("not shown"); 1 + 1')
    assert re.fullmatch(pattern.format("2 runs", "4 loops"), cell.stream()) and not cell.of("execute_result")
    cell = shared.run("let mut turns = 0;\n%timeit -n 1000 -r 1 turns += 1")
    assert re.fullmatch(pattern.format("1 run", "1,000 loops"), cell.stream())
    assert shared.run("turns").result["text/plain"] == "1000"
    # As many loops as take long enough: ten times fewer would not.
    cell = shared.run('%%timeit -r 1 let nap = "sleep 0.03";\n%%sh\nsleep 0.03')
    mean, unit = re.fullmatch(pattern.format("1 run", "10 loops"), cell.stream()).groups()[:2]
    assert float(mean) * UNITS[unit] >= 0.03 and shared.run("nap").result["text/plain"] == '"sleep 0.03"'
    error = shared.run("%timeit -n none 1").error
    assert error["ename"] == "INVALID_ARGUMENT" and "`-n` takes a number above 0, not `none`" in error["evalue"]
    assert shared.run("%timeit nothing_there").error["ename"] == "VARIABLE_NOT_FOUND"


UNITS = {"s": 1, "ms": 1e-3, "µs": 1e-6}
SHARES = re.compile(
    r"Wall time: (\S+) (\S+) \(interpreted\)\nInterpreted: (\S+) (\S+) to parse, check and dispatch, (\S+) (\S+) in polars and the session"
)


def test_time_tells_the_share_of_the_kernel(shared):
    def shares(code):
        number = re.search(SHARES, shared.run(f"%%time\n{code}").stream()).groups()
        wall, kernel, engine = (float(number[i]) * UNITS[number[i + 1]] for i in (0, 2, 4))
        assert kernel + engine < wall * 1.05, "they are parts of the whole"
        assert kernel + engine > wall * 0.5, "and make up most of it"
        return kernel, engine

    kernel, engine = shares("let mut sum = 0_i64; for i in 0..200000 { sum += i; }\nsum")
    assert kernel > engine, "a loop is interpreted"
    query = 'one.select([int_range(lit(0), lit(3000000), 1, DataType::Int64).alias("id")])'
    query += '.with_columns([(col("id") * lit(7919) % lit(2999999)).alias("mixed")]).sort(["mixed"], Default::default())'
    kernel, engine = shares(f'let one = df!("one" => [1])?.lazy();\n{query}.collect()?')
    assert engine > kernel, "a query is polars' work"
    assert "Interpreted" not in shared.run("%%time\n%%sql\nSELECT 1").stream()
    assert "Interpreted" not in shared.run("%%time\nundefined_name").stream()


def test_shell_scripts(shared):
    cell = shared.run("%%sh\necho out; echo err >&2; exit 3")
    assert cell.stream() == "out\n" and cell.stream("stderr") == "err\n"
    assert cell.error["ename"] == "IO_ERROR" and "3" in cell.error["evalue"]
    assert shared.run("!exit 3").status == "ok"


def test_variables_are_listed(kernel):
    assert kernel.run("%who").stream() == "There are no variables.\n"
    kernel.run('let count = 3; let frame = df!("a" => [1, 2])?;')
    assert kernel.run("%who").stream().split() == ["count", "frame"]
    lines = kernel.run("%whos").stream().splitlines()
    assert lines[0].split() == ["Variable", "Type", "Value"]
    assert [line.split()[0] for line in lines[2:]] == ["count", "frame"]


def test_environment(shared):
    assert shared.run("%env TEST_COLOUR=dark blue").stream() == "env: TEST_COLOUR=dark blue\n"
    assert shared.run("%env TEST_COLOUR").stream() == "dark blue\n"
    assert shared.run("!echo $TEST_COLOUR").stream() == "dark blue\n"
    assert shared.run("%env TEST_COLUOR").error["ename"] == "SETTING_NOT_FOUND"


def test_capture_swallows_outputs(shared):
    cell = shared.run('%%capture\nprintln!("x"); display(1); let captured = 8; captured')
    assert cell.outputs == []
    assert shared.run("captured").result["text/plain"] == "8"


def test_capture_keeps_what_it_swallows(shared):
    cell = shared.run('%%capture kept\nprintln!("out"); eprintln!("err"); display(1); println!("more"); 42')
    assert cell.outputs == []
    assert shared.run("kept.stdout()").result["text/plain"] == '"out\\nmore\\n"'
    assert shared.run("kept.stderr()").result["text/plain"] == '"err\\n"'
    assert shared.run("kept.displays()").result["text/plain"] == "2"
    again = shared.run("kept.show();")
    assert [(kind, content.get("text", content.get("data"))) for kind, content in again.outputs] == [
        ("stream", "out\n"),
        ("stream", "err\n"),
        ("display_data", {"text/plain": "1"}),
        ("stream", "more\n"),
        ("display_data", {"text/plain": "42"}),
    ]


def test_capture_can_let_one_kind_through(shared):
    cell = shared.run('%%capture kept --no-stderr\nprintln!("out"); eprintln!("err"); display(1);')
    assert cell.outputs == [("stream", {"name": "stderr", "text": "err\n"})]
    assert shared.run("kept.stdout()").result["text/plain"] == '"out\\n"'
    cell = shared.run('%%capture --no-display\nprintln!("out"); display(1);')
    assert [kind for kind, _ in cell.outputs] == ["display_data"]


def test_capture_keeps_what_came_before_a_failure(shared):
    cell = shared.run('%%capture failing\nprintln!("before"); session.table("no_such_table")?;')
    assert [kind for kind, _ in cell.outputs] == ["error"] and cell.error["ename"] == "TABLE_NOT_FOUND"
    assert shared.run("failing.stdout()").result["text/plain"] == '"before\\n"'
    for arguments in ("1x", "a b", "--no-such"):
        assert shared.run(f"%%capture {arguments}\n1").error["ename"] == "INVALID_ARGUMENT"


def test_magics_are_listed_and_explained(shared):
    text = shared.run("%lsmagic").stream()
    assert "%%sql" in text and "%whos" in text
    cell = shared.run("?%whos")
    assert "List the variables" in cell.reply["content"]["payload"][0]["data"]["text/plain"]
    cell = shared.run("?no_such_name")
    assert cell.error["ename"] == "VARIABLE_NOT_FOUND"


def test_another_metastore(kernel, tmp_path):
    kernel.run("let gone = 1;")
    kernel.run(f"%use {tmp_path / 'other'}")
    kernel.run("%%sql\nCREATE TABLE here AS SELECT 1 AS one")
    assert "here" in kernel.run("%tables").result["text/plain"]
    assert (tmp_path / "other" / "warehouse").is_dir()
    assert kernel.run("%who").stream() == "There are no variables.\n"


def test_input(kernel):
    kernel.send('let name = session.input("Name? ")?; println!("{}!", name);', allow_stdin=True)
    request = kernel.client.get_stdin_msg(timeout=5)
    assert request["content"] == {"prompt": "Name? ", "password": False}
    kernel.client.input("Ada")
    assert kernel.client.get_shell_msg(timeout=5)["content"]["status"] == "ok"
    assert kernel.client.get_iopub_msg(timeout=1)
    while not kernel.is_silent():
        pass
    kernel.send('session.password("Key? ")?.len()', allow_stdin=True)
    assert kernel.client.get_stdin_msg(timeout=5)["content"] == {"prompt": "Key? ", "password": True}
    kernel.client.input("geheim")
    assert kernel.client.get_shell_msg(timeout=5)["content"]["status"] == "ok"
    while not kernel.is_silent():
        pass
    error = kernel.run('session.input("Name? ")?', allow_stdin=False).error
    assert error["ename"] == "NOT_SUPPORTED"


CHART = {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}


def test_sql_results_are_drawn(shared):
    cell = shared.run("%%sql --plot bar x=Month y=placed,cancelled title=\"Two months\"\n"
                      "SELECT * FROM VALUES ('Jan', 5, 1), ('Feb', 6, 2) AS t(month, placed, cancelled)")
    assert set(cell.result) == CHART
    chart = cell.result["application/vnd.vegalite.v5+json"]
    assert chart["mark"]["type"] == "bar" and chart["title"] == {"text": "Two months"}
    values = [(row["x"], row["series"], row["y"]) for row in chart["data"]["values"]]
    assert values == [("Jan", "placed", 5), ("Feb", "placed", 6), ("Jan", "cancelled", 1), ("Feb", "cancelled", 2)]
    assert ">\nTwo months\n</text>" in cell.result["image/svg+xml"]
    # A result can be drawn and kept.
    assert set(shared.run("%%sql -o drawn --plot hist x=id\nSELECT id FROM range(9)").result) == CHART
    assert shared.run("drawn.height()").result["text/plain"] == "9"


def test_what_cannot_be_drawn_is_said_where_it_is_asked_for(shared):
    error = shared.run("%%sql --plot bars x=a y=b\nSELECT 1 AS a, 2 AS b").error
    assert error["ename"] == "INVALID_ARGUMENT" and "`barh`" in error["traceback"][-1]
    assert "^^^^" in "\n".join(error["traceback"])
    error = shared.run("%%sql --plot bar x=a y=c\nSELECT 1 AS a, 2 AS b").error
    assert error["ename"] == "COLUMN_NOT_FOUND" and "c" in error["evalue"]
    error = shared.run("%%sql --plot bar x=a y=b colour=a\nSELECT 1 AS a, 2 AS b").error
    assert error["ename"] == "OPTION_NOT_FOUND" and "`color`" in error["traceback"][-1]
    error = shared.run("%%sql --plot pie x=a y=b\nCREATE DATABASE IF NOT EXISTS drawn_nothing").error
    assert error["ename"] == "INVALID_ARGUMENT"


def test_frames_are_drawn_and_charts_shown(shared):
    frame = 'df!("day" => ["Mon", "Tue"], "n" => [1, 2])?'
    assert set(shared.run(f'{frame}.plot().title("Days").line("day", "n")?').result) == CHART
    # Also without `?`, as frames are.
    assert set(shared.run(f'{frame}.lazy().plot().bar("day", ["n"])').result) == CHART
    cell = shared.run(f'let chart = {frame}.plot().pie("day", "n")?;\ndisplay(chart);')
    assert set(cell.of("display_data")[0]["data"]) == CHART
    error = shared.run(f'{frame}.plot().bar("day", "m")?').error
    assert error["ename"] == "COLUMN_NOT_FOUND"
    assert "`box_plot`" in "\n".join(shared.run(f"{frame}.plot().boxplot(\"n\")?").error["traceback"])


def test_displayed_frames_can_be_looked_around_in(shared):
    cell = shared.run('display(df!("n" => [1, 2])?);\nlet plan = df!("n" => [1, 2])?.lazy();\ndisplay(plan)')
    table, plan = (output["data"] for output in cell.of("display_data"))
    assert "aerostat-table" in table["text/html"] and "2 rows, 1 column" in table["text/html"]
    assert table["text/html"] == plan["text/html"] and table["text/plain"].startswith("shape: (2, 1)")
