"""What a table must satisfy: its schema, unique keys, rows that point at rows, dates in the year."""

from __future__ import annotations

import pandas as pd
import pandera.errors

from assess_lib.faults import Fault
from assess_lib.tables.matching import among
from assess_lib.tables.parsing import as_text, parse
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import REFERENCES, ROW_KEYS, SCHEMAS

YEAR_COLUMN = "year"
PARTS_OF_WHOLES = {
    "village_year": (
        ("groups_hardened_road", "groups"),
        ("groups_broadband", "groups"),
        ("road_km_hardened", "road_km"),
    ),
    "audits": (("misused_yuan", "audited_yuan"),),
}


def check_table(name: str, raw: RawTable, year: int) -> tuple[pd.DataFrame, list[Fault]]:
    """The typed table (columns of the schema only) and the faults of its columns and cells."""
    schema, faults = SCHEMAS[name], []
    typed = pd.DataFrame(index=raw.cells.index)
    for column in raw.cells.columns:
        if column not in schema.columns:
            details = {"columns": ", ".join(schema.columns)}
            faults.append(Fault("tables.unknown_column", _files(raw), f"column {column}", str(column), details))
            continue
        kind = schema.columns[column].metadata["kind"]
        typed[column], bad = parse(raw.cells[column], kind)
        faults += _cell_faults(raw, column, bad, f"tables.not_{kind}")
    for column, spec in schema.columns.items():
        if column not in typed and spec.required:
            faults.append(Fault("tables.missing_column", _files(raw), f"column {column}", details={"table": name}))
    faults += _schema_faults(schema, typed, raw)
    for column, spec in schema.columns.items():
        if column in typed and spec.metadata.get("in_year"):
            outside = typed[column].notna() & (typed[column].dt.year != year)
            faults += _cell_faults(raw, column, outside, "tables.outside_year", year=year)
    for part, whole in PARTS_OF_WHOLES.get(name, ()):
        if part in typed and whole in typed:
            over = (typed[part] > typed[whole]).fillna(False).astype(bool)
            for row in typed.index[over]:
                faults += _cell_faults(
                    raw,
                    part,
                    typed.index == row,
                    "tables.part_over_whole",
                    whole=whole,
                    limit=_shown(typed.at[row, whole]),
                )
    if YEAR_COLUMN in typed and name != "benchmarks":
        other = typed[YEAR_COLUMN].notna() & (typed[YEAR_COLUMN] != year)
        faults += _cell_faults(raw, YEAR_COLUMN, other, "tables.outside_year", year=year)
    return typed, faults


def check_uniqueness(name: str, frame: pd.DataFrame, raw: RawTable) -> list[Fault]:
    """Rows whose key another row before them has."""
    columns = [column for column in ROW_KEYS[name] if column in frame]
    if not columns or frame.empty:
        return []
    repeated = frame.duplicated(columns, keep="first") & frame[columns[0]].notna()
    numbers = pd.Series(frame.index, index=frame.index)
    first = numbers.groupby([frame[column] for column in columns], dropna=False, sort=False).transform("first")
    faults = []
    for row in frame.index[repeated]:
        first_file, first_place = raw.place(int(first[row]))
        shown = ", ".join(_shown(frame.at[row, column]) for column in columns)
        file, place = raw.place(row, columns[0])
        details = {"key": ", ".join(columns), "first": f"{first_file} {first_place}"}
        faults.append(Fault("tables.duplicate_key", file, place, shown, details))
    return faults


def check_references(
    frames: dict[str, pd.DataFrame], raw: dict[str, RawTable], goals: dict[str, pd.DataFrame]
) -> list[Fault]:
    """Rows that point at nothing; a goal that is missing is not held against others."""
    faults = []
    for name, columns in REFERENCES.items():
        for column, goal in columns.items():
            if name not in frames or goal not in goals or column not in frames[name]:
                continue
            goal_key = ROW_KEYS[goal][0]
            if goal_key not in goals[goal]:
                continue
            faults += points_at_nothing(frames[name][column], goals[goal][goal_key], raw[name], goal)
    return faults


def points_at_nothing(pointing: pd.Series, known, raw: RawTable, goal: str) -> list[Fault]:
    """Cells of a column that name none of the known keys of another table; blanks name none and need not."""
    lost = pointing.notna() & ~among(pointing, known)
    return _cell_faults(raw, pointing.name, lost, "tables.points_at_nothing", table=goal, goal_key=ROW_KEYS[goal][0])


def _schema_faults(schema, typed: pd.DataFrame, raw: RawTable) -> list[Fault]:
    """Bounds, codes and blanks as pandera finds them."""
    columns = {name: spec for name, spec in schema.columns.items() if name in typed}
    try:
        type(schema)(columns).validate(typed, lazy=True)
    except pandera.errors.SchemaErrors as invalid:
        cases = invalid.failure_cases
    else:
        return []
    faults = []
    for case in cases.itertuples():
        if case.index is None or pd.isna(case.index):
            continue
        row, spec = int(case.index), schema.columns[case.column]
        check = str(case.check)
        key = "blank" if check == "not_nullable" else check
        if key not in ("blank", "low", "high", "code", "identifier"):
            key = f"not_{spec.metadata['kind']}"
        written = as_text(raw.cells.loc[[row], case.column]).iloc[0]
        if key == "blank" and written:
            continue  # already told as a cell that could not be read
        file, place = raw.place(row, case.column)
        faults.append(Fault(f"tables.{key}", file, place, _masked(spec, written), _limits(spec)))
    return faults


def _cell_faults(raw: RawTable, column: str, bad: pd.Series, key: str, **details) -> list[Fault]:
    written = as_text(raw.cells.loc[bad, column])
    return [Fault(key, *raw.place(row, column), value, details) for row, value in written.items()]


def _limits(spec) -> dict:
    """What the wording of a bound or code needs."""
    found: dict = {"codes": ", ".join(spec.metadata.get("codes") or ())}
    for check in spec.checks:
        statistics = check.statistics or {}
        found |= {"low": statistics["min_value"]} if "min_value" in statistics else {}
        found |= {"high": statistics["max_value"]} if "max_value" in statistics else {}
    return found


def _masked(spec, value: str) -> str:
    return "***" if spec.metadata.get("personal") and value else value


def _files(raw: RawTable) -> str:
    return ", ".join(dict.fromkeys(raw.read_from))


def _shown(value) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
