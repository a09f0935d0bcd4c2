"""The bounds beyond which values are asked about or cannot be, as ``parameters/plausibility.yaml`` has them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from assess_lib.faults import Fault, UnusableInput
from assess_lib.resources import PLAUSIBILITY, shipped
from assess_lib.tables.schemas import SCHEMAS

_SECTIONS = frozenset(
    {"days", "values", "share_among_percents", "money_of_a_county", "people_of_a_village", "rows_of_a_table"}
)


def bounds() -> dict[str, Any]:
    """The bounds of plausibility, by section. Raises UnusableInput where the file is not what it must be."""
    path = shipped(PLAUSIBILITY)
    return _bounds(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=8)
def _bounds(path: Path, _changed: int) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        if set(found) != _SECTIONS:
            raise ValueError(", ".join(sorted(set(found) ^ _SECTIONS)))
        for name, about in found["values"].items():
            table, column = name.split(".")
            if not {column, about.get("per", column)} <= set(SCHEMAS[table].columns):
                raise ValueError(name)
            for low, high in (about["impossible"], about["asked"]):
                if low is not None and high is not None and not float(low) <= float(high):
                    raise ValueError(name)
        dict(found["days"], earliest=day_of(found["days"]["earliest"]))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        why = (str(error).splitlines() or [""])[0]
        raise UnusableInput([Fault("tables.bounds", str(path), value=why)]) from None
    return dict(found)


def day_of(value: object) -> pd.Timestamp:
    """A day of the file. Raises ValueError for anything else."""
    if not isinstance(value, date):
        raise ValueError(str(value))
    return pd.Timestamp(value)
