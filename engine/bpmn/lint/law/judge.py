"""The rules of law, asked of one procedure: findings, and what its model waives with a reason."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from engine.bpmn.document import Document
from engine.bpmn.extensions import pivotal
from engine.bpmn.lint.law import award, competition, conduct, particular
from engine.bpmn.lint.law.breach import Breach, Procedure
from engine.bpmn.lint.law.graph import TooLargeError, build_graph
from engine.bpmn.lint.law.paths import Paths
from engine.bpmn.lint.law.says import Sayings
from engine.bpmn.lint.law.table import LAW, PROCEDURES
from engine.bpmn.lint.law.values import explore
from engine.bpmn.lint.subject import Subject
from engine.finding import Finding

Check = Callable[[Procedure], Iterator[Breach]]

CHECKS: Final[tuple[Check, ...]] = (
    award.standstill,
    award.award,
    award.letters,
    award.signing_checked,
    award.still_qualified,
    award.held_by_breach,
    award.result_notice,
    award.award_notice_due,
    award.by_two,
    award.benefits,
    competition.parts,
    competition.publication,
    competition.drafters,
    competition.sealed,
    competition.gates,
    competition.waits,
    competition.always_possible,
    competition.cancelled,
    competition.confidential,
    competition.shared,
    conduct.impartiality,
    conduct.decider,
    conduct.prior_involvement,
    conduct.scores,
    conduct.low_tenders,
    conduct.told,
    conduct.phases,
    conduct.purchases,
    particular.contest,
    particular.research,
)


def check_procedure(root: str, subjects: Mapping[str, Subject]) -> Iterator[Finding]:
    """Everything the law says against the procedure `root`; nothing of a shared block."""
    subject = subjects[root]
    name = subject.info.procedure
    waivers = _waivers(subject)
    yield from _misplaced(subjects, root)
    if not subject.info.startable:
        return
    if name and name not in PROCEDURES:
        yield subject.at("law-procedure-unknown", subject.process, f"`{name}`")
        return
    try:
        procedure = _procedure(root, name or "", subjects)
    except TooLargeError:
        yield subject.at("law-not-decided", subject.process)
        return
    if not name:
        if procedure.says.contract_notices() or procedure.says.awards():
            yield subject.at("law-procedure-missing", subject.process)
        return
    broken: set[str] = set()
    for breach in breaches(procedure):
        broken.add(breach.rule)
        if breach.rule not in waivers:
            yield _finding(procedure, breach)
    for rule in sorted(waivers.keys() & LAW.keys()):
        said = f"`{rule}`, {waivers[rule]}" if rule in broken else f"`{rule}`"
        shown = "law-waived" if rule in broken else "law-waiver-unused"
        yield subject.at(shown, subject.process, said)


def breaches(procedure: Procedure) -> Iterator[Breach]:
    """Each breach of a rule that is asked of this procedure, at most once for each element."""
    seen: set[tuple[str, str, str]] = set()
    for check in CHECKS:
        for breach in check(procedure):
            vertex = procedure.says.graph.vertices[breach.vertex]
            place = (breach.rule, vertex.process, vertex.element.id)
            if procedure.name in LAW[breach.rule].procedures and place not in seen:
                seen.add(place)
                yield breach


def _procedure(root: str, name: str, subjects: Mapping[str, Subject]) -> Procedure:
    processes = {key: each.info for key, each in subjects.items()}
    documents: dict[str, Document] = {key: each.document for key, each in subjects.items()}
    forms, functions = subjects[root].forms, subjects[root].known.functions
    graph = build_graph(root, processes, documents)
    states = explore(graph, processes, forms, functions)
    return Procedure(root, name, Sayings(graph, forms, processes), Paths(states), subjects)


def _finding(procedure: Procedure, breach: Breach) -> Finding:
    vertex = procedure.says.graph.vertices[breach.vertex]
    subject = procedure.subjects[vertex.process]
    return subject.of(breach.rule, subject.document.nodes[vertex.element.id], breach.said)


def _waivers(subject: Subject) -> Mapping[str, str]:
    """Reason by rule."""
    return {
        each.get("rule", ""): each.get("reason", "") for each in pivotal(subject.process, "waive")
    }


def _misplaced(subjects: Mapping[str, Subject], root: str) -> Iterator[Finding]:
    """A waiver stands on the procedure whose lead answers for it, and names a rule of law."""
    for key, subject in subjects.items():
        for each in pivotal(subject.process, "waive"):
            rule = each.get("rule", "")
            if rule not in LAW:
                yield subject.at("law-waiver-unknown", each, f"`{rule}`")
            elif key != root or not subject.info.startable:
                yield subject.at("law-waiver-unknown", each, f"`{rule}` on a shared block")
