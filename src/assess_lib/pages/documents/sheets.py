"""The look of sheets in the workbooks that are sent out."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

FRAME: dict[str, Any] = {"border": 1, "border_color": "#D5DAE0"}
CELL: dict[str, Any] = FRAME | {"valign": "top"}
HEAD: dict[str, Any] = {
    "bold": True,
    "bg_color": "#D0E2F0",
    "border": 1,
    "border_color": "#98A2AE",
    "text_wrap": True,
    "valign": "vcenter",
}


def print_landscape(sheet: Worksheet, heading_row: int) -> None:
    """Print on A4 across, one page wide, with the heading on every page and its number below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)
    sheet.set_footer("&C&P / &N")
