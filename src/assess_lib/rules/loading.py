"""Reading rubric files: YAML with places, validation that names every fault, versions by year."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from assess_lib.faults import Fault, UnusableInput
from assess_lib.plain_yaml import NotPlain, load_plain
from assess_lib.rules.bounds import DEEPEST, LONGEST, MOST_DIGITS, MOST_FILES, MOST_NODES, unreadable
from assess_lib.rules.consistency import inconsistencies
from assess_lib.rules.kinds import KINDS
from assess_lib.rules.rubric import Rubric
from assess_lib.rules.vocabulary import Vocabulary

_BOUNDS = {"size": LONGEST, "depth": DEEPEST, "nodes": MOST_NODES, "digits": MOST_DIGITS, "files": MOST_FILES}
MOST_KEPT = 32  # rubrics that were found valid
_PYDANTIC_KEYS = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "not_in_list",
    "union_tag_invalid": "not_in_list",
    "union_tag_not_found": "missing_kind",
    "string_pattern_mismatch": "pattern",
    "too_short": "too_short",
    "model_type": "both_languages_or_keys",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than_equal": "range",
}


Tree = dict[Any, Any]


class RubricFile:
    """A parsed rubric file, with what it inherits, that can tell the file and line of every node.

    Parameters: ``lines`` keeps the lines. Without them reading is ten times as fast, and NotPlain is raised
    for a file whose meaning is not plain to see, or which is not YAML.

    Attributes: ``texts`` what was read, by file.
    """

    def __init__(self, path: Path, lines: bool = True):
        self.path = path
        self.faults: list[Fault] = []
        self.texts: dict[Path, str] = {}
        self._lines = lines
        self._homes: dict[tuple[int, Any], str] = {}
        self.tree = self._resolved(path, ())

    def _resolved(self, path: Path, seen: tuple[Path, ...]) -> Tree | None:
        """The tree of a file, with ``extends`` and ``changes`` carried out."""
        tree = self._parsed(path)
        if tree is None or "extends" not in tree:
            return tree
        base_path = path.parent / str(tree["extends"])
        if not base_path.resolve().is_relative_to(self.path.parent.resolve()):
            self.faults.append(Fault("rubric.extends_outside", str(path), _line(tree, "extends"), str(tree["extends"])))
            return None
        if len(seen) >= MOST_FILES - 1:
            self.faults.append(Fault("rubric.beyond_files", str(path), _line(tree, "extends"), details=_BOUNDS))
            return None
        if base_path.resolve() in seen or base_path.resolve() == path.resolve():
            self.faults.append(Fault("rubric.circular", str(path), _line(tree, "extends"), str(tree["extends"])))
            return None
        base = self._resolved(base_path, (*seen, path.resolve()))
        if base is None:
            return None
        for key, value in tree.items():
            if key == "changes":
                self._change(base, value, path, tree)
            elif key != "extends":
                base[key] = value
                _move_line(tree, base, key)
                self._homes[id(base), key] = str(path)
        return base

    def _change(self, base: Tree, changes: Any, path: Path, tree: Tree) -> None:
        """Apply ``changes: {indicator id: {field: value}}``; a field given replaces the whole field."""
        if not isinstance(changes, dict):
            self.faults.append(
                Fault("rubric.type", str(path), _line(tree, "changes"), str(changes), {"wanted": "mapping"})
            )
            return
        known = {node.get("id"): node for node in _indicator_nodes(base)}
        for name, fields in changes.items():
            if name not in known or not isinstance(fields, dict):
                self.faults.append(Fault("rubric.unknown_reference", str(path), _line(changes, name), str(name)))
                continue
            for key, value in fields.items():
                known[name][key] = value
                _move_line(fields, known[name], key)
                self._homes[id(known[name]), key] = str(path)

    def _parsed(self, path: Path) -> Tree | None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.faults.append(Fault("rubric.no_file", str(path)))
            return None
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(Fault("rubric.unreadable", str(path), details={"why": str(error)}))
            return None
        self.texts[path] = text
        key, line, value = unreadable(text)
        if key:
            self.faults.append(Fault(f"rubric.{key}", str(path), _at(line), value, _BOUNDS))
            return None
        try:
            tree = pickle.loads(_tree(text, self._lines))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = _at(mark.line + 1) if mark else ""
            key = "rubric.duplicate_key" if "duplicate key" in str(error.problem) else "rubric.yaml"
            self.faults.append(Fault(key, str(path), place, details={"why": str(error.problem)}))
            return None
        except YAMLError as error:
            self.faults.append(Fault("rubric.yaml", str(path), details={"why": str(error).splitlines()[0]}))
            return None
        if not isinstance(tree, dict):
            self.faults.append(Fault("rubric.type", str(path), "", "", {"wanted": "mapping"}))
            return None
        self._claim(tree, str(path))
        return tree

    def _claim(self, node: Any, home: str) -> None:
        if isinstance(node, (dict, list)):
            self._homes[id(node), None] = home
            for child in node.values() if isinstance(node, dict) else node:
                self._claim(child, home)

    def fault(self, key: str, loc: tuple[Any, ...], value: Any = "", **details: Any) -> Fault:
        """A fault at a place given as the path of keys and positions from the top of the tree."""
        node: Any = self.tree
        home, line = str(self.path), ""
        for step in loc:
            if isinstance(node, dict) and step in node:
                home = self._homes.get((id(node), step), self._homes.get((id(node), None), home))
                line, node = _line(node, step), node[step]
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                home = self._homes.get((id(node), None), home)
                line, node = _line(node, step) or line, node[step]
        path = ".".join(str(step) for step in loc)
        shown = "" if isinstance(value, (dict, list)) or value is None else str(value)
        return Fault(key, home, " ".join(p for p in (line, path) if p), shown, details)


@lru_cache(maxsize=32)
def _tree(text: str, lines: bool) -> bytes:
    """A parsed YAML text, with the lines of its nodes or without, packed: a reader may change its copy."""
    return pickle.dumps(YAML(typ="rt", pure=True).load(text) if lines else load_plain(text))


def read_rubric(path: str | Path, vocabulary: Vocabulary | None = None) -> Rubric:
    """Read and validate one rubric file.

    Parameters
    ----------
    path : the YAML file.
    vocabulary : what a rubric may name of measures and villages; None leaves that unchecked.

    Raises
    ------
    UnusableInput with every fault, each with file, line, path of keys and what would be right.
    """
    rubric, faults = check_rubric(path, vocabulary)
    if rubric is None or faults:
        raise UnusableInput(faults)
    return rubric


def check_rubric(path: str | Path, vocabulary: Vocabulary | None = None) -> tuple[Rubric | None, list[Fault]]:
    """The rubric, or None, with every fault of its file; the file is read with its lines only when there is a fault.

    A rubric is found valid once: as long as no text has changed that it was read from, it is the same object.
    """
    path = Path(path)
    if (known := _found_valid.get(path)) and known.holds(vocabulary):
        return known.rubric, []
    try:
        file = RubricFile(path, lines=False)
        rubric, faults = _checked(file, vocabulary)
        if rubric and not faults:
            _found_valid[path] = _Valid(rubric, file.texts, vocabulary, tuple(KINDS))
            while len(_found_valid) > MOST_KEPT:
                del _found_valid[next(iter(_found_valid))]
            return rubric, []
    except NotPlain:
        pass
    return _checked(RubricFile(path), vocabulary)


@dataclass(frozen=True)
class _Valid:
    """A rubric without a fault, and all that decided it."""

    rubric: Rubric
    texts: Mapping[Path, str]
    vocabulary: Vocabulary | None
    kinds: tuple[str, ...]

    def holds(self, vocabulary: Vocabulary | None) -> bool:
        return (
            self.vocabulary == vocabulary
            and self.kinds == tuple(KINDS)
            and all(_text_of(path) == text for path, text in self.texts.items())
        )


_found_valid: dict[Path, _Valid] = {}  # the oldest first


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _checked(file: RubricFile, vocabulary: Vocabulary | None) -> tuple[Rubric | None, list[Fault]]:
    if file.tree is None:
        return None, file.faults
    faults, rubric = list(file.faults), None
    try:
        rubric = Rubric.model_validate(
            _with_shared_options(_plain(file.tree), vocabulary.options if vocabulary else {})
        )
    except ValidationError as invalid:
        faults += [_translated(file, error) for error in invalid.errors()]
    findings = inconsistencies(file.tree, rubric, vocabulary)
    faults += [file.fault(key, place, value, **details) for key, place, value, details in findings]
    return (None if faults else rubric), faults


def rubric_in_force(folder: str | Path, year: int, vocabulary: Vocabulary | None = None) -> tuple[Rubric, Path]:
    """The version in force in a year among the rubric files of a folder, and its file.

    When several cover the year, the one that came into force last counts; two of the same date
    are a fault, as is a year that no version covers.
    """
    folder = Path(folder)
    found: list[tuple[Rubric, Path]] = []
    for path in sorted(folder.glob("*.yaml")):
        rubric = read_rubric(path, vocabulary)
        if rubric.in_force.covers(year):
            found.append((rubric, path))
    if not found:
        raise UnusableInput([Fault("rubric.none_in_force", str(folder), value=str(year))])
    latest = max(rubric.in_force.since for rubric, _ in found)
    newest = [pair for pair in found if pair[0].in_force.since == latest]
    if len(newest) > 1:
        names = ", ".join(path.name for _, path in newest)
        raise UnusableInput([Fault("rubric.two_in_force", str(folder), value=names, details={"year": year})])
    return newest[0]


def _translated(file: RubricFile, error: ErrorDetails) -> Fault:
    """A pydantic error in the words of the rubric language."""
    loc = tuple(step for step in error["loc"] if step not in KINDS and step != "[key]")  # the key itself is at fault
    value, context = error.get("input"), error.get("ctx") or {}
    if error["type"] == "value_error":
        known = str(context.get("error", ""))
        return file.fault(f"rubric.{known}" if known.isidentifier() else "rubric.type", loc, value, wanted=known)
    key = _PYDANTIC_KEYS.get(error["type"], "type")
    wanted = context.get("expected") or context.get("expected_tags") or context.get("pattern") or ""
    if key == "range":
        signs = {"gt": ">", "ge": "≥", "le": "≤"}
        wanted = "; ".join(f"{signs[name]} {limit}" for name, limit in context.items() if name in signs)
    if key == "type":
        wanted = error["type"].removesuffix("_type").removesuffix("_parsing")
    named = value if key not in ("unknown_key", "missing_key") else loc[-1] if loc else ""
    return file.fault(f"rubric.{key}", loc, named, wanted=str(wanted))


def _indicator_nodes(tree: Tree) -> Iterator[Tree]:
    for dimension in _maps(tree.get("dimensions")):
        for group in _maps(dimension.get("groups")):
            yield from _maps(group.get("indicators"))


def _maps(nodes: Any) -> list[Tree]:
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def _with_shared_options(tree: Tree, measures: Mapping[str, Collection[str]]) -> Tree:
    """The tree with the options at its top written into each indicator whose measure takes them."""
    shared: Tree = tree["options"] if isinstance(tree.get("options"), dict) else {}
    for node in _indicator_nodes(tree) if shared else ():
        taken = {name: shared[name] for name in measures.get(str(node.get("measure")), ()) if name in shared}
        if taken and isinstance(node.get("options", {}), dict):
            node["options"] = {**taken, **node.get("options", {})}
    return tree


def _plain(node: Any) -> Any:
    """Plain dicts, lists and numbers, without the marks of the parser."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    if isinstance(node, float):
        return float(node)
    return str(node)


def _line(node: Any, key: Any) -> str:
    """The line of a key of a mapping or an item of a list, blank where lines are not kept."""
    try:
        lines = node.lc
        place = lines.key(key) if isinstance(node, dict) else lines.item(key)
    except (KeyError, AttributeError, TypeError):
        return ""
    return _at(place[0] + 1)


def _move_line(source: Any, goal: Any, key: Any) -> None:
    if isinstance(source, CommentedBase) and isinstance(goal, CommentedBase):
        goal.lc.add_kv_line_col(key, source.lc.data[key])


def _at(line: int) -> str:
    return f"line {line}"
