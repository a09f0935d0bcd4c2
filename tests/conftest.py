"""Shared by all tests: the sample's assessments, made once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "docs")]


@pytest.fixture(scope="session")
def sample_years():
    from support.situations import SAMPLE

    from assess_lib import load_years

    return load_years(SAMPLE, 2016)


def pytest_addoption(parser) -> None:
    parser.addoption("--all-faults", action="store_true", help="inject every fault into runs, not a selection")


def pytest_generate_tests(metafunc) -> None:
    """Seeds of killed runs: each victim once, or 24 of them."""
    if "seed" in metafunc.fixturenames and metafunc.module.__name__.endswith("test_injected_faults"):
        metafunc.parametrize("seed", range(24 if metafunc.config.getoption("--all-faults") else 4))


@pytest.fixture(scope="session")
def published_place(tmp_path_factory):
    """A published province with hostile names; with PDF where the machine has Pango. Tests of one group share it."""
    from support.published import published

    from assess_lib.faults import UnusableInput
    from assess_lib.publishing.pdf import check_renderer

    try:
        check_renderer()
        pdf = True
    except UnusableInput:
        pdf = False
    return published(tmp_path_factory.mktemp("published"), pdf)
