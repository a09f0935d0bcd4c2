"""No path of the machine on a page, whatever characters it has: apostrophes, quotation marks, blanks, Chinese."""

from __future__ import annotations

import html
import json

import nbformat
import pytest

from assess_lib.faults import Fault
from assess_lib.pages.documents.check_page import check_page
from assess_lib.pages.export import page
from assess_lib.path_redaction import without_addresses, without_folders
from assess_lib.tables.checks.report import Report

ODD = ["it's here", 'a "quoted" one', "two  blanks", "数据 2016", "a&b<c>", "back\\slash", "plain"]


def executed(source: str, *outputs: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    shown = nbformat.v4.new_code_cell("card", outputs=[nbformat.v4.new_output("stream", text=text) for text in outputs])
    return nbformat.v4.new_notebook(cells=[cell, shown])


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("write", [json.dumps, repr])
def test_a_page_names_the_last_part_of_a_path_alone(tmp_path, name: str, write) -> None:
    """papermill writes parameters as JSON does, with escapes for what is not ASCII; a person writes them as Python does."""
    folder = tmp_path / "home of 王" / name
    source = f'team_id = "T0001"\ndata = {write(str(folder))}\nrubric = {write(str(folder / "r.yaml"))}\nyear = 2016'
    made = html.unescape(page(executed(source, f"read {folder}/2016/a.csv and {folder!r}"), "t", "zh"))
    assert str(tmp_path) not in made and "home of" not in made
    assert 'rubric = "r.yaml"\nyear = 2016' in made and "read" in made and "2016/a.csv" in made
    if name != "back\\slash":  # which is also a path of Windows
        assert f"data = {json.dumps(name, ensure_ascii=False)}" in made


def test_the_notebook_itself_keeps_its_parameters(tmp_path) -> None:
    notebook = executed(f"data = {str(tmp_path)!r}")
    page(notebook, "t", "zh")
    assert str(tmp_path) in notebook.cells[0].source


def test_what_only_looks_like_a_folder_stays() -> None:
    text = '<a href="../data/x.html">2016/data</a> https://a.b/data/c </data> /data/2016'
    assert without_folders(text, ["/data"], markup=True) == text.replace(" /data/2016", " data/2016")
    assert without_folders("data/sample", ["data/sample"]) == "data/sample"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No such file: '/tmp/x/y.csv'", "No such file: 'y.csv'"),
        ("/usr/lib/python3/site.py:12", "site.py:12"),
        ("C:\\Users\\li\\a.csv", "a.csv"),
        ("12/5 3/4, http://a.b/c/d", "12/5 3/4, http://a.b/c/d"),
        ("/it's mine/data 1/2016/a.csv missing", "data 1/2016/a.csv missing"),
    ],
)
def test_a_message_names_no_folder_of_the_machine(text: str, shown: str) -> None:
    assert without_addresses(text, ["/it's mine/data 1"]) == shown


def test_the_page_of_a_check_names_none(tmp_path) -> None:
    home = tmp_path / "it's mine"
    why = f"[Errno 2] No such file or directory: '{home}/2016/甲县.xlsx'"
    fault = Fault("reading.unreadable", str(home / "2016" / "甲县.xlsx"), details={"why": why})
    made = html.unescape(check_page(Report(str(home), 2016, [fault], False), "zh"))
    assert "甲县.xlsx" in made and str(tmp_path) not in made and "No such file" in made
