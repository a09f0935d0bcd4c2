"""The circular as an office issues it: number, addressees and days, and what stands in the text; by hand."""

from __future__ import annotations

import zipfile
from datetime import date

import pytest
from support.small_rubric import base, load, write

from assess_lib.faults import UnusableInput
from assess_lib.pages.documents.circular import Circular, Paragraph, circular, circular_page
from assess_lib.pages.documents.circular_document import write_document
from assess_lib.records.provenance import Program
from assess_lib.records.record import Record, read_record, write_record
from assess_lib.rules.loading import read_rubric


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
