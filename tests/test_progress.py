"""The progress of a command that takes long: after two seconds, on the standard error alone, counted, in words."""

from __future__ import annotations

import io
import re
import sys
import time

import pytest
from click.testing import CliRunner
from support.situations import ROOT

from assess_lib.cli import main, progress
from assess_lib.cli.progress import Progress
from assess_lib.progress import counted, silent
from assess_lib.runs.assessing import AssessmentProcess
from assess_lib.sample.workbooks import write_workbooks
from assess_lib.words import translate


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Waits:
    """Time that passes at once: so many waits, then the end."""

    def __init__(self, most: int):
        self.asked, self._most = [], most

    def wait(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return len(self.asked) > self._most

    def set(self) -> None: ...


def told(monkeypatch, stream: io.StringIO, lang: str = "zh", waits: int = 1) -> tuple[str, list[float]]:
    """What is shown of 120 of 400 files, in so many waits, and how long these were."""
    monkeypatch.setattr(sys, "stderr", stream)
    shown = Progress(lang, "read")
    shown._ended = Waits(waits)
    shown.tell("files", 120, 400)
    with shown:
        pass
    return stream.getvalue(), shown._ended.asked


def test_a_line_now_and_then_after_two_seconds_and_ever_more_seldom(monkeypatch) -> None:
    text, waits = told(monkeypatch, io.StringIO(), waits=6)
    assert text == "……已读 120/400 个文件（0 秒）\n" * 6
    assert waits == [2, 4, 8, 16, 30, 30, 30]


def test_a_terminal_has_one_line_that_is_gone_at_the_end(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    text, waits = told(monkeypatch, Terminal(), "en", waits=2)
    assert text == "\r\x1b[K... 120 of 400 files read (0 s)" * 2 + "\r\x1b[K" and waits == [2, 0.5, 0.5]
    monkeypatch.setenv("TERM", "dumb")
    assert told(monkeypatch, Terminal(), "en")[0] == "... 120 of 400 files read (0 s)\n"


def test_what_is_done_within_two_seconds_says_nothing(monkeypatch) -> None:
    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", stream)
        began = time.monotonic()
        with Progress("zh", "read") as shown:
            shown.tell("files", 1, 2)
        assert stream.getvalue() == "" and time.monotonic() - began < 1.5, "nor does it wait for anything"


def test_nobody_who_listens_any_more_stops_no_work(monkeypatch) -> None:
    gone = io.StringIO()
    shown = told(monkeypatch, gone)[0]
    assert shown
    gone = io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    shown = Progress("zh", "read")
    shown._ended = Waits(3)
    gone.close()
    with shown:
        pass


def test_steps_are_counted_and_every_phase_has_its_words_with_numbers_in_it(monkeypatch) -> None:
    seen = []
    step = counted(lambda *given: seen.append(given), "pages")
    step(3)
    step(3)
    assert seen == [("pages", 1, 3), ("pages", 2, 3)] and silent("pages", 1, 3) is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    lines = {
        "pages": "……已生成 2/9 个页面（65 秒）",
        "pack": "……正在打包（65 秒）",
        "cards": "……已生成 2/9 张记分卡（65 秒）",
    }
    for phase, line in lines.items():
        shown = Progress("zh", "read")
        shown.tell(phase, 2, 9)
        assert shown.line(65.9) == line


@pytest.fixture
def often(monkeypatch):
    """A line every hundredth of a second from the beginning."""
    monkeypatch.setattr(progress, "FIRST", 0.01)
    monkeypatch.setattr(progress, "LONGEST", 0.01)


def run(*given):
    return CliRunner().invoke(main, [str(word) for word in given])


def lines_of(done, pattern: str) -> list[tuple[int, int]]:
    return [(int(n), int(of)) for n, of in re.findall(pattern, done.stderr)]


@pytest.mark.slow
def test_a_check_of_many_files_says_how_many_are_read(tmp_path, often, monkeypatch) -> None:
    data = write_workbooks(tmp_path / "data", 40, 3, [2016], planted=False)
    count = len(list((data / "2016").glob("*.xlsx")))
    done = run("check", data, "--year", 2016)
    read = lines_of(done, r"……已读 (\d+)/(\d+) 个文件")
    assert count > 4 and len(read) > 1 and read == sorted(read) and {of for _, of in read} == {count}
    assert "……正在核对数据" in done.stderr and "……" not in done.stdout
    monkeypatch.setattr(progress, "FIRST", 60)
    quiet = run("check", data, "--year", 2016)
    assert quiet.stdout == done.stdout and quiet.exit_code == done.exit_code
    assert quiet.stderr == "".join(line for line in done.stderr.splitlines(True) if not line.startswith("……"))


@pytest.mark.slow
def test_publishing_and_verifying_say_how_far_they_are(published_place, tmp_path, often) -> None:
    asked = ("publish", published_place.run, "--out", tmp_path / "out", "--draft", "--jobs", 1, "--no-pdf")
    done = run(*asked, "--data", published_place.data)
    pages = lines_of(done, r"……已生成 (\d+)/(\d+) 个页面")
    assert done.exit_code == 0 and len({n for n, _ in pages}) > 3 and pages == sorted(pages)
    made = len(list((tmp_path / "out").rglob("*.html")))
    assert {of for _, of in pages} == {made - 4}, "beside the list, the circular, teams side by side and what-if"
    assert "……正在测算、计分" in done.stderr, "the data are read and scored before it is published"
    checked = run("verify", tmp_path / "out", "--data", published_place.data)
    assert checked.exit_code == 0 and "……已读" in checked.stderr and "……" not in checked.stdout


def test_a_run_says_how_far_the_process_is_that_assesses(three_teams) -> None:
    seen = []
    with AssessmentProcess(three_teams, 2016, None, lambda *given: seen.append(given)) as assessor:
        now, _ = assessor.overviews()
    phases = list(dict.fromkeys(phase for phase, _, _ in seen))
    assert len(now.scores) == 3
    assert phases == ["read", "files", "check", "assess", "before"] or phases == ["read"], (
        "the latter where it was kept"
    )


def test_every_phase_that_is_told_has_words() -> None:
    told = re.compile(r"""\b(?:tell|counted|steps|Progress)\((?:tell, |lang, )?"([a-z]+)\"""")
    phases = {
        phase for path in (ROOT / "src").rglob("*.py") for phase in told.findall(path.read_text(encoding="utf-8"))
    }
    assert {"read", "review", "pages", "results"} <= phases
    for phase in phases:
        assert all(translate(f"progress.{phase}", lang, done=1, of=2) for lang in ("zh", "en"))
