"""Scoring worked out the slow way, team by team in fractions: what the engine's results are held against."""
