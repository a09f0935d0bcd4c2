"""The one font of charts and pages: Noto Sans SC (SIL Open Font License), from a pinned package.

Charts are measured with it on every machine, so that the same input gives the same bytes. A page
carries the characters that it uses, so that no machine shows boxes.
"""

from __future__ import annotations

import base64
import logging
from functools import lru_cache
from importlib.resources import files

import uharfbuzz as hb

FAMILY = "Noto Sans SC"
PAGE_FAMILY = "Assess Sans"


@lru_cache(maxsize=1)
def font_path() -> str:
    """The font file on this machine."""
    return str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")


@lru_cache(maxsize=1)
def set_up_charts() -> None:
    """Tell matplotlib the font and how text is written into SVG; once per process."""
    from matplotlib import font_manager, rcParams

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    font_manager.fontManager.addfont(font_path())
    rcParams.update(
        {
            "font.family": [FAMILY, "DejaVu Sans"],
            "text.parse_math": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "assess",
            "axes.unicode_minus": True,
        }
    )


def page_font(text: str) -> str:
    """A ``@font-face`` rule that carries the characters of a text, as a data address.

    Characters that the font lacks are left to the reader's fonts.
    """
    characters = {ord(character) for character in set(text) if character.isprintable()} | set(range(0x20, 0x7F))
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(characters)
    wanted.layout_feature_tag_set.clear()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE  # smaller, for some hundred characters
    address = "data:font/otf;base64," + base64.b64encode(hb.subset(_face(), wanted).blob.data).decode("ascii")
    return f'@font-face{{font-family:"{PAGE_FAMILY}";src:url({address}) format("opentype")}}'


@lru_cache(maxsize=1)
def _face() -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(font_path()))
