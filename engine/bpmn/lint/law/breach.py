"""What a rule of law is asked about, and what it answers."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.lint.law.paths import Path, Paths
from engine.bpmn.lint.law.says import Sayings
from engine.bpmn.lint.subject import Subject

LONGEST_PATH = 12
"""Elements of a path that a finding shows; of a longer one the beginning is left out."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure as one graph; `subjects` are its processes as the linter sees them."""

    key: str
    name: str
    says: Sayings
    paths: Paths
    subjects: Mapping[str, Subject]


@dataclass(frozen=True, slots=True)
class Breach:
    """The vertex that a rule is broken at, and how: a path, or words."""

    rule: str
    vertex: int
    path: Path = ()
    detail: str = ""

    @property
    def said(self) -> str:
        if not self.path:
            return self.detail
        shown = self.path[-LONGEST_PATH:]
        return ("… → " if len(shown) < len(self.path) else "") + " → ".join(shown)


def unguarded(
    rule: str,
    procedure: Procedure,
    targets: Collection[int],
    guards: Collection[int],
) -> Iterator[Breach]:
    """Targets that a path from the start reaches without passing a guard. A gate guards what lies
    behind it only when it was opened, and a branch for each of a list only what is inside it."""
    for target in sorted(targets):
        if target in guards:
            continue
        sure = _never_skipped(procedure, guards, target)
        path = procedure.paths.to_without({target}, sure, opening=True)
        if path is not None:
            yield Breach(rule, target, path)


def unguarded_since(
    rule: str,
    procedure: Procedure,
    sources: Collection[int],
    targets: Collection[int],
    guards: Collection[int],
    *,
    strikes: bool = True,
    firm: bool = True,
) -> Iterator[Breach]:
    """Targets that a path from a source reaches without passing a guard. Unless `firm`, it is
    enough that a gate was decided, and that it was for whoever is in a list."""
    for target in sorted(targets):
        sure = _never_skipped(procedure, guards, target) if firm else guards
        for source in sorted(sources):
            path = procedure.paths.from_without(
                source, {target}, sure, strikes=strikes, opening=firm
            )
            if path is not None and target not in guards:
                yield Breach(rule, target, path)
                break


def publishing(procedure: Procedure) -> set[int]:
    """Gates D5 after which the contract notice can be sent without a further D5."""
    gates = procedure.says.gates("D5")
    notices = procedure.says.contract_notices()
    return {i for i in gates if procedure.paths.from_without(i, notices, gates - {i}) is not None}


def _never_skipped(procedure: Procedure, guards: Collection[int], target: int) -> frozenset[int]:
    """Guards that no empty list skips on the way to the target: a branch for each member of a
    list holds what follows it only inside. What each person does counts, since a team has
    somebody."""
    vertices = procedure.says.graph.vertices
    around = {target, *vertices[target].boxes}
    people = {
        vertex.index
        for vertex in procedure.says.work()
        if vertex.element.kind == "userTask" and vertex.element.gate is None
    }
    return frozenset(
        guard
        for guard in guards
        if guard in people
        or all(
            vertices[each].element.loop is None or each in around
            for each in (guard, *vertices[guard].boxes)
        )
    )


def ending_without(
    rule: str, procedure: Procedure, sources: Collection[int], wanted: Collection[int]
) -> Iterator[Breach]:
    """Sources from which the procedure can end without passing what is wanted."""
    ends = procedure.says.graph.ends
    sure = frozenset(wanted)
    for end in ends:
        sure &= _never_skipped(procedure, wanted, end)
    for source in sorted(sources):
        path = procedure.paths.from_without(source, ends, sure, aside=False)
        if path is not None:
            yield Breach(rule, source, path)
