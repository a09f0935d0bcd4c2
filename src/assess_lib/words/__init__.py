"""The words of the interface, all languages side by side, in YAML beside this file.

The only home of text that people read; code names an entry by its dotted key: the name of its file, its sections, its
own name. In a text ``{count}`` stands for a value, and ``{count:row|rows}`` for the form of a word that the value asks
for: forms stand in the order of the plural categories of the language (zero, one, two, few, many, other; English has
one and other), and the last serves for those that are not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is a text; without libyaml slow, and the same
_LANGUAGES_FILE = "languages.yaml"
_PLURAL = re.compile(r"\{(\w+):([^{}]*\|[^{}]*)\}")
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
T = TypeVar("T")


class Catalogue:
    """The languages and entries of a folder of YAML files, each of which is read when one of its entries is asked for.

    Reading raises ValueError for a node that is neither an entry (a text for each of some languages) nor a section.
    """

    def __init__(self, folder: Traversable):
        self.languages: dict[str, dict[str, str]] = _load(folder / _LANGUAGES_FILE)
        names = sorted(source.name for source in folder.iterdir() if source.name.endswith(".yaml"))
        self._files = {name.removesuffix(".yaml"): folder / name for name in names if name != _LANGUAGES_FILE}
        self._entries: dict[str, dict[str, str]] = {}

    def __contains__(self, key: str) -> bool:
        self._read(key)
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        for name in tuple(self._files):
            self._read(name)
        return iter(self._entries)

    def __getitem__(self, key: str) -> dict[str, str]:
        """The texts of an entry by language, without those that fall back."""
        if key not in self._entries:
            self._read(key)
        return self._entries[key]

    def fallbacks(self, lang: str) -> Iterator[str]:
        """A language and those that stand in for it, in their order."""
        passed: set[str] = set()
        while lang not in passed:
            yield lang
            passed.add(lang)
            lang = self.languages[lang]["fallback"]

    def translate(self, key: str, lang: str, values: Mapping[str, object]) -> str:
        """The text of an entry in a language or the first it falls back to, with values and plural forms filled in."""
        texts = self[key]
        spoken = lang if lang in texts else next(each for each in self.fallbacks(lang) if each in texts)
        text = texts[spoken]
        if not values:
            return text
        if "|" in text:
            text = _PLURAL.sub(lambda found: plural_form(values[found[1]], found[2].split("|"), spoken), text)
        return text.format(**values)

    def _read(self, key: str) -> None:
        """Take in the file in which an entry stands, if that was not done."""
        name = key.partition(".")[0]
        if source := self._files.get(name):
            self._add(name, _load(source))
            del self._files[name]

    def _add(self, key: str, node: dict[str, Any]) -> None:
        if not any(isinstance(child, str) for child in node.values()):
            for name, child in node.items():
                self._add(f"{key}.{name}", child)
        elif set(node) <= set(self.languages) and all(isinstance(child, str) for child in node.values()):
            self._entries[key] = node
        else:
            raise ValueError(f"{key}: neither an entry nor a section (text with a comma needs quotes)")


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of the program, read once."""
    return Catalogue(files(__package__))


def translate(key: str, lang: str = "zh", /, **values: object) -> str:
    """The text of an entry in a language, its placeholders filled in. Raises KeyError for an unknown key or language."""
    return catalogue().translate(key, lang, values)


def texts_under(prefix: str, lang: str) -> list[str]:
    """The texts, unfilled, of all entries whose keys begin with a prefix."""
    return [translate(key, lang) for key in catalogue() if key.startswith(prefix)]


def in_language(texts: Mapping[str, T], lang: str) -> T:
    """The one of some texts by language that is in a language or the first it falls back to."""
    return next(texts[each] for each in catalogue().fallbacks(lang) if each in texts)


def html_tag(lang: str) -> str:
    """The tag of a language in a page (BCP 47)."""
    return catalogue().languages[lang]["tag"]


def join_sentences(sentences: Iterable[str], lang: str) -> str:
    """Sentences one after the other; blank ones are left out."""
    return translate("pages.between_sentences", lang).join(filter(None, sentences))


def join_list(items: Iterable[str], lang: str) -> str:
    """Items one after the other, with the comma of a list between them."""
    return translate("pages.comma", lang).join(items)


def join_clauses(clauses: Iterable[str], lang: str) -> str:
    """Parts of a sentence one after the other, with a semicolon between them."""
    return translate("pages.semicolon", lang).join(clauses)


def in_brackets(words: str, lang: str) -> str:
    """Words in the brackets of the language, to stand behind others."""
    return translate("pages.brackets", lang, words=words)


def plural_form(number: object, forms: list[str], lang: str) -> str:
    """The form of a word that a number asks for as it is shown: in English "1" the first of two, "1.0" the second."""
    categories, rule = _plural_rule(lang)
    try:
        category = rule(Decimal(str(number).replace(",", "").replace("−", "-")))
    except (InvalidOperation, ValueError):
        return forms[-1]
    return forms[min(categories.index(category), len(forms) - 1)]


@cache
def _plural_rule(lang: str) -> tuple[list[str], Callable[[Decimal], str]]:
    """The plural categories of a language in the order of CLDR, and the rule that gives that of a number."""
    from babel import Locale

    rule = Locale.parse(lang).plural_form
    return [name for name in _CATEGORIES if name in rule.tags or name == "other"], rule


def _load(source: Traversable) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.load(source.read_text(encoding="utf-8"), _Loader)
    return tree


LANGUAGES = tuple(_load(files(__package__) / _LANGUAGES_FILE))
