"""People written into any column: masked or refused, and what is honest stays as it was sent."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from support.personal_scan import found_in

from assess_lib.review.remarks import record_remarks
from assess_lib.review.returned_files import record_files
from assess_lib.sample.dataset import write_sample
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.schemas import SCHEMAS

pytestmark = pytest.mark.slow

ID, PHONE, CARD, LANDLINE = "990000195407090004", "13912345678", "6222021234567890123", "0717-6731234"
FORMS = [
    "139-1234-5678",
    "１３９　１２３４　５６７８",
    "139\u200b12345678",
    "+86 139 1234 5678",
    "一三九一二三四五六七八",
]
TEXTS = [
    ("teams", "name"),
    ("teams", "area"),
    ("teams", "county"),
    ("teams", "unit_type"),
    ("villages", "name"),
    ("villages", "county"),
    ("villages", "division_code"),
    ("units", "name"),
    ("units", "unit_type"),
    ("projects", "name"),
    ("households", "main_business"),
    ("inspections", "inspector"),
    ("village_services", "service"),
]
TOLD = ("checks.people_in_text", "checks.unseen_in_text")
IDENTIFIERS = [
    ("fund_flows", "voucher", f"X{ID}"),
    ("pairings", "cadre_id", PHONE),
    ("fund_flows", "flow_id", f"F-{ID}"),
]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A year's folder with people in every column of text, another without, and the name that was written there."""
    clean = write_sample(tmp_path_factory.mktemp("clean"), 3, 5, [2016]) / "2016"
    home = write_sample(tmp_path_factory.mktemp("people"), 3, 5, [2016]) / "2016"
    people = pd.read_csv(home / "persons.csv", dtype=str)
    names = [name for name in people["name"] if len(name) > 2]
    lost = names[-1]  # a person whose row has an error, and is set aside
    people.loc[people["name"] == lost, "able_to_work"] = "perhaps"
    people.to_csv(home / "persons.csv", index=False)
    for number, (table, column) in enumerate(TEXTS):
        frame = pd.read_csv(home / f"{table}.csv", dtype=str, keep_default_na=False)
        name = lost if number % 3 == 0 else names[number]
        text = f"{name[0]} {name[1:]}负责\u202e {FORMS[number % len(FORMS)]}，{CARD} {LANDLINE}"
        frame.loc[0, column] = text
        frame.to_csv(home / f"{table}.csv", index=False)
    for table, column, text in IDENTIFIERS:
        frame = pd.read_csv(home / f"{table}.csv", dtype=str, keep_default_na=False)
        frame.loc[1 if column != "flow_id" else 2, column] = text
        frame.to_csv(home / f"{table}.csv", index=False)
    return check_year(home.parent, 2016), check_year(clean.parent, 2016), names, clean.parent


def test_no_table_and_no_message_names_anybody(sent) -> None:
    checked, _, names, _ = sent
    assert checked.data is not None, checked.errors()[:3]
    shown = "\n".join(
        str(value)
        for name, table in checked.data.tables.items()
        for column in table.columns
        if SCHEMAS[name].columns[column].metadata["kind"] == "text"
        for value in table[column].dropna().unique()
    )
    told = "\n".join(f"{fault!r} {fault.text('zh')} {fault.text('en')}" for fault in checked.faults)
    received = "\n".join(map(repr, checked.receipt()))
    assert not found_in("\n".join((shown, told, received)), [ID, PHONE, CARD, LANDLINE], names)
    assert "\u202e" not in shown + told + received and "**负责" in shown and "***" in shown


def test_an_identifier_that_is_somebodys_number_is_refused(sent) -> None:
    told = {(f.location.table, f.location.column) for f in sent[0].errors() if f.key == "checks.personal_identifier"}
    assert told == {(table, column) for table, column, _ in IDENTIFIERS}


def test_what_is_shown_otherwise_than_it_was_sent_is_told(sent) -> None:
    checked, clean, *_ = sent
    warned = {key: {(f.location.table, f.location.column) for f in checked.faults if f.key == key} for key in TOLD}
    assert warned == {key: set(TEXTS) for key in TOLD}
    assert not [fault for fault in clean.faults if fault.key in TOLD]


def test_everything_else_is_as_it_was_sent(sent) -> None:
    """But for the cells that were changed and the rows that were set aside, every value is that of the clean folder."""
    checked, clean, *_ = sent
    differing = {}
    for name, table in clean.data.tables.items():
        now = checked.data.tables[name]
        for column in table.columns:
            before, after = (set(frame[column].dropna().astype(str)) for frame in (table, now))
            if new := after - before:
                differing[name, column] = new
    assert set(differing) <= set(TEXTS) and all(len(new) == 1 and "***" in "".join(new) for new in differing.values())


def test_a_file_that_comes_back_is_refused_without_naming_anybody(sent, tmp_path) -> None:
    *_, names, data = sent
    text = f"{names[0]} {FORMS[0]}"
    path = tmp_path / f"{names[1]}的意见 {CARD}.json"
    said = {"indicator": text, "by": "李四", "words": text}
    path.write_text(
        json.dumps({"format": "assess-remarks 1", "year": 2016, "team": "T0001", "remarks": [said]}), "utf-8"
    )
    found = record_files(data, 2016, [path], None, record_remarks)
    assert [fault.key for fault in found.faults] == ["remarks.indicator"] and not found.recorded
    assert not found_in("\n".join(f"{f!r} {f.text('zh')}" for f in found.faults), [PHONE, CARD], names)
