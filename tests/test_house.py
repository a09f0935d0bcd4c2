"""The shape of the house and its words."""

from __future__ import annotations

import ast
import importlib
import re
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.situations import ROOT

from assess_lib.indicators.registry import registered
from assess_lib.words import LANGUAGES, catalogue

SOURCES = sorted((ROOT / "src" / "assess_lib").rglob("*.py"))


def test_imports_run_one_way() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_module_is_short_and_says_what_it_is(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring"


@pytest.mark.parametrize("name, measure", registered().items(), ids=list(registered()))
def test_a_measure_opens_with_its_clause(name, measure) -> None:
    regulation = re.sub(r"\s", "", (ROOT / "docs" / "regulation.txt").read_text(encoding="utf-8"))
    opening = measure.function.__doc__.splitlines()[0]
    for piece in re.split(r"…|;", opening):
        assert re.sub(r"\s", "", piece) in regulation, piece
    assert measure.section and measure.evidence and all(measure.of[lang][0] for lang in LANGUAGES)


def test_words_are_there_in_both_languages_with_the_same_blanks() -> None:
    for key, texts in catalogue().items():
        blanks = [{field for _, field, _, _ in string.Formatter().parse(texts[lang]) if field} for lang in LANGUAGES]
        assert blanks[0] == blanks[1] and all(texts.values()), key


def test_every_word_that_is_asked_for_exists_and_every_one_is_used() -> None:
    """Keys written out in code and templates exist; entries that nobody can name are not kept."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    pages = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/assess_lib/pages/templates").rglob("*.j2")
    )
    asked = set(re.findall(r'(?<!_)say\(\s*"([a-z_.0-9]+)"', code))
    for letter, file in (("t", "pages"), ("s", "site"), ("d", "diff")):
        found = re.findall(rf"\b{letter}\('([a-z_.0-9]+)'", pages)
        asked |= {f"{file}.{key}" for key in found if not key.endswith(".")}
    asked |= {
        f"faults.{key}.{part}" for key in re.findall(r'Fault\(\s*"([a-z_.0-9]+)"', code) for part in ("wrong", "right")
    }
    assert asked <= set(catalogue()), sorted(asked - set(catalogue()))
    everything = code + pages
    unused = [key for key in catalogue() if not _named(key, everything)]
    assert unused == []


def _named(key: str, text: str) -> bool:
    """Whether the last part of a key (of a fault: the part before wrong and right) stands in the text."""
    parts = [part for part in key.split(".") if part not in ("wrong", "right")]
    ends = {parts[-1]}
    if parts[-1].startswith(("not_", "partial_", "kind_")) or parts[-2:-1] == ["column"]:
        ends.add(parts[-1].split("_", 1)[-1])  # put together from a kind or a column
    return any(re.search(rf"\b{re.escape(end)}\b", text) for end in ends)


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def pins(extra: str) -> dict[str, set[str]]:
    """The versions that the constraints of an extra allow of each package."""
    text = (ROOT / "constraints" / f"{extra}.txt").read_text(encoding="utf-8")
    assert "://" not in text and len(re.findall("--hash=sha256:", text)) > 500
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def names(wanted: list[str]) -> set[str]:
    found = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace(".", "-") for line in wanted}
    return found - {"assess-lib"}


@pytest.mark.parametrize("extra", ["base", *EXTRAS])
def test_each_dependency_has_its_reason_and_its_pin(extra) -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower().replace(".", "-")
    pinned = pins(extra)
    for name in names(PROJECT["dependencies"] + EXTRAS.get(extra, [])):
        assert f"| `{name}` |" in reasons, f"no reason for {name}"
        assert name in pinned, f"no pin of {name}"


def test_running_the_program_installs_nothing_that_only_tests_and_extras_need() -> None:
    base, tested = pins("base"), pins("test")
    more = names([line for lines in EXTRAS.values() for line in lines]) - names(PROJECT["dependencies"])
    assert set(base) & more <= {"psutil", "fonttools"}, "ipykernel and matplotlib bring these"
    for extra in ("base", *EXTRAS):
        assert all(versions <= tested.get(name, versions) for name, versions in pins(extra).items()), extra


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.name)
def test_a_benchmark_asks_for_nothing_that_is_not_there(path, monkeypatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    importlib.import_module("benchmarks" if path.stem == "__init__" else f"benchmarks.{path.stem}")
