"""Who evaluates and how: impartiality, scores, rejections, phases and purchases."""

from collections.abc import Collection, Iterator

from engine.bpmn.lint.law.breach import Breach, Procedure, unguarded, unguarded_since
from engine.model.definition import AssignmentInfo

_OUT = ("rejected", "not-selected", "eliminated")


def impartiality(p: Procedure) -> Iterator[Breach]:
    """Everybody declares before anything is opened or judged, and again when names are known."""
    says = p.says
    declared = says.form("F-10")
    judging = says.form("F-23", "F-24", "F-38")
    yield from unguarded("law-impartiality-before-opening", p, says.form("F-17"), declared)
    yield from unguarded("law-impartiality-before-evaluation", p, judging, declared)
    yield from unguarded_since(
        "law-impartiality-against-names",
        p,
        says.operation("register-suppliers"),
        says.form("F-23"),
        declared,
    )


def prior_involvement(p: Procedure) -> Iterator[Breach]:
    """Who helped prepare the competition passes no qualification unseen (FOA § 12-2)."""
    for index in sorted(p.says.gates("D6") - p.says.checking("prior-involvement-cured")):
        yield Breach("law-prior-involvement-checked", index)


def decider(p: Procedure) -> Iterator[Breach]:
    """A lane of its own keeps nobody out, since one person can hold two roles."""
    says = p.says
    scoring = says.form("F-23")
    tasks = {says.graph.name(index) for index in scoring}
    for index in sorted(says.awards() if scoring else ()):
        element = says.element(index)
        checked = element.gate is not None and "decider-not-evaluator" in element.gate.checks
        if not checked and not tasks <= set(element.separation):
            yield Breach("law-decider-not-evaluator", index)


def scores(p: Procedure) -> Iterator[Breach]:
    """Two people score, each alone, before the two agree."""
    says = p.says
    scoring, agreeing = says.form("F-23"), says.form("F-24")
    yield from unguarded("law-scores-before-consensus", p, agreeing, scoring)
    for index in sorted(agreeing):
        if p.paths.to_without({index}, scoring) is None and not _by_two(p, index, scoring):
            yield Breach("law-two-evaluators", index)


def _by_two(p: Procedure, target: int, scoring: Collection[int]) -> bool:
    """Whether at least two separated tasks, or one for each of several people, always precede."""
    says = p.says
    always = [i for i in sorted(scoring) if p.paths.to_without({target}, {i}) is None]
    for index in always:
        if any(each.loop is not None for each in says.around(index)):
            return True
        for other in always:
            names = {says.graph.name(index), says.graph.name(other)}
            separated = {*says.element(index).separation, *says.element(other).separation}
            if len(names) == 2 and names & separated:
                return True
    return not always and _in_copies(p, target, scoring)


def _in_copies(p: Procedure, target: int, scoring: Collection[int]) -> bool:
    """The same where the process is drawn into the graph more than once."""
    names = {p.says.graph.name(index) for index in scoring}
    separated = {each for index in scoring for each in p.says.element(index).separation}
    always = [
        name
        for name in names
        if p.paths.to_without({target}, {i for i in scoring if p.says.graph.name(i) == name})
        is None
    ]
    return len(always) > 1 and bool(separated & set(always))


def low_tenders(p: Procedure) -> Iterator[Breach]:
    """Late submissions (form F-16) are rejected for being late, not for their price; clarifying
    a tender (form F-06) rejects nothing."""
    rule, says = "law-low-tender-inquiry", p.says
    asked = says.form("F-26")
    rejecting = says.gates("D9") - says.form("F-16") - says.form("F-06")
    yield from unguarded(rule, p, rejecting, asked)
    ranked = says.operation("rank")
    able = any(p.paths.from_without(index, ranked, ()) is not None for index in asked)
    if ranked and not able:
        yield Breach(rule, min(ranked))


def told(p: Procedure) -> Iterator[Breach]:
    """Nobody acts and nothing waits before the letter is on its way."""
    says = p.says
    later = says.held() | frozenset(says.graph.ends) | _ends_of_branches(p)
    letters = says.letters()
    for index in sorted(says.status(*_OUT)):
        path = p.paths.from_without(index, later, letters, aside=False, strikes=False)
        if path is not None:
            yield Breach("law-rejected-told", index, path)


def _ends_of_branches(p: Procedure) -> frozenset[int]:
    """Exits of branches of one supplier each, after which it is not known who was meant."""
    graph = p.says.graph
    return frozenset(
        leaving
        for entry, leaving in graph.exits.items()
        if graph.vertices[entry].element.loop is not None
    )


def phases(p: Procedure) -> Iterator[Breach]:
    """FOA § 26-8: partners are reviewed after each phase, and let go only as announced."""
    says = p.says
    yield from unguarded(
        "law-reduction-reserved", p, says.status("eliminated"), says.checking("reduction-reserved")
    )
    yield from _terminations(p)
    plans = {
        index
        for index in says.form("F-31")
        if says.graph.vertices[index].element.confidentiality
        or any(each.confidentiality for each in says.around(index))
    }
    next_steps = plans | says.form("F-34") | says.gates("D13")
    yield from unguarded_since("law-phase-reviewed", p, plans, next_steps, _reviews(p), firm=False)


def _terminations(p: Procedure) -> Iterator[Breach]:
    rule, says = "law-termination-announced", p.says
    stated = says.checking("reduction-rule-stated", "termination-rule-stated")
    ended, states = says.status("terminated"), _ending(p)
    for index in sorted(ended):
        path = p.paths.to_without({index}, says.gates("D12"), only=states)
        if path is not None:
            yield Breach(rule, index, path)
    gates = _gates(p)
    for index in sorted(says.gates("D12") - stated):
        gate = says.element(index).gate
        values = {each.value for each in gate.options if each.opens} if gate else set()
        if p.paths.from_option(index, values, ended, gates, states):
            yield Breach(rule, index)


def _ending(p: Procedure) -> frozenset[int]:
    """States in which a service task gives the status `terminated`."""
    return frozenset(
        state
        for index in p.says.status("terminated")
        for state in p.paths.states.of.get(index, ())
        for each in _inputs(p, index)
        if each.variable == "status" and p.paths.states.may_give(state, each.value, "terminated")
    )


def _inputs(p: Procedure, index: int) -> tuple[AssignmentInfo, ...]:
    operation = p.says.element(index).operation
    return operation.inputs if operation else ()


def _reviews(p: Procedure) -> set[int]:
    """Gates D12 from which a partner can be let go."""
    ended, gates = p.says.status("terminated"), _gates(p)
    return {
        index
        for index in p.says.gates("D12")
        if p.paths.from_without(index, ended, gates, aside=False, strikes=False, only=_ending(p))
        is not None
    }


def _gates(p: Procedure) -> frozenset[int]:
    return frozenset(v.index for v in p.says.work() if v.element.gate is not None)


def purchases(p: Procedure) -> Iterator[Breach]:
    says = p.says
    allowed = says.checking("purchase-allowed") & says.gates("D13")
    yield from unguarded("law-purchase-allowed", p, says.status("purchased"), allowed)
    for index in sorted(says.gates("D13") - allowed):
        yield Breach("law-purchase-allowed", index)
