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
    label, prose = cache(masking.label), cache(masking.prose)

    def words(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: words(each) for name, each in value.items()}
        return prose(value) if isinstance(value, str) else value

    return [
        replace(
            fault,
            file=label(fault.file),
            place=label(fault.place),
            value=prose(fault.value),
            details=words(fault.details),
            location=replace(fault.location, sheet=label(fault.location.sheet), county=label(fault.location.county)),
        )
        for fault in faults
    ]
