"""Consistency between the parts of a rubric: sums of weights, references, measures, steps.

Works on the raw tree, so that these faults are named together with faults of form.
Each finding is (key of the wording, path in the tree, value found, details).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from assess_lib.exact import as_written, decimal_text
from assess_lib.rules.contradictions import contradictions
from assess_lib.rules.path_faults import path_faults
from assess_lib.rules.references import Finding, references
from assess_lib.rules.rubric import PEER_COLUMNS, Place, Rubric
from assess_lib.rules.vocabulary import Vocabulary

Node = Mapping[str, Any]
OTHER = "*"
# Columns of the results, beside which those of focal points and indicators stand.
RESERVED = frozenset(
    "team_id year total lowest highest provisional county area unit_type vetoes rank overall_rank grade reviewed name"
    " unit_id village_id unit_name village_name dimension group indicator numerator denominator value target points weight"
    " most status reason".split()
)


def inconsistencies(tree: Node, rubric: Rubric | None, vocabulary: Vocabulary | None) -> Iterator[Finding]:
    """All findings; those that need a well-formed rubric only when there is one."""
    placed = list(_indicators(tree))
    yield from _misused_ids(tree, placed)
    yield from _measures(tree, placed, vocabulary)
    yield from _weight_sums(tree)
    if rubric is not None:
        yield from references(rubric, vocabulary)
        yield from contradictions(rubric)
        yield from path_faults(rubric, vocabulary)


def _misused_ids(tree: Node, placed: list[tuple[Place, Node]]) -> Iterator[Finding]:
    """Ids that are columns of the results, or stand twice."""
    named = [((*loc, "id"), node.get("id")) for loc, node in placed]
    named += [(("dimensions", n, "id"), d.get("id")) for n, d in _maps(tree.get("dimensions"))]
    seen: set[Any] = set()
    for loc, name in named:
        if name in RESERVED:
            yield "rubric.reserved_id", loc, name, {"example": f"{name}_score"}
        if name in seen:
            yield "rubric.repeated_id", loc, name, {}
        seen.add(name)
    vetoes: set[Any] = set()
    for n, veto in _maps(tree.get("veto")):
        if veto.get("id") in vetoes:
            yield "rubric.repeated_id", ("veto", n, "id"), veto.get("id"), {}
        vetoes.add(veto.get("id"))
    groups: set[Any] = set()
    for d, dimension in _maps(tree.get("dimensions")):
        for g, group in _maps(dimension.get("groups")):
            if group.get("id") in groups:
                yield "rubric.repeated_id", ("dimensions", d, "groups", g, "id"), group.get("id"), {}
            groups.add(group.get("id"))


def _measures(tree: Node, placed: list[tuple[Place, Node]], vocabulary: Vocabulary | None) -> Iterator[Finding]:
    top = tree.get("options")
    shared: Node = top if isinstance(top, Mapping) else {}
    known = vocabulary.options if vocabulary else {}
    used = {option for _, node in placed for option in known.get(str(node.get("measure")), ())}
    for option in shared if vocabulary is not None else ():
        if option not in used:
            yield "rubric.unknown_option", ("options", option), option, {"allowed": ", ".join(sorted(used)) or "-"}
    for loc, node in placed:
        name, options = node.get("measure"), node.get("options")
        taken: tuple[str, ...] = ()
        for option, given in options.items() if isinstance(options, Mapping) else ():
            if option in shared and given != shared[option]:
                yield "rubric.option_twice", (*loc, "options", option), given, {"shared": str(shared[option])}
        if name == "entered":
            if "unit" not in node:
                yield "rubric.entered_unit", loc, node.get("id"), {}
        elif vocabulary is None or not isinstance(name, str):
            continue
        elif name not in vocabulary.options:
            yield "rubric.unknown_measure", (*loc, "measure"), name, {"near": _nearest(name, vocabulary.options)}
            continue
        else:
            taken = tuple(vocabulary.options[name])
            if node.get("unit") is not None:
                yield "rubric.measured_unit", (*loc, "unit"), node["unit"], {}
        for option in options if isinstance(options, Mapping) else ():
            if option not in taken:
                yield "rubric.unknown_option", (*loc, "options", option), option, {"allowed": ", ".join(taken) or "-"}


def _weight_sums(tree: Node) -> Iterator[Finding]:
    """Indicators add up to their focal point and focal points to the total, in every peer group."""
    total = _number(tree.get("total", 100))
    for peers in _peer_groups(tree):
        dimensions = list(_maps(tree.get("dimensions")))
        weights = [_weight_for(dimension, peers) for _, dimension in dimensions]
        who = "; ".join(f"{key} = {value}" for key, value in peers.items() if value != OTHER)
        whole_sum = _sum(weights)
        if total is not None and whole_sum is not None and whole_sum != total:
            details = {"wanted": _text(total), "who": who}
            yield "rubric.sum_of_dimensions", ("dimensions",), _text(whole_sum), details
        for (d, dimension), whole in zip(dimensions, weights):
            parts = [
                _weight_for(node, peers)
                for _, group in _maps(dimension.get("groups"))
                for _, node in _maps(group.get("indicators"))
            ]
            part_sum = _sum(parts)
            if whole is not None and part_sum is not None and part_sum != whole:
                loc = ("dimensions", d, "weight")
                yield "rubric.sum_of_indicators", loc, _text(part_sum), {"wanted": _text(whole), "who": who}


def _sum(numbers: list[Fraction | None]) -> Fraction | None:
    """The sum; None where there is nothing to add, or one of them is no number."""
    known = [number for number in numbers if number is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(numbers) else None


def _peer_groups(tree: Node) -> Iterator[dict[str, str]]:
    """Every combination of the counties, areas and unit types that the variants tell apart."""
    values: dict[str, list[str]] = {column: [] for column in PEER_COLUMNS}
    holders = [node for _, node in _indicators(tree)] + [node for _, node in _maps(tree.get("dimensions"))]
    for holder in holders:
        for _, variant in _maps(holder.get("variants")):
            for column, names in (variant.get("peers") or {}).items():
                if column in values and isinstance(names, list):
                    values[column] += [name for name in names if name not in values[column]]
    for combination in product(*([OTHER, *values[column]] for column in PEER_COLUMNS)):
        yield dict(zip(PEER_COLUMNS, combination))


def _weight_for(node: Node, peers: Mapping[str, str]) -> Fraction | None:
    for _, variant in _maps(node.get("variants")):
        chosen = variant.get("peers")
        if isinstance(chosen, Mapping) and all(peers.get(column) in (names or ()) for column, names in chosen.items()):
            return _number(variant.get("weight", node.get("weight")))
    return _number(node.get("weight"))


def _indicators(tree: Node) -> Iterator[tuple[Place, Node]]:
    for d, dimension in _maps(tree.get("dimensions")):
        for g, group in _maps(dimension.get("groups")):
            for i, node in _maps(group.get("indicators")):
                yield ("dimensions", d, "groups", g, "indicators", i), node


def _maps(nodes: Any) -> list[tuple[int, Node]]:
    if not isinstance(nodes, list):
        return []
    return [(n, node) for n, node in enumerate(nodes) if isinstance(node, Mapping)]


def _number(value: Any) -> Fraction | None:
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return as_written(value) if known else None


def _text(number: Fraction) -> str:
    return decimal_text(number)


def _nearest(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(name, list(known), n=3)) or "entered"
