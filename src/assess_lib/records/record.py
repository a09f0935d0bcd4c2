"""The record of a run: results, rules, names, lists and digests of the inputs, as files.

Beside ``scores.csv``, ``points.csv`` and ``adjustments.csv`` a run has a folder ``record/`` with ``record.json`` (its
sources), ``receipt.csv`` (what was received), ``teams.csv``, ``before.csv`` (the year before), ``terms.csv`` (what points are made
of whatever the weights are), ``lists.json``, ``rubric.json`` and ``rubric_before.json``. No personal data is in them, but for full
names of the commended in ``lists.json`` where the office has decided to publish them, no digest of a row and no path of a
machine. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from assess_lib.atomic import write_text
from assess_lib.faults import Fault, UnusableInput
from assess_lib.ledger.entries import STAGES
from assess_lib.records.awards_record import AwardsRecord, awards_record
from assess_lib.records.input_digests import keep_digests
from assess_lib.records.provenance import FORMAT, DataUsed, LedgerUsed, Program, Provenance, RubricUsed
from assess_lib.records.result_tables import (
    ADJUSTMENTS,
    POINTS,
    POINTS_COLUMNS,
    SCORES,
    csv_text,
    scores_table,
    write_results,
)
from assess_lib.rules.kinds import Score
from assess_lib.rules.paths import Way
from assess_lib.rules.rubric import PEER_COLUMNS, Indicator, Rubric
from assess_lib.scorecard.overview import NAMES, Overview
from assess_lib.scoring.assessment import Assessment
from assess_lib.tables.safe_workbook import as_it_was, harmless
from assess_lib.tables.schemas import SCHEMAS
from assess_lib.tables.year_files import SUFFIXES

FOLDER = "record"
ABOUT, TEAMS, BEFORE, LISTS, RULES, RULES_BEFORE = (
    "record.json",
    "teams.csv",
    "before.csv",
    "lists.json",
    "rubric.json",
    "rubric_before.json",
)
RECEIPT, TERMS = "receipt.csv", "terms.csv"
OBSOLETE_DIGESTS = "inputs.csv"  # digests of rows, which records had once
RESULTS = (SCORES, POINTS, ADJUSTMENTS)
RANGE_COLUMNS = ["overall_rank", "lowest", "highest"]
ON_DISK = {"overall_rank": "standing"}  # the names of columns in ``teams.csv`` where they are not ours
_IN_MEMORY = {on_disk: ours for ours, on_disk in ON_DISK.items()}
Years = tuple[Assessment, Assessment | None]


@dataclass(frozen=True)
class Record:
    """The record of a run, read back.

    Attributes
    ----------
    folder : of the run, or of an edition.
    provenance : the content of ``record.json``.
    scores : as ``scores.csv``, index team_id, with overall_rank, lowest, highest, vetoes, stage and the peer groups.
    teams : names, index team_id. points : as ``points.csv``. lists : the content of ``lists.json``.
    before : ``scores.csv`` of the year before, index team_id; None where there is none.
    terms : as ``exact_terms`` gives them; None where the record was written before there were any.
    """

    folder: Path
    provenance: Provenance
    rubric: Rubric
    scores: pd.DataFrame
    teams: pd.DataFrame
    points: pd.DataFrame
    adjustments: pd.DataFrame
    lists: AwardsRecord
    before: pd.DataFrame | None
    rubric_before: Rubric | None
    terms: pd.DataFrame | None = None

    @property
    def year(self) -> int:
        return self.provenance.year

    @property
    def stage(self) -> str:
        """The stage of the year's review: the earliest in which one of the teams is; without a review the first of all."""
        there = set(self.scores["stage"])
        return next((stage for stage in STAGES if stage in there), STAGES[0])

    def rule_of(self, indicator: Indicator, team: str) -> tuple[Fraction, Score]:
        """Weight and score of an indicator in force for a team, with the target that ``points.csv`` has where it has its own."""
        weight, score = indicator.for_team(self.scores.loc[team, list(PEER_COLUMNS)].to_dict())
        target = str(self._own_targets.get((team, indicator.id), "")) if indicator.path else ""
        return weight, score.on_the_way(Way(target=Fraction(target))) if target else score

    @cached_property
    def _own_targets(self) -> dict[tuple[str, str], object]:
        """The targets of indicators on the way to a goal, by team and indicator."""
        on_the_way = [indicator.id for indicator in self.rubric.indicators() if indicator.path]
        rows = self.points[self.points["indicator"].isin(on_the_way)]
        return dict(zip(zip(rows["team_id"], rows["indicator"]), rows["target"]))

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Points ÷ weight per team (index) and indicator (columns); blank where it has no weight."""
        counted = self.points[self.points["weight"] > 0]
        table = counted.assign(share=counted["points"] / counted["weight"]).pivot(
            index="team_id", columns="indicator", values="share"
        )
        return table.reindex(index=self.scores.index, columns=[i.id for i in self.rubric.indicators()])

    def overviews(self) -> tuple[Overview, Overview | None]:
        """The results of all teams of the year and of the year before."""
        dimension_of = {i.id: each.id for each in self.rubric.dimensions for i in each.indicators()}
        dimension = self.points["indicator"].map(dimension_of)
        weights = self.points.groupby(["team_id", dimension])["weight"].sum().unstack().reindex(self.scores.index)
        fingerprint, improved = self.provenance.data.fingerprint, self.lists.province.improved
        listed = self.lists.rectification
        now = Overview(
            self.year,
            self.rubric,
            fingerprint,
            self.scores,
            self.teams,
            weights,
            improved=improved,
            rectify={one.id: one.why for one in listed if one.kind == "team"},
            rectify_units={one.id: one.why for one in listed if one.kind == "unit"},
        )
        if self.before is None or self.rubric_before is None:
            return now, None
        names = self.teams.reindex(self.before.index).fillna("")
        return now, Overview(self.year - 1, self.rubric_before, "", self.before, names, weights.iloc[0:0])


def write_record(
    folder: str | Path, years: Years, program: Program, files: dict[str, str], data: Path | None = None
) -> None:
    """Write the results of a year and its record into a folder, each file put in place when whole.

    Parameters: ``files`` the SHA-256 of the input's files by public name, of both years; ``data`` the data folder, in
    which digests of the rows are kept. Raises OSError, and UnusableInput when the record that stands there was made with
    entries of a ledger that are missing now.
    """
    now, before = years
    _not_forgotten(Path(folder) / FOLDER / ABOUT, now)
    for each in years:
        if data is not None and each is not None:
            keep_digests(data, each.data)
    write_results(now, folder)
    home = Path(folder) / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    texts = {
        TEAMS: csv_text(_teams(now)),
        LISTS: awards_record(now, before).json_text(),
        RULES: _rules_text(now.rubric),
    }
    if before is not None:
        texts[BEFORE] = csv_text(scores_table(before.rubric, before.year, before.scores))
        texts[RULES_BEFORE] = _rules_text(before.rubric)
    texts[RECEIPT] = csv_text(_receipt(years))
    texts[TERMS] = csv_text(now.terms.reset_index())
    texts[ABOUT] = _provenance(years, program, files).json_text()
    for name, text in texts.items():
        write_text(home / name, text)
    for name in {BEFORE, RULES_BEFORE, OBSOLETE_DIGESTS} - set(texts):
        (home / name).unlink(missing_ok=True)


def _receipt(years: Years) -> pd.DataFrame:
    """A line for every table of every file of the years: rows found and used, units, sums; files by their public names."""
    lines = [
        {"year": str(each.year), **line, "file": public_names(each.data.files).get(line["file"], "")}
        for each in years
        if each is not None
        for line in each.data.receipt
    ]
    columns = ["year", "county", "table", "file", "rows", "used", "rows_before", "units", "sums", "absent"]
    return pd.DataFrame(lines, columns=columns)


def read_record(folder: str | Path) -> Record:
    """Read the record of a run or an edition. Raises UnusableInput when there is none, or it is not whole."""
    folder = Path(folder)
    home = folder / FOLDER
    if not (home / ABOUT).is_file():
        raise UnusableInput([Fault("record.none", str(folder))])
    with _whole(folder):
        content = json.loads((home / ABOUT).read_text(encoding="utf-8"))
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise UnusableInput([Fault("record.format", str(home / ABOUT))])
        teams = (
            _csv(home / TEAMS, str, [*ON_DISK.values(), "stage", "vetoes"])
            .set_index("team_id")
            .rename(columns=_IN_MEMORY)
        )
        for name in NAMES:
            teams[name] = teams[name].map(as_it_was)
        scores = _scores(folder / SCORES).join(teams.drop(columns=[*NAMES[:4], "reviewed"]))
        scores["vetoes"] = [tuple(text.split()) for text in scores["vetoes"]]
        for name in RANGE_COLUMNS:
            scores[name] = pd.to_numeric(scores[name])
        points = _csv(folder / POINTS, {"points": float, "weight": float}, POINTS_COLUMNS)
        adjustments = _csv(folder / ADJUSTMENTS, str) if (folder / ADJUSTMENTS).is_file() else pd.DataFrame()
        rules = home / RULES_BEFORE
        return Record(
            folder,
            Provenance.model_validate(content),
            _rubric(home / RULES),
            scores,
            teams[NAMES],
            points,
            adjustments,
            AwardsRecord.model_validate_json((home / LISTS).read_bytes()),
            _scores(home / BEFORE) if (home / BEFORE).is_file() else None,
            _rubric(rules) if rules.is_file() else None,
            _csv(home / TERMS, str, ["team_id"]).set_index("team_id") if (home / TERMS).is_file() else None,
        )


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    """Raise errors of reading a record as UnusableInput."""
    try:
        yield
    except (OSError, ValueError, KeyError, RecursionError, ValidationError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnusableInput([Fault("record.broken", str(folder), details={"why": why})]) from None


def public_names(files: Mapping[str, str]) -> dict[str, str]:
    """The public names of files of a folder of input by their names. Parameters: ``files`` their SHA-256 by name.

    The public name of a table's file is its own. Any other name may be a person's, and a digest of it could be tried with
    all names there are: such a file is called by its content.
    """
    known = {*SCHEMAS, *(schema.metadata["zh"] for schema in SCHEMAS.values())}
    names: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for name, digest in sorted(files.items()):
        suffix = Path(name).suffix
        usual = suffix.lower() in SUFFIXES
        if usual and name.removesuffix(suffix) in known:
            names[name] = name
            continue
        taken[digest] += 1
        again = f"-{taken[digest]}" if taken[digest] > 1 else ""
        names[name] = f"file-{digest[:10]}{again}{suffix if usual else ''}"
    return names


def _not_forgotten(about: Path, now: Assessment) -> None:
    """Raise UnusableInput when a record knows entries that the ledger of an assessment lacks."""
    try:
        then = Provenance.model_validate_json(about.read_bytes()).ledger
    except (OSError, ValueError):
        return  # no record, or one that is not whole and is written anew
    records = now.review_state.all if now.review_state else []
    if then.entries and (len(records) < then.entries or records[then.entries - 1].digest != then.digest):
        details = {"kept": then.entries, "count": len(records)}
        raise UnusableInput([Fault("record.ledger_forgotten", str(about), details=details)])


def _provenance(years: Years, program: Program, files: dict[str, str]) -> Provenance:
    now, before = years
    records = now.review_state.all if now.review_state else []
    return Provenance(
        **program.model_dump(),
        year=now.year,
        teams=len(now.scores),
        rubric=_rubric_used(now.rubric),
        rubric_before=_rubric_used(before.rubric) if before else None,
        data=DataUsed(
            fingerprint=now.data.fingerprint,
            before=before.data.fingerprint if before else None,
            files=files,
            rows_set_aside=now.data.rows_set_aside,
            lost_teams=tuple(now.data.lost_teams),
        ),
        ledger=LedgerUsed(entries=len(records), digest=records[-1].digest if records else ""),
    )


def _rubric_used(rubric: Rubric) -> RubricUsed:
    digest = hashlib.sha256(_rules_text(rubric).encode()).hexdigest()
    return RubricUsed(id=rubric.id, version=rubric.version, fingerprint=rubric.fingerprint, sha256=digest)


def _rules_text(rubric: Rubric) -> str:
    return rubric.model_dump_json(indent=1) + "\n"


def _teams(now: Assessment) -> pd.DataFrame:
    """The content of ``teams.csv``: names, peer groups, place and range of the total, vetoes, stage of the review."""
    table = now.data.teams()[NAMES].fillna("").astype(str).map(harmless).join(now.scores[[*RANGE_COLUMNS, "vetoes"]])
    table["vetoes"] = [" ".join(vetoes) for vetoes in table["vetoes"]]
    for name in ("lowest", "highest"):
        table[name] = table[name].map("{:.2f}".format)
    review_state = now.review_state
    table["stage"] = [review_state.stage(team).stage if review_state else "first" for team in table.index]
    judged = {team for team, _ in review_state.rulings} if review_state else set()
    table["reviewed"] = ["true" if team in judged else "false" for team in table.index]
    return table.rename(columns=ON_DISK).rename_axis("team_id").reset_index()


def _scores(path: Path) -> pd.DataFrame:
    table = _csv(path, None).set_index("team_id")
    for name in table.columns[: table.columns.get_loc("total")].drop("year"):
        table[name] = pd.to_numeric(table[name])  # blank where the focal point does not apply
    return table.assign(provisional=table["provisional"].astype(str).str.lower() == "true")


def _csv(path: Path, types: type[str] | dict[str, type] | None, columns: Iterable[str] = ()) -> pd.DataFrame:
    texts: dict[str, type] = dict.fromkeys(
        ("team_id", "grade", "indicator", "status", "numerator", "denominator", "value", "target"), str
    )
    wanted = texts | types if isinstance(types, dict) else types or texts
    table = pd.read_csv(path, dtype=wanted, keep_default_na=False, na_filter=False)
    if missing := [name for name in columns if name not in table]:
        raise KeyError(f"{path.name}: {', '.join(missing)}")
    return table


def _rubric(path: Path) -> Rubric:
    return Rubric.model_validate_json(path.read_text(encoding="utf-8"))
