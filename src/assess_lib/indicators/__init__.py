"""The measures: one module per focal point, in their order; loading the package fills the register."""

from assess_lib.indicators import team_performance  # noqa: F401, I001
from assess_lib.indicators import fund_use  # noqa: F401
from assess_lib.indicators import unit_support  # noqa: F401
from assess_lib.indicators import household_pairing  # noqa: F401
