"""The pages of a whole year: the list of teams, counties, units, and the extras of a published team page."""
