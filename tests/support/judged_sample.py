"""The sample with a review."""

from __future__ import annotations

from pathlib import Path

from assess_lib.ledger.store import Ledger
from assess_lib.review.acts import ReviewSession
from assess_lib.scoring.assessment import Assessment


def judged_sample(result: Assessment, folder: Path) -> Assessment:
    """A value, points, and an exclusion of three teams. Parameters: ``folder`` that gets the ledger."""
    review = ReviewSession(result, Ledger(folder / "l.sqlite"))
    review.judge("value", "T0003", "fund_benefit", "张三", "审计更正了金额", becomes="0.02")
    review.judge("points", "T0005", "attendance_days", "张三", "考勤机损坏，按日志计", becomes="1.23")
    review.judge("exclude", "T0007", "road_hardening", "张三", "本村无此任务")
    return review.result
