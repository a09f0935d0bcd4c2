"""Can a YAML text be read, and in one way only? Looked at event by event, before anything is built of it."""

from __future__ import annotations

import re

import yaml

LONGEST = 2**20  # characters of a file
DEEPEST, MOST_NODES = 40, 100_000  # nodes in one another; nodes once every alias stands for what it names
MOST_DIGITS = 15  # of a number; with more a float is not the number that was written
MOST_FILES = 8  # that extend one another
_NUMBER = re.compile(r"[-+]?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_READ_IN_TWO_WAYS = re.compile(  # 010, 0o17, 0x1F, 0b1, 1_000, 12:30: by YAML 1.1, by 1.2, or by whoever wrote them
    r"[-+]?(?:0[0-9_]+(?:\.[0-9_]*)?|0o[0-7_]+|0x[0-9a-f_]+|0b[01_]+|[0-9]+(?:_[0-9_]*)+(?:\.[0-9_]*)?|[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?)",
    re.IGNORECASE,
)
_Parser = getattr(yaml, "CLoader", yaml.Loader)


def unreadable(text: str) -> tuple[str, int, str]:
    """The key of the fault that keeps a text from being read, its line and the value; blank for none.

    ``beyond_size``, ``beyond_depth``, ``beyond_nodes`` and ``beyond_digits``; ``two_ways`` for a number that readers
    take for different ones; ``tag`` for a type asked for by name. A text that is not YAML has none: whoever reads it
    says what is wrong.
    """
    if len(text) > LONGEST:
        return "beyond_size", 1, ""
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
                if fault := _scalar(event):
                    return fault, line, event.value[:MOST_DIGITS]
            elif isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append((event.anchor, count))
                count += 1
                if len(open_nodes) > DEEPEST:
                    return "beyond_depth", line, ""
                if event.tag:
                    return "tag", line, event.tag
            elif isinstance(event, yaml.CollectionEndEvent):
                anchor, before = open_nodes.pop()
                if anchor:
                    sizes[anchor] = count - before
            if count > MOST_NODES:
                return "beyond_nodes", line, ""
    except (yaml.YAMLError, ValueError):
        pass
    return "", 0, ""


def _scalar(event: yaml.ScalarEvent) -> str:
    """The key of the fault of a single value, blank for none."""
    if event.tag:
        return "tag"
    if event.style:
        return ""
    if _READ_IN_TWO_WAYS.fullmatch(event.value):
        return "two_ways"
    if number := _NUMBER.fullmatch(event.value):
        digits = number[1].replace(".", "").strip("0")
        return "beyond_digits" if len(digits) > MOST_DIGITS or len(event.value) > 2 * MOST_DIGITS else ""
    return ""
