"""Rubric files: every fault with file, line and remedy, all in one go; versions chosen by year."""

from __future__ import annotations

import re
import time
from fractions import Fraction

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from support.situations import ROOT, RUBRICS, rubric
from support.small_rubric import base, indicator, write

from assess_lib.api import load_rubric
from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.indicators.registry import vocabulary
from assess_lib.plain_yaml import NotPlain, load_plain
from assess_lib.rules.loading import _plain, check_rubric, read_rubric, rubric_in_force

FIRST = "dimensions.0.groups.0.indicators.0"


def faults_of(tree: dict, folder) -> list[tuple[str, str]]:
    _, faults = check_rubric(write(tree, folder), vocabulary())
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
        (lambda i: i.update(score={"kind": "add", "per": 1, "cap": 2}, weight=0, missing="exclude"), "exclude_bonus"),
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
    _, faults = check_rubric(write(tree, tmp_path))
    assert [(fault.key, fault.value, fault.details["who"]) for fault in faults] == [
        ("rubric.sum_of_indicators", "55", "area = 山区")
    ]


def test_all_faults_come_in_one_go_with_their_lines(tmp_path) -> None:
    tree = base()
    first(tree).update(wieght=3, measure="incom_ratio")
    tree["dimensions"][1]["weight"] = 41
    tree["grades"]["bands"][0]["range"] = "oops"
    path = write(tree, tmp_path)
    _, faults = check_rubric(path, vocabulary())
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
    _, faults = check_rubric(write(tree, tmp_path), vocabulary())
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


def test_a_named_file_is_refused_for_a_year_in_which_it_is_not_in_force(tmp_path) -> None:
    path = write(base() | {"in_force": {"since": 2016, "until": 2018}}, tmp_path)
    assert [load_rubric(path, year).id for year in (2016, 2018)] == ["small"] * 2
    for year in (2013, 2015, 2019):
        with pytest.raises(UnusableInput) as refused:
            load_rubric(path, year)
        fault = refused.value.faults[0]
        assert (fault.key, fault.value) == ("rubric.not_in_force", str(year))
        assert "2016" in fault.text("zh") and "extends: small.yaml" in fault.text("en")
    trial = tmp_path / "trial.yaml"  # said in so many words, it is done
    trial.write_text("extends: small.yaml\nid: trial\nin_force: {since: 2013, until: 2015}\n", encoding="utf-8")
    assert load_rubric(trial, 2013).id == "trial"


def test_scoring_a_year_by_rules_not_in_force_writes_nothing(tmp_path) -> None:
    out = tmp_path / "out"
    run = [
        "score",
        str(ROOT / "data" / "sample"),
        "--year",
        "2016",
        "--rubric",
        str(RUBRICS / "hubei-2015.yaml"),
        "--out",
        str(out),
    ]
    done = CliRunner().invoke(main, run)
    assert done.exit_code == 2 and "2016" in done.output and not out.exists()


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
        ({"kind": "proportional", "reference": 2, "min": 32, "max": 31}, "low_above_high"),
        ({"kind": "proportional", "reference": 2, "max": 29}, "cap_below"),
        ({"kind": "relative", "to": "mean", "base": 10, "max": 29}, "cap_below"),
        (
            {"kind": "steps", "bands": [{"range": "[1, inf)", "points": 29}, {"range": "(-inf, 1)", "points": 0}]},
            "full_mark",
        ),
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


@pytest.mark.parametrize(
    "number",
    ["1_000", "0o17", "0O17", "0x10", "-0x1F", "0b11", "010", "00.5", "-007", "1:30", "12:30:00", "1_0.5", "1_"],
)
def test_a_number_that_is_read_in_two_ways_is_a_fault_with_its_remedy(number, tmp_path) -> None:
    path = write(base(), tmp_path)
    text = path.read_text(encoding="utf-8").replace("target: 1", f"target: {number}", 1)
    path.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if number in row)
    _, faults = check_rubric(path)
    assert [(f.key, f.place, f.value) for f in faults] == [("rubric.two_ways", f"line {line}", number)]
    assert "1000" in faults[0].text("zh") and "1000" in faults[0].text("en")
    path.write_text(text.replace(f"target: {number}", f'target: "{number}"'), encoding="utf-8")
    assert [f.key for f in check_rubric(path)[1]] == ["rubric.number"]  # in quotes it is text


@pytest.mark.parametrize("number", ["0", "1", "-0.5", "+2", "1e3", ".5", "1.", "0.000001", "123456789012345"])
def test_plain_numbers_are_read_as_written(number, tmp_path) -> None:
    tree = base()
    first(tree)["unit"] = "points_pp"
    path = write(tree, tmp_path)
    text = (
        path.read_text(encoding="utf-8").replace("floor: 0", "floor: -9").replace("target: 1", f"target: {number}", 1)
    )
    path.write_text(text, encoding="utf-8")
    assert next(read_rubric(path).indicators()).score.target == Fraction(number)


@pytest.mark.parametrize(
    "value", ["!!int '5'", "!!float .5", "!x 5", "!!python/object/apply:os.system ['true']", "!!map {}"]
)
def test_a_type_asked_for_by_name_is_a_fault(value, tmp_path) -> None:
    path = write(base(), tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + f"note: {value}\n", encoding="utf-8")
    assert [fault.key for fault in check_rubric(path)[1]] == ["rubric.tag"]


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


# ---- what conditions, means and lists name ---------------------------------------------------------------------------


def vetoed(tree: dict, when: dict) -> None:
    name = {"zh": "v", "en": "v"}
    tree["veto"] = [{"id": "v", "name": name, "when": when, "limit": "fail", "basis": "proposal"}]


@pytest.mark.parametrize(
    "village, key",
    [
        ({"is_rich": True}, "unknown_column"),
        ({"county": "云汐县"}, "unknown_column"),  # has a key of its own
        ({"delisted_on": "2016-01-01"}, "unknown_column"),  # a date is compared with nothing
        ({"name": True}, "impossible_value"),
        ({"name": ""}, "impossible_value"),
        ({"is_poor": "yes"}, "impossible_value"),
        ({"is_poor": "true"}, "impossible_value"),
        ({"is_poor": True}, ""),
        ({"name": "东村", "is_poor": False}, ""),
    ],
)
@pytest.mark.parametrize("inside", [lambda c: c, lambda c: {"not": c}, lambda c: {"any": [{"area": ["x"]}, c]}])
def test_a_condition_on_a_village_asks_for_what_there_is(village, key, inside, tmp_path) -> None:
    column = next(iter(village))
    tree = base()
    vetoed(tree, inside({"village": village}))
    first(tree)["when"] = inside({"village": village})
    found = faults_of(tree, tmp_path)
    assert [k for k, _ in found] == ([key] * 2 if key else [])
    assert all(place.endswith(f"village.{column}") for _, place in found)


def of_county(*names: str, **more) -> dict:
    return {"peers": {"county": list(names)}, **more}


LOWER = {"score": {"kind": "linear", "floor": 0, "target": 2}}


@pytest.mark.parametrize(
    ("variants", "found"),
    [
        ([of_county("甲")], [("variant_says_nothing", "[0]")]),
        ([of_county("甲", **LOWER), of_county("甲", **LOWER)], [("never_reached", "[1]")]),
        ([of_county("甲", "乙", **LOWER), of_county("乙", **LOWER)], [("never_reached", "[1]")]),
        (
            [of_county("甲", **LOWER), {"peers": {"county": ["甲"], "area": ["山"]}, **LOWER}],
            [("never_reached", "[1]")],
        ),
        ([{"peers": {"county": ["甲"], "area": ["山"]}, **LOWER}, of_county("甲", **LOWER)], []),
        ([of_county("甲", **LOWER), of_county("甲", "乙", **LOWER)], []),
        ([of_county("甲", **LOWER), {"peers": {"area": ["山"]}, **LOWER}], []),
    ],
)
def test_a_variant_says_something_and_is_reached(variants, found, tmp_path) -> None:
    tree = base()
    first(tree)["variants"] = variants
    place = "dimensions.0.groups.0.indicators.0.variants"
    assert faults_of(tree, tmp_path) == [(key, place + at.replace("[", ".").rstrip("]")) for key, at in found]


def test_two_vetoes_have_two_ids_and_no_group_a_cap_below_nothing(tmp_path) -> None:
    tree = base()
    vetoed(tree, {"county": ["甲"]})
    tree["veto"] *= 2
    assert ("repeated_id", "veto.1.id") in faults_of(tree, tmp_path)
    tree = base()
    tree["dimensions"][0]["groups"][0]["cap"] = -1
    assert faults_of(tree, tmp_path) == [("range", "dimensions.0.groups.0.cap")]


@pytest.mark.parametrize(
    ("norms", "found"),
    [
        ({"meetings": {"members": 4, "party": 2}}, [("unknown_code", "norms.meetings")]),
        ({"inspections": {"wrk": 2}}, [("unknown_code", "norms.inspections")]),
        ({"reports": {"q1": 15}}, [("unknown_code", "norms.reports")]),
        ({"budget": ["agricultral", "fiscal"]}, [("unknown_code", "norms.budget")]),
        ({"households_out": {"2016": 0.5, "2017": 0.3}}, [("norm_falls", "norms.households_out")]),
        ({"households_out": {"20166": 0.5}}, [("range", "norms.households_out.20166")]),
        ({"meetngs": {"members": 4}}, [("unknown_key", "norms.meetngs")]),
        ({"meetings": {"members": 4}, "budget": [], "households_out": {"2016": 0.5, "2017": 0.5}}, []),
    ],
)
def test_norms_name_what_there_is_and_do_not_contradict_one_another(norms, found, tmp_path) -> None:
    assert faults_of(base() | {"norms": norms}, tmp_path) == found


def test_an_unknown_column_is_told_with_those_there_are(tmp_path) -> None:
    tree = base()
    vetoed(tree, {"village": {"is_rich": True}})
    _, faults = check_rubric(write(tree, tmp_path), vocabulary())
    assert faults[0].value == "is_rich" and "is_poor" in faults[0].text("zh") and "is_poor" in faults[0].text("en")


@pytest.mark.parametrize("when", [{}, {"county": []}, {"village": {}}, {"any": []}, {"all": []}, {"county": None}])
def test_a_condition_that_says_nothing_is_a_fault(when, tmp_path) -> None:
    tree = base()
    vetoed(tree, when)
    assert {key for key, _ in faults_of(tree, tmp_path)} <= {"empty_condition", "too_short"} != set()
    assert faults_of(tree, tmp_path)


def test_conditions_that_ask_for_one_another_are_a_fault(tmp_path) -> None:
    tree = base()
    one, other = tree["dimensions"][0]["groups"][0]["indicators"]
    third = tree["dimensions"][0]["groups"][1]["indicators"][0]
    for rule, asked in ((one, "b"), (other, "c"), (third, "a")):
        rule["when"] = {"not": {"indicator": {"id": asked, "op": "<", "value": 1}}}
    found = faults_of(tree, tmp_path)
    assert [key for key, _ in found] == ["circular_conditions"]
    third.pop("when")
    assert faults_of(tree, tmp_path) == []


def measured(measure: str, score: dict, **more) -> dict:
    rule = indicator("a", 30, score, measure=measure, **more)
    rule.pop("unit")
    return rule


LINE = {"kind": "linear", "floor": 0, "target": 1}


@pytest.mark.parametrize(
    "rule, key",
    [
        (measured("clinic", {"kind": "all_or_nothing", "target": 1, "average_over": "parts"}), "no_parts"),
        (measured("leverage", {**LINE, "average_over": "parts"}), "no_parts"),
        (indicator("a", 30, {**LINE, "average_over": "parts"}), "no_parts"),  # what is typed in has no parts
        (measured("attendance_days", {**LINE, "average_over": "parts"}), ""),
        (measured("six_ones", {**LINE, "average_over": "parts"}), ""),
        (measured("clinic", {"kind": "deduct", "per": 1, "average_over": "parts"}), "unknown_key"),
        (measured("clinic", LINE, variants=[{"peers": {"area": ["x"]}, "score": {**LINE, "average_over": "parts"}}]), "no_parts"),
        (measured("clinic", LINE, options={"days": 3}), "unknown_option"),
        (indicator("a", 30, options={"days": 3}), "unknown_option"),  # what is typed in takes none
        (measured("clinic", LINE) | {"unit": "share"}, "measured_unit"),
        (measured("clinic", {"kind": "checklist", "items": [{"id": "plan", "name": {"zh": "x", "en": "x"}, "points": 30}]}), "no_items"),
        (measured("six_ones", {"kind": "checklist", "items": [{"id": "plam", "name": {"zh": "x", "en": "x"}, "points": 30}]}), "unknown_item"),
        (measured("six_ones", {"kind": "checklist", "items": [{"id": "plan", "name": {"zh": "x", "en": "x"}, "points": 30}]}), ""),
    ],
)  # fmt: skip
def test_what_a_measure_does_not_give_is_not_asked_of_it(rule, key, tmp_path) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][0] = rule
    assert [found for found, _ in faults_of(tree, tmp_path)] == ([key] if key else [])


@pytest.mark.parametrize(
    "members, keys",
    [
        ({"rank_on": ["b"]}, ["no_members"]),
        ({"rank_on": ["a"], "at_least": {"b": 1}}, ["not_ranked_on"]),
        ({"rank_on": ["a"], "at_least": {"a": 1}}, []),
        ({"rank_on": ["a"], "at_least": {"z": 1}}, ["not_ranked_on"]),  # one cause: nothing is named z
        ({"rank_on": ["z"], "at_least": {"z": 1}}, ["unknown_reference"]),
    ],
)
def test_members_are_ranked_on_what_is_measured_member_by_member(members, keys, tmp_path) -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][0] = measured("attendance_days", LINE)
    tree["commendation"] = {"teams": {"grades": ["excellent"]}, "members": {"top_share": 0.1, **members}}
    assert [key for key, _ in faults_of(tree, tmp_path)] == keys


def test_the_vocabulary_says_of_each_measure_what_its_values_are_made_of(sample_years) -> None:
    known = vocabulary()
    for rule in sample_years[0].rubric.indicators():
        found = sample_years[0].measurements[rule.id].parts
        assert (found is not None) == (rule.measure in known.members or rule.measure in known.items), rule.measure
        if rule.measure in known.items:
            assert set(found["part"]) == set(known.items[rule.measure])


# ---- points without a weight, and of variants ------------------------------------------------------------------------


def bands(*points: float) -> list[dict]:
    ranges = ["(-inf, 1)", "[1, 2)", "[2, inf)"]
    return [{"range": each, "points": number} for each, number in zip(ranges, points, strict=True)]


@pytest.mark.parametrize(
    "score, key",
    [
        (LINE, ""),  # measured and shown, for no points
        ({"kind": "all_or_nothing", "target": 1}, ""),
        ({"kind": "proportional", "reference": 2}, ""),
        ({**LINE, "cap": 5}, "idle_points"),
        ({"kind": "proportional", "reference": 2, "max": 3}, "idle_points"),
        ({"kind": "proportional", "reference": 2, "min": 3}, "idle_points"),
        ({"kind": "deduct", "per": 1}, "idle_points"),  # nothing to be taken away, down to 0
        ({"kind": "deduct", "per": 1, "floor": -3}, ""),
        ({"kind": "deduct", "per": 1, "floor": None}, ""),
        ({"kind": "rank", "per_place": 1}, "idle_points"),
        ({"kind": "rank", "per_place": 1, "floor": -2}, ""),
        ({"kind": "relative", "to": "mean", "base": 1}, "idle_points"),
        ({"kind": "relative", "to": "mean", "base": 1, "max": 2}, ""),
        ({"kind": "add", "per": 1, "cap": 2}, ""),
        ({"kind": "steps", "bands": bands(-2, -1, 0)}, ""),
        ({"kind": "steps", "bands": bands(-2, 0, 1)}, "full_mark"),
    ],
)
@pytest.mark.parametrize("of_variant", [False, True])
def test_points_at_weight_0_do_what_they_say_or_are_refused(score, key, of_variant, tmp_path) -> None:
    tree = base()
    more = indicator("e", 0)
    if of_variant:
        more["variants"] = [{"peers": {"area": ["山区"]}, "score": score}]
    else:
        more["score"] = score
    tree["dimensions"][0]["groups"][0]["indicators"].append(more)
    assert [found for found, _ in faults_of(tree, tmp_path)] == ([key] if key else [])


@pytest.mark.parametrize(
    "variant, found",
    [
        ({"score": {"kind": "add", "per": 1, "cap": 5}}, ["bonus_weight"]),
        ({"score": {**LINE, "cap": 29}}, ["cap_below"]),
        ({"score": {**LINE, "cap": 35}}, []),  # above full: a bonus, as for any indicator
        ({"weight": 35, "score": {**LINE, "cap": 32}}, ["cap_below", "sum_of_indicators"]),
        ({"weight": 0, "score": {"kind": "add", "per": 1, "cap": 5}}, ["sum_of_indicators"]),
        ({"weight": 25, "score": {"kind": "deduct", "per": 1, "floor": 28}}, ["low_above_high", "sum_of_indicators"]),
        ({"score": {"kind": "deduct", "per": 1, "floor": 31}}, ["low_above_high"]),
    ],
)
def test_a_variant_is_held_to_its_own_weight(variant, found, tmp_path) -> None:
    tree = base()
    first(tree)["variants"] = [{"peers": {"area": ["山区"]}, **variant}]
    assert sorted(key for key, _ in faults_of(tree, tmp_path)) == found


@pytest.mark.parametrize(
    "better, points, key",
    [
        ("higher", (0, 15, 30), ""),
        ("higher", (0, 0, 30), ""),
        ("higher", (30, 15, 0), "bands_against_better"),
        ("higher", (0, 30, 15), "bands_against_better"),
        ("lower", (30, 15, 0), ""),
        ("lower", (0, 15, 30), "bands_against_better"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_steps_never_give_a_better_value_fewer_points(better, points, key, turned, tmp_path) -> None:
    written = bands(*points)
    tree = base()
    first(tree)["score"] = {"kind": "steps", "better": better, "bands": written[::-1] if turned else written}
    assert [found for found, _ in faults_of(tree, tmp_path)] == ([key] if key else [])


@pytest.mark.parametrize(
    "bend, found",
    [
        (lambda t: t["in_force"].update(until=2015), [("ends_before", "in_force.until")]),
        (lambda t: t["in_force"].update(until=2016), []),
        (lambda t: t.update(rectification={"deadline": "02-30"}), [("no_such_day", "rectification.deadline")]),
        (lambda t: t.update(rectification={"deadline": "02-29"}), [("no_such_day", "rectification.deadline")]),
        (lambda t: t.update(rectification={"deadline": "06-31"}), [("no_such_day", "rectification.deadline")]),
        (lambda t: t.update(rectification={"deadline": "06-30"}), []),
        (lambda t: group(t).update(floor=31, cap=30), [("floor_out_of_reach", "dimensions.0.groups.0.floor")]),
        (lambda t: group(t).update(floor=41), [("floor_out_of_reach", "dimensions.0.groups.0.floor")]),
        (lambda t: group(t).update(floor=-5, cap=40, limits="with_weight"), []),
        (lambda t: group(t).update(limits="with_weight"), [("held_at_nothing", "dimensions.0.groups.0.limits")]),
        (lambda t: group(t).update(cap=40, limits="sometimes"), [("not_in_list", "dimensions.0.groups.0.limits")]),
    ],
)
def test_what_contradicts_itself_is_a_fault(bend, found, tmp_path) -> None:
    tree = base()
    bend(tree)
    assert faults_of(tree, tmp_path) == found


def group(tree: dict) -> dict:
    return tree["dimensions"][0]["groups"][0]


def test_a_veto_at_the_best_grade_limits_nothing(tmp_path) -> None:
    tree = base()
    vetoed(tree, {"area": ["山区"]})
    tree["veto"][0]["limit"] = "excellent"
    assert faults_of(tree, tmp_path) == [("limits_nothing", "veto.0.limit")]


@pytest.mark.parametrize(
    "unit, score, place",
    [
        ("share", {"kind": "linear", "floor": 0, "target": 95}, "target"),  # a percentage for a share
        ("share", {"kind": "all_or_nothing", "target": 98}, "target"),
        ("share", {"kind": "proportional", "reference": 80}, "reference"),
        ("share", {"kind": "deduct", "target": 98, "per": 1, "better": "higher"}, "target"),
        ("rating", {"kind": "linear", "floor": 60, "target": 120}, "target"),
        ("yes_no", {"kind": "all_or_nothing", "target": 2}, "target"),
        ("days", {"kind": "linear", "floor": 0, "target": 400}, "target"),
        ("count", {"kind": "all_or_nothing", "target": -1, "better": "lower"}, "target"),
        ("share", {"kind": "linear", "floor": 0.5, "target": 1}, ""),
        ("share", {"kind": "all_or_nothing", "target": 0, "beyond": True}, ""),
        ("points_pp", {"kind": "linear", "floor": -9, "target": 400}, ""),
        ("yuan", {"kind": "linear", "floor": 0, "target": 500000}, ""),
    ],
)
def test_a_target_that_no_entered_value_reaches_is_a_fault(unit, score, place, tmp_path) -> None:
    tree = base()
    first(tree).update(unit=unit, score=score)
    assert faults_of(tree, tmp_path) == ([("out_of_reach", f"{FIRST}.score.{place}")] if place else [])


def test_a_comparison_with_what_no_entered_value_can_be_is_a_fault(tmp_path) -> None:
    tree = base()
    first(tree)["unit"] = "share"
    vetoed(tree, {"not": {"indicator": {"id": "a", "op": ">=", "value": 60}}})
    assert faults_of(tree, tmp_path) == [("out_of_reach", "veto.0.when.not.indicator.value")]
    vetoed(tree, {"not": {"indicator": {"id": "a", "op": ">=", "value": 0.6}}})
    assert faults_of(tree, tmp_path) == []
