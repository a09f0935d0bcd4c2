"""Rubric files: every fault with file, line and remedy, all in one go; versions chosen by year."""

from __future__ import annotations

import re
import time

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from support.situations import ROOT, RUBRICS, rubric
from support.small_rubric import base, indicator, write

from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.indicators.registry import options_by_measure
from assess_lib.rules.loading import _plain, check_rubric, read_rubric, rubric_in_force
from assess_lib.rules.plain_yaml import NotPlain, load_plain

FIRST = "dimensions.0.groups.0.indicators.0"


def faults_of(tree: dict, folder) -> list[tuple[str, str]]:
    _, faults = check_rubric(write(tree, folder), options_by_measure())
    return [(fault.key.removeprefix("rubric."), fault.place.split(" ")[-1]) for fault in faults]


def first(tree: dict) -> dict:
    return tree["dimensions"][0]["groups"][0]["indicators"][0]


@pytest.mark.parametrize(
    "bend, key, place",
    [
        (lambda t: t.update(colour="red"), "unknown_key", "colour"),
        (lambda t: first(t).update(wieght=3), "unknown_key", f"{FIRST}.wieght"),
        (lambda t: first(t).pop("clause"), "missing_key", f"{FIRST}.clause"),
        (lambda t: first(t).update(weight=31), "sum_of_indicators", "dimensions.0.weight"),
        (lambda t: t["dimensions"][1].update(weight=41), "sum_of_dimensions", "dimensions"),
        (lambda t: first(t).update(measure="incom_ratio"), "unknown_measure", f"{FIRST}.measure"),
        (
            lambda t: first(t).update(measure="loan_support", options={"days": 3}),
            "unknown_option",
            f"{FIRST}.options.days",
        ),
        (lambda t: first(t).pop("unit"), "entered_unit", FIRST),
        (lambda t: first(t).update(score={"kind": "linaer"}), "not_in_list", f"{FIRST}.score"),
        (lambda t: first(t).update(score={"floor": 1}), "missing_kind", f"{FIRST}.score"),
        (lambda t: first(t).update(score={"kind": "linear", "floor": 2, "target": 2}), "linear_ends", f"{FIRST}.score"),
        (
            lambda t: first(t).update(score={"kind": "linear", "floor": 0, "target": "two"}),
            "number",
            f"{FIRST}.score.target",
        ),
        (lambda t: first(t).update(missing="maybe"), "not_in_list", f"{FIRST}.missing"),
        (lambda t: first(t).update(weight=-1), "range", f"{FIRST}.weight"),
        (lambda t: first(t).update(id="A B"), "pattern", f"{FIRST}.id"),
        (lambda t: first(t).update(id="b"), "repeated_id", "dimensions.0.groups.0.indicators.1.id"),
        (lambda t: first(t).update(when={}), "empty_condition", f"{FIRST}.when"),
        (
            lambda t: first(t).update(when={"indicator": {"id": "zz", "op": ">", "value": 1}}),
            "unknown_reference",
            f"{FIRST}.when",
        ),
        (lambda t: t.update(ranking={"tie_breakers": ["nobody"]}), "unknown_reference", "ranking.tie_breakers.0"),
        (lambda t: t["dimensions"][0].update(groups=[]), "too_short", "dimensions.0.groups"),
        (lambda t: t["grades"]["bands"][1].update(range="[60, 91)"), "bands_overlap", "grades"),
        (lambda t: t["grades"]["bands"][1].update(range="[61, 90)"), "bands_hole", "grades"),
        (lambda t: t["grades"]["bands"][1].update(range="60-90"), "interval", "grades.bands.1.range"),
        (lambda t: t["grades"]["bands"].reverse(), "grades_order", "grades"),
        (lambda t: t["grades"]["bands"][2].update(quota=0.5), "last_quota", "grades"),
        (lambda t: t["in_force"].update(since="soon"), "type", "in_force.since"),
        (
            lambda t: t.update(
                veto=[
                    {
                        "id": "v",
                        "name": {"zh": "v", "en": "v"},
                        "when": {"county": ["x"]},
                        "limit": "bad",
                        "basis": "proposal",
                    }
                ]
            ),
            "unknown_reference",
            "veto.0.limit",
        ),
    ],
)
def test_each_fault_is_named_at_its_place(bend, key, place, tmp_path) -> None:
    tree = base()
    bend(tree)
    assert (key, place) in faults_of(tree, tmp_path)


@pytest.mark.parametrize(
    "bend, key",
    [
        (lambda i: i.update(score={"kind": "add", "per": 1, "cap": 2}), "bonus_weight"),
        (
            lambda i: i.update(
                score={"kind": "checklist", "items": [{"id": "p", "name": {"zh": "p", "en": "p"}, "points": 29}]}
            ),
            "full_mark",
        ),
        (lambda i: i.update(score={"kind": "relative", "to": "mean", "base": 31}), "full_mark"),
    ],
)
def test_points_and_weights_agree(bend, key, tmp_path) -> None:
    tree = base()
    bend(first(tree))
    assert key in [found for found, _ in faults_of(tree, tmp_path)]


def test_a_weight_between_two_steps(tmp_path) -> None:
    tree = base()
    one, other = tree["dimensions"][0]["groups"][0]["indicators"]
    one["weight"], other["weight"] = 30.005, 9.995
    assert [key for key, _ in faults_of(tree, tmp_path)] == ["weight_step", "weight_step"]


def test_weights_must_add_up_in_every_peer_group(tmp_path) -> None:
    tree = base()
    first(tree)["variants"] = [{"peers": {"area": ["山区"]}, "weight": 25}]
    _, faults = check_rubric(write(tree, tmp_path), {})
    assert [(fault.key, fault.value, fault.details["who"]) for fault in faults] == [
        ("rubric.sum_of_indicators", "55", "area = 山区")
    ]


def test_all_faults_come_in_one_go_with_their_lines(tmp_path) -> None:
    tree = base()
    first(tree).update(wieght=3, measure="incom_ratio")
    tree["dimensions"][1]["weight"] = 41
    tree["grades"]["bands"][0]["range"] = "oops"
    path = write(tree, tmp_path)
    _, faults = check_rubric(path, options_by_measure())
    assert {fault.key for fault in faults} >= {
        "rubric.unknown_key",
        "rubric.unknown_measure",
        "rubric.sum_of_dimensions",
        "rubric.interval",
    }
    lines = path.read_text(encoding="utf-8").splitlines()
    for fault in faults:
        number = int(re.match(r"line (\d+)", fault.place)[1])
        assert fault.place.split(".")[-1].split(" ")[-1] in lines[number - 1], fault
        assert fault.text("en").startswith(f"{path} line {number}")


def test_the_nearest_measure_is_suggested(tmp_path) -> None:
    tree = base()
    first(tree)["measure"] = "incom_ratio"
    _, faults = check_rubric(write(tree, tmp_path), options_by_measure())
    assert "income_ratio" in faults[0].text("en") and "income_ratio" in faults[0].text("zh")


@pytest.mark.parametrize(
    "text, key",
    [
        ("a: 1\na: 2\n", "duplicate_key"),
        ("a: [1\n", "yaml"),
        ("- 1\n", "type"),
        ("", "type"),
        ("a: !!python/object:os.system {}\n", None),
        ("\x00", "yaml"),
    ],
)
def test_files_that_are_no_rubric(text, key, tmp_path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    found, faults = check_rubric(path)
    assert found is None and faults
    if key:
        assert faults[0].key == f"rubric.{key}"


def test_a_missing_file_and_one_in_another_encoding(tmp_path) -> None:
    assert check_rubric(tmp_path / "none.yaml")[1][0].key == "rubric.no_file"
    (tmp_path / "gbk.yaml").write_bytes("名: 细则".encode("gbk"))
    assert check_rubric(tmp_path / "gbk.yaml")[1][0].key == "rubric.unreadable"


# ---- versions -----------------------------------------------------------------------------------


def test_the_version_in_force_is_chosen_by_year() -> None:
    assert [rubric_in_force(RUBRICS, year)[0].id for year in (2015, 2016, 2030)] == [
        "hubei-2015",
        "hubei-2016",
        "hubei-2016",
    ]
    with pytest.raises(UnusableInput, match="2014"):
        rubric_in_force(RUBRICS, 2014)


def test_the_later_of_two_versions_counts(tmp_path) -> None:
    for name, since in (("one", 2016), ("two", 2018)):
        write(base() | {"id": name, "in_force": {"since": since, "until": None}}, tmp_path, f"{name}.yaml")
    assert [rubric_in_force(tmp_path, year)[0].id for year in (2017, 2018)] == ["one", "two"]
    write(base() | {"id": "again", "in_force": {"since": 2018, "until": 2018}}, tmp_path, "again.yaml")
    with pytest.raises(UnusableInput, match="again.yaml, two.yaml"):
        rubric_in_force(tmp_path, 2018)


def test_a_version_that_extends_another_changes_what_it_says() -> None:
    old, new = rubric("hubei-2015"), rubric()
    different = [i.id for i in new.indicators() if i.definition() != old.indicator(i.id).definition()]
    assert different == ["funds_raised", "leader_visits", "leader_studies", "visit_frequency"]
    assert old.indicator("funds_raised").score.target == 50000 and new.indicator("funds_raised").score.target == 100000


def test_faults_of_an_extending_file_are_found_in_it(tmp_path) -> None:
    write(base(), tmp_path, "base.yaml")
    path = tmp_path / "next.yaml"
    path.write_text(
        "extends: base.yaml\nid: next\nchanges:\n  a:\n    weight: minus\n  zz: {weight: 1}\n", encoding="utf-8"
    )
    _, faults = check_rubric(path)
    assert [(fault.key, fault.file, fault.place.split()[1]) for fault in faults] == [
        ("rubric.unknown_reference", str(path), "6"),
        ("rubric.number", str(path), "5"),
    ]
    path.write_text("extends: next.yaml\n", encoding="utf-8")
    assert check_rubric(path)[1][0].key == "rubric.circular"


@pytest.mark.parametrize("name", ["total", "rank", "county", "grade", "lowest", "team_id", "year", "provisional"])
def test_an_id_that_is_a_column_of_the_results_is_a_fault(name, tmp_path) -> None:
    tree = base()
    first(tree)["id"] = name
    assert faults_of(tree, tmp_path) == [("reserved_id", f"{FIRST}.id")]
    tree = base()
    tree["dimensions"][0]["id"] = name
    assert faults_of(tree, tmp_path) == [("reserved_id", "dimensions.0.id")]


@pytest.mark.parametrize(
    "score, key",
    [
        ({"kind": "deduct", "per": 1, "floor": 31}, "low_above_high"),
        ({"kind": "rank", "per_place": 1, "floor": 31}, "low_above_high"),
        ({"kind": "proportional", "reference": 2, "min": 31}, "low_above_high"),
        ({"kind": "proportional", "reference": 2, "min": 9, "max": 8}, "low_above_high"),
        ({"kind": "relative", "to": "mean", "base": 10, "min": 31}, "low_above_high"),
        ({"kind": "linear", "floor": 0, "target": 1, "cap": 29}, "cap_below"),
        ({"kind": "deduct", "per": 1, "floor": 30}, ""),
        ({"kind": "deduct", "per": 1, "floor": -5}, ""),
        ({"kind": "linear", "floor": 50, "target": 90}, ""),
        ({"kind": "linear", "floor": 0, "target": 1, "cap": 30}, ""),
    ],
)
def test_bounds_of_points_that_contradict_the_weight(score, key, tmp_path) -> None:
    tree = base()
    first(tree)["score"] = score
    assert faults_of(tree, tmp_path) == ([(key, f"{FIRST}.score")] if key else [])


@pytest.mark.parametrize("kind", [{"kind": "proportional", "reference": 2}, {"kind": "add", "per": 1, "cap": 2}])
def test_a_direction_that_a_kind_does_not_have(kind, tmp_path) -> None:
    tree = base()
    first(tree).update(score={**kind, "better": "lower"})
    assert ("not_in_list", f"{FIRST}.score.better") in faults_of(tree, tmp_path)


def _laughs() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]" for before, here in zip("abcdefghij", "bcdefghijk")]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text, key, line",
    [
        ("a: " + "[" * 50_000 + "]" * 50_000, "beyond_depth", "line 1"),
        ("a: 1\nb: " + "{c: " * 60 + "1" + "}" * 60, "beyond_depth", "line 2"),
        (_laughs(), "beyond_nodes", "line 6"),
        ("a: 1\nb: " + "9" * 5000, "beyond_digits", "line 2"),
        ("a: 0." + "1" * 5000, "beyond_digits", "line 1"),
        ("a: x\n" * 300_000, "beyond_size", "line 1"),
        ("extends: ../other.yaml", "extends_outside", "line 1"),
        ("extends: /etc/hostname", "extends_outside", "line 1"),
    ],
)
def test_a_file_that_would_exhaust_its_reader_is_one_fault_at_once(text, key, line, tmp_path) -> None:
    (tmp_path / "rules").mkdir()
    path = tmp_path / "rules" / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("id: other\n", encoding="utf-8")
    began = time.process_time()
    _, faults = check_rubric(path)
    assert time.process_time() - began < 5
    assert [(fault.key, fault.place) for fault in faults] == [(f"rubric.{key}", line)]
    assert faults[0].text("zh").isprintable() and faults[0].text("en").isprintable()


def test_a_long_chain_of_files_is_told_and_a_short_one_is_read(tmp_path) -> None:
    write(base(), tmp_path, "0.yaml")
    for number in range(1, 20):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number - 1}.yaml\nid: r{number}\n", encoding="utf-8")
    assert read_rubric(tmp_path / "7.yaml").id == "r7"
    assert [fault.key for fault in check_rubric(tmp_path / "8.yaml")[1]] == ["rubric.beyond_files"]


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
@pytest.mark.parametrize("place", ["weight", "target"])
def test_no_number_is_a_fault_wherever_it_stands(number, place, tmp_path) -> None:
    path = write(base(), tmp_path)
    text = path.read_text(encoding="utf-8")
    old = "weight: 30" if place == "weight" else "target: 1"
    path.write_text(text.replace(old, f"{place}: {number}", 1), encoding="utf-8")
    assert "rubric.number" in [fault.key for fault in check_rubric(path)[1]]


# ---- the default rubric -------------------------------------------------------------------------


def test_the_default_rubric_holds_every_indicator_with_clause_and_names() -> None:
    regulation = (ROOT / "docs" / "regulation.txt").read_text(encoding="utf-8")
    plain = re.sub(r"\s", "", regulation)
    for entry in rubric().indicators():
        for piece in re.split(r"…|;|；", entry.clause.words):
            assert re.sub(r"\s", "", piece) in plain, (entry.id, piece)
        assert entry.name.zh and entry.name.en and entry.clause.section
    assert sum(dimension.weight for dimension in rubric().dimensions) == 100


def test_rubric_check_on_the_command_line(tmp_path) -> None:
    run = CliRunner().invoke(main, ["rubric", "check", str(RUBRICS / "hubei-2016.yaml")])
    assert run.exit_code == 0 and str(len(list(rubric().indicators()))) in run.output
    tree = base()
    first(tree)["weight"] = 31
    run = CliRunner().invoke(main, ["rubric", "check", str(write(tree, tmp_path)), "--lang", "en"])
    assert run.exit_code == 2 and "sum of 60" in run.output and "Traceback" not in run.output


def test_helpers_build_a_sound_rubric(tmp_path) -> None:
    assert indicator("x", 1)["id"] == "x"
    assert check_rubric(write(base(), tmp_path))[1] == []


# ---- reading without lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, value",
    [
        ("yes", "yes"),
        ("no", "no"),
        ("off", "off"),
        ("True", True),
        ("false", False),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("0.90", 0.9),
        ("+1.5", 1.5),
        ("2016-01-31", "2016-01-31"),
        ("3个", "3个"),
        ("-inf", "-inf"),
        ("'12'", "12"),
        ("[a, 1, {b: 0.5}]", ["a", 1, {"b": 0.5}]),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_what_is_plain_is_read_as_with_lines(text, value) -> None:
    assert load_plain(f"k: {text}") == {"k": value} == _plain(YAML(typ="rt", pure=True).load(f"k: {text}"))


@pytest.mark.parametrize(
    "text",
    [
        "012",
        "1_000",
        "0o14",
        "0x1F",
        "1:30",
        "1e3",
        ".5",
        "1.",
        ".inf",
        "2016-1-5",
        "2016-13-01",
        "2016-01-01T00:00:00Z",
    ]
    + [
        "{a: 1, a: 2}",
        "{1: a, 1: b}",
        "{[a]: 1}",
        "{<<: {b: 1}}",
        "!!int '5'",
        "!x 5",
        "[1",
        "&x [*x]",
        "\x00",
        "a\x85b",
    ]
    + ["1\n--- \n2", "\n%YAML 1.1\n---\na: yes"],
)
def test_what_is_not_plain_is_left_to_the_reader_with_lines(text) -> None:
    with pytest.raises(NotPlain):
        load_plain(f"k: {text}")


@pytest.mark.parametrize("path", sorted(RUBRICS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_shipped_rubrics_are_plain(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert load_plain(text) == _plain(YAML(typ="rt", pure=True).load(text))


def test_a_rubric_that_is_not_plain_is_read_all_the_same(tmp_path) -> None:
    path = write(base(), tmp_path)
    sound = read_rubric(path)
    path.write_text(path.read_text(encoding="utf-8").replace("weight: 30", "weight: 3e1"), encoding="utf-8")
    assert "weight: 3e1" in path.read_text(encoding="utf-8") and read_rubric(path) == sound
