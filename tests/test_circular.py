"""The circular as an office issues it: number, addressees and days, and what stands in the text; by hand."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile
from datetime import date

import pandas as pd
import pytest
from support.situations import ROOT, SAMPLE
from support.small_rubric import base, load, write

from assess_lib.api import compute_years
from assess_lib.faults import UnusableInput
from assess_lib.pages.documents.circular import Circular, Paragraph, circular, circular_page
from assess_lib.pages.documents.circular_document import write_document
from assess_lib.records.provenance import Program
from assess_lib.records.record import Record, read_record, write_record
from assess_lib.rules.loading import read_rubric
from assess_lib.scorecard.year_summary import YearSummary


@pytest.fixture(scope="module")
def record(sample_years, tmp_path_factory) -> Record:
    folder = tmp_path_factory.mktemp("record")
    write_record(folder, sample_years, Program(program="1", code="c", parameters_digest="", packages={}), {})
    return read_record(folder)


def texts(made: Circular) -> str:
    return "\n".join(part.words for part in made.parts if isinstance(part, Paragraph))


@pytest.mark.parametrize(
    ("day", "number", "signed"),
    [
        (None, "鄂农队办发〔2017〕　　号", "　　　　年　　月　　日"),  # the year after the one assessed
        (date(2018, 2, 5), "鄂农队办发〔2018〕　　号", "2018年2月5日"),
    ],
)
def test_head_and_foot_are_those_of_an_office(record, day, number, signed) -> None:
    made = circular(record, "zh", day)
    assert (made.number, made.day) == (number, signed)
    assert made.addressed_to == "各市、州、县（市、区）驻农村工作队管理机构，各派出单位，省驻各工作队："
    assert made.office == "省驻农村工作队（扶贫工作队）办公室"


def test_days_are_written_out_and_no_fingerprint_stands_in_the_text(record, tmp_path) -> None:
    made = circular(record, "zh")
    fingerprint = record.provenance.data.fingerprint
    rows = [row for table in made.tables for row in table.rows]
    assert "须在2017年6月30日前完成整改" in texts(made) and any(row[-1] == "2017年6月30日" for row in rows)
    assert fingerprint not in texts(made) and fingerprint in made.basis
    page = circular_page(made, "index.html", "zh")
    assert (
        page.index(made.number)
        < page.index("<h1>")
        < page.index(made.addressed_to)
        < page.index("现将有关情况通报如下")
    )
    with zipfile.ZipFile(write_document(tmp_path / "circular.docx", made)) as packed:
        body = packed.read("word/document.xml").decode()
    assert body.index(made.number) < body.index(made.title) < body.index(made.addressed_to) and fingerprint not in body
    assert "2017-06-30" in texts(circular(record, "en"))


def test_rules_that_name_no_issuer_leave_number_and_addressees_out(record) -> None:
    record.rubric.__dict__["issuer"], kept = None, record.rubric.issuer
    try:
        made = circular(record, "zh")
    finally:
        record.rubric.__dict__["issuer"] = kept
    assert made.number == made.addressed_to == "" and made.office == "省驻农村工作队（扶贫工作队）办公室"
    page = circular_page(made, "index.html", "zh")
    assert 'class="number"' not in page and 'class="to"' not in page


@pytest.mark.parametrize("number", ["鄂农队办发〔2017〕号", "{year}{year}", "{year} {0}"])
def test_a_number_needs_the_year_of_issue_once(tmp_path, number) -> None:
    office = {"zh": "办公室", "en": "office"}
    issuer = {"basis": "proposal", "office": office, "addressed_to": office}
    assert load(base() | {"issuer": issuer | {"number": "办〔{year}〕号"}}, tmp_path).issuer is not None
    with pytest.raises(UnusableInput) as told:
        read_rubric(write(base() | {"issuer": issuer | {"number": number}}, tmp_path))
    assert [fault.key for fault in told.value.faults] == ["rubric.number_without_year"] and " {year}" in str(told.value)


@pytest.mark.parametrize("office", ["", "   ", "办\n室", "办\u202e室", "办" * 201])
def test_an_office_is_a_line_that_can_be_read(tmp_path, office) -> None:
    issuer = {"basis": "proposal", "addressed_to": {"zh": "各县", "en": "counties"}, "number": "办〔{year}〕号"}
    with pytest.raises(UnusableInput) as told:
        read_rubric(write(base() | {"issuer": issuer | {"office": {"zh": office, "en": "office"}}}, tmp_path))
    assert [fault.key for fault in told.value.faults] == ["rubric.not_a_line"]


@pytest.mark.parametrize(
    "issuer", ["x", ["a"], {"basis": "proposal", "office": "办公室", "addressed_to": "x", "number": "{year}"}]
)
def test_a_text_where_keys_belong_is_told_with_what_they_are(tmp_path, issuer) -> None:
    with pytest.raises(UnusableInput) as told:
        read_rubric(write(base() | {"issuer": issuer}, tmp_path))
    assert {fault.key for fault in told.value.faults} == {"rubric.both_languages_or_keys"}
    assert "{zh: 名称, en: name}" in str(told.value)


DECIDED = {"publish_names": True, "names_decided": {"by": {"zh": "省委农办", "en": "the office"}, "on": "2017-02-10"}}


@pytest.fixture(scope="module")
def named(tmp_path_factory) -> tuple[Record, dict[str, str], YearSummary]:
    """The record of the sample where the office has decided to publish names; all members' names as the data has them; the summary."""
    folder, rules = tmp_path_factory.mktemp("named"), tmp_path_factory.mktemp("rules")
    shutil.copytree(ROOT / "parameters" / "rubrics", rules, dirs_exist_ok=True)
    (rules / "named.yaml").write_text(
        json.dumps({"extends": "hubei-2016.yaml", "id": "named", "version": "2016.9"} | DECIDED), encoding="utf-8"
    )
    years = compute_years(SAMPLE, 2016, rules / "named.yaml")
    write_record(folder, years, Program(program="1", code="c", parameters_digest="", packages={}), {})
    members = pd.read_csv(SAMPLE / "2016" / "members.csv", dtype=str)
    return read_record(folder), dict(zip(members["member_id"], members["name"])), YearSummary(*years)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_commended_members_are_named_in_full_where_the_office_has_decided_so(named, record, lang) -> None:
    given, names, _ = named
    made = circular(given, lang)
    table = next(
        table for table in made.tables if [*map(len, table.rows)][0] == 5 and table.rows[0][1] in names.values()
    )
    assert [row[1] for row in table.rows] == [names[one.member_id] for one in given.lists.members]
    decision = {
        "zh": "省委农办于2017年2月10日决定，公布受表扬的工作队员姓名。",
        "en": "by a decision of the office dated 2017-02-10",
    }
    assert decision[lang] in texts(made) and "遮盖" not in texts(made) and "masked" not in texts(made)
    masked = "\n".join(" ".join(row) for table in circular(record, lang).tables for row in table.rows)
    assert not any(names[one.member_id] in masked for one in record.lists.members)
    assert {one.member_id for one in record.lists.members} == {one.member_id for one in given.lists.members}


def test_nobody_else_is_named_and_nowhere_else(named) -> None:
    given, names, summary = named
    commended = {one.member_id for one in given.lists.members}
    others = {name for member, name in names.items() if member not in commended} - {names[one] for one in commended}
    for path in [path for path in given.folder.rglob("*") if path.is_file()]:
        text = path.read_text(encoding="utf-8")
        assert not [name for name in others if name in text], path.name
        if path.name != "lists.json":
            assert not [one for one in commended if names[one] in text], path.name
    assert all("**" in row[1] for row in summary.commended_members) and summary.commended_members


def test_one_name_twice_is_told_apart_and_a_masked_one_is_said_to_be(named) -> None:
    given, *_ = named
    first, second, *rest = given.lists.members
    lists = given.lists.model_copy(
        update={
            "members": (
                first,
                second.model_copy(update={"name": first.name}),
                rest[0].model_copy(update={"name": "王**"}),
            )
        }
    )
    made = circular(dataclasses.replace(given, lists=lists), "zh")
    cells = [row[1] for table in made.tables for row in table.rows]
    for one, name in ((first, first.name), (second, first.name), (rest[0], "王**")):
        assert f"{name}（{one.member_id}）" in cells
    assert "公布受表扬" in texts(made) and "以队员编号为准" in texts(made)


@pytest.mark.parametrize(
    ("change", "key", "place"),
    [
        ({"names_decided": None}, "rubric.names_undecided", "publish_names"),
        ({"names_decided": {"by": {"zh": "办", "en": "o"}, "on": "2017-02-30"}}, "rubric.not_a_day", "names_decided"),
        ({"names_decided": {"by": {"zh": "办", "en": "o"}, "on": "20170210"}}, "rubric.not_a_day", "names_decided"),
        ({"names_decided": {"by": {"zh": " ", "en": "o"}, "on": "2017-02-10"}}, "rubric.not_a_line", "names_decided"),
        ({"names_decided": {"by": {"zh": "办", "en": "o"}}}, "rubric.missing_key", "names_decided"),
        ({"publish_names": "yes"}, "rubric.type", "publish_names"),
    ],
)
def test_names_are_published_only_by_a_decision_with_its_day(tmp_path, change, key, place) -> None:
    rules = {name: value for name, value in (base() | DECIDED | change).items() if value is not None}
    with pytest.raises(UnusableInput) as told:
        read_rubric(write(rules, tmp_path))
    (fault,) = told.value.faults
    assert fault.key == key and place in fault.place
