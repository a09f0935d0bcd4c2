"""The results of a run as files that stay: written by runs, read to publish, compare and verify."""
