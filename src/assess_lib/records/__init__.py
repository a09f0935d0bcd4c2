"""What a run found, as files that stay: written by runs, read by whoever publishes, compares or verifies."""
