"""The words of the interface, Chinese and English side by side, in YAML beside this file.

The only home of text that people read; code names an entry by its dotted key.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from ruamel.yaml import YAML

LANGUAGES = ("zh", "en")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """All entries: dotted key -> {"zh": text, "en": text}."""
    entries: dict[str, dict[str, str]] = {}
    for source in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if source.name.endswith(".yaml"):
            tree = YAML(typ="safe").load(source.read_text(encoding="utf-8"))
            _flatten(tree, source.name.removesuffix(".yaml"), entries)
    return entries


def translate(key: str, lang: str = "zh", /, **values) -> str:
    """The text of an entry in a language, its placeholders filled in."""
    text = catalogue()[key][lang]
    return text.format(**values) if values else text


def _flatten(tree: dict, prefix: str, entries: dict) -> None:
    for name, node in tree.items():
        key = f"{prefix}.{name}"
        if not isinstance(node, dict):
            raise ValueError(f"{key}: neither an entry nor a section (text with a comma needs quotes)")
        if set(node) == set(LANGUAGES):
            entries[key] = {lang: str(node[lang]) for lang in LANGUAGES}
        else:
            _flatten(node, key, entries)
