"""1 工作队帮扶绩效: village results, household results, work measures, daily management."""

from assess_lib.indicators.team_performance import (  # noqa: F401
    village_results,
    household_results,
    work_measures,
    daily_management,
)
