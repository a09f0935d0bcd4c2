"""Texts in which people stand, or characters that nobody sees: shown without them, which is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from assess_lib.characters import has_unseen, legible
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
            texts = frame[column].dropna().unique()
            shown = masking.texts(texts)
            people = [text for text, new in zip(texts, shown) if new != text and new != legible(text)]
            unseen = list(filter(has_unseen, texts))
            yield finding(name, frame[column].isin(people), column, "checks.people_in_text", WARNING)
            yield finding(name, frame[column].isin(unseen), column, "checks.unseen_in_text", WARNING)
