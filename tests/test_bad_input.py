"""Bad tables: every fault in all files in one go, with file, place, value and what would be right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from support.situations import SAMPLE

from assess_lib import open_scorecard
from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.tables.pipeline import check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "data")
    return tmp_path / "data"


def edit(data: Path, table: str, change) -> Path:
    """Rewrite a table's lines (heading included) with a function of the list of rows of cells."""
    path = data / "2016" / f"{table}.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    change(rows)
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def cell(table_row: int, column: str, value: str):
    def change(rows):
        rows[table_row][rows[0].index(column)] = value

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    "table, change, key, place, value",
    [
        ("fund_flows", cell(3, "amount_yuan", "-300"), "refund", "row 4, column amount_yuan", "-300"),
        ("fund_flows", cell(3, "amount_yuan", "三百"), "not_number", "row 4, column amount_yuan", "三百"),
        ("fund_flows", cell(3, "amount_yuan", "inf"), "not_number", "row 4, column amount_yuan", "inf"),
        ("fund_flows", cell(3, "amount_yuan", ""), "blank", "row 4, column amount_yuan", ""),
        ("fund_flows", cell(3, "on", "2015-05-01"), "outside_year", "row 4, column on", "2015-05-01"),
        ("fund_flows", cell(3, "on", "2016-02-30"), "not_date", "row 4, column on", "2016-02-30"),
        ("fund_flows", cell(3, "on", "01/05/2016"), "not_date", "row 4, column on", "01/05/2016"),
        ("fund_flows", cell(3, "source", "gift"), "code", "row 4, column source", "gift"),
        ("fund_flows", cell(3, "project_id", "J9"), "points_at_nothing", "row 4, column project_id", "J9"),
        ("fund_flows", cell(3, "under_plan", "maybe"), "not_yes_no_blank", "row 4, column under_plan", "maybe"),
        ("households", cell(2, "persons", "2.5"), "not_whole", "row 3, column persons", "2.5"),
        ("households", cell(2, "year", "2015"), "outside_year", "row 3, column year", "2015"),
        ("inspections", cell(1, "rating", "101"), "high", "row 2, column rating", "101"),
        (
            "village_year",
            cell(1, "groups_hardened_road", "99"),
            "part_over_whole",
            "row 2, column groups_hardened_road",
            "99",
        ),
        ("teams", cell(1, "team_id", "../../x"), "identifier", "row 2, column team_id", "../../x"),
        ("teams", cell(1, "village_id", "V9999"), "points_at_nothing", "row 2, column village_id", "V9999"),
        ("teams", cell(1, "village_id", ""), "blank", "row 2, column village_id", ""),
        ("teams", lambda rows: [row.pop(3) for row in rows], "missing_column", "", ""),
        (
            "teams",
            lambda rows: rows.append([*rows[1][:-1], "2015-02-01"]),
            "duplicate_key",
            "row 2, column team_id",
            "T0001",
        ),
        ("teams", lambda rows: rows[0].__setitem__(0, "squad"), "renamed_column", "column squad", "squad"),
        ("reports", lambda rows: rows[0].__setitem__(4, "day"), "unknown_column", "column day", "day"),
        ("teams", lambda rows: rows.append(rows[1]), "checks.repeated_row", "row 26, column team_id", "T0001"),
        ("visits", lambda rows: rows.append(rows[1]), "checks.repeated_row", "row 1352, column household_id", None),
        ("reports", lambda rows: rows.__delitem__(slice(1, None)), "empty_table", "", ""),
        ("reports", lambda rows: rows.clear(), "reading.no_heading", "", ""),
    ],
)
def test_each_fault_is_named_at_its_place(data, table, change, key, place, value) -> None:
    path = edit(data, table, change)
    faults = check_year(data, 2016).faults
    mine = [fault for fault in faults if fault.key == (key if "." in key else f"tables.{key}")]
    assert mine and mine[0].file == str(path), [fault.text("en") for fault in faults]
    if place is not None:
        assert mine[0].place == place and value in (None, mine[0].value)
    for lang in ("zh", "en"):
        assert all(fault.text(lang) for fault in faults)


def test_faults_of_all_files_come_in_one_go(data) -> None:
    edit(data, "fund_flows", cell(3, "amount_yuan", "-300"))
    edit(data, "teams", cell(1, "village_id", "V9999"))
    edit(data, "households", cell(2, "persons", "x"))
    (data / "2016" / "units.csv").unlink()
    (data / "2016" / "notes.docx").write_bytes(b"x")
    (data / "2016" / "surprise.csv").write_text("a\n1\n")
    keys = {fault.key.removeprefix("tables.") for fault in check_year(data, 2016).faults}
    assert keys == {"refund", "points_at_nothing", "not_whole", "missing_table", "unknown_file", "unknown_table"}


def test_a_clean_folder_has_no_fault() -> None:
    for year in (2015, 2016):
        assert check_year(SAMPLE, year).faults == []


def test_places_in_a_workbook_are_cells(data) -> None:
    table = pd.read_csv(data / "2016" / "inspections.csv", dtype=str)
    table.loc[2, "rating"] = "good"
    (data / "2016" / "inspections.csv").unlink()
    with pd.ExcelWriter(data / "2016" / "甲县.xlsx", engine="xlsxwriter") as book:
        table.to_excel(book, sheet_name="inspections", index=False)
    faults = check_year(data, 2016).faults
    column = chr(ord("A") + list(table.columns).index("rating"))
    assert [(fault.key, fault.place, fault.value) for fault in faults] == [
        ("tables.not_number", f"inspections!{column}4", "good")
    ]


@pytest.mark.slow
def test_any_mix_of_files_reads_the_same(data) -> None:
    clean = check_year(data, 2016).data.fingerprint
    for name in ("inspections", "reports"):
        table = pd.read_csv(data / "2016" / f"{name}.csv", dtype=str, keep_default_na=False).sample(
            frac=1, random_state=1
        )
        (data / "2016" / f"{name}.csv").unlink()
        with pd.ExcelWriter(data / "2016" / f"{name}.xlsx", engine="xlsxwriter") as book:
            table.to_excel(book, sheet_name="Sheet1", index=False)
    units = pd.read_csv(data / "2016" / "units.csv")
    (data / "2016" / "units.csv").unlink()
    units.to_parquet(data / "2016" / "units.parquet")
    teams = (data / "2016" / "teams.csv").read_text(encoding="utf-8")
    (data / "2016" / "teams.csv").write_text("\ufeff" + teams.replace("\n", "\r\n") + "\r\n", encoding="utf-8")
    checked = check_year(data, 2016)
    found, faults = checked.data, checked.faults
    assert faults == [] and found.fingerprint == clean


def test_damaged_files_do_not_hide_the_others(data) -> None:
    (data / "2016" / "units.csv").write_bytes("单位".encode("gbk"))
    (data / "2016" / "reports.csv").write_text("a,b\n1,2,3\n")
    (data / "2016" / "attendance.parquet").write_bytes(b"PAR1 nothing")
    (data / "2016" / "more.xlsx").write_bytes(b"PK nothing")
    edit(data, "fund_flows", cell(3, "amount_yuan", "-300"))
    faults = check_year(data, 2016).faults
    assert {Path(fault.file).name: fault.key for fault in faults if fault.key.startswith("reading.")} == {
        "units.csv": "reading.encoding",
        "reports.csv": "reading.no_known_heading",
        "attendance.parquet": "reading.unreadable",
        "more.xlsx": "reading.no_workbook",
    }
    assert any(fault.key == "tables.refund" for fault in faults)


def test_personal_values_are_not_repeated_in_faults(data) -> None:
    edit(data, "members", cell(1, "name", ""))
    edit(data, "persons", cell(1, "able_to_work", "perhaps"))
    names = pd.read_csv(data / "2016" / "persons.csv", dtype=str)
    text = "\n".join(fault.text("zh") for fault in check_year(data, 2016).faults)
    assert "perhaps" in text
    assert not any(number in text for number in names["id_number"])


# ---- the command line ---------------------------------------------------------------------------


@pytest.mark.slow
def test_exit_code_2_and_nothing_written(data, tmp_path) -> None:
    (data / "2016" / "fund_flows.csv").write_text("flow_id\nF1\n")
    edit(data, "households", cell(2, "persons", "-3"))
    for command in (["check"], ["score"], ["run", "--jobs", "1"]):
        out = tmp_path / "out"
        arguments = [] if command[0] == "check" else ["--out", str(out)]
        run = CliRunner().invoke(main, [command[0], str(data), "--year", "2016", *command[1:], *arguments])
        assert (
            run.exit_code == 2
            and "fund_flows.csv：" in run.output
            and "缺少“金额”列" in run.output
            and "-3" in run.output
        )
        assert not out.exists() and not (data / "quarantine").exists() and "Traceback" not in run.output


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments, said",
    [
        (["check", "DATA", "--year", "2014"], "2014"),
        (["check", "nowhere", "--year", "2016"], "nowhere"),
        (["run", "DATA", "--year", "2016", "--out", "OUT", "--teams", "T9999"], "T9999"),
        (["run", "DATA", "--year", "2016", "--out", "OUT", "--teams", "../../x"], "../../x"),
        (["run", "DATA", "--year", "2016", "--out", "FILE"], "输出位置是一个文件"),
        (["score", "DATA", "--year", "2016", "--out", "FILE"], "无法写入"),
        (["score", "DATA", "--year", "2016", "--out", "OUT", "--rubric", "none.yaml"], "none.yaml"),
        (["score", "DATA", "--year", "abc", "--out", "OUT"], "abc"),
        (["sample", "--teams", "0", "--out", "OUT"], "0"),
        (["sample", "--years", "soon", "--out", "OUT"], "soon"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_is_told_in_words(arguments, said, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    places = {"DATA": str(SAMPLE), "OUT": str(tmp_path / "out"), "FILE": str(tmp_path / "file")}
    run = CliRunner().invoke(main, [places.get(argument, argument) for argument in arguments])
    assert run.exit_code == 2 and said in run.output and "Traceback" not in run.output
    assert not (tmp_path / "out").exists() and (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("team", ["../../x", "T0001/../T0002", "", "T 1", "<script>"])
def test_a_team_id_that_is_no_identifier(team) -> None:
    with pytest.raises(UnusableInput) as caught:
        open_scorecard(team, 2016, data=SAMPLE)
    assert caught.value.faults[0].key == "tables.identifier"


def test_an_unknown_team_id_suggests_the_nearest() -> None:
    with pytest.raises(UnusableInput, match="T0012"):
        open_scorecard("T012", 2016, data=SAMPLE)


def test_check_says_that_all_is_well() -> None:
    run = CliRunner().invoke(main, ["check", str(SAMPLE), "--year", "2016", "--lang", "en"])
    assert run.exit_code == 0 and "24 teams" in run.output


@pytest.mark.slow
def test_a_notebook_shows_faults_in_words_and_no_traceback() -> None:
    with pytest.raises(UnusableInput) as caught:
        open_scorecard("T9999", 2016, data=SAMPLE, lang="en")
    shown = "\n".join(caught.value._render_traceback_())
    assert "\n  value 'T9999': there is no team with this id" in shown and "File" not in shown


def test_sample_years_as_separate_words(tmp_path) -> None:
    run = CliRunner().invoke(
        main, ["sample", "--teams", "2", "--seed", "1", "--out", str(tmp_path), "--years", "2015", "2016"]
    )
    assert run.exit_code == 0 and sorted(path.name for path in tmp_path.iterdir()) == ["2015", "2016"]
