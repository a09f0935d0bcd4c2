"""Templates for counties: who is in them comes from the data of the year, or of the year before."""

from __future__ import annotations

import difflib
from pathlib import Path

import pandas as pd

from assess_lib.faults import Fault, UnusableInput
from assess_lib.resources import data_folder, project_root
from assess_lib.tables.pipeline import check_year
from assess_lib.tables.template import FILLED, write_template


def make_template(
    out: str | Path, year: int, county: str = "", data: str | Path | None = None, lang: str = "zh"
) -> Path:
    """Write the workbook that a county fills in, with its teams and villages.

    Parameters
    ----------
    out : file; put in place when whole.
    county : its name as the data have it; empty for the workbook of the province.
    data : folder with the teams and villages of the year or the year before; without it, the one folder below
        ``data/`` that knows the county.

    Raises UnusableInput for a county that no data know, or that several folders know; OSError.
    """
    roster = _roster(county, year, data) if county else {}
    return write_template(out, year, roster, county, lang)


def _roster(county: str, year: int, data: str | Path | None) -> dict[str, pd.DataFrame]:
    folders = (
        [data_folder(data)] if data else sorted(path for path in (project_root() / "data").glob("*") if path.is_dir())
    )
    found: dict[Path, dict[str, pd.DataFrame]] = {}
    known: set[str] = set()
    for folder in folders:
        tables = _tables(folder, year)
        if tables is None:
            continue
        counties = set(tables["teams"]["county"].dropna()) | set(tables["villages"]["county"].dropna())
        known |= counties
        if county in counties:
            found[folder] = tables
    if not found:
        near = difflib.get_close_matches(county, sorted(known), n=5, cutoff=0.3) or sorted(known)[:8]
        details = {"near": "、".join(near) or "–", "folders": ", ".join(folder.name for folder in folders)}
        raise UnusableInput([Fault("template.unknown_county", place="--county", value=county, details=details)])
    if len(found) > 1:
        raise UnusableInput(
            [
                Fault(
                    "template.several",
                    place="--county",
                    value=county,
                    details={"folders": ", ".join(f.name for f in found)},
                )
            ]
        )
    tables = next(iter(found.values()))
    villages, teams = tables["villages"], tables["teams"]
    mine = villages[villages["county"] == county]
    own = teams[(teams["county"] == county) | teams["village_id"].isin(mine["village_id"])]
    return {"teams": own.reset_index(drop=True), "villages": mine.reset_index(drop=True)}


def _tables(folder: Path, year: int) -> dict[str, pd.DataFrame] | None:
    """Teams and villages of the year, or of the year before; None where neither can be read."""
    for each in (year, year - 1):
        if (folder / str(each)).is_dir():
            checked = check_year(folder, each, set(FILLED))
            if checked.data is not None:
                return {name: checked.data.tables[name].dropna(axis=1, how="all") for name in FILLED}
            raise UnusableInput(checked.errors())
    return None
