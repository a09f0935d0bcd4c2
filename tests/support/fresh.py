"""Processes that have loaded the program and nothing else, forked from one that did so once: what they cost is their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SERVER = """
import json, os, sys, time
import assess_lib.tables.pipeline

for line in sys.stdin:
    script, given, out, seconds = json.loads(line)
    if not (pid := os.fork()):
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(f"{out}/{name}", os.O_CREAT | os.O_WRONLY, 0o600), number)
        sys.argv[1:] = given
        code = 1
        try:
            exec(compile(script, "script", "exec"), {"__name__": "__main__"})
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)
    latest = time.monotonic() + seconds
    while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
        if time.monotonic() > latest:
            os.kill(pid, 9)
            ended = os.waitpid(pid, 0)
            break
        time.sleep(0.01)
    print(os.waitstatus_to_exitcode(ended[1]), flush=True)
"""


class Fresh:
    """Runs scripts, each in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def run(self, script: str, *given: object, out: Path, seconds: float) -> tuple[int, str, str]:
        """Exit code (-9 when it took too long), standard output and errors. Parameters: ``out`` a folder for these."""
        out.mkdir()
        assert self._process.stdin and self._process.stdout
        print(
            json.dumps([script, [str(one) for one in given], str(out), seconds]), file=self._process.stdin, flush=True
        )
        code = int(self._process.stdout.readline())
        return code, *((out / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))


@contextmanager
def fresh_processes() -> Iterator[Fresh]:
    """The process from which they are forked, for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Fresh(process)
        process.stdin.close()
