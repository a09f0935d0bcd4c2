"""What tables must satisfy, and what makes them suspicious: every finding at its row."""
