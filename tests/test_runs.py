"""Whole runs on real kernels: papermill's command line, the batch, a notebook that fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from support.jobs import job
from support.runs import run_command
from support.situations import ROOT, SAMPLE

from assess_lib.runs import batch
from assess_lib.runs.batch import run_year
from assess_lib.runs.jobs import run_job, sentence

BIN = Path(sys.executable).parent
pytestmark = pytest.mark.slow


def test_plain_papermill_works_as_it_is(tmp_path) -> None:
    out = tmp_path / "out.ipynb"
    command = [
        str(BIN / "papermill"),
        "notebooks/scorecard.ipynb",
        str(out),
        "-p",
        "team_id",
        "T0003",
        "-p",
        "year",
        "2016",
        "--no-progress-bar",
    ]
    for _ in range(2):  # once more when a kernel lost its port to another process before it began
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
        )
        if "Address already in use" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr
    notebook = nbformat.read(out, 4)
    html = "".join(
        o["data"].get("text/html", "") for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs
    )
    assert "编号 T0003" in html
    assert not [
        o
        for cell in notebook.cells
        if cell.cell_type == "code"
        for o in cell.outputs
        if o.output_type in ("stream", "error")
    ]


def test_a_run_makes_scorecards_summary_and_index(tmp_path) -> None:
    command = run_command(SAMPLE, tmp_path / "run", "--teams", "T0004,T0014", "--lang", "en", "--jobs", "2")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "3 made, 0 kept from before, 0 failed" in done.stdout
    assert "WARNING" not in done.stderr and "Traceback" not in done.stderr
    run = tmp_path / "run"
    files = sorted(str(path.relative_to(run)) for path in run.rglob("*") if path.is_file())
    assert files == [
        ".run.lock",
        "index.html",
        "manifest.jsonl",
        "notebooks/T0004.ipynb",
        "notebooks/T0014.ipynb",
        "notebooks/annual_summary.ipynb",
        "points.csv",
        *(
            f"record/{name}"
            for name in (
                "before.csv",
                "lists.json",
                "pages.json",
                "receipt.csv",
                "record.json",
                "rubric.json",
                "rubric_before.json",
                "teams.csv",
                "terms.csv",
            )
        ),
        "scores.csv",
        "side_by_side.html",
        "summary.html",
        "teams/T0004.html",
        "teams/T0014.html",
        "what_if.html",
    ]
    page = (run / "teams" / "T0004.html").read_text(encoding="utf-8")
    assert 'lang="en"' in page and "Where the team stands" in page and "../index.html" in page
    assert len(page.encode()) <= 400_000
    index = (run / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="(teams/[^"]+)"', index)) == {"teams/T0004.html", "teams/T0014.html"}
    heat = {team: signs for signs, team in re.findall(r'data-heat="([^"]+)".*? · (T\d{4})<', index)}
    points = pd.read_csv(run / "points.csv").set_index("team_id").loc["T0004"]
    weighty = points[~points["indicator"].str.contains(":")]
    full = (weighty["points"] == weighty["weight"]) & (weighty["weight"] > 0) & (weighty["status"] != "no_evidence")
    assert 'id="heatmap"' in index and len(heat) == 24
    assert heat["T0004"].count("a") == full.sum() > 10
    lines = re.findall(r'<div class="heat-grid"><ol>(.*?)</ol>', index)
    assert len(lines) == 4 and len(heat["T0004"]) == sum(line.count("<li ") for line in lines)
    shown = re.search(r'sc-badge g\d"><b>([\d.]+)</b>', page)[1]
    scores = (run / "scores.csv").read_text(encoding="utf-8")
    assert re.search(r"^T0004,.*,([\d.]+),\d+,fail,false$", scores, re.MULTILINE)[1] == shown
    again = run_year(SAMPLE, 2016, tmp_path / "again", teams=["T0004"], jobs=1, lang="en")
    assert again.failed == [] and (tmp_path / "again" / "teams" / "T0004.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    "source, said",
    [("raise ValueError('no evidence for ' + team_id)", "no evidence for T1"), ("import os; os._exit(1)", "Dead")],
)
def test_a_failing_notebook_is_told_and_kept(source, said, tmp_path) -> None:
    outcome = run_job(job(tmp_path, source=source))
    assert said in outcome.error
    assert outcome.notebook.endswith("T1.failed.ipynb") and Path(outcome.notebook).exists()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["T1.failed.ipynb"]
    assert "T1" in sentence(outcome, "zh") and "\n" not in sentence(outcome, "en")


def test_one_failure_does_not_stop_the_others(tmp_path, monkeypatch) -> None:
    """The second team's notebook breaks; the rest, the index and the exit code tell of it."""
    real = batch.team_job

    def broken(folder, team, given, title):
        made = real(folder, team, given, title)
        return made if team != "T0002" else replace(made, parameters={**made.parameters, "data": "nowhere"})

    monkeypatch.setattr(batch, "team_job", broken)
    report = run_year(SAMPLE, 2016, tmp_path / "run", teams=["T0001", "T0002"], jobs=2)
    assert report.made == ["T0001", "annual_summary"] and [outcome.name for outcome in report.failed] == ["T0002"]
    assert report.failed[0].cell is not None and "nowhere" in report.failed[0].error
    index = report.index.read_text(encoding="utf-8")
    assert "T0002" in index and 'href="teams/T0001.html"' in index and 'href="teams/T0002.html"' not in index


@pytest.mark.parametrize("name", ["scorecard", "annual_summary"])
def test_notebooks_hold_words_parameters_and_calls(name) -> None:
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in code) == 1
    assert all(cell["execution_count"] for cell in code), "kept with outputs, or nbval compares nothing"
    assert (
        sum(
            len(cell["source"]) if isinstance(cell["source"], list) else cell["source"].count("\n") + 1 for cell in code
        )
        < 30
    )
    assert all(output["output_type"] not in ("stream", "error") for cell in code for output in cell["outputs"])
    assert str(ROOT) not in json.dumps(notebook)


@pytest.mark.parametrize("name", ["scorecard", "annual_summary", "workbench"])
def test_notebooks_give_their_stored_outputs(name) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout",
        "120",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        f"notebooks/{name}.ipynb",
    ]
    for _ in range(2):  # as above
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "ASSESS_DATA": str(SAMPLE)}, capture_output=True, text=True
        )
        if "Kernel died before replying" not in done.stdout + done.stderr:
            break
    assert done.returncode == 0, done.stdout[-3000:]
