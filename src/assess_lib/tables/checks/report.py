"""What a check found, put in order for those who are to put it right: by county, file and row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from assess_lib.faults import SEVERITIES, Fault
from assess_lib.tables.checks.causes import causes_of
from assess_lib.tables.checks.receipt import ReceiptLine
from assess_lib.tables.year_files import WORKBOOKS


class Count(NamedTuple):
    """How much of one severity there is: messages, one for one cause, and the places that they stand for."""

    causes: int
    places: int


@dataclass(frozen=True)
class Report:
    """The findings of a year's folder.

    Attributes
    ----------
    data, year : what was checked.
    faults : everything found, in order.
    usable : whether the year can be scored.
    teams : how many teams are left, ``rows_set_aside`` how many rows have an error, ``unowned`` how many of those
        belong to a team that nobody can name.
    receipt : what was found of every table in every file; empty for tables that stand county by county.
    team_names : of the teams that are known, by id.
    """

    data: str
    year: int
    found: Sequence[Fault]
    usable: bool
    teams: int = 0
    rows_set_aside: int = 0
    unowned: int = 0
    receipt: Sequence[ReceiptLine] = ()
    team_names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def faults(self) -> list[Fault]:
        """All findings: the gravest first, then county by county and file by file."""
        grave = {severity: place for place, severity in enumerate(SEVERITIES)}
        return sorted(
            self.found,
            key=lambda fault: (
                grave[fault.severity],
                county_of(fault),
                fault.file,
                fault.location.sheet,
                fault.location.row,
                fault.place,
                fault.key,
            ),
        )

    @cached_property
    def causes(self) -> list[Fault]:
        """As ``faults``, with one message for one cause."""
        return causes_of(self.faults)

    @property
    def kinds(self) -> list[list[Fault]]:
        """The causes by kind: those of one key and severity together, the gravest first, then the most frequent."""
        grave = {severity: place for place, severity in enumerate(SEVERITIES)}
        groups: dict[tuple[str, str], list[Fault]] = {}
        for fault in self.causes:
            groups.setdefault((fault.severity, fault.key), []).append(fault)
        return sorted(groups.values(), key=lambda group: (grave[group[0].severity], -len(group)))

    @cached_property
    def repeated(self) -> list[Fault]:
        """The findings that a message of ``causes`` stands for, beside the one that it tells of."""
        told = Counter(map(_identity, self.causes))
        rest = []
        for fault in self.faults:
            if told[_identity(fault)]:
                told[_identity(fault)] -= 1
            else:
                rest.append(fault)
        return rest

    @cached_property
    def counties(self) -> list[str]:
        """The counties with findings, in order; an empty name for what is nobody's."""
        return sorted({county_of(fault) for fault in self.found})

    def count(self, severity: str, county: str | None = None) -> Count:
        """How much of a severity was found, in all or in one county."""
        return Count(self._causes_of[severity, county], self._places_of[severity, county])

    @cached_property
    def _causes_of(self) -> Counter[tuple[str, str | None]]:
        return _numbers(self.causes)

    @cached_property
    def _places_of(self) -> Counter[tuple[str, str | None]]:
        return _numbers(self.found)

    def file_of(self, fault: Fault | ReceiptLine) -> str:
        """The file as seen from the year's folder: no address of this machine leaves it."""
        home = Path(self.data) / str(self.year)
        path = Path(fault.file)
        return path.relative_to(home).as_posix() if path.is_relative_to(home) and path != home else path.name


def _numbers(faults: Sequence[Fault]) -> Counter[tuple[str, str | None]]:
    """The number of faults by severity and county, under None for all counties."""
    return Counter((fault.severity, county) for fault in faults for county in (None, county_of(fault)))


def _identity(fault: Fault) -> Hashable:
    return fault.key, fault.file, fault.location, fault.place, fault.value


def county_of(fault: Fault) -> str:
    """The county of a finding, or the name of the workbook that cannot be opened; empty for what is nobody's."""
    path = Path(fault.file)
    return fault.location.county or (path.stem if path.suffix.lower() in (*WORKBOOKS, ".xls", ".et") else "")
