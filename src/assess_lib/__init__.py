"""assess: the yearly assessment of village work teams.

The verbs of an evaluator at a notebook::

    from assess_lib import load_rubric, load_data, assess, open_scorecard, compare
    card = open_scorecard("T0001", 2016, data="data/sample")

They are imported when they are first named, so that a command which needs none of them starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from assess_lib.version import VERSION as __version__

if TYPE_CHECKING:
    from assess_lib.api import load_data, load_rubric, load_years, open_scorecard
    from assess_lib.faults import Fault, UnusableInput
    from assess_lib.scorecard.comparison import compare_team as compare
    from assess_lib.scorecard.scorecard import Scorecard
    from assess_lib.scoring.assessment import Assessment, assess

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

_HOMES = {
    "Assessment": "scoring.assessment",
    "Fault": "faults",
    "Scorecard": "scorecard.scorecard",
    "UnusableInput": "faults",
    "assess": "scoring.assessment",
    "compare": "scorecard.comparison:compare_team",
    "load_data": "api",
    "load_rubric": "api",
    "load_years": "api",
    "open_scorecard": "api",
}


def __dir__() -> list[str]:
    return sorted(__all__)


if not TYPE_CHECKING:  # to a type checker a name that is not there stays an error

    def __getattr__(name: str):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home, _, attribute = _HOMES[name].partition(":")
        return getattr(import_module(f"{__name__}.{home}"), attribute or name)
