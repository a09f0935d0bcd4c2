"""Texts in which people stand, or characters that nobody sees: shown without them, which is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from assess_lib.characters import is_unseen, legible
from assess_lib.faults import WARNING
from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.masking import Masking
from assess_lib.tables.schemas import SCHEMAS


def check_texts(frames: Mapping[str, pd.DataFrame], masking: Masking) -> Iterator[Finding]:
    """The cells of texts that are shown otherwise than they were sent, but for columns that hold personal data."""
    for name, frame in frames.items():
        for column, spec in SCHEMAS[name].columns.items():
            about = spec.metadata
            if about["kind"] != "text" or about.get("identifier") or about.get("personal") or column not in frame:
                continue
            shown = masking.prose if about.get("remark") else masking.label
            texts = frame[column].dropna().unique()
            people = [text for text in texts if shown(text) != legible(text)]
            unseen = [text for text in texts if any(map(is_unseen, text))]
            yield finding(name, frame[column].isin(people), column, "checks.people_in_text", WARNING)
            yield finding(name, frame[column].isin(unseen), column, "checks.unseen_in_text", WARNING)
