"""The bounds beyond which values are asked about or cannot be, as ``parameters/plausibility.yaml`` has them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assess_lib.faults import Fault, UnusableInput
from assess_lib.plain_yaml import NotPlain, load_plain
from assess_lib.resources import PLAUSIBILITY, shipped
from assess_lib.tables.schemas import SCHEMAS

Share = Annotated[float, Field(ge=0, le=1)]
Limits = tuple[float | None, float | None]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class DayBounds(_Model):
    """Bounds of days; ``planned`` columns may lie ahead."""

    earliest: date
    years_after: Annotated[int, Field(ge=0)]
    happened_days_after: Annotated[int, Field(ge=0)]
    planned: frozenset[str]


class ValueBounds(_Model):
    """Bounds of a column, least and most.

    ``per`` another column by which it is divided, ``zero`` where none is usual, ``from_year`` where the bounds of a year
    are counted from the assessment year.
    """

    impossible: Limits
    asked: Limits
    per: str = ""
    zero: bool = False
    from_year: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> ValueBounds:
        for low, high in (self.impossible, self.asked):
            if low is not None and high is not None and low > high:
                raise ValueError(f"{low} > {high}")
        return self


class PercentBounds(_Model):
    """The median from which one is a rating or per cent; how many times it, or what part of it, another may be."""

    median_above: float
    times: Annotated[float, Field(gt=1)]
    median_of_times_above: float


class MoneyBounds(_Model):
    times: Annotated[float, Field(gt=1)]
    least_rows: int


class PeopleBounds(_Model):
    least_share: Share
    most_share: float


class RowBounds(_Model):
    """Rows from which a table of a county is held against last year's, and one of a team against its own of last year."""

    least: int
    least_of_a_team: int
    share_of_last_year: Share
    share_of_a_team: Share


class UnitBounds(_Model):
    """Amounts of a column from which their unit is doubted, and how near to ten thousand times those of last year."""

    least_rows: int
    within: float


class ExchangeBounds(_Model):
    """Rows of a team in which the order of two columns is turned round, the share of last year's in which it may be, and chance."""

    least_rows: int
    share: Share
    by_chance: Share


class AnswerBounds(_Model):
    """Answers of a team in a column, of which many have changed, or few give one, by their shares, or all give one that few gave."""

    least_rows: Annotated[int, Field(ge=1)]
    changed: Share
    share: Annotated[float, Field(ge=0, lt=0.5)]
    by_chance: Share


class NeedsBounds(_Model):
    """So many needs in either year, of which fewer are listed than a share of last year's, and met as seldom happens by chance."""

    least_rows: Annotated[int, Field(ge=1)]
    listed: Share
    by_chance: Share


class KeptBounds(_Model):
    """From which share of so many rows a column counts as one in which nothing changes; changed answers of a row; logs off the register."""

    least_rows: Annotated[int, Field(ge=1)]
    share: Share
    changed_of_a_row: Annotated[int, Field(ge=2)]
    logs_without_attendance: Share
    teams_with_a_report: Share


class CopyBounds(_Model):
    """Rows of a team from which a column may have been copied from another, or from one cell, by last year's and chance."""

    least_rows: Annotated[int, Field(ge=2)]
    by_chance: Share
    values_before: Annotated[int, Field(ge=2)]
    filled: Share
    rows_of_others: Annotated[int, Field(ge=1)]


class ShiftBounds(_Model):
    """The rows of a team from which a column may stand in other rows, how far from chance it must lie, and the others' correlation."""

    least_rows: Annotated[int, Field(ge=4)]
    deviations: Annotated[float, Field(gt=0)]
    deviations_of_order: Annotated[float, Field(gt=0)]
    least_others: Annotated[int, Field(ge=1)]
    others: Share


class DragBounds(_Model):
    """The rows from which cells of days may have been dragged, and how likely that is by chance."""

    least_rows: Annotated[int, Field(ge=3)]
    by_chance: Share


class AlikeBounds(_Model):
    """The share of so many teams whose reports of a kind are due on one day."""

    least_rows: Annotated[int, Field(ge=2)]
    share: Annotated[float, Field(gt=0.5, le=1)]


class BlankBounds(_Model):
    """Last year's rows of a team from which a column that is blank now is looked at, and how likely that is by chance."""

    least_rows: Annotated[int, Field(ge=1)]
    by_chance: Share


class HabitBounds(_Model):
    """From how many rows a habit is known, and when a row or a team breaks it: see the file."""

    least_rows: Annotated[int, Field(ge=1)]
    rows_of_others: Annotated[int, Field(ge=1)]
    least_answers: Annotated[int, Field(ge=1)]
    by_chance: Share
    against: Share
    share: Share
    tiny: Share


class IncomeBounds(_Model):
    times_median: Annotated[float, Field(gt=1)]
    times_before: Annotated[float, Field(gt=1)]


class TextBounds(_Model):
    share: Share
    least_entries: Annotated[int, Field(ge=1)]


class NameBounds(_Model):
    seldom: Annotated[int, Field(ge=1)]
    often: Annotated[int, Field(ge=1)]


class AnewBounds(_Model):
    """Columns of a table that are filled in anew each year; the rows of a team, or ``county``, that say enough."""

    columns: tuple[str, ...]
    least: Annotated[int, Field(ge=1)]
    county: bool = False


class GrowthBounds(_Model):
    """How many times its amount of last year, of which one below ``least`` counts as that, an amount may be.

    ``fall``: how many times what it is now last year's may be, unless it is nothing now.
    """

    times: Annotated[float, Field(gt=1)]
    least: Annotated[float, Field(gt=0)]
    fall: Annotated[float, Field(gt=1)] | None = None


class Bounds(_Model):
    """All bounds, by section of the file."""

    days: DayBounds
    values: dict[str, ValueBounds]
    share_among_percents: PercentBounds
    money_of_a_county: MoneyBounds
    people_of_a_village: PeopleBounds
    rows_of_a_table: RowBounds
    blank_columns: BlankBounds
    exchanged_columns: ExchangeBounds
    answers_reversed: AnswerBounds
    needs_met: NeedsBounds
    kept_facts: KeptBounds
    copied_columns: CopyBounds
    shifted_columns: ShiftBounds
    dragged_cells: DragBounds
    habits: HabitBounds
    reports_due_alike: AlikeBounds
    visits_of_a_pairing: Annotated[int, Field(ge=1)]
    doubtful_unit: UnitBounds
    income: IncomeBounds
    same_text: TextBounds
    near_names: NameBounds
    filled_anew: dict[str, AnewBounds]
    own_last_year: dict[str, GrowthBounds]

    @model_validator(mode="after")
    def _of_columns(self) -> Bounds:
        named = {name: {name.partition(".")[2], about.per} - {""} for name, about in self.values.items()}
        named |= {name: {name.partition(".")[2]} for name in self.own_last_year}
        named |= {f"{table}.": set(about.columns) for table, about in self.filled_anew.items()}
        for name, columns in named.items():
            table = name.partition(".")[0]
            if table not in SCHEMAS or not columns <= set(SCHEMAS[table].columns):
                raise ValueError(name.removesuffix("."))
        return self


def bounds() -> Bounds:
    """The bounds of plausibility. Raises UnusableInput where the file is not what it must be."""
    path = shipped(PLAUSIBILITY)
    return _bounds(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=8)
def _bounds(path: Path, _changed: int) -> Bounds:
    try:
        return Bounds.model_validate(load_plain(path.read_text(encoding="utf-8")))
    except ValidationError as invalid:
        error = invalid.errors()[0]
        why = f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
    except (NotPlain, OSError, UnicodeDecodeError) as unreadable:
        why = (str(unreadable).splitlines() or [""])[0]
    raise UnusableInput([Fault("tables.bounds", str(path), value=why)])
