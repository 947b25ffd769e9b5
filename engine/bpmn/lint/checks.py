"""The table of checks: everything that looks at one process."""

from collections.abc import Callable, Iterator
from typing import Final

from engine.bpmn.lint import (
    drawing,
    elements,
    expressions,
    extensions,
    gateways,
    interplay,
    soundness,
    structure,
    texts,
    work,
)
from engine.bpmn.lint.subject import Subject
from engine.finding import Finding

Check = Callable[[Subject], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    structure.ids,
    structure.references,
    structure.starts_and_ends,
    structure.reachability,
    structure.joins,
    soundness.soundness,
    drawing.pools,
    drawing.drawing,
    elements.known_elements,
    elements.scripts,
    elements.events,
    elements.splits,
    elements.event_gateways,
    elements.loops,
    elements.timers,
    extensions.our_namespace,
    work.lanes,
    work.tasks,
    work.withholdings,
    work.prefills,
    work.seals,
    work.phases,
    work.gates,
    work.forms,
    work.operations,
    work.operation_forms,
    work.decisions,
    work.calls,
    work.messages,
    work.names,
    work.pure_markers,
    interplay.thrown,
    interplay.caught,
    interplay.declarations,
    interplay.messages,
    expressions.expressions,
    expressions.languages,
    expressions.dues,
    expressions.variables,
    expressions.unused,
    gateways.conditions,
    gateways.exhaustive,
    gateways.gate_flows,
    texts.english,
    texts.nynorsk,
)


def check_process(subject: Subject) -> Iterator[Finding]:
    """Everything that is to be said of one process; of one that is too large, only that."""
    too_large = tuple(structure.size(subject))
    yield from too_large
    for check in () if too_large else CHECKS:
        yield from check(subject)
