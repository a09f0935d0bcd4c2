"""Indicators whose values are typed in by evaluators (table ``entered_values``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from assess_lib.exact import exact
from assess_lib.faults import Fault
from assess_lib.indicators.measurement import MEASURED, NO_EVIDENCE, NOT_APPLICABLE, Measurement, evidence_of
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.rules.vocabulary import ENTERED_RANGES
from assess_lib.tables.checks.findings import Finding
from assess_lib.tables.dataset import YearData
from assess_lib.tables.schemas import SCHEMAS


def entered_measurement(indicator: Indicator, data: YearData) -> Measurement:
    """The typed-in values of an indicator; a team without a row has no evidence.

    For a checklist each row names an ``item``; the value counts the items present.
    """
    rows = data.rows("entered_values")
    rows = rows[rows["indicator"] == indicator.id]
    excused = set(rows[rows["status"] == "not_applicable"]["team_id"])
    rows = rows[rows["value"].notna() & ~rows["team_id"].isin(excused)]
    frame = pd.DataFrame(index=data.team_ids)
    frame["status"] = [NOT_APPLICABLE if team in excused else NO_EVIDENCE for team in frame.index]
    parts = None
    if indicator.score.item_ids:
        parts = pd.DataFrame(
            {"team_id": rows["team_id"], "part": rows["item"], "exact": [exact(v) for v in rows["value"]]}
        )
        present = (rows["value"] > 0).groupby(rows["team_id"]).sum()
        values = {team: exact(int(count)) for team, count in present.items()}
    else:
        values = {team: exact(value) for team, value in zip(rows["team_id"], rows["value"])}
    frame.loc[frame.index.isin(list(values)), "status"] = MEASURED
    frame["exact"] = [values.get(team) for team in frame.index]
    frame["value"] = [float("nan") if value is None else float(value) for value in frame["exact"]]
    frame["numerator"], frame["denominator"] = frame["value"], float("nan")
    evidence = evidence_of(rows, True, ["item", "value", "note"])
    return Measurement(
        frame[["numerator", "denominator", "value", "status", "exact"]], evidence, "entered_values", parts
    )


def check_entered(rubric: Rubric, rows: pd.DataFrame) -> Iterator[Finding]:
    """Typed-in values that the rubric does not ask for or that cannot be.

    Parameters: ``rows`` of the table of entered values, typed, numbered from 0.
    """
    asked = {indicator.id: indicator for indicator in rubric.indicators() if indicator.entered}
    for number, row in enumerate(rows.reindex(columns=list(SCHEMAS["entered_values"].columns)).itertuples(index=False)):
        if pd.isna(row.indicator):
            continue  # told as a blank
        for column, key, value, details in _wrong(asked, row):
            told = {number: value}.__getitem__
            yield Finding("entered_values", np.array([number]), column, f"tables.{key}", details=details, value=told)


def entered_faults(rubric: Rubric, data: YearData, source: str) -> list[Fault]:
    """The same of tables that no check has seen, with the team and indicator for a place."""
    rows = data.tables["entered_values"]
    faults = []
    for found in check_entered(rubric, rows):
        row = rows.iloc[found.rows[0]]
        place = f"team_id={row['team_id']}, indicator={row['indicator']}"
        value = found.value(int(found.rows[0])) if found.value else ""
        faults.append(Fault(found.key, source, place, value, found.details))
    return faults


def _wrong(asked: dict[str, Indicator], row: Any) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """The faults of typed-in values: column, key of the fault, value as it is told, details."""
    if row.indicator not in asked:
        yield "indicator", "entered_indicator", str(row.indicator), {"known": ", ".join(asked) or "-"}
        return
    indicator, shown = asked[row.indicator], "" if pd.isna(row.value) else f"{row.value:g}"
    items = list(indicator.score.item_ids)
    item = "" if pd.isna(row.item) else str(row.item)
    excused = str(row.status) == "not_applicable"
    if item not in (items or [""]) and not (excused and not item):
        yield "item", "entered_item", item, {"known": ", ".join(items) or "-"}
    if not shown and not excused:
        yield "value", "entered_blank", "", {}
    if shown and excused:
        yield "value", "entered_both", shown, {}
    low, high = ENTERED_RANGES.get(indicator.unit or "", (None, None))
    if shown and not items and ((low is not None and row.value < low) or (high is not None and row.value > high)):
        yield (
            "value",
            "entered_range",
            shown,
            {"low": "-∞" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"},
        )
