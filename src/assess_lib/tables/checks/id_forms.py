"""Cells of identifiers that hold something else, told as what it is: two ids, a sign inside one, the id of another thing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.checks.names import differs_by_one
from assess_lib.tables.columns import IDENTIFIER
from assess_lib.tables.keys import REFERENCES, ROW_KEYS
from assess_lib.tables.parsing import is_ditto, plain
from assess_lib.tables.schemas import SCHEMAS, words_of
from assess_lib.words import LANGUAGES, translate

Frames = Mapping[str, pd.DataFrame]
LOST = "tables.points_at_nothing"
MISSPELT = "tables.misspelt_id"
SEVERAL = 2  # rows that name an id, by which it is no slip of one of them
_NAMED = frozenset({"villages", "units", "teams", "projects"})  # whose names are nobody's
_BETWEEN = re.compile(r"[、,;/\\|+&~\r\n和及与跟至到]+|\band\b")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
_ODD = re.compile(r"[^A-Za-z0-9_-]+")
_ALIKE = str.maketrans({"o": "0", "l": "1", "i": "1"})  # letters that are typed for digits
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_LETTER, _DIGIT = re.compile("[A-Za-z]+"), re.compile("[0-9]")


def form_of_id(text: str, known: Callable[[str], str] = lambda text: "") -> tuple[str, str]:
    """What a text is that is no identifier: ``ditto``, ``two_ids``, ``sign_in_id``, ``words_in_id`` or ``identifier``.

    Parameters: ``known`` gives the one known identifier that is written as a text but for capitals, empty for none.
    Returns that word, and the known identifier that is left without what does not belong in one; empty for none.
    """
    if is_ditto(text):
        return "ditto", ""
    read = unicodedata.normalize("NFKC", text).strip()
    parts = [part.strip() for part in _BETWEEN.split(read) if part.strip()]
    if len(parts) > 1 and all(map(_is_id, parts)):
        return "two_ids", ""
    dashed = read.translate(_DASHES)
    forms = dict.fromkeys(_ODD.sub("", form) for form in (dashed, read, dashed.replace("-", "")))
    meant = {found for form in forms if (found := known(form))}
    apart = dashed.split()
    if not meant and len(apart) > 1 and len({_shape(part) for part in apart}) == 1 and all(map(_is_id, apart)):
        return "two_ids", ""
    if not any(map(_is_id, forms)):
        return "identifier", ""
    words = any(c.isalpha() for c in "".join(_ODD.findall(dashed)))
    if words and not meant and not any(map(_LETTER.search, forms)):
        return "identifier", ""  # a number among words: 督查1号
    return "words_in_id" if words else "sign_in_id", meant.pop() if len(meant) == 1 else ""


def _is_id(text: str) -> bool:
    return re.fullmatch(IDENTIFIER, text) is not None and _DIGIT.search(text) is not None


def _seen(text: str) -> str:
    """A text without what a reader does not tell apart: capitals, blanks, letters that look like digits."""
    return plain(text).translate(_ALIKE)


def _numbered(seen: str) -> str:
    """A form of an identifier without the zeros before its number, marked as such, for no identifier has that sign."""
    return "#" + _ZEROS.sub("", seen)


def _shape(text: str) -> str:
    return _DIGIT.sub("9", _LETTER.sub(lambda found: found[0].upper(), text))


class KnownIds:
    """The identifiers of a year by the tables whose rows they name."""

    def __init__(self, frames: Frames, earlier: Frames | None = None):
        self._frames, self._earlier = frames, earlier or {}
        self._by_form: dict[str, dict[str, set[str]]] = {}  # by table, what its rows are called -> their identifiers
        self._unnamed: dict[str, list[str]] = {}
        self._shapes: dict[str, Counter[str]] = {}  # by table, the forms of its identifiers

    def written_as(self, name: str, column: str) -> Callable[[str], str]:
        """Gives the identifier, of those that a column may name, that is written as a text but for capitals; else empty.

        Of a column that names the rows of its own table, those that other tables name and that it does not have.
        """
        goal = REFERENCES.get(name, {}).get(column)
        if goal is None and ROW_KEYS[name] == (column,):
            ids = self._named_elsewhere(name) - self._sound(name, column)
        else:
            ids = self._sound(*((name, column) if goal is None else (goal, ROW_KEYS[goal][0])))
        by_form: dict[str, set[str]] = {}
        for one in ids:
            by_form.setdefault(one.lower(), set()).add(one)
        return lambda text: next(iter(found)) if len(found := by_form.get(text.lower(), set())) == 1 else ""

    def table_with(self, text: str) -> str:
        """The one table that has a row of this identifier; empty for none and for several."""
        found = [name for name, ids in self._by_table.items() if text in ids]
        return found[0] if len(found) == 1 else ""

    def meant(self, goal: str, text: str) -> str:
        """The one identifier of a table that a text writes in other letters, or whose thing it names; else empty."""
        return self._only(goal, _seen(text))

    def numbered_as(self, goal: str, text: str) -> str:
        """The one with the letters and the number of a text but for zeros before the number (V0001 of V001); else empty."""
        return self._only(goal, _numbered(_seen(text)))

    def _only(self, goal: str, sought: str) -> str:
        if goal not in self._by_form:
            frame, of_form = self._frames.get(goal, pd.DataFrame()), dict[str, set[str]]()
            key = ROW_KEYS[goal][0]
            for column in (key, *(["name"] if goal in _NAMED else [])):
                if {key, column} <= set(frame):
                    written = frame[[key, column]].dropna() if column != key else frame[[key]].dropna()
                    for form, one in zip(map(_seen, map(str, written[column])), map(str, written[key])):
                        of_form.setdefault(form, set()).add(one)
                        if column == key:
                            of_form.setdefault(_numbered(form), set()).add(one)
            self._by_form[goal] = of_form
        found = self._by_form[goal].get(sought, set())
        return next(iter(found)) if len(found) == 1 else ""

    def is_usual(self, goal: str, text: str, other: str) -> bool:
        """True for a text that has the form of more identifiers of a table than another text has."""
        if goal not in self._shapes:
            self._shapes[goal] = Counter(map(_shape, self._sound(goal, ROW_KEYS[goal][0])))
        return self._shapes[goal][_shape(text)] > self._shapes[goal][_shape(other)]

    def named_by_none(self, goal: str) -> list[str]:
        """The identifiers of a table that no row of another names and that it did not have last year, in order."""
        if goal not in self._unnamed:
            (key,) = ROW_KEYS[goal]
            was = self._earlier.get(goal, pd.DataFrame()).get(key, pd.Series(dtype="str"))
            self._unnamed[goal] = sorted(self._sound(goal, key) - self._named_elsewhere(goal) - set(was.dropna()))
        return self._unnamed[goal]

    def _named_elsewhere(self, goal: str) -> set[str]:
        pointing = [(name, column) for name, of in REFERENCES.items() for column, to in of.items() if to == goal]
        return set().union(*(self._sound(name, column) for name, column in pointing))

    def _sound(self, name: str, column: str) -> set[str]:
        """The identifiers of a column that are some by their form."""
        ids = self._frames[name][column].dropna().unique() if column in self._frames.get(name, ()) else ()
        return {one for one in map(str, ids) if re.fullmatch(IDENTIFIER, one)}

    @cached_property
    def _by_table(self) -> dict[str, frozenset[str]]:
        keys = {name: ROW_KEYS[name][0] for name in self._frames if len(ROW_KEYS[name]) == 1}
        own = {name: key for name, key in keys.items() if key not in REFERENCES.get(name, {})}
        return {
            name: frozenset(self._frames[name][key].dropna()) for name, key in own.items() if key in self._frames[name]
        }


def odd_ids(found: Finding, texts: pd.Series, ids: KnownIds) -> Iterator[Finding]:
    """A finding of cells that are no identifiers, parted by what stands in them. Parameters: ``texts`` of the column."""
    known = ids.written_as(found.table, found.column)
    forms = {text: form_of_id(text, known) for text in map(str, texts.iloc[found.rows].unique())}

    goal = REFERENCES.get(found.table, {}).get(found.column)

    def meant(row: int) -> dict[str, object]:
        text = str(texts.iloc[row])
        return {"meant": _asked(forms[text][1] or (_for(text, goal, ids) if goal else ""))}

    of_rows = np.array([forms[str(text)][0] for text in texts.iloc[found.rows]], dtype=object)
    for form in dict.fromkeys(of_rows):
        yield replace(found, rows=found.rows[of_rows == form], key=f"tables.{form}", row_details=meant)


def explained(found: Iterable[Finding], frames: Frames, earlier: Frames | None = None) -> Iterator[Finding]:
    """The findings of ids that nothing has, those apart that are the id of another thing, two ids or a ditto mark.

    Behind them those of ids that were typed wrong in their own table, by what other rows name.

    Parameters: ``earlier`` tables of the year before, whose ids are no slips.
    """
    ids, lost = KnownIds(frames, earlier), dict[str, Counter[str]]()
    for one in found:
        if one.key != LOST or not len(one.rows):
            yield one
            continue
        texts, goal = frames[one.table][one.column], REFERENCES[one.table][one.column]
        lost.setdefault(goal, Counter()).update(map(str, texts.iloc[one.rows]))
        yield from _explained(one, texts, ids)
    for goal, of_goal in lost.items():
        yield from _misspelt(goal, of_goal, frames[goal], ids)


def _misspelt(goal: str, lost: Counter[str], frame: pd.DataFrame, ids: KnownIds) -> Iterator[Finding]:
    """Ids of a table that other rows seem to mean by one that is not there.

    They have other letters than the rest of their table; or no row names them, and they alone differ by a character
    from what several rows name. Parameters: ``lost`` what rows name and is not there, with their number.
    """
    (key,) = ROW_KEYS[goal]
    named: dict[str, str] = {}
    for text, count in sorted(lost.items()):
        meant = ids.meant(goal, text)
        if not meant and count >= SEVERAL:
            near = [one for one in ids.named_by_none(goal) if differs_by_one(one, text)]
            named |= {near[0]: text} if len(near) == 1 else {}
        elif meant and ids.is_usual(goal, text, meant):
            named[meant] = text
    if named:
        details = lambda row: {"named": named[str(frame.at[row, key])]}
        yield finding(goal, frame[key].isin(list(named)), key, MISSPELT, row_details=details)


def _explained(lost: Finding, texts: pd.Series, ids: KnownIds) -> Iterator[Finding]:
    spec = SCHEMAS[lost.table].columns[lost.column]
    goals = REFERENCES[lost.table]
    kinds: dict[str, tuple[str, str]] = {}
    for text in map(str, texts.iloc[lost.rows].unique()):
        form = "" if spec.pattern else form_of_id(text)[0]  # where it must be an id, the cell is told by itself
        other = ids.table_with(text)
        kinds[text] = (form, "") if form in ("ditto", "two_ids") else ("id_of_another", other) if other else ("", "")
    of_rows = [kinds[str(text)] for text in texts.iloc[lost.rows]]
    for kind in dict.fromkeys(of_rows):
        rows = lost.rows[[of_row == kind for of_row in of_rows]]
        if not kind[0]:
            asked = lambda row: {"meant": _asked(_for(str(texts.iloc[row]), goals[lost.column], ids))}
            yield replace(lost, rows=rows, row_details=asked)
        elif kind[0] != "id_of_another":
            yield replace(lost, rows=rows, key=f"tables.{kind[0]}")
        else:
            there = next((column for column, goal in goals.items() if goal == kind[1]), "")
            columns = {lang: "" for lang in LANGUAGES}
            if there:
                name = words_of(lost.table, there)
                columns = {lang: translate("faults.belongs_in", lang, column=name[lang]) for lang in LANGUAGES}
            details = lost.details | {"other": words_of(kind[1]), "belongs": columns}
            yield replace(lost, rows=rows, key="tables.id_of_another", details=details)


def _for(text: str, goal: str, ids: KnownIds) -> str:
    """The identifier for which a text was typed, blank where the table has it in other letters than its others."""
    meant = ids.meant(goal, text) or ids.numbered_as(goal, text)
    return "" if meant and ids.is_usual(goal, text, meant) else meant


def _asked(identifier: str) -> dict[str, str] | str:
    return {lang: translate("faults.meant", lang, id=identifier) for lang in LANGUAGES} if identifier else ""
