"""The keys of words that code and templates name: whole ones, and those put together at run time.

A key put together must show its beginning: ``translate(f"pages.status.{status}", lang)`` names every key whose blank is a
text that stands in the code. A function or lambda that puts a beginning before its first parameter
(``word = lambda key: translate(f"book.{key}", lang)``) is followed to its callers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import jinja2

BEGINNING = re.compile(r"[a-z_]+\.")
TEMPLATE_FUNCTIONS = {"t": "pages.", "s": "site.", "d": "diff."}
BLANK = None


class NamedKeys:
    """``asked`` holds the whole keys that must exist; ``in`` tells whether a key is named at all."""

    def __init__(self, modules: Iterable[str], templates: Iterable[str]):
        self.asked: set[str] = set()
        self._texts: set[str] = set()
        self._patterns: set[tuple[str | None, ...]] = set()
        for source in modules:
            self._read_module(ast.parse(source))
        for source in templates:
            self._read_template(jinja2.Environment().parse(source))
        self._texts |= self.asked
        self._expressions = [
            re.compile("".join(r"([A-Za-z0-9_.]+)" if part is BLANK else re.escape(part) for part in pattern))
            for pattern in self._patterns
        ]

    def __contains__(self, key: str) -> bool:
        matches = (expression.fullmatch(key) for expression in self._expressions)
        return key in self._texts or any(all(blank in self for blank in found.groups()) for found in matches if found)

    def _read_module(self, tree: ast.Module) -> None:
        called = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        helpers = {name: helper for name, helper in _helpers(tree) if name in called}
        inside = {id(part) for _, call in helpers.values() for part in ast.walk(call)}
        self._texts |= {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and id(node) not in inside:
                self._add_pattern(_parts(node))
            if isinstance(node, ast.Call) and node.args:
                name, first = _called(node), node.args[0]
                if name == "translate" and id(node) not in inside:
                    self._ask("", first)
                elif name in helpers:
                    self._ask(helpers[name][0], first, blank=True)
                elif name == "Fault" and isinstance(first, ast.Constant) and first.value:
                    self.asked |= {f"faults.{first.value}.wrong", f"faults.{first.value}.right"}

    def _ask(self, prefix: str, node: ast.expr, blank: bool = False) -> None:
        if isinstance(node, ast.Constant):
            self.asked.add(f"{prefix}{node.value}")
        elif isinstance(node, ast.IfExp):
            self._ask(prefix, node.body, blank)
            self._ask(prefix, node.orelse, blank)
        elif isinstance(node, ast.JoinedStr):
            self._add_pattern((prefix, *_parts(node)))
        elif blank:
            self._add_pattern((prefix, BLANK))

    def _read_template(self, tree: jinja2.nodes.Template) -> None:
        for call in tree.find_all(jinja2.nodes.Call):
            if isinstance(call.node, jinja2.nodes.Name) and call.node.name in TEMPLATE_FUNCTIONS:
                prefix, first = TEMPLATE_FUNCTIONS[call.node.name], call.args[0]
                if isinstance(first, jinja2.nodes.Concat):
                    self._texts |= {const.value for const in first.find_all(jinja2.nodes.Const)}
                    whole = (n.value if isinstance(n, jinja2.nodes.Const) else BLANK for n in first.nodes)
                    self._add_pattern((prefix, *whole))
                elif isinstance(first, jinja2.nodes.CondExpr):
                    self.asked |= {f"{prefix}{each.value}" for each in (first.expr1, first.expr2)}
                else:
                    self.asked.add(f"{prefix}{first.value}")

    def _add_pattern(self, parts: tuple[str | None, ...]) -> None:
        joined = "".join(part or "\0" for part in parts)
        if BEGINNING.match(joined.partition("\0")[0]):
            self._patterns.add(parts)


def _helpers(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ast.Call]]]:
    """Functions that put a beginning before their first parameter: name, the beginning, and the call of translate."""
    for node in ast.walk(tree):
        named = isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
        keyword = isinstance(node, ast.keyword) and isinstance(node.value, ast.Lambda)
        if not (named or keyword or isinstance(node, ast.FunctionDef)):
            continue
        function = node if isinstance(node, ast.FunctionDef) else node.value
        name = node.name if isinstance(node, ast.FunctionDef) else node.arg if keyword else node.targets[0].id
        parameters = {argument.arg for argument in (*function.args.posonlyargs, *function.args.args)}
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and _called(call) == "translate" and isinstance(call.args[0], ast.JoinedStr):
                beginning, *rest = call.args[0].values
                only = rest[0].value if len(rest) == 1 and isinstance(beginning, ast.Constant) else None
                if isinstance(only, ast.Name) and only.id in parameters:
                    yield name, (beginning.value, call)


def _parts(node: ast.JoinedStr) -> tuple[str | None, ...]:
    return tuple(part.value if isinstance(part, ast.Constant) else BLANK for part in node.values)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@cache
def read_keys(folder: Path) -> NamedKeys:
    """The keys that the code and the page templates below a folder name."""
    modules, templates = (sorted(folder.rglob(pattern)) for pattern in ("*.py", "*.j2"))
    return NamedKeys(
        (path.read_text(encoding="utf-8") for path in modules), (path.read_text(encoding="utf-8") for path in templates)
    )
