"""Names that group what belongs together: one that differs by a character makes a group of its own, and is asked about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.tables.checks.bounds import bounds
from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.parsing import TRADITIONAL, plain

GROUPS = (
    ("villages", "county"),
    ("teams", "county"),
    ("teams", "area"),
    ("teams", "unit_type"),
    ("units", "unit_type"),
    ("village_services", "service"),
)
SHORTEST = 3  # characters of a name of which one may be a slip


def check_names(frames: dict[str, pd.DataFrame]) -> Iterator[Finding]:
    """Names near to one that stands more often, and teams of another county than their village."""
    for table, column in GROUPS:
        if table in frames and column in frames[table]:
            names = frames[table][column]
            near = near_names(names)
            which = names.isin(list(near)).to_numpy()
            row_details = lambda row, names=names, near=near: {"near": near[names[row]]}
            yield finding(table, which, column, "checks.near_name", WARNING, row_details=row_details)
    if "teams" in frames and "villages" in frames:
        yield from _other_county(frames["teams"], frames["villages"])


def near_names(names: pd.Series) -> dict[str, str]:
    """The names that stand seldom -> the one near to each that stands often; shape of ``names`` (rows,)."""
    counts = names.dropna().value_counts()
    about = bounds().near_names
    seldom = [str(name) for name, count in counts.items() if count <= about.seldom]
    often = [str(name) for name, count in counts.items() if count >= about.often]
    forms = {name: plain(name).translate(TRADITIONAL) for name in (*seldom, *often)}
    found = {}
    for name in seldom:
        near = [other for other in often if is_slip(forms[name], forms[other])]
        if near:
            found[name] = min(near)
    # Written alike but for full-width or traditional forms: asked about however often they stand.
    alike: dict[str, list[str]] = {}
    for name in counts.index.astype(str):
        alike.setdefault(plain(name).translate(TRADITIONAL), []).append(name)
    for group in alike.values():
        found |= {name: group[0] for name in group[1:]}
    return found


def is_slip(one: str, other: str) -> bool:
    """True for two names that differ by one character put in, left out or changed, or two changed over."""
    if one == other or min(len(one), len(other)) < SHORTEST or abs(len(one) - len(other)) > 1:
        return one == other
    if any(a != b and (a.isnumeric() or b.isnumeric()) for a, b in zip(one, other)):
        return False  # numbered names: 一组, 2 号
    return differs_by_one(one, other)


def differs_by_one(one: str, other: str) -> bool:
    """True for two different texts of which one is the other with a character put in, left out or changed, or two changed over."""
    start = next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return one != other and (a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:]))


def _other_county(teams: pd.DataFrame, villages: pd.DataFrame) -> Iterator[Finding]:
    """Teams that name another county than their village does."""
    if not {"county", "village_id"} <= set(teams) or not {"county", "village_id"} <= set(villages):
        return
    of_village = villages.dropna(subset=["village_id"]).drop_duplicates("village_id").set_index("village_id")["county"]
    county = teams["village_id"].map(of_village)
    which = np.asarray(county.notna() & teams["county"].notna() & (county != teams["county"]))
    row_details = lambda row: {"county": county[row]}
    yield finding("teams", which, "county", "checks.other_county", WARNING, row_details=row_details)
