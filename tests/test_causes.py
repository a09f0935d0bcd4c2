"""One message for one cause: which findings are told together, and what the one that is told says of the others."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from assess_lib.faults import ERROR, WARNING, Fault, Location
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.checks.causes import causes_of
from assess_lib.tables.checks.receipt import _not_asked
from assess_lib.tables.checks.value_ranges import _days
from assess_lib.tables.schemas import words_of

LOST, TWIN = "tables.points_at_nothing", "tables.duplicate_key"


def found(key, table, row, column="household_id", /, value="", severity=ERROR, sheet="", file="", **details) -> Fault:
    location = Location(table, row, column, sheet, f"A{row}" if sheet else "", row)
    return Fault(key, file or f"{table}.csv", f"row {row}", value, {"meant": "", **details}, severity, location)


def lost(table, row, value, goal="households", **more) -> Fault:
    names = {"table": words_of(goal), "goal_key": {"zh": "户编号", "en": "id"}}
    return found(LOST, table, row, value=value, **names, **more)


def twin(row, other, value="H1", **more) -> Fault:
    names = {"first": f"row {other}", "key": {"zh": "户编号", "en": "household_id"}}
    return found(TWIN, "households", row, value=value, **names, **more)


def test_an_id_typed_twice_is_one_error_with_what_hangs_on_it() -> None:
    rows = [lost("persons", 4, "H2"), lost("persons", 5, "H2"), lost("visits", 9, "H2")]
    asked = found("checks.of_norm.household_left_out", "teams", 2, "team_id", severity=WARNING, which="H2")
    (one,) = causes_of([twin(2, 3), twin(3, 2), *rows, asked])
    assert (one.key, one.location.row, one.details["first"]) == (TWIN, 2, "row 3")
    assert one.more["zh"] == "；别的表提到“H2”而本表没有，因此 3 行未采用：“家庭成员”2 行、“入户走访”1 行"
    assert one.cause().endswith(one.more["zh"])


def test_two_pairs_or_two_lost_ids_are_not_guessed_to_belong_together() -> None:
    told = causes_of(
        [twin(2, 3), twin(3, 2), lost("visits", 4, "H2"), lost("visits", 5, "H2"), lost("persons", 6, "H7")]
    )
    assert [(one.key, one.value) for one in told] == [(TWIN, "H1"), (LOST, "H2"), (LOST, "H7")]
    assert told[1].more["zh"] == "；提到它的 2 行未采用：“入户走访”2 行" and not told[0].more and not told[2].more


def test_rows_that_name_an_id_typed_wrong_are_told_at_its_own_row() -> None:
    slip = found("tables.misspelt_id", "households", 2, value="HO02", named="H002")
    rows = [lost("persons", 4, "H002"), lost("visits", 5, "H002")]
    (one,) = causes_of([slip, *rows])
    assert one.location.row == 2 and one.cause("zh").endswith("；提到它的 2 行未采用：“家庭成员”1 行、“入户走访”1 行")
    other = [lost("visits", 6, "H003")]
    assert [fault.value for fault in causes_of([slip, *rows, *other])] == ["HO02", "H003"]


@pytest.mark.parametrize(
    ("column", "severity", "count", "told"),
    [
        ("exited_on", WARNING, 1, False),
        ("exited_on", WARNING, 3, True),  # it stands for other rows too
        ("exited_on", ERROR, 1, True),
        ("persons", WARNING, 1, True),
    ],
)
def test_a_cell_that_is_asked_about_has_no_warning_beside(column, severity, count, told) -> None:
    asked = found("checks.owed.exit_changed", "households", 2, "exited_on", severity=WARNING)
    other = found("checks.after_the_year", "households", 2, column, severity=severity, count=count, year=2016)
    assert causes_of([other, asked]) == ([other, asked] if told else [asked])


def test_of_an_income_what_says_more_is_told() -> None:
    far = found("checks.far_from_before", "households", 2, "income_yuan", severity=WARNING, before="6,959")
    high = found("checks.far_above_median", "households", 2, "income_yuan", severity=WARNING, times=15, median="1")
    assert causes_of([high, far]) == [far] and causes_of([high]) == [high]


def test_workbooks_of_two_counties_are_told_apart() -> None:
    rows = [
        lost("visits", row, "H2", sheet="走访", file=file) for row, file in enumerate(("甲.xlsx", "甲.xlsx", "乙.xlsx"))
    ]
    assert [(one.file, bool(one.more)) for one in causes_of(rows)] == [("甲.xlsx", True), ("乙.xlsx", False)]


def test_a_question_about_other_ids_too_is_asked() -> None:
    asked = found("checks.of_norm.household_left_out", "teams", 2, "team_id", severity=WARNING, which="H2, H3")
    assert asked in causes_of([lost("visits", 4, "H2"), asked])


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([LOST, "tables.not_text"], ["tables.not_text"]),  # a name where an id belongs
        (["tables.not_text", LOST], ["tables.not_text"]),
        (["checks.impossible_day", "tables.not_in_year"], ["checks.impossible_day"]),
        ([TWIN, LOST], [TWIN, LOST]),  # that a row stands twice is none of its cell
    ],
)
def test_a_cell_has_one_error(keys, told) -> None:
    about = {"table": words_of("households"), "goal_key": words_of("households"), "low": "", "high": "", "year": 2016}
    faults = [found(key, "visits", 3, value="王**", first="", key="", **about) for key in keys]
    assert [one.key for one in causes_of(faults)] == told


def test_a_warning_waits_for_the_error_of_its_row_unless_it_stands_for_others() -> None:
    error = found("tables.not_date", "visits", 3, "visited_on", "去年")
    own = found("checks.visit_unpaired", "visits", 3, "cadre_id", severity=WARNING)
    many = found("checks.repeated_row", "visits", 3, "cadre_id", severity=WARNING, count=2, first="", key="")
    other = found("checks.no_such_thing", "teams", 3, "team_id", severity=WARNING)
    assert causes_of([error, own, many, other]) == [error, many, other]


def test_equal_findings_of_a_column_are_one_with_the_first_places_and_the_last() -> None:
    equal = [found("tables.not_date", "visits", row, "visited_on", "去年") for row in range(2, 202)]
    other = found("tables.not_date", "visits", 7, "household_id", "去年")
    first, second = causes_of([*equal, other])
    assert (
        first.location.row == 2 and first.more["zh"] == "（同样的共 200 处：第 2 行、第 3 行、第 4 行、…、第 201 行）"
    )
    assert second == other and not second.more
    in_sheets = [
        found("tables.not_date", "visits", row, "visited_on", sheet=sheet) for row, sheet in enumerate("一二", 2)
    ]
    assert causes_of(in_sheets) == in_sheets


def test_rows_off_duty_are_one_line_for_a_table_with_their_number() -> None:
    rows = [found("checks.off_duty", "work_logs", row, "day", severity=WARNING, count=row) for row in (2, 5)]
    (one,) = causes_of(rows)
    assert "共 7 行，不计" in one.cause() and "第 2 行、第 5 行" in one.cause()


@pytest.mark.parametrize(
    ("day", "number"), [("1900-01-09", 9), ("1900-02-28", 59), ("1900-03-01", 61), ("1900-12-31", 366)]
)
def test_a_number_in_a_cell_of_a_day_is_told_as_the_number(day, number) -> None:
    (one,) = (
        f for f in _days("visits", pd.Series([pd.Timestamp(day)]), "visited_on", bounds().days, 2016) if len(f.rows)
    )
    assert one.key == "checks.number_for_day" and one.value(0) == str(number)
    assert one.row_details(0) == {"number": number, "day": day, "year": 2016}


def test_counts_say_that_there_may_be_more_where_not_every_row_is_in_words() -> None:
    rows = [lost("visits", 4, "H2"), lost("visits", 5, "H2")]
    many = Fault("tables.more_alike", "persons.csv", details={"count": 9}, severity="note")
    assert causes_of([*rows, many])[0].more["zh"].endswith("实际可能更多）")
    assert not causes_of(rows)[0].more["zh"].endswith("实际可能更多）")


def test_the_year_is_no_column_that_our_own_template_lacks() -> None:
    part = lambda mark, table: SimpleNamespace(made_for=mark, table=table)
    asked = [(None, "households", "year"), ("mark", "households", "persons"), ("mark", "benchmarks", "year")]
    assert _not_asked(part("mark", "households"), "year")
    assert not any(_not_asked(part(mark, table), column) for mark, table, column in asked)


def test_of_a_table_that_a_county_lacks_nothing_else_is_asked() -> None:
    where = lambda table, county: Location(table, 0, "", "", "", -1, "T1", county)
    details = {"county": "东县", "table": words_of("members"), "now": "0", "before": "9", "name": "x", "which": ""}
    lack = Fault("tables.county_lacks", "东县.xlsx", "", "", details, ERROR, where("members", "东县"), of_county=True)
    asked = lambda table, county: Fault(
        "checks.owed.rows_fewer",
        f"{county}.xlsx",
        "",
        "",
        details | {"of": table, "table": words_of(table)},
        WARNING,
        where(table, county),
    )
    others = [asked("visits", "东县"), asked("members", "西县")]
    assert causes_of([lack, asked("members", "东县"), *others]) == [lack, *others]


def asked_of(table, teams, column="income_yuan", **more) -> list[Fault]:
    """A question about a column for each of some teams."""
    rows = [found("checks.owed.column_blank", table, n, column, severity=WARNING, **more) for n in range(2, 2 + teams)]
    return [
        replace(
            one,
            location=replace(one.location, team=f"T{one.location.row}"),
            details={"of": table, "table": words_of(table)},
        )
        for one in rows
    ]


def of_sheet(key, severity=WARNING, column="", **details) -> Fault:
    return Fault(key, "甲县.xlsx", "农户", "户收入", details, severity, Location("households", 1, column, "农户"))


def absent(*columns: str) -> Fault:
    names = {lang: "、".join(words_of("households", column)[lang] for column in columns) for lang in ("zh", "en")}
    return of_sheet("tables.absent_columns", table=words_of("households"), names=names, ids=" ".join(columns))


def test_of_a_column_under_another_name_its_heading_alone_is_told() -> None:
    """With what is missing for it and how many teams had it; other questions of the sheet stay."""
    at = {"sheet": "农户", "file": "甲县.xlsx"}
    stranger = of_sheet("tables.unknown_column", columns={"zh": "", "en": ""}, near="")
    other = asked_of("households", 1, "persons", **at)
    one, left = causes_of([stranger, absent("income_yuan"), *asked_of("households", 3, **at), *other])
    assert (one.key, left.location.column) == ("tables.unknown_column", "persons")
    assert (
        one.more["zh"]
        == "；表中又缺“家庭可支配收入”，有关内容按没有填报处理；上年填有这些内容，3 支工作队的有关指标在复核人确认以前为暂定"
    )
    two = [one.key for one in causes_of([stranger, stranger, absent("income_yuan")])]
    assert two.count("tables.absent_columns") == 1, "which of two it is, is not known"
    more = [one.key for one in causes_of([stranger, absent("income_yuan", "persons")])]
    assert more == ["tables.unknown_column", "tables.absent_columns"], "nor for which of two it stands"


def test_what_is_asked_about_a_lacking_column_for_another_reason_stays() -> None:
    """A loan without the day on which it was asked for has nothing to do with what last year's table had."""
    at = {"sheet": "农户", "file": "甲县.xlsx"}
    loan = [replace(one, key="checks.owed.loan_undated") for one in asked_of("households", 2, **at)]
    told = causes_of([absent("income_yuan"), *loan])
    assert [one.key for one in told] == ["tables.absent_columns", *["checks.owed.loan_undated"] * 2]
    assert not told[0].more


def test_of_a_column_whose_unit_is_wrong_that_alone_is_told() -> None:
    at = {"sheet": "农户", "file": "甲县.xlsx"}
    unit = of_sheet("reading.units_differ", ERROR, "income_yuan", units="元", one="元", other="万元")
    (one,) = causes_of([unit, absent("income_yuan"), *asked_of("households", 2, **at)])
    assert one.cause("zh").endswith(
        "写“元”，别处（批注、填写提示、表题、表名或表下）写“万元”；上年填有这些内容，2 支工作队的有关指标在复核人确认以前为暂定"
    )
    kept = causes_of([unit, absent("income_yuan", "persons")])
    assert [fault.key for fault in kept] == ["reading.units_differ", "tables.absent_columns"]


def test_questions_about_a_table_that_a_county_lacks_are_not_asked_of_its_teams() -> None:
    lacks = Fault("tables.county_hidden", "甲县.xlsx", location=Location("visits", county="甲县"), of_county=True)
    ask = lambda county: replace(
        found("checks.owed.rows_fewer", "teams", 2, "team_id", severity=WARNING, which=""),
        location=Location("teams", 2, "team_id", index=2, county=county),
        details={"of": "visits", "table": words_of("visits")},
    )
    assert [one.location.county for one in causes_of([lacks, ask("甲县"), ask("乙县")])] == ["甲县", "乙县"]


def test_the_kind_of_a_fault_is_its_cause_without_what_differs() -> None:
    fault = Fault("checks.impossible", details={"number": "9", "range": "1"})
    assert fault.kind("zh") == "… 不可能（可能的是 …），该行未采用"
    assert "…" not in Fault("tables.blank").kind("en")
