"""Faults as they may leave the data folder: with nobody's name or number in file, sheet, value or words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from assess_lib.faults import Fault
from assess_lib.tables.masking import Masking


def masked_faults(faults: Iterable[Fault], masking: Masking) -> list[Fault]:
    """The same faults, masked. Parameters: ``masking`` of the year, which knows the people of its tables."""
    shown = cache(masking.text)

    def words(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: words(each) for name, each in value.items()}
        return shown(value) if isinstance(value, str) else value

    return [
        replace(
            fault,
            file=shown(fault.file),
            place=shown(fault.place),
            value=shown(fault.value),
            details=words(fault.details),
            location=replace(
                fault.location,
                sheet=shown(fault.location.sheet),
                county=shown(fault.location.county),
                heading=shown(fault.location.heading),
            ),
        )
        for fault in faults
    ]
