"""Shared by all tests: the sample's assessments, made once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def sample_years():
    from support.situations import SAMPLE

    from assess_lib import load_years

    return load_years(SAMPLE, 2016)
