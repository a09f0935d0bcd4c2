"""YAML read by libyaml, as far as its meaning is plain; the places of its nodes are not kept.

What this module reads, ruamel.yaml reads as the same values by YAML 1.2. Where the two could differ (PyYAML speaks
YAML 1.1), or a text is not YAML at all, NotPlain is raised, and ruamel.yaml decides.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NoReturn

import yaml

_DIRECTIVE_OR_LINE_BREAK_OF_1_1 = re.compile("^%|[\x85\u2028\u2029]", re.MULTILINE)


class NotPlain(Exception):
    """Raised for a text that ruamel.yaml must read."""


def load_plain(text: str) -> Any:
    """The tree of a YAML text: dicts, lists, str, int, float, bool, None; a date as its text.

    Raises NotPlain for anything else, for a key that stands twice, and for a text that is not YAML.
    """
    if _DIRECTIVE_OR_LINE_BREAK_OF_1_1.search(text):
        raise NotPlain("a directive, or a line break that YAML 1.2 does not know")
    try:
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise NotPlain(str(error)) from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str, Any] = {}
    yaml_constructors: dict[str | None, Any] = {}


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    found = {_built(loader, key): _built(loader, value) for key, value in node.value}
    if len(found) < len(node.value):
        raise ValueError("a key stands twice")
    return found


def _built(loader: Any, node: Any) -> Any:
    return loader.construct_object(node, deep=True)


def _refused(loader: Any, node: Any) -> NoReturn:
    shown = node.value if isinstance(node.value, str) else node.tag
    raise ValueError(f"{shown}: not plain; a text of this form stands in quotation marks")


_UNSURE = r"[-+.]?[0-9][0-9a-fA-FoxTtZz_.:+ -]*|[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)|<<|="
_SCALARS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""], lambda text: None),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789", int),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", "-+0123456789", float),
    ("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789", lambda text: date.fromisoformat(text).isoformat()),
    ("unsure", _UNSURE, "-+.0123456789<=", None),
)
for _name, _written, _first, _value in _SCALARS:
    _Loader.add_implicit_resolver(f"plain:{_name}", re.compile(rf"(?:{_written})\Z"), list(_first))
    if _value:
        _Loader.add_constructor(f"plain:{_name}", lambda loader, node, value=_value: value(node.value))
_Loader.add_constructor("tag:yaml.org,2002:str", lambda loader, node: node.value)
_Loader.add_constructor("tag:yaml.org,2002:seq", lambda loader, node: [_built(loader, each) for each in node.value])
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor(None, _refused)
