"""The first screen of a scorecard: each sentence worked out by hand from the team's total, its place and the rules."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from support.small_rubric import base, score

from assess_lib.pages import blocks
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.award_words import unit_reasons
from assess_lib.scorecard.first_screen import first_screen, listed
from assess_lib.scorecard.overview import review_marks
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring.assessment import Assessment

FULL = {"a": 1, "b": 1, "c": 1, "d": 1}  # 30, 10, 20 and 40 points; the lines are 90 and 60


def assessed(values: dict, quota: float | None = None, veto: dict | None = None, **grades: object) -> Assessment:
    tree = base()
    tree["grades"] = {**tree["grades"], **grades}
    if quota:
        tree["grades"]["bands"][0]["quota"] = quota
    if veto:
        tree["veto"] = [{"id": "v", "name": {"zh": "缺勤", "en": "absence"}, "basis": "proposal", **veto}]
    return score(Rubric.model_validate(tree), values)


def screen(result: Assessment, team: str, lang: str = "zh"):
    return first_screen(Scorecard(result, None, team, lang))


def test_a_line_that_is_reached_and_what_is_missing_to_the_next() -> None:
    found = screen(assessed({"A": {**FULL, "a": 0.5, "b": 0.9, "d": 0.9}}), "A")  # 15 + 9 + 20 + 36
    assert found.why == "总分 80.00，达到“good”的分数线 60 分。" and found.next_grade == "离“excellent”还差 10 分。"
    assert [(line.id, line.lost) for line in found.gains] == [("a", 15.0), ("d", 4.0), ("b", 1.0)]
    assert found.enough == "以上 3 项全部得满可加 20.00 分，达到“excellent”的分数线。"


def test_no_line_is_reached() -> None:
    found = screen(assessed({"A": {"a": 0.2, "b": 0.2, "c": 0.2, "d": 0.2}}), "A")  # 20 points, all lines alike
    assert found.why == "总分 20.00，没有达到“good”的分数线 60 分。" and found.next_grade == "离“good”还差 40 分。"
    assert [line.lost for line in found.gains] == [32.0, 24.0, 16.0]
    assert found.enough == "以上 3 项全部得满可加 72.00 分，达到“good”的分数线。"


def test_the_best_grade_has_no_next_and_a_full_mark_nothing_to_gain() -> None:
    found = screen(assessed({"A": FULL}), "A")
    assert found.why == "总分 100.00，达到“excellent”的分数线 90 分。"
    assert (found.next_grade, found.gains, found.enough, found.position) == ("", (), "", "")


def test_what_three_indicators_cannot_reach_is_said() -> None:
    """The line of the best grade is raised to 100, and all four indicators lost something."""
    bands = [{**band} for band in base()["grades"]["bands"]]
    bands[0]["range"], bands[1]["range"] = "[100, inf)", "[60, 100)"
    found = screen(assessed({"A": {"a": 0.9, "b": 0.8, "c": 0.8, "d": 0.9}}, bands=bands), "A")  # 27 + 8 + 16 + 36
    assert found.next_grade == "离“excellent”还差 13 分。"
    assert found.enough == "以上 3 项全部得满可加 11.00 分，离“excellent”仍差 2.00 分。"  # 4 of c and d, 3 of a


def test_what_would_still_stand_in_the_way_is_said() -> None:
    """83 points: a and c bring 17. The minimum of b or d stays as it is, that of c would be reached."""
    values = {"A": {**FULL, "a": 0.5, "c": 0.9}}
    told = {
        name: screen(
            assessed(values, veto={"minimum": {"indicator": name, "at_least": least}, "limit": "good"}), "A"
        ).enough
        for name, least in (("b", 2), ("c", 0.95))
    }
    reached = "以上 2 项全部得满可加 17.00 分，达到“excellent”的分数线。"
    assert told == {"b": reached + "但一票否决事项不消除，仍不能评为“excellent”。", "c": reached}


@pytest.mark.parametrize(
    ("b", "still"), [(0.9, "但“excellent”有名额限制，全部工作队本年名额内最低 99.50 分。"), (1, "")]
)
def test_a_quota_that_the_gains_do_not_reach_is_said(b, still) -> None:
    """One place, held with 99.5: with 15, 4 and 2 more of a, d and c the team has 99 as long as it lacks 1 of b."""
    values = {"A": {**FULL, "b": 0.95}, "B": {"a": 0.5, "b": b, "c": 0.9, "d": 0.9}}
    found = screen(assessed(values, quota=0.5), "B").enough
    assert found == "以上 3 项全部得满可加 21.00 分，达到“excellent”的分数线。" + still


def test_that_its_unit_must_rectify_is_said_with_the_teams_that_fell_short(sample_years) -> None:
    """Of the three teams of the unit T0023 and T0024 have 96 000 yuan, T0006 has 248 000."""
    teams = "省观澜监测中心驻茶家垸村工作队、省观澜监测中心驻菱家冲村工作队"
    words = f"派出单位省观澜监测中心按现有结果列入限期整改（派出单位筹措资金不足 10 万元：{teams}），2017年6月30日前完成整改。"
    assert listed(Scorecard(*sample_years, "T0006")).unit == listed(Scorecard(*sample_years, "T0023")).unit == words
    alone = listed(Scorecard(*sample_years, "T0016")).unit
    assert alone.startswith("派出单位云栈保险公司按现有结果列入限期整改（派出单位筹措资金不足 10 万元），")
    assert listed(Scorecard(*sample_years, "T0001")).unit == ""


def test_a_unit_and_teams_of_which_no_name_is_known_go_by_their_ids(sample_years) -> None:
    """Of eight teams of a unit that fell short six are named, and that there are more is said."""
    ids = [f"T{n}" for n in range(8)]
    rubric = sample_years[0].rubric
    veto = next(veto for veto in rubric.veto if "10 万元" in veto.name["zh"])
    row = SimpleNamespace(why=[("veto", veto.id)], team_ids=ids)
    vetoes = pd.Series([(veto.id,)] * 8, ids)
    names = pd.Series([None, "甲队", *[None] * 6], ids)
    told = unit_reasons(row, rubric, vetoes, names, "zh")
    assert told == "派出单位筹措资金不足 10 万元：T0、甲队、T2、T3、T4、T5等"


def test_gains_that_are_demanded_bear_a_mark(sample_years) -> None:
    """T0004 must mend its days, the misused money and the projects; the exit timetable brings points alone."""
    html = blocks.head(Scorecard(*sample_years, "T0004")).html
    gains = re.findall(r"<tr><td>.*?</tr>", html[html.index('"sc-gains"') : html.index('"sc-points"')])
    assert ["整改要求" in row for row in gains] == [True, True, False]
    assert "整改要求</small>" not in blocks.head(Scorecard(*sample_years, "T0012")).html


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_tie_at_the_edge_is_told_as_a_tie_and_not_as_want_of_places(lang) -> None:
    """Two places of four: A has one, B and C share the second, D comes behind them."""
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.9}, "D": {**FULL, "b": 0.8}}
    result = assessed(values, quota=0.5)
    tied, behind = screen(result, "B", lang), screen(result, "D", lang)
    if lang == "zh":
        assert "限 2 支，本队与C名次并列，余下的名额不够 2 支，按细则都不取，评为“good”" in tied.why
        assert "名次在前的 2 支并列而余下的名额不够" in behind.why and "用完" not in behind.why
        assert tied.next_grade == "要评为“excellent”，须在名额之内：名额内最后一支 100 分，相差 1 分。"
    else:
        assert "shares its rank with C" in tied.why and "2 ahead share a rank" in behind.why


def test_a_quota_that_is_used_up() -> None:
    values = {"A": FULL, "B": {**FULL, "b": 0.9}, "C": {**FULL, "b": 0.8}}
    found = screen(assessed(values, quota=0.34), "B")  # a third of three teams: one place
    assert "3 支工作队中“excellent”限 1 支，已由名次在前的 1 支用完，评为“good”" in found.why


def test_below_a_line_with_a_quota_the_quota_is_said_too() -> None:
    values = {"A": FULL, "B": {**FULL, "d": 0.5}}
    assert screen(assessed(values, quota=0.5), "B").next_grade == "离“excellent”还差 10 分。“excellent”另有名额限制。"


def test_a_veto_decides_or_stands_in_the_way() -> None:
    values = {"A": {**FULL, "a": 0.9}, "B": {**FULL, "a": 0.5}}  # 97 and 85
    result = assessed(values, veto={"minimum": {"indicator": "a", "at_least": 0.95}, "limit": "good"})
    decided, behind = screen(result, "A"), screen(result, "B")
    assert "达到“excellent”的分数线 90 分，因一票否决（缺勤）评为“good”" in decided.why
    assert decided.next_grade == "分数已够；要评为“excellent”，须不再有一票否决事项：缺勤（a现为 0.9，还差 0.05）。"
    assert behind.why == "总分 85.00，达到“good”的分数线 60 分。"
    assert (
        behind.next_grade == "离“excellent”还差 5 分；即使够分，还须不再有一票否决事项：缺勤（a现为 0.5，还差 0.45）。"
    )


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ("A", "各考核重点均高于"),
        ("C", "各考核重点均低于"),
        ("B", "各考核重点都在"),
    ],
)
def test_the_position_is_what_is_true_of_the_team(team, words) -> None:
    values = {"A": FULL, "B": dict.fromkeys("abcd", 0.8), "C": dict.fromkeys("abcd", 0.5)}
    assert screen(assessed(values), team).position.startswith(words)


def test_a_point_above_and_another_below_are_both_said() -> None:
    values = {"A": {"a": 1, "b": 1, "c": 1, "d": 0.2}, "B": dict.fromkeys("abcd", 0.5), "C": dict.fromkeys("abcd", 0.6)}
    found = screen(assessed(values), "A").position
    assert "work高于" in found and "高 40.0 个百分点" in found and "money低于" in found and "低 30.0 个百分点" in found


@pytest.mark.parametrize(
    ("team", "why", "more"),
    [
        ("T0012", "总分 96.96，达到“优秀”的分数线 90 分。", []),
        (
            "T0007",
            "总分 59.03，没有达到“合格”的分数线 60 分。",
            ["离“合格”还差 0.97 分。缺佐证的补齐后最高可达 60.03 分，够“合格”的分数线。", "缺佐证：民情日记"],
        ),
        (
            "T0023",
            "因一票否决（派出单位筹措资金不足 10 万元）评为“良好”",
            ["分数已够", "派出单位筹措资金不足 10 万元（筹措帮扶资金现为 96,000 元，还差 4,000 元）"],
        ),
        (
            "T0002",
            "云岭山区 8 支工作队中“优秀”限 2 支，已由名次在前的 2 支用完",
            ["名额内最后一支 94.93 分，相差 1.73 分"],
        ),
        (
            "T0014",
            "总分 80.14，达到“良好”的分数线 80 分。",
            [
                "47.06",
                "不适用",
                "按期完成并验收的项目",
                "可加 3.41 分",
                "主导产业 0.98 分、集体经济项目 0.74 分、民生项目 0.74 分",
            ],
        ),
        ("T0009", "总分 88.12，达到“良好”的分数线 80 分。", ["暂定"]),
    ],
)
def test_the_first_screen_of_the_sample(team, why, more, sample_years) -> None:
    html = blocks.head(Scorecard(*sample_years, team)).html
    assert why in html and all(words in html for words in more)
    assert html.index(why) < html.index("最能提分的几项") < html.index("同类中位数")


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ("T0012", "按现有结果列入通报表扬。"),
        ("T0019", "等次虽为“合格”，按现有结果仍列入限期整改（人均驻村不足 180 个工作日），2017年6月30日前完成整改。本年未达到的主要要求：每名队员驻村工作日须达到 180 天；资金精准率须达到 100%；项目按期完成率须达到 100%。"),
        ("T0007", "按现有结果列入限期整改（等次为不合格；人均驻村不足 180 个工作日），2017年6月30日前完成整改。本年未达到的主要要求：每名队员驻村工作日须达到 180 天；支持项目完成率须达到 100%；项目按期完成率须达到 100%。"),
        ("T0002", ""),  # good, and nothing asks it to rectify
    ],
)  # fmt: skip
def test_the_list_on_which_a_team_stands(team, words, sample_years) -> None:
    found = listed(Scorecard(*sample_years, team))
    assert (found.words, found.rectify) == (words, "整改" in words)


def test_what_was_done_best_stands_on_the_first_screen() -> None:
    """The peers' medians are 15, 10, 16 and 36: A is 15 ahead on a and 4 on c; d is below 80 % of its mark."""
    values = {"A": {**FULL, "d": 0.7}, "B": {**FULL, "a": 0.5, "c": 0.8}, "C": {**FULL, "a": 0.5, "c": 0.8, "d": 0.9}}
    assert screen(assessed(values), "A").best == "表现突出的指标：a（30.00 / 30.00 分）、c（20.00 / 20.00 分）。", (
        "b is as full as the peers'"
    )
    nothing = {**FULL, "a": 0, "b": 0, "c": 0, "d": 0}
    assert screen(assessed({"A": nothing}), "A").best == ""


def test_a_rank_that_is_shared_is_said_beside_it() -> None:
    result = assessed({"A": FULL, "B": {**FULL, "a": 0.5}, "C": {**FULL, "a": 0.5}})
    assert [Scorecard(result, None, team).sharing_rank for team in "ABC"] == [1, 2, 2]
    shown = blocks.head(Scorecard(result, None, "C")).html
    assert "名次 · 2 支并列" in shown and "并列" not in blocks.head(Scorecard(result, None, "A")).html


def test_last_years_full_mark_is_said_where_it_was_another() -> None:
    """Last year each focal point had 50 points: a 20, b 10, c 20 and d 50."""
    tree, now = base(), assessed({"A": FULL})
    work, money = tree["dimensions"]
    work["weight"] = money["weight"] = 50
    work["groups"][0]["indicators"][0]["weight"], money["groups"][0]["indicators"][0]["weight"] = 20, 50
    before = score(Rubric.model_validate(tree), {"A": FULL})
    card = Scorecard(now, before, "A")
    assert [(line.weight, line.weight_before) for line in card.dimensions] == [(60, 50), (40, 50)]
    assert blocks.head(card).html.count("<small>满分 50.00</small>") == 2
    assert "<small>满分" not in blocks.head(Scorecard(now, now, "A")).html


def test_a_full_mark_says_that_rows_that_failed_cost_nothing(sample_years) -> None:
    """9 of 10 groups have a hard road where 80 % is asked: one row is not met, and the mark is full."""
    card = Scorecard(*sample_years, "T0003")
    line = next(line for line in card.lines if line.id == "road_hardening")
    assert (line.full_mark, card.evidence[line.id].rows_failed) == (True, 1)
    page = blocks.card_block("evidence", card, items=[(line, card.evidence[line.id])], on_paper=3).html
    assert "本项已得满分，未达标的记录不影响本项得分。" in page
    lost = next(line for line in card.lines if line.lost and card.evidence[line.id].rows_failed)
    page = blocks.card_block("evidence", card, items=[(lost, card.evidence[lost.id])], on_paper=3).html
    assert "不影响本项得分" not in page


def test_a_target_on_its_way_has_its_goal_beside_it(sample_years) -> None:
    """57.92 % last year, a third of what lacks to 70 % a year: 61.95 % this year."""
    lines = {line.id: line for line in Scorecard(*sample_years, "T0004").lines}
    assert (lines["income_ratio"].target, lines["income_ratio"].goal) == ("≥ 61.95%", "2018年目标 70%")
    reached = {line.id: line for line in Scorecard(*sample_years, "T0001").lines}
    assert reached["income_ratio"].goal == "" and reached["ten_measures"].goal == ""


def test_a_bonus_that_is_still_to_be_had_is_no_full_mark() -> None:
    """a has 30 points at 1 and up to 36 beyond it: at 1 nothing is lost, yet a row more would earn more."""
    tree = base()
    tree["dimensions"][0]["groups"][0]["indicators"][0]["score"] = {
        "kind": "linear",
        "floor": 0,
        "target": 1,
        "cap": 36,
    }
    result = score(Rubric.model_validate(tree), {"A": FULL, "B": {**FULL, "a": 1.2}, "C": {**FULL, "a": 0.9}})
    lines = [next(line for line in Scorecard(result, None, team).lines if line.id == "a") for team in "ABC"]
    assert [(line.points, line.lost, line.full_mark) for line in lines] == [
        (30.0, 0.0, False),
        (36.0, 0.0, True),
        (27.0, 3.0, False),
    ]


def test_the_lowest_grade_is_no_grade_in_spite_of_which_a_team_must_rectify() -> None:
    """10 points: the grade is no reason in this rubric, less than half of a focal point is."""
    tree = base()
    below = [{"dimension": "money", "share": 0.5}]
    tree["commendation"] = {
        "teams": {"grades": ["excellent"]},
        "units": {"dimension": "money", "at_least": 0.5, "top_share": 1},
    }
    tree["rectification"] = {"deadline": "06-30", "team_below": below}
    result = score(Rubric.model_validate(tree), {"A": {**FULL, "a": 0, "c": 0, "d": 0}, "B": {**FULL, "d": 0.4}})
    assert listed(Scorecard(result, None, "A")).words.startswith("按现有结果列入限期整改（")
    assert listed(Scorecard(result, None, "B")).words.startswith(
        "等次虽为“good”，按现有结果仍列入限期整改（"
    )  # 76 points


def test_what_only_some_are_asked_for_is_held_against_those() -> None:
    """b does not apply to A, whose a weighs 40: 32 of 40 are fewer than 30 of 30, which its peers have."""
    values = {"A": {**FULL, "a": 0.8, "b": "not_applicable"}, "B": FULL, "C": {**FULL, "d": 0.5}}
    card = Scorecard(assessed(values), None, "A")
    a, b, *_ = card.lines
    assert (a.points, a.weight, a.peer_share, a.lead) == (32.0, 40.0, 1.0, -0.2)
    assert b.peer_median == 10.0, "of the two for whom it counts"
    assert screen(card.now, "A").best == "得满分的指标有：d（40.00 / 40.00 分）、c（20.00 / 20.00 分）。"


def test_nothing_is_both_best_and_most_to_gain_and_nobody_alone_is_ahead() -> None:
    """A is far ahead on a, and a is what it can gain by; alone, only full marks are strong points."""
    few = {**FULL, "a": 0.2}
    assert "a（" not in screen(assessed({"A": {**FULL, "a": 0.8}, "B": few, "C": few}), "A").best
    alone = {"a": 0.9, "b": 0.5, "c": 0.5, "d": 0.5}
    assert screen(assessed({"A": alone}), "A").best == "", "of a nobody knows whether it is much"


def test_a_full_mark_that_a_reviewer_gave_is_not_the_rules() -> None:
    """The rows that failed did cost points, until a reviewer decided otherwise."""
    card = Scorecard(assessed({"A": FULL}), None, "A")
    line = card.lines[0]
    assert line.full_mark and not replace(line, computed_points=15.0).full_mark


def test_no_sum_is_promised_where_a_group_is_capped() -> None:
    tree = base()
    tree["dimensions"][0]["groups"][0]["cap"] = 20
    result = score(Rubric.model_validate(tree), {"A": {**FULL, "a": 0.7, "b": 0.5, "d": 0.8}})  # 21 + 5 are held to 20
    assert screen(result, "A").gains and screen(result, "A").enough == ""


def test_a_veto_that_made_the_grade_is_no_grade_in_spite_of_which_a_team_must_rectify() -> None:
    """0.5 of b is below its minimum, which allows no more than good and asks the team to rectify; nothing else is lost."""
    veto = {"limit": "good", "minimum": {"indicator": "b", "at_least": 0.9}}
    tree = base()
    about = {"id": "v", "name": {"zh": "缺勤", "en": "absence"}, "basis": "proposal"}
    tree["veto"] = [{**about, **veto}]
    tree["commendation"] = {
        "teams": {"grades": ["excellent"]},
        "units": {"dimension": "money", "at_least": 0.5, "top_share": 1},
    }
    tree["rectification"] = {"deadline": "06-30", "team_vetoes": ["v"]}
    rubric = Rubric.model_validate(tree)
    told = listed(Scorecard(score(rubric, {"A": {**FULL, "b": 0.5}}), None, "A")).words  # 95 points, held to good
    assert told == "按现有结果列入限期整改（缺勤），2017年6月30日前完成整改。本年未达到的主要要求：b须达到 1。"
    told = listed(Scorecard(score(rubric, {"A": {**FULL, "b": 0.5, "d": 0}}), None, "A")).words  # 55 points
    assert told.startswith("按现有结果列入限期整改（缺勤），"), "the lowest grade"


def test_a_scorecard_is_made_again_when_another_team_comes_to_share_its_rank() -> None:
    """A and B are no peers: a review that lifts B from 85 to 90, the total of A, changes neither points nor rank of A."""
    tree, areas = base() | {"peer_group": "area"}, {"A": {"area": "山"}, "B": {"area": "湖"}}

    def reviewed(before: float, after: float) -> dict[str, str]:
        rubric, of_a = Rubric.model_validate(tree), {**FULL, "b": 0}
        computed, now = (score(rubric, {"A": of_a, "B": {**of_a, "d": d}}, areas) for d in (before, after))
        return review_marks(
            replace(now, computed=computed, review_state=SimpleNamespace(of_team=lambda _: [], undone=()))
        )

    assert set(reviewed(0.875, 1)) == {"A", "B", ""}
    assert set(reviewed(0.875, 0.9)) == {"B", ""}


def test_evidence_says_that_there_is_none_and_why_points_are_lost_where_no_row_failed(sample_years) -> None:
    """T0007 sent no diary; of T0023 one contribution is counted and none failed, yet 96 000 yuan are short of 100 000."""

    def told(team: str, name: str) -> str:
        card = Scorecard(*sample_years, team)
        line = next(line for line in card.lines if line.id == name)
        return blocks.card_block("evidence", card, items=[(line, card.evidence[name])], on_paper=3).html

    assert "民情日记（缺佐证）" in told("T0007", "diary") and "未达标 36" not in told("T0007", "diary")
    assert "没有未达标的；失分是因为指标值没有达到目标。" in told("T0023", "funds_raised")
    assert "没有未达标的记录。" in told("T0012", "funds_raised")
