"""A data set partitioned by county: the same bytes as read at once, and faults told where they are."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from support import small_rubric
from support.shared import shared

from assess_lib.api import load_data, load_rubric
from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.runs.national import reading as partitions
from assess_lib.runs.national.country import check_partitions, score_partitions
from assess_lib.sample.dataset import write_sample
from assess_lib.scoring.assessment import score_teams
from assess_lib.scoring.figures import peer_counts, peers_from
from assess_lib.scoring.measuring import figures_of, measure_all
from assess_lib.scoring.ranks import rank_and_grade
from assess_lib.scoring.tables import point_table
from assess_lib.tables.year_files import year_files_of

TEAMS, FEW = 16, 4


@pytest.fixture(scope="session")
def both(tmp_path_factory) -> tuple[Path, Path]:
    """The same sample as files and partitioned by county."""

    def made(home: Path) -> tuple[Path, Path]:
        whole = write_sample(home / "whole", TEAMS, 5, [2016])
        return whole, write_sample(home / "partitioned", TEAMS, 5, [2016], partitioned=True, jobs=1)

    return shared(tmp_path_factory, "layouts", made)


@pytest.fixture(scope="session")
def two_counties(tmp_path_factory) -> Path:
    """As few as make a data set partitioned: what a fault is told with costs a second for each county."""

    def made(home: Path) -> Path:
        return write_sample(home, FEW, 5, [2016], counties=2, partitioned=True, jobs=1)

    return shared(tmp_path_factory, "two_counties", made)


@pytest.fixture
def counties(two_counties, tmp_path) -> Path:
    """A partitioned sample to be spoilt; the folder of the year."""
    shutil.copytree(two_counties, tmp_path / "data")
    return tmp_path / "data" / "2016"


def _results(folder: Path) -> dict[str, bytes]:
    assert sorted(path.name for path in folder.iterdir() if path.name != ".run.lock") == ["points.csv", "scores.csv"]
    return {name: (folder / name).read_bytes() for name in ("points.csv", "scores.csv")}


@pytest.mark.slow
def test_partitioned_gives_the_bytes_of_the_whole_whatever_the_processes(both, tmp_path) -> None:
    whole, apart = both
    assert (
        CliRunner().invoke(main, ["score", str(whole), "--year", "2016", "--out", str(tmp_path / "w")]).exit_code == 0
    )
    done: list[int] = []
    for jobs in (1, 2, 3):
        score_partitions(apart, 2016, tmp_path / str(jobs), jobs=jobs, progress=done.append)
        assert _results(tmp_path / str(jobs)) == _results(tmp_path / "w")
    assert done == [8] * 24, "four counties, two steps each, three times"


@pytest.mark.slow
def test_the_sample_has_units_with_teams_in_two_counties(both) -> None:
    layout, faults = year_files_of(both[1], 2016)
    counties = {}
    for county, files in layout.counties.items():
        teams = next(file.path for file in files if file.table == "teams")
        for unit in pd.read_parquet(teams, partitioning=None)["unit_id"].unique():
            counties.setdefault(unit, set()).add(county)
    assert faults == [] and max(map(len, counties.values())) > 1, "or the test of equal bytes says nothing of them"


@pytest.mark.slow
def test_whole_reading_knows_the_partitioned_layout(both) -> None:
    whole, apart = (load_data(folder, 2016) for folder in both)
    assert whole.fingerprint == apart.fingerprint
    assert list(whole.teams()["county"]) == list(apart.teams()["county"])


@pytest.mark.slow
def test_check_takes_county_by_county(both) -> None:
    teams, faults = check_partitions(both[1], 2016, jobs=1)
    assert teams == TEAMS and [fault.key for fault in faults] == ["partitions.not_compared"]
    told = CliRunner().invoke(main, ["check", str(both[1]), "--year", "2016", "--lang", "en", "--jobs", "1"])
    assert told.exit_code == 0 and f"{TEAMS} teams" in told.output


@pytest.mark.slow
def test_the_county_of_a_folder_is_that_of_its_teams_and_villages(counties, tmp_path) -> None:
    """Writers of partitioned tables leave the column out that the folder's name says."""
    for table in ("teams", "villages"):
        for path in (counties / table).glob("*/*.parquet"):
            pd.read_parquet(path, partitioning=None).drop(columns="county").to_parquet(path, index=False)
    before = load_data(counties.parent, 2016)
    assert set(before.teams()["county"]) == set(year_files_of(counties.parent, 2016)[0].counties)
    assert "county" not in before.tables["households"]


PEERS = (
    {"kind": "rank", "per_place": 2},
    {"kind": "relative", "to": "median", "base": 10},
    {"kind": "relative", "to": "mean", "base": 5},
)


@pytest.mark.parametrize("group", ["all", "area", "county"])
@pytest.mark.parametrize("kind", PEERS, ids=lambda kind: kind["kind"])
def test_peers_are_those_of_all_parts(kind, group, tmp_path) -> None:
    """Teams scored in two parts with the peers of both have the points of teams scored at once."""
    tree = small_rubric.base()
    tree["peer_group"] = group
    tree["ranking"] = {"by": "all", "tie_breakers": ["work", "c"]}
    tree["dimensions"][0]["groups"][0]["indicators"][0]["score"] = dict(kind)
    rubric = small_rubric.load(tree, tmp_path)
    rng = np.random.default_rng(3)
    values = {f"T{n:02d}": {name: int(rng.integers(0, 6)) for name in "abcd"} for n in range(20)}
    homes = {team: {"county": f"C{n % 3}", "area": f"A{n % 2}"} for n, team in enumerate(values)}
    whole = small_rubric.score(rubric, values, homes)
    parts = []
    for chosen in (slice(0, 20, 2), slice(1, 20, 2)):
        mine = dict(list(values.items())[chosen])
        data = small_rubric.score(rubric, mine, homes).data
        parts.append(figures_of(rubric, data, measure_all(rubric, data)))
    peers = peers_from(peer_counts(rubric, part) for part in parts)
    scored = [score_teams(rubric, part, peers) for part in parts]
    together = rank_and_grade(rubric, pd.concat([scores for _, scores in scored]).sort_index())
    pd.testing.assert_frame_equal(together, whole.scores)
    tables = [point_table(rubric, part, points) for part, (points, _) in zip(parts, scored)]
    points = pd.concat(tables).sort_values("team_id", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(points, whole.points)


def test_peers_by_hand(tmp_path) -> None:
    """Median of 1, 2 | 3, 4, 5 is 3: the team with 4 has 10 × 4 ÷ 3 points, though 4 is the median of its own part."""
    tree = small_rubric.base()
    score = {"kind": "relative", "to": "median", "base": 10, "max": 30}
    tree["dimensions"][0]["groups"][0]["indicators"][0]["score"] = score
    tree["peer_group"] = "all"
    rubric = small_rubric.load(tree, tmp_path)
    parts = [
        small_rubric.score(rubric, {team: {"a": value, "b": 1, "c": 1, "d": 1} for team, value in part.items()}).data
        for part in ({"A": 1, "B": 2}, {"C": 3, "D": 4, "E": 5})
    ]
    found = [figures_of(rubric, data, measure_all(rubric, data)) for data in parts]
    peers = peers_from(peer_counts(rubric, part) for part in found)
    assert peers["a"][None].median == Fraction(3)
    points = point_table(rubric, found[1], score_teams(rubric, found[1], peers)[0]).set_index(["team_id", "indicator"])[
        "points"
    ]
    assert points["D", "a"] == 13.33


def _told(counties: Path, lang: str = "en") -> str:
    with pytest.raises(UnusableInput) as unusable:
        score_partitions(counties.parent, 2016, counties.parent / "out", jobs=1)
    left = counties.parent / "out"
    assert not left.exists() or [path.name for path in left.iterdir()] in ([], [".run.lock"]), "nothing is half written"
    return unusable.value.text(lang)


def _first(counties: Path, table: str, place: int = 0) -> Path:
    return sorted((counties / table).glob("*/*.parquet"))[place]


def _change(path: Path, change) -> None:
    frame = pd.read_parquet(path, partitioning=None)
    change(frame).to_parquet(path, index=False)


@pytest.mark.slow
def test_a_bad_cell_is_told_with_its_file_and_row(counties) -> None:
    path = _first(counties, "households")
    _change(path, lambda frame: frame.assign(persons=[-3, *frame["persons"][1:]]))
    told = _told(counties)
    assert f"{path} row 2, column persons" in told and "-3" in told


@pytest.mark.slow
def test_a_key_in_two_counties_is_told_at_both_places(counties, monkeypatch) -> None:
    one, other = _first(counties, "ledger"), _first(counties, "ledger", 1)
    key = pd.read_parquet(one, partitioning=None)["entry_id"][4]
    _change(other, lambda frame: frame.assign(entry_id=[key, *frame["entry_id"][1:]]))
    told = _told(counties)
    assert told.count(key) == 2 and f"{other} row 2" in told and f"{one} row 6" in told
    monkeypatch.setattr(partitions, "SLICE", 7)
    assert _told(counties) == told, "compared in slices"


@pytest.mark.slow
def test_a_table_for_all_that_points_at_no_county_is_told(counties) -> None:
    path = counties / "unit_actions.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    columns = lines[0].split(",")
    row = lines[1].split(",")
    row[columns.index("village_id")] = "V9999"
    path.write_text("\n".join([lines[0], ",".join(row), *lines[2:]]) + "\n", encoding="utf-8")
    told = _told(counties)
    assert f"{path} row 2, column village_id" in told and "V9999" in told


@pytest.mark.slow
def test_a_unit_that_nobody_knows_is_told(counties) -> None:
    path = _first(counties, "pairings")
    _change(path, lambda frame: frame.assign(unit_id=["D9999", *frame["unit_id"][1:]]))
    told = _told(counties)
    assert f"{path} row 2, column unit_id" in told and "D9999" in told and told.count("D9999") == 1


def _as_file(counties: Path) -> None:
    pd.read_parquet(_first(counties, "ledger"), partitioning=None).to_csv(counties / "ledger.csv", index=False)
    shutil.rmtree(counties / "ledger")


def _also_as_file(counties: Path) -> None:
    (counties / "entered_values" / "county=A").mkdir(parents=True)
    frame = pd.DataFrame({"team_id": ["T0001"], "indicator": ["x"], "value": [1.0]})
    frame.to_parquet(counties / "entered_values" / "county=A" / "part-0.parquet")
    frame.to_csv(counties / "entered_values.csv", index=False)


def _benchmarks_apart(counties: Path) -> None:
    (counties / "benchmarks" / "county=A").mkdir(parents=True)
    frame = pd.read_csv(counties / "benchmarks.csv")
    frame.to_parquet(counties / "benchmarks" / "county=A" / "part-0.parquet")
    (counties / "benchmarks.csv").unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda year: (_first(year, "visits").parent / "notes.txt").write_text("x"), "may only hold Parquet files"),
        (lambda year: (year / "visits" / "notes.txt").write_text("x"), "one sub-folder per county"),
        (lambda year: (year / "visits").rename(year / "visit"), "the file name is that of no table"),
        (lambda year: shutil.rmtree(year / "visits"), "the table of visits is missing"),
        (lambda year: (year / "units.csv").unlink(), "the table of dispatching units is missing"),
        (_as_file, "this one is a file"),
        (_also_as_file, "as a file and partitioned"),
        (_benchmarks_apart, "applies to all counties"),
        (lambda year: _first(year, "visits").write_bytes(b"PAR1 cut off"), "cannot be read"),
    ],
)
def test_a_layout_that_cannot_be_is_told(spoil, said, counties) -> None:
    spoil(counties)
    assert said in _told(counties)


@pytest.mark.slow
def test_a_table_without_rows_in_any_county_is_told(counties) -> None:
    for path in (counties / "visits").glob("*/*.parquet"):
        _change(path, lambda frame: frame.head(0))
    assert f"{counties / 'visits'}" in _told(counties)


@pytest.mark.slow
def test_a_county_without_a_table_or_without_teams_is_none_the_worse(counties, tmp_path) -> None:
    """A county without diaries has teams without evidence; one without teams adds nothing."""
    shutil.rmtree(_first(counties, "diaries").parent)
    empty = counties / "villages" / "county=nowhere"
    empty.mkdir()
    village = {"village_id": ["V9000"], "name": ["x"], "is_poor": [True]}
    pd.DataFrame(village).to_parquet(empty / "part-0.parquet")
    (counties / "teams" / "_SUCCESS").write_text("")
    score_partitions(counties.parent, 2016, tmp_path / "apart", jobs=1)
    rules = load_rubric(None, 2016)
    points = pd.read_csv(tmp_path / "apart" / "points.csv")
    lacking = points[(points["indicator"] == "diary") & (points["status"] == "no_evidence")]
    assert len(pd.read_csv(tmp_path / "apart" / "scores.csv")) == FEW and len(lacking) >= 2 and rules


@pytest.mark.slow
def test_typed_in_values_may_stand_for_all_counties(counties, tmp_path) -> None:
    tree = small_rubric.base()
    rubric = small_rubric.write(tree, tmp_path)
    teams = list(load_data(counties.parent, 2016).team_ids)
    rows = [{"team_id": team, "indicator": name, "value": n % 3} for n, team in enumerate(teams) for name in "abcd"]
    pd.DataFrame(rows).to_csv(counties / "entered_values.csv", index=False)
    score_partitions(counties.parent, 2016, tmp_path / "apart", rubric, jobs=1)
    totals = pd.read_csv(tmp_path / "apart" / "scores.csv").set_index("team_id")["total"]
    assert totals.to_dict() == {team: min(n % 3, 1) * 100.0 for n, team in enumerate(teams)}
    pd.DataFrame([*rows, {"team_id": "T9999", "indicator": "a", "value": 1}]).to_csv(
        counties / "entered_values.csv", index=False
    )
    with pytest.raises(UnusableInput) as unusable:
        score_partitions(counties.parent, 2016, tmp_path / "again", rubric, jobs=1)
    assert "T9999" in unusable.value.text("en")


@pytest.mark.slow
def test_two_runs_at_once_into_one_folder_the_second_says_so(both, tmp_path) -> None:
    from filelock import FileLock

    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / ".run.lock"), pytest.raises(UnusableInput) as unusable:
        score_partitions(both[1], 2016, tmp_path / "out", jobs=1)
    assert "another run" in unusable.value.text("en")
