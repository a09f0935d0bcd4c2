"""Digests of the rows of the input by table and team, which show changed rows without keeping any.

Who knows all of a row but one of a few values, as health or category, finds that value by its digest. So digests stay in
the data folder, as its rows do, in a folder for its owner alone, each year's under the fingerprint of its data; no record
of a run and no edition has any.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from assess_lib.atomic import write_text
from assess_lib.tables.dataset import YearData
from assess_lib.tables.keys import ROW_KEYS
from assess_lib.tables.row_digests import digest, marks

OWNED_BY = {"team_id", "village_id", "household_id", "member_id", "unit_id"}
COLUMNS = ("year", "table", "team_id", "rows", "digest", "marks")
Group = tuple[str, str]
KEPT = ".row-digests"


@dataclass(frozen=True)
class RowChange:
    """A row that is not among those recorded, or how many of a table and team are gone.

    Attributes
    ----------
    year, table, team_id : where; team blank for rows of no team.
    key : what names the row, ``column=value``, several with commas; blank for rows that are gone.
    gone : how many rows of the record are not in the data any more.
    """

    year: int
    table: str
    team_id: str
    key: str = ""
    gone: int = 0


def input_digests(data: YearData) -> pd.DataFrame:
    """A line for every table and team that has rows in it.

    Returns ``year``, ``table``, ``team_id`` (blank for rows of no team), ``rows``, ``digest`` of all of them, and
    ``marks``: three bytes of each row's digest in the order of the table, base64 after the letter m.
    """
    lines = []
    for name in sorted(data.tables):
        hashes = data.row_hashes(name)
        for team, places in _places(data, name).items():
            mine = hashes[places]
            lines.append((data.year, name, team, len(mine), digest(mine), _packed(mine)))
    return pd.DataFrame(lines, columns=list(COLUMNS))


def keep_digests(home: Path, data: YearData) -> None:
    """Keep the digests of a year's rows in its data folder; where nothing can be written, none are kept."""
    path = _kept_in(home, data.fingerprint)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        if not path.exists():
            write_text(path, input_digests(data).to_csv(index=False, lineterminator="\n"))
    except OSError:
        pass


def kept_digests(home: Path, *fingerprints: str | None) -> pd.DataFrame | None:
    """The digests kept in a data folder of years of these fingerprints; None where those of one are not there."""
    paths = [_kept_in(home, fingerprint) for fingerprint in fingerprints if fingerprint]
    try:
        tables = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths]
    except (OSError, ValueError):
        return None
    whole = all(set(COLUMNS) <= set(table.columns) for table in tables)
    return pd.concat(tables) if tables and whole else None


def _kept_in(home: Path, fingerprint: str) -> Path:
    return home / KEPT / f"{fingerprint}.csv"


def changed_rows(recorded: pd.DataFrame, data: YearData) -> list[RowChange]:
    """Every row of the data that is not as recorded, and how many recorded rows are gone.

    Parameters: ``recorded`` as ``input_digests`` gives it, of the year of the data and maybe of others. A row that was
    edited counts as one that is not recorded and one that is gone.
    """
    of_year = recorded[recorded["year"].astype(str) == str(data.year)]
    then = {(row.table, row.team_id): row for row in of_year.itertuples()}
    changes: list[RowChange] = []
    seen: set[Group] = set()
    for name in sorted(data.tables):
        hashes = data.row_hashes(name)
        for team, places in _places(data, name).items():
            seen.add((name, team))
            row, mine = then.get((name, team)), hashes[places]
            if row is None or row.digest != digest(mine):
                changes += _changes(data, name, team, places, marks(mine), "" if row is None else row.marks)
    changes += [RowChange(data.year, *group, gone=int(row.rows)) for group, row in then.items() if group not in seen]
    return sorted(changes, key=lambda change: (change.table, change.team_id, change.key))


def changed_groups(before: pd.DataFrame, now: pd.DataFrame, year: int) -> set[Group]:
    """Tables and teams whose rows of a year differ between two records."""
    before, now = (table[table["year"].astype(str) == str(year)] for table in (before, now))
    pair = before.merge(now, on=["table", "team_id"], how="outer", suffixes=("", "_now"))
    return set(pair.loc[pair["digest"] != pair["digest_now"], ["table", "team_id"]].itertuples(index=False, name=None))


def _changes(
    data: YearData, name: str, team: str, places: np.ndarray, mine: np.ndarray, packed: str
) -> list[RowChange]:
    """Recorded and present rows taken off against each other, equal against equal."""
    left: dict[bytes, int] = {}
    for mark in map(bytes, _unpacked(packed)):
        left[mark] = left.get(mark, 0) + 1
    table, new = data.tables[name], []
    for place, mark in zip(places, map(bytes, mine)):
        if left.get(mark, 0):
            left[mark] -= 1
        else:
            new.append(RowChange(data.year, name, team, _key(name, table.iloc[int(place)])))
    gone = sum(left.values())
    return [*new, *([RowChange(data.year, name, team, gone=gone)] if gone else [])]


def _packed(hashes: np.ndarray) -> str:
    """Marks as text, after a letter, so that no program takes it for a formula."""
    return "m" + base64.b64encode(marks(hashes).tobytes()).decode("ascii")


def _unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text[1:]), dtype="uint8").reshape(-1, 3)


def _key(name: str, row: pd.Series) -> str:
    texts = ((column, row[column]) for column in ROW_KEYS[name] if column in row)
    return ", ".join(f"{column}={_text(value)}" for column, value in texts)


def _text(value: object) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _places(data: YearData, name: str) -> dict[str, np.ndarray]:
    """The places of a table's rows by team, those of no team under a blank; none for a table without rows."""
    table = data.tables[name]
    if table.empty:
        return {}
    if not OWNED_BY & set(table.columns):
        return {"": np.arange(len(table))}
    numbered = data.owners(name)
    by_team = {str(team): places for team, places in _grouped(numbered["team_id"], numbered["place"]) if len(places)}
    alone = np.setdiff1d(np.arange(len(table)), numbered["place"].to_numpy())
    return by_team | ({"": alone} if len(alone) else {})


def _grouped(teams: pd.Series, places: pd.Series) -> Iterator[tuple[object, np.ndarray]]:
    rows = places.to_numpy()
    for team, at in teams.groupby(teams, observed=True).indices.items():
        yield team, np.sort(rows[at])
