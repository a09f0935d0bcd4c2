"""The pages of a published year: list, counties, units, teams, summary, circular, each linked with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from assess_lib.atomic import write_text
from assess_lib.pages.draft import DraftMark
from assess_lib.pages.export import TeamExtras
from assess_lib.pages.site.groups import COUNTY, UNIT, Group, GroupPages
from assess_lib.pages.site.index import Additions, index_page
from assess_lib.pages.site.listing import Links, Listing
from assess_lib.pages.site.side_by_side import PAGE as SIDE_BY_SIDE
from assess_lib.pages.site.side_by_side import side_by_side_page
from assess_lib.pages.site.team_extras import PageOrder
from assess_lib.pages.site.what_if import PAGE as WHAT_IF
from assess_lib.pages.site.what_if import what_if_page
from assess_lib.records.record import Record
from assess_lib.scorecard.overview import with_points
from assess_lib.words import translate
from assess_lib.workers import in_order

INDEX, SUMMARY = "index.html", "summary.html"
FOLDERS = {COUNTY: "counties", UNIT: "units"}
WORTH_A_PROCESS = 200  # pages of groups that repay the start of processes
Step = Callable[[int], None]


@dataclass(frozen=True)
class TeamPage:
    """A team's page to be made: its executed notebook, its place, its title, what surrounds the notebook, the mark of a draft."""

    notebook: Path
    page: Path
    title: str
    around: TeamExtras | None
    back: str
    lang: str
    draft: DraftMark | None = None


class Site:
    """The pages of a year in a folder.

    Parameters: ``record`` of the run; ``run`` its folder; ``edition`` its mark on pages; ``documents`` address and name of
    the files beside the list; ``notes`` sentences at its head; ``draft`` the mark of a year that is not final;
    ``pdf`` whether each team has a PDF, ``pdf/<id>.pdf``, to which pages lead.
    """

    def __init__(
        self,
        record: Record,
        run: Path,
        lang: str,
        edition: str,
        documents: Sequence[tuple[str, str]] = (),
        notes: Sequence[str] = (),
        draft: DraftMark | None = None,
        pdf: bool = False,
    ):
        self._record, self._run, self._lang, self._edition = record, run, lang, edition
        self._documents, self._notes, self._draft, self._pdf = documents, notes, draft, pdf
        now, self.before = record.overviews()
        self.now = with_points(now, record.points)

    @cached_property
    def groups(self) -> list[Group]:
        """Counties and units that have a name, with their teams in order of place."""
        order, names = self.listing.order, self.now.teams
        groups = [
            Group(COUNTY, county_id(county), county, order[(names.loc[order, "county"] == county).to_numpy()])
            for county in sorted(set(names["county"]) - {""})
        ]
        for unit, teams in names.loc[order].groupby("unit_id", sort=True):
            if unit:
                groups.append(Group(UNIT, str(unit), teams["unit_name"].iloc[0] or str(unit), teams.index))
        return groups

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.now, self.before, self._lang)

    def links(self, up: str) -> Links:
        """Addresses of all pages from a page; ``up`` leads from it to the list."""
        of = {
            kind: {
                (group.name if kind == COUNTY else group.id): f"{up}{FOLDERS[kind]}/{group.id}.html"
                for group in self.groups
                if group.kind == kind
            }
            for kind in (COUNTY, UNIT)
        }
        teams = self.now.scores.index
        pdfs = {team: f"{up}pdf/{team}.pdf" for team in teams} if self._pdf else {}
        return Links({team: f"{up}teams/{team}.html" for team in teams}, of[COUNTY], of[UNIT], pdfs)

    def write_lists(self, folder: Path, jobs: int, tell: Step) -> None:
        """The list, the pages beside it that show and try out all teams, those of counties and units. Raises OSError."""
        for kind in FOLDERS.values():
            (folder / kind).mkdir(parents=True, exist_ok=True)
        made = GroupPages(
            self.now,
            self.before,
            self.listing,
            links=self.links("../"),
            back=f"../{INDEX}",
            lang=self._lang,
            points=self._record.points,
            draft=self._draft,
        )
        lines = (made.line(group, f"{FOLDERS[UNIT]}/{group.id}.html") for group in self.groups if group.kind == UNIT)
        units = sorted(lines, key=itemgetter("order"))
        terms = self._record.terms
        additions = Additions(self.listing, self.links(""), units, self._documents, self._notes)
        teams = set(self.now.scores.index)
        write_text(
            folder / INDEX,
            index_page(
                self.now,
                self.before,
                self._lang,
                teams,
                summary=SUMMARY,
                additions=additions,
                side_by_side=SIDE_BY_SIDE,
                what_if="" if terms is None else WHAT_IF,
                draft=self._draft,
            ),
        )
        page = side_by_side_page(self.now, self._record.points, self._lang, self._draft)
        write_text(folder / SIDE_BY_SIDE, page)
        if terms is not None:
            page = what_if_page(self.now, self._record.points, terms, self._lang, self._draft)
            write_text(folder / WHAT_IF, page)
        few = len(self.groups) < WORTH_A_PROCESS
        for _ in in_order(_write_group, self.groups, 1 if few else jobs, shared=(made, folder), chunk=16):
            tell(self.count)

    def team_pages(self, folder: Path) -> Iterator[TeamPage]:
        """The pages of teams and of the summary, to be made."""
        ranking = PageOrder(self.now, self.listing, self.links("../"), f"../{INDEX}", self._edition, self._lang)
        names, year = self.now.teams["name"], self.now.year
        for team in self.now.scores.index:
            title = translate("pages.card.title", self._lang, team=names[team], year=year)
            yield TeamPage(
                self._run / "notebooks" / f"{team}.ipynb",
                folder / "teams" / f"{team}.html",
                title,
                ranking.of(team),
                f"../{INDEX}",
                self._lang,
                self._draft,
            )
        title = translate("pages.summary.title", self._lang, year=year)
        notebook = self._run / "notebooks" / "annual_summary.ipynb"
        yield TeamPage(notebook, folder / SUMMARY, title, None, INDEX, self._lang, self._draft)

    def write_teams(self, folder: Path, jobs: int, tell: Step) -> None:
        """The pages of teams and the summary, in several processes. Raises OSError."""
        (folder / "teams").mkdir(parents=True, exist_ok=True)
        for _ in in_order(write_page, self.team_pages(folder), jobs, chunk=4):
            tell(self.count)

    @property
    def count(self) -> int:
        """The number of pages without the list."""
        return len(self.groups) + len(self.now.scores) + 1


def _write_group(made: GroupPages, folder: Path, group: Group) -> None:
    write_text(folder / FOLDERS[group.kind] / f"{group.id}.html", made.page(group))


def county_id(name: str) -> str:
    """The id of a county in addresses, from its name, which may hold any character."""
    return "c" + sha256(name.encode()).hexdigest()[:10]


def write_page(page: TeamPage) -> None:
    """Write a page from its executed notebook, without paths of the machine. Raises OSError."""
    import nbformat

    from assess_lib.pages.export import page as exported

    notebook: Any = nbformat.read(page.notebook, as_version=4)
    write_text(page.page, exported(notebook, page.title, page.lang, page.back, page.around, page.draft))
