"""The record of a run: what it says of the input, what it keeps of the results, and what two of them differ in."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from support.situations import SAMPLE

from assess_lib.api import load_data, load_rubric
from assess_lib.exact import exact
from assess_lib.faults import UnusableInput
from assess_lib.records.difference import DATA, OTHERS, PEERS, PROGRAM, REVIEW, RULES, difference
from assess_lib.records.input_digests import changed_groups, changed_rows, input_digests
from assess_lib.records.provenance import Program, Provenance
from assess_lib.records.record import FOLDER, read_record, write_record
from assess_lib.rules.changes import Changes, changed
from assess_lib.scoring.assessment import assess
from assess_lib.scoring.quotas import quota
from assess_lib.scoring.ranks import grade_quotas
from assess_lib.tables.dataset import YearData
from assess_lib.tables.row_digests import digest, row_hashes

pytestmark = pytest.mark.xdist_group("records")
COMPUTED_BY = Program(program="1", code="c", parameters_digest="", packages={})


@pytest.fixture(scope="module")
def data():
    return load_data(SAMPLE, 2016)


def with_table(data: YearData, name: str, table: pd.DataFrame) -> YearData:
    return YearData.of(2016, data.tables | {name: table}, starts=data.starts)


def edited(data: YearData, name: str, row: int, column: str, value) -> YearData:
    table = data.tables[name].copy()
    table.loc[row, column] = value
    return with_table(data, name, table)


# ---- digests of rows --------------------------------------------------------------------------------


def test_a_row_has_the_same_digest_wherever_it_and_its_columns_stand() -> None:
    table = pd.DataFrame({"a": ["1", "2"], "b": ["x", None], "c": [None, None]})
    turned = table.iloc[::-1][["c", "b", "a"]].reset_index(drop=True)
    assert list(row_hashes(table)) == list(row_hashes(turned))[::-1] and digest(row_hashes(table)) == digest(
        row_hashes(turned)
    )
    swapped = pd.DataFrame({"a": ["x"], "b": ["1"]})  # the same cells under other headings are another row
    assert row_hashes(swapped)[0] != row_hashes(table)[0]


def test_every_row_is_counted_once_for_each_team_it_belongs_to(data) -> None:
    lines = input_digests(data)
    for name in ("visits", "diaries", "fund_flows", "members"):
        assert lines.loc[lines["table"] == name, "rows"].sum() == len(data.tables[name])
    benchmarks = lines[lines["table"] == "benchmarks"]
    assert list(benchmarks["team_id"]) == [""] and list(benchmarks["rows"]) == [len(data.tables["benchmarks"])]
    assert changed_rows(lines, data) == [] and set(lines["year"]) == {2016}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("visits", "visited_on", pd.Timestamp("2016-12-24")),
        ("members", "role", "leader"),
        ("fund_flows", "amount_yuan", 1.0),
        ("units", "name", "另一个厅"),
    ],
)
def test_one_edited_row_is_named_and_nothing_else(data, table, column, value) -> None:
    lines, row = input_digests(data), 5
    now = edited(data, table, row, column, value)
    found = changed_rows(lines, now)
    teams = {change.team_id for change in found}
    named = {change.key for change in found if change.key}
    assert {change.table for change in found} == {table} and len(named) == 1
    assert all(change.gone == 1 for change in found if not change.key) and len(found) == 2 * len(teams)
    key = data.tables[table].columns[0]
    assert f"{key}={now.tables[table].loc[row, key]}" in named.pop() or column == key
    assert changed_groups(lines, input_digests(now), 2016) == {(table, team) for team in teams}


def test_a_row_that_is_gone_and_one_that_is_new_are_told_apart(data) -> None:
    lines, table = input_digests(data), data.tables["diaries"]
    gone = changed_rows(lines, with_table(data, "diaries", table.drop(index=3)))
    assert [(change.table, change.key, change.gone) for change in gone] == [("diaries", "", 1)]
    more = table.iloc[[3]].assign(day=pd.Timestamp("2016-02-29"))
    new = changed_rows(lines, with_table(data, "diaries", pd.concat([table, more], ignore_index=True)))
    member = table.loc[3, "member_id"]
    assert [(change.key, change.gone) for change in new] == [(f"member_id={member}, day=2016-02-29", 0)]
    assert [(c.gone, c.key) for c in changed_rows(lines, with_table(data, "diaries", table.iloc[0:0]))] != []


# ---- the record -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record(sample_years, tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    write_record(folder, sample_years, COMPUTED_BY, {})
    return read_record(folder)


def test_a_record_reads_back_what_was_written(record, sample_years) -> None:
    now, before = sample_years
    assert record.rubric == now.rubric and record.rubric.fingerprint == now.rubric.fingerprint and record.year == 2016
    assert list(record.scores.index) == list(now.scores.index)
    for name in (
        "total",
        "rank",
        "grade",
        "provisional",
        "overall_rank",
        "lowest",
        "highest",
        "county",
        "area",
        "unit_type",
    ):
        assert list(record.scores[name]) == list(now.scores[name].fillna("")), name
    assert [tuple(v) for v in record.scores["vetoes"]] == [tuple(v) for v in now.scores["vetoes"]]
    overview, earlier = record.overviews()
    assert np.allclose(overview.weights.sum(axis=1), now.points.groupby("team_id")["weight"].sum())
    assert list(earlier.scores["total"]) == list(before.scores["total"])


def test_the_place_among_all_stands_under_the_name_that_earlier_editions_gave_it(record) -> None:
    heading = (record.folder / FOLDER / "teams.csv").read_text("utf-8").splitlines()[0].split(",")
    assert heading[8:11] == ["standing", "lowest", "highest"]
    assert "overall_rank" in record.scores and "standing" not in record.scores


def test_a_digest_of_parameters_is_read_under_its_name_of_old_too(record) -> None:
    now = json.loads(record.provenance.model_copy(update={"parameters_digest": "0123"}).json_text())
    assert now["parameters_digest"] == "0123" and "calendar" not in now
    old = {name: value for name, value in now.items() if name != "parameters_digest"} | {"calendar": "4567"}
    assert Provenance.model_validate(now).parameters_digest == "0123"
    assert Provenance.model_validate_json(json.dumps(old)).parameters_digest == "4567"
    assert Provenance.model_validate(now | {"calendar": "4567"}).parameters_digest == "0123"


def test_the_same_results_give_the_same_bytes_without_a_path_or_a_person(record, sample_years, tmp_path) -> None:
    write_record(tmp_path, sample_years, COMPUTED_BY, {})
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(names) == 10
    everything = b""
    for name in names:
        assert (tmp_path / name).read_bytes() == (record.folder / name).read_bytes(), name
        everything += (tmp_path / name).read_bytes()
    people = pd.read_csv(SAMPLE / "2016" / "persons.csv", dtype=str)
    secrets = {*people["id_number"].dropna(), *pd.read_csv(SAMPLE / "2016" / "members.csv", dtype=str)["name"]}
    text = everything.decode("utf-8")
    assert len(secrets) > 100 and [one for one in secrets if one in text] == [] and str(tmp_path) not in text


def test_a_folder_without_a_record_or_with_half_of_one_is_refused_in_words(record, tmp_path) -> None:
    with pytest.raises(UnusableInput) as refused:
        read_record(tmp_path)
    assert [fault.key for fault in refused.value.faults] == ["record.none"]
    import shutil

    shutil.copytree(record.folder, tmp_path / "half")
    (tmp_path / "half" / FOLDER / "teams.csv").write_text("team_id\nT0001\n", encoding="utf-8")
    with pytest.raises(UnusableInput) as refused:
        read_record(tmp_path / "half")
    assert [fault.key for fault in refused.value.faults] == ["record.broken"]


# ---- quotas -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "share", "order", "chosen", "tied"),
    [
        (10, "0.3", {"a": 1, "b": 2, "c": 3, "d": 4}, "abc", ""),
        (10, "0.3", {"a": 1, "b": 2, "c": 3, "d": 3}, "ab", "cd"),  # one place left for two
        (10, "0.3", {"a": 1, "b": 1, "c": 1, "d": 1}, "", "abcd"),
        (9, "0.3", {"a": 1, "b": 2, "c": 3}, "ab", ""),  # 2.7 places are 2; the third is not tied
        (10, "0.3", {"a": 1}, "a", ""),
        (2, "0.3", {"a": 1, "b": 1}, "", ""),  # no place at all
        (5, "1", {}, "", ""),
    ],
)
def test_a_quota_takes_whole_ties_and_says_whom_it_left_out(size, share, order, chosen, tied) -> None:
    found = quota("", size, Fraction(share), pd.Series(order, dtype="int64"))
    assert ("".join(found.chosen), "".join(found.tied)) == (chosen, tied) and found.places == int(
        size * Fraction(share)
    )


def test_the_quotas_of_the_sample_grade_by_grade(sample_years) -> None:
    now = sample_years[0]
    found = {one.group: one for one in grade_quotas(now.rubric, now.scores)}
    hills = found[
        "丘岗地区"
    ]  # 8 teams, 30 %: 2 places; five reach 90, and T0023 and T0024 raised less than the minimum
    assert (hills.size, hills.places, hills.able, hills.chosen, set(hills.tied)) == (
        8,
        2,
        3,
        ("T0012", "T0017"),
        set(),
    )
    for one in found.values():
        assert set(one.chosen) == {
            t
            for t in now.scores.index
            if now.scores.at[t, "area"] == one.group and now.scores.at[t, "grade"] == "excellent"
        }


# ---- differences ------------------------------------------------------------------------------------


def recorded(result, folder, data=None, **program):
    folder.mkdir()
    write_record(folder, (result, None), COMPUTED_BY.model_copy(update=program), {}, data)
    return read_record(folder)


@pytest.fixture(scope="module")
def base(data, tmp_path_factory):
    rubric, home = load_rubric(None, 2016), tmp_path_factory.mktemp("base")
    result = assess(rubric, data)
    return rubric, result, recorded(result, home / "r", home)


def causes(found, team: str) -> dict[str, set[str]]:
    move = next(move for move in found.teams if move.team_id == team)
    return {line.indicator: {cause.kind for cause in line.causes} for line in move.indicators}


@pytest.mark.slow
def test_a_record_does_not_differ_from_itself(base) -> None:
    found = difference(base[2], base[2])
    assert not found and found.inputs == () and found.teams == () and found.places == ()


@pytest.mark.slow
def test_a_change_of_the_data_is_told_with_its_table(base, data, tmp_path) -> None:
    rubric, _, record = base
    kept = record.folder.parent  # the data folder, in which digests of rows are kept
    diaries = data.tables["diaries"]
    members = set(data.tables["members"].query("team_id == 'T0001'")["member_id"])
    fewer = with_table(data, "diaries", diaries[~diaries["member_id"].isin(members)])
    now = recorded(assess(rubric, fewer), tmp_path / "r", kept)
    found = difference(record, now, kept)
    assert found.inputs == ("data",) and [move.team_id for move in found.teams if move.indicators] == ["T0001"]
    move = found.teams[0]
    diary = next(line for line in move.indicators if line.indicator == "diary")
    assert [(cause.kind, cause.details) for cause in diary.causes] == [(DATA, ("diaries",))] and diary.now == 0.0
    assert move.moved == round(sum(line.by for line in move.indicators), 2) == round(move.total[1] - move.total[0], 2)
    assert all(place.causes[0].kind == OTHERS and place.rank[0] != place.rank[1] for place in found.places)
    alone = difference(record, now)  # without the data folder, and without files named like tables: no table is named
    assert [c.details for line in alone.teams[0].indicators for c in line.causes] == [()] * len(move.indicators)
    assert not [name for folder in (record.folder, now.folder) for name in folder.rglob("*") if "inputs" in name.name]
    assert {path.stat().st_mode & 0o777 for path in kept.glob(".row-digests")} == {0o700}


@pytest.mark.slow
def test_without_the_data_folder_the_files_that_changed_tell_the_tables(base, data, tmp_path) -> None:
    rubric, before, _ = base
    fewer = assess(rubric, with_table(data, "diaries", data.tables["diaries"].iloc[200:]))
    sent = {"2016/diaries.csv": "a", "2016/visits.csv": "v", "2015/projects.csv": "p"}
    records = []
    for result, name, files in (
        (before, "a", sent),
        (fewer, "b", sent | {"2016/diaries.csv": "b", "2015/projects.csv": "q"}),
    ):
        write_record(tmp_path / name, (result, None), COMPUTED_BY, files)
        records.append(read_record(tmp_path / name))
    found = difference(*records)
    told = {
        cause.details for move in found.teams for line in move.indicators for cause in line.causes if cause.kind == DATA
    }
    assert found.teams and told == {("diaries",)}


@pytest.mark.slow
def test_a_change_of_the_rules_is_told_with_what_of_them(base, data, tmp_path) -> None:
    rubric, _, record = base
    target = changed(rubric, Changes(targets={"diary": exact(0.8)}))
    found = difference(record, recorded(assess(target, data), tmp_path / "r"))
    assert found.inputs == ("rules",) and len(found.teams) > 2
    for move in found.teams:
        for line in move.indicators:
            assert (line.indicator, [(c.kind, c.details) for c in line.causes]) == ("diary", [(RULES, ("score",))])


@pytest.mark.slow
def test_peers_move_a_team_whose_own_figures_are_the_same(base, data, tmp_path) -> None:
    """The benefit per yuan is judged against the median of the area: other incomes in one village move the others."""
    rubric, before, record = base
    homes, teams = data.tables["households"].copy(), data.teams()
    area = teams.index[teams["area"] == teams.at["T0001", "area"]]
    changed_ones = set(area[::2])
    mine = homes["village_id"].isin(teams.loc[list(changed_ones), "village_id"])
    homes.loc[mine, "income_yuan"] = homes.loc[mine, "income_yuan"] * 3
    found = difference(record, recorded(assess(rubric, with_table(data, "households", homes)), tmp_path / "r"))
    others = [move for move in found.teams if move.team_id not in changed_ones]
    assert others and {cause.kind for move in others for line in move.indicators for cause in line.causes} == {PEERS}
    assert {line.indicator for move in others for line in move.indicators} == {"fund_benefit"}
    moved = [causes(found, team) for team in sorted(changed_ones) if team in {move.team_id for move in found.teams}]
    assert DATA in set().union(*(kinds for lines in moved for kinds in lines.values()))


@pytest.mark.slow
def test_a_judgement_is_told_with_its_reason_and_so_is_its_end(base, data, tmp_path) -> None:
    rubric, before, record = base
    row = before.points_of("T0002").loc["safe_water"]
    from assess_lib.ledger.store import Ledger
    from assess_lib.review.acts import ReviewSession

    review = ReviewSession(before, Ledger(tmp_path / "ledger.sqlite"))
    review.judge("points", "T0002", "safe_water", "张三", "另有水井两口", becomes="0")
    judged = recorded(review.result, tmp_path / "r")
    found = difference(record, judged)
    assert found.inputs == ("review",) and [move.team_id for move in found.teams if move.indicators] == ["T0002"]
    line = next(move for move in found.teams if move.team_id == "T0002").indicators[0]
    assert (line.indicator, line.before, line.now) == ("safe_water", float(row["points"]), 0.0)
    assert [(cause.kind, cause.details) for cause in line.causes] == [(REVIEW, ("points", "0", "另有水井两口", "张三"))]
    back = difference(judged, record)
    line = next(move for move in back.teams if move.team_id == "T0002").indicators[0]
    assert line.causes[0].details == ("undone", "points", "0", "另有水井两口", "张三")


@pytest.mark.slow
def test_what_only_the_program_can_have_moved_is_said_to_be_its_doing(base, tmp_path) -> None:
    rubric, before, record = base
    points = before.points.copy()
    place = points.index[(points["team_id"] == "T0003") & (points["indicator"] == "diary")][0]
    points.loc[place, ["points", "value"]] = [0.01, 0.5]
    scores = before.scores.copy()
    scores.loc["T0003", "total"] -= 0.5
    altered = replace(before, scores=scores)
    vars(altered)["points"] = points  # a cached property: these instead of those of the engine
    found = difference(record, recorded(altered, tmp_path / "r", code="other"))
    assert causes(found, "T0003") == {"diary": {PROGRAM}} and found.inputs == ("program",)


@pytest.mark.slow
def test_teams_that_came_or_went_are_there(base, data, tmp_path) -> None:
    rubric, before, record = base
    teams = data.tables["teams"]
    less = recorded(assess(rubric, with_table(data, "teams", teams[teams["team_id"] != "T0004"])), tmp_path / "r")
    for pair, place in (((record, less), 1), ((less, record), 0)):
        move = next(move for move in difference(*pair).teams if move.team_id == "T0004")
        assert (move.total[place], move.grade[place], move.rank[place]) == (None, None, None)
        assert move.total[1 - place] == float(before.scores.at["T0004", "total"])
        assert {cause.kind for line in move.indicators for cause in line.causes} == {DATA}


# ---- the province, in figures and words ------------------------------------------------------------


def test_counties_and_losses_are_those_that_a_reader_finds_in_the_tables(sample_years, record) -> None:
    now, before = sample_years
    told = record.lists.province
    by_county = record.scores.groupby(record.teams["county"])["total"].agg(["mean", "max", "min", "size"])
    order = by_county.sort_values("mean", ascending=False)
    assert [one.county for one in told.counties] == list(order.index) and len(order) == 6
    for one, row in zip(told.counties, order.itertuples()):
        assert float(one.mean) == pytest.approx(row.mean, abs=1e-6) and (float(one.high), float(one.low)) == (
            row.max,
            row.min,
        )
        assert one.teams == row.size
    plain = record.points[(record.points["indicator"] == "project_completion") & (record.points["weight"] > 0)]
    lost = next(one for one in told.losses if one.indicator == "project_completion")
    assert float(lost.mean) == pytest.approx((plain["weight"] - plain["points"]).mean(), abs=1e-6)
    assert (lost.full, lost.size) == ((plain["weight"] == plain["points"]).sum(), len(plain))
    means = [float(one.mean) for one in told.losses]
    assert means == sorted(means, reverse=True) and len(means) > 20
    moved = (now.scores["total"] - before.scores["total"]).round(2)
    change = told.change
    assert (change.teams, change.rose, change.fell) == (24, (moved > 0).sum(), (moved < 0).sum())
    assert change.median == pytest.approx(moved.median())


def test_a_tie_is_explained_as_the_rules_decide_it(sample_years) -> None:
    from assess_lib.scorecard.award_words import quota_words
    from assess_lib.scoring.quotas import Quota

    rubric = sample_years[0].rubric
    one = Quota("山区", 10, 3, 4, ("T1", "T2"), ("T3", "T4"), "excellent")
    named = lambda id: f"{id}队"  # noqa: E731
    told = quota_words("grade", [one], rubric, named, "zh")[0]
    assert told == (
        "山区共 10 支，“优秀”名额 3 个；总分够且未被一票否决的 4 支，评定 2 支。末位并列的 2 个（T3队、T4队）不能全部入选，按细则均不列入。"
    )
    let_in = rubric.model_copy(update={"grades": rubric.grades.model_copy(update={"ties_over_quota": "in"})})
    assert quota_words("grade", [one], let_in, named, "zh")[0].endswith("（T3队、T4队），按细则均予列入。")
    many = Quota("", 100, 3, 9, (), tuple(f"T{n}" for n in range(9)))
    told = quota_words("teams", [many], rubric, named, "zh")[0]
    assert told.startswith("全省共 100 支") and "并列的 9 个（T0队、T1队、T2队、T3队、T4队、T5队等）" in told


@pytest.mark.parametrize(
    ("points", "weight", "status", "sign", "shade", "words"),
    [
        (0.0, 2.0, "measured", "0", 0, "<10%"),
        (0.98, 2.0, "measured", "4", 0, "40%+"),
        (1.0, 2.0, "measured", "5", 1, "50%+"),
        (1.4, 2.0, "measured", "7", 2, "70%+"),
        (1.59, 2.0, "measured", "7", 2, "70%+"),
        (1.6, 2.0, "measured", "8", 3, "80%+"),
        (1.99, 2.0, "measured", "9", 4, "90%+"),
        (2.0, 2.0, "measured", "a", 5, "100%"),
        (2.5, 2.0, "measured", "a", 5, "100%"),
        (-1.0, 2.0, "measured", "0", 0, "<10%"),
        (0.0, 2.0, "no_evidence", "?", -1, ""),
        (0.0, 0.0, "not_applicable", "-", -2, ""),
    ],
)
def test_a_share_of_points_has_its_sign_shade_and_words(record, points, weight, status, sign, shade, words) -> None:
    from assess_lib.scorecard import heat

    rows = pd.DataFrame(
        {"team_id": ["T1"], "indicator": ["diary"], "points": [points], "weight": [weight], "status": [status]}
    )
    found = heat.heat_signs(rows, record.rubric, pd.Index(["T1"]))
    ids = [one for _, listed in heat.heat_rows(record.rubric, "zh") for one, _ in listed]
    assert dict(zip(ids, found["T1"])) == dict.fromkeys(ids, heat.NOT_APPLICABLE) | {"diary": sign}
    assert heat.shade(sign) == shade and (not words or heat.share_text(sign) == words)
