"""The assessed do not choose their own denominator: what they list is held against norms and last year's tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks import (
    amounts,
    answers,
    audits,
    balance,
    copied,
    copies,
    done,
    dragged,
    elsewhere,
    exchanged,
    habits,
    histories,
    households,
    kept,
    lengths,
    links,
    lists,
    province,
    shifted,
    teams,
    work,
)
from assess_lib.indicators.yardsticks.comparison import Comparison, Frames, Question
from assess_lib.indicators.yardsticks.explained import unexplained, without_what_is_told
from assess_lib.indicators.yardsticks.wording import as_finding
from assess_lib.rules.norms import Norms
from assess_lib.tables.checks.findings import Found

_QUESTIONS = (
    *(
        households.register,
        households.incomes,
        households.people,
        households.new_ones,
        households.needs,
        households.pairings,
        households.dates,
        households.exits,
    ),
    *(histories.exits_changed, histories.falls_changed, histories.poor_anew, histories.incomes_blank),
    *(
        lengths.rows_fewer,
        lengths.rows_of_members_fewer,
        lengths.columns_blank,
        exchanged.columns_exchanged,
        answers.answers_reversed,
        answers.answers_alike,
        copied.columns_copied,
        shifted.columns_shifted,
        shifted.columns_out_of_order,
        dragged.cells_dragged,
        lengths.sheets_exchanged,
        lists.numbers,
        lists.counts,
        lists.due_dates,
        lists.reports,
    ),
    *(done.dated_back, done.too_early),
    *(kept.rows_gone, kept.built_gone, kept.categories_undated, kept.facts_gone, kept.many_changed),
    kept.logs_without_attendance,
    *(habits.days_alike, habits.days_at_the_end, habits.answered_where, habits.amounts_tiny),
    *(copies.unchanged, copies.listed_twice, amounts.amounts),
    *(links.moved, links.units_of_cadres, links.units_renamed),
    *(elsewhere.leaders, elsewhere.money, elsewhere.actions, elsewhere.pairings),
    *(teams.teams, teams.members),
    *(work.timetable, work.villages, work.units, work.money),
    *(balance.unaccounted, balance.overspent, balance.older, balance.carried_young),
    *(audits.audits, province.figures, province.services),
)
# Nothing is asked by these where there are no tables of the year before.
_OF_BOTH_YEARS = frozenset(
    {
        *(
            households.incomes,
            households.people,
            households.new_ones,
            links.moved,
            lengths.rows_fewer,
            balance.overspent,
            lengths.rows_of_members_fewer,
            lengths.columns_blank,
            exchanged.columns_exchanged,
            answers.answers_reversed,
            answers.answers_alike,
            copied.columns_copied,
            shifted.columns_shifted,
            shifted.columns_out_of_order,
            dragged.cells_dragged,
            lengths.sheets_exchanged,
        ),
        *(histories.exits_changed, histories.falls_changed, histories.poor_anew),
        *(copies.unchanged, amounts.amounts, done.dated_back, work.villages),
        *(kept.rows_gone, kept.built_gone, kept.categories_undated, kept.facts_gone, kept.many_changed),
        *(habits.days_alike, habits.days_at_the_end, habits.answered_where, habits.amounts_tiny),
    }
)
# Tables of the year before that are looked at.
COMPARED = frozenset(
    "teams members units villages village_year households persons household_measures pairings projects commitments"
    " ledger meetings inspections fund_flows audits exit_plans visits reports village_services benchmarks"
    " attendance work_logs diaries unit_actions".split()
)


def questions(norms: Norms, frames: Frames, set_aside: Frames, earlier: Frames, year: int) -> Iterator[Found]:
    """What is asked about because it differs from the norms or from last year, each with the measures that wait.

    What only looks so because a row was set aside is not asked: its cause is told at that row.

    Parameters: ``frames`` the tables of the year by name, ``set_aside`` their rows that have an error, ``earlier``
    the tables of the year before, without those that nobody has.
    """
    if "teams" not in frames or not len(frames["teams"]):
        return
    comparison = Comparison(year, frames, earlier, norms)
    found = without_what_is_told(_asked(comparison))
    wrong = {name: rows for name, rows in set_aside.items() if len(rows)}
    if found and wrong:
        whole = {name: pd.concat([rows, wrong[name]]) if name in wrong else rows for name, rows in frames.items()}
        of_whole = Comparison(year, whole, earlier, norms)
        found = list(unexplained(found, _asked(of_whole), of_whole, wrong))
    for question in found:
        yield as_finding(question, comparison)
    yield from links.renamed(comparison)
    yield from teams.left_out(comparison, set_aside.get("teams"))


def _asked(comparison: Comparison) -> Iterator[Question]:
    for ask in _QUESTIONS:
        if comparison.earlier or ask not in _OF_BOTH_YEARS:
            yield from ask(comparison)
