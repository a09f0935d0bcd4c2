"""Personal data on its way out of the data folder: the one place where it is masked."""

from __future__ import annotations


def mask(value, kind: str) -> str:
    """A personal value as it may be shown: ``name`` 王**, anything else not at all."""
    text = "" if value is None or value != value else str(value).strip()
    if not text:
        return ""
    return f"{text[0]}**" if kind == "name" else "***"
