"""The circular as a document that an office edits: A4, Chinese official fonts, headings of tables repeated, pages numbered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Row

from assess_lib.archives import normalise_archive
from assess_lib.atomic import replacing
from assess_lib.pages.blocks import Column
from assess_lib.pages.documents.circular import Circular, Heading, Paragraph, Table
from assess_lib.pages.draft import DraftMark
from assess_lib.tables.safe_workbook import width_of, without_controls

TEXT_WIDTH = 15.6  # cm between the margins
BODY, HEADS = ("Times New Roman", "仿宋"), ("Arial", "黑体")
_CREATED = datetime.datetime(2000, 1, 1)  # a document carries no time of its making


def write_document(path: Path, made: Circular) -> Path:
    """Write the circular as DOCX; put in place when whole. The same circular gives the same bytes. Raises OSError."""
    document = Document()
    about = document.core_properties
    about.title, about.author, about.created, about.modified, about.comments = (
        without_controls(made.title),
        "assess",
        _CREATED,
        _CREATED,
        "",
    )
    _set_up(document)
    title = document.add_paragraph(style="Title")
    title.add_run(without_controls(made.title))
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if made.number:
        document.paragraphs[0].insert_paragraph_before(
            without_controls(made.number)
        ).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if made.draft:
        _mark(document, made.draft)
    if made.addressed_to:
        document.add_paragraph(without_controls(made.addressed_to))
    for part in made.parts:
        if isinstance(part, Heading):
            document.add_heading(without_controls(part.words), part.level)
        elif isinstance(part, Paragraph):
            paragraph = document.add_paragraph(without_controls(part.words))
            paragraph.paragraph_format.first_line_indent = Pt(32)
        else:
            _table(document, part)
    for line in (made.office, made.day):
        document.add_paragraph(without_controls(line)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    with replacing(path) as written:
        document.save(str(written))
        normalise_archive(written)
    return path


def _mark(document: WordDocument, draft: DraftMark) -> None:
    """Say below the title and at the head of every sheet that this is a draft."""
    for words in (document.add_paragraph(), document.sections[0].header.paragraphs[0]):
        words.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = words.add_run(without_controls(draft.text))
        run.bold, run.font.size, run.font.color.rgb = True, Pt(12), RGBColor(0xA6, 0x3F, 0x00)


def _set_up(document: WordDocument) -> None:
    """Paper, fonts, and the number of the page below."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(3)
    for name, fonts, size in (
        ("Normal", BODY, 16),
        ("Title", HEADS, 20),
        ("Heading 1", HEADS, 16),
        ("Heading 2", HEADS, 15),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = fonts[0], Pt(size)
        fonts_of = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts_of.attrib.pop(qn(theme), None)
        fonts_of.set(qn("w:eastAsia"), fonts[1])
        if name != "Normal":
            style.font.color.rgb = None
            if (color := style.element.rPr.find(qn("w:color"))) is not None:
                style.element.rPr.remove(color)
    properties = document.styles["Title"].element.pPr
    if (border := properties.find(qn("w:pBdr"))) is not None:
        properties.remove(border)
    number = section.footer.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = number.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _table(document: WordDocument, part: Table) -> None:
    table = document.add_table(rows=1, cols=len(part.columns), style="Table Grid")
    table.autofit = False
    widths = _widths(part)
    for column, width in zip(table.columns, widths):
        column.width = width
    _fill(table.rows[0], [column.name for column in part.columns], part.columns, widths, bold=True)
    heading = OxmlElement("w:tblHeader")
    heading.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(heading)
    for texts in part.rows:
        _fill(table.add_row(), texts, part.columns, widths)
    document.add_paragraph()


def _widths(part: Table) -> list[Cm]:
    """Widths of columns by the longest text of each, together the width between the margins."""
    texts = ([column.name, *(row[at] for row in part.rows)] for at, column in enumerate(part.columns))
    wanted = [
        width_of(each, least=7, most=34) + (5 if column.short else 0) for each, column in zip(texts, part.columns)
    ]
    return [Cm(round(TEXT_WIDTH * width / sum(wanted), 2)) for width in wanted]


def _fill(row: _Row, texts: Sequence[str], columns: Sequence[Column], widths: Sequence[Cm], bold: bool = False) -> None:
    for cell, text, column, width in zip(row.cells, texts, columns, widths):
        cell.width = width
        words = cell.paragraphs[0]
        words.paragraph_format.space_before = words.paragraph_format.space_after = Pt(2)
        run = words.add_run(without_controls(text))
        run.bold, run.font.size = bold, Pt(11)
        if column.number:
            words.alignment = WD_ALIGN_PARAGRAPH.RIGHT
