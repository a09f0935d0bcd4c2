"""The same run over a Dask cluster: a real scheduler and real workers, also when one is lost."""

from __future__ import annotations

import sys

import psutil
import pytest
from click.testing import CliRunner
from support.cluster import cluster
from support.jobs import job
from support.runs import pages
from support.situations import SAMPLE

from assess_lib.api import load_data, load_rubric
from assess_lib.cli import main
from assess_lib.faults import UnusableInput
from assess_lib.kernels.client import KernelPlace
from assess_lib.records.result_tables import write_results
from assess_lib.runs.batch import run_year
from assess_lib.runs.cluster import Cluster
from assess_lib.runs.jobs import executed
from assess_lib.runs.national.country import score_partitions
from assess_lib.sample.dataset import write_sample
from assess_lib.scoring.assessment import assess

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


def test_a_run_over_a_cluster_gives_the_pages_of_a_local_one(two, tmp_path) -> None:
    teams = ["T0001", "T0002", "T0003"]
    here = run_year(SAMPLE, 2016, tmp_path / "here", teams=teams, jobs=2)
    told: list[int] = []
    there = run_year(SAMPLE, 2016, tmp_path / "there", teams=teams, scheduler=two.address, progress=told.append)
    assert there.failed == [] and there.made == here.made == [*teams, "annual_summary"]
    assert told == [4] * 4 and not there.ordinary_kernels
    assert pages(tmp_path / "there") == pages(tmp_path / "here")
    assert not list((tmp_path / "there").rglob("*.part*")) + list((tmp_path / "there").glob(".prepared*"))
    children = [child for worker in two.workers for child in psutil.Process(worker.pid).children(recursive=True)]
    assert [child for child in children if "kernels.server" in " ".join(child.cmdline())] == []
    again = run_year(SAMPLE, 2016, tmp_path / "there", teams=teams, scheduler=two.address)
    assert again.made == [] and len(again.kept) == 4


def test_counties_scored_on_a_cluster_give_the_bytes_of_the_whole(two, tmp_path) -> None:
    apart = write_sample(tmp_path / "data", 12, 5, [2016], partitioned=True, jobs=1)
    score_partitions(apart, 2016, tmp_path / "there", scheduler=two.address)
    rules = load_rubric(None, 2016)
    write_results(assess(rules, load_data(apart, 2016, rules)), tmp_path / "here")
    for name in ("scores.csv", "points.csv"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_one_failure_stops_nothing(two, tmp_path) -> None:
    work = [job(tmp_path, "T1", "raise ValueError('no evidence')"), job(tmp_path, "T2")]
    with Cluster(two.address) as workers:
        outcomes = {outcome.name: outcome for outcome in executed(work, workers, KernelPlace(warm=True))}
    assert outcomes["T1"].error == "ValueError: no evidence" and outcomes["T1"].cell is not None
    assert not outcomes["T2"].error and work[1].page.exists()


def test_a_worker_that_is_lost_in_the_middle_loses_nothing(two, tmp_path) -> None:
    """The first job of the worker that is killed is done again by the other one."""
    source = f"import time; open({str(tmp_path)!r} + '/' + team_id, 'a').write('x'); time.sleep(1.5)"
    work = [job(tmp_path, f"T{n}", source) for n in range(1, 7)]
    two.has(2)
    with Cluster(two.address) as workers:
        outcomes = []
        for outcome in executed(work, workers, KernelPlace(warm=True)):
            outcomes.append(outcome)
            if len(outcomes) == 1:
                family = psutil.Process(two.workers[0].pid).children(recursive=True)
                two.workers[0].kill()
                two.workers[0].wait()
        assert psutil.wait_procs(family, timeout=20)[1] == [], "no process of the lost worker is left"
    assert sorted(outcome.name for outcome in outcomes) == [made.name for made in work]
    assert [outcome.error for outcome in outcomes] == [""] * 6 and all(made.page.exists() for made in work)


def test_a_job_that_loses_every_worker_is_given_up_alone(two, tmp_path) -> None:
    """It takes two along; the third does the others."""
    two.has(3)
    deadly = job(tmp_path, "T1", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)")
    with Cluster(two.address) as workers:
        work = [deadly, job(tmp_path, "T2"), job(tmp_path, "T3")]
        outcomes = {outcome.name: outcome for outcome in executed(work, workers)}
    assert "KilledWorker" in outcomes["T1"].error
    assert not outcomes["T2"].error and not outcomes["T3"].error


def test_a_worker_with_another_version_of_the_program_does_no_work(two, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("assess_lib.runs.cluster.code_digest", lambda: "another")
    with Cluster(two.address) as workers:
        monkeypatch.undo()
        (outcome,) = executed([job(tmp_path)], workers)
    assert "another version" in outcome.error and not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "no address at all"])
def test_no_scheduler_is_said_in_words(address, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("assess_lib.runs.cluster.CONNECT_SECONDS", 1)
    command = ["run", str(SAMPLE), "--year", "2016", "--out", str(tmp_path / "o"), "--scheduler", address]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2 and "--scheduler" in done.output and "tcp://10.0.0.1:8786" in done.output
    assert "Traceback" not in done.output and not (tmp_path / "o" / "scores.csv").exists()


def test_no_workers_and_no_distributed_are_said(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("assess_lib.runs.cluster.CONNECT_SECONDS", 1)
    with cluster(tmp_path, workers=0) as found, pytest.raises(UnusableInput) as caught:
        Cluster(found.address)
    assert caught.value.faults[0].key == "run.no_workers"
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UnusableInput) as caught:
        Cluster("tcp://127.0.0.1:8786")
    assert caught.value.faults[0].key == "run.no_distributed"
