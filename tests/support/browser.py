"""A real browser and a real JupyterLab for tests, started and stopped by them, on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.situations import ROOT

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
TOKEN = "t0ken-of-the-test"


def installed_browser() -> str | None:
    """The Chrome, Chromium or Edge of this machine, None where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((path for path in ELSEWHERE if Path(path).exists()), None)


@contextmanager
def browser() -> Iterator:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=installed_browser(), args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def lab(data: Path, place: Path, lang: str = "zh", year: int = 2016) -> Iterator[str]:
    """``assess lab`` on a data folder, with nothing of this machine's settings. Gives the address of the workbench."""
    project = place / "project"
    if not project.exists():
        for name in ("parameters", "notebooks"):
            shutil.copytree(ROOT / name, project / name)
    port = _free_port()
    home = place / "home"
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "ASSESS"))
    } | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "NO_PROXY": "127.0.0.1,localhost",
    }
    home.mkdir(exist_ok=True)
    command = [
        str(Path(sys.executable).parent / "assess"),
        "lab",
        str(data),
        "--year",
        str(year),
        "--port",
        str(port),
        "--no-browser",
        "--lang",
        lang,
        "--",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (place / f"lab.{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=project, env=surroundings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", process, place / f"lab.{port}.log")
            yield f"http://127.0.0.1:{port}/doc/tree/notebooks/workbench.ipynb?token={TOKEN}"
        finally:
            _end(process)


IDLE = ".assess-desk-corner[data-kernel=idle]"


def open_workbench_page(page, address: str) -> None:
    """Open the workbench, and wait until it has run by itself."""
    page.goto(address)
    page.locator(".wb .sc-head").first.wait_for()
    page.wait_for_selector(IDLE)


def errors_in_notebook(page) -> list[str]:
    """Tracebacks among the outputs."""
    return page.evaluate(
        """() => [...window.jupyterapp.shell.widgets('main')].filter(w => w.content && w.content.widgets).flatMap(w =>
             w.content.widgets.filter(c => c.model.type === 'code').flatMap(c => c.model.outputs.toJSON()
               .filter(o => o.output_type === 'error' || o.name === 'stderr').map(o => JSON.stringify(o).slice(0, 600))))"""
    )


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(log.read_text("utf-8", "replace")[-2000:])
        try:
            with opener.open(address, timeout=5) as answer:
                json.load(answer)
                return
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start: " + log.read_text("utf-8", "replace")[-2000:])


def _end(process: subprocess.Popen) -> None:
    import signal

    try:
        process.send_signal(signal.SIGINT)
        process.wait(20)
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
