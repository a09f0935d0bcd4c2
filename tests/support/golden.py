"""The text of a run's results and pages as digests, section by section, to hold against those kept in ``tests/golden``.

``python tests/support/golden.py FOLDER`` prints the digests of a run of the sample; they are kept by hand, when a change
of what people read is meant.
"""

from __future__ import annotations

import hashlib
import sys
from html.parser import HTMLParser
from pathlib import Path

RESULTS = ("scores.csv", "points.csv")


class _Text(HTMLParser):
    """What a page says, by section: words and descriptions of pictures, but neither code nor style."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: dict[str, list[str]] = {"": []}
        self._section, self._left_out = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self._left_out += tag in ("style", "script", "pre")
        if tag == "h2" and about.get("id"):
            self._section = str(about["id"])
            self.sections.setdefault(self._section, [])
        self.sections[self._section] += [str(about[name]) for name in ("alt", "title", "aria-label") if about.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self._left_out -= tag in ("style", "script", "pre")

    def handle_data(self, data: str) -> None:
        if not self._left_out and data.strip():
            self.sections[self._section].append(" ".join(data.split()))


def digests(folder: Path) -> dict[str, str]:
    """A digest of each result file and of each section of each page, by its name."""
    found = {name: _digest((folder / name).read_text(encoding="utf-8")) for name in RESULTS}
    for path in sorted(folder.rglob("*.html")):
        page = _Text()
        page.feed(path.read_text(encoding="utf-8"))
        for section, words in page.sections.items():
            found[f"{path.relative_to(folder).as_posix()}#{section}"] = _digest("\n".join(words))
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


if __name__ == "__main__":
    for name, digest in digests(Path(sys.argv[1])).items():
        print(digest, name)
