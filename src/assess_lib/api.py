"""From a data folder and a year to assessments and scorecards: what notebooks and commands call first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from assess_lib.assessment_cache import Years, cache_key, cached, handed_over, hold, keep
from assess_lib.faults import Fault, UnusableInput
from assess_lib.indicators import yardsticks
from assess_lib.indicators.registry import vocabulary
from assess_lib.ledger.state import ReviewState
from assess_lib.ledger.store import Ledger, ledger_path
from assess_lib.memory import freed_memory_kept
from assess_lib.progress import Tell, silent
from assess_lib.resources import RUBRICS, data_folder, shipped
from assess_lib.rules import loading
from assess_lib.rules.rubric import Rubric
from assess_lib.scorecard.first_screen import listed
from assess_lib.scorecard.grade_reasons import GradeReasons
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring.assessment import assess, with_reviews
from assess_lib.scoring.awards import commended_teams
from assess_lib.scoring.entered_values import check_entered
from assess_lib.scoring.goals import check_starts
from assess_lib.scoring.measuring import tables_needed
from assess_lib.scoring.rule_names import check_rule_names
from assess_lib.tables.checks.findings import Found
from assess_lib.tables.complete_tables import member_names
from assess_lib.tables.dataset import YearData
from assess_lib.tables.pipeline import Checked, Frames, check_year
from assess_lib.tables.quarantine import aside_is_of, keep_aside, mark_aside
from assess_lib.tables.read_year import ReadYears

STEPS = ("read", "assess", "before", "review")
Aside = Callable[[Path, int, Checked], object]
_SAFE_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")


def load_rubric(rubric: str | Path | None, year: int) -> Rubric:
    """The rubric of a file, or the version in force in a year.

    Parameters: ``rubric`` a file, a folder of versions, or None for ``parameters/rubrics``.
    Raises UnusableInput with every fault, or when a file is named that is not in force in the year.
    """
    path = _rubrics(rubric)
    if path.is_dir():
        return loading.rubric_in_force(path, year, vocabulary())[0]
    found = loading.read_rubric(path, vocabulary())
    if not found.in_force.covers(year):
        details = {"since": found.in_force.since, "until": found.in_force.until or "…", "name": path.name}
        raise UnusableInput([Fault("rubric.not_in_force", str(path), "in_force", str(year), details)])
    return found


def rubric_file(rubric: str | Path | None, year: int) -> Path:
    """The file in which the rubric of a year stands. Raises UnusableInput when no version is in force."""
    path = _rubrics(rubric)
    return loading.rubric_in_force(path, year, vocabulary())[1] if path.is_dir() else path


def _rubrics(rubric: str | Path | None) -> Path:
    path = Path(rubric) if rubric else shipped(RUBRICS)
    if not path.exists():
        raise UnusableInput([Fault("rubric.no_file", str(path.absolute()))])
    return path


def load_data(
    data: str | Path,
    year: int,
    rubric: Rubric | None = None,
    aside: Aside | None = None,
    years: ReadYears | None = None,
) -> YearData:
    """The tables of a year; with a rubric only those that it needs must be there.

    Parameters: ``aside`` is called with the folder, the year and what the check gave, so that rows that have an error
    and are left out can be kept; ``years`` what was read of the folder before. Raises UnusableInput when the year cannot
    be used.
    """
    checked = check_data(data, year, rubric, years)
    if checked.data is None:
        raise UnusableInput(checked.errors())
    if aside:
        aside(data_folder(data), year, checked)
    if rubric and rubric.publish_names and checked.tables:
        return replace(checked.data, member_names=member_names(checked.tables.frames))
    return checked.data


def check_data(data: str | Path, year: int, rubric: Rubric | None = None, years: ReadYears | None = None) -> Checked:
    """Everything that is found in the tables of a year. Parameters: ``years`` as for ``load_data``."""
    if rubric is None:
        return check_year(data_folder(data), year, years=years)
    more_checks = {"entered_values": partial(check_entered, rubric)}
    against = partial(_against, rubric)
    needed, compared = tables_needed(rubric), yardsticks.COMPARED
    return check_year(data_folder(data), year, needed, more_checks, against, compared, years)


def _against(rubric: Rubric, frames: Frames, set_aside: Frames, earlier: Frames, year: int) -> Iterator[Found]:
    """What a rubric asks about the tables of a year as a whole."""
    yield from check_rule_names(rubric, frames, set_aside)
    yield from check_starts(rubric, earlier, year)
    yield from yardsticks.questions(rubric.norms, frames, set_aside, earlier, year)


def load_review_state(data: str | Path, year: int) -> ReviewState | None:
    """The state of the review of a year by the ledger of the data folder; None where there is none.

    Raises UnusableInput when the ledger cannot be read or was tampered with.
    """
    records = Ledger(ledger_path(data_folder(data))).entries()
    return ReviewState(records, year) if records else None


def load_years(
    data: str | Path,
    year: int,
    rubric: str | Path | None = None,
    aside: Aside | None = None,
    tell: Tell = silent,
) -> Years:
    """The assessment of a year and, where the data folder has it, of the year before.

    Parameters as for ``compute_years``. What people judged (the review ledger of the data folder) is part of them.
    Within a run, what the run computed is used; else what lies beside the data, as long as nothing of that from which it
    was made has changed. With ``aside``, a year that has rows to set aside is read, unless ``keep_aside`` kept those same rows
    and they are still there.
    """
    if aside is None and (years := handed_over(data, year, rubric)):
        return years
    tell("read")
    folder = data_folder(data)
    rubrics = _rubrics_of_years(folder, year, rubric)
    key = cache_key(folder, year, rubrics)
    years = cached(folder, key)
    kept_aside = aside is keep_aside and aside_is_of(folder, year, key)
    if years and (kept_aside or not (aside and years[0].data.set_aside)):
        if aside and not kept_aside:
            aside(folder, year, Checked(years[0].data, []))
        return _reviewed(folder, years)
    years = _computed(folder, year, rubrics, aside, tell)
    if cache_key(folder, year, rubrics) == key:  # else a file was changed while it was read
        _anticipate(years)
        keep(folder, key, years)
        if aside is keep_aside:
            mark_aside(folder, year, key)
    return _reviewed(folder, years)


def hold_years(data: str | Path, year: int, rubric: str | Path | None = None) -> bool:
    """Keep in memory, for processes forked from this one, what ``load_years`` would find kept beside the data.

    Returns whether a review of the year opens from there: also rows set aside must be where they were put. Raises
    UnusableInput when there is no such folder or no rubric.
    """
    folder = data_folder(data)
    key = cache_key(folder, year, _rubrics_of_years(folder, year, rubric))
    return (years := hold(folder, key)) is not None and (not years[0].data.set_aside or aside_is_of(folder, year, key))


def _anticipate(years: Years) -> None:
    """Work out what every scorecard asks of all teams, so that it is written with the rest."""
    card = Scorecard(*years, years[0].scores.index[0])
    _ = card.lines, card.dimensions, card.now.data.fingerprint, card.now.starting_conditions, listed(card)
    _ = GradeReasons.of_year(card.now), commended_teams(card.now), card.now.sharing_rank


def compute_years(
    data: str | Path,
    year: int,
    rubric: str | Path | None = None,
    aside: Aside | None = None,
    tell: Tell = silent,
) -> Years:
    """As ``load_years``, always from the files.

    The year before is assessed by the version then in force, or, to be compared, by the same file when one is named.

    Parameters: ``aside`` as for ``load_data``, for the year itself; ``tell`` is called at the beginning of every step
    with its name (``STEPS``), and while files are read and checked.
    """
    tell("read")
    folder = data_folder(data)
    return _reviewed(folder, _computed(folder, year, _rubrics_of_years(folder, year, rubric), aside, tell))


@freed_memory_kept()
def _computed(folder: Path, year: int, rubrics: tuple[Rubric, Rubric | None], aside: Aside | None, tell: Tell) -> Years:
    """The years without what people judged."""
    rules, earlier = rubrics
    with ReadYears(folder, (year, year - 1) if earlier else (), tell) as read:
        tables = load_data(folder, year, rules, aside, read)
        tell("assess")
        now = assess(rules, tables)
        tell("before")
        if earlier is None:
            return now, None
        return now, assess(earlier, load_data(folder, year - 1, earlier, years=read))


def _reviewed(folder: Path, years: Years) -> Years:
    """The years with what people judged, by the ledger of the data folder."""
    now, before = years
    states = [load_review_state(folder, result.year) if result else None for result in years]
    return (
        now if states[0] is None else with_reviews(now, states[0]),
        before if before is None or states[1] is None else with_reviews(before, states[1]),
    )


def _rubrics_of_years(folder: Path, year: int, rubric: str | Path | None) -> tuple[Rubric, Rubric | None]:
    """The rubric of a year, and that of the year before; None without data of that year or a version then in force."""
    rules = load_rubric(rubric, year)
    if not (folder / str(year - 1)).is_dir():
        return rules, None
    if not _rubrics(rubric).is_dir():
        return rules, rules
    try:
        return rules, load_rubric(rubric, year - 1)
    except UnusableInput as unusable:
        if all(fault.key == "rubric.none_in_force" for fault in unusable.faults):
            return rules, None
        raise


def open_scorecard(
    team_id: str, year: int, data: str | Path = "", rubric: str | Path | None = None, lang: str = "zh"
) -> Scorecard:
    """One team's scorecard.

    Parameters: ``data`` a data folder, blank for the sample; ``rubric`` as for ``load_rubric``.
    Raises UnusableInput for a team id that is not an identifier or that the data does not have, and
    for faults of data or rubric.
    """
    try:
        if not _SAFE_ID.match(str(team_id)):
            raise UnusableInput(
                [Fault("tables.identifier", place="team_id", value=str(team_id), details={"meant": ""})]
            )
        now, before = load_years(data, int(year), rubric)
        return Scorecard(now, before, str(team_id), lang)
    except UnusableInput as unusable:
        unusable.lang = lang
        raise
