"""The pages of a whole year: the list of teams, counties, units, and what a published team page has besides."""
