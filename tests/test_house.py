"""The shape of the house."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.situations import ROOT

import assess_lib
from assess_lib.indicators.registry import registered

SOURCES = sorted((ROOT / "src" / "assess_lib").rglob("*.py"))


@pytest.mark.slow
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
    assert measure.section and measure.evidence and all(measure.of[lang][0] for lang in ("zh", "en"))


def test_the_command_line_starts_without_what_only_some_commands_need() -> None:
    heavy = {"babel", "jinja2", "matplotlib", "numpy", "pandas", "pydantic", "ruamel.yaml"}
    code = f"import sys, assess_lib.cli.commands; print(*sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_every_name_of_the_package_is_there() -> None:
    assert all(getattr(assess_lib, name) is not None for name in assess_lib.__all__)
    assert dir(assess_lib) == sorted(assess_lib.__all__)
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        assess_lib.asess  # noqa: B018


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


def test_a_process_that_runs_notebooks_loads_neither_tables_nor_charts() -> None:
    """Every process of a run loads these; what computes and draws is the kernel's."""
    asked = "import sys, assess_lib.runs.execution, assess_lib.pages.export; print(*sorted({'pandas', 'matplotlib', 'lark'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split() == []
    )
