"""Questions in words: the table that they speak of, its rows, and both values as a reader of either language knows them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assess_lib.faults import WARNING
from assess_lib.indicators.yardsticks.comparison import NAMED, Comparison, Question, as_told
from assess_lib.tables.checks.findings import Finding, Spots
from assess_lib.tables.id_lookup import among, places
from assess_lib.tables.schemas import SCHEMAS, code_words, words_of
from assess_lib.words import LANGUAGES, join_list, translate

_WORDS = {"✓": "yes", "✗": "no", "–": "blank"}


def as_finding(question: Question, c: Comparison) -> Finding:
    """A question as a finding of the row of each team that it concerns, with both values, told at the rows it speaks of.

    Parameters: ``c`` the tables of the year, their rows by their numbers.
    """
    teams = c.frames["teams"]
    by_team = {team: rows for team, rows in question.rows.groupby("team")}
    concerned = teams["team_id"][teams["team_id"].isin(list(by_team))].drop_duplicates()
    of_id, of_now, of_before = question.columns

    def details(row: int) -> dict[str, object]:
        rows = by_team[concerned[row]]
        ids = sorted(set(rows["id"]) - {""})
        first = rows.sort_values(["id", "now"]).iloc[0]
        now, before = _short(first["now"], first["before"])
        more = f" …（{len(ids)}）" if len(ids) > NAMED else ""
        which = [_by_language(in_words(one, question.table, of_id)) for one in ids[:NAMED]]
        return {
            "table": table_in_words(question.table, question.kinds),
            "column": words_of(question.table, of_now) if of_now else "",
            "now": in_words(now, question.table, of_now),
            "before": in_words(before, question.table, of_before),
            "count": len(rows),
            "which": _plain({lang: ", ".join(one[lang] for one in which) + more for lang in LANGUAGES}),
        }

    key = f"checks.owed.{question.key}"
    rows = concerned.index.to_numpy()
    told = rows[:1] if question.together else None
    if question.told:
        told = rows[concerned.isin(sorted(question.told)).to_numpy()]
    return Finding(
        "teams",
        rows,
        "team_id",
        key,
        WARNING,
        {"of": question.table},
        details,
        told=told,
        measures=question.measures,
        spots=_spots(question, c, concerned),
    )


def _spots(question: Question, c: Comparison, concerned: pd.Series) -> Spots | None:
    """The cells of this year that a question speaks of, by the row of their team; None where the table has none of it.

    Of a whole column it is the cell of the team's first row; of what is counted or gone that row stands for the table.
    Parameters: ``concerned`` ids of teams by their rows.
    """
    if question.table == "teams":
        return None
    rows, (of_id, of_now, _) = c.rows(question.table), question.columns
    known = _rows_asked(question.rows, rows, of_id, of_now) if of_id in rows else {}
    first = rows.drop_duplicates("team") if "team" in rows else rows.iloc[:0].assign(team="")
    first_of = dict(zip(first["team"].astype("str"), first.index))
    whole = question.rows[~question.rows["team"].duplicated()].set_index("team")["id"]
    spots: dict[int, list[tuple[int, str]]] = {}
    for row, team in concerned.items():
        if team in known:
            spots[row] = [(number, of_now if of_now in rows else of_id) for number in known[team]]
        elif team in first_of:
            table, _, column = whole[team].partition(".")
            spots[row] = [(int(first_of[team]), column if table == question.table and column in rows else "")]
    return Spots(question.table, spots, not question.together) if spots else None


def _rows_asked(asked: pd.DataFrame, rows: pd.DataFrame, of_id: str, of_now: str) -> dict[str, list[int]]:
    """The numbers of the rows of each team that are asked about.

    Where they are given and have the id, these; else the first that has the id and the value of the year, else the id.
    """
    given = asked["row"] if "row" in asked else pd.Series(-1, asked.index)
    with_id = rows[among(rows[of_id], asked["id"]) & ~rows.index.duplicated()]
    ids = with_id[of_id].astype("str")
    both = ids + " " + (with_id[of_now].map(as_told).astype("str") if of_now in rows else "")
    wanted = asked["id"] + " " + (asked["now"] if of_now in rows else "")
    as_given = both.reindex(given).to_numpy() == wanted.to_numpy()
    numbers = np.where(as_given, given, -1)
    tries = [(wanted, both), (asked["id"], ids)]
    if "team" in rows:  # first among the rows of the team; an id that stands once is the same wherever it stands
        of_team, own = asked["team"] + " ", with_id["team"].astype("str") + " "
        mine = [(of_team + texts, own + there) for texts, there in tries]
        tries = mine if rows[of_id].dropna().duplicated().any() else [*mine, *tries]
    for texts, there in tries:
        first = there.drop_duplicates()
        at = places(texts, first)
        numbers = np.where((numbers < 0) & (at >= 0), np.append(first.index, -1)[at], numbers)
    told = pd.DataFrame({"team": asked["team"], "row": numbers})[numbers >= 0]
    return {str(team): sorted({int(number) for number in of}) for team, of in told.groupby("team")["row"]}


def table_in_words(table: str, kinds: tuple[str, ...] = ()) -> dict[str, str]:
    """The name of a table, with the kinds of its rows that are spoken of, by language."""
    words = words_of(table)
    column = next((name for name in SCHEMAS[table].columns if set(kinds) <= set(code_words(table, name, "zh"))), "")
    if not kinds or not column:
        return words
    named = {lang: join_list([code_words(table, column, lang)[kind] for kind in kinds], lang) for lang in LANGUAGES}
    return {lang: translate("faults.table_of", lang, table=words[lang], kinds=named[lang]) for lang in LANGUAGES}


def in_words(value: str, table: str, column: str) -> str | dict[str, str]:
    """A value as it is told: codes, columns, tables, yes, no and blank by their words in each language, else as it is."""
    if value in _WORDS:
        return {lang: translate(f"faults.value.{_WORDS[value]}", lang) for lang in LANGUAGES}
    name, _, of = value.partition(".")
    if name in SCHEMAS and (of in SCHEMAS[name].columns or not (of or column)):
        return words_of(name, of)
    if column in SCHEMAS[table].columns:
        return _plain({lang: code_words(table, column, lang).get(value, value) for lang in LANGUAGES})
    return value


def _plain(words: dict[str, str]) -> str | dict[str, str]:
    """Words by language, or the text that is the same in all."""
    return words if len(set(words.values())) > 1 else next(iter(words.values()))


def _by_language(words: str | dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, words) if isinstance(words, str) else words


def _short(*values: str) -> list[str]:
    """Numbers with few digits, unless these would hide that they differ."""
    short = [_few_digits(value) for value in values]
    return short if len(set(short)) == len(set(values)) else list(values)


def _few_digits(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    digits = len(f"{abs(number):.0f}") if abs(number) >= 1 else 0
    return f"{number:.{max(digits + 2, 3)}g}" if "." in value and digits < 5 else value
