"""Deciding at a gate: options, reasons, checks and duties, the same on every path."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.act import Act
from engine.errors import (
    GateClosedError,
    InvalidInputError,
    ReasonMissingError,
    SeparationOfDutiesError,
)
from engine.model.definition import ElementInfo, GateInfo, OptionInfo
from engine.model.records import TaskRecord
from engine.model.sealing import branch_of
from engine.procurement.gates import as_plain, bars, checks_of, evaluate_checks
from engine.store import tasks
from engine.store.facts import load_facts


def require_option(gate: GateInfo, option: str, reason: str, task: TaskRecord) -> OptionInfo:
    """The chosen option; raises InvalidInputError or ReasonMissingError."""
    chosen = gate.option(option)
    if chosen is None:
        known = ", ".join(each.value for each in gate.options)
        raise InvalidInputError(
            f"«{task.name}» has no option '{option}'. Choose one of: {known}.",
            task=task.id,
            option=option,
            options=[each.value for each in gate.options],
            about="no-such-option",
            task_name=task.name,
        )
    if chosen.reason_required and not reason.strip():
        raise ReasonMissingError(
            f"«{chosen.name}» at «{task.name}» needs a written reason: it goes into the record.",
            task=task.id,
            option=option,
        )
    return chosen


def evaluated(
    act: Act,
    task: TaskRecord,
    element: ElementInfo,
    variables: Mapping[str, Any],
    submission: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """Each check with its fact, as it stands now."""
    facts = load_facts(
        act.session.work.connection,
        act.procurement,
        act.team,
        scope=task.scope,
        variables=variables,
        draft=submission,
        rules_at=act.rules_at,
        now=act.now,
    )
    return [as_plain(result) for result in evaluate_checks(checks_of(element), facts)]


def require_open(task: TaskRecord, option: OptionInfo, checks: list[dict[str, Any]]) -> None:
    """Raises GateClosedError when a check fails that bars the option."""
    failing = [each for each in checks if not each["holds"] and bars(option, each["rule"])]
    if not failing:
        return
    facts = " ".join(check["fact"].get("en", "") for check in failing)
    raise GateClosedError(
        f"«{task.name}» cannot be opened: {len(failing)} check(s) fail. {facts}",
        task=task.id,
        option=option.value,
        checks=failing,
    )


@dataclass(frozen=True, slots=True)
class Worker:
    """Who is to do a step: the natural person, and whom that person stands in for."""

    name: str
    persons: frozenset[str]


def the_actor(act: Act) -> Worker:
    persons = frozenset({act.session.actor.id, act.grounds.on_behalf_of} - {""})
    return Worker(act.session.actor.name, persons)


def require_fit(act: Act, task: TaskRecord, worker: Worker) -> None:
    """Raises SeparationOfDutiesError when what was done before excludes the worker."""
    require_other_person(act, task, act.element(task.process, task.element), worker)
    if task.proposal is not None:
        require_second_person(task, worker)


def require_other_person(act: Act, task: TaskRecord, element: ElementInfo, worker: Worker) -> None:
    """Raises SeparationOfDutiesError when the worker, or whom the worker stands in for, did a step
    that excludes this one, or that this one is excluded by. The natural person counts, whatever
    seats she holds, and whether she proposed a decision or confirmed it."""
    excluding = act.version.apart.get(element.id)
    if excluding is None:
        return
    done = tasks.completed_elements(act.session.work.connection, act.id, excluding)
    for other in done:
        here = branch_of(other.scope) in ("", branch_of(task.scope))
        if here and worker.persons & _doers(other):
            _refuse(task, other.name, worker)


def _doers(task: TaskRecord) -> frozenset[str]:
    """Everybody whose eyes were on a step that is done, those they stood in for, and those who did
    the work for them and gave it back."""
    return _first_eyes(task) | (frozenset((task.closed_by, task.closed_for)) - {""})


def _first_eyes(task: TaskRecord) -> frozenset[str]:
    """Who proposed a decision, for whom, and to whom the task had been lent."""
    proposal = task.proposal or {}
    proposed = (str(proposal.get(name, "")) for name in ("by", "for"))
    return frozenset((*proposed, *task.helpers)) - {""}


def require_second_person(task: TaskRecord, worker: Worker) -> None:
    """Raises SeparationOfDutiesError when both pairs of eyes would be one person's."""
    if worker.persons & _first_eyes(task):
        _refuse(task, task.name, worker)


def _refuse(task: TaskRecord, other: str, worker: Worker) -> None:
    raise SeparationOfDutiesError(
        f"{worker.name} has already done «{other}» and may not also do «{task.name}»:"
        " it must be another person. Ask a colleague in the role to take it.",
        task=task.id,
        other=other,
        worker=worker.name,
    )
