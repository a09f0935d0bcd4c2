"""A published year as it reaches a reader: unpacked from its zip, in a browser that tells what should not happen."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.published import Place


def unpacked(place: Place, home: Path) -> Path:
    """The zip of the edition, unpacked as on another computer."""
    with zipfile.ZipFile(place.first.archive) as packed:
        packed.extractall(home)
    return home / "2016-edition-1"


@contextmanager
def quiet_page(chrome, width: int = 1280, height: int = 800) -> Iterator:
    """A page; at its end there were no words on the console, no dialogs, no requests that leave the folder."""
    context = chrome.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    opened, noise = context.new_page(), []
    opened.on("console", lambda m: noise.append(m.text))
    opened.on("pageerror", lambda e: noise.append(str(e)))
    opened.on("dialog", lambda d: (noise.append(d.message), d.dismiss()))
    opened.on("request", lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else noise.append(r.url))
    yield opened
    context.close()
    assert noise == []
