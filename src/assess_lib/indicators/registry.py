"""The register of measures: id, clause, unit, evidence tables; filled by a decorator."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from assess_lib.indicators.measurement import Measurement
from assess_lib.rules.vocabulary import Vocabulary
from assess_lib.tables.codes import FUND_SOURCES, INSPECTIONS, MEETINGS, REPORT_KINDS
from assess_lib.tables.dataset import YearData
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.starts import STARTS

F = TypeVar("F", bound=Callable[..., Measurement])
Parts: TypeAlias = Literal["members"] | tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """A registered measure.

    ``unit`` is that of the value (share, points_pp, yuan, days, times, items, count, rating, yes_no, per_yuan);
    ``of`` says in both languages what the numerator and the denominator count, ``counts`` the kind of these things (an
    entry of ``pages.counted``), empty where the unit says it or there is no number of them; ``parts`` what a value is made of, members or the
    items named, empty where it is of one piece.
    """

    id: str
    section: str
    unit: str
    evidence: tuple[str, ...]
    of: dict[str, tuple[str, str]]
    function: Callable[..., Measurement]
    parts: Parts = ()
    counts: str = ""

    @property
    def options(self) -> dict[str, int | float]:
        """The options that the rubric may set, with their defaults."""
        parameters = inspect.signature(self.function).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}

    def __call__(self, data: YearData, **options: int | float) -> Measurement:
        return self.function(data, **options)


_REGISTER: dict[str, Measure] = {}


def measure(
    section: str,
    *,
    unit: str,
    evidence: tuple[str, ...],
    zh: tuple[str, str],
    en: tuple[str, str],
    parts: Parts = (),
    counts: str = "",
) -> Callable[[F], F]:
    """Register a function ``data -> Measurement`` under its own name.

    ``section`` of the regulation, ``evidence`` tables, ``zh`` and ``en`` what the numerator and the
    denominator count (the denominator is empty text for a plain amount), ``parts`` what a value is made of, ``counts`` the
    kind of things that are counted.
    """

    def register(function: F) -> F:
        name = function.__name__
        if name in _REGISTER:
            raise ValueError(f"measure {name} is registered twice")
        _REGISTER[name] = Measure(name, section, unit, evidence, {"zh": zh, "en": en}, function, parts, counts)
        return function

    return register


def registered() -> dict[str, Measure]:
    """All measures by id, in the order of the focal points (the package loads their modules)."""
    return dict(_REGISTER)


def vocabulary() -> Vocabulary:
    """Everything that a rubric may name: measures with their options and parts, columns of a village, codes of norms.

    A date is compared with nothing, so a condition cannot ask for one; a county has a key of its own.
    """
    known = registered()
    kinds = {name: str(column.metadata["kind"]) for name, column in SCHEMAS["villages"].columns.items()}
    return Vocabulary(
        {name: tuple(found.options) for name, found in known.items()},
        [name for name, found in known.items() if found.parts == "members"],
        {name: found.parts for name, found in known.items() if found.parts and found.parts != "members"},
        {name: kind for name, kind in kinds.items() if kind in ("yes_no", "text") and name != "county"},
        {"reports": REPORT_KINDS, "meetings": MEETINGS, "inspections": INSPECTIONS, "budget": FUND_SOURCES},
        [name for name, found in known.items() if set(found.evidence) <= set(STARTS)],
    )
