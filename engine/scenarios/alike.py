"""Scenarios that begin alike: what they all do is played once, until they part.

Two are alike as long as both only carry on as is usual, from the same moment, with the same people,
and what is usual is the same for both. What comes of each is what it would have come to alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.scenarios.model import Line, Outcome, Scenario
from engine.scenarios.runner import (
    Look,
    Run,
    StepFailedError,
    begin,
    carried,
    do_usual,
    outcome_of,
    reference,
    run_scenario,
    take_steps,
)
from engine.scenarios.world import Worlds

Cast = tuple[Scenario, Path]
"""A scenario and the folder that holds its `processes/` and `forms/`."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A course that has begun: the database it stands in, its clock, and what has been noted."""

    database: Path
    now: datetime
    procurement: str
    course: tuple[Line, ...]
    acts: int
    law: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where scenarios stand that have done the same so far: how many of its steps each has taken,
    and what has come of it; `begun` is None while nothing has happened."""

    scenarios: tuple[Scenario, ...]
    root: Path
    taken: tuple[int, ...]
    begun: Begun | None = None

    @property
    def deployed(self) -> tuple[Path, str]:
        """The folder and the process that its scenarios run on."""
        return self.root, self.scenarios[0].process

    @property
    def weight(self) -> int:
        """About how much there is to do."""
        return sum(len(scenario.steps) for scenario in self.scenarios)

    def go_on(self, worlds: Worlds) -> "Outcome | Sequence[Stand]":
        """Play a single scenario to its end, or several until they part.

        What fails for several is played apart, so that each is told by lines of its own.
        """
        if len(self.scenarios) == 1:
            return _to_the_end(self, worlds)
        try:
            return _until_they_part(self, worlds)
        except (StepFailedError, EngineError):
            alone = [[number] for number in range(len(self.scenarios))]
            return list(self.parted(alone, self.taken, self.begun))

    def parted(
        self, parts: list[list[int]], taken: Sequence[int], begun: Begun | None
    ) -> "Iterator[Stand]":
        """One stand for each part of the scenarios, which are told by their numbers."""
        for part in parts:
            scenarios = tuple(self.scenarios[number] for number in part)
            yield Stand(scenarios, self.root, tuple(taken[number] for number in part), begun)


def stands(casts: Iterable[Cast]) -> list[Stand]:
    """The scenarios before anything has happened, those together that can begin alike."""
    alike: dict[Any, list[Scenario]] = {}
    for scenario, root in casts:
        alike.setdefault((root, *_beginning(scenario)), []).append(scenario)
    return [
        Stand(tuple(scenarios), key[0], (0,) * len(scenarios)) for key, scenarios in alike.items()
    ]


def _beginning(scenario: Scenario) -> tuple[Any, ...]:
    """What must be the same in two scenarios for one world to do for both."""
    return (
        scenario.process,
        scenario.procurement,
        scenario.start,
        scenario.pace,
        tuple(scenario.team.items()),
        tuple(scenario.deputies.items()),
    )


def _to_the_end(stand: Stand, worlds: Worlds) -> Outcome:
    (scenario,), (taken,) = stand.scenarios, stand.taken
    if stand.begun is None:
        return run_scenario(scenario, stand.root, worlds)
    with _under_way(stand, worlds) as run:
        take_steps(run, taken)
        return outcome_of(run)


def _until_they_part(stand: Stand, worlds: Worlds) -> list[Stand]:
    with _under_way(stand, worlds) as run:
        taken = list(stand.taken)
        while True:
            look = run.look()
            taken = [_taken(*each, look) for each in zip(stand.scenarios, taken, strict=True)]
            parts = _parts(stand.scenarios, taken, look)
            if len(parts) > 1:
                return list(stand.parted(parts, taken, _begun(run, worlds)))
            do_usual(run, look)


@contextmanager
def _under_way(stand: Stand, worlds: Worlds) -> Iterator[Run]:
    """The first of the scenarios, in a world of its own, as far as they have come."""
    scenario, begun = stand.scenarios[0], stand.begun
    if begun is None:
        with worlds.make(scenario, stand.root, stand.scenarios) as world:
            yield begin(scenario, world, reference(scenario))
    else:
        with worlds.copied(begun.database, begun.now) as world:
            yield Run(
                scenario,
                world,
                begun.procurement,
                list(begun.course),
                acts=begun.acts,
                law=begun.law,
            )


def _begun(run: Run, worlds: Worlds) -> Begun:
    return Begun(
        worlds.keep(run.world),
        run.world.clock.now(),
        run.procurement,
        tuple(run.course),
        run.acts,
        run.law,
    )


def _taken(scenario: Scenario, taken: int, look: Look) -> int:
    """How many steps it has taken now: a `carry-on` that is where it wants to be is done."""
    for step in scenario.steps[taken:]:
        if step.verb != "carry-on" or not carried(step, look):
            break
        taken += 1
    return taken


def _parts(scenarios: Sequence[Scenario], taken: Sequence[int], look: Look) -> list[list[int]]:
    """The numbers of the scenarios, those together that do the same next."""
    parts: list[tuple[Any, list[int]]] = []
    for number, scenario in enumerate(scenarios):
        following = _following(scenario, taken[number], look)
        same = [part for other, part in parts if following is not None and other == following]
        if same:
            same[0].append(number)
        else:
            parts.append((following, [number]))
    return [part for _, part in parts]


def _following(scenario: Scenario, taken: int, look: Look) -> tuple[Any, ...] | None:
    """What it does next where that is the usual thing; None where it is something of its own."""
    step = next(iter(scenario.steps[taken:]), None)
    if step is None or step.verb != "carry-on" or look.status != "running":
        return None
    if not look.tasks:
        return ()
    task = look.tasks[0]
    return scenario.usual.get(task.element), scenario.samples.get(look.element(task).form or "")
