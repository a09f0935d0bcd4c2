"""What an evaluator types at a notebook: where data are looked for, and what objects show of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.situations import ROOT, SAMPLE

from assess_lib import UnusableInput, load_rubric, resources
from assess_lib.html_table import html_table
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text
from assess_lib.version import code_digest

SHORT = 120


def test_objects_say_in_a_line_what_they_are(sample_years) -> None:
    now, before = sample_years
    card = Scorecard(now, before, "T0001", "en")
    said = [repr(card), repr(now), repr(now.rubric), repr(now.data)]
    assert all(len(text) < SHORT and "\n" not in text for text in said)
    assert (
        repr(card) == f"<Scorecard T0001 2016: {card.total} points, rank {card.score['rank']}, grade {card.grade.id}>"
    )
    assert repr(now) == "<Assessment 2016: 24 teams by hubei-2016 " + now.rubric.version + ">"


def test_objects_show_weights_and_directions_in_their_headings(sample_years) -> None:
    now, before = sample_years
    card = Scorecard(now, before, "T0001", "en")
    shown = card._repr_html_()
    for line in card.dimensions:
        assert f"<th>{line.name} ({points_text(line.weight)}, ↑)</th>" in shown
    assert f">{card.total}<" in shown
    rules = now.rubric._repr_html_("en")
    lower = next(each for each in now.rubric.indicators() if each.score.better == "lower")
    assert f"{lower.name['en']} (" in rules and "↓" in rules
    best = now.scores.sort_values("overall_rank").index[0]
    assert f">{best}<" in now._repr_html_("en") and "and 14 more" in now._repr_html_("en")
    assert f">{len(now.data.tables['households'])}<" in now.data._repr_html_("en")
    assert all(len(each._repr_html_()) < 20_000 for each in (card, now, now.rubric, now.data))


def test_what_objects_show_of_data_is_never_markup(sample_years) -> None:
    now, before = sample_years
    card = Scorecard(now, before, "T0001")
    card.__dict__["team"] = card.team.where(card.team.index != "name", "<script>alert(1)</script>")
    assert "<script>" not in card._repr_html_() and "&lt;script&gt;" in card._repr_html_()
    assert "<b>" not in html_table("<b>", ["<b>"], [["<b>"]]) and "&lt;b&gt;" in html_table("<b>", ["<b>"], [["<b>"]])


def test_a_relative_path_is_relative_to_the_working_folder_alone(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnusableInput) as caught:
        resources.data_folder("data/sample")  # the checkout has one; it is not what was named
    assert str(tmp_path / "data" / "sample") in caught.value.text("en")
    (tmp_path / "data" / "sample").mkdir(parents=True)
    assert resources.data_folder("data/sample") == Path("data/sample")
    with pytest.raises(UnusableInput) as caught:
        load_rubric("parameters/rubrics/hubei-2016.yaml", 2016)
    assert str(tmp_path / "parameters") in caught.value.text("en")


def test_no_data_named_means_the_sample(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resources.data_folder("") == SAMPLE
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path / "nowhere")
    with pytest.raises(UnusableInput) as caught:
        resources.data_folder("")
    assert "assess sample --out data/sample" in caught.value.text("en")


def test_a_project_has_rules_of_its_own(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resources.shipped("parameters/rubrics") == ROOT / "parameters" / "rubrics"
    (tmp_path / "parameters" / "rubrics").mkdir(parents=True)
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    assert resources.shipped("parameters/rubrics") == tmp_path / "parameters" / "rubrics"


def test_the_digest_of_the_program_is_not_that_of_what_a_wheel_carries(tmp_path, monkeypatch) -> None:
    from assess_lib import version

    package = tmp_path / "assess_lib"
    package.mkdir()
    (package / "version.py").write_text("")
    monkeypatch.setattr(version, "__file__", str(package / "version.py"))
    code_digest.cache_clear()
    first = code_digest()
    (package / "bundled").mkdir()
    (package / "bundled" / "rules.yaml").write_text("a: 1")
    code_digest.cache_clear()
    assert code_digest() == first
    (package / "more.py").write_text("x = 1")
    code_digest.cache_clear()
    assert code_digest() != first
    code_digest.cache_clear()
