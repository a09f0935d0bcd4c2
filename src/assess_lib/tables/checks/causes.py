"""One message for one cause, of findings in their order; the whole list stays in the workbook of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from assess_lib.faults import ERROR, WARNING, Fault
from assess_lib.tables.schemas import words_of
from assess_lib.words import LANGUAGES, join_list, translate

LOST = "tables.points_at_nothing"
TWINS = frozenset(
    {"tables.duplicate_key", "checks.twice_but_for_case"}
)  # told by one of the rows, which names the other
MISSPELT = "tables.misspelt_id"
GONE = ("household_left_out", "person_left_out", "member_left_out", "teams_left_out")
OFF_DUTY = "checks.off_duty"
OWED = "checks.owed."
UNIT = "checks.doubtful_unit"
INCOME = "checks.far_from_before"  # says more than that it is unusual
IMPOSSIBLE = frozenset({"checks.impossible", "checks.impossible_per"})
LACKING = frozenset({"tables.county_lacks", "tables.county_misnamed", "tables.county_hidden"})
WRONG_UNIT = frozenset(  # of a column, which is then not used
    f"reading.{key}" for key in ("unknown_unit", "units_differ", "units_beside_differ", "unit_not_said")
)
ABSENT, MISSING = "tables.absent_columns", "tables.missing_column"
STRANGE = frozenset({"tables.unknown_column", "tables.near_column"})
# Questions why cells are blank that last year's table has; some make indicators wait.
BLANK_WAITS = frozenset({"checks.owed.column_blank", "checks.owed.income_left_out"})
BLANK = BLANK_WAITS | {"checks.owed.cell_gone"}
LAST_YEARS = "tables.row_of_last_year"
PLACES = 3  # that are named of equal findings, beside the last


def causes_of(faults: Sequence[Fault]) -> list[Fault]:
    """The findings, of those with one cause the first, which says what else shows it.

    Of several errors of a cell the first is told, of its warnings the one that waits for an answer; warnings of a row
    that is set aside wait until it is mended, an id that stands twice is one, and so are an id that nothing has, wherever it is named, and equal findings of a column.
    """
    faults = _without_what_columns_lack(_without_what_is_lacking(faults))
    told = _twins_once(_without_warnings_of_wrong_rows(_first_of_cells(_without_more_of_old_rows(faults))))
    told = _equal_ones(_lost_ids(_without_what_lost_ids_raise(_asked_once(_without_what_units_raise(told)))))
    return _open_ended(told) if any(fault.key == "tables.more_alike" for fault in faults) else told


def _open_ended(told: list[Fault]) -> list[Fault]:
    """Counts of findings that are not all in words, because a file has too many, say that there may be more."""
    words = {lang: translate("faults.at_least", lang) for lang in LANGUAGES}
    return [
        replace(fault, more={lang: text + words[lang] for lang, text in fault.more.items()}) if fault.more else fault
        for fault in told
    ]


def _sender(fault: Fault) -> str:
    """The workbook of a finding, whose ids are its own; empty for files that hold one table, and speak of each other's."""
    return fault.file if fault.location.sheet else ""


def _cell(fault: Fault) -> Hashable:
    at = fault.location
    return fault.file, at.table, at.index, at.column


def _first_of_cells(faults: Sequence[Fault]) -> list[Fault]:
    """Of the errors of a cell the first; that it points at nothing only where nothing else is wrong with it."""
    kept: dict[Hashable, Fault] = {}
    for fault in faults:
        if _of_cell(fault):
            known = kept.setdefault(_cell(fault), fault)
            if known.key == LOST != fault.key:
                kept[_cell(fault)] = fault
    return [fault for fault in faults if not _of_cell(fault) or kept[_cell(fault)] is fault]


def _without_more_of_old_rows(faults: Sequence[Fault]) -> list[Fault]:
    """Of a row that is last year's that alone."""
    old = {(fault.location.table, fault.location.index) for fault in faults if fault.key == LAST_YEARS}
    return [f for f in faults if f.key == LAST_YEARS or (f.location.table, f.location.index) not in old or not f.of_row]


def _without_what_is_lacking(faults: Sequence[Fault]) -> Sequence[Fault]:
    """Without questions about a table of a county that lacks it: that is told by itself."""
    lacking = {(f.location.county, f.location.table) for f in faults if f.of_county and f.key in LACKING}
    of_table = lambda f: f.details.get("of", f.location.table)
    return [f for f in faults if not f.key.startswith(OWED) or (f.location.county, of_table(f)) not in lacking]


def _without_what_columns_lack(faults: Sequence[Fault]) -> list[Fault]:
    """Without questions why columns are blank that a sheet lacks or whose unit is wrong, which say of how many teams they are.

    Nor is a column lacking of which the unit is wrong.
    """
    sheet = lambda f: (f.file, f.location.sheet, f.location.table)
    wrong = {(*sheet(f), f.location.column): f for f in faults if f.key in WRONG_UNIT}
    lacking = {(*sheet(f), column): f for f in faults if f.key == ABSENT for column in f.details["ids"].split()} | wrong
    if not lacking:
        return list(faults)
    explained = {id(f) for f in faults if f.key == MISSING and (*sheet(f), f.location.column) in wrong}
    explained |= {
        id(f) for f in faults if f.key == ABSENT and all((*sheet(f), c) in wrong for c in f.details["ids"].split())
    }
    asked: dict[int, set[str]] = {}
    waiting: set[int] = set()
    for fault in (f for f in faults if f.key in BLANK):
        if cause := lacking.get((*sheet(fault), fault.location.column)):
            explained.add(id(fault))
            asked.setdefault(id(cause), set()).add(fault.location.team)
            waiting |= {id(cause)} if fault.key in BLANK_WAITS else set()
    told = [
        _with_words(f, "teams_wait" if id(f) in waiting else "of_teams", count=len(asked[id(f)]))
        if id(f) in asked
        else f
        for f in faults
        if id(f) not in explained
    ]
    return _told_at_strangers(told)


def _told_at_strangers(faults: list[Fault]) -> list[Fault]:
    """The only column that a sheet lacks, told at the only one that it has under a name that is none."""
    sheet = lambda f: (f.file, f.location.sheet, f.location.table)
    strangers = Counter(sheet(f) for f in faults if f.key in STRANGE)
    absent = {
        sheet(f): f for f in faults if f.key == ABSENT and strangers[sheet(f)] == 1 and " " not in f.details["ids"]
    }
    return [
        _lacking(f, absent[sheet(f)]) if f.key in STRANGE and sheet(f) in absent else f
        for f in faults
        if f.key != ABSENT or sheet(f) not in absent
    ]


def _lacking(stranger: Fault, absent: Fault) -> Fault:
    said = {
        lang: translate("faults.lacks", lang, names=absent.details["names"][lang]) + absent.more.get(lang, "")
        for lang in LANGUAGES
    }
    return replace(stranger, more=said)


def _with_words(fault: Fault, word: str, **details: object) -> Fault:
    return replace(fault, more={lang: translate(f"faults.{word}", lang, **details) for lang in LANGUAGES})


def _of_cell(fault: Fault) -> bool:
    """True for an error of one cell; that two rows have one key is none of a cell."""
    return fault.severity == ERROR and fault.of_row and bool(fault.location.column) and not _of_keys(fault)


def _of_team(fault: Fault) -> bool:
    """True for what is found of a team, wherever it is told."""
    return fault.location.table == "teams" or fault.key.startswith(OWED)


def _of_keys(fault: Fault) -> bool:
    return fault.key in TWINS or fault.key == "tables.colliding_ids"


def _without_warnings_of_wrong_rows(faults: list[Fault]) -> list[Fault]:
    """Without warnings of checks about rows that have an error, unless they stand for other rows too, or for a team."""
    wrong = {(f.location.table, f.location.index) for f in faults if f.severity == ERROR and f.of_row}
    return [
        fault
        for fault in faults
        if fault.severity != WARNING
        or not fault.key.startswith("checks.")
        or _of_team(fault)
        or fault.details.get("count", 1) != 1
        or (fault.location.table, fault.location.index) not in wrong
    ]


def _without_what_units_raise(faults: list[Fault]) -> list[Fault]:
    """Without what is told of amounts of a column whose unit is doubted; where some cannot be, the doubt is an error."""
    column = lambda fault: (fault.file, fault.location.sheet, fault.location.table, fault.location.column)
    doubted = {column(fault) for fault in faults if fault.key == UNIT}
    impossible = Counter(column(fault) for fault in faults if fault.key in IMPOSSIBLE)
    return [
        _of_impossible(fault, count) if fault.key == UNIT and (count := impossible[column(fault)]) else fault
        for fault in faults
        if fault.key == UNIT
        or not (fault.severity == WARNING or fault.key in IMPOSSIBLE)
        or column(fault) not in doubted
    ]


def _of_impossible(doubt: Fault, count: int) -> Fault:
    return replace(_with_words(doubt, "by_unit", count=count), severity=ERROR)


def _asked_once(faults: list[Fault]) -> list[Fault]:
    """Of the warnings of a cell one: that it cannot be read, else the first question, else all.

    A warning that stands for other cells too is none of the cell.
    """
    chosen: dict[Hashable, Fault] = {}
    for fault in filter(_warns_of_cell, faults):
        known = chosen.get(_cell(fault))
        if known is None or _weight(fault) > _weight(known):
            chosen[_cell(fault)] = fault
    return [f for f in faults if not _warns_of_cell(f) or not _weight(chosen[_cell(f)]) or chosen[_cell(f)] is f]


def _warns_of_cell(fault: Fault) -> bool:
    named = fault.of_row and bool(fault.location.column)
    return named and fault.severity == WARNING and (fault.key.startswith(OWED) or fault.details.get("count", 1) == 1)


def _weight(fault: Fault) -> int:
    return 2 if not fault.key.startswith("checks.") else int(fault.key.startswith(OWED) or fault.key == INCOME)


def _without_what_lost_ids_raise(faults: list[Fault]) -> list[Fault]:
    """Without questions why ids of last year are gone that rows of this year still name: those are told as errors."""
    lost = {fault.value for fault in faults if fault.key == LOST and fault.of_row}
    gone = lambda fault: set(fault.details["which"].split(", ")) if fault.key.endswith(GONE) else None
    return [fault for fault in faults if not (ids := gone(fault)) or not ids <= lost]


def _twins_once(faults: list[Fault]) -> list[Fault]:
    seen: set[Hashable] = set()
    kept = []
    for fault in faults:
        # ids that differ in capital letters alone have different values, and are one pair
        group = (_sender(fault), fault.location.table, fault.key, fault.value.lower())
        if fault.key not in TWINS or not fault.of_row or "*" in fault.value or group not in seen:
            kept.append(fault)
        if fault.key in TWINS:
            seen.add(group)
    return kept


def _lost_ids(faults: list[Fault]) -> list[Fault]:
    """Rows of all tables that name one id which is not there, told by the first.

    Where one id of the table stands twice and one is lost, the rows that name it are told there: one was typed for the other.
    So they are where the id of a row was typed wrong.
    """
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    twins: dict[tuple[str, str], list[Fault]] = {}
    misspelt: dict[tuple[str, str, str], Fault] = {}
    for fault in faults:
        sender = _sender(fault)
        if fault.key == LOST and fault.of_row and "*" not in fault.value:  # masked ones may differ
            groups.setdefault((sender, fault.details["table"]["zh"], fault.value), []).append(fault)
        elif fault.key == "tables.duplicate_key" and fault.of_row:
            twins.setdefault((sender, words_of(fault.location.table)["zh"]), []).append(fault)
        elif fault.key == MISSPELT:
            misspelt[sender, words_of(fault.location.table)["zh"], fault.details["named"]] = fault
    instead: dict[int, Fault | None] = {}
    of_table = Counter((sender, table) for sender, table, _ in groups)
    for (sender, table, value), of_id in groups.items():
        pair = twins.get((sender, table), [])
        if one := misspelt.get((sender, table, value)):
            instead |= dict.fromkeys(map(id, of_id)) | {id(one): _with(one, "named_by", of_id)}
        elif len(pair) == 1 and of_table[sender, table] == 1:
            instead |= dict.fromkeys(map(id, of_id)) | {id(pair[0]): _with(pair[0], "hangs", of_id, value=value)}
        elif len(of_id) > 1:
            instead |= dict.fromkeys(map(id, of_id)) | {id(of_id[0]): _with(of_id[0], "named_by", of_id)}
    return [told for fault in faults if (told := instead.get(id(fault), fault)) is not None]


def _with(fault: Fault, word: str, rows: Iterable[Fault], **details: str) -> Fault:
    """The fault with the rows of each table that hang on it."""
    counts = Counter(one.location.table for one in rows)
    more = {}
    for lang in LANGUAGES:
        parts = [
            translate("faults.rows_of_table", lang, table=words_of(table)[lang], count=n) for table, n in counts.items()
        ]
        listed = join_list(parts, lang)
        more[lang] = translate(f"faults.{word}", lang, tables=listed, count=sum(counts.values()), **details)
    return replace(fault, more=more)


def _equal_ones(faults: list[Fault]) -> list[Fault]:
    """Findings of one column of a sheet that say the same, told by the first with how many and where."""
    groups: dict[Hashable, list[Fault]] = {}
    for fault in faults:
        groups.setdefault(_said(fault), []).append(fault)
    return [_first_of(equal) if len(equal) > 1 else equal[0] for equal in groups.values()]


def _said(fault: Fault) -> Hashable:
    at = fault.location
    # what is asked of a team is its own, and a message that counts tables stands alone
    if not fault.of_row or _of_team(fault) or _of_keys(fault) or fault.more:
        return id(fault)
    said = () if fault.key == OFF_DUTY else (fault.cause(), fault.remedy())
    return fault.severity, fault.key, fault.file, at.county, at.sheet, at.table, at.column, said


def _first_of(equal: list[Fault]) -> Fault:
    named = [*equal[:PLACES], equal[-1]] if len(equal) > PLACES else equal
    more = {}
    for lang in LANGUAGES:
        places = [one.location.cell or translate("faults.row", lang, row=one.location.row) for one in named]
        if len(equal) > PLACES + 1:
            places.insert(PLACES, "…")
        listed = join_list(places, lang)
        more[lang] = translate("faults.equal", lang, count=len(equal), places=listed)
    details = equal[0].details
    if equal[0].key == OFF_DUTY:  # told member by member, and of a county and table together
        details = details | {"count": sum(one.details["count"] for one in equal)}
    return replace(equal[0], details=details, more=more)
