"""Scorecards as PDF, from the same pages: A4, pages numbered, headings of tables repeated, the page's own font."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from assess_lib.atomic import replacing
from assess_lib.faults import Fault, UnusableInput
from assess_lib.pages.fonts import PAGE_FAMILY
from assess_lib.workers import in_order

Step = Callable[[], object]
# The font that a page carries, so that a PDF is the same on every machine; other characters are left to the machine's fonts.
_LOOK = f'''*{{font-family:"{PAGE_FAMILY}",sans-serif !important}}
.sc-tiles{{display:flex}}.sc-tile{{flex:1}}.sc-pair{{display:block}}
.side,.ways,.remarks,.remark-write,pre.code{{display:none}}'''


def check_renderer() -> None:
    """Raises UnusableInput when PDF cannot be made here, with what would be right."""
    try:
        import weasyprint  # noqa: F401
    except ModuleNotFoundError:
        raise UnusableInput([Fault("publish.no_weasyprint")]) from None
    except (ImportError, OSError) as error:
        raise UnusableInput([Fault("publish.no_renderer", details={"why": str(error).splitlines()[0][:200]})]) from None


def write_pdfs(pairs: Iterable[tuple[Path, Path]], jobs: int, tell: Step) -> None:
    """Make PDFs of pages, in several processes; each put in place when whole.

    Parameters: ``pairs`` page and PDF; ``tell`` is called after each. Raises OSError.
    """
    pairs = list(pairs)
    for _ in in_order(write_pdf, pairs, min(jobs, max(1, len(pairs)))):
        tell()


def write_pdf(pair: tuple[Path, Path]) -> None:
    """Make one PDF. The same page gives the same bytes with the same libraries."""
    import logging

    import weasyprint

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # what it does not know of a page for the screen is no news
    page, pdf = pair
    os.environ.setdefault("SOURCE_DATE_EPOCH", "946684800")  # a PDF carries no time of its making
    with replacing(pdf) as written:
        inside = weasyprint.URLFetcher(allowed_protocols=["data"], fail_on_errors=True)  # nothing from outside the page
        document = weasyprint.HTML(string=page.read_text(encoding="utf-8"), url_fetcher=inside)
        document.write_pdf(written, stylesheets=[weasyprint.CSS(string=_LOOK)], pdf_tags=True)
