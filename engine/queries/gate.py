"""A gate as its page shows it: the options, and each check as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.bpmn import looking
from engine.model.definition import ElementInfo, GateInfo
from engine.model.records import TaskRecord
from engine.procurement.gates import as_plain, checks_of, evaluate_checks
from engine.queries.view import Seen
from engine.store import people, records
from engine.store.facts import load_facts


@dataclass(frozen=True, slots=True)
class OptionView:
    value: str
    name: str
    opens: bool
    reason_required: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What the first pair of eyes decided; `mine` when the reader is that person."""

    option: str
    name: str
    reason: str
    by: str
    mine: bool
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GateView:
    """`checks` are {rule, holds, fact: {nb, en}, citation, who_can_mend}."""

    decision: str
    four_eyes: str
    options: tuple[OptionView, ...]
    checks: tuple[dict[str, Any], ...]
    proposal: ProposalView | None

    @property
    def failing(self) -> int:
        return sum(not check["holds"] for check in self.checks)


def gate_of(
    seen: Seen, task: TaskRecord, element: ElementInfo, draft: Mapping[str, Any] | None
) -> GateView | None:
    """The gate of a task, its checks evaluated with what is in the draft or the proposal."""
    if element.gate is None:
        return None
    proposal = _proposal(seen, task, element.gate)
    content = proposal.content if proposal is not None else draft
    is_open = task.status in {"open", "approval"}
    return GateView(
        decision=element.gate.decision,
        four_eyes=element.gate.four_eyes or "",
        options=tuple(
            OptionView(
                option.value,
                _option_name(seen, task, option.value, option.name),
                option.opens,
                option.reason_required,
            )
            for option in element.gate.options
        ),
        checks=_checks(seen, task, element, content) if is_open else (),
        proposal=proposal,
    )


def _option_name(seen: Seen, task: TaskRecord, value: str, name: str) -> str:
    key = f"{task.element}.option.{value}"
    return seen.view.text(seen.row.definition, task.process, key, name)


def _proposal(seen: Seen, task: TaskRecord, gate: GateInfo) -> ProposalView | None:
    if task.proposal is None:
        return None
    found = task.proposal
    option = gate.option(found["option"])
    name = option.name if option else found["option"]
    person = people.find_person(seen.view.connection, found["by"])
    content: dict[str, Any] = {}
    if found.get("submission"):
        content = records.get_submission(seen.view.connection, found["submission"]).content
    return ProposalView(
        option=found["option"],
        name=_option_name(seen, task, found["option"], name),
        reason=found.get("reason", ""),
        by=person.name if person else found["by"],
        mine=seen.view.actor.id in {found["by"], found.get("for", "")},
        content=content,
    )


def _checks(
    seen: Seen, task: TaskRecord, element: ElementInfo, content: Mapping[str, Any] | None
) -> tuple[dict[str, Any], ...]:
    view, row = seen.view, seen.row
    compiled = view.definitions.get(view.connection, row.definition)
    facts = load_facts(
        view.connection,
        row,
        seen.team,
        scope=task.scope,
        variables=looking.variables_of(compiled.process, row.state, task.id),
        draft=content,
        rules_at=date.fromisoformat(row.rules_at) if row.rule_set else view.today,
        now=view.now,
    )
    return tuple(as_plain(result) for result in evaluate_checks(checks_of(element), facts))
