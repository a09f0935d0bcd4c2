"""A search of texts for the personal values of people, in every form in which they may be written.

It knows nothing of the program that masks them: a text is brought into one plain form, in which the values are looked
for. Compressed files (workbooks, documents, archives) are opened.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

CHINESE_DIGITS = str.maketrans("〇零○洞一二三四五六七八九幺壹贰叁肆伍陆柒捌玖拐勾", "0000123456789112345678979")
LETTERS = str.maketrans("oil", "011")  # typed for the digits that they look like
PACKED = (".xlsx", ".docx", ".zip", ".xlsm")


def found_in(text: str, numbers: Iterable[str], names: Iterable[str]) -> set[str]:
    """The values that can be read in a text.

    Numbers count whatever stands between or around their digits, and by their last eight digits where they are longer;
    names of three characters and more likewise, those of two where no Chinese character stands beside them, since two
    characters may be a part of any word.
    """
    seen = _seen(text)
    digits = "|".join(_digits_of(seen.translate(table)) for table in ({}, CHINESE_DIGITS, LETTERS))
    letters = "".join(c for c in seen if c.isalnum() or c in "*\n")
    found = set()
    for number in numbers:
        plain = _digits_of(_seen(number).translate(CHINESE_DIGITS).translate(LETTERS))
        if plain[-8:] in digits if len(plain.replace("|", "")) > 6 else number.lower() in seen:
            found.add(number)
    for name in names:
        plain = "".join(c for c in _seen(name) if c.isalnum())
        alone = rf"(?<![一-龥])[{plain[0]}]{plain[1:]}(?![一-龥])"
        if plain in letters if len(plain) > 2 else re.search(alone, seen):
            found.add(name)
    return found


def text_of(path: Path) -> str:
    """Everything in a file that can be read, also what is compressed in it, and its name."""
    return "\n".join([path.name, *_parts(path.suffix, path.read_bytes())])


def _parts(suffix: str, content: bytes) -> list[str]:
    """The texts of a file by its kind; of a file that is packed those of its files, packed ones opened too."""
    if suffix in PACKED:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            return [part for name in names for part in (name, *_parts(Path(name).suffix, packed.read(name)))]
    if suffix == ".pdf":
        streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
        return [content.decode("latin-1"), *(_inflated(stream) for stream in streams)]
    return [content.decode("utf-8", "replace")]


def text_of_all(folder: Path) -> str:
    """As ``text_of``, of every file of a folder; pictures and fonts, which hold no text, left out."""
    text = "\n".join(text_of(path) for path in sorted(folder.rglob("*")) if path.is_file())
    return re.sub(r"base64,[A-Za-z0-9+/=]+|\"image/png\": \"[^\"]+\"", "", text)


def _seen(text: str) -> str:
    """A text as it is seen: one form of every character, none that is not seen; escapes of HTML and JSON undone."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), html.unescape(text))
    digits = "".join(str(unicodedata.digit(c, c)) for c in text)
    folded = unicodedata.normalize("NFKC", digits).replace("×", "x").lower()
    return "".join(
        c for c in folded if unicodedata.category(c) not in ("Cf", "Mn", "Me", "Cs") and (c >= " " or c in "\t\n")
    )


def _digits_of(text: str) -> str:
    """Its digits (and x), those side by side that belong together; what else stands between them is one bar."""
    joined = re.sub(r"(?<=[0-9x])[\s\-‐-―−~./·・•_()（）\[\]]{1,4}(?=[0-9x])|(?<=[0-9x])[,;:*+=、](?=[0-9x])", "", text)
    return re.sub(r"[^0-9x]+", "|", joined).strip("|")


def _inflated(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode("latin-1")
    except zlib.error:
        return ""
