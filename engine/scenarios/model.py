"""A scenario as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does at a task: form fields over the sample form, option, reason, who."""

    form: Mapping[str, Any] = field(default_factory=dict)
    choose: str = ""
    reason: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the course. `verb` is the key that names it; `line` where it stands; `at` a
    moment, or how long after the step before."""

    verb: str
    subject: Any
    line: int
    at: datetime | timedelta | None = None
    act: Act = field(default_factory=Act)
    branch: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`team` maps roles to persons; `usual` maps element ids to what is done where the course
    does not say; `samples` maps form keys (and messages) to complete example submissions;
    `deputies` maps a person of the team to the one he or she stands in for. An act without a time
    of its own happens `pace` after the one before."""

    name: str
    file: str
    title: Mapping[str, str]
    process: str
    procurement: str
    start: datetime
    team: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    usual: Mapping[str, Act]
    samples: Mapping[str, Mapping[str, Any]]
    deputies: Mapping[str, str] = field(default_factory=dict)
    pace: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, for people to read."""

    at: datetime
    text: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a scenario expected, what there was instead, and where it says so."""

    line: int
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario went. Times in Oslo on the lines of its course are the reader's affair."""

    scenario: str
    file: str
    failures: tuple[Failure, ...]
    course: tuple[Line, ...]
    acts: int
    status: str

    @property
    def passed(self) -> bool:
        return not self.failures
