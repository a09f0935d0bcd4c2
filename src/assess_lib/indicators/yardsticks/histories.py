"""What a household's own row says of its past: held against last year's row of the same household."""

from __future__ import annotations

from collections.abc import Iterator

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked, held_as_poor
from assess_lib.indicators.yardsticks.households import OF_POOR

_OF_INCOME = ("poor_income_growth", "paired_outcome", "fund_benefit")


def exits_changed(c: Comparison) -> Iterator[Question]:
    """Exits of an earlier year on another day than last year's table has, or gone, though the household did not fall back."""
    homes = c.both("households", "exited_on")
    before, now = homes["exited_on_before"], homes["exited_on"]
    fell = (homes["fell_back_on"] >= before).fillna(False)
    other = homes[(before < c.year_start) & ~(now == before).fillna(False) & ~fell]
    yield from asked("exit_changed", other, "household_id", "exited_on", "exited_on_before", *OF_POOR, of="households")


def falls_changed(c: Comparison) -> Iterator[Question]:
    """Falls into poverty of an earlier year that last year's table has on another day, or not at all, or that are gone."""
    homes = c.both("households", "fell_back_on")
    now, before = homes["fell_back_on"], homes["fell_back_on_before"]
    of_earlier = (now < c.year_start).fillna(False) | ((before < c.year_start) & now.isna()).fillna(False)
    other = homes[of_earlier & ~(now == before).fillna(False)]
    yield from asked(
        "fall_changed",
        other,
        "household_id",
        "fell_back_on",
        "fell_back_on_before",
        "relapse",
        *OF_POOR,
        of="households",
    )


def poor_anew(c: Comparison) -> Iterator[Question]:
    """Households said to have become poor within the year that last year's table has in poverty at its end."""
    homes = c.both("households", "category", "registered", "exited_on")
    poor = held_as_poor(homes, "_before") & ~(homes["exited_on_before"] < c.year_start).fillna(False)
    named = c.in_year(homes["category_changed_on"]) & (homes["category_previous"] == "other").fillna(False)
    fell = c.in_year(homes["fell_back_on"]) & ~(homes["exited_on"] <= homes["fell_back_on"]).fillna(False)
    anew = homes.assign(day=homes["category_changed_on"].where(named, homes["fell_back_on"]))
    anew = anew[poor & (named | fell)]
    yield from asked("poor_anew", anew, "household_id", "day", "category_before", "visit_frequency", of="households")


def incomes_blank(c: Comparison) -> Iterator[Question]:
    """Poor households without an income of the year, though that of the year before is known."""
    homes = c.now("households")
    known = c.both("households", "income_yuan")["income_yuan_before"].reindex(homes.index)
    homes = homes.assign(known=known.where(known.notna(), homes["income_prev_yuan"]))
    blank = homes[held_as_poor(homes) & homes["income_yuan"].isna() & homes["known"].notna()]
    yield from asked("income_left_out", blank, "household_id", "income_yuan", "known", *_OF_INCOME, of="households")
