"""The mark of a template: for which year and county, and from which version of the tables, a workbook was made.

It stands among the properties of the workbook, where programs keep it and nobody types.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache

from assess_lib.tables.schemas import SCHEMAS

YEAR, COUNTY, VERSION = "assess-year", "assess-county", "assess-version"


@dataclass(frozen=True)
class TemplateMark:
    """The year and county that a workbook was made for, and the version of its tables; ``county`` empty for the province."""

    year: int
    county: str
    version: str

    def properties(self) -> dict[str, str]:
        """The mark as properties of a workbook."""
        return {YEAR: str(self.year), COUNTY: self.county, VERSION: self.version}


@cache
def template_version() -> str:
    """A digest of the tables and columns that a template asks for."""
    about = [
        f"{name}.{column}.{spec.metadata['kind']}" for name in SCHEMAS for column, spec in SCHEMAS[name].columns.items()
    ]
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:12]


def mark_of(properties: bytes) -> TemplateMark | None:
    """The mark among the properties of a workbook, as its part for them holds them; None where there is none.

    Raises ET.ParseError.
    """
    found = {node.get("name", ""): "".join(node.itertext()) for node in ET.fromstring(properties)}
    year = found.get(YEAR, "")
    return TemplateMark(int(year), found.get(COUNTY, ""), found.get(VERSION, "")) if year.isdecimal() else None
