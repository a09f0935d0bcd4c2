"""The register of measures: id, clause, unit, evidence tables; filled by a decorator."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from assess_lib.indicators.measurement import Measurement
from assess_lib.tables.dataset import YearData

F = TypeVar("F", bound=Callable[..., Measurement])


@dataclass(frozen=True)
class Measure:
    """A registered measure.

    ``unit`` is that of the value (share, points_pp, yuan, days, count, rating, yes_no, per_yuan);
    ``of`` says in both languages what the numerator and the denominator count.
    """

    id: str
    section: str
    unit: str
    evidence: tuple[str, ...]
    of: dict[str, tuple[str, str]]
    function: Callable[..., Measurement]

    @property
    def options(self) -> dict[str, int | float]:
        """The options that the rubric may set, with their defaults."""
        parameters = inspect.signature(self.function).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}

    def __call__(self, data: YearData, **options: int | float) -> Measurement:
        return self.function(data, **options)


_REGISTER: dict[str, Measure] = {}


def measure(
    section: str, *, unit: str, evidence: tuple[str, ...], zh: tuple[str, str], en: tuple[str, str]
) -> Callable[[F], F]:
    """Register a function ``data -> Measurement`` under its own name.

    ``section`` of the regulation, ``evidence`` tables, ``zh`` and ``en`` what the numerator and the
    denominator count (the denominator is empty text for a plain amount).
    """

    def register(function: F) -> F:
        name = function.__name__
        if name in _REGISTER:
            raise ValueError(f"measure {name} is registered twice")
        _REGISTER[name] = Measure(name, section, unit, evidence, {"zh": zh, "en": en}, function)
        return function

    return register


def registered() -> dict[str, Measure]:
    """All measures by id, in the order of the focal points (the package loads their modules)."""
    return dict(_REGISTER)


def options_by_measure() -> dict[str, tuple[str, ...]]:
    """The options that each measure takes, by its id: everything that a rubric may name."""
    return {name: tuple(found.options) for name, found in registered().items()}
