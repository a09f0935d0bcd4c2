"""A small table as HTML, for what an object shows of itself in a notebook; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assess_lib.words import translate

_ARROWS = {"higher": "↑", "lower": "↓"}


def html_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a caption; numbers, and texts that are numbers, stand on the right."""
    head = Markup("").join(Markup("<th>{}</th>").format(heading) for heading in headings)
    body = Markup("").join(Markup("<tr>{}</tr>").format(_cells(row)) for row in rows)
    table = Markup("<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>")
    return str(table.format(caption, head, body))


def weighted(name: str, weight: object, lang: str, better: str = "higher") -> str:
    """A heading with a weight and whether more is better."""
    return translate("library.weighted", lang, name=name, weight=weight, arrow=_ARROWS[better])


def _cells(row: Sequence[object]) -> Markup:
    return Markup("").join(
        Markup('<td style="text-align:{}">{}</td>').format("right" if _number(cell) else "left", cell) for cell in row
    )


def _number(cell: object) -> bool:
    return str(cell).replace(".", "", 1).removeprefix("-").isdigit()
