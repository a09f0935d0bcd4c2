"""``docs/indicators.md`` and ``docs/tables.md``: from rubric, docstrings and schemas, so that they cannot go stale.

Run as ``python docs/generate.py docs``.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from assess_lib.api import load_rubric
from assess_lib.atomic import write_text
from assess_lib.exact import decimal_text
from assess_lib.indicators.fund_use import money_of_year
from assess_lib.indicators.on_duty import members_on_duty
from assess_lib.indicators.registry import registered
from assess_lib.resources import project_root
from assess_lib.rules.rubric import Indicator, Rubric
from assess_lib.scorecard.wording import path_rule_text, rule_text, target_text, unit_of
from assess_lib.tables.dataset import YearData
from assess_lib.tables.keys import REFERENCES, ROW_KEYS
from assess_lib.tables.schemas import SCHEMAS

HEAD = """# Indicators

Generated from `parameters/rubrics/{file}.yaml` and the docstrings of `src/assess_lib/indicators/`
by `make docs`; a test keeps it current. Weights are proposals; *regulation* marks a target that
stands in the clause quoted ([the regulation](regulation.txt)), *proposal* one that does not.
What the score kinds and the words of a rule mean: [rubric-language.md](rubric-language.md).
"""
DEFINITIONS = {
    "贫困户 · Poor household of the year": YearData.poor_households,
    "帮扶户 · Household in care": YearData.households_in_care,
    "在岗日 · Duty days": members_on_duty,
    "本年资金 · Money of the year": money_of_year,
}
POLICIES = {
    "zero": "no evidence earns 0",
    "exclude": "without evidence the weight is shared out",
    "provisional": "without evidence the total is provisional",
}


def reference(rubric: Rubric) -> str:
    """The reference page of a rubric, in Markdown."""
    parts = [HEAD.format(file=rubric.id), _definitions(rubric)]
    for number, dimension in enumerate(rubric.dimensions, start=1):
        parts.append(
            f"\n## {number} {dimension.name.zh} · {dimension.name.en} — {decimal_text(dimension.weight)} points\n"
        )
        for group in dimension.groups:
            held = [
                f"{word} {decimal_text(limit)}"
                for word, limit in (("cap", group.cap), ("floor", group.floor))
                if limit is not None
            ]
            parts.append(f"\n### {group.name.zh} · {group.name.en}" + (f" ({', '.join(held)})" if held else "") + "\n")
            parts += [_entry(indicator) for indicator in group.indicators]
    return "".join([*parts, _not_measured(rubric)])


def _definitions(rubric: Rubric) -> str:
    """What several indicators share, each defined by the one function that they all call."""
    parts = ["\n## Definitions\n\nDefined once, for every indicator that uses them.\n"]
    for title, function in DEFINITIONS.items():
        users = [f"`{i.id}`" for i in rubric.indicators() if not i.entered and _uses(i.measure, function)]
        text = inspect.getdoc(function)
        parts.append(f"\n### {title}\n\n{text}\n\n- Defined by {_source(function)}; used by {', '.join(users)}\n")
    shared = ", ".join(f"{name} = {value}" for name, value in rubric.options.items())
    return "".join(parts) + (f"\nOptions that several indicators share: {shared} (proposal).\n" if shared else "")


def _uses(measure: str, function) -> bool:
    """True where a measure calls a function, itself or through helpers of the package."""
    wanted, seen, left = function.__name__, set(), [registered()[measure].function]
    while left:
        code = left.pop()
        seen.add(code)
        nested = [const for const in code.__code__.co_consts if inspect.iscode(const)]
        names = {*code.__code__.co_names, *(name for inner in nested for name in inner.co_names)}
        if wanted in names:
            return True
        known = {**vars(YearData), **code.__globals__}
        called = [known[name] for name in names if inspect.isfunction(known.get(name))]
        left += [one for one in called if one not in seen and one.__module__.startswith("assess_lib")]
    return False


def _not_measured(rubric: Rubric) -> str:
    if not rubric.not_measured:
        return ""
    lines = ["\n## Not measured\n\nClauses without an indicator, and why.\n\n| clause | | why |\n|---|---|---|"]
    lines += [f"| {n.clause.words} | {n.clause.section} | {n.why.zh} · {n.why.en} |" for n in rubric.not_measured]
    return "\n".join(lines) + "\n"


TABLES_HEAD = """# Input tables

Generated from `src/assess_lib/tables/schemas.py` by `make docs`; a test keeps it current.

A year's folder `data/<name>/<year>/` holds workbooks (`.xlsx`, a sheet per table, usually one workbook per
county), CSV files (UTF-8, GB 18030, UTF-16) and Parquet, in any mix; parts of one table may stand in several files.
A sheet or file is named after its table, a column after itself, in Chinese, English or by its id as below.
**Bold**: the key, which no two rows share. *Italic*: may be left out altogether. In what ways a cell may be written,
what is checked, and what becomes of a row with an error stands in [intake.md](intake.md). `audits` may be missing;
`entered_values` is needed only where the rubric asks for it.

A large data set may be partitioned by county, in the layout that DuckDB, Spark and pyarrow write:
`<year>/<table>/county=<county>/*.parquet`, the county's name percent-encoded where it must be. A county
holds all that belongs to its villages; `units`, `unit_actions` and `benchmarks` stand for all counties
and stay files, `entered_values` may be either. `teams` and `villages` may leave `county` to the folder's
name. `assess score` and `assess check` then go county by county ([scale.md](scale.md)).
"""
KINDS = {
    "text": "text",
    "code": "code",
    "number": "number",
    "whole": "whole number",
    "yes_no": "yes/no",
    "date": "date",
}


def tables_page() -> str:
    """The reference page of the input tables, in Markdown."""
    parts = [TABLES_HEAD]
    for name, schema in SCHEMAS.items():
        parts.append(
            f"\n## `{name}` {schema.metadata['zh']} · {schema.metadata['en']}\n\n| column | | kind | |\n|---|---|---|---|\n"
        )
        for column, spec in schema.columns.items():
            parts.append(_column_row(name, column, spec))
    return "".join(parts)


def _column_row(table: str, column: str, spec) -> str:
    about, rules = spec.metadata, []
    shown = f"**`{column}`**" if column in ROW_KEYS[table] else f"`{column}`" if spec.required else f"*`{column}`*"
    if goal := REFERENCES.get(table, {}).get(column):
        rules.append(f"an id of `{goal}`")
    rules += [f"`{code}` {words[0]}" for code, words in (about.get("codes") or {}).items()]
    rules += ["must be filled in"] if spec.required and not spec.nullable else []
    rules += ["in the year"] if about.get("in_year") else []
    rules += ["masked wherever it is shown"] if about.get("personal") else []
    kind = KINDS[about["kind"]] + (f" ({about['unit']})" if about.get("unit") else "")
    return f"| {shown} | {about['zh']} · {about['en']} | {kind} | {'; '.join(rules)} |\n"


def _entry(indicator: Indicator) -> str:
    unit, weight = unit_of(indicator), indicator.weight
    lines = [
        f"\n#### `{indicator.id}` {indicator.name.zh} · {indicator.name.en}\n",
        f"> {indicator.clause.words} ({indicator.clause.section})\n",
    ]
    if not indicator.entered:
        measure = registered()[indicator.measure]
        lines.append(_body(measure.function) + "\n")
        top, below = measure.of["zh"]
        lines.append(f"- Counts: {top}" + (f" ÷ {below}" if below else ""))
        lines.append(
            f"- Evidence: {', '.join(f'`{name}`' for name in measure.evidence)} · measured by {_source(measure.function)}"
        )
    else:
        lines.append("Typed in by evaluators (table `entered_values`).\n")
    options = ", ".join(f"{name} = {value}" for name, value in indicator.options.items())
    lines += [
        f"- Weight {decimal_text(weight)} · target {target_text(indicator.score, weight, unit, 'en')} ({indicator.basis})"
        + (f" · {options}" if options else ""),
        f"- Rule: {rule_text(indicator.score, weight, unit, 'en')}{path_rule_text(indicator, 'en')}",
        f"- Missing: {POLICIES[indicator.missing]}",
    ]
    return "\n".join(lines) + "\n"


def _body(function) -> str:
    """The docstring after its opening clause."""
    return (inspect.getdoc(function) or "").partition("\n\n")[2]


def _source(function) -> str:
    path = Path(inspect.getsourcefile(function)).resolve()
    place = path.relative_to(path.parents[[p.name for p in path.parents].index("src")].parent)
    return f"[`{function.__name__}`](../{place.as_posix()})"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write_text(
        folder / "indicators.md",
        reference(load_rubric(project_root() / "parameters" / "rubrics" / "hubei-2016.yaml", 2016)),
    )
    write_text(folder / "tables.md", tables_page())
