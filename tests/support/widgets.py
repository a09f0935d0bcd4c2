"""The workbench without a browser, on a copy of the sample."""

from __future__ import annotations

import shutil
from pathlib import Path

from assess_lib.workbench.app import Workbench
from support.situations import SAMPLE

WHY = "县统计局更正了数据"


def workbench_on_sample(folder: Path) -> Workbench:
    """A workbench with 2016 open, on a copy of the sample in a folder that is not there yet."""
    made = Workbench(shutil.copytree(SAMPLE, folder), 2016)
    made.load(2016)
    assert made.ready, made.notice.value
    return made
