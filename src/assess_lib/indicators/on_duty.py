"""Members on duty and their duty days: the one definition that every trace of a member's work is held against."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assess_lib.indicators.measurement import Mask
from assess_lib.tables.dataset import YearData
from assess_lib.tables.id_lookup import places
from assess_lib.tables.workdays import working_days


def members_on_duty(data: YearData) -> pd.DataFrame:
    """The members on duty on any day of the year, with ``first`` and ``last`` day and ``duty_days``.

    Every day from the first to the last day of duty is a duty day of the member, within the year and with both ends,
    weekends and holidays included (吃住在村). ``duty_days`` are the working days among them.
    """

    def found() -> pd.DataFrame:
        members = data.rows("members")
        first = members["on_duty_from"].clip(lower=data.year_start)
        last = members["on_duty_to"].fillna(data.year_end).clip(upper=data.year_end)
        days = working_days(data.year)
        upto = days.searchsorted(last.to_numpy(), side="right")
        before = days.searchsorted(first.to_numpy(), side="left")
        duty = members.assign(first=first, last=last, duty_days=(upto - before).clip(min=0) if len(members) else 0)
        return duty[first <= last].reset_index(drop=True)

    return data.once("members on duty", found)


def on_duty_days(rows: pd.DataFrame, duty: pd.DataFrame) -> Mask:
    """Which rows of a register lie on a duty day of their member, shape (rows,).

    Parameters: ``rows`` with member_id and day, ``duty`` as ``members_on_duty`` gives it, or part of it.
    """
    member, days = places(rows["member_id"], duty["member_id"]), rows["day"].to_numpy()
    ends = [np.append(duty[name].to_numpy(), np.datetime64("NaT"))[member] for name in ("first", "last")]
    within: Mask = (days >= ends[0]) & (days <= ends[1])  # no day lies after or before one that is not known
    return within
