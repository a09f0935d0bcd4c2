"""Reading a year's folder (CSV, XLSX, Parquet, any mix) into validated tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from assess_lib.faults import Fault, UnusableInput
from assess_lib.tables.checks import check_references, check_table, check_uniqueness
from assess_lib.tables.dataset import YearData
from assess_lib.tables.layout import PARQUET, TableFile, layout_of
from assess_lib.tables.raw import RawTable
from assess_lib.tables.schemas import MAY_BE_EMPTY, SCHEMAS


def read_year(folder: str | Path, year: int, needed: set[str] | None = None) -> YearData:
    """All tables of one year, validated.

    Parameters
    ----------
    folder : data folder; its sub-folder named after the year holds one file per table.
    year : assessment year.
    needed : tables that must be there and have rows; None means all.

    Raises
    ------
    UnusableInput with every fault of every file.
    """
    data, faults = check_year(folder, year, needed)
    if faults:
        raise UnusableInput(faults)
    return data


def check_year(folder: str | Path, year: int, needed: set[str] | None = None) -> tuple[YearData | None, list[Fault]]:
    """The data of a year, or None, with every fault of every file."""
    layout, faults = layout_of(folder, year)
    if layout is None:
        return None, faults
    raw, found = read_files(layout.every())
    needed = needed_tables(needed)
    faults += found
    for name in SCHEMAS:
        if name in needed and name not in raw:
            faults.append(Fault("tables.missing_table", str(layout.home), details={"table": name}))
        elif name in needed and raw[name].cells.empty:
            faults.append(Fault("tables.empty_table", raw[name].read_from[0], details={"table": name}))
    frames, found = check_frames(raw, year, needed)
    faults += found + check_references(frames, raw, frames)
    return (None if faults else YearData.of(year, frames)), faults


def needed_tables(needed: set[str] | None) -> set[str]:
    """Tables that must be there and have rows; None means all that may not be empty."""
    return (set(SCHEMAS) - {"entered_values"} if needed is None else needed) - MAY_BE_EMPTY


def check_frames(raw: dict[str, RawTable], year: int, needed: set[str]) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Typed tables, and the faults of each by itself and of the links of the teams."""
    frames, faults = {}, []
    for name in (name for name in SCHEMAS if name in raw):
        frames[name], found = check_table(name, raw[name], year)
        faults += found + check_uniqueness(name, frames[name], raw[name])
    return frames, faults + _check_links(frames, raw, needed)


def _check_links(frames: dict, raw: dict[str, RawTable], needed: set[str]) -> list[Fault]:
    """A team must name its village and unit wherever anything is measured from their tables."""
    if "teams" not in frames:
        return []
    faults = []
    for table, column in (("villages", "village_id"), ("units", "unit_id")):
        if table not in needed:
            continue
        if column not in frames["teams"]:
            place = f"column {column}"
            faults.append(
                Fault("tables.missing_column", ", ".join(raw["teams"].read_from), place, details={"table": "teams"})
            )
            continue
        blank = frames["teams"][column].isna()
        faults += [Fault("tables.blank", *raw["teams"].place(row, column)) for row in frames["teams"].index[blank]]
    return faults


def read_files(files: Iterable[TableFile]) -> tuple[dict[str, RawTable], list[Fault]]:
    """The tables in files as they stand there, by name, and the faults of files."""
    pieces: dict[str, list[tuple[pd.DataFrame, str, str]]] = {}
    faults: list[Fault] = []
    for file in files:
        path = file.path
        try:
            found = _read_file(file)
        except UnusableInput as unusable:
            faults += unusable.faults
            continue
        except Exception as error:  # noqa: BLE001 - readers raise what they like; the file is named
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            faults.append(Fault("tables.unreadable", str(path), details={"why": why[:160]}))
            continue
        for name, sheet, cells in found:
            if name not in SCHEMAS:
                key = "tables.unknown_sheet" if sheet else "tables.unknown_table"
                faults.append(Fault(key, str(path), sheet, name, {"tables": ", ".join(SCHEMAS)}))
                continue
            cells.columns = [str(column).strip() for column in cells.columns]
            repeated = cells.columns[cells.columns.duplicated()].unique()
            faults += [Fault("tables.repeated_column", str(path), sheet, str(c)) for c in repeated]
            pieces.setdefault(name, []).append((cells.loc[:, ~cells.columns.duplicated()], str(path), sheet))
    return {name: RawTable(parts) for name, parts in pieces.items()}, faults


def _read_file(file: TableFile) -> list[tuple[str, str, pd.DataFrame]]:
    """(table, sheet, cells) of a file."""
    path = file.path
    if path.suffix.lower() == PARQUET:
        cells = pd.read_parquet(path, partitioning=None)  # the folder's name is no column of every table
        cells = cells.reset_index(drop=cells.index.name is None)
        if file.county is not None and "county" in SCHEMAS[file.table].columns and "county" not in cells:
            cells["county"] = file.county
        return [(file.table or path.stem, "", cells)]
    if path.suffix.lower() == ".xlsx":
        sheets = pd.read_excel(
            path, sheet_name=None, header=None, dtype=object, engine="calamine", keep_default_na=False
        )
        return [_sheet(path, sheet, cells, alone=len(sheets) == 1) for sheet, cells in sheets.items()]
    try:
        lines = pd.read_csv(
            path, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except UnicodeDecodeError as error:
        raise UnusableInput([Fault("tables.encoding", str(path), f"byte {error.start}")]) from None
    except pd.errors.EmptyDataError:
        raise UnusableInput([Fault("tables.no_heading", str(path))]) from None
    return [(path.stem, "", _headed(lines))]


def _sheet(path: Path, sheet: str, cells: pd.DataFrame, alone: bool) -> tuple[str, str, pd.DataFrame]:
    if cells.empty:
        raise UnusableInput([Fault("tables.no_heading", str(path), sheet)])
    name = path.stem if alone and sheet not in SCHEMAS else sheet
    return name, sheet, _headed(cells)


def _headed(lines: pd.DataFrame) -> pd.DataFrame:
    """The rows below the heading; blank rows are left out, the others keep their number."""
    cells = lines.iloc[1:].reset_index(drop=True)
    cells.columns = [str(name) for name in lines.iloc[0]]
    filled = cells.fillna("").astype(str).apply(lambda column: column.str.strip() != "")
    return cells[filled.any(axis=1)]
