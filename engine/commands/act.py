"""One act on one procurement: the locked row, its version, and the facts the act leaves behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Self

from engine.access.policy import Action
from engine.access.rules import Grounds, Target
from engine.audit.chain import EntrySubject
from engine.bpmn.compile import CompiledDefinition
from engine.commands.environment import Session
from engine.errors import NotRunningError
from engine.feel import Scope
from engine.model.actor import Membership
from engine.model.definition import NO_ELEMENT, ElementInfo
from engine.model.events import DecisionTableEvaluated, Event
from engine.model.execution import Host
from engine.model.records import ProcurementRecord
from engine.notifications import recipients, reminders
from engine.notifications.appointments import task_to_look_at
from engine.notifications.recipients import Circumstances
from engine.procurement.ruledata import rule_set
from engine.procurement.text import LANGUAGES, Language
from engine.procurement.time_limits import TimeLimit, counted_from, time_limit
from engine.search.entries import INDEX, Surroundings, indexed
from engine.store import appointments, notifications, people

_RUNNING: Final = "running"


@dataclass(slots=True)
class Act:
    """Holds the row's lock until the transaction ends. `state` is the live process as it goes;
    `drafted` tells whether the actor has left unfinished work on the task of the act, `dated`
    whether that task has a due date."""

    session: Session
    procurement: ProcurementRecord
    version: CompiledDefinition
    team: tuple[Membership, ...]
    parties: frozenset[str]
    state: bytes
    phase: str
    grounds: Grounds = field(default_factory=lambda: Grounds("unset"))
    drafted: bool = False
    dated: bool = False
    reason: str = ""
    limits: dict[datetime, TimeLimit] = field(default_factory=dict)
    traces: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    @classmethod
    def open(cls, session: Session, procurement: str) -> Self:
        """Lock the procurement and read what every act needs; raises NotFoundError."""
        return cls.on(session, session.work.lock_procurement(procurement))

    @classmethod
    def on(cls, session: Session, row: ProcurementRecord, task: str = "") -> Self:
        """The same for a row that is locked already, and the task that is acted on."""
        connection = session.work.connection
        circle = people.circle(connection, row.id, task, session.actor.id)
        return cls(
            session=session,
            procurement=row,
            version=session.environment.definitions.get(connection, row.definition),
            team=circle.team,
            parties=circle.parties,
            drafted=circle.drafted,
            state=row.state,
            phase=row.phase,
        )

    @property
    def id(self) -> str:
        return self.procurement.id

    @property
    def now(self) -> datetime:
        return self.session.now

    @property
    def rules_at(self) -> date:
        """The day whose rules hold: today until the rule set is pinned."""
        if self.procurement.rule_set:
            return date.fromisoformat(self.procurement.rules_at)
        return self.session.today

    def target(self, **values: Any) -> Target:
        """The procurement as the access policy sees it."""
        base = Target(self.procurement.organisation, self.parties, self.team)
        return replace(base, **values)

    def allow(self, action: Action, target: Target, *, kind: str, key: str) -> None:
        """Remember the rule that allows this act; raises ForbiddenError or NotFoundError."""
        self.grounds = self.session.require(action, target, kind=kind, key=key)

    def require_running(self) -> None:
        """Raises NotRunningError when the procurement is suspended, cancelled or ended."""
        if self.procurement.status != _RUNNING:
            raise NotRunningError(
                f"{self.procurement.reference} is {self.procurement.status}; nothing can be done"
                " in it now. A suspended procurement can be resumed by its lead.",
                reference=self.procurement.reference,
                status=self.procurement.status,
                about=self.procurement.status,
            )

    def require_going_on(self) -> None:
        """Raises NotRunningError also when it is cancelled and only its result notice is to come:
        nobody outside should give anything more."""
        self.require_running()
        if not self.procurement.goes_on:
            raise NotRunningError(
                f"{self.procurement.reference} is cancelled; there is nothing more to give or ask.",
                reference=self.procurement.reference,
                status=self.procurement.status,
                about="called-off",
            )

    def record(
        self,
        event: Event,
        *,
        element: str = "",
        task: str = "",
        reason: str = "",
        content: Mapping[str, Any] | str = "",
    ) -> None:
        """Apply and seal one fact of this act; `content` is what it can be found by besides."""
        roles = tuple(
            sorted({seat.role for seat in self.team if seat.person == self.session.actor.id})
        )
        context = self.session.context(
            self.grounds,
            reason=reason or self.reason,
            roles=roles,
            subject=EntrySubject(
                process=self.version.definition.key,
                version=self.procurement.definition,
                element=element,
                task=task,
                rule_set=self.procurement.rule_set or rule_set(self.rules_at).id,
            ),
        )
        self.session.work.record(self.id, event, context)
        self._tell(event)
        self._index(event, reason or self.reason, content)

    def _index(self, event: Event, reason: str, content: Mapping[str, Any] | str) -> None:
        """Let what happened be found."""
        if type(event) not in INDEX or not self.session.work.searched:
            return
        around = Surroundings(
            procurement=self.id,
            reference=self.procurement.reference,
            title=self.procurement.title,
            organisation=self.procurement.organisation,
            definition=self.version.definition,
            forms=self.version.forms,
            at=self.now,
            reason=reason,
            content=content,
        )
        for change in indexed(event, around):
            self.session.work.index(self.id, change)

    def _tell(self, event: Event) -> None:
        """Let those know whom the fact concerns, and plan when they are reminded."""
        session = self.session
        concerns = type(event) in recipients.TELL
        told = recipients.notifications(event, self.around()) if concerns else ()
        by = "" if session.actor.is_system else session.actor.id
        notifications.tell(session.work, self.id, told, by=by, at=session.now)
        notifications.arm(session.work, self.id, reminders.reminders(event, session.now))
        task = task_to_look_at(event, dated=self.dated)
        if task:
            appointments.look_at(session.work, task)

    def around(self) -> Circumstances:
        """What decides who is told of a fact of this act."""
        session = self.session
        return Circumstances(session.actor.id, self.team, session.today, self.version.gates)

    @property
    def letter_language(self) -> Language:
        """That of letters from the organisation that leads the procurement."""
        return people.letter_language(self.session.work.connection, self.procurement.organisation)

    def element(self, process: str, element: str) -> ElementInfo:
        """What the model says of an element; "" is that of a task it does not speak of."""
        if not element:
            return NO_ELEMENT
        return self.version.definition.processes[process].elements[element]

    @property
    def functions(self) -> Mapping[str, Any]:
        """What FEEL may call besides its own functions."""
        return {"time_limit": self.time_limit}

    def host(self) -> Host:
        """What the runtime may call back: functions, and decisions with their why."""
        return Host(functions=self.functions, decide=self._decide)

    def time_limit(self, rule: str, start: Any) -> datetime:
        """The moment a legal period ends, by the rules that hold here; remembers why."""
        limit = time_limit(rule, counted_from(start), self.rules_at)
        self.limits[limit.ends_at] = limit
        return limit.ends_at

    def _decide(self, ref: str, variables: Mapping[str, Any], scope: Scope) -> Any:
        result = self.version.decide(ref, variables, scope)
        self.traces.append((ref, result.trace))
        return result.value

    def record_traces(self, scopes: Sequence[str]) -> None:
        """Put on record why decision tables answered as they did, each with the confidentiality
        of the element that asked; `scopes` are in the order of asking."""
        asked, self.traces = self.traces, []
        for (ref, trace), scope in zip(asked, scopes, strict=False):
            self.record(DecisionTableEvaluated(ref, trace, scope))

    def why(self, moment: datetime | None) -> dict[str, Any]:
        """Why a date is what it is, when a legal period gave it."""
        limit = self.limits.get(moment) if moment is not None else None
        return {} if limit is None else explained(limit)

    def keep_state(self) -> None:
        """Put the live process on the row."""
        self.session.work.set_procurement(self.id, state=self.state)


def explained(limit: TimeLimit) -> dict[str, Any]:
    """A legal period as the record and the pages keep it."""
    return {
        "rule": limit.rule_id,
        "citation": limit.citation,
        "verified": limit.verified,
        **{language: limit.period.explain(language) for language in LANGUAGES},
    }
