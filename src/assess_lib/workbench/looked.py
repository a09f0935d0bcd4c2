"""The indicators that an evaluator has looked at, kept beside the ledger: a note for that person, no act of the review."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = "looked"


class Looked:
    """What one evaluator looked at in a year: a line in a file for each team and indicator.

    Parameters: ``folder`` that of the ledger; ``by`` the evaluator's name, blank while there is none, when nothing is written.
    A folder that cannot be read or written to hinders nobody.
    """

    def __init__(self, folder: Path, year: int, by: str) -> None:
        name = hashlib.sha256(by.encode()).hexdigest()[:16]
        self._file = folder / FOLDER / f"{year}-{name}.txt" if by else None
        self._seen: dict[str, set[str]] = {}
        for line in self._lines():
            team, found, indicator = line.partition("\t")
            if found:
                self._seen.setdefault(team, set()).add(indicator)

    def at(self, team: str) -> set[str]:
        """The indicators of a team that were looked at."""
        return self._seen.get(team, set())

    def add(self, team: str, indicator: str) -> None:
        """Note that an indicator of a team was looked at."""
        if indicator in self.at(team):
            return
        self._seen.setdefault(team, set()).add(indicator)
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{team}\t{indicator}\n")
        except OSError:
            pass

    def take_over(self, other: Looked) -> None:
        """Add what was looked at before a name was given."""
        for team, indicators in other._seen.items():
            for indicator in sorted(indicators):
                self.add(team, indicator)

    @property
    def nameless(self) -> bool:
        return self._file is None

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text(encoding="utf-8").splitlines() if self._file else []
        except (OSError, ValueError):
            return []
