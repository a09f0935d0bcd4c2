"""A year made public: complete, linked, harmless, without personal data, frozen, and proved right."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from docx import Document
from support.published import AREA, COUNTY, HOSTILE, TEAMS, UNIT, UNIT_TYPE, copy_of

from assess_lib.api import load_data
from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.publishing import edition as editions
from assess_lib.publishing import pdf as pdfs
from assess_lib.publishing.edition import PublishRequest, publish
from assess_lib.publishing.verify import verify
from assess_lib.records.input_digests import input_digests
from assess_lib.review.acts import open_review
from assess_lib.runs.batch import run_year
from assess_lib.runs.fingerprints import current_program

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_files_read_once", "same_years_loaded_once")]
EDITION = "2016-edition-1"


@pytest.fixture(scope="module")
def place(published_place):
    return published_place


@pytest.fixture
def mine(place, tmp_path):
    return copy_of(place, tmp_path)


def command(*given):
    """A command; the province is in its first stage, so that it is published as a draft."""
    draft = ["--draft"] if given[0] == "publish" else []
    return CliRunner().invoke(main, [*(str(word) for word in given), *draft])


def pages(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


def attributes(page: str) -> set[str]:
    """The names of all attributes in a page."""
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.update(name for name, _ in attrs)

    Reader().feed(page)
    return found


def visible(page: str) -> str:
    return html.unescape(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))


# ---- the site -----------------------------------------------------------------------------------------


def test_a_site_has_a_page_for_everything_and_every_link_resolves(place) -> None:
    folder = place.first.folder
    found = pages(folder)
    kinds = {kind: sum(name.startswith(f"{kind}/") for name in found) for kind in ("teams", "counties", "units")}
    names = pd.read_csv(place.data / "2016" / "teams.csv", dtype=str)
    assert kinds == {"teams": TEAMS, "counties": names["county"].nunique(), "units": names["unit_id"].nunique()}
    checked = 0
    for name, page in found.items():
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        for kind, address in re.findall(r'\b(href|src)="([^"]*)"', page):
            address = html.unescape(address)
            if kind == "src" or address.startswith("data:"):
                assert address.startswith("data:")
                continue
            file, _, part = address.partition("#")
            target = (folder / name).parent / file if file else folder / name
            assert target.resolve().is_relative_to(folder.resolve()) and target.is_file(), (name, address)
            assert not part or file or part in ids, (name, address)
            checked += 1
    assert checked > 500
    index = found["index.html"]
    for linked in ("summary.html", "circular.html", "circular.docx", "results.xlsx", "scores.csv", "points.csv"):
        assert f'href="{linked}"' in index
    assert all(f'href="teams/T000{n}.html"' in index for n in range(1, TEAMS + 1))


def test_pages_keep_a_strict_policy_and_refer_to_nothing_outside(place) -> None:
    for name, page in pages(place.first.folder).items():
        policy = html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1])
        assert policy.startswith("default-src 'none'") and "unsafe-inline" not in policy.replace(
            "style-src 'unsafe-inline'", ""
        )
        scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        assert len(scripts) == ("script-src" in policy), name
        outside = re.sub(
            r"http://www\.w3\.org/[\w/.]+", "", re.sub(r'<script>.*?</script>|base64,[^)"]+', "", page, flags=re.DOTALL)
        )
        assert not re.search(r'(?:href|src|url)\s*[=(]\s*["\']?(?:https?:)?//', outside), name
        assert not [attribute for attribute in attributes(page) if attribute.startswith("on")], name


def test_a_team_page_leads_to_its_county_its_unit_and_its_neighbours(place) -> None:
    page = (place.first.folder / "teams" / "T0003.html").read_text("utf-8")
    ranks = pd.read_csv(place.first.folder / "scores.csv").set_index("team_id")["rank"]
    section = page[page.index('id="section-neighbours"') : page.index('id="remarks"')]
    listed = re.findall(r'href="(T\d+)\.html"', section.replace("../teams/", ""))
    assert set(listed) == set(ranks.index) - {"T0003"} and list(ranks[listed]) == sorted(ranks[listed])
    assert section.count('aria-current="true"') == 1
    ways = page[page.index('class="sc ways"') : page.index("</nav>", page.index('class="sc ways"'))]
    pdf = ["pdf"] if (place.first.folder / "pdf").exists() else []
    assert re.findall(r'href="\.\./(\w+)', ways) == ["index", "counties", "units", *pdf]


def test_the_first_three_and_five_above_and_below_are_the_neighbours() -> None:
    from assess_lib.pages.site.team_extras import PageOrder

    ranking = PageOrder.__new__(PageOrder)
    ranking._rows = [{"team_id": f"T{n}"} for n in range(1, 41)]
    ranking._place = {f"T{n}": n - 1 for n in range(1, 41)}
    told = lambda team: [row and int(row["team_id"][1:]) for row in ranking.around(team)]  # noqa: E731
    assert told("T20") == [1, 2, 3, None, *range(15, 26)]
    assert told("T2") == [*range(1, 8)] and told("T9") == [*range(1, 15)]
    assert told("T40") == [1, 2, 3, None, *range(35, 41)]


def test_pages_lead_to_the_pdfs_that_were_made_and_to_no_others(place, tmp_path) -> None:
    """That each of these links resolves is part of the test of all links."""
    linked = lambda page: set(re.findall(r'href="(?:\.\./)?pdf/(\w+)\.pdf"', page))  # noqa: E731
    found = pages(place.first.folder)
    every = {f"T000{n}" for n in range(1, TEAMS + 1)} if (place.first.folder / "pdf").exists() else set()
    assert linked(found["index.html"]) == every
    assert all(linked(found[f"teams/{team}.html"]) == {team} for team in every)
    listed = [linked(page) for name, page in found.items() if name.startswith("counties/")]
    assert set().union(*listed) == every and sum(map(len, listed)) == len(every)
    without = publish(place.run, tmp_path / "without", PublishRequest(pdf=False, jobs=1, draft=True)).folder
    assert not any('.pdf"' in page for page in pages(without).values()) and not (without / "pdf").exists()


def test_counties_and_units_show_their_teams_with_last_year_and_a_heat_map(place) -> None:
    folder = place.first.folder
    teams = pd.read_csv(place.data / "2016" / "teams.csv", dtype=str).set_index("team_id")
    for kind, column in (("counties", "county"), ("units", "unit_id")):
        shown = {}
        for path in (folder / kind).glob("*.html"):
            page = path.read_text("utf-8")
            listed = set(re.findall(r'href="\.\./teams/(\w+)\.html"', page))
            shown[frozenset(listed)] = page
        expected = {frozenset(rows.index) for _, rows in teams.groupby(column)}
        assert set(shown) == expected
        for page in shown.values():
            assert (
                "较上年" in page
                and "上年 " in visible(page)
                and 'class="heat-table"' in page
                and re.search(r'class="s-?\d">', page)
            )


# ---- hostile names, personal data ---------------------------------------------------------------------


UNSEEN = str.maketrans("", "", "\u202e\u2066\u200b\u200d")  # which turn text, or join a picture of others


def test_hostile_names_are_shown_as_they_are_and_become_nothing_else(place) -> None:
    folder, found = place.first.folder, pages(place.first.folder)
    index = visible(found["index.html"])
    for name in (*HOSTILE.values(), UNIT, COUNTY, AREA, UNIT_TYPE):
        assert " ".join(name.translate(UNSEEN).split()) in " ".join(index.split()), name
    for name, page in found.items():
        body = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
        for markup in ("<script>alert", "<img src=x", "<svg onload", "<b>厅", "<i>县", "<b>王五", "<i>正式"):
            assert markup not in body, (name, markup)
    book = openpyxl.load_workbook(folder / "results.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"} and not any(cell.hyperlink for cell in cells)
    texts = {str(cell.value) for cell in cells}
    assert {UNIT, COUNTY, HOSTILE["T0002"], HOSTILE["T0001"]} <= texts
    tables = sorted(folder.rglob("*.csv"))
    assert len(tables) == 7
    for path in tables:
        for cell in pd.read_csv(path, dtype=str, keep_default_na=False).to_numpy().ravel():
            formula = cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"[+-]?[\d.]+", cell)
            assert not formula, (path.name, cell[:40])
    assert not any("vba" in part.lower() for part in zipfile.ZipFile(folder / "circular.docx").namelist())


def text_of_pdf(path: Path) -> str:
    return "".join(pages_of_pdf(path))


def pages_of_pdf(path: Path) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


def everything(path: Path) -> str:
    """All that a file says: text, the parts of packed files, the words of a PDF."""
    data = path.read_bytes()
    if path.suffix in (".zip", ".xlsx", ".docx"):
        return "\n".join(part.decode("utf-8", "replace") for part in _parts(data))
    if path.suffix == ".pdf":
        return text_of_pdf(path) + data.decode("latin-1")
    return data.decode("utf-8", "replace")


def _parts(data: bytes):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            part = packed.read(name)
            yield name.encode()
            if name.endswith((".zip", ".xlsx", ".docx")):
                yield from _parts(part)
            else:
                yield part


def test_no_personal_value_is_in_any_published_byte(place) -> None:
    secrets: set[str] = set()
    for year in ("2015", "2016"):
        people, members = (pd.read_csv(place.data / year / f"{name}.csv", dtype=str) for name in ("persons", "members"))
        cadres = pd.read_csv(place.data / year / "pairings.csv", dtype=str)["cadre_name"]
        secrets |= {*people["id_number"].dropna(), *people["name"].dropna(), *members["name"], *cadres.dropna()}
    secrets = {one for one in secrets if len(one) > 1}
    secrets.add(str(place.data.parent))  # nor a path of the machine it was made on
    assert len(secrets) > 300
    files = [path for path in place.out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".html", ".zip", ".xlsx", ".docx", ".csv", ".json"}
    pattern = re.compile("|".join(map(re.escape, sorted(secrets))))
    kept = {name for names in HOSTILE.values() for name in secrets if name in names}
    for path in files:
        found = set(pattern.findall(everything(path))) - kept
        # a name of two characters may stand in a sentence by chance, but not alone; an ID number or a longer one not at all
        assert {one for one in found if len(one) > 2} == set(), path.name
        text = visible(everything(path)) if path.suffix != ".zip" else ""  # a zip holds the same files again
        alone = [one for one in found if re.search(rf"(?<![\u4e00-\u9fff]){one}(?![\u4e00-\u9fff])", text)]
        assert alone == [], path.name


def hexadecimal(text: str, length: int) -> set[str]:
    """Every part of a text that is so many hexadecimal digits: looked up for thousands of digests, of which each would be
    sought in many megabytes."""
    runs = re.findall(f"[0-9a-f]{{{length},}}", text)
    return {run[start : start + length] for run in runs for start in range(len(run) - length + 1)}


def test_nothing_is_published_against_which_a_value_could_be_tried(place) -> None:
    """No digest of rows, by which health, category or income of anybody is found, and none of a name of file or person."""
    published = "\n".join(
        [path.name + everything(path) for path in place.out.rglob("*") if path.is_file() and path.suffix != ".zip"]
    )
    parts = {length: hexadecimal(published, length) for length in (10, 16)}
    assert place.first.folder.joinpath("manifest.sha256").read_text("utf-8")[5:15] in parts[10]
    for year in (2015, 2016):
        lines = input_digests(load_data(place.data, year))
        assert len(lines) > 100
        assert lines["digest"].str.fullmatch("[0-9a-f]{16}").all()
        assert not [one for one in lines["digest"] if one in parts[16]]
        assert not [one for one in lines["marks"] if len(one) > 5 and one in published]
        people = pd.read_csv(place.data / str(year) / "persons.csv", dtype=str)
        tried = [*people["name"].dropna(), *people["id_number"].dropna(), *people["person_id"]]
        tried += [path.name for path in (place.data / str(year)).iterdir()]
        digests = {hashlib.sha256(text.encode()).hexdigest()[:10] for text in tried}
        assert not [one for one in digests if one in parts[10]]
    kept = place.data / ".row-digests"
    assert kept.stat().st_mode & 0o777 == 0o700 and len(list(kept.glob("*.csv"))) == 2


# ---- documents ----------------------------------------------------------------------------------------


def test_the_circular_says_what_the_results_say(place) -> None:
    folder = place.first.folder
    text = visible((folder / "circular.html").read_text("utf-8"))
    document = Document(str(folder / "circular.docx"))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    scores = pd.read_csv(folder / "scores.csv")
    total = scores["total"]
    counties = pd.read_csv(place.data / "2016" / "teams.csv", dtype=str).set_index("team_id")["county"]
    means = scores.set_index("team_id")["total"].groupby(counties).mean()
    best, worst = means.idxmax(), means.idxmin()
    for said in (text, words):
        assert f"{TEAMS} 支工作队进行了 2016 年度考核" in said
        assert (
            f"最高 {total.max():.2f} 分，最低 {total.min():.2f} 分" in said
            and f"平均总分 {total.mean() + 1e-9:.2f} 分" in said
        )
        assert "1 支工作队的 1 项得分经过复核调整" in said and "名额" in said
        assert f"较高的是{best}（" in said and f"较低的是{worst}（" in said
    lists = json.loads((folder / "record" / "lists.json").read_text("utf-8"))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    named = {row[0] for table in tables for row in table[1:]} | {row[1] for table in tables for row in table[1:]}
    for unit in lists["units"]:
        assert unit["name"] in named
    for one in lists["rectification"]:
        assert one["name"] in named and one["deadline"] == "2017-06-30"
    dates = publish_day(place)
    assert "2017年1月20日" in dates and "年　　月" not in dates


def publish_day(place) -> str:
    from assess_lib.pages.documents.circular import circular
    from assess_lib.records.record import read_record

    return circular(read_record(place.first.folder), "zh", date(2017, 1, 20)).day


def test_headings_of_tables_are_repeated_in_the_document_and_pages_numbered(place) -> None:
    with zipfile.ZipFile(place.first.folder / "circular.docx") as packed:
        body, footer = packed.read("word/document.xml").decode(), packed.read("word/footer1.xml").decode()
    assert (
        body.count("<w:tblHeader") == body.count("<w:tbl>") > 0
        and "PAGE" in footer
        and 'w:eastAsia="仿宋"' in packed_styles(place)
    )


def packed_styles(place) -> str:
    with zipfile.ZipFile(place.first.folder / "circular.docx") as packed:
        return packed.read("word/styles.xml").decode()


def test_the_workbook_has_numbers_that_can_be_added_up_and_is_ready_for_paper(place) -> None:
    folder = place.first.folder
    book = openpyxl.load_workbook(folder / "results.xlsx")
    assert book.sheetnames[:2] == ["总表", "指标得分"] and "考核细则" in book.sheetnames
    teams = book["总表"]
    heads = [cell.value for cell in teams[2]]  # below the line that says that it is a draft
    scores = pd.read_csv(folder / "scores.csv").set_index("team_id")
    for row in teams.iter_rows(min_row=3, values_only=True):
        told = dict(zip(heads, row))
        assert told["总分"] == scores.at[told["编号"], "total"] and told["名次"] == scores.at[told["编号"], "rank"]
        parts = [part for part in row[-4:] if part != "不适用"]
        assert round(sum(parts), 2) == told["总分"] and all(isinstance(part, float | int) for part in parts)
    points = book["指标得分"]
    for row in points.iter_rows(min_row=2, values_only=True):
        assert round(sum(value for value in row[3:] if value is not None), 2) == row[2]
    for sheet in book:
        assert (
            sheet.freeze_panes
            and sheet.auto_filter.ref
            and sheet.print_title_rows == ("$2:$2" if sheet is teams else "$1:$1")
            and sheet.page_setup.paperSize == 9
        )
    rules = book["考核细则"]
    assert sum(row[4] for row in rules.iter_rows(min_row=2, values_only=True)) == pytest.approx(100)


def test_a_pdf_has_the_words_of_its_page_on_numbered_a4(place) -> None:
    import pypdfium2

    if not (place.first.folder / "pdf").exists():
        pytest.skip("no Pango here")
    total = pd.read_csv(place.first.folder / "scores.csv").set_index("team_id")["total"]
    for path in sorted((place.first.folder / "pdf").glob("*.pdf"))[4:6]:
        told = pages_of_pdf(path)
        assert f"{total[path.stem]:.2f}" in told[0] and all(
            f"{n} / {len(told)}" in page for n, page in enumerate(told, start=1)
        )
        assert sum("指标明细" in page for page in told) == 1
        assert sum("目标值" in page and "对中位数" in page for page in told) >= 2, (
            "the heading of the table on each of its pages"
        )
        assert not any("审阅意见" in page or "显示计算代码" in page for page in told)
        with pypdfium2.PdfDocument(path) as document:
            assert [round(side) for side in document[0].get_size()] == [595, 842]


# ---- proof --------------------------------------------------------------------------------------------


def test_an_edition_is_whole_and_the_data_give_the_same_results(place) -> None:
    verdict = verify(place.first.folder, place.data)
    assert verdict.good and verdict.recomputed and verdict.count > 30 and verdict.later == 0
    done = command("verify", place.out, "--data", place.data)
    assert done.exit_code == 0 and "逐字节相同" in done.output
    zipped = command("verify", place.first.archive)
    assert zipped.exit_code == 0 and "文件完整" in zipped.output


def test_the_manifest_can_be_checked_without_the_program(place) -> None:
    folder = place.first.folder
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in told["files"]} == told["files"]
    seal = (folder / "manifest.sha256").read_text("utf-8").split()
    if shutil.which("sha256sum"):
        assert subprocess.run(["sha256sum", "--quiet", "-c", "manifest.sha256"], cwd=folder).returncode == 0
        assert subprocess.run(["sha256sum", "--quiet", "-c", f"{EDITION}.zip.sha256"], cwd=place.out).returncode == 0
    assert seal == [hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest(), "manifest.json"]
    assert (told["year"], told["edition"], told["before"]) == (2016, 1, None)
    assert told["inputs"]["ledger"]["entries"] == 1 and "2016/teams.csv" in told["inputs"]["data"]["files"]


def test_one_changed_byte_anywhere_is_found(mine) -> None:
    folder = mine.out / EDITION
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    kinds = {(path.parent.name, path.suffix): path for path in files}  # one of every kind of file in every folder
    assert len(kinds) > 10
    for path in kinds.values():
        before = path.read_bytes()
        path.write_bytes(
            before[: len(before) // 2] + bytes([before[len(before) // 2] ^ 1]) + before[len(before) // 2 + 1 :]
        )
        try:
            flaws = verify(folder).flaws
            assert [flaw.name for flaw in flaws] and path.relative_to(folder).as_posix() in {
                flaw.name for flaw in flaws
            } | {"manifest.sha256"}
        except UnusableInput as refused:
            assert path.name == "manifest.json" and refused.faults[0].key == "publish.manifest"
        path.write_bytes(before)
    assert verify(folder).good
    archive, seal = mine.out / f"{EDITION}.zip", mine.out / f"{EDITION}.zip.sha256"
    packed = archive.read_bytes()
    for place in (30, len(packed) // 2, len(packed) - 30):
        archive.write_bytes(packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :])
        assert command("verify", archive).exit_code != 0
        beside = command("verify", mine.out)
        assert beside.exit_code == 1 and f"文件被改动：../{EDITION}.zip" in beside.output
    archive.write_bytes(packed)
    told = seal.read_text("utf-8")
    seal.write_text("x" + told[1:], "utf-8")
    assert command("verify", mine.out).exit_code == 1
    seal.unlink()
    assert f"文件缺失：../{EDITION}.zip.sha256" in command("verify", mine.out).output
    archive.unlink()
    assert command("verify", mine.out).exit_code == 0, "a folder without its zip is whole, as on a USB stick"
    shutil.move(folder / "teams" / "T0001.html", folder / "teams" / "T0009.html")
    done = command("verify", folder)
    assert (
        done.exit_code == 1
        and "文件缺失：teams/T0001.html" in done.output
        and "多出的文件：teams/T0009.html" in done.output
    )
    (folder / "points.csv").write_text("nothing\n", "utf-8")
    done = command("verify", folder, "--data", mine.data, "--out", mine.out.parent / "told")
    assert done.exit_code == 1 and "文件被改动：points.csv" in done.output, "told also where nothing can be compared"
    assert "文件被改动：points.csv" in (mine.out.parent / "told" / "verify.txt").read_text("utf-8")


def test_one_changed_input_row_is_found_and_named_with_what_it_moves(mine) -> None:
    visits = pd.read_csv(mine.data / "2016" / "diaries.csv", dtype=str, keep_default_na=False)
    gone = visits.iloc[2]
    visits.drop(index=2).to_csv(mine.data / "2016" / "diaries.csv", index=False)
    team = (
        pd.read_csv(mine.data / "2016" / "members.csv", dtype=str)
        .set_index("member_id")
        .at[gone["member_id"], "team_id"]
    )
    done = command("verify", mine.out / EDITION, "--data", mine.data)
    assert done.exit_code == 1 and "数据文件与发布时不同：2016/diaries.csv" in done.output
    assert f"2016 年发布时有的 1 行不见了或已改：民情日记（{team}）" in done.output
    visits.loc[2, "day"] = "2016-12-31" if gone["day"] != "2016-12-31" else "2016-12-30"
    visits.to_csv(mine.data / "2016" / "diaries.csv", index=False)
    done = command("verify", mine.out / EDITION, "--data", mine.data)
    assert done.exit_code == 1 and f"member_id={gone['member_id']}, day={visits.loc[2, 'day']}" in done.output
    homes = pd.read_csv(mine.data / "2016" / "villages.csv", dtype=str, keep_default_na=False)
    homes.loc[0, "is_poor"] = "false" if homes.loc[0, "is_poor"] != "false" else "true"
    homes.to_csv(mine.data / "2016" / "villages.csv", index=False)
    earlier = mine.data / "2015" / "fund_flows.csv"
    flows = pd.read_csv(earlier, dtype=str, keep_default_na=False)
    flows.loc[3, "amount_yuan"] = "7"
    flows.to_csv(earlier, index=False)
    verdict = verify(mine.out / EDITION, mine.data)
    assert [row.key for row in verdict.rows if row.key and row.year == 2015] == [f"flow_id={flows.loc[3, 'flow_id']}"]
    assert {(row.table, row.key) for row in verdict.rows if row.key and row.table == "villages"} == {
        ("villages", f"village_id={homes.loc[0, 'village_id']}")
    }


def test_what_was_entered_since_does_not_count_and_a_lost_ledger_does(mine) -> None:
    open_review(mine.data, 2016).judge("points", "T0003", "safe_water", "李四", "后来发现的情况", becomes="0")
    verdict = verify(mine.out / EDITION, mine.data)
    assert verdict.good and verdict.later == 1
    (mine.data / "reviews" / "ledger.sqlite").unlink()
    verdict = verify(mine.out / EDITION, mine.data)
    assert not verdict.good and verdict.ledger and "adjustments.csv" in verdict.results
    assert [move.team_id for move in verdict.difference.teams if move.indicators] == ["T0002"]


def test_another_program_that_finds_the_same_says_that_it_is_another(mine, monkeypatch) -> None:
    from assess_lib.runs import recomputing

    assert not verify(mine.out / EDITION, mine.data).program
    another = current_program().model_copy(update={"code": "another"})
    monkeypatch.setattr(recomputing, "current_program", lambda: another)
    verdict = verify(mine.out / EDITION, mine.data)
    assert verdict.good and verdict.program


def test_a_signature_holds_for_the_key_of_the_office_alone(mine) -> None:
    keys = mine.data.parent / "keys"
    for name in ("office", "other"):
        done = command("key", "--out", keys / f"{name}.pem")
        assert done.exit_code == 0 and (keys / f"{name}.pem").stat().st_mode & 0o077 == 0
    assert command("key", "--out", keys / "office.pem").exit_code == 2, "a key is never overwritten"
    done = command(
        "publish", mine.run, "--out", mine.out.parent / "signed", "--no-pdf", "--key", keys / "office.pem", "--jobs", 1
    )
    assert done.exit_code == 0, done.output
    folder = mine.out.parent / "signed" / EDITION
    assert len((folder / "manifest.sig").read_bytes()) == 64
    if shutil.which("openssl"):  # what the documentation says to those who have not this program
        asked = [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            keys / "office.pub.pem",
            "-rawin",
            "-in",
            folder / "manifest.json",
            "-sigfile",
            folder / "manifest.sig",
        ]
        assert "Verified Successfully" in subprocess.run(asked, capture_output=True, text=True).stdout
    assert command("verify", folder, "--key", keys / "office.pub.pem").exit_code == 0
    beside = command("verify", folder)
    assert beside.exit_code == 0 and "请与机关公布的指纹核对" in beside.output
    other = command("verify", folder, "--key", keys / "other.pub.pem")
    assert other.exit_code == 1 and "签名无效" in other.output
    unsigned = command("verify", mine.out / EDITION, "--key", keys / "office.pub.pem")
    assert unsigned.exit_code == 1 and "没有签名" in unsigned.output
    later = command("publish", mine.run, "--out", mine.out, "--no-pdf", "--key", keys / "office.pem")
    assert later.exit_code == 0 and "已为这一版签名" in later.output and not (mine.out / "2016-edition-2").exists()
    for signed in (mine.out, mine.out / f"{EDITION}.zip"):
        done = command("verify", signed, "--key", keys / "office.pub.pem")
        assert done.exit_code == 0 and "签名有效" in done.output
    (mine.out / EDITION / "manifest.sig").write_bytes(bytes(64))
    assert "manifest.sig" in refused(mine, out=mine.out), "an edition with a false signature has no next one"
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"edition": 1', '"edition": 1 '), "utf-8")
    assert "签名无效" in command("verify", folder, "--key", keys / "office.pub.pem").output
    assert command("verify", folder, "--key", keys / "office.pem").exit_code == 2, "a private key is not a public one"


def test_no_archive_carries_the_time_at_which_it_was_made(place) -> None:
    for path in (place.first.archive, *place.first.folder.glob("*.docx"), *place.first.folder.glob("*.xlsx")):
        with zipfile.ZipFile(path) as packed:
            assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}, path.name


def test_the_same_run_gives_the_same_bytes(place, tmp_path, monkeypatch) -> None:
    pdf = (place.first.folder / "pdf").exists()
    one = lambda pairs, jobs, tell: [pdfs.write_pdf(pair) for pair in pairs if pair[0].stem == "T0006"]  # noqa: E731
    monkeypatch.setattr(editions, "write_pdfs", one)
    asked = PublishRequest(note="首次发布 <i>正式</i>", pdf=pdf, jobs=1, draft=True)
    again = publish(place.run, tmp_path / "again", asked)
    made = [path for path in again.folder.rglob("*") if path.is_file() and not path.name.startswith("manifest")]
    assert len(made) > 25 and pdf == any(path.name == "T0006.pdf" for path in made)
    for path in made:
        assert path.read_bytes() == (place.first.folder / path.relative_to(again.folder)).read_bytes(), path.name


def test_a_run_can_be_verified_before_it_is_published(mine) -> None:
    good = command("verify", mine.run, "--data", mine.data)
    assert good.exit_code == 0 and "尚未发布" in good.output and "逐字节相同" in good.output
    (mine.run / "teams" / "T0002.html").write_text("<p>另一页</p>", "utf-8")
    scores = mine.run / "scores.csv"
    scores.write_text(scores.read_text("utf-8").replace("T0003,2016,", "T0003,2016,1"), "utf-8")
    done = command("verify", mine.run, "--data", mine.data)
    assert (
        done.exit_code == 1
        and "文件被改动：teams/T0002.html" in done.output
        and "重算结果不同：scores.csv" in done.output
    )


# ---- editions -----------------------------------------------------------------------------------------


def test_later_changes_make_a_new_edition_that_says_what_and_why(mine) -> None:
    same = command("publish", mine.run, "--out", mine.out, "--no-pdf")
    assert same.exit_code == 0 and "没有另出新版" in same.output and not (mine.out / "2016-edition-2").exists()
    before = {path: path.read_bytes() for path in (mine.out / EDITION).rglob("*") if path.is_file()}
    open_review(mine.data, 2016).judge("points", "T0003", "safe_water", "李四", "村里新打了井", becomes="0")
    stale = command("publish", mine.run, "--out", mine.out, "--no-pdf", "--data", mine.data)
    assert stale.exit_code == 0 and not (mine.out / "2016-edition-2").exists(), "the run is what is published"
    assert not run_year(mine.data, 2016, mine.run, jobs=1).failed
    done = command(
        "publish", mine.run, "--out", mine.out, "--no-pdf", "--data", mine.data, "--note", "更正", "--jobs", 1
    )
    assert done.exit_code == 0 and "第 2 版" in done.output and "村里新打了井" in done.output, done.output
    folder = mine.out / "2016-edition-2"
    changes = visible((folder / "changes.html").read_text("utf-8"))
    assert "第 2 版对第 1 版的变更" in changes and "更正" in changes and "村里新打了井" in changes
    rows = pd.read_csv(folder / "changes.csv", dtype=str)
    assert list(rows.loc[rows["indicator"] == "safe_water", "team_id"]) == ["T0003"]
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert told["before"] == {
        "edition": 1,
        "manifest": hashlib.sha256((mine.out / EDITION / "manifest.json").read_bytes()).hexdigest(),
    }
    assert {path: path.read_bytes() for path in (mine.out / EDITION).rglob("*") if path.is_file()} == before
    assert command("verify", mine.out, "--data", mine.data).exit_code == 0, "both editions, each by its own entries"
    told = command("diff", mine.out / EDITION, folder, "--out", mine.out.parent / "diff")
    assert (
        told.exit_code == 1 and "村里新打了井" in told.output and (mine.out.parent / "diff" / "changes.html").is_file()
    )
    assert "右至左" in told.output and "\u202e" not in told.output, "a name does not steer the terminal"


def test_only_pdfs_of_pages_that_changed_are_made_again(mine, monkeypatch) -> None:
    first = mine.out / EDITION / "pdf"
    if not first.exists():
        pytest.skip("no Pango here")
    open_review(mine.data, 2016).judge("confirm", "T0003", "safe_water", "李四", "到村看过，无误")
    assert not run_year(mine.data, 2016, mine.run, jobs=1).failed
    made = []

    def told(pairs, jobs, tell):
        for page, pdf in pairs:
            made.append(page.stem)
            pdf.write_bytes(b"%PDF")

    monkeypatch.setattr(editions, "write_pdfs", told)
    second = publish(mine.run, mine.out, PublishRequest(jobs=1, draft=True)).folder
    assert made == ["T0003"]
    for path in first.glob("*.pdf"):
        assert path.stem == "T0003" or (second / "pdf" / path.name).read_bytes() == path.read_bytes()


def test_an_edition_says_its_stage_and_what_of_the_data_was_not_used(place) -> None:
    from types import SimpleNamespace

    provenance = SimpleNamespace(data=SimpleNamespace(rows_set_aside=3, lost_teams=("T0007", "T0008")))
    scores = pd.DataFrame({"stage": ["final", "first", "final"]})
    notes = editions._notes(SimpleNamespace(scores=scores, provenance=provenance), 2, "zh")
    assert (
        notes[0] == "第 2 版 · 3 支工作队 · 阶段：初评 1 支、定稿 2 支"
        and "3 行" in notes[1]
        and "T0007、T0008" in notes[2]
    )
    index = visible((place.first.folder / "index.html").read_text("utf-8"))
    assert f"第 1 版 · {TEAMS} 支工作队 · 阶段：初评 {TEAMS} 支" in index and "首次发布 <i>正式</i>" in index


def test_a_file_that_is_named_like_a_person_is_told_by_a_digest(mine) -> None:
    from assess_lib.records.record import public_names
    from assess_lib.tables.input_files import file_digest

    (mine.data / "2016" / "张三的表.xlsx").write_bytes(b"x")
    folder = mine.data / "2016"
    names = public_names({path.name: file_digest(path) for path in folder.iterdir()}).values()
    assert "diaries.csv" in names and not any("张三" in name for name in names)
    assert sum(name.startswith("file-") and name.endswith(".xlsx") for name in names) == 1
    (mine.data / "2016" / "张三的表.xlsx").unlink()


def refused(mine, *more, out: Path | None = None) -> str:
    out = out or mine.out.parent / "new"
    there = set(out.rglob("*")) if out.exists() else set()
    done = command("publish", mine.run, "--out", out, "--no-pdf", *more)
    assert done.exit_code == 2, done.output
    assert {path for path in out.rglob("*") if path.name != ".run.lock"} == {
        path for path in there if path.name != ".run.lock"
    }
    return done.output


def test_a_run_that_is_not_whole_is_not_published(mine) -> None:
    page = mine.run / "teams" / "T0002.html"
    text = page.read_text("utf-8")
    page.write_text(text.replace("优秀", "良好") + " ", "utf-8")
    assert "T0002.html" in refused(mine)
    page.unlink()
    assert "T0002.html" in refused(mine)
    page.write_text(text, "utf-8")
    expected = mine.run / "record" / "pages.json"
    expected.write_text(expected.read_text("utf-8").replace('"T0004": "', '"T0004": "0'), "utf-8")
    assert "T0004.html" in refused(mine) and "assess run" in refused(mine)
    shutil.rmtree(mine.run / "record")
    assert "没有年度考核的结果记录" in refused(mine)


def test_data_that_give_other_results_are_not_published(mine) -> None:
    table = mine.data / "2016" / "diaries.csv"
    table.write_text("\n".join(table.read_text("utf-8").splitlines()[:-40]) + "\n", "utf-8")
    told = refused(mine, "--data", mine.data)
    assert "points.csv" in told and "2016/diaries.csv" in told


def test_an_edition_that_was_altered_or_is_of_another_year_stops_the_next(mine) -> None:
    page = mine.out / EDITION / "index.html"
    text = page.read_bytes()
    page.write_bytes(text + b" ")
    assert "index.html" in refused(mine, out=mine.out)
    page.write_bytes(text)
    manifest = mine.out / EDITION / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"year": 2016', '"year": 2015'), "utf-8")
    assert "2015" in refused(mine, out=mine.out)


@pytest.mark.parametrize(
    "missing, told",
    [
        (OSError("cannot load library 'libpango-1.0-0'"), "libpango"),
        (ModuleNotFoundError("No module named 'weasyprint'"), "constraints/pdf.txt"),
    ],
)
def test_without_weasyprint_or_pango_the_way_out_is_told_before_anything_is_written(
    mine, monkeypatch, missing, told
) -> None:
    import builtins

    real = builtins.__import__

    def without(name, *args, **more):
        if name == "weasyprint":
            raise missing
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    done = command("publish", mine.run, "--out", mine.out.parent / "new")
    assert done.exit_code == 2 and told in done.output and "--no-pdf" in done.output
    assert not (mine.out.parent / "new").exists()


def test_a_disk_that_fails_in_the_middle_leaves_nothing_half_published(mine, monkeypatch) -> None:
    def full(*_):
        raise OSError(28, "No space left on device", "results.xlsx")

    for step in ("write_results_book", "write_archive"):
        with monkeypatch.context() as patched:
            patched.setattr(editions, step, full)
            done = command("publish", mine.run, "--out", mine.out.parent / "new", "--no-pdf", "--jobs", 1)
        assert done.exit_code == 2 and "results.xlsx" in done.output
        assert [path.name for path in (mine.out.parent / "new").iterdir()] == [".run.lock"], step


@pytest.mark.parametrize("wrong", ["nowhere", "data"])
def test_what_is_no_run_and_no_edition_is_refused_in_words(mine, wrong) -> None:
    place = mine.data.parent / wrong
    for words in (("publish", place, "--out", place / "x"), ("verify", place), ("diff", place, mine.run)):
        done = command(*words)
        assert done.exit_code == 2 and "Traceback" not in done.output and str(place) in done.output
