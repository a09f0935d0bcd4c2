"""Files made to harm: whatever a reader does with one, it is named with its cause, and the others are read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import assess_lib.isolated
import assess_lib.tables.reading.bounded as bounded
from assess_lib.archives import unpack_archive
from assess_lib.faults import UnusableInput
from assess_lib.isolated import CRASH, FORKS, MEMORY, SIZE, TIME, Bounds, BrokenOff, each_isolated
from assess_lib.publishing.verify import verify
from assess_lib.review.replies import read_reply
from assess_lib.runs.checking import write_report
from assess_lib.tables import pipeline, year_files
from assess_lib.tables import read_files as reading
from assess_lib.tables.checks.findings import Finding
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.checks.report import Report
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.reading import row_blocks
from assess_lib.tables.year_files import TableFile, year_files_of

pytestmark = pytest.mark.slow

SECONDS, MEGABYTES = 60, 1024  # of `assess check`, all its processes together
SMALL = Bounds(memory=200 * 2**20, processor=1, clock=10, result=2**20)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADING = "".join(
    f'<c r="{letter}1" t="inlineStr"><is><t>{label}</t></is></c>'
    for letter, label in zip("ABCDEF", ("督查编号", "工作队编号", "类别", "检查单位", "日期", "评分"))
)

# ---- processes apart ----


def work(piece: str) -> object:
    """What a reader may do."""
    if piece == "memory":
        return len(bytearray(2**30))
    if piece == "abort":
        os.abort()
    if piece == "panic":
        raise SystemExit(3)
    while piece == "loop":
        pass
    if piece == "sleep":
        time.sleep(60)
    if piece == "much":
        return bytes(2**21)
    if piece == "raise":
        raise ValueError("so it is")
    if piece == "odd":
        raise Odd("odd 2")
    return piece.upper()


class Odd(Exception):
    """An error that cannot be sent, whatever a library (distributed, by tblib) does for the pickling of errors."""

    def __init__(self, word: str):
        super().__init__(word)
        self.unsendable = lambda: word


def seen(outcome: object) -> object:
    return (outcome.cause, outcome.why) if isinstance(outcome, BrokenOff) else outcome


def test_whatever_a_piece_of_work_does_is_told_of_it_alone() -> None:
    pieces = ["a", "memory", "b", "abort", "c", "panic", "d", "loop", "e", "much", "f"]
    outcomes = list(map(seen, each_isolated(work, [(piece, SMALL) for piece in pieces])))
    assert outcomes[::2] == list("ABCDEF")
    assert outcomes[1::2] == [(MEMORY, ""), (CRASH, "SIGABRT"), (CRASH, "SystemExit"), (TIME, ""), (SIZE, "")]


def test_what_sleeps_ends_by_the_clock() -> None:
    began = time.monotonic()
    (outcome,) = each_isolated(work, [("sleep", Bounds(2**28, 50, 0.5, 2**20))])
    assert seen(outcome) == (TIME, "") and time.monotonic() - began < 10


@pytest.mark.skipif(not FORKS, reason="a process that was started is asked for one thing at a time")
def test_the_next_pieces_are_worked_on_while_the_first_result_is_used(tmp_path) -> None:
    marks = [tmp_path / str(number) for number in range(3)]
    outcomes = each_isolated(leave_a_mark, [(mark, Bounds(2**28, 50, 0.5, 2**20)) for mark in marks])
    assert next(outcomes) == "0"
    began = time.monotonic()
    while not marks[2].exists() and time.monotonic() - began < 20:
        time.sleep(0.01)
    assert marks[2].exists()
    time.sleep(0.6)  # results that wait to be taken are not late
    assert list(outcomes) == ["1", "2"]


def leave_a_mark(path: Path) -> str:
    path.touch()
    return path.name


def test_what_it_raises_comes_back_also_where_it_cannot_be_sent() -> None:
    raised, odd = each_isolated(work, [("raise", SMALL), ("odd", SMALL)])
    assert isinstance(raised, ValueError) and str(raised) == "so it is"
    assert isinstance(odd, RuntimeError) and str(odd) == "Odd: odd 2"


@pytest.mark.slow
def test_where_processes_cannot_be_forked_they_are_started(monkeypatch) -> None:
    monkeypatch.setattr(assess_lib.isolated, "FORKS", False)
    outcomes = each_isolated(work, [("a", SMALL), ("abort", SMALL), ("b", SMALL), ("much", SMALL), ("sleep", SMALL)])
    causes = [outcome.cause if isinstance(outcome, BrokenOff) else outcome for outcome in outcomes]
    assert causes == ["A", CRASH, "B", SIZE, TIME]


def test_no_process_is_left_behind() -> None:
    import psutil

    before = set(psutil.Process().children())
    outcomes = each_isolated(work, [("a", SMALL), ("b", SMALL)])
    assert next(outcomes) == "A"
    (child,) = set(psutil.Process().children()) - before
    outcomes.close()
    assert not child.is_running()


@pytest.mark.slow
def test_it_ends_with_the_process_that_started_it() -> None:
    import psutil

    script = """
import os, sys, time
from assess_lib.isolated import Bounds, each_isolated
def call(piece):
    print(os.getpid(), file=open(sys.argv[1], "w"), flush=True)
    time.sleep(60)
list(each_isolated(call, [(0, Bounds(2**28, 50, 50, 2**20))]))
"""
    place = Path(os.environ.get("PYTEST_TMPDIR", "/tmp")) / f"apart-{os.getpid()}"
    starter = subprocess.Popen([sys.executable, "-c", script, str(place)])
    try:
        for _ in range(200):
            if place.exists() and (written := place.read_text()):
                break
            time.sleep(0.05)
        starter.kill()
        starter.wait()
        for _ in range(100):
            if not psutil.pid_exists(int(written)):
                break
            time.sleep(0.05)
        assert not psutil.pid_exists(int(written))
    finally:
        starter.kill()
        place.unlink(missing_ok=True)


# ---- files ----


def book(path: Path, sheet: str, shared: str = "", parts: dict[str, str] | None = None) -> Path:
    """A workbook with one sheet, 检查督办, from raw parts."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="检查督办" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
            **(parts or {}),
        }.items():
            packed.writestr(name, content)
    return path


def sheet(rows: str) -> str:
    return f'<sheetData><row r="1">{HEADING}</row>{rows}</sheetData>'


def far_cell_behind_an_attribute(home: Path) -> None:
    book(home / "甲.xlsx", sheet('<row r="1048576"><c x="a>b" r="XFD1048576"><v>1</v></c></row>'))


def cells_without_address(home: Path) -> None:
    book(home / "甲.xlsx", sheet('<row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>"))


def column_of_seven_letters(home: Path) -> None:
    book(home / "甲.xlsx", sheet('<row r="2"><c r="AAAAAAA2"><v>1</v></c></row>'))


def one_long_text_in_many_cells(home: Path) -> None:
    row = "".join(f'<c r="{letter}%d" t="s"><v>0</v></c>' for letter in "ABCDEF")
    rows = "".join(f'<row r="{n}">{row % ((n,) * 6)}</row>' for n in range(2, 20_000))
    book(home / "甲.xlsx", sheet(rows), f"<si><t>{'长' * 10_000}</t></si>")


def rows_that_unpack_to_200_megabytes(home: Path) -> None:
    row = (
        '<row r="%d"><c r="A%d"><v>1</v></c><c r="B%d"><v>1</v></c><c r="C%d"><v>1</v></c><c r="D%d"><v>1</v></c></row>'
    )
    book(home / "甲.xlsx", sheet("".join(row % ((n,) * 5) for n in range(2, 1_000_000))))


def thousands_of_sheets(home: Path) -> None:
    sheets = "".join(f'<sheet name="检查督办_{n}" sheetId="{n + 1}" r:id="r1"/>' for n in range(5_000))
    names = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    book(home / "甲.xlsx", sheet('<row r="2"><c r="A2"><v>1</v></c></row>'), parts={"xl/workbook.xml": names})


def merged_areas(home: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>N{n}</t></is></c></row>' for n in range(2, 5000))
    areas = "".join(f'<mergeCell ref="E{n}:E{n + 1}"/>' for n in range(2, 400_002, 2))
    book(home / "甲.xlsx", sheet(rows) + f"<mergeCells>{areas}</mergeCells>")


def deep_elements(home: Path) -> None:
    book(home / "甲.xlsx", sheet("<row r='2'>" + "<x>" * 500_000 + "</x>" * 500_000 + "</row>"))


def deep_styles(home: Path) -> None:
    deep = "<x>" * 500_000 + "</x>" * 500_000
    book(home / "甲.xlsx", sheet(""), parts={"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{deep}</styleSheet>'})


def null_rows(home: Path) -> None:
    (home / "audits.csv").unlink()
    names = ("audit_id", "village_id", "on", "audited_yuan", "misused_yuan", "findings")
    pq.write_table(pa.table({name: pa.nulls(20_000_000, pa.string()) for name in names}), home / "audits.parquet")


def dictionary(home: Path) -> None:
    """400 000 entries that name one text of 10 KB: 4 GB, in a file of 2 KB."""
    (home / "diaries.csv").unlink()
    nought = pa.array([0] * 400_000, pa.int32())
    texts = {"member_id": "M00011", "day": "2016-01-17", "entry": "长" * 3500}
    columns = {name: pa.DictionaryArray.from_arrays(nought, pa.array([text])) for name, text in texts.items()}
    pq.write_table(pa.table(columns), home / "diaries.parquet")


def nested_columns(home: Path) -> None:
    (home / "audits.csv").unlink()
    columns = {"audit_id": [{"a": "x"}], "village_id": [["V0001"]], "on": ["2016-01-01"], "audited_yuan": [[1.0, 2.0]]}
    pq.write_table(pa.table({name: pa.array(cells) for name, cells in columns.items()}), home / "audits.parquet")


def no_parquet(home: Path) -> None:
    (home / "audits.csv").unlink()
    (home / "audits.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")


def long_line(home: Path) -> None:
    with (home / "diaries.csv").open("ab") as file:
        file.write(b"M00011,2016-12-30," + b"x" * 60_000_000 + b"\n")


def wide_line(home: Path) -> None:
    path = home / "diaries.csv"
    path.write_bytes(b"," * 250_000 + b"\n" + path.read_bytes() + b"a,b\n" * 100_000)


def quoted_commas(home: Path) -> None:
    with (home / "diaries.csv").open("ab") as file:
        file.write(b'"' + b'a""' * 15_000_000 + b'"\n')


def blank_rows(home: Path) -> None:
    with (home / "diaries.csv").open("ab") as file:
        file.write(b",,\n" * 3_000_000)


def loop(home: Path) -> None:
    (home / "甲.csv").symlink_to(home / "乙.csv")
    (home / "乙.csv").symlink_to(home / "甲.csv")


def no_text_for_a_name(home: Path) -> None:
    Path(os.fsdecode(os.fsencode(str(home)) + b"/\xff\xfe_audits.csv")).write_bytes(b"audit_id\nA1\n")


CASES: list[tuple[Callable[[Path], None], str, str]] = [
    (far_cell_behind_an_attribute, "reading.out_of_memory", "甲.xlsx"),
    (cells_without_address, "reading.out_of_memory", "甲.xlsx"),
    (column_of_seven_letters, "reading.out_of_memory", "甲.xlsx"),
    (one_long_text_in_many_cells, "reading.out_of_memory", "甲.xlsx"),
    (rows_that_unpack_to_200_megabytes, "reading.out_of_memory", "甲.xlsx"),
    (thousands_of_sheets, "reading.too_many_sheets", "甲.xlsx"),
    (merged_areas, "", "甲.xlsx"),
    (deep_elements, "", ""),
    (deep_styles, "", ""),
    (null_rows, "reading.out_of_memory", "audits.parquet"),
    (dictionary, "reading.out_of_memory", "diaries.parquet"),
    (nested_columns, "reading.nested_column", "audits.parquet"),
    (no_parquet, "reading.unreadable", "audits.parquet"),
    (long_line, "reading.ragged", "diaries.csv"),
    (wide_line, "", "diaries.csv"),
    (quoted_commas, "reading.ragged", "diaries.csv"),
    (loop, "tables.dead_link", "甲.csv"),
    (no_text_for_a_name, "tables.name_no_text", "audits.csv"),
]
SCRIPT = """
import resource, sys
from assess_lib.faults import ERROR
from assess_lib.tables.pipeline import check_year
for fault in check_year(sys.argv[1], 2016).faults:
    if fault.severity == ERROR:
        print(fault.key, fault.text("zh"))
with open("/proc/self/status") as said:
    own = next(int(line.split()[1]) for line in said if line.startswith("VmHWM"))
print((own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("harm", "key", "name"), CASES, ids=lambda given: getattr(given, "__name__", None))
def test_a_harmful_file_is_named_and_the_others_are_read(harm, key, name, three_teams, fresh, tmp_path) -> None:
    home = Path(shutil.copytree(three_teams / "2016", tmp_path / "data" / "2016"))
    reports = home / "reports.csv"
    reports.write_text(reports.read_text(encoding="utf-8").replace("annual", "yearly", 1), encoding="utf-8")
    harm(home)
    began = time.monotonic()
    code, said, errors = fresh.run(SCRIPT, tmp_path / "data", out=tmp_path / "said", seconds=2 * SECONDS)
    assert code == 0 and not errors, errors
    *told, peak = said.splitlines()
    assert any(line.startswith(key) and name in line for line in told), told
    assert any(line.startswith("tables.code") and "reports.csv" in line for line in told), told
    assert int(peak) < MEGABYTES and time.monotonic() - began < SECONDS


def test_rows_without_any_value_are_no_rows(three_teams, tmp_path) -> None:
    home = Path(shutil.copytree(three_teams / "2016", tmp_path / "data" / "2016"))
    blank_rows(home)
    assert check_year(tmp_path / "data", 2016).faults == []
    columns = {"audit_id": ["A1", None, "A2"], "village_id": ["V1", None, "V2"]}
    pq.write_table(pa.table(columns), tmp_path / "audits.parquet")
    raw, faults = reading.read_files([TableFile(tmp_path / "audits.parquet")])
    assert faults == [] and raw["audits"].cells["audit_id"].tolist() == ["A1", "A2"]
    assert raw["audits"].place(1) == (str(tmp_path / "audits.parquet"), "row 4")


def test_a_reader_that_never_ends_is_stopped(monkeypatch, tmp_path) -> None:
    """Whatever expression or loop it is that a file keeps busy."""
    monkeypatch.setattr(bounded, "SECONDS", 1)
    monkeypatch.setattr(reading, "_workbook", lambda path: work("loop"))
    (tmp_path / "甲.xlsx").write_bytes(b"PK")
    (tmp_path / "audits.csv").write_text("audit_id,village_id\nA1,V1\n", encoding="utf-8")
    raw, (fault,) = reading.read_files([TableFile(tmp_path / "甲.xlsx"), TableFile(tmp_path / "audits.csv")])
    assert fault.key == "reading.out_of_time" and "读取 1 秒仍未完成" in fault.text("zh")
    assert fault.file.endswith("甲.xlsx") and list(raw) == ["audits"]


def test_a_reader_that_breaks_off_is_told(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(reading, "_workbook", lambda path: work("abort"))
    (tmp_path / "甲.xlsx").write_bytes(b"PK")
    _, (fault,) = reading.read_files([TableFile(tmp_path / "甲.xlsx")])
    assert fault.key == "reading.breaks_reader" and "SIGABRT" in fault.text("en")


def test_a_file_that_goes_away_while_it_is_read_is_told(tmp_path) -> None:
    _, (fault,) = reading.read_files([TableFile(tmp_path / "audits.csv")])
    assert fault.key == "reading.gone"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (FileNotFoundError(2, "gone"), "gone"),
        (PermissionError(13, "no"), "forbidden"),
        (OSError(5, "disk"), "unreadable"),
    ],
)
def test_why_a_file_could_not_be_opened_is_told(error, key, monkeypatch, tmp_path) -> None:
    def refuse(path):
        raise error

    monkeypatch.setattr(reading, "_workbook", refuse)
    (tmp_path / "甲.xlsx").write_bytes(b"PK")
    _, (fault,) = reading.read_files([TableFile(tmp_path / "甲.xlsx")])
    assert fault.key == f"reading.{key}" and fault.file == str(tmp_path / "甲.xlsx")


def test_a_folder_that_is_closed_to_us_is_told(monkeypatch, tmp_path) -> None:
    (tmp_path / "2016" / "甲县").mkdir(parents=True)
    monkeypatch.setattr(year_files.os, "access", lambda path, mode: path.name != "甲县")
    _, (fault,) = year_files_of(tmp_path, 2016)
    assert fault.key == "reading.forbidden" and fault.file.endswith("甲县")


def test_names_and_links_of_which_nothing_can_be_read(tmp_path) -> None:
    home = tmp_path / "2016"
    home.mkdir()
    loop(home)
    no_text_for_a_name(home)
    (home / "nowhere.xlsx").symlink_to(home / "gone.xlsx")
    os.mkfifo(home / "pipe.xlsx")
    (home / "folder.xlsx").mkdir()
    layout, faults = year_files_of(tmp_path, 2016)
    assert layout is not None and not list(layout.every())
    keys = sorted(fault.key for fault in faults)
    assert keys == ["tables.dead_link"] * 3 + ["tables.name_no_text"] + ["tables.unknown_file"] * 2
    assert all(fault.text(lang).encode() and fault.file.encode() for fault in faults for lang in ("zh", "en"))
    write_report(tmp_path / "out", Report(str(home), 2016, faults, False), "zh")


def test_files_of_one_size_are_compared_once_each(tmp_path, monkeypatch) -> None:
    """Each with each would be 45 comparisons of ten files, and two million of two thousand."""
    home = tmp_path / "2016"
    home.mkdir()
    for number in range(10):
        (home / f"audits_{number}.csv").write_text(f"audit_id\nA{number}\n", encoding="utf-8")
    (home / "visits.csv").write_text("audit_id\nA3\n", encoding="utf-8")
    asked: list[Path] = []
    digest = year_files._digest
    monkeypatch.setattr(year_files, "_digest", lambda path: asked.append(path) or digest(path))
    layout, faults = year_files_of(tmp_path, 2016)
    assert len(asked) == 11 and layout is not None and len(layout.files) == 10
    assert [(Path(fault.file).name, fault.details["other"]) for fault in faults] == [("visits.csv", "audits_3.csv")]


# ---- much of the same ----


def test_a_file_that_is_wrong_throughout_is_one_fault(three_teams, tmp_path, monkeypatch) -> None:
    """Rows set aside one by one take seconds and a sheet of their own, and nobody mends a million of them."""
    home = Path(shutil.copytree(three_teams / "2016", tmp_path / "data" / "2016"))
    diaries = home / "diaries.csv"
    with diaries.open("a", encoding="utf-8") as file:
        file.write("M00011,2016-13-01,x\n" * 3)
    assert check_year(tmp_path / "data", 2016).rows_set_aside == 3
    monkeypatch.setattr(pipeline, "MOST_WRONG", 2)
    checked = check_year(tmp_path / "data", 2016)
    faults = [fault for fault in checked.faults if fault.key == "tables.too_many_wrong"]
    assert checked.data is None and [fault.file for fault in faults] == [str(diaries)]
    assert "有 3 行有错误" in faults[0].text("zh")


def test_short_lines_are_told_up_to_a_number(tmp_path) -> None:
    """600 lines that lack a cell: 500 in words, one fault for the other hundred."""
    path = tmp_path / "audits.csv"
    path.write_text("audit_id,village_id\n" + "".join(f"A{n}\n" for n in range(600)), encoding="utf-8")
    raw, _ = reading.read_files([TableFile(path)])
    found = parse_table("audits", raw["audits"]).unreadable
    short = [one for one in found if isinstance(one, Finding) and one.key == "reading.short_row"]
    faults = faults_of(short, raw)
    assert [len(one.rows) for one in short] == [600] and len(faults) == 501
    assert faults[0].place == "row 2, column village_id" and faults[-1].details == {"count": 100}


def test_rows_become_columns_block_by_block(monkeypatch) -> None:
    monkeypatch.setattr(row_blocks, "BLOCK", 2)
    columns, lengths = row_blocks.columns_of(iter([["a", "b"], ["c"], ["d", "e", "f"], [], ["g"]]))
    assert columns.to_numpy().tolist() == [["a", "b", ""], ["c", "", ""], ["d", "e", "f"], ["", "", ""], ["g", "", ""]]
    assert lengths.tolist() == [2, 1, 3, 0, 1]
    nothing, none = row_blocks.columns_of(iter([]))
    assert nothing.empty and none.tolist() == []


# ---- what comes back by other ways ----


def test_a_reply_is_read_apart_too(tmp_path) -> None:
    far_cell_behind_an_attribute(tmp_path)
    with pytest.raises(UnusableInput) as refused:
        read_reply(tmp_path / "甲.xlsx")
    assert [fault.key for fault in refused.value.faults] == ["reading.out_of_memory"]


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "2016-1.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("2016-1/index.html", bytes(80 * 2**20))
    with pytest.raises(UnusableInput) as refused:
        verify(tmp_path / "2016-1.zip")
    (fault,) = refused.value.faults
    assert fault.key == "publish.zip" and "83,886,080" in fault.text("en")


def test_a_zip_of_usual_size_is_unpacked_inside_its_folder(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../outside.txt", b"text")
        packed.writestr("index.html", bytes(2**20))
    (tmp_path / "in" / "side").mkdir(parents=True)
    unpack_archive(tmp_path / "a.zip", tmp_path / "in" / "side")
    there = sorted(path.relative_to(tmp_path / "in").as_posix() for path in (tmp_path / "in").rglob("*.*"))
    assert there == ["side/index.html", "side/outside.txt"]
