"""JupyterLab in a browser, as a user has it. Screenshots are left in `build/screenshots`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from test_batch import notebook

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium")
SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"

CELLS = [
    'let orders = df!("customer" => ["Ada", "Bob"], "amount" => [12.5, 7.0])?;\norders',
    "%%sh\nsleep 60",
    "",
]


@contextmanager
def serve(folder, name, settings=None, **variables):
    """The address of the notebook `name` in `folder`, in a server of its own. Settings are by plugin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token=secret"]
    options.append(f"--ServerApp.root_dir={folder}")
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    for plugin, values in {**quiet, **(settings or {})}.items():
        path = folder / ".jupyter/lab/user-settings" / (plugin.replace(":", "/") + ".jupyterlab-settings")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    environment = {**os.environ, "HOME": str(folder), **variables}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], stderr=(folder / "log").open("w"), env=environment
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        time.sleep(0.1)
        try:
            urllib.request.urlopen(f"{address}/api?token=secret")
            break
        except OSError:
            assert server.poll() is None, (folder / "log").read_text()
    yield f"{address}/lab/tree/{name}?token=secret"
    server.terminate()
    server.wait(timeout=20)


@contextmanager
def browse(address, width=1100, height=800):
    """A page of the browser that shows a notebook whose kernel is ready."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(30_000)
        page.goto(address)
        is_idle(page)
        yield page
        browser.close()


@pytest.fixture
def page(tmp_path):
    """The notebook `lab.ipynb` in this test's folder."""
    nbformat.write(notebook(*CELLS), tmp_path / "lab.ipynb")
    with serve(tmp_path, "lab.ipynb") as address, browse(address) as page:
        yield page
        screenshot(page, "last")


def is_idle(page):
    """Waits until the status bar says so, which the indicator above the notebook does before there is a kernel."""
    page.get_by_text("Aerostat (Rust DataFrames) | Idle").wait_for()


def screenshot(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def saved(path, has_what_is_awaited):
    """The notebook, once it is saved as far as wanted. While it is being saved it is no notebook."""
    for _ in range(100):
        time.sleep(0.2)
        try:
            nb = nbformat.read(path, 4)
        except nbformat.reader.NotJSONError:
            continue
        if has_what_is_awaited(nb.cells):
            break
    return nb


def edit(page, index):
    """Puts the cursor at the end of a cell."""
    page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".cm-content").click()
    page.keyboard.press("Control+End")


def output(page, index):
    return page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".jp-OutputArea-output")


@pytest.mark.timeout(180)
def test_a_session_in_jupyterlab(page):
    edit(page, 0)
    page.keyboard.press("Shift+Enter")
    output(page, 0).locator("table.dataframe").wait_for()
    assert "Ada" in output(page, 0).inner_text()

    edit(page, 2)
    page.keyboard.type("orders.hei")
    page.keyboard.press("Tab")
    page.locator(".jp-Completer").get_by_text("height").wait_for()
    screenshot(page, "complete")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.wait_for_selector(".jp-Tooltip")
    screenshot(page, "inspect")
    page.keyboard.type("()")
    page.keyboard.press("Shift+Enter")
    output(page, 2).wait_for()
    assert output(page, 2).inner_text().strip() == "2"

    edit(page, 1)
    page.keyboard.press("Control+Enter")
    output(page, 1).locator("progress").wait_for()
    screenshot(page, "progress")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    output(page, 1).get_by_text("KeyboardInterrupt").wait_for()
    assert output(page, 1).locator("progress").count() == 0
    screenshot(page, "interrupted")


@pytest.mark.timeout(180)
def test_restart_and_run_all_in_jupyterlab(page):
    edit(page, 1)
    page.keyboard.press("Control+A")
    page.keyboard.type("no_such_variable")
    edit(page, 2)
    page.keyboard.type("1 + 1")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    output(page, 1).get_by_text("VARIABLE_NOT_FOUND").wait_for()
    assert "Ada" in output(page, 0).inner_text()
    # The failure has aborted what was sent with it.
    is_idle(page)
    assert output(page, 2).count() == 0
    screenshot(page, "restarted")


@pytest.mark.timeout(180)
def test_the_server_restarts_a_kernel_in_under_half_a_second(tmp_path):
    """What JupyterLab asks its server for: the answer comes when the new kernel has answered."""
    nbformat.write(notebook("1"), tmp_path / "lab.ipynb")
    with serve(tmp_path, "lab.ipynb") as address:
        server = address.split("/lab/")[0]

        def post(path, content=None):
            data = json.dumps(content).encode()
            headers = {"Authorization": "token secret", "Content-Type": "application/json"}
            with urllib.request.urlopen(urllib.request.Request(f"{server}/api/{path}", data, headers)) as reply:
                return json.load(reply)

        kernel = post("kernels", {"name": "aerostat"})["id"]
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            post(f"kernels/{kernel}/restart")
            seconds.append(time.perf_counter() - start)
        print("restarts:", ", ".join(f"{each:.3f} s" for each in seconds))
        # The best of several: the machine that runs tests has other work as well.
        assert min(seconds) < 0.5


@pytest.mark.timeout(180)
def test_the_server_drops_nothing_of_a_long_output(page, tmp_path):
    edit(page, 2)
    page.keyboard.type('for i in 0..100000 { println!("line {} of a hundred thousand", i); }')
    page.keyboard.press("Control+Enter")
    page.locator(".jp-Notebook .jp-CodeCell").nth(2).get_by_text("[1]:", exact=True).first.wait_for(timeout=90_000)
    page.keyboard.press("Control+s")
    cell = saved(tmp_path / "lab.ipynb", lambda cells: cells[2].outputs).cells[2]
    text = "".join(output["text"] for output in cell.outputs)
    assert text == "".join(f"line {i} of a hundred thousand\n" for i in range(100_000))
