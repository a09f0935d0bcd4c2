"""Provincial figures: held against last year's, since every team of the province is measured by them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assess_lib.indicators.yardsticks.comparison import Comparison, Question, asked
from assess_lib.tables.checks.bounds import bounds

_SERVICE = "service:"


def figures(c: Comparison) -> Iterator[Question]:
    """Figures of earlier years that are not those of last year's table, and figures that are gone, the same, far lower or far higher."""
    now, was = (c.table("benchmarks", of_year).drop_duplicates(["year", "metric"]) for of_year in (True, False))
    if now.empty or was.empty:
        return
    both = now.merge(was, on=["year", "metric"], suffixes=("", "_before"))
    other = both[(both["value"] != both["value_before"]) & both["value_before"].notna()]
    this, last = now[now["year"] == c.year], was[was["year"] == c.year - 1]
    years = this.merge(last, on="metric", how="right", suffixes=("", "_before"))
    lower = years[years["value"] < years["value_before"] * (1 - float(c.norms.figure_drop))]
    about = bounds().own_last_year["benchmarks.value"]
    raised = years[years["value"] > about.times * years["value_before"].clip(lower=about.least)]
    again = years[(years["value"] == years["value_before"]) & ~years["metric"].str.startswith(_SERVICE)]
    gone = years[years["value"].isna() & years["value_before"].notna()]
    for key, found in (
        ("figure_changed", other),
        ("figure_lower", lower),
        ("figure_raised", raised),
        ("figure_unchanged", again),
        ("figure_left_out", gone),
    ):
        for services, rows in found.groupby(found["metric"].str.startswith(_SERVICE)):
            waits = ("public_services",) if services else ("income_ratio", "poor_income_growth", "paired_outcome")
            of_all = pd.DataFrame({"team": c.teams}).merge(rows[["metric", "value", "value_before"]], how="cross")
            yield from asked(key, of_all, "metric", "value", "value_before", *waits, together=True, of="benchmarks")


def services(c: Comparison) -> Iterator[Question]:
    """Public services with a provincial figure, of this year or last, that the village's table lacks."""
    rows = c.now("village_services")
    wanted = sorted(set().union(*(_services(c, year) for year in (c.year, c.year - 1))))
    teams, filled = rows["team"].drop_duplicates(), rows[rows["value"].notna()]
    lacking = [(name, ~teams.isin(filled["team"][filled["service"] == name])) for name in wanted]
    found = [pd.DataFrame({"team": teams[without], "service": name}) for name, without in lacking]
    if found:
        yield from asked(
            "service_left_out", pd.concat(found), "service", None, len(wanted), "public_services", of="village_services"
        )


def _services(c: Comparison, year: int) -> set[str]:
    marks = c.table("benchmarks", year == c.year)
    names = marks["metric"][(marks["year"] == year).fillna(False)].dropna()
    return set(names[names.str.startswith(_SERVICE)].str.removeprefix(_SERVICE))
