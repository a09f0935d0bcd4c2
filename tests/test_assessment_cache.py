"""An unchanged year is not assessed twice; a changed one always is, and no file is believed that is not ours."""

from __future__ import annotations

import os
import pickle
import shutil

import pytest
from support.shared import shared
from support.situations import ROOT, SAMPLE

from assess_lib import api, assessment_cache, open_scorecard
from assess_lib.api import compute_years, load_years
from assess_lib.assessment_cache import FOLDER, NEWEST, VARIABLE, question, read_years, write_years
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.review.acts import ReviewSession
from assess_lib.sample.dataset import write_sample
from assess_lib.tables.quarantine import keep_aside, quarantine_file

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "geteuid"), reason="nothing is kept beside the data here"),
    pytest.mark.usefixtures("same_years_loaded_once"),
]


@pytest.fixture(scope="session")
def few(tmp_path_factory):
    """The data of a few teams, with their assessments beside it."""

    def made(home):
        data = write_sample(home, 4, 1, [2015, 2016])
        load_years(data, 2016)
        return data

    return shared(tmp_path_factory, "few", made)


@pytest.fixture
def data(tmp_path, few):
    """A copy with the assessments beside it, which are found there as long as nothing is changed."""
    return shutil.copytree(few, tmp_path / "data")


@pytest.fixture
def fresh(tmp_path, few):
    """A copy of the tables alone."""
    return shutil.copytree(few, tmp_path / "fresh", ignore=shutil.ignore_patterns(FOLDER))


@pytest.fixture
def computed(monkeypatch):
    """How often a year was assessed, a line each."""
    calls = []

    def counted(*given):
        calls.append(given)
        return compute(*given)

    compute = api._computed
    monkeypatch.setattr(api, "_computed", counted)
    return calls


def test_what_was_computed_is_found_again_and_is_the_same(fresh, computed) -> None:
    first, before = load_years(fresh, 2016)
    again, earlier = load_years(fresh, 2016)
    assert len(computed) == 1
    assert again.scores.equals(first.scores) and again.points.equals(first.points)
    assert again.rubric == first.rubric and earlier.scores.equals(before.scores)
    assert again.data.fingerprint == first.data.fingerprint
    assert list(again.measurements) == list(first.measurements)
    for name, measured in first.measurements.items():
        assert again.measurements[name].teams.equals(measured.teams), name
        assert again.measurements[name].evidence.equals(measured.evidence), name
    for name, table in first.data.tables.items():
        assert again.data.tables[name].equals(table), name
    cards = [open_scorecard("T0001", 2016, fresh) for _ in range(2)]
    assert cards[0].lines == cards[1].lines and cards[0].evidence == cards[1].evidence


def test_nothing_is_read_before_it_is_asked_for(data) -> None:
    now, _ = load_years(data, 2016)
    assert now.data.tables._read == {} and now.measurements._read == {}
    assert len(now.data.tables["households"]) and set(now.data.tables._read) == {"households"}


def test_it_lies_beside_the_data_for_this_user_alone(few) -> None:
    folder = few / FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    (written,) = [path for path in folder.iterdir() if path.name != ".gitignore"]
    assert written.stat().st_mode & 0o777 == 0o600 and (folder / ".gitignore").read_text() == "*\n"


def _edit_in_place(path) -> None:
    """Another byte, the same size and the same time of change."""
    before, text = path.stat(), path.read_bytes()
    place = text.rindex(b"T0001")
    path.write_bytes(text[:place] + b"T0002" + text[place + 5 :])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", ["byte", "year_before", "new_file", "file_gone", "code", "calendar", "rubric"])
def test_what_decides_an_assessment_decides_the_key(change, data, tmp_path, monkeypatch) -> None:
    rules = api._rubrics_of_years(data, 2016, None)
    first = assessment_cache.cache_key(data, 2016, rules)
    assert assessment_cache.cache_key(data, 2016, rules) == first
    if change == "byte":
        _edit_in_place(next((data / "2016").glob("reports.csv")))
    elif change == "year_before":
        _edit_in_place(next((data / "2015").glob("reports.csv")))
    elif change == "new_file":
        (data / "2016" / "unknown.xyz").write_text("")
    elif change == "file_gone":
        (data / "2016" / "reports.csv").unlink()
    elif change == "code":
        monkeypatch.setattr(assessment_cache, "code_digest", lambda: "another")
    elif change == "calendar":
        (tmp_path / "calendar.yaml").write_text("years: {}")
        monkeypatch.setattr(assessment_cache, "shipped", lambda name: tmp_path / "calendar.yaml")
    else:
        rules = (rules[0].model_copy(update={"version": "other"}), rules[1])
    assert assessment_cache.cache_key(data, 2016, rules) != first


def test_what_people_judged_is_put_on_top_of_what_was_kept(data, computed) -> None:
    first, _ = load_years(data, 2016)
    review = ReviewSession(first, Ledger(ledger_path(data)))
    review.judge("exclude", "T0002", "road_hardening", "张三", "本村无此任务")
    times = len(computed)
    now, _ = load_years(data, 2016)
    assert len(computed) == times, "nothing is computed anew for an entry"
    assert now.adjustments.excluded == {("T0002", "road_hardening")} and now.points.equals(review.result.points)
    assert now.as_computed.points.equals(first.points)


class Evil:
    """What somebody else would leave: pickle does what it says."""

    def __reduce__(self):
        return os.mkdir, (Evil.place,)


@pytest.mark.parametrize(
    "spoil", ["cut", "flipped", "empty", "foreign", "open_file", "open_folder", "link", "other_key"]
)
def test_what_is_damaged_or_not_ours_is_computed_anew(spoil, data, tmp_path, computed) -> None:
    first, _ = load_years(data, 2016)
    assert not computed
    (path,) = [path for path in (data / FOLDER).iterdir() if path.name != ".gitignore"]
    whole = path.read_bytes()
    Evil.place = str(tmp_path / "obeyed")
    if spoil == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif spoil == "flipped":
        path.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    elif spoil == "empty":
        path.write_bytes(b"")
    elif spoil == "foreign":
        path.write_bytes(pickle.dumps(Evil()))
    elif spoil == "open_file":
        path.chmod(0o640)
    elif spoil == "open_folder":
        path.parent.chmod(0o770)
    elif spoil == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        write_years(path, "another question", (first, None))
    again, before = load_years(data, 2016)
    assert len(computed) == 1 and again.scores.equals(first.scores) and before is not None
    assert not (tmp_path / "obeyed").exists()


def test_of_another_user_nothing_is_read(data, monkeypatch, computed) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    load_years(data, 2016)
    assert len(computed) == 1


def test_only_the_newest_are_left(data, sample_years) -> None:
    for number in range(NEWEST + 2):
        assessment_cache.keep(data, f"{number:032}", (sample_years[0], None))
        os.utime(data / FOLDER / f"{number:032}", (number, number))
    left = sorted(path.name for path in (data / FOLDER).iterdir() if path.name != ".gitignore")
    assert len(left) == NEWEST and f"{NEWEST + 1:032}" in left and f"{0:032}" not in left


def test_data_that_nobody_may_write_beside_are_assessed_all_the_same(fresh, monkeypatch, computed) -> None:
    def refused(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(assessment_cache, "write_years", refused)
    assert load_years(fresh, 2016)[0].scores.equals(load_years(fresh, 2016)[0].scores) and len(computed) == 2


def test_a_file_changed_while_it_was_read_is_not_what_was_kept(fresh, monkeypatch) -> None:
    compute = api._computed

    def edited(*given):
        years = compute(*given)
        _edit_in_place(fresh / "2016" / "reports.csv")
        return years

    monkeypatch.setattr(api, "_computed", edited)
    load_years(fresh, 2016)
    assert not (fresh / FOLDER).exists()


def test_a_year_with_rows_set_aside_is_read_again_only_where_they_are_not_kept(data, computed) -> None:
    path = data / "2016" / "reports.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = lines[1].split(",")
    column = lines[0].split(",").index(next(name for name in lines[0].split(",") if name.endswith("_on")))
    row[column] = "2016-13-45"
    path.write_text("\n".join([lines[0], ",".join(row), *lines[2:]]) + "\n", encoding="utf-8")
    for _ in range(2):
        load_years(data, 2016, aside=keep_aside)
        assert quarantine_file(data, 2016).exists()
        quarantine_file(data, 2016).unlink()
    assert len(computed) == 2
    load_years(data, 2016)
    assert len(computed) == 2 and not quarantine_file(data, 2016).exists()

    load_years(data, 2016, aside=keep_aside)
    kept = quarantine_file(data, 2016).read_bytes()
    load_years(data, 2016, aside=keep_aside)
    assert len(computed) == 3 and quarantine_file(data, 2016).read_bytes() == kept
    quarantine_file(data, 2016).write_bytes(b"those of another check")
    load_years(data, 2016, aside=keep_aside)
    assert len(computed) == 4 and len(quarantine_file(data, 2016).read_bytes()) > 1000


def test_without_rows_to_set_aside_a_workbook_of_before_goes(data, computed) -> None:
    quarantine_file(data, 2016).parent.mkdir()
    quarantine_file(data, 2016).write_bytes(b"old")
    load_years(data, 2016, aside=keep_aside)
    assert not computed and not quarantine_file(data, 2016).exists()


def test_a_run_hands_its_assessments_to_its_notebooks(tmp_path, sample_years, monkeypatch) -> None:
    given = tmp_path / "given"
    given.mkdir(mode=0o700)
    write_years(given / "years", question(SAMPLE, 2016, None), sample_years)
    monkeypatch.setenv(VARIABLE, str(given / "years"))
    monkeypatch.chdir(ROOT)
    for data, rubric in ((SAMPLE, None), ("data/sample", ""), ("", None)):  # as given, the same question
        assert load_years(data, 2016, rubric)[0] is load_years(SAMPLE, 2016)[0]
    asked, _ = read_years(given / "years")
    assert asked != question(SAMPLE, 2015, None)
    assert load_years(SAMPLE, 2015)[0].year == 2015
    assert compute_years(SAMPLE, 2016)[0].scores.equals(sample_years[0].scores)
