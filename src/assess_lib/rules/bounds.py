"""Is a YAML text small enough to be read? Looked at event by event, before anything is built of it."""

from __future__ import annotations

import re

import yaml

LONGEST = 2**20  # characters of a file
DEEPEST, MOST_NODES = 40, 100_000  # nodes in one another; nodes once every alias stands for what it names
MOST_DIGITS = 40
MOST_FILES = 8  # that extend one another
_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_Parser = getattr(yaml, "CLoader", yaml.Loader)


def beyond_bounds(text: str) -> tuple[str, int]:
    """The bound that a text goes beyond (``size``, ``depth``, ``nodes``, ``digits``) and its line; blank for none.

    A text that is not YAML goes beyond none: whoever reads it says what is wrong.
    """
    if len(text) > LONGEST:
        return "size", 1
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []  # anchor, and number of nodes before it
    count = 0
    try:
        for event in yaml.parse(text, _Parser):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent):
                count += sizes.get(event.anchor, 1)
            elif isinstance(event, yaml.ScalarEvent):
                count += 1
                if event.anchor:
                    sizes[event.anchor] = 1
                if len(event.value) > MOST_DIGITS and not event.style and _NUMBER.fullmatch(event.value):
                    return "digits", line
            elif isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append((event.anchor, count))
                count += 1
                if len(open_nodes) > DEEPEST:
                    return "depth", line
            elif isinstance(event, yaml.CollectionEndEvent):
                anchor, before = open_nodes.pop()
                if anchor:
                    sizes[anchor] = count - before
            if count > MOST_NODES:
                return "nodes", line
    except (yaml.YAMLError, ValueError):
        pass
    return "", 0
