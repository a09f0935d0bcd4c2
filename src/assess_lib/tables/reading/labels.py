"""Which column a label names, in what unit, and what is wrong with it.

Units stand in brackets behind a name or in a row above or below; one of the whole sheet stands above or below the table, in
the name of the sheet or file, or in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from assess_lib.faults import ERROR, WARNING, Fault, Location
from assess_lib.tables.columns import Column
from assess_lib.tables.masking import scrubbed
from assess_lib.tables.parsing import UNITS, plain
from assess_lib.tables.reading.column_names import column_names, heading_text
from assess_lib.tables.reading.grid import Grid, letters
from assess_lib.tables.reading.look_alikes import sort_of
from assess_lib.tables.reading.qualifiers import Beside, beside, changing_alone, group_above
from assess_lib.tables.reading.units import (
    is_row_of_units,
    unit_in_name,
    unit_of_label_comment,
    unit_of_sheet,
    unit_size,
)
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.words import LANGUAGES, join_list, translate

SIDE_COLUMNS = frozenset(map(plain, ("序号", "编号序号", "备注", "说明", "no.", "no", "remarks", "remark", "notes")))
_SEPARATORS = "()[]/,:;-—_【】<>〈〉《》"


@dataclass(frozen=True)
class Heading:
    """A column as a file heads it: its place from 0, what stands there, what a unit of it is, its word, and years named."""

    position: int
    label: str
    scale: Decimal = Decimal(1)
    unit: str = ""
    years: tuple[int, ...] = ()


def column_of(table: str, label: str) -> tuple[str, Decimal | None]:
    """The column that a label names, empty for none, and what a unit of it is, None for a unit that is not known."""
    column, words = named_column(table, label)
    return column, beside(table, column, words).size if column else Decimal(1)


def named_column(table: str, label: str) -> tuple[str, str]:
    """The column that a label names, empty for none, and the words behind its name, as ``plain`` gives them."""
    names, heading = column_names(table), heading_text(label)
    if heading in names:
        return names[heading], ""
    for end in range(len(heading) - 1, 0, -1):
        if (column := names.get(heading[:end])) is None:
            continue
        words = heading[end:]
        if words[0] in _SEPARATORS:
            return column, words.strip(_SEPARATORS)
        return (column, words) if is_row_of_units([words]) else ("", "")
    return "", ""


def columns_headed(
    grid: Grid,
    table: str,
    file: str,
    row: int,
    labels: list[str],
    units: list[str],
    of_sheet: str = "",
    further: str = "",
    above: Sequence[str] = (),
    alike: Mapping[int, str] | None = None,
) -> tuple[dict[str, Heading], list[Fault]]:
    """The columns that the labels of a heading name, and what is wrong with the others.

    Parameters: ``row`` of the heading, from 1; ``units`` the words below each label; ``of_sheet`` the unit of money
    named above, ``further`` that named elsewhere, which must not be another one; ``above`` the cells above the labels;
    ``alike`` by place the column that one under another name is by its values.
    """
    columns: dict[str, Heading] = {}
    faults: list[Fault] = []

    def fault(key: str, place: int, severity: str = ERROR, **details: object) -> Fault:
        column = named_column(table, labels[place])[0]
        location = Location(table, row, column, grid.sheet, f"{letters(place)}{row}" if grid.sheet else "")
        shown = scrubbed(labels[place], prose=True)  # in a heading, what looks like a name is none
        return Fault(key, file, _place(location, shown), shown, details, severity, location)

    remarks: dict[int, list[str]] = {}  # by place, on the label, then on the cells below it
    for (at, place), text in grid.comments.items():
        if at >= row - 1:
            remarks.setdefault(place, [""]).append(text)
            if at == row - 1:
                remarks[place] = [text]
    on_labels = [text for (at, _), text in grid.comments.items() if at == row - 1]  # may be meant for other columns too
    for place, label in enumerate(labels):
        column, words = named_column(table, label)
        if not column:
            continue
        if column in columns:
            faults.append(fault("tables.repeated_column", place))
        else:
            spec, said = SCHEMAS[table].columns[column], beside(table, column, words)
            if not said.unit:
                said = said.with_unit(beside(table, column, units[place].strip("/-")))
            remarked = remarks.get(place) or ([] if said.unit else ["", *on_labels])
            taken = _with_unit_of_sheet(spec, said, of_sheet, further, remarked)
            changing = [
                *said.changing,
                *filter(None, [changing_alone(table, column, "".join(above[place : place + 1]))]),
            ]
            if taken.size is None:
                known = "、".join(UNITS.get(spec.metadata.get("unit", ""), ())) or "–"
                if said.unit and taken.against.strip("?"):
                    faults.append(fault("reading.units_differ", place, units=known, one=said.unit, other=taken.against))
                elif taken.unit.strip("?") and taken.against.strip("?"):
                    two = {"one": taken.unit, "other": taken.against}
                    faults.append(fault("reading.units_beside_differ", place, units=known, **two))
                elif taken.against.strip("?"):
                    faults.append(fault("reading.unit_not_said", place, units=known, other=taken.against))
                else:
                    faults.append(fault("reading.unknown_unit", place, units=known))
            elif changing:
                about = {"zh": spec.metadata["zh"], "en": column}
                faults.append(fault("reading.other_figure", place, words="、".join(changing), column=about))
            else:
                years, asked = group_above(table, column, "".join(above[place : place + 1]), taken.size)
                shown = taken.unit if taken.size != 1 or taken.unit == "%" else ""
                columns[column] = Heading(place, label, taken.size, shown, said.years + years)
                if said.unknown or asked:
                    unit = f" ({taken.unit or '元'})" if spec.metadata.get("unit") == "yuan" else ""
                    about = {"zh": spec.metadata["zh"], "en": column}
                    words = "、".join(filter(None, (*said.unknown, asked)))
                    faults.append(fault("reading.unknown_remark", place, WARNING, words=words, column=about, unit=unit))
    for place in strange_places(table, labels):
        if column := (alike or {}).get(place, ""):
            spec = SCHEMAS[table].columns[column]
            sort = {lang: translate(f"faults.sort_of_values.{sort_of(spec)}", lang) for lang in LANGUAGES}
            about = {"table": words_of(table), "name": words_of(table, column), "sort": sort}
            faults.append(fault("tables.renamed_column", place, ERROR if spec.required else WARNING, **about))
            continue
        near = near_column(table, labels[place], columns)
        key = "tables.near_column" if near else "tables.unknown_column"
        near = SCHEMAS[table].columns[near].metadata["zh"] if near else ""
        faults.append(fault(key, place, WARNING, columns=columns_wanted(table, columns), near=near))
    return columns, faults


def strange_places(table: str, labels: Sequence[str]) -> list[int]:
    """The places of labels that name no column of a table, and of which that is told."""
    return [
        place
        for place, label in enumerate(labels)
        if label and not named_column(table, label)[0] and heading_text(label) not in SIDE_COLUMNS
    ]


def _with_unit_of_sheet(spec: Column, said: Beside, of_sheet: str, further: str, remarks: list[str]) -> Beside:
    """What is said of a column with the unit of the sheet; of no size where what is said elsewhere contradicts it."""
    if spec.metadata.get("unit") != "yuan" or said.size is None:
        return said
    others = list(filter(None, (further, "".join(map(unit_of_label_comment, remarks[:1])))))
    unit = said.unit or of_sheet or "".join(others[:1])
    size = unit_size(spec, unit) if unit != said.unit else said.size
    others += filter(None, (unit_of_sheet([[text]]) for text in remarks[1:]))
    against = next((other for other in others if unit_size(spec, other) != size), "")
    return replace(said, unit=unit, size=None if against else size, against=against)


def further_unit(grid: Grid, file: str, begins: int, foot: list[list[str]]) -> str:
    """The unit of money named below the rows, in the name of sheet or file, or in a comment; ``?`` where they differ."""
    remarked = [[text] for (row, _), text in grid.comments.items() if row < begins - 1]
    named = (
        unit_of_sheet(foot, False),
        unit_of_sheet(remarked),
        unit_of_sheet([[text] for text in grid.said]),
        unit_in_name(grid.sheet),
        *map(unit_in_name, names_of(Path(file))),
    )
    found = set(filter(None, named))
    return "" if not found else found.pop() if len(found) == 1 else "?"


def names_of(file: Path) -> list[str]:
    """The name of a file and those of the folders that it stands in, below that of its year."""
    folders = [folder.name for folder in file.parents][:6]
    years = [place for place, name in enumerate(folders) if re.fullmatch("(?:19|20)[0-9]{2}", name)]
    return [file.stem, *(folders[: years[0]] if years else ())]


def cells_above(rows: list[list[str]], begins: int, grid: Grid) -> list[str]:
    """By place, the cell right above the heading, or the upper of its two rows; empty where it is a title.

    One stands over some of the columns alone: there are several in the row, or it is merged over columns that begin later.
    """
    lone = True
    line = list(rows[begins - 2]) if begins > 1 else []
    for (top, left), (bottom, right) in grid.merged:
        if top <= begins - 2 < bottom:  # a label over both rows is not above itself
            line[left : right + 1] = [""] * (min(right + 1, len(line)) - left)
        if top <= begins - 2 <= bottom < begins - 1:
            lone = lone and not (left > 0 and right > left)
            line[left : right + 1] = [rows[top][left]] * (min(right + 1, len(line)) - left)
    return [plain(cell) for cell in line] if not lone or len(set(filter(None, line))) > 1 else []


def near_column(table: str, label: str, there: Collection[str]) -> str:
    """The column that is not there and whose name a label is near to; empty for none."""
    missing = [column for column in SCHEMAS[table].columns if column not in there]
    names = {plain(SCHEMAS[table].columns[column].metadata["zh"]): column for column in missing}
    names |= {plain(column): column for column in missing}
    near = get_close_matches(heading_text(label), names, 1, 0.5)
    return names[near[0]] if near else ""


def _place(location: Location, label: str) -> str:
    return f"{location.sheet}!{location.cell}" if location.sheet else f"column {label}"


def names_of_columns(table: str) -> str:
    """The names of all columns of a table, as people write them."""
    return "、".join(spec.metadata["zh"] for spec in SCHEMAS[table].columns.values())


def columns_wanted(table: str, there: Collection[str], ids: bool = False) -> dict[str, str]:
    """What a column under a name that is none may be called: one of those that are not there, in words by language.

    Parameters: ``ids`` whether only the ids of columns are names of them.
    """
    missing = [column for column in SCHEMAS[table].columns if column not in there and column != "year"]
    if not missing:
        return {lang: translate("faults.all_columns_there", lang) for lang in LANGUAGES}
    names = {
        lang: join_list((column if ids else words_of(table, column)[lang] for column in missing), lang)
        for lang in LANGUAGES
    }
    return {lang: translate("faults.column_not_there", lang, names=names[lang]) for lang in LANGUAGES}
