"""assess: the yearly assessment of village work teams.

The verbs of an evaluator at a notebook::

    from assess_lib import load_rubric, load_data, assess, open_scorecard, compare
    card = open_scorecard("T0001", 2016, data="data/sample")
"""

from assess_lib.api import load_data, load_rubric, load_years, open_scorecard
from assess_lib.faults import Fault, UnusableInput
from assess_lib.scorecard.comparison import compare_team as compare
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scoring.assessment import Assessment, assess
from assess_lib.version import VERSION as __version__

__all__ = [
    "Assessment",
    "Fault",
    "Scorecard",
    "UnusableInput",
    "__version__",
    "assess",
    "compare",
    "load_data",
    "load_rubric",
    "load_years",
    "open_scorecard",
]
