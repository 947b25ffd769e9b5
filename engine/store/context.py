"""Who, when, why: what stands around every fact of one act."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from engine.audit.chain import EntryActor, EntrySubject


@dataclass(frozen=True, slots=True)
class ActContext:
    """The circumstances of one command, the same for all its events but `subject` and `reason`."""

    actor: EntryActor
    at: datetime
    request: str
    rule: str = ""
    reason: str = ""
    subject: EntrySubject = field(default_factory=EntrySubject)

    def about(self, *, element: str = "", task: str = "") -> Self:
        """The same act, speaking of one element and task."""
        return replace(self, subject=replace(self.subject, element=element, task=task))
