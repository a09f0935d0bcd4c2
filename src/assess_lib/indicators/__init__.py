"""The measures: one module per focal point; loading the package fills the register."""

from assess_lib.indicators import (  # noqa: F401
    team_performance,
    fund_use,
    unit_support,
    household_pairing,
)
