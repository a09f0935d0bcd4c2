"""The template: filled in it reads back without a fault, whoever saved it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from support.filled import fill
from support.situations import SAMPLE

from assess_lib.cli import main
from assess_lib.sample.dataset import sample_world, write_sample
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.template import OF_PROVINCE

WORKBOOKS = Path(__file__).parent / "workbooks"


def made(*arguments: str, out: Path) -> Path:
    run = CliRunner().invoke(main, ["template", "--year", "2016", *arguments, "--out", str(out)])
    assert run.exit_code == 0, run.output
    return out


@pytest.mark.slow
def test_filled_templates_of_all_counties_read_as_the_clean_data(tmp_path) -> None:
    world = sample_world(8, 5, (2016,))
    clean = write_sample(tmp_path / "clean", 8, 5, [2016])
    home = tmp_path / "data" / "2016"
    home.mkdir(parents=True)
    actions = []
    for number in range(world.counties):
        county, tables = world.county(number)[0], world.county_tables(number)[2016]
        actions.append(tables.pop("unit_actions"))
        blank = made("--county", county, "--data", str(clean), out=tmp_path / f"{county}.xlsx")
        fill(blank, tables, home / f"{county}.xlsx")
    fill(made(out=tmp_path / "all.xlsx"), world.province_tables(2016, actions), home / "全省.xlsx")
    checked = check_year(home.parent, 2016)
    assert checked.faults == []
    assert checked.data.fingerprint == check_year(clean, 2016).data.fingerprint


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xlsxwriter", "openpyxl", "libreoffice"])
def test_workbooks_of_three_programs_say_the_same(name, tmp_path) -> None:
    prints = []
    for program in dict.fromkeys(("openpyxl", name)):
        home = tmp_path / program / "2016"
        home.mkdir(parents=True)
        (home / "县.xlsx").write_bytes((WORKBOOKS / f"{program}.xlsx").read_bytes())
        for table in ("units", "unit_actions", "benchmarks"):
            rows = (SAMPLE / "2016" / f"{table}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [row for row in rows if table != "unit_actions" or ",V" not in row]  # of no village of others
            (home / f"{table}.csv").write_text("".join(kept), encoding="utf-8")
        checked = check_year(home.parent, 2016)
        loud = {fault.key for fault in checked.faults if fault.severity != "note"}
        assert loud <= {"checks.rows_of_people"}, [
            fault.text() for fault in checked.faults
        ]  # some people alone stand there
        prints.append(checked.data.fingerprint)
    assert len(set(prints)) == 1


def test_an_empty_template_asks_for_rows_and_nothing_else(tmp_path) -> None:
    home = tmp_path / "2016"
    home.mkdir()
    made("--county", "云汐县", "--data", str(SAMPLE), out=home / "云汐县.xlsx")
    made(out=home / "全省.xlsx")
    keys = {fault.key for fault in check_year(tmp_path, 2016).faults}
    assert keys == {"tables.empty_table", "tables.points_at_nothing"}, (
        "units of the teams are the province's to fill in"
    )


def test_what_the_template_offers(tmp_path) -> None:
    book = openpyxl.load_workbook(made("--county", "云汐县", "--data", str(SAMPLE), out=tmp_path / "t.xlsx"))
    assert book.sheetnames[0] == "填写说明"
    assert set(book.sheetnames[1:]) == {s.metadata["zh"] for name, s in SCHEMAS.items() if name not in OF_PROVINCE}
    teams = book["工作队"]
    assert [row[0].value for row in teams.iter_rows(min_row=2, max_row=5)] == ["T0001", "T0007", "T0013", "T0019"]
    homes = book["农户"]
    assert homes.freeze_panes == "B2" and homes["A1"].value == "*户编号" and any("（元）" in c.value for c in homes[1])
    lists = [v.formula1 for sheet in book.worksheets for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert '"贫困户,低保户,五保户,一般户"' in lists and '"是,否"' in lists
    assert "'驻点村'!$A$2:$A$5" in {formula.removeprefix("=") for formula in lists}
    assert book["家庭成员"].column_dimensions["D"].number_format == "@", "an ID number typed in keeps its digits"
    ranges = {
        v.formula2
        for v in book["检查督办"].data_validations.dataValidation
        if v.type == "decimal" and v.formula1 == "0"
    }
    assert ranges == {"100"}, "a rating from 0 to 100"
    assert all(len(formula) <= 257 for formula in lists)


def test_the_same_template_has_the_same_bytes_and_no_formula(tmp_path) -> None:
    one, two = (made("--county", "云汐县", "--data", str(SAMPLE), out=tmp_path / f"{n}.xlsx") for n in "ab")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets" in name)


@pytest.mark.parametrize("county, said", [("云夕县", "云汐县"), ("../../x", "../../x")])
def test_an_unknown_county_is_told_with_its_like(county, said, tmp_path) -> None:
    arguments = ["template", "--year", "2016", "--county", county, "--out", str(tmp_path / "t.xlsx")]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 2 and said in run.output and not (tmp_path / "t.xlsx").exists()


def test_a_template_of_next_year_takes_the_teams_of_this_one(tmp_path) -> None:
    run = CliRunner().invoke(
        main, ["template", "--year", "2017", "--county", "云汐县", "--out", str(tmp_path / "t.xlsx")]
    )
    assert run.exit_code == 0, run.output
    assert openpyxl.load_workbook(tmp_path / "t.xlsx")["工作队"]["A2"].value == "T0001"


@pytest.mark.parametrize("place", ["file/t.xlsx", "folder", "/proc/t.xlsx"])
def test_a_place_that_cannot_be_written_is_told_in_words(place, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    run = CliRunner().invoke(main, ["template", "--year", "2016", "--county", "云汐县", "--out", str(tmp_path / place)])
    assert run.exit_code == 2 and "无法写入" in run.output and "Traceback" not in run.output
    assert not list(tmp_path.rglob("*.part"))


def lists_of(book: openpyxl.Workbook) -> set[str]:
    return {v.formula1 for sheet in book.worksheets for v in sheet.data_validations.dataValidation if v.type == "list"}


@pytest.mark.parametrize(
    "lang, offered, foreign, poor",
    [
        ("zh", ('"贫困户,低保户,五保户,一般户"', '"是,否"'), '"yes,no"', "是"),
        ("en", ('"poor,minimum living allowance,five guarantees,other"', '"yes,no"'), '"是,否"', "yes"),
    ],
)
def test_the_lists_are_in_the_language_of_the_template(lang, offered, foreign, poor, tmp_path) -> None:
    path = made("--county", "云汐县", "--data", str(SAMPLE), "--lang", lang, out=tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    assert book[SCHEMAS["households"].metadata[lang]].oddFooter.right.text == "&P / &N", "pages are numbered"
    lists = lists_of(book)
    assert lists.issuperset(offered) and foreign not in lists
    assert book[SCHEMAS["villages"].metadata[lang]]["E2"].value == poor
    assert all(len(formula) <= 257 for formula in lists)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_of_a_list_is_read_as_its_code(lang, tmp_path) -> None:
    path = made("--county", "云汐县", "--data", str(SAMPLE), "--lang", lang, out=tmp_path / "t.xlsx")
    lists = {tuple(formula.strip('"').split(",")) for formula in lists_of(openpyxl.load_workbook(path))}
    for name, schema in SCHEMAS.items():
        for spec in schema.columns.values():
            if spec.metadata["kind"] == "code" and name not in OF_PROVINCE:
                words = [set(words) | {code} for code, words in spec.metadata["codes"].items()]
                assert any(
                    len(offered) == len(words) and all(word in known for word, known in zip(offered, words))
                    for offered in lists
                )


def test_the_instructions_of_the_province_speak_of_its_own_sheets(tmp_path) -> None:
    book = openpyxl.load_workbook(made(out=tmp_path / "全省.xlsx"))
    words = "\n".join(str(row[0].value or "") for row in book["填写说明"].iter_rows())
    assert "已经填好" not in words and "户编号、" not in words
    named = re.findall(r"(各县)?“(\w+)”", words)
    assert {"派出单位", "派出单位工作", "全省指标", "录入值"} <= {name for _, name in named}
    assert [name for of_counties, name in named if not of_counties and name not in book.sheetnames] == [
        "无"
    ]  # what a blank cell is not to say
    of_county = made("--county", "云汐县", "--data", str(SAMPLE), out=tmp_path / "云汐县.xlsx")
    words = "\n".join(str(row[0].value or "") for row in openpyxl.load_workbook(of_county)["填写说明"].iter_rows())
    assert "工作队和驻点村两张表已经填好" in words
