"""What one procurement leaves for the next: lessons at the steps of processes, and matter that is
shared with other buyers and reused by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LESSON_FORMS: Final = frozenset({"lessons", "learning-report"})
LESSONS: Final = "by_step"
"""The field of these forms that says what each step taught."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Matter of one kind that can be shared: the form it stands in, and which of its fields others
    get. Names of suppliers, persons and files are never among them."""

    form: str
    fields: frozenset[str]
    only_announced: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "need": Kind(
        "need",
        frozenset(
            {
                "title",
                "need",
                "today",
                "gap_in_market",
                "scenarios",
                "effects",
                "affected",
                "innovation_ambition",
                "bt776",
                "functional",
            }
        ),
    ),
    "market-report": Kind(
        "market-report",
        frozenset(
            {
                "findings",
                "solution_exists",
                "reason",
                "maturity",
                "suppliers",
                "risks_of_distortion",
                "mitigation",
                "recommendation",
            }
        ),
    ),
    "criteria": Kind(
        "procurement-documents",
        frozenset({"selection", "award_criteria"}),
        only_announced=True,
    ),
}
"""By what people call it."""
MODEL: Final = "model"
"""Versions of processes can be shared too; they are no form of a procurement."""


def kind_of_form(form: str | None) -> str:
    """The kind of matter that stands in a form, "" for forms that are not shared."""
    return next((name for name, kind in KINDS.items() if kind.form == form), "")


@dataclass(frozen=True, slots=True)
class LessonRecord:
    """What a step taught. `open` lets other buyers see it too; `withdrawn_at` ends its showing."""

    id: str
    procurement: str
    organisation: str
    process: str
    element: str
    text: str
    open: bool
    by: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedRecord:
    """Matter that was let across the border of an organisation. `submission` is the version of the
    form, `chain` the procurement; of a model the version of the process, and the organisation.
    `to_all` when every buyer of the installation sees it."""

    id: str
    organisation: str
    chain: str
    kind: str
    submission: str
    title: str
    to_all: bool
    by: str
    at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReuseRecord:
    """Matter that was taken into the form of a task, and where it came from; a model that a
    procurement was started on has no task, and its number stands in `reference`."""

    id: str
    procurement: str
    task: str
    kind: str
    submission: str
    title: str
    organisation: str
    reference: str
    by: str
    at: datetime
