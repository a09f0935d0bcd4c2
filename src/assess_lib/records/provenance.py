"""The models of ``record.json``: program, rules, data and judgements that results were made from.

Models are frozen and written as JSON with sorted keys, so that the same input gives the same bytes.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

FORMAT: Literal[1] = 1


class FrozenModel(BaseModel):
    """Base of everything that a run or an edition leaves as JSON. Unknown keys are passed over when read."""

    model_config = ConfigDict(frozen=True)

    def json_text(self) -> str:
        """The model as an indented JSON file in UTF-8 with sorted keys."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Program(FrozenModel):
    """The program that computed results.

    ``program`` its version; ``code`` a digest of its files; ``parameters_digest`` of the corrections to the working days,
    the bounds of plausibility and the names of columns, blank for none; ``packages`` the versions of the libraries that
    decide results and pages.
    """

    program: str
    code: str
    parameters_digest: str
    packages: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _under_its_name_of_old(cls, written: Any) -> Any:
        """The same, with the digest of the parameters where older records have it under the name ``calendar``."""
        if isinstance(written, dict) and "calendar" in written and "parameters_digest" not in written:
            return {**written, "parameters_digest": written["calendar"]}
        return written


class RubricUsed(FrozenModel):
    """A rubric that results were computed by; ``sha256`` of the text kept in the record."""

    id: str
    version: str
    fingerprint: str
    sha256: str


class DataUsed(FrozenModel):
    """The data that results were computed from.

    ``fingerprint`` of the tables of the year, ``before`` of those of the year before; ``files`` the SHA-256 of every
    input file by name; ``rows_set_aside`` how many rows have an error; ``lost_teams`` teams whose own row was among
    them.
    """

    fingerprint: str
    before: str | None
    files: dict[str, str]
    rows_set_aside: int
    lost_teams: tuple[str, ...]


class LedgerUsed(FrozenModel):
    """The review ledger at the time: how many entries it had, and the digest of the last, blank for none."""

    entries: int
    digest: str


class Sources(Program):
    """Everything that results were made from."""

    rubric: RubricUsed
    rubric_before: RubricUsed | None
    data: DataUsed
    ledger: LedgerUsed


class Provenance(Sources):
    """The content of ``record.json``; ``teams`` is their number."""

    format: Literal[1] = FORMAT
    year: int
    teams: int
