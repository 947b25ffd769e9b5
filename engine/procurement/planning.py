"""Planning assumptions: how long work usually takes, how often it is repeated, which days matter.

Read from `data/planning.yaml`. They are experience, never law: whatever the law sets comes from the
dated rules (`ruledata`), and a plan says of each bar which of the two it rests on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from engine.errors import InvalidInputError
from engine.procurement.text import Text
from engine.yaml_text import read_yaml

MOST_REPEATS = 20
MOST_EXTRA_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Repeat:
    """Elements `first` to `last` of one level are done `planned` times; see the data file."""

    id: str
    first: str
    last: str
    planned: int
    title: Text
    counter: str = ""
    known: str = ""
    known_form: str = ""
    known_rows: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineAssumption:
    """A moment people set: the legal minimum by procedure from the variable `start`, or `days`
    working days."""

    days: int
    start: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MilestoneKind:
    """Where a milestone's day comes from; exactly one of the first four says it. `day_after` names
    a milestone that is a wait, and is the day after it has ended and all before it is done.
    `called` is what it is in some procedures, where the same moment closes something else."""

    id: str
    variable: str = ""
    wait: str = ""
    decision: str = ""
    day_after: str = ""
    limit: str = ""
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All durations are working days; `office_hours` from and to, of a working day in Norway."""

    office_hours: tuple[int, int]
    default_days: int
    gate_days: int
    days: Mapping[str, int]
    repeats: tuple[Repeat, ...]
    deadlines: Mapping[str, DeadlineAssumption]
    milestones: tuple[MilestoneKind, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a lead wants to see the plan with, for one procurement.

    `procedure` replaces the procedure whose minimum periods count. `repeats` says how often what is
    repeated is done, by its id. `extra` are working days more (or less) by element; a period of the
    law never gets shorter than the law has it.
    """

    procedure: str = ""
    repeats: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Raises `InvalidInputError` for numbers no plan can have."""
        for key, count in self.repeats.items():
            if not 1 <= count <= MOST_REPEATS:
                raise InvalidInputError(
                    f"{count} is no number of {key}. Use a whole number from 1 to {MOST_REPEATS}.",
                    repeats=key,
                    about="plan-repeats",
                    most=MOST_REPEATS,
                )
        for key, days in self.extra.items():
            if abs(days) > MOST_EXTRA_DAYS:
                raise InvalidInputError(
                    f"{days} days cannot be added to {key}. Use -{MOST_EXTRA_DAYS} to "
                    f"{MOST_EXTRA_DAYS}.",
                    element=key,
                    about="plan-days",
                    most=MOST_EXTRA_DAYS,
                )


AS_IT_IS = Choice()


@lru_cache(maxsize=1)
def assumptions() -> Assumptions:
    """Those of the data file."""
    file = resources.files("engine.procurement").joinpath("data", "planning.yaml")
    read: Mapping[str, Any] = read_yaml(file.read_text(encoding="utf-8"))
    return Assumptions(
        office_hours=(read["office_hours"]["from"], read["office_hours"]["to"]),
        default_days=read["default_days"],
        gate_days=read["gate_days"],
        days=read["days"],
        repeats=tuple(Repeat(**each) for each in read["repeats"]),
        deadlines={name: DeadlineAssumption(**each) for name, each in read["deadlines"].items()},
        milestones=tuple(MilestoneKind(**each) for each in read["milestones"]),
    )
