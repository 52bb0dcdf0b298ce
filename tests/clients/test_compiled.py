"""Cells that are compiled: all of Rust, in the same notebook."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

# The first compiled cell starts the compiler; a busy machine takes its time.
TIMEOUT = 180

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True, scope="module")
def compiler():
    if shutil.which("cargo") is None:
        pytest.skip("there is no Rust toolchain")


@pytest.fixture(scope="module")
def rust(shared):
    """Runs cells in one kernel; tests use names of their own."""

    def run(code, **options):
        return shared.run(code, timeout=TIMEOUT, **options)

    return run


@pytest.fixture
def own(kernel):
    """Runs cells in a kernel of this test's own."""

    def run(code, **options):
        return kernel.run(code, timeout=TIMEOUT, **options)

    return run


def ok(cell):
    assert cell.status == "ok", "\n".join(cell.error["traceback"])
    return cell


def text(cell):
    return ok(cell).result["text/plain"]


def traceback(cell):
    """The traceback without its colours. Both signals of an error must be there and agree."""
    content = cell.reply["content"]
    assert cell.status == "error"
    assert (content["ename"], content["evalue"]) == (cell.error["ename"], cell.error["evalue"])
    return ANSI.sub("", "\n".join(cell.error["traceback"]))


def child_of(pid):
    """The process of compiled cells of a kernel."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    (found,) = [int(line.split()[0]) for line in listed.splitlines() if "compiled-cells" in line]
    return found


def test_functions_closures_and_types_are_compiled_without_being_asked(rust):
    assert text(rust("fn square(x: i64) -> i64 { x * x }\nsquare(12)")) == "144"
    assert text(rust("let doubled: Vec<i32> = (1..4).map(|x| x * 2).collect::<Vec<i32>>(); doubled")) == "[2, 4, 6]"
    assert text(rust("square(5) + 1")) == "26"
    assert "(compiled)" in rust("%time square(2)").stream()
    assert "(interpreted)" in rust("%time 1 + 1").stream()
    assert "The last Rust was interpreted." in rust("%lsmagic").stream()
    assert text(rust("%%rust\n1 + 1")) == "2"
    assert "The last Rust was compiled." in rust("%lsmagic").stream()


def test_collections_have_their_names_without_a_use_as_in_interpreted_cells(rust):
    code = """let counts: HashMap<String, usize> = HashMap::new();
let all: (BTreeMap<i64, i64>, HashSet<i64>, BTreeSet<i64>, VecDeque<i64>) = Default::default();
counts.len() + all.0.len() + all.1.len() + all.2.len() + all.3.len()"""
    for way, cell in [("interpreted", code), ("compiled", f"%%rust\n{code}")]:
        assert text(rust(cell)) == "0"
        assert f"The last Rust was {way}." in rust("%lsmagic").stream()
    # Who writes the `use` all the same is not in conflict with it.
    assert text(rust("%%rust\nuse std::collections::HashMap;\nHashMap::<i64, i64>::new().len()")) == "0"


def test_variables_go_there_and_come_back(rust):
    ok(rust('let n = 7; let pi = 3.25; let word = "blé"; let flags = vec![true, false]; let none: Option<i64> = None;'))
    ok(rust('let frame = df!("k" => ["a", "b", "a"], "v" => [1, 2, 4])?; let plan = frame.clone().lazy().filter(col("v").gt(lit(1)));'))
    cell = rust("""%%rust
let seen = (n + 1, pi * 2.0, word.len(), flags.len(), none.is_none());
let total: i32 = frame.column("v")?.i32()?.iter().flatten().sum();
let grown = plan.with_columns([(col("v") * lit(10)).alias("w")]);
let names = vec![word.to_string(), String::from("x")];
seen""")
    assert text(cell) == "(8, 6.5, 4, 2, true)"
    # All of it is known to interpreted cells and to SQL.
    assert text(rust("total + 1")) == "8"
    assert text(rust("names.len()")) == "2"
    assert text(rust("grown.collect()?.column(\"w\")?.len()")) == "2"
    assert "50" not in rust("%sql SELECT sum(w) AS s FROM grown").result["text/plain"]
    assert "60" in rust("%sql SELECT sum(w) AS s FROM grown").result["text/plain"]
    assert "(interpreted)" in rust("%time total").stream()


def test_a_variable_that_is_moved_is_still_there(rust):
    ok(rust("""fn eat(frame: DataFrame) -> usize { frame.height() }
let meal = df!("x" => [1, 2, 3])?;
let eaten = eat(meal);"""))
    assert text(rust("eaten + meal.height()")) == "6"
    assert text(rust("eat(meal.clone()) + eat(meal)")) == "6"
    assert text(rust("meal.height()")) == "3"


def test_mutable_variables_keep_what_compiled_cells_make_of_them(rust):
    ok(rust("let mut tally = vec![1, 2];"))
    ok(rust("%%rust\ntally.push(3); tally.retain(|x| x % 2 == 1);"))
    assert text(rust("tally")) == "[1, 3]"


def test_what_magics_bind_lives_in_the_kernel_only(rust, shared):
    ok(rust("struct Thing(i64);\nlet log = Thing(1); let rows = Thing(2);"))
    ok(rust('%%capture log\nprintln!("seen")'))
    assert text(rust("log.stdout()")) == '"seen\\n"'
    ok(rust("%%sql -o rows\nSELECT 7 AS seven"))
    assert text(rust("rows.height()")) == "1"
    for name, type_name in (("log", "Captured"), ("rows", "DataFrame")):
        found = shared.ask("shell", "inspect_request", {"code": name, "cursor_pos": 1, "detail_level": 0})["content"]
        assert type_name in found["data"]["text/plain"] and "compiled" not in found["data"]["text/plain"]
    names = [line.split()[0] for line in rust("%whos").stream().splitlines()]
    assert names.count("log") == names.count("rows") == 1


def test_types_of_users_persist_with_their_values(rust):
    ok(rust("""#[derive(Clone, Debug)]
struct Point { x: f64, y: f64 }
impl Point { fn norm(&self) -> f64 { (self.x * self.x + self.y * self.y).sqrt() } }
let point = Point { x: 3.0, y: 4.0 };
let points = vec![point.clone(), Point { x: 0.0, y: 1.0 }];"""))
    assert text(rust("point.norm()")) == "5.0"
    assert text(rust("let moved = point; points.len()")) == "2"
    assert text(rust("point")) == "Point { x: 3.0, y: 4.0 }"
    whos = rust("%whos").stream()
    assert re.search(r"^point +Point +in compiled cells$", whos, re.M), whos
    assert re.search(r"^points +::std::vec::Vec<Point> +in compiled cells$", whos, re.M), whos
    # Types of the standard library that are not defined where they are named.
    ok(rust("""%%rust
let range = 2..5;
let path = std::path::PathBuf::from("a/b");
let cursor = Cursor::new(vec![1u8, 2]);
let os = std::ffi::OsString::from("x");
let named: Box<dyn Iterator<Item = i32>> = Box::new([1, 2].into_iter());
let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();"""))
    assert text(rust("(range.len(), path.file_name().is_some(), cursor.get_ref().len(), os.len(), named.count(), date.to_string())")) \
        == '(3, true, 2, 1, 2, "2024-02-29")'
    # Not Clone: it is moved into the cell and back.
    ok(rust("struct Counter(u32);\nimpl Counter { fn next(&mut self) -> u32 { self.0 += 1; self.0 } }\nlet mut counter = Counter(0);"))
    assert text(rust("counter.next()")) == "1"
    assert text(rust("counter.next()")) == "2"
    # A type that is defined anew takes its variables along.
    cell = rust("#[derive(Clone, Debug)]\nstruct Point { x: f64 }\nPoint { x: 1.0 }")
    assert text(cell) == "Point { x: 1.0 }" and "`point`" in cell.stream("stderr")
    assert rust("point.norm()").status == "error"


def test_other_crates_and_items_of_many_kinds(rust):
    assert text(rust("""use std::collections::BTreeMap;
trait Area { fn area(&self) -> f64; }
enum Shape { Square(f64), Circle { r: f64 } }
impl Area for Shape {
    fn area(&self) -> f64 { match self { Shape::Square(a) => a * a, Shape::Circle { r } => 3.0 * r * r } }
}
macro_rules! twice { ($e:expr) => { $e * 2.0 } }
fn largest<T: PartialOrd + Copy>(of: &[T]) -> Option<T> { of.iter().copied().reduce(|a, b| if b > a { b } else { a }) }
let areas: Vec<f64> = [Shape::Square(2.0), Shape::Circle { r: 1.0 }].iter().map(|s| twice!(s.area())).collect();
let mut counts: BTreeMap<String, usize> = BTreeMap::new();
for word in "a b a".split(' ') { *counts.entry(word.to_string()).or_default() += 1; }
largest(&areas)""")) == "Some(8.0)"
    assert text(rust("counts[\"a\"]")) == "2"
    assert text(rust("async fn three() -> i32 { 3 }\nthree().await + 1")) == "4"
    # Running the same cell again is no conflict.
    again = "impl Shape { fn sides(&self) -> u8 { 4 } }\nShape::Square(1.0).sides()"
    assert text(rust(again)) == text(rust(again)) == "4"


def test_the_session_is_the_same_on_both_sides(rust):
    ok(rust('let base = df!("id" => [1, 2, 3])?; base.create_or_replace_temp_view("view_of_base")?;'))
    ok(rust("""%%rust
session.sql("CREATE DATABASE IF NOT EXISTS compiled")?;
base.write().mode("overwrite").save_as_table("compiled.t")?;
let back = session.table("compiled.t")?.collect()?;
let viewed = session.sql("SELECT sum(id) AS s FROM view_of_base")?;
let variable = session.sql("SELECT count(*) AS n FROM base")?;
back.lazy().filter(col("id").gt(lit(1))).create_or_replace_temp_view("made_there")?;
viewed.show(5)?;
base.print_schema()?;
display(&variable);"""))
    assert "| 6|" in rust("viewed.show(5)").stream().replace("  ", " ")
    assert "2" in rust("%sql SELECT count(*) AS n FROM made_there").result["text/plain"]
    assert "3" in rust("%sql SELECT count(*) AS n FROM compiled.t").result["text/plain"]
    error = rust('%%rust\nsession.table("compiled.nothing")?;')
    assert "[TABLE_NOT_FOUND]" in traceback(error)


def test_widgets_and_displays_of_compiled_cells_are_the_kernels(rust):
    cell = ok(rust("""%%rust
let city = session.widget_dropdown("city", "Oslo", ["Oslo", "Rome"])?;
let limit = session.parameter("limit", 3);
let progress = display_handle("half")?;
progress.update("done")?;
let progress_id = progress.id().to_owned();
format!("{city} {limit} {}", session.widget("city")?)"""))
    assert cell.result["text/plain"] == '"Oslo 3 Oslo"'
    assert "3" in rust("%sql SELECT :limit AS l").result["text/plain"]
    assert text(rust('session.widget("city")?')) == '"Oslo"'
    several = '%%rust\nsession.widget_multiselect("several", "a,c", ["a", "b", "c"])?'
    assert text(rust(several)) == '["a", "c"]'
    # A cell that takes long has a display for its progress as well.
    (updated,) = [shown for shown in cell.of("update_display_data") if shown["data"]["text/plain"] == '"done"']
    assert text(rust("progress_id")) == f'"{updated["transient"]["display_id"]}"'
    # A display that a compiled cell made is changed by a later one.
    cell = ok(rust('progress.update("changed")?'))
    (again,) = [shown for shown in cell.of("update_display_data") if shown["data"]["text/plain"] == '"changed"']
    assert again["transient"] == updated["transient"]


def test_names_that_functions_and_variables_share(rust):
    ok(rust('let last = df!("a" => [1, 2], "b" => [3, 4])?; let wide = last.clone();'))
    # Where it is called, the function is meant and not the variable.
    assert text(rust("%%rust\nwide.clone().lazy().select([last().as_expr()]).collect()?.width()")) == "1"
    # What borrows from a variable cannot be kept, but can be used.
    assert text(rust('%%rust\nlet groups = wide.group_by(["a"])?;\ngroups.groups()?.height()')) == "2"
    # A method of the same name as a function of the user is no reason to compile.
    ok(rust("fn height() -> usize { 0 }"))
    assert text(rust("wide.height()")) == "2"
    assert "(interpreted)" in rust("%time wide.height()").stream()


def test_functions_of_users_in_sql_and_in_expressions(rust):
    ok(rust("""session.register_udf("half", |x: f64| -> f64 { x / 2.0 })?;
session.register_udf("shout", |s: &str| -> String { s.to_uppercase() + "!" })?;
session.register_udf("or_zero", |x: Option<i64>, y: i64| -> i64 { x.unwrap_or(0) + y })?;
session.register_udf("no_odd", |x: i64| -> Option<i64> { (x % 2 == 0).then_some(x) })?;
session.register_udf("fails", |x: i64| -> i64 { [1, 2][x as usize] })?;"""))
    ok(rust('let given = df!("x" => [Some(1i64), None, Some(4)], "s" => ["a", "b", "c"])?;'))
    kept = rust("%%sql -o called\nSELECT half(x) AS h, shout(s) AS u, or_zero(x, 10) AS z, no_odd(x) AS e, half(3) AS c FROM given")
    ok(kept)
    assert "2.5" in rust("%sql SELECT sum(h) AS s FROM called").result["text/plain"]
    rows = text(rust('called.lazy().select([col("u"), col("z"), col("e"), col("c")]).collect()?'))
    for values in (("A!", "11", "null", "1.5"), ("B!", "10", "null", "1.5"), ("C!", "14", "4", "1.5")):
        assert re.search(" ┆ ".join(f"{value} *" for value in values), rows), rows
    assert "null" in text(rust('called.column("h")?.get(1)?'))
    # As an expression, interpreted and compiled.
    expression = 'given.lazy().select([call_udf("half", [col("x")])?.sum().alias("h")]).collect()?'
    assert "2.5" in text(rust(expression))
    assert "2.5" in text(rust("%%rust\n" + expression.replace("given.lazy", "given.clone().lazy")))
    # A million rows go in batches, and the answer is right.
    assert "249999750000" in rust("%sql SELECT CAST(sum(half(id)) AS BIGINT) AS s FROM range(1000000)").result["text/plain"]
    assert "[UNRESOLVED_ROUTINE]" in traceback(rust("%sql SELECT halff(x) FROM given"))
    failed = traceback(rust("%sql SELECT fails(x + 5) FROM given WHERE x = 1"))
    assert "fails" in failed and "panicked" in failed
    assert text(rust("1 + 1")) == "2"


def test_functions_print_while_a_cell_waits_for_their_query(own):
    # More than the socket between the processes holds.
    cell = own("""session.register_udf("noisy", |x: i64| -> i64 { println!("{x:0>100}"); x })?;
session.sql("SELECT sum(noisy(id)) AS s FROM range(10000)")?.column("s")?.get(0)?""")
    assert "49995000" in text(cell) and cell.stream().count("\n") == 10000
    # What a function prints belongs to the cell that calls it, of whatever kind.
    cell = ok(own("%sql SELECT sum(noisy(id)) AS s FROM range(3)"))
    assert [int(line) for line in cell.stream().split()] == [0, 1, 2]


def test_functions_cannot_use_the_session_that_waits_for_them(own):
    ok(own("""session.register_udf("asks", move |x: i64| -> i64 { session.sql("SELECT 1").unwrap().height() as i64 + x })?;
session.register_udf("shows", |x: i64| -> i64 { display(x); x })?;"""))
    for code in ('%%rust\nsession.sql("SELECT asks(1)")?', "%sql SELECT asks(1)"):
        shown = traceback(own(code))
        assert "function `asks` panicked" in shown and "a function cannot use the session while a query calls it" in shown
    cell = ok(own('%%rust\nsession.sql("SELECT shows(1) AS one")?'))
    assert "[NOT_SUPPORTED]" in cell.stream("stderr")


def test_a_thread_that_prints_without_end_does_not_keep_its_cell_from_ending(own):
    code = "%%rust\nstd::thread::spawn(|| loop { println!(\"on and on\") });\nstd::thread::sleep(std::time::Duration::from_millis(500));\n7"
    assert text(own(code)) == "7"


def test_a_plan_with_a_function_in_it_fails_like_any_other(rust):
    ok(rust('session.register_udf("same", |s: &str| -> String { s.to_owned() })?;'))
    ok(rust("""let numbers = df!("x" => ["1", "b"])?.lazy()
    .select([call_udf("same", [col("x")])?.strict_cast(DataType::Int64)]);"""))
    # It cannot cross, so the kernel runs it before the cell begins.
    cell = rust("%%rust\nnumbers.collect()?.height()")
    assert cell.error["ename"] == "COMPUTE_ERROR" and "conversion from `str`" in traceback(cell)
    # In the other direction it is run where the cell runs.
    cell = rust("""%%rust
let odd = |_: Column| -> PolarsResult<Column> { Err(PolarsError::ComputeError("too odd".into())) };
let checked = df!("x" => [1])?.lazy().select([col("x").map(odd, |_, field| Ok(field.clone()))]);
checked.show(5)?;""")
    assert cell.error["ename"] == "COMPUTE_ERROR" and "too odd" in cell.error["evalue"]
    assert text(rust("%%rust\n1 + 1")) == "2"


def test_errors_of_the_compiler_point_into_the_cell(rust):
    cell = rust("fn id(x: i32) -> i32 { x }\n\nlet a = id(1);\nlet b: i32 = id(\"two\") + a;\nlet c = 3;")
    shown = traceback(cell)
    assert cell.error["ename"] == "COMPILE_ERROR" and "mismatched types" in cell.error["evalue"]
    assert "--> cell:4:17" in shown and re.search(r'^4 +\| let b: i32 = id\("two"\) \+ a;$', shown, re.M)
    assert shown.count("mismatched types") == 2, shown  # In the first line, and in the compiler's words.
    assert "aerostat_cell" not in shown and "lib.rs" not in shown
    assert "\x1b[" in "".join(cell.error["traceback"])
    shown = traceback(rust("let broken = |x: i32| x +;"))
    assert "[SYNTAX_ERROR]" in shown


def test_panics_and_failed_question_marks(rust):
    ok(rust("struct Kept(u8);\nlet before = 5;\nlet living = Kept(9);"))
    cell = rust("%%rust\nlet list = vec![1, 2];\nlet i = before;\nlist[i as usize];")
    assert "[PANIC] index out of bounds: the len is 2 but the index is 5" in traceback(cell)
    assert "4 | list[i as usize];" in traceback(cell)
    cell = rust('%%rust\nlet one = 1;\nlet parsed: i32 = "x1".parse()?;')
    assert cell.error["ename"] == "ParseIntError" and "3 | let parsed" in traceback(cell)
    cell = rust('%%rust\ndf!("a" => [1])?.lazy().select([col("b")]).collect()?;')
    assert cell.error["ename"] == "COLUMN_NOT_FOUND"
    cell = rust('%%rust\nsession.table("nowhere.at_all");\nprintln!("not reached");')
    assert cell.error["ename"].endswith("_NOT_FOUND") and cell.stream() == ""
    assert text(rust("living.0 + before as u8")) == "14"


def test_output_is_live_and_streams_are_apart(shared, rust):
    rust("%%rust\n1")
    code = """%%rust
print!("partial");
std::thread::sleep(std::time::Duration::from_millis(1500));
println!(" line");
eprintln!("wrong");
display("shown");
println!("after");"""
    sent = shared.send(code)
    while True:
        message = shared.client.get_iopub_msg(timeout=TIMEOUT)
        if message["msg_type"] == "stream":
            break
    first, came = message["content"]["text"], time.perf_counter()
    assert first == "partial"
    texts, kinds = {"stdout": first, "stderr": ""}, []
    while message["content"].get("execution_state") != "idle":
        message = shared.client.get_iopub_msg(timeout=TIMEOUT)
        if message["msg_type"] == "stream":
            texts[message["content"]["name"]] += message["content"]["text"]
        kinds.append(message["msg_type"])
    assert time.perf_counter() - came > 0.5
    assert shared.client.get_shell_msg(timeout=TIMEOUT)["parent_header"]["msg_id"] == sent
    assert texts == {"stdout": "partial line\nafter\n", "stderr": "wrong\n"}
    assert kinds.index("display_data") < len(kinds) - 1 - kinds[::-1].index("stream")


@pytest.mark.parametrize(
    "code, how",
    [
        ("unsafe { std::ptr::null_mut::<u8>().write_volatile(1) };", "SIGSEGV"),
        ("std::process::abort();", "SIGABRT"),
        ("std::process::exit(3);", "exit status: 3"),
        ("std::hint::black_box(Vec::<u8>::with_capacity(1 << 62));", "SIGABRT"),
    ],
)
def test_a_cell_that_ends_its_process_takes_little_with_it(own, code, how):
    ok(own("#[derive(Clone)]\nstruct Thing(i32);\nlet thing = Thing(1);\nlet number = 41;\nfn one() -> i32 { 1 }"))
    cell = own("%%rust\nprintln!(\"last words\");\n" + code)
    shown = traceback(cell)
    assert cell.error["ename"] == "PROCESS_ENDED" and how in shown and "`thing` is lost" in shown
    assert "last words" in cell.stream()
    assert text(own("number + 1")) == "42"
    # Items are still there, as is everything of the kernel.
    assert text(own("one() + number")) == "42"
    assert "COMPILE_ERROR" in traceback(own("thing.0 + one()")) or "VARIABLE_NOT_FOUND" in traceback(own("thing.0 + one()"))


def slow_to_compile():
    """Functions that keep the compiler busy for a while."""
    return "\n".join(f"fn f{i}(x: f64) -> String {{ format!(\"{{:?}} {{}}\", vec![x; {i}], x) }}" for i in range(800))


LIVING = "#[derive(Clone)]\nstruct Thing(i32);\nlet thing = Thing(1);\nlet number = 41;\nfn one() -> i32 { 1 }"


@pytest.mark.parametrize(
    "call", ["%sql SELECT ends(1)", 'df!("x" => [1i64])?.lazy().select([call_udf("ends", [col("x")])?]).collect()?']
)
def test_a_function_that_ends_its_process_is_blamed_for_it(own, call):
    ok(own(LIVING + '\nsession.register_udf("ends", |x: i64| -> i64 { if x > 0 { std::process::abort() } x })?;'))
    cell = own(call)
    shown = traceback(cell)
    assert cell.error["ename"] == "PROCESS_ENDED" and "function `ends` is gone" in shown
    assert "`thing`, `ends()` are lost with it" in cell.stream("stderr")
    whos = own("%whos").stream()
    assert "number" in whos and "thing" not in whos
    assert "[UNRESOLVED_ROUTINE]" in traceback(own("%sql SELECT ends(1)"))
    # The next cell has nothing to do with it.
    cell = own("one() + number")
    assert text(cell) == "42" and cell.stream("stderr") == ""


def test_a_process_that_is_killed_between_cells_is_replaced(kernel, own):
    ok(own(LIVING))
    before = child_of(kernel.pid)
    os.kill(before, signal.SIGKILL)
    time.sleep(1)
    cell = own("one() + number")
    assert text(cell) == "42" and child_of(kernel.pid) != before
    lost = "the process of compiled cells has ended (signal: 9 (SIGKILL)): `thing` is lost with it"
    assert cell.stream("stderr").startswith(lost)
    assert traceback(own("thing.0"))


def test_a_process_that_is_killed_while_a_cell_is_compiled_is_replaced(kernel, own):
    ok(own(LIVING))
    ok(own("%opt 3"))
    sent = kernel.send(f"{slow_to_compile()}\nprintln!(\"ran\");\none() + number")
    time.sleep(1.5)
    os.kill(child_of(kernel.pid), signal.SIGKILL)
    cell = kernel.collect(sent, TIMEOUT)
    assert text(cell) == "42" and cell.stream() == "ran\n" and "`thing` is lost" in cell.stream("stderr")


def interrupt(kernel, code, after):
    """Sends a cell, interrupts it, and gives what it came to and how long that took after the interrupt."""
    sent = kernel.send(code)
    after()
    start = time.perf_counter()
    os.kill(kernel.pid, signal.SIGINT)
    cell = kernel.collect(sent, TIMEOUT)
    return cell, time.perf_counter() - start


def test_an_interrupt_while_a_cell_runs(kernel, own):
    ok(own("#[derive(Clone)]\nstruct Thing(i32);\nlet thing = Thing(1);\nlet number = 41;"))
    before = child_of(kernel.pid)
    cell, seconds = interrupt(kernel, "%%rust\nlet mut n = 0u64; loop { n = std::hint::black_box(n + 1); }", lambda: time.sleep(3))
    shown = traceback(cell)
    assert cell.error["ename"] == "KeyboardInterrupt" and "`thing` is lost" in shown
    assert seconds < 10
    assert text(own("number + 1")) == "42"
    assert text(own("%%rust\nnumber + 2")) == "43"
    assert child_of(kernel.pid) != before


def test_an_interrupt_of_a_function_that_a_query_calls(kernel, own):
    ok(own(LIVING + '\nsession.register_udf("loops", |x: i64| -> i64 { loop { std::hint::black_box(x); } })?;'))
    before = child_of(kernel.pid)
    cell, seconds = interrupt(kernel, "%sql SELECT loops(1)", lambda: time.sleep(1))
    assert cell.error["ename"] == "KeyboardInterrupt" and seconds < 10
    assert "`thing`, `loops()` are lost with it" in cell.stream("stderr")
    cell = own("one() + number")
    assert text(cell) == "42" and cell.stream("stderr") == "" and child_of(kernel.pid) != before


def test_an_interrupt_of_a_query_keeps_the_process(kernel, own):
    ok(own("#[derive(Clone)]\nstruct Thing(i32);\nlet thing = Thing(1);\nfn slow() -> &'static str { \"SELECT count(*) FROM range(3000000) a, range(3000000) b WHERE a.id % 7 = b.id % 5\" }"))
    before = child_of(kernel.pid)
    cell, seconds = interrupt(kernel, "session.sql(slow())?;", lambda: time.sleep(3))
    assert cell.error["ename"] == "KeyboardInterrupt" and "lost" not in traceback(cell)
    assert text(own("thing.0")) == "1" and child_of(kernel.pid) == before


def test_an_interrupt_while_a_cell_is_compiled(kernel, own):
    ok(own("#[derive(Clone)]\nstruct Thing(i32);\nlet thing = Thing(1);"))
    ok(own("%opt 3"))
    cell, seconds = interrupt(kernel, f"{slow_to_compile()}\nprintln!(\"ran\");", lambda: time.sleep(1.5))
    assert cell.error["ename"] == "KeyboardInterrupt" and cell.stream() == ""
    assert seconds < 10
    assert text(own("thing.0")) == "1"


def test_questions_are_answered_while_a_cell_runs(kernel, own):
    ok(own("fn remembered(x: i32) -> i32 { x }\n#[derive(Clone)]\nstruct Thing(i32);\nlet thing_there = Thing(1);"))
    sent = kernel.send("%%rust\nstd::thread::sleep(std::time::Duration::from_secs(4));")
    start = time.perf_counter()
    reply = kernel.ask("shell", "complete_request", {"code": "rememb", "cursor_pos": 6})
    assert "remembered" in reply["content"]["matches"]
    asked = {"code": "thing_there", "cursor_pos": 3, "detail_level": 0}
    reply = kernel.ask("shell", "inspect_request", asked)
    assert "Thing" in reply["content"]["data"]["text/plain"]
    assert time.perf_counter() - start < 3
    assert kernel.client.get_shell_msg(timeout=TIMEOUT)["parent_header"]["msg_id"] == sent


def registry():
    """Whether crates can be had."""
    checked = subprocess.run(["cargo", "info", "--quiet", "itoa"], capture_output=True, timeout=60)
    return checked.returncode == 0


def test_crates_of_the_registry(kernel, own):
    if not registry():
        pytest.skip("the registry of crates cannot be reached")
    ok(own("#[derive(Clone)]\nstruct Thing(i32);\nlet thing = Thing(1);"))
    ok(own(':dep itoa = "1"'))
    # Variables are as they were: neither another crate nor another level of optimisation makes other types of theirs.
    assert text(own("thing.0")) == "1"
    ok(own("%opt 2"))
    assert text(own("thing.0")) == "1"
    ok(own("%opt 0"))
    assert text(own("let mut buffer = itoa::Buffer::new();\nbuffer.format(12345_u64).to_string()")) == '"12345"'
    assert "COMPILE_ERROR" in traceback(own(':dep no-such-crate-by-this-name = "1"'))
    assert "INVALID_ARGUMENT" in traceback(own(":dep polars"))
    # A crate that is added to a process that has ended is added to the next one.
    os.kill(child_of(kernel.pid), signal.SIGKILL)
    ok(own(':dep itoa = "1.0"'))
    assert text(own("%%rust\n1 + 1")) == "2"


def test_without_a_compiler_the_rest_works(start, tmp_path):
    """A PATH without Rust; what needs compiling is named."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "env", "cc"):
        (tools / tool).symlink_to(shutil.which(tool))
    kernel = start(env={"PATH": str(tools)})
    shown = traceback(kernel.run("let x = 1;\nlet f = |y: i32| y + x;\nf(2)", timeout=TIMEOUT))
    assert "[TOOLCHAIN_NOT_FOUND]" in shown and "2 | let f = |y: i32| y + x;" in shown and "rustup" in shown
    assert text(kernel.run("1 + 1")) == "2"
    assert "1" in kernel.run("%sql SELECT 1 AS one").result["text/plain"]


def test_another_compiler_is_refused(start, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "env", "cc"):
        (tools / tool).symlink_to(shutil.which(tool))
    (tools / "rustc").write_text("#!/bin/sh\necho 'rustc 1.50.0 (cb75ad5db 2021-02-10)'\n")
    (tools / "rustc").chmod(0o755)
    kernel = start(env={"PATH": str(tools)})
    shown = traceback(kernel.run("%%rust\n1", timeout=TIMEOUT))
    assert "[TOOLCHAIN_NOT_FOUND]" in shown and "1.50.0" in shown and "rustup toolchain install" in shown


def test_a_kernel_leaves_no_process_and_no_files(kernel, own):
    ok(own("%%rust\n1"))
    child = child_of(kernel.pid)
    folder = f"/tmp/aerostat-cells-{kernel.pid}"
    assert os.path.isdir(folder)
    kernel.manager.shutdown_kernel(now=False)
    for _ in range(100):
        if not os.path.exists(f"/proc/{child}") and not os.path.exists(folder):
            break
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{child}") and not os.path.exists(folder)


def test_a_changed_tmpdir_does_not_move_the_folder_of_cells(kernel, own, tmp_path):
    own(f"%env TMPDIR={tmp_path}")
    assert text(own("%%rust\n1 + 1")) == "2"
    assert os.stat(f"/tmp/aerostat-cells-{kernel.pid}").st_mode & 0o777 == 0o700
    assert not list(tmp_path.glob("aerostat-cells-*"))


def test_another_metastore_lets_go_of_the_session_before(kernel, own, tmp_path):
    ok(own('%%rust\nlet frame = df!("x" => [1, 2, 3])?;'))

    def left():
        """The threads that serve compiled cells, and the frames that came from them."""
        threads = []
        for task in os.listdir(f"/proc/{kernel.pid}/task"):
            # A thread may end meanwhile.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                threads.append(open(f"/proc/{kernel.pid}/task/{task}/comm").read())
        frames = [line for line in open(f"/proc/{kernel.pid}/maps") if "aerostat-frame" in line]
        return [name for name in threads if name.startswith("compiled-cells")] + frames

    assert len(left()) >= 4
    ok(own(f"%use {tmp_path / 'other'}"))
    for _ in range(50):
        if not left():
            break
        time.sleep(0.1)
    assert left() == []
    assert text(own("%%rust\n1 + 1")) == "2"


def test_a_killed_kernel_takes_its_process_along(kernel, own):
    ok(own("%%rust\n1"))
    child = child_of(kernel.pid)
    kernel.send("%%rust\nloop { std::hint::black_box(0); }")
    time.sleep(2)
    os.kill(kernel.pid, signal.SIGKILL)
    for _ in range(100):
        if not os.path.exists(f"/proc/{child}"):
            break
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{child}")


def test_nothing_is_started_before_the_first_compiled_cell(kernel):
    kernel.run('let frame = df!("a" => [1])?; frame.height()')
    listed = subprocess.run(["ps", "-o", "args=", "--ppid", str(kernel.pid)], capture_output=True, text=True).stdout
    assert "compiled-cells" not in listed and not os.path.exists(f"/tmp/aerostat-cells-{kernel.pid}")


def test_the_first_compiled_cell_does_not_load_the_sources_of_rust(kernel, own):
    """rust-analyzer, which evcxr brings along, would take 400 MB for them."""

    def megabytes():
        with open(f"/proc/{kernel.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) // 1024

    before = megabytes()
    ok(own("%%rust\nlet x = 1;\nx"))
    assert megabytes() < before + 250
