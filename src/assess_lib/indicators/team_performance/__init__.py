"""1 工作队帮扶绩效: village results, household results, work measures, daily management."""

from assess_lib.indicators.team_performance import village_results  # noqa: F401, I001
from assess_lib.indicators.team_performance import household_results  # noqa: F401
from assess_lib.indicators.team_performance import work_measures  # noqa: F401
from assess_lib.indicators.team_performance import daily_management  # noqa: F401
