"""What people and the platform are to do: tasks, gates, forms, operations, messages, calls."""

from collections.abc import Iterator

from engine.bpmn.bundle import FORM_INPUTS
from engine.bpmn.document import Node, bpmn_children, local_name
from engine.bpmn.extensions import form_files, pivotal, role_of
from engine.bpmn.lint.expressions import names_inside
from engine.bpmn.lint.subject import Subject
from engine.finding import Finding
from engine.model.definition import DecisionCallInfo, ElementInfo, GateInfo
from engine.model.sealing import sealed_role

_HUMAN = ("userTask", "manualTask")


def lanes(subject: Subject) -> Iterator[Finding]:
    """Each lane that holds work stands for a role of the platform."""
    for lane in subject.document.lanes.values():
        role = role_of(lane)
        if not role and not lane.has_children:
            yield subject.of("lane-without-role", lane)
        elif role and role not in subject.known.roles:
            yield subject.of("role-unknown", lane, f"`{role}`")


def tasks(subject: Subject) -> Iterator[Finding]:
    """A task for people has a name, a role and something to fill in or decide."""
    for node in subject.nodes(*_HUMAN):
        info = subject.info.elements[node.id]
        if not node.name.strip():
            yield subject.of("name-missing", node)
        if not info.role:
            yield subject.of("task-without-role", node)
        if node.kind == "userTask" and info.form is None and info.gate is None:
            yield subject.of("task-without-work", node)
        for other in info.separation:
            partner = subject.info.elements.get(other)
            if partner is None or partner.kind not in _HUMAN or other == node.id:
                yield subject.of("separation-unknown", node, f"`{other}`")
        for group in info.participation:
            if group not in subject.known.groups:
                yield subject.of("group-unknown", node, f"`{group}`")
        if info.participation and info.gate is None:
            yield subject.of("extension-unknown", node, "pivotal:participation without a gate")


def withholdings(subject: Subject) -> Iterator[Finding]:
    """What is kept from whoever does a task is handed in within the process."""
    forms = {each.form for each in subject.info.elements.values()}
    for node in subject.nodes(*_HUMAN):
        for withheld in subject.info.elements[node.id].withheld:
            if withheld.form not in forms:
                yield subject.of("withhold-unknown", node, f"`{withheld.form}`")


def prefills(subject: Subject) -> Iterator[Finding]:
    """What a form begins with is for fields that it has, each said once."""
    for node in subject.nodes(*_HUMAN):
        info = subject.info.elements[node.id]
        form = subject.forms.get(info.form or "")
        named = [each.variable for each in info.prefills]
        for name in sorted(set(named)):
            if form is None or name not in form.fields or named.count(name) > 1:
                yield subject.of("prefill-unknown", node, f"`{name}`")


def seals(subject: Subject) -> Iterator[Finding]:
    """Confidential to a supplier or sealed for a role, and then worked on in that role alone."""
    for node in subject.nodes():
        for each in pivotal(node.element, "confidentiality"):
            if len(each.attrib) != 1:
                detail = "pivotal:confidentiality takes perSupplier, sealedFor or allTenders"
                yield subject.at("extension-attribute", each, detail)
            role = each.get("sealedFor")
            if role is not None and role not in subject.known.roles:
                yield subject.of("role-unknown", node, f"sealedFor `{role}`")
    for node in subject.nodes(*_HUMAN):
        info = subject.info.elements[node.id]
        role = sealed_role((info.confidentiality or "").strip('"'))
        eyes = info.gate.four_eyes if info.gate else None
        if role and {info.role, eyes or role} != {role}:
            yield subject.of("seal-of-other-role", node, f"sealed for `{role}`")


def phases(subject: Subject) -> Iterator[Finding]:
    """Phases that are referred to exist, each id once."""
    declared = [phase.id for phase in subject.info.phases]
    for twice in sorted({each for each in declared if declared.count(each) > 1}):
        yield subject.at("extension-attribute", subject.process, f"phase `{twice}` stands twice")
    for node in subject.nodes():
        for ref in pivotal(node.element, "inPhase"):
            if ref.get("ref") not in declared:
                yield subject.of("phase-unknown", node, f"`{ref.get('ref')}`")


def gates(subject: Subject) -> Iterator[Finding]:
    """A gate records a decision of the catalogue, can be opened and can be refused."""
    for node in subject.nodes("userTask"):
        info = subject.info.elements[node.id]
        if info.gate is None:
            continue
        yield from _gate_words(subject, node, info.gate)
        yield from _gate_options(subject, node, info.gate)
        target = subject.document.nodes.get(node.outgoing[0].target) if node.outgoing else None
        if len(node.outgoing) != 1 or target is None or target.kind != "exclusiveGateway":
            yield subject.of("gate-without-gateway", node)
        elif len(target.outgoing) < 2:
            yield subject.of("gate-without-gateway", node, f"`{target.id}` has one way out")


def _gate_words(subject: Subject, node: Node, gate: GateInfo) -> Iterator[Finding]:
    if gate.decision not in subject.known.decisions:
        yield subject.of("gate-decision", node, f"`{gate.decision}`")
    for check in gate.checks:
        if check not in subject.known.checks:
            yield subject.of("gate-check-unknown", node, f"`{check}`")
    if gate.four_eyes is not None and gate.four_eyes not in subject.known.roles:
        yield subject.of("role-unknown", node, f"fourEyes `{gate.four_eyes}`")


def _gate_options(subject: Subject, node: Node, gate: GateInfo) -> Iterator[Finding]:
    values = [option.value for option in gate.options]
    if len(set(values)) < 2 or len(set(values)) != len(values):
        yield subject.of("gate-options", node, ", ".join(values) or "none")
        return
    if all(option.opens for option in gate.options):
        yield subject.of("gate-cannot-refuse", node)
    opens = any(option.opens for option in gate.options)
    if not opens and (gate.checks or gate.four_eyes):
        yield subject.of("gate-never-opens", node)


def forms(subject: Subject) -> Iterator[Finding]:
    """Each form that is named is in the deployment, with the UI file of its own."""
    for node in subject.nodes(*_HUMAN):
        schema, ui = form_files(node.element)
        form = subject.info.elements[node.id].form
        if schema is not None and not schema.endswith(".schema.json"):
            yield subject.of("form-missing", node, f"`{schema}` must end in .schema.json")
        elif form is not None and form not in subject.forms:
            yield subject.of("form-missing", node, f"forms/{schema}")
        if ui is not None and (form is None or ui != f"{form}.ui.json"):
            yield subject.of("form-ui", node, f"`{ui}` beside `{schema}`")
        elif ui is not None and f"forms/{ui}" not in subject.files:
            yield subject.of("form-missing", node, f"forms/{ui}")
    for message in subject.info.messages.values():
        if message.form is not None and message.form not in subject.forms:
            place = subject.document.definitions[message.id]
            yield subject.at("form-missing", place, f"forms/{message.form}.schema.json")


def operations(subject: Subject) -> Iterator[Finding]:
    """A service task names a registered operation and gives it just what it takes."""
    for node in subject.nodes():
        info = subject.info.elements[node.id]
        if info.operation is None:
            if node.kind in ("serviceTask", "sendTask"):
                yield subject.of("operation-missing", node)
            continue
        shape = subject.known.operations.get(info.operation.name)
        if shape is None:
            yield subject.of("operation-unknown", node, f"`{info.operation.name}`")
            continue
        given = [each.variable for each in info.operation.inputs]
        for name in sorted(shape.required - set(given)):
            yield subject.of("operation-input", node, f"`{name}` is missing")
        if shape.one_of and not shape.one_of & set(given):
            names = " or ".join(f"`{name}`" for name in sorted(shape.one_of))
            yield subject.of("operation-input", node, f"{names} is missing")
        for name in sorted(set(given) - shape.required - shape.optional - shape.one_of):
            yield subject.of("operation-input", node, f"`{name}` is not an input")
        for name in sorted({each for each in given if given.count(each) > 1}):
            yield subject.of("operation-input", node, f"`{name}` is given twice")


def operation_forms(subject: Subject) -> Iterator[Finding]:
    """A form that an operation reads by its key is in the deployment."""
    for node in subject.nodes():
        operation = subject.info.elements[node.id].operation
        for each in operation.inputs if operation else ():
            key = each.value.strip().strip('"')
            is_text = each.value.strip() == f'"{key}"'
            is_key = operation is not None and each.variable in FORM_INPUTS.get(operation.name, ())
            may_be_prose = each.variable == "letter"
            if is_key and not may_be_prose and is_text and key not in subject.forms:
                yield subject.of("form-missing", node, f"forms/{key}.schema.json")


def decisions(subject: Subject) -> Iterator[Finding]:
    """A business rule task evaluates a decision of the deployment."""
    for node in subject.nodes("businessRuleTask"):
        call = subject.info.elements[node.id].decision
        if call is None:
            yield subject.of("decision-missing", node)
        elif call.ref not in subject.decisions:
            yield subject.of("decision-unknown", node, f"`{call.ref}`")
        else:
            names = names_inside(subject, node.id)
            for name in subject.decisions[call.ref].inputs:
                if name not in names:
                    yield subject.of("name-unknown", node, f"`{name}`, an input of `{call.ref}`")
            yield from _answers(subject, node, call)


def _answers(subject: Subject, node: Node, call: DecisionCallInfo) -> Iterator[Finding]:
    """What the table answers is read by people: each word has a name, and each name a word."""
    given = subject.decisions[call.ref].answers
    for value in given:
        if not call.answers.get(value, "").strip():
            yield subject.of("answer-unnamed", node, f"`{value}` of `{call.ref}`")
    for value in call.answers:
        if given and value not in given:
            yield subject.of("answer-unknown", node, f"`{value}`")


def calls(subject: Subject) -> Iterator[Finding]:
    """A called process is in the deployment and is not one that people start."""
    for node in subject.nodes("callActivity"):
        called = subject.info.elements[node.id].called
        if called is None or called not in subject.processes:
            yield subject.of("called-process-missing", node, f"`{called or ''}`")


def messages(subject: Subject) -> Iterator[Finding]:
    """A message that is awaited says who may report it, and which branch it is for."""
    names: set[str] = set()
    for element in subject.document.definitions.values():
        if local_name(element) == "message":
            name = element.get("name", "")
            if not name or name in names:
                yield subject.at("message-name", element, f"`{name}`")
            names.add(name)
    for message in subject.info.messages.values():
        place = subject.document.definitions[message.id]
        if not any(True for _ in pivotal(place, "message")):
            yield subject.at("message-without-extension", place)
        for role in message.roles:
            if role not in subject.known.roles:
                yield subject.at("role-unknown", place, f"`{role}`")
        if not message.correlate and _awaited_in_branches(subject, message.name):
            yield subject.at("message-not-correlated", place)


def _awaited_in_branches(subject: Subject, name: str) -> bool:
    """Whether something inside a parallel multi-instance waits for it. A boundary event on the
    multi-instance activity itself waits once."""
    for node in subject.nodes():
        if subject.info.elements[node.id].message != name:
            continue
        if any(_is_parallel(outer) for outer in subject.info.within(node.scope)):
            return True
    return False


def _is_parallel(element: ElementInfo) -> bool:
    return element.loop is not None and not element.loop.sequential


def names(subject: Subject) -> Iterator[Finding]:
    """People can read what runs: the process and its activities have names."""
    if not subject.info.name.strip():
        yield subject.at("name-missing", subject.process)
    for node in subject.nodes(
        "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity", "subProcess"
    ):
        if not node.name.strip():
            yield subject.of("name-missing", node)


def pure_markers(subject: Subject) -> Iterator[Finding]:
    """One kind of repetition per activity."""
    for node in subject.nodes():
        markers = list(
            bpmn_children(
                node.element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
            )
        )
        if len(markers) > 1:
            yield subject.of("loop-own-data", node, "two markers")
