"""No way of writing a table changes a value without a word: it is read as what it means, or told where it stands."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from bad_input.files import rows_of, write_rows
from misread.odd_places import ODD_PLACES
from misread.variants import DIFFERS, READ, Variant, in_sheet
from misread.variants import VARIANTS as USUAL

from assess_lib.faults import NOTE, Fault
from assess_lib.tables.checks.cells import check_cells
from assess_lib.tables.checks.locating import faults_of
from assess_lib.tables.parsed import parse_table
from assess_lib.tables.read_files import read_files
from assess_lib.tables.year_files import TableFile

pytestmark = pytest.mark.slow

YEAR = 2016
VARIANTS = [*USUAL, *ODD_PLACES]


def taken(path: Path, table: str) -> tuple[pd.DataFrame | None, list[Fault]]:
    """The values of a table in a file, and what is told of them."""
    named = path.rename(path.with_stem(table)) if path.suffix == ".csv" else path
    raw, faults = read_files([TableFile(named)])
    if table not in raw:
        return None, faults
    parsed = parse_table(table, raw[table])
    found = [*parsed.unreadable, *check_cells(parsed, YEAR)]
    return parsed.frame.reset_index(drop=True), [*faults, *faults_of(found, raw)]


@pytest.fixture(scope="module")
def clean(three_teams, tmp_path_factory) -> dict[str, tuple[list[list[str]], pd.DataFrame]]:
    """By table, its cells with the heading first, and what is read of them."""
    found = {}
    for table in {variant.table for variant in VARIANTS}:
        rows = rows_of(three_teams / str(YEAR), table)[:60]
        frame, told = taken(write_rows(tmp_path_factory.mktemp(table), table, rows), table)
        assert frame is not None and not told, "the clean table is clean"
        found[table] = rows, frame
    return found


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_it_is_read_as_it_is_meant_or_told(variant: Variant, clean, tmp_path) -> None:
    rows, wanted = clean[variant.table]
    frame, told = taken(variant.write(rows, tmp_path), variant.table)
    loud = [fault for fault in told if fault.severity != NOTE]
    for fault in told:
        assert fault.text("zh").isprintable() and fault.text("en").isprintable()
    if variant.key == READ:
        assert not loud, [fault.text("en") for fault in loud]
        pd.testing.assert_frame_equal(frame[list(wanted.columns)], wanted)
    elif variant.key == DIFFERS:  # a text that is another, in rows that are the same
        assert not loud, [fault.text("en") for fault in loud]
        keys = [column for column in wanted.columns if column != "entry"]
        pd.testing.assert_frame_equal(frame[keys], wanted[keys])
    else:
        assert variant.key in {fault.key for fault in loud}, [fault.text("en") for fault in told]


@pytest.mark.slow
def test_two_ways_at_once_change_nothing_without_a_word(clean, tmp_path, pytestconfig) -> None:
    """The heart of it: whatever two ways meet in one sheet, its values are the clean ones, or something is told."""
    rows, wanted = clean["fund_flows"]
    ways = [variant for variant in VARIANTS if variant.table == "fund_flows" and hasattr(variant.write, "how")]
    draw, silent = random.Random(pytestconfig.getoption("--pairs-seed")), []
    for number in range(pytestconfig.getoption("--pairs")):
        one, other = draw.sample(ways, 2)
        if one.of_unit and other.of_unit or (one.write.named and other.write.named):
            continue
        folder = tmp_path / str(number)
        folder.mkdir()

        def both(sheet, cells, one=one, other=other) -> None:
            one.write.how(sheet, cells)
            other.write.how(sheet, cells)

        try:
            path = in_sheet("fund_flows", both, one.write.named or other.write.named)(rows, folder)
        except (TypeError, ValueError):  # two ways that cannot both be: a text divided by 10 000
            continue
        frame, told = taken(path, "fund_flows")
        if not any(fault.severity != NOTE for fault in told) and not (
            frame is not None and frame[list(wanted.columns)].equals(wanted)
        ):
            silent.append((one.name, other.name))
    assert not silent
