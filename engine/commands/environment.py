"""What every handler is given: the transaction, the clock, the deployed versions, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.access.policy import Action, require, require_level
from engine.access.rules import Grounds, Target
from engine.audit.chain import EntryActor, EntrySubject
from engine.bpmn.cache import DefinitionCache
from engine.clock import OSLO, Clock
from engine.model.actor import Actor
from engine.registers import Registers, shipped
from engine.store.context import ActContext
from engine.store.unit_of_work import UnitOfWork
from engine.vault.keys import Vaults

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Environment:
    """The parts that outlive a command. `levels` is the level of assurance that an action asks for
    where it is more than none."""

    clock: Clock
    definitions: DefinitionCache
    levels: Mapping[Action, int] = field(default_factory=dict)
    registers: Registers = field(default_factory=shipped)
    vaults: Vaults = field(default_factory=Vaults)


@dataclass(frozen=True, slots=True)
class Session:
    """One command being handled: its transaction, its actor, and the one moment it happens at."""

    work: UnitOfWork
    environment: Environment
    actor: Actor
    now: datetime
    request: str

    @property
    def today(self) -> date:
        """The day in Oslo: seats, absences and rules change at midnight there."""
        return self.now.astimezone(OSLO).date()

    def require(self, action: Action, target: Target, *, kind: str, key: str) -> Grounds:
        """The access rule that allows it; raises ForbiddenError or NotFoundError."""
        grounds = require(action, self.actor, target, self.today, kind=kind, key=key)
        require_level(action, self.actor, self.environment.levels.get(action, 0))
        return grounds

    def context(
        self,
        grounds: Grounds,
        *,
        reason: str = "",
        roles: tuple[str, ...] = (),
        subject: EntrySubject | None = None,
    ) -> ActContext:
        """What stands around the facts of this act."""
        actor = EntryActor(
            id=self.actor.id,
            name=self.actor.name,
            roles=roles,
            organisation=self.actor.organisation,
            on_behalf_of=grounds.on_behalf_of,
            via=self.actor.via,
            level=0 if self.actor.is_system else self.actor.level,
        )
        return ActContext(
            actor=actor,
            at=self.now,
            request=self.request,
            rule=grounds.rule,
            reason=reason,
            subject=subject or EntrySubject(),
        )


def moment_text(moment: datetime | None) -> str:
    """A moment as events spell it, "" for none."""
    return "" if moment is None else moment.isoformat()


Variables = Mapping[str, Any]
