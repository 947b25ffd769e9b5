"""A whole innovation partnership in one small model that breaks no rule of law, to be spoiled.

Its ids say nothing: the rules must know each element by what the model says of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tests.support.models import extensions, flow, form_of, node, process

KEY = "lawful"
FORMS = tuple(
    f"F-{number:02}"
    for number in (
        *(6, 7, 10, 11, 13, 16, 17, 23, 24, 26, 27, 28, 29, 30, 31, 33, 34, 36, 37, 38, 39, 40),
    )
)
HAPPENINGS = {"cancel": 37, "complaint": 29, "access": 39, "conflict": 10, "breach": 40}
"""What can strike the competition, each with the number of its form."""
MESSAGES = "".join(
    f'<bpmn:message id="msg-{name}" name="{name}">'
    + extensions(f'<pivotal:message title="Meld" form="f-{number}" roles="procurement-lead"/>')
    + "</bpmn:message>"
    for name, number in HAPPENINGS.items()
)
_LISTS = ("suppliers", "partners")
_DATES = ("deadline", "sent_at", "signed_at")
_TEXTS = tuple(f"answer_{number}" for number in (1, 2, 3, 4, 5, 9, 10, 11, 12, 13))
DECLARED = "".join(
    f'<pivotal:variable name="{name}" type="{kind}"/>'
    for kind, names in (
        ("list", _LISTS),
        ("date-time", _DATES),
        ("string", _TEXTS),
        ("number", ("turn",)),
    )
    for name in names
)
AWARDING = "decider-not-evaluator no-open-breach"
SIGNING = "standstill-over no-injunction suppliers-still-qualified"
LOOP = '<pivotal:loop collection="{}" item="one"/>'
MARKER = "<bpmn:multiInstanceLoopCharacteristics/>"
SECRET = '<pivotal:confidentiality perSupplier="one.id"/>'


def task(key: str, catalogue: str, *parts: str, inside: str = "") -> str:
    return node("userTask", key, extensions(form_of(catalogue.lower()), *parts), inside)


def gate(
    key: str,
    decision: str,
    answer: int,
    *,
    checks: str = "",
    options: str = "go! stop",
    four_eyes: str = "legal",
    catalogue: str = "",
) -> str:
    """`options` that end in `!` open."""
    said = "".join(f'<pivotal:check rule="{each}"/>' for each in checks.split())
    said += "".join(
        f'<pivotal:option value="{each.rstrip("!")}" name="{each}"'
        f' opens="{str(each.endswith("!")).lower()}"/>'
        for each in options.split()
    )
    eyes = f' fourEyes="{four_eyes}"' if four_eyes else ""
    form = (form_of(catalogue.lower()),) if catalogue else ()
    own = (
        f'<pivotal:gate decision="{decision}" variable="answer_{answer}"{eyes}>{said}'
        "</pivotal:gate>"
    )
    return node("userTask", key, extensions(*form, own))


def extended(text: str, *parts: str) -> str:
    """The node with more in its extension elements."""
    return text.replace("</bpmn:extensionElements>", "".join(parts) + "</bpmn:extensionElements>")


def operation(key: str, name: str, *parts: str, **inputs: str) -> str:
    given = "".join(
        f'<pivotal:input name="{each}" value="{value.replace(chr(34), "&quot;")}"/>'
        for each, value in inputs.items()
    )
    own = f'<pivotal:operation name="{name}">{given}</pivotal:operation>'
    return node("serviceTask", key, extensions(own, *parts))


def status(key: str, value: str) -> str:
    return operation(
        key, "set-supplier-status", supplier='"1"', status=f'"{value}"', reason='"fordi"'
    )


def letter(key: str, content: str) -> str:
    return operation(
        key, "send-to-suppliers", suppliers="suppliers", subject='"Brev"', letter=f'"{content}"'
    )


def sending(key: str, content: str) -> str:
    """A letter, of which the process keeps when it was sent."""
    kept = '<pivotal:output variable="sent_at" value="result.sent_at"/>'
    return extended(letter(key, content), kept)


def notice(key: str, subtype: str) -> str:
    return operation(key, "record-notice", subtype=f'"{subtype}"', form='"f-13"')


def wait(key: str, expression: str) -> str:
    timer = (
        f'<bpmn:timerEventDefinition id="{key}-timer"><bpmn:timeDate>{expression}'
        "</bpmn:timeDate></bpmn:timerEventDefinition>"
    )
    return node("intermediateCatchEvent", key, timer)


def boundary(key: str, host: str, message: str, *, interrupting: bool) -> str:
    return node(
        "boundaryEvent",
        key,
        f'<bpmn:messageEventDefinition id="{key}-message" messageRef="{message}"/>',
        attachedToRef=host,
        cancelActivity=str(interrupting).lower(),
    )


@dataclass(frozen=True, slots=True)
class Level:
    """Nodes by key, and flows as (source, target, condition)."""

    nodes: Mapping[str, str]
    flows: tuple[tuple[str, str, str], ...]

    def text(self) -> str:
        flows = (flow(*each) for each in self.flows)
        return "\n".join((*self.nodes.values(), *flows))

    def without(self, key: str) -> "Level":
        """The level with the node cut out: whatever led to it leads to what came after it."""
        (after,) = {target for source, target, _ in self.flows if source == key} or {""}
        kept = tuple(
            (source, after if target == key else target, said)
            for source, target, said in self.flows
            if source != key
        )
        return Level({k: v for k, v in self.nodes.items() if k != key}, kept)

    def having(self, key: str, text: str) -> "Level":
        """The level with another node in the place of this one."""
        assert key in self.nodes
        return Level({**self.nodes, key: text}, self.flows)

    def leading(self, source: str, old: str, new: str) -> "Level":
        """The level with one flow led elsewhere."""
        assert any(each[:2] == (source, old) for each in self.flows)
        turned = tuple(
            (a, new if (a, b) == (source, old) else b, said) for a, b, said in self.flows
        )
        return Level(self.nodes, turned)

    def saying(self, source: str, target: str, condition: str) -> "Level":
        """The level with another condition on one flow."""
        assert any(each[:2] == (source, target) for each in self.flows)
        turned = tuple(
            (a, b, condition if (a, b) == (source, target) else said) for a, b, said in self.flows
        )
        return Level(self.nodes, turned)


def level(nodes: Mapping[str, str], *chains: str, choices: str = "") -> Level:
    """`chains` are keys in a row; `choices` lines of `source target condition`."""
    flows = [(a, b, "") for each in chains for a, b in pairwise(each.split())]
    for line in choices.strip().splitlines():
        source, target, *said = line.split(maxsplit=2)
        flows.append((source, target, said[0] if said else ""))
    return Level(nodes, tuple(flows))


def start(key: str) -> str:
    return node("startEvent", key)


def end(key: str) -> str:
    return node("endEvent", key)


def choose(key: str) -> str:
    return node("exclusiveGateway", key)


OUTER = level(
    {
        "a0": start("a0"),
        "a1": task("a1", "F-10"),
        "a2": task("a2", "F-06", LOOP.format("suppliers"), SECRET, inside=MARKER),
        "a3": task("a3", "F-07"),
        "a4": letter("a4", "f-07"),
        "a5": task("a5", "F-11"),
        "a6": task("a6", "F-13", '<pivotal:output variable="deadline" value="deadline"/>'),
        "a7": extended(
            gate("a7", "D5", 1, checks="climate-rule-met rtp-period-long-enough"),
            '<pivotal:participation groups="employee citizen"/>',
            '<pivotal:separation notSameAs="a5 a6"/>',
        ),
        "a8": choose("a8"),
        "a9": operation("a9", "pin-rules", at="deadline"),
        "b0": operation("b0", "freeze-documents"),
        "b1": notice("b1", "16"),
        "b3": boundary("b3", "b2", "msg-cancel", interrupting=True),
        "b4": boundary("b4", "b2", "msg-complaint", interrupting=False),
        "b5": end("b5"),
        "e2": boundary("e2", "b2", "msg-access", interrupting=False),
        "e3": end("e3"),
        "e4": boundary("e4", "b2", "msg-conflict", interrupting=False),
        "e5": end("e5"),
        "e6": boundary("e6", "b2", "msg-breach", interrupting=False),
        "e7": end("e7"),
        "b6": choose("b6"),
        "b7": task("b7", "F-37"),
        "b8": notice("b8", "29"),
        "b9": end("b9"),
        "d2": choose("d2"),
        "d3": task("d3", "F-34"),
        "d4": gate("d4", "D13", 12, checks="purchase-allowed"),
        "d5": choose("d5"),
        "d6": status("d6", "purchased"),
        "d7": choose("d7"),
        "d8": task("d8", "F-36"),
        "d9": gate("d9", "D15", 13, four_eyes=""),
        "e0": choose("e0"),
        "e1": end("e1"),
    },
    "a0 a1 a2 a3 a4 a5 a6 a7 a8",
    "a9 b0 b1 b2 b6",
    "b3 b7 b8 b9",
    "b4 b5",
    "e2 e3",
    "e4 e5",
    "e6 e7",
    "d0 d1 d2",
    "d3 d4 d5",
    "d6 d7 d8 d9 e0",
    choices="""
    a8 a9 answer_1 = "go"
    a8 a5 answer_1 = "stop"
    b6 d0 answer_9 = "go"
    b6 b7 answer_9 != "go"
    d2 d0 turn < 3
    d2 d3 turn >= 3
    d5 d6 answer_12 = "go"
    d5 d7 answer_12 = "stop"
    e0 e1 answer_13 = "go"
    e0 d8 answer_13 = "stop"
    """,
)

COMPETITION = level(
    {
        "c0": start("c0"),
        "c1": wait("c1", "deadline"),
        "c2": task("c2", "F-17"),
        "c3": operation(
            "c3",
            "register-suppliers",
            '<pivotal:output variable="partners" value="result.suppliers"/>',
            '<pivotal:output variable="suppliers" value="partners"/>',
            suppliers="suppliers",
        ),
        "c4": task("c4", "F-10"),
        "f0": gate("f0", "D8", 2, checks="reduction-reserved"),
        "f1": choose("f1"),
        "f2": status("f2", "eliminated"),
        "f3": letter("f3", "Ute"),
        "f4": choose("f4"),
        "f5": task("f5", "F-26"),
        "f6": gate("f6", "D9", 3, checks="low-tender-explained"),
        "f7": choose("f7"),
        "f8": status("f8", "rejected"),
        "f9": letter("f9", "Avvist"),
        "g0": choose("g0"),
        "g1": node("parallelGateway", "g1"),
        "g2": task("g2", "F-23", '<pivotal:separation notSameAs="g3"/>'),
        "g3": task("g3", "F-23", '<pivotal:separation notSameAs="g2"/>'),
        "g4": node("parallelGateway", "g4"),
        "g5": task("g5", "F-24"),
        "g6": operation("g6", "rank", suppliers="suppliers", scores='"f-24"'),
        "g7": gate("g7", "D10", 4, checks=AWARDING, catalogue="F-27"),
        "g8": choose("g8"),
        "h0": task("h0", "F-28"),
        "h1": sending("h1", "f-28"),
        "h2": wait("h2", 'time_limit("standstill-electronic", sent_at)'),
        "h3": gate("h3", "D11", 5, checks=SIGNING),
        "h4": choose("h4"),
        "h5": gate("h5", "D11", 9, catalogue="F-30"),
        "h6": choose("h6"),
        "h7": status("h7", "contracted"),
        "h8": task("h8", "F-13", '<pivotal:due rule="contract-award-notice" from="signed_at"/>'),
        "h9": notice("h9", "29"),
        "i0": end("i0"),
        "i1": end("i1"),
    },
    "c0 c1 c2 c3 c4 f0 f1",
    "f2 f3 f4 f5 f6 f7",
    "f8 f9 g0 g1 g2 g4 g5 g6 g7 g8",
    "g1 g3 g4",
    "h0 h1 h2 h3 h4",
    "h5 h6",
    "h7 h8 h9 i0",
    choices="""
    f1 f2 answer_2 = "go"
    f1 f4 answer_2 = "stop"
    f7 g0 answer_3 = "go"
    f7 f8 answer_3 = "stop"
    g8 h0 answer_4 = "go"
    g8 i1 answer_4 = "stop"
    h4 h5 answer_5 = "go"
    h4 g7 answer_5 = "stop"
    h6 h7 answer_9 = "go"
    h6 i1 answer_9 = "stop"
    """,
)

APPOINTED = "jury-composed jury-independent"
SEALED = '<pivotal:confidentiality sealedFor="procurement-lead"/>'
CONTEST = level(
    {
        "c0": start("c0"),
        "c1": wait("c1", "deadline"),
        "m0": task("m0", "F-16", SEALED),
        "m1": gate("m1", "D9", 2, checks="projects-anonymised receiver-not-juror"),
        "m2": choose("m2"),
        "m3": task("m3", "F-23", '<pivotal:due rule="answers" from="sent_at"/>'),
        "m4": task("m4", "F-38"),
        "m5": gate("m5", "D8", 3, checks="jury-opinion-signed"),
        "m6": choose("m6"),
        "m7": operation("m7", "lift-seal", role='"procurement-lead"', form='"f-16"'),
        "c3": COMPETITION.nodes["c3"],
        "g7": gate("g7", "D10", 4, catalogue="F-27"),
        "g8": choose("g8"),
        "n0": notice("n0", "36"),
        "n1": gate("n1", "D3", 5, checks="follow-on-announced"),
        "n2": choose("n2"),
        "h5": gate("h5", "D11", 9, catalogue="F-30"),
        "h6": choose("h6"),
        "h7": status("h7", "contracted"),
        "h8": task("h8", "F-13", '<pivotal:due rule="contest-result" from="signed_at"/>'),
        "h9": notice("h9", "29"),
        "i0": end("i0"),
        "i1": end("i1"),
    },
    "c0 c1 m0 m1 m2",
    "m3 m4 m5 m6",
    "m7 c3 g7 g8",
    "n0 n1 n2",
    "h5 h6",
    "h7 h8 h9 i0",
    choices="""
    m2 m3 answer_2 = "go"
    m2 m0 answer_2 = "stop"
    m6 m7 answer_3 = "go"
    m6 m3 answer_3 = "stop"
    g8 n0 answer_4 = "go"
    g8 i1 answer_4 = "stop"
    n2 h5 answer_5 = "go"
    n2 i1 answer_5 = "stop"
    h6 h7 answer_9 = "go"
    h6 i1 answer_9 = "stop"
    """,
)

PHASE = level(
    {
        "j0": start("j0"),
        "j1": task("j1", "F-31"),
        "j2": gate("j2", "D12", 10, catalogue="F-33"),
        "j3": choose("j3"),
        "j4": end("j4"),
    },
    "j0 j1 j2 j3",
    choices="""
    j3 j4 answer_10 = "go"
    j3 j2 answer_10 = "stop"
    """,
)

REVIEW = level(
    {
        "k0": start("k0"),
        "k1": gate("k1", "D12", 11, checks="reduction-rule-stated", options="end! go"),
        "k2": choose("k2"),
        "k3": status("k3", "terminated"),
        "k4": end("k4"),
        "k5": end("k5"),
    },
    "k0 k1 k2",
    "k3 k4",
    choices="""
    k2 k3 answer_11 = "end"
    k2 k5 answer_11 = "go"
    """,
)


@dataclass(frozen=True, slots=True)
class Model:
    outer: Level = OUTER
    competition: Level = COMPETITION
    phase: Level = PHASE
    review: Level = REVIEW
    branch: str = SECRET
    declared: str = DECLARED
    procedure: str = "innovation-partnership"
    startable: bool = True
    more: Mapping[str, bytes] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        loop = LOOP.format("partners")
        scopes = (
            node("subProcess", "b2", self.competition.text()),
            node("subProcess", "d0", extensions(loop, self.branch), MARKER, self.phase.text()),
            node("subProcess", "d1", extensions(loop, SECRET), MARKER, self.review.text()),
        )
        text = process(
            KEY,
            "\n".join((self.outer.text(), *scopes)),
            declared=self.declared,
            around=MESSAGES,
            startable=self.startable,
        )
        text = text.replace("<pivotal:process ", f'<pivotal:process procedure="{self.procedure}" ')
        return {f"processes/{KEY}/{KEY}.bpmn": text.encode(), **forms(), **self.more}


def forms() -> dict[str, bytes]:
    """One form for each number of the catalogue that is used."""
    found = {}
    for number in FORMS:
        key = number.lower()
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": key,
            "title": key,
            "x-catalogue": number,
            "type": "object",
            "properties": {"note": {"type": "string", "title": "Merknad", "maxLength": 200}},
        }
        english = {"title": key, "note.title": "Note"}
        found[f"forms/{key}.schema.json"] = json.dumps(schema).encode()
        found[f"forms/{key}.ui.json"] = json.dumps({"ui:order": ["note"]}).encode()
        found[f"forms/{key}.en.json"] = json.dumps(english).encode()
    return found
