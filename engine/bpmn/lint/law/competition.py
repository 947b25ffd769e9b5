"""From the documents to the submissions: publication, receipt, cancellation, complaint."""

import re
from collections.abc import Collection, Iterator

from engine.bpmn.lint.expressions import ISO_MOMENT, ISO_PERIOD
from engine.bpmn.lint.law.breach import (
    Breach,
    Procedure,
    ending_without,
    publishing,
    unguarded,
    unguarded_since,
)
from engine.model.definition import ElementInfo


def publication(p: Procedure) -> Iterator[Breach]:
    """What must have happened before the contract notice is sent."""
    says = p.says
    notices = says.contract_notices()
    periods = {
        index
        for index in says.gates("D5")
        if (gate := says.element(index).gate) and any("-period-" in c for c in gate.checks)
    }
    heard = {v.index for v in says.work() if v.element.participation}
    wanted: dict[str, Collection[int]] = {
        "law-publication-approved": says.gates("D5"),
        "law-climate-checked": says.checking("climate-rule-met"),
        "law-minimum-period-checked": periods,
        "law-rules-pinned": says.operation("pin-rules"),
        "law-documents-frozen": says.operation("freeze-documents"),
    }
    for rule, guards in wanted.items():
        yield from unguarded(rule, p, notices, guards)
    yield from unguarded(
        "law-participation-before-documents",
        p,
        publishing(p) or notices,
        heard | says.checking("participation-answered"),
    )


def parts(p: Procedure) -> Iterator[Breach]:
    """What the rules are about can be seen by what the model says of it. A rule says nothing of a
    contract that is signed by a form the catalogue does not know."""
    says = p.says
    wanted = {
        "contract notice (record-notice with form F-13 and a subtype written as text)": (
            says.contract_notices()
        ),
        "opening of what was received (form F-17, of projects F-16)": says.form("F-17", "F-16"),
        "judging (forms F-23, F-38)": says.form("F-23", "F-38"),
        "award (gate D10 with form F-27)": says.awards(),
        "signing (form F-30, or status `contracted`)": says.signings(),
    }
    missing = [name for name, found in wanted.items() if not found]
    if missing and says.graph.start >= 0:
        yield Breach("law-parts-known", says.graph.start, detail="; ".join(missing))


def drafters(p: Procedure) -> Iterator[Breach]:
    """Who drafted in the process of the gate is kept from it by separation of duties."""
    says = p.says
    drafts = says.form("F-11", "F-13")
    notices = says.contract_notices()
    for gate in sorted(publishing(p)):
        vertex = says.graph.vertices[gate]
        here = {i for i in drafts if says.graph.vertices[i].boxes == vertex.boxes}
        before = {i for i in here if p.paths.from_without(i, {gate}, notices) is not None}
        named = set(vertex.element.separation)
        missing = sorted({says.graph.name(i) for i in before} - named)
        if missing:
            yield Breach("law-drafter-not-approver", gate, detail=", ".join(missing))


def sealed(p: Procedure) -> Iterator[Breach]:
    """FOA § 22-3: between asking for submissions and opening them lies the wait for the deadline
    that was set, and not some other wait."""
    asking = p.says.contract_notices() | p.says.form("F-20")
    opening, deadlines = p.says.form("F-17"), p.says.deadlines()
    yield from unguarded_since("law-receipt-sealed", p, asking, opening, deadlines)


def gates(p: Procedure) -> Iterator[Breach]:
    """A refusal leads somewhere else than the opening of the gate: to other work, not only along
    another flow to the same."""
    for vertex in p.says.work():
        gate = vertex.element.gate
        if gate is None:
            continue
        opening = {each.value for each in gate.options if each.opens}
        refusing = {each.value for each in gate.options if not each.opens}
        refused = p.paths.led_to(vertex.index, refusing)
        if refused and refused <= p.paths.led_to(vertex.index, opening):
            yield Breach("law-gate-refusable", vertex.index)


def waits(p: Procedure) -> Iterator[Breach]:
    """Between notice and contract no wait holds a number: neither bare, nor in its expression, nor
    in what is put into the variables that it reads."""
    between = _standing(p, p.says.waits() | p.says.cutting_off())
    for index in sorted(between):
        timer = p.says.element(index).timer
        value = timer.value.strip() if timer else ""
        for text in (value, *sorted(p.says.literals(value))):
            if ISO_PERIOD.fullmatch(text) or ISO_MOMENT.fullmatch(text):
                yield Breach("law-wait-names-rule", index, detail=f"`{value}`")
                break


def always_possible(p: Procedure) -> Iterator[Breach]:
    """Wherever the competition can stand, what may happen to it can be received. Registering that
    the notice is out (form F-13) is part of sending it."""
    says = p.says
    standing = _standing(p, says.held()) - says.form("F-13", "F-37")
    cancelling = {
        index
        for index in says.messages(interrupting=True)
        if p.paths.from_without(index, says.form("F-37"), says.held() - says.form("F-37"))
    }
    happenings: dict[str, Collection[int]] = {
        "law-cancellation-possible": cancelling,
        "law-complaint-possible": says.messages("F-29"),
        "law-access-possible": says.messages("F-39"),
        "law-conflict-possible": says.messages("F-10"),
        "law-breach-possible": says.messages("F-40"),
    }
    for rule, events in happenings.items():
        yield from _outside(rule, p, standing, events)


def cancelled(p: Procedure) -> Iterator[Breach]:
    yield from ending_without(
        "law-cancellation-announced", p, p.says.form("F-37"), p.says.result_notices()
    )


def confidential(p: Procedure) -> Iterator[Breach]:
    """A branch for each supplier in which people work is confidential to the supplier it is for,
    or sealed."""
    says = p.says
    lists, sealed_tasks = _supplier_lists(p), says.sealed()
    for vertex in says.work():
        loop, key = vertex.element.loop, vertex.element.confidentiality or ""
        if loop is None or vertex.index in sealed_tasks or loop.item in re.findall(r"\w+", key):
            continue
        names = set(re.findall(r"\w+", loop.collection))
        if names & lists and _has_people(p, vertex.index):
            yield Breach("law-supplier-branch-confidential", vertex.index)


def shared(p: Procedure) -> Iterator[Breach]:
    """What one learns, all get in one sending, and before the competition is announced. While
    nobody knows yet who takes part, all are the market, and what is published reaches them."""
    says = p.says
    written, known = says.form("F-07"), p.paths.reached(says.operation("register-suppliers"))
    sent = says.letters("F-07") | (says.publications("F-07") - known)
    for index in sorted(sent):
        if any(each.loop is not None for each in says.around(index)):
            yield Breach("law-information-to-all", index)
    gates = {v.index for v in says.work() if v.element.gate is not None}
    yield from unguarded_since("law-information-to-all", p, written, gates, sent, strikes=False)
    notices = says.contract_notices()
    before = {i for i in says.form("F-06") if i not in p.paths.reached(notices)}
    yield from unguarded_since("law-market-information-shared", p, before, notices, written)


def _standing(p: Procedure, candidates: Collection[int]) -> set[int]:
    """Those of the candidates that lie between the contract notice and a contract."""
    signings, notices = p.says.signings(), p.says.contract_notices()
    after = p.paths.reached(notices)
    return {
        index
        for index in candidates
        if index in after
        and index not in signings
        and p.paths.from_without(index, signings, p.says.form("F-37"), aside=False) is not None
    }


def _outside(
    rule: str, p: Procedure, standing: Collection[int], events: Collection[int]
) -> Iterator[Breach]:
    """Vertices that no activity with one of the boundary events is around."""
    graph = p.says.graph
    hosts = {host for host, attached in graph.attached.items() if set(attached) & set(events)}
    for index in sorted(standing):
        if not hosts & {index, *graph.vertices[index].boxes}:
            yield Breach(rule, index)


def _has_people(p: Procedure, index: int) -> bool:
    graph = p.says.graph
    inside = (v for v in p.says.work() if v.index == index or index in v.boxes)
    return any(graph.vertices[v.index].element.kind in ("userTask", "manualTask") for v in inside)


def _supplier_lists(p: Procedure) -> set[str]:
    """Variables that hold suppliers: what operations take or give as such, and whatever is made
    of them or into them."""
    lists = {
        each.name
        for subject in p.subjects.values()
        for each in subject.info.variables
        if each.type == "list"
    }
    elements = [vertex.element for vertex in p.says.work()]
    made = [(t, set(re.findall(r"\w+", s)) & lists) for e in elements for t, s in _made(e)]
    found = {
        name
        for element in elements
        if element.operation is not None
        for each in element.operation.inputs
        if each.variable == "suppliers"
        for name in set(re.findall(r"\w+", each.value)) & lists
    }
    grown = True
    while grown:
        new = {target for target, sources in made if target in lists and sources & found} - found
        found |= new
        grown = bool(new)
    return found


def _made(element: ElementInfo) -> Iterator[tuple[str, str]]:
    for each in (*element.outputs, *element.call_inputs, *element.call_outputs):
        yield each.variable, each.value
    if element.loop is not None and element.loop.results:
        yield element.loop.results, element.loop.collection
