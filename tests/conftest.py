"""Shared by all tests: the sample's assessments, made once."""

from __future__ import annotations

import gc
import shutil
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "docs")]


@pytest.fixture(scope="session")
def sample_years(tmp_path_factory):
    from filelock import FileLock
    from support.shared import base_folder
    from support.situations import SAMPLE

    from assess_lib import load_years

    with FileLock(base_folder(tmp_path_factory) / "sample_years.lock"):  # the first one keeps them beside the data
        return load_years(SAMPLE, 2016)


@pytest.fixture(scope="session")
def three_teams(tmp_path_factory) -> Path:
    """The data of 2016 of three teams, without a fault; nobody changes them."""
    from support.shared import shared

    from assess_lib.sample.dataset import write_sample

    return shared(tmp_path_factory, "three_teams", lambda home: write_sample(home, 3, 5, [2016]))


@pytest.fixture
def home(three_teams, tmp_path) -> Path:
    """The folder of the year of a copy of these data, to be spoilt."""
    return Path(shutil.copytree(three_teams / "2016", tmp_path / "data" / "2016"))


@pytest.fixture(scope="module")
def same_files_read_once():
    """For a module whose cases spoil one file each: the others are read once. Not where reading itself is proved."""
    from support import reread

    with reread.same_files_read_once():
        yield


@pytest.fixture(scope="module")
def same_years_loaded_once():
    """For a module whose cases assess, publish or verify the same data: its tables are checked once."""
    from support import reread

    with reread.same_years_loaded_once():
        yield


@pytest.fixture(scope="module")
def fresh():
    """Processes with nothing but the program in memory, for what is measured."""
    from support.fresh import fresh_processes

    with fresh_processes() as found:
        yield found


# What takes longest on one process, the longest first. It begins at once, so that none is left over for one of them at the end.
CHAINS = ("test_browser", "test_site_browser", "test_publish", "test_golden", "test_injected_faults", "test_cluster")


LONGEST_NAME = 200


def pytest_configure(config) -> None:
    """Processes take tests in the order below, and not by how many of them make a group.

    They look seldom for objects that only hold each other: with all modules of the program and the tests it takes long.
    """
    config.option.loadscopereorder = False
    gc.set_threshold(50_000, 20, 20)


def pytest_make_parametrize_id(val) -> str | None:
    """A text of a megabyte gives no name of a megabyte, which every process would be told with every step."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_NAME:
        return f"{str(val[:20])}-and-so-on-{len(val)}"
    return None


def pytest_collection_modifyitems(items) -> None:
    """The long chains first, then other slow tests, then the many quick ones, which fill what time is left."""

    def turn(item) -> tuple[bool, int]:
        name = item.module.__name__.split(".")[-1]
        quick = not (item.get_closest_marker("slow") or item.get_closest_marker("browser"))
        return quick, CHAINS.index(name) if name in CHAINS else len(CHAINS)

    items.sort(key=turn)


def pytest_addoption(parser) -> None:
    parser.addoption("--all-faults", action="store_true", help="inject every fault into runs, not a selection")
    parser.addoption("--pairs", type=int, default=200, help="random pairs of ways to write a table that are tried")
    parser.addoption("--pairs-seed", type=int, default=2016, help="which pairs")


def pytest_generate_tests(metafunc) -> None:
    """Seeds of killed runs, four for each run that is continued: 12 kills, each kind of process at least twice, or 4."""
    if "seeds" in metafunc.fixturenames and metafunc.module.__name__.endswith("test_injected_faults"):
        chains = 3 if metafunc.config.getoption("--all-faults") else 1
        of_each = [tuple(range(first, 4 * chains, chains)) for first in range(chains)]
        metafunc.parametrize("seeds", of_each, ids=lambda seeds: "-".join(map(str, seeds)))


@pytest.fixture(scope="session")
def published_place(tmp_path_factory):
    """A published province with hostile names; with PDF where the machine has Pango."""
    from support.published import published
    from support.shared import shared

    from assess_lib.faults import UnusableInput
    from assess_lib.publishing.pdf import check_renderer

    try:
        check_renderer()
        pdf = True
    except UnusableInput:
        pdf = False
    return shared(tmp_path_factory, "published", lambda home: published(home, pdf))


@pytest.fixture
def shown(monkeypatch):
    """What the sections display, as notebook outputs."""
    import nbformat
    from IPython.core.formatters import DisplayFormatter

    from assess_lib.pages import scorecard_sections, summary_sections

    outputs, formatter = [], DisplayFormatter()

    def display(*objects):
        for thing in objects:
            data, metadata = formatter.format(thing)
            outputs.append(nbformat.v4.new_output("display_data", data, metadata=metadata))

    monkeypatch.setattr(scorecard_sections, "display", display)
    monkeypatch.setattr(summary_sections, "display", display)
    return outputs
