"""The conditions under which a team began: how remote its village is, how poor it was, and how large."""

from __future__ import annotations

import pandas as pd

from assess_lib.tables.dataset import YearData, teams_of

CONDITIONS = ("distance_km", "poverty_rate", "households")


def starting_conditions(data: YearData) -> pd.DataFrame:
    """What is known of each team's village; index ``team_id``, blank where it is not known. Columns:

    ``distance_km``, to the county town, from the table of villages; ``poverty_rate``, the poor households of the year ÷ all
    households, 0 to 1; ``households``, all that are on record.
    """
    homes = data.rows("households")
    count = homes["team_id"].value_counts().reindex(data.team_ids)
    count = count.where(count.index.isin(sorted(teams_of(homes)))).astype("float64")
    poor = data.poor_households()["team_id"].value_counts().reindex(data.team_ids, fill_value=0)
    distance = data.teams()["distance_km"].astype("float64")
    found = {"distance_km": distance, "poverty_rate": poor / count, "households": count}
    return pd.DataFrame(found, index=data.team_ids)[list(CONDITIONS)]
