"""Texts in which people stand, or characters that nobody sees: shown without them, which is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import pyarrow.compute as pc

from assess_lib.characters import has_unseen, legible
from assess_lib.faults import WARNING
from assess_lib.tables.checks.findings import Finding, finding
from assess_lib.tables.id_lookup import among, arrow_column, distinct_texts
from assess_lib.tables.masking import Masking
from assess_lib.tables.personal_numbers import personal_numbers
from assess_lib.tables.schemas import SCHEMAS

_MAY_HOLD_A_NUMBER = r"[0-9０-９①-⓿]|[〇零一二三四五六七八九幺]{7}"


def check_texts(frames: Mapping[str, pd.DataFrame], masking: Masking) -> Iterator[Finding]:
    """The cells of texts that are shown otherwise than they were sent, but for columns that hold personal data.

    Of those, names in which somebody's number stands.
    """
    for name, frame in frames.items():
        for column, spec in SCHEMAS[name].columns.items():
            about = spec.metadata
            if about.get("personal") == "name" and column in frame:
                yield finding(name, _with_numbers(frame[column], masking), column, "checks.number_in_name", WARNING)
            if about["kind"] != "text" or about.get("identifier") or about.get("personal") or column not in frame:
                continue
            texts = distinct_texts(frame[column])
            shown = masking.texts(texts)
            people = [text for text, new in zip(texts, shown) if new != text and new != legible(text)]
            unseen = list(filter(has_unseen, texts))
            yield finding(name, among(frame[column], people), column, "checks.people_in_text", WARNING)
            yield finding(name, among(frame[column], unseen), column, "checks.unseen_in_text", WARNING)


def _with_numbers(names: pd.Series, masking: Masking) -> pd.Series:
    """True for the names beside which a phone, ID or account number stands."""
    texts = arrow_column(names)
    doubtful = texts.filter(pc.match_substring_regex(texts, _MAY_HOLD_A_NUMBER)).unique().to_pylist()
    return names.isin([name for name in doubtful if name and personal_numbers(legible(name), masking.ids)])
