"""Files beside the templates, and names that pages and charts share; loads nothing else, as an exporting process needs it."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
SVG_TYPE = "application/vnd.assess.svg+xml"  # of a chart among the outputs of a notebook


def asset(name: str) -> str:
    """A style or script beside the templates, without surrounding blanks."""
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()
