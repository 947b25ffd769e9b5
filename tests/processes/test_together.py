"""Scenarios that are played at the same time come out as if they had been played in turn."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from unittest.mock import patch

import pytest

from engine.errors import WorkerEndedError
from engine.scenarios.alike import Cast, stands
from engine.scenarios.model import Outcome
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import find_scenario, run_scenario
from engine.scenarios.together import run_together
from engine.scenarios.world import Worlds
from service.versions import load_files
from tests.support.small_process import KEY, small_process

COURSE = """\
title: {{nb: En liten anskaffelse, en: A small procurement}}
process: {process}
start: 2026-03-23 09:00
team: {{procurement-lead: [lead], need-owner: [owner], legal: [lawyer]}}
forms:
  need: {{title: Trygg badeplass, need: Redde liv ved vann, functional: true}}
steps:
  - carry-on: {until}
  - expect: {{only-open: [{found}]}}
"""
Play = Callable[[Path], list[Outcome]]
LONG = {"process": KEY, "until": "draft", "found": "draft"}
SHORT = {"process": KEY, "until": "describe", "found": "describe"}


def played(casts: Sequence[Cast]) -> list[Outcome]:
    return list(run_together(casts, load_files))


@pytest.fixture(scope="module")
def apart() -> Iterator[ProcessPoolExecutor]:
    """A process without the threads that tests may have left in this one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        yield process


@pytest.fixture
def play(apart: ProcessPoolExecutor) -> Play:
    """Plays the scenarios of a folder together."""

    def do(root: Path) -> list[Outcome]:
        casts = [(each, root) for each in read_scenarios(root)]
        return apart.submit(played, casts).result()

    return do


def played_by_who_dies(casts: Sequence[Cast]) -> list[Outcome]:
    with patch.object(Worlds, "prepare", lambda *_: os._exit(3)):
        return played(casts)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the small process, its scenarios, and a process that cannot be read."""
    for name, content in small_process().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "processes/broken").mkdir()
    (tmp_path / "processes/broken/broken.bpmn").write_text("<definitions", "utf-8")
    return tmp_path


def write(root: Path, **courses: dict[str, str]) -> None:
    folder = root / "processes" / KEY / "scenarios"
    folder.mkdir()
    for name, course in courses.items():
        (folder / f"{name}.yaml").write_text(COURSE.format(**course), "utf-8")


def test_outcomes_are_those_of_playing_in_turn_in_the_order_given(
    root: Path, worlds: Worlds, play: Play
) -> None:
    write(root, a=LONG, b=SHORT, c={**LONG, "found": "describe"}, d=SHORT)

    together = play(root)

    assert together == [run_scenario(each, root, worlds) for each in read_scenarios(root)]
    assert [each.passed for each in together] == [True, True, False, True]


def test_a_process_that_cannot_be_deployed_fails_its_own_scenarios_alone(
    root: Path, play: Play
) -> None:
    write(root, a={**SHORT, "process": "broken"}, b=SHORT)

    refused, played = play(root)

    assert (refused.status, refused.acts) == ("not started", 0)
    assert refused.failures[0].expected == "broken can be started"
    assert "processes/broken/broken.bpmn:1" in refused.failures[0].found
    assert played.passed


def test_what_scenarios_begin_alike_is_done_once(root: Path, worlds: Worlds) -> None:
    write(root, a=LONG, b={**LONG, "found": "describe"}, c=SHORT)
    (stand,) = stands([(each, root) for each in read_scenarios(root)])

    later, at_once = stand.go_on(worlds)
    parted = later.go_on(worlds)

    assert [each.name for each in at_once.scenarios] == ["c"]
    assert [[each.name for each in stand.scenarios] for stand in parted] == [["a"], ["b"]]
    assert at_once.begun.acts == 0
    assert {stand.begun.acts for stand in parted} == {run_scenario_acts(root, worlds, "a")}


def run_scenario_acts(root: Path, worlds: Worlds, name: str) -> int:
    scenario = find_scenario(read_scenarios(root), name)
    return run_scenario(scenario, root, worlds).acts


def test_scenarios_of_other_days_or_people_do_not_begin_alike(root: Path) -> None:
    write(root, a=LONG, b=LONG, c=LONG)
    folder = root / "processes" / KEY / "scenarios"
    for name, old, new in (("b", "03-23", "03-24"), ("c", "[lawyer]", "[other]")):
        file = folder / f"{name}.yaml"
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    begun = stands([(each, root) for each in read_scenarios(root)])

    assert [[each.name for each in stand.scenarios] for stand in begun] == [["a"], ["b"], ["c"]]


def test_whom_one_of_them_brings_in_later_does_not_part_them(
    root: Path, worlds: Worlds, play: Play
) -> None:
    write(root, a=LONG, b=LONG)
    file = root / "processes" / KEY / "scenarios/b.yaml"
    with file.open("a", encoding="utf-8") as course:
        course.write("  - replace: {role: legal, out: lawyer, in: lawyer-2}\n    reason: Bytte.\n")
        course.write("  - expect: {recorded: {MemberAdded: 4, MemberRemoved: 1}}\n")
    scenarios = read_scenarios(root)

    (stand,) = stands([(each, root) for each in scenarios])
    outcomes = play(root)

    assert [each.name for each in stand.scenarios] == ["a", "b"]
    assert outcomes == [run_scenario(each, root, worlds) for each in scenarios]
    assert [each.failures for each in outcomes] == [(), ()]


def test_what_fails_for_several_is_told_to_each_by_its_own_line(
    root: Path, worlds: Worlds, play: Play
) -> None:
    write(root, a={**LONG, "until": "nowhere"}, b={**LONG, "until": "nowhere"})
    file = root / "processes" / KEY / "scenarios/b.yaml"
    file.write_text("# one line more\n" + file.read_text("utf-8"), "utf-8")
    scenarios = read_scenarios(root)

    first, second = play(root)

    assert [first, second] == [run_scenario(each, root, worlds) for each in scenarios]
    assert second.failures[0].line == first.failures[0].line + 1


def test_a_process_with_other_threads_plays_nothing(root: Path) -> None:
    write(root, a=SHORT)
    done = Event()
    other = Thread(target=done.wait)
    other.start()
    try:
        with pytest.raises(RuntimeError, match="without other threads"):
            played([(each, root) for each in read_scenarios(root)])
    finally:
        done.set()
        other.join()


def test_a_worker_that_ends_by_itself_is_told_in_one_error(
    root: Path, apart: ProcessPoolExecutor
) -> None:
    write(root, a=SHORT)
    casts = [(each, root) for each in read_scenarios(root)]

    with pytest.raises(WorkerEndedError, match="status 3"):
        apart.submit(played_by_who_dies, casts).result()
