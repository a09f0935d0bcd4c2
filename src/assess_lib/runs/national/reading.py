"""One county of a partitioned data set at a time, with what it needs of the rest.

A county holds all that belongs to its villages. Four things reach over its border: the tables that
stand for all counties, the number of teams of a unit that has some in several counties, the pairings
of such a unit with their households, and keys, which no two rows of the country share. They are
prepared once in a folder, from which every county takes its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assess_lib.faults import ERROR, NOTE, Fault
from assess_lib.indicators import yardsticks
from assess_lib.rules.norms import Norms
from assess_lib.runs.national.before import COMMON, county_before, lay_ready_before
from assess_lib.runs.national.typed import of_kind, typed
from assess_lib.tables.checks.contradictions import check_contradictions
from assess_lib.tables.checks.keys import check_references, check_uniqueness, points_at_nothing
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.checks.people import check_texts
from assess_lib.tables.checks.plausibility import check_rules
from assess_lib.tables.dataset import YearData
from assess_lib.tables.id_lookup import TEXT, among, arrow_column
from assess_lib.tables.keys import MAY_BE_EMPTY, REFERENCES, ROW_KEYS
from assess_lib.tables.masked_faults import masked_faults
from assess_lib.tables.masking import NO_PEOPLE
from assess_lib.tables.pipeline import check_tables, questioned
from assess_lib.tables.read_files import read_files
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.tables.starts import starts_of
from assess_lib.tables.year_before import far_fewer
from assess_lib.tables.year_files import YearFiles

EITHER = ("entered_values",)
SHARED = ("pairings", "households")
SHARED_TEAMS = "shared-teams.parquet"
OF_UNIT = ("household_id", "cadre_id", "unit_id", "paired_from", "paired_to")
OF_HOME = (
    "household_id", "village_id", "category", "category_previous", "category_changed_on", "registered", "exited_on",
    "fell_back_on",
)  # fmt: skip
SLICE = 4_000_000  # keys compared at once
TOLD = 20


@dataclass(frozen=True)
class County:
    """One county as it was read.

    Attributes
    ----------
    data : its tables, None when they cannot be used.
    faults : what is wrong with them.
    rows : number of rows of each of its tables.
    keys : of the tables that tables for all counties point at.
    """

    data: YearData | None
    faults: list[Fault]
    rows: dict[str, int]
    keys: dict[str, pa.Array]


def prepare(layout: YearFiles, before: YearFiles | None, year: int, needed: set[str], into: Path) -> list[Fault]:
    """Check the tables for all counties and lay ready what counties take from the rest of the country.

    Parameters: ``before`` the files of the year before, None for none; ``needed`` tables that must be there; ``into`` a
    folder for nobody else's use.
    """
    raw, faults = read_files(layout.files)
    if before is None:
        faults.append(Fault("partitions.not_compared", str(layout.home), severity=NOTE))
    else:
        lay_ready_before(before, into)
    apart = layout.partitioned_tables
    for name, table in raw.items():
        if name not in (*COMMON, *EITHER):
            faults.append(Fault("partitions.not_partitioned", table.read_from[0], value=name))
        elif name in apart:
            faults.append(Fault("partitions.both", table.read_from[0], value=name))
    for name in sorted(apart & set(COMMON)):
        faults.append(Fault("partitions.for_all", str(layout.home / name), value=name))
    for name in sorted(needed - apart - set(raw)):
        faults.append(Fault("tables.missing_table", str(layout.home), details={"table": words_of(name)}))
    for name in sorted(needed & set(raw)):
        if raw[name].cells.empty:
            faults.append(Fault("tables.empty_table", raw[name].read_from[0], details={"table": words_of(name)}))
    tables = check_tables(raw, year, set())
    tables += check_references(tables.frames, tables.frames)
    faults = masked_faults([*faults, *tables.faults], NO_PEOPLE)
    if not _errors(faults):
        repeated = tables.repeated
        for name, frame in tables.frames.items():
            frame[~repeated[name]].to_parquet(into / f"{name}.parquet", index=False)
        _shared(layout, into)
    return faults


def read_county(
    layout: YearFiles,
    before: YearFiles | None,
    county: str,
    year: int,
    needed: set[str],
    norms: Norms,
    prepared: Path,
) -> County:
    """The tables of a county, checked, with what it takes from the rest.

    They are held against ``norms`` and the tables of the same county in the year ``before``, within the county: where
    nearly all lists run on without a gap, those of the county count.
    """
    raw, faults = read_files(layout.counties[county])
    tables = check_tables(raw, year, needed)
    frames = tables.frames
    common = {} if _errors([*faults, *tables.faults]) else _common(prepared, frames)
    tables += check_references(frames, frames | common)
    tables += check_contradictions(frames, year, tables.unusable)
    tables += check_rules(frames, year, tables.unusable)
    tables += check_texts(frames, tables.masking)
    starts: dict[str, pd.DataFrame] = {}
    if not _errors([*faults, *tables.faults]):
        was = county_before(before, county, set(frames) | MAY_BE_EMPTY, frames, prepared)
        repeats = tables.repeated
        usable = {name: frame[~repeats[name]] for name, frame in frames.items()}
        tables += yardsticks.questions(norms, usable | common, {}, was.frames, year)
        faults += far_fewer(raw, was, tables.found)
        starts = starts_of(was.frames, year - 1)
    faults += tables.faults
    masking, waiting = tables.masking, questioned(tables)
    faults = masked_faults(faults, masking)
    rows = {name: len(frame) for name, frame in frames.items()}
    keys = {goal: arrow_column(frames[goal][ROW_KEYS[goal][0]]) for goal in _asked_of(layout) if goal in frames}
    if _errors(faults):
        return County(None, faults, rows, keys)
    repeated = tables.repeated
    frames = {name: frame[~repeated[name]] for name, frame in frames.items()}
    del raw, tables  # half of the memory of a county
    _write_keys(frames, prepared, _number(layout, county))
    elsewhere = {}
    if set(SHARED) <= set(frames) and (prepared / SHARED_TEAMS).exists():
        number = _number(layout, county)
        frames["pairings"] = _with_shared("pairings", frames, "unit_id", frames["teams"], prepared, number)
        frames["households"] = _with_shared("households", frames, "household_id", frames["pairings"], prepared, number)
        elsewhere = _teams_elsewhere(prepared, number)
    data = YearData.of(year, frames | common, None, waiting, masking, elsewhere, starts)
    return County(data, faults, rows, keys)


def over_all(layout: YearFiles, counties: list[County], prepared: Path, needed: set[str]) -> list[Fault]:
    """Faults that only show when all counties have been read: keys in two counties, rows that point nowhere, no rows."""
    faults = []
    for name in sorted(MAY_BE_EMPTY & layout.partitioned_tables):
        if not sum(county.rows.get(name, 0) for county in counties):
            about = {"table": words_of(name)}
            faults.append(Fault("checks.no_audits", str(layout.home / name), details=about, severity=NOTE))
    for name in sorted(needed & layout.partitioned_tables):
        if not sum(county.rows.get(name, 0) for county in counties):
            faults.append(Fault("tables.empty_table", str(layout.home / name), details={"table": words_of(name)}))
    for name in (*COMMON, *EITHER):
        path = prepared / f"{name}.parquet"
        for column, goal in REFERENCES.get(name, {}).items():
            if goal in layout.partitioned_tables and path.exists():
                known = pa.chunked_array([county.keys[goal] for county in counties if goal in county.keys], TEXT)
                faults += _lost(layout, path, name, column, goal, known)
    for name in sorted(layout.partitioned_tables & _KEYS_OF_THEIR_OWN):
        for pair in _twice(prepared, name):
            names = sorted({list(layout.counties)[number] for number in pair})
            files = [file for county in names for file in layout.counties[county] if file.table == name]
            raw, _ = read_files(files)
            found = check_uniqueness(name, typed(raw[name], SCHEMAS[name].columns, name), raw[name])
            faults += [replace(fault, severity=ERROR) for fault in faults_of(found, raw)]
    return masked_faults(faults, NO_PEOPLE)


def _errors(faults: list[Fault]) -> bool:
    return any(fault.severity == ERROR for fault in faults)


def _number(layout: YearFiles, county: str) -> int:
    return list(layout.counties).index(county)


def _asked_of(layout: YearFiles) -> set[str]:
    """The partitioned tables at which tables for all counties point."""
    return {
        goal
        for name in (*COMMON, *EITHER)
        for goal in REFERENCES.get(name, {}).values()
        if goal in layout.partitioned_tables
    }


def _common(prepared: Path, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Of the tables for all counties, the rows that concern one."""
    taken: dict[str, pd.DataFrame] = {}
    for name in (*COMMON, *EITHER):  # units before what points at them
        path = prepared / f"{name}.parquet"
        if not path.exists():
            continue
        asked = [
            _in(ROW_KEYS[goal][0] if goal in taken else column, (taken | frames)[goal][ROW_KEYS[goal][0]])
            for column, goal in REFERENCES.get(name, {}).items()
            if goal in taken or goal in frames
        ]
        key = ROW_KEYS[name][0]
        pointing = [
            frames[other][column]
            for other, goals in REFERENCES.items()
            if other in frames
            for column, goal in goals.items()
            if goal == name and column in frames[other]
        ]
        if pointing:
            asked.append(_in(key, pd.concat(pointing), blank=False))
        read = pq.read_schema(path).names
        wanted = [test for column, test in asked if column in read]
        filters = None
        for test in wanted:
            filters = test if filters is None else filters & test
        taken[name] = of_kind(pd.read_parquet(path, filters=filters), name)
    return taken


def _in(column: str, ids: pd.Series, blank: bool = True) -> tuple[str, pc.Expression]:
    """The column and the test whether it names one of the ids; what names nothing concerns everybody."""
    field = pc.field(column)
    test = field.isin(pa.array(ids.dropna().unique().tolist(), pa.string()))
    return column, test | field.is_null() if blank else test


def _shared(layout: YearFiles, into: Path) -> None:
    """Lay ready what units with teams in several counties have in each: teams, pairings, households paired.

    Each row with the number of its county. What cannot be read here is told when its county is read.
    """
    teams = [
        frame.groupby("unit_id").size().rename("teams").reset_index().assign(number=number)
        for number, frame in _columns(layout, "teams", ("unit_id",))
    ]
    every = pd.concat(teams, ignore_index=True) if teams else pd.DataFrame(columns=["unit_id", "teams", "number"])
    every = every[every["unit_id"].duplicated(keep=False)]
    if every.empty:
        return
    every.to_parquet(into / SHARED_TEAMS, index=False)
    paired: dict[int, pd.Series] = {}
    with _rows_into(into, "pairings") as write:
        for number, frame in _columns(layout, "pairings", OF_UNIT):
            mine = frame[among(frame["unit_id"], every["unit_id"])]
            paired[number] = mine["household_id"]
            write(mine.assign(number=number))
    with _rows_into(into, "households") as write:
        for number, frame in _columns(layout, "households", OF_HOME):
            if number in paired:
                write(frame[among(frame["household_id"], paired[number])].assign(number=number))


@contextmanager
def _rows_into(folder: Path, table: str) -> Iterator[Callable[[pd.DataFrame], None]]:
    """A function that adds rows to the shared part of a table."""
    writers: list[pq.ParquetWriter] = []

    def write(frame: pd.DataFrame) -> None:
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        if not writers:
            writers.append(pq.ParquetWriter(_shared_file(folder, table), rows.schema))
        writers[0].write_table(rows.cast(writers[0].schema))

    try:
        yield write
    finally:
        for writer in writers:
            writer.close()


def _shared_file(folder: Path, table: str) -> Path:
    return folder / f"shared-{table}.parquet"


def _columns(layout: YearFiles, table: str, columns: tuple[str, ...]) -> Iterator[tuple[int, pd.DataFrame]]:
    """Some columns of a partitioned table, typed, county by county."""
    for number, files in enumerate(layout.counties.values()):
        raw, _ = read_files(file for file in files if file.table == table)
        if table in raw:
            yield number, typed(raw[table], columns, table)


def _with_shared(
    table: str, frames: dict[str, pd.DataFrame], column: str, of: pd.DataFrame, prepared: Path, number: int
) -> pd.DataFrame:
    """A table of a county and, from the other counties, the rows whose ``column`` is one of those of some rows."""
    ids = pa.array(of[column].dropna().unique().tolist(), pa.string())
    wanted = pc.field(column).isin(ids) & (pc.field("number") != number)
    if not (path := _shared_file(prepared, table)).exists():
        return frames[table]
    foreign = pd.read_parquet(path, filters=wanted).drop(columns="number")
    return pd.concat([frames[table], of_kind(foreign, table)], ignore_index=True) if len(foreign) else frames[table]


def _teams_elsewhere(prepared: Path, number: int) -> dict[str, int]:
    """The number of teams of each unit in other counties than one."""
    teams = pd.read_parquet(prepared / SHARED_TEAMS, filters=pc.field("number") != number)
    counts: dict[str, int] = teams.groupby("unit_id")["teams"].sum().to_dict()
    return counts


# A key with the id of a row of another table cannot be in two counties unless that row is.
_KEYS_OF_THEIR_OWN = {name for name, keys in ROW_KEYS.items() if not set(keys) & set(REFERENCES.get(name, {}))}


def _write_keys(frames: dict[str, pd.DataFrame], prepared: Path, number: int) -> None:
    """Keep a number for each key of a table, in order, to be compared with those of other counties."""
    for name in _KEYS_OF_THEIR_OWN & set(frames):
        frame = frames[name]
        columns = [column for column in ROW_KEYS[name] if column in frame]
        if columns and len(frame):
            hashes = np.sort(pd.util.hash_pandas_object(frame[columns], index=False).to_numpy())
            np.save(prepared / f"{name}.{number}.npy", hashes)


def _twice(prepared: Path, name: str) -> list[tuple[int, int]]:
    """Pairs of counties that seem to have a key of a table in common."""
    kept = {int(path.suffixes[-2][1:]): path for path in prepared.glob(f"{name}.*.npy")}
    if len(kept) < 2:
        return []
    parts = -(-sum(len(np.load(path, mmap_mode="r")) for path in kept.values()) // SLICE)
    edges = [round(n * 2**64 / parts) for n in range(parts + 1)]
    pairs: set[tuple[int, int]] = set()
    for low, high in zip(edges, edges[1:]):
        slices = {number: _between(path, low, high) for number, path in kept.items()}
        every = np.concatenate(list(slices.values()))
        owner = np.concatenate([np.full(len(hashes), number) for number, hashes in slices.items()])
        order = np.argsort(every, kind="stable")
        same = np.flatnonzero(np.diff(every[order]) == 0)
        pairs |= {(int(owner[order[n]]), int(owner[order[n + 1]])) for n in same}
        if len(pairs) > TOLD:
            break
    return sorted(pairs)[:TOLD]


def _between(path: Path, low: int, high: int) -> np.ndarray:
    """The numbers of a file from one on and below another, read into memory for no longer than they are needed."""
    hashes = np.load(path, mmap_mode="r")
    last = len(hashes) if high >= 2**64 else int(np.searchsorted(hashes, np.uint64(high)))
    return np.array(hashes[int(np.searchsorted(hashes, np.uint64(low))) : last])


def _lost(layout: YearFiles, path: Path, name: str, column: str, goal: str, known: pa.ChunkedArray) -> list[Fault]:
    """Rows of a table for all counties that point at no row of any county."""
    if column not in pq.read_schema(path).names:
        return []
    pointing = pd.read_parquet(path, columns=[column])[column]
    if not (pointing.notna() & ~among(pointing, known)).any():
        return []
    raw, _ = read_files(layout.files)
    return faults_of([points_at_nothing(name, typed(raw[name], [column], name)[column], known, goal)], raw)
