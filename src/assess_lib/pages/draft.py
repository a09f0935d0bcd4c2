"""The mark of a draft: the office's word for it, at the head of every page and behind the text of every printed sheet."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from assess_lib.pages.assets import asset
from assess_lib.words import translate


@dataclass(frozen=True)
class DraftMark:
    """The mark: ``word`` for a draft, and a sentence that names its stage. For a published year that is not final."""

    word: str
    sentence: str

    @property
    def text(self) -> str:
        """Word and sentence in one line, where there is no room for a page's mark: in a document or on a sheet."""
        return f"{self.word}　{self.sentence}"

    @property
    def html(self) -> Markup:
        """The mark on a page: a line that is seen, and the word that only paper has.

        The word is an element and not content of a style, so that the font of the page has its characters.
        """
        return Markup(
            '<p class="draft-note" role="note"><b>{}</b> {}</p>\n'
            '<div class="draft-paper" aria-hidden="true"><span>{}</span></div>\n'
        ).format(self.word, self.sentence, self.word)


def draft_mark(stage: str, lang: str) -> DraftMark:
    """The mark of a draft at a stage of the review."""
    named = translate(f"pages.review.stage.{stage}", lang)
    return DraftMark(translate("publish.draft.word", lang), translate("publish.draft.sentence", lang, stage=named))


def draft_style(mark: DraftMark | None) -> str:
    """The style of the mark; nothing without one."""
    return asset("draft.css") if mark else ""
