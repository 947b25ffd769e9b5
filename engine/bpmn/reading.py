"""From the files of a deployment to what they say, with a finding for each that cannot be read."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Final

from engine.bpmn.bundle import FORM_ENDINGS, READMES, TRANSLATIONS
from engine.bpmn.dmn_source import read_model
from engine.bpmn.document import (
    Document,
    bpmn_children,
    line_of,
    local_name,
    namespace,
    read_document,
)
from engine.bpmn.extensions import read_process
from engine.bpmn.lint.rules import finding
from engine.bpmn.names import BPMN
from engine.bpmn.xml import MAX_BYTES, Element, read_xml
from engine.errors import FeelError, InvalidInputError
from engine.feel.dmn import Decision, DecisionModel, InputData, ModelSource, compile_model
from engine.feel.dmn.model import DecisionTable
from engine.finding import Finding
from engine.forms.checking import check_form
from engine.forms.definition import Form
from engine.forms.reading import read_form
from engine.model.definition import DecisionInfo, FlowInfo, FormInfo, ProcessInfo

FORMS = "forms/"
_MODEL, _TABLE = ".bpmn", ".dmn"
_TEXTS = {f".{language}.json": language for language in TRANSLATIONS}


@dataclass(slots=True)
class Reading:
    """`models` holds the decision model of each decision; `texts` those by language and
    process key."""

    documents: dict[str, Document] = field(default_factory=dict)
    processes: dict[str, ProcessInfo] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    decisions: dict[str, DecisionInfo] = field(default_factory=dict)
    models: dict[str, DecisionModel] = field(default_factory=dict)
    texts: dict[str, dict[str, Mapping[str, str]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def form_infos(self) -> dict[str, FormInfo]:
        """The forms as the definition keeps them."""
        return {
            key: FormInfo(key, form.title.nb, form.catalogue, _field_names(form))
            for key, form in self.forms.items()
        }


def read_files(
    files: Mapping[str, bytes], functions: frozenset[str], *, checked: bool = False
) -> Reading:
    """Read everything; `functions` are the host's functions that decision tables may call.

    Forms of files that were `checked` before are read without asking again what is wrong in them.
    """
    reading = Reading()
    for name in sorted(files):
        _read_file(reading, name, files[name], functions)
    form_files = {
        name.removeprefix(FORMS): content
        for name, content in files.items()
        if name.startswith(FORMS) and len(content) <= MAX_BYTES
    }
    for key in sorted({_form_key(name) for name in form_files} - {""}):
        _read_form(reading, key, form_files, checked=checked)
    return reading


def _read_file(reading: Reading, name: str, content: bytes, functions: frozenset[str]) -> None:
    path = PurePosixPath(name)
    if len(content) > MAX_BYTES:
        detail = f"{len(content)} bytes, at most {MAX_BYTES}"
        reading.findings.append(finding("file-too-large", name, detail=detail))
        return
    if path.parts[:1] == ("forms",) and len(path.parts) == 2 and _form_key(path.name):
        return
    if path.parts[:1] != ("processes",) or len(path.parts) != 3:
        reading.findings.append(finding("file-not-used", name))
    elif path.suffix == _MODEL:
        _read_model_file(reading, name, content)
    elif path.suffix == _TABLE:
        _read_table(reading, name, content, functions)
    elif ending := next((each for each in _TEXTS if path.name.endswith(each)), ""):
        _read_texts(reading, name, content, ending)
    elif path.name not in READMES:  # they go along for people to read
        reading.findings.append(finding("file-not-used", name))


def _form_key(name: str) -> str:
    """The key of the form the file belongs to; empty for a file of another kind."""
    return next((name.removesuffix(end) for end in FORM_ENDINGS if name.endswith(end)), "")


def _read_model_file(reading: Reading, name: str, content: bytes) -> None:
    findings, read = _model(name, content)
    reading.findings += findings
    if read is not None:
        document, process = read
        reading.documents[process.key] = document
        reading.processes[process.key] = process


@lru_cache(maxsize=64)
def _model(
    name: str, content: bytes
) -> tuple[tuple[Finding, ...], tuple[Document, ProcessInfo] | None]:
    """What is wrong in a model, and what it says where it can be read. Procedures share most of
    their blocks: what does not change is read once, so nobody may change what came of it."""
    root, findings = read_xml(content, name)
    if root is None:
        return findings, None
    if local_name(root) != "definitions" or namespace(root) != BPMN:
        return (finding("not-bpmn", name, line_of(root), detail=str(root.tag)),), None
    process, faults = _only_process(root, name)
    if process is None:
        return tuple(faults), None
    document = read_document(root, name)
    info = replace(read_process(document, process), flows=_flows(document))
    return tuple(faults), (document, info)


def _flows(document: Document) -> tuple[FlowInfo, ...]:
    """The sequence flows between elements that are there, in the order of the file."""
    return tuple(
        FlowInfo(
            flow.source,
            flow.target,
            flow.condition,
            is_default=document.nodes[flow.source].default == flow.id,
        )
        for flow in document.flows.values()
        if flow.source in document.nodes and flow.target in document.nodes
    )


def _only_process(root: Element, name: str) -> tuple[str | None, list[Finding]]:
    """The key of the one process of the file, None where the file cannot be used at all."""
    processes = list(bpmn_children(root, "process"))
    if len(processes) != 1:
        place = processes[1] if processes else root
        detail = f"it holds {len(processes)}"
        return None, [finding("one-process-per-file", name, line_of(place), detail=detail)]
    (process,) = processes
    key, findings = process.get("id", ""), []
    path = PurePosixPath(name)
    about = {"element_id": key, "element_name": process.get("name", "")}
    if not key or key != path.stem or key != path.parent.name:
        findings.append(
            finding("process-key", name, line_of(process), **about, detail=f"`{key}` in {name}")
        )
    if process.get("isExecutable") not in ("true", "1"):
        findings.append(finding("process-not-executable", name, line_of(process), **about))
    return key or None, findings


def _read_texts(reading: Reading, name: str, content: bytes, ending: str) -> None:
    path = PurePosixPath(name)
    texts = _json_object(reading, name, content)
    if path.name.removesuffix(ending) != path.parent.name:
        reading.findings.append(finding("file-not-used", name))
    if texts is None:
        return
    if not all(isinstance(text, str) for text in texts.values()):
        detail = "the texts must be one flat object of strings"
        reading.findings.append(finding("json-not-valid", name, detail=detail))
        return
    reading.texts.setdefault(_TEXTS[ending], {})[path.parent.name] = texts


def _json_object(reading: Reading, name: str, content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except json.JSONDecodeError as error:
        found = finding("json-not-valid", name, error.lineno, detail=error.msg)
        reading.findings.append(found)
        return None
    except (UnicodeDecodeError, RecursionError) as error:
        detail = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "too deep"
        reading.findings.append(finding("json-not-valid", name, detail=detail))
        return None
    if not isinstance(value, dict):
        reading.findings.append(finding("json-not-valid", name, detail="it is not an object"))
        return None
    return value


def _read_table(reading: Reading, name: str, content: bytes, functions: frozenset[str]) -> None:
    _, findings = read_xml(content, name)
    if findings:
        reading.findings += findings
        return
    try:
        source = read_model(content, name)
        model = compile_model(source, functions=functions)
    except FeelError as error:
        reading.findings += _problems(name, error)
        return
    except InvalidInputError as error:
        reading.findings.append(finding("decision-invalid", name, detail=_clause(str(error))))
        return
    for decision in source.elements:
        if isinstance(decision, Decision):
            _keep_decision(reading, name, source, decision, model)


def _problems(name: str, error: FeelError) -> Iterator[Finding]:
    """Each of the faults that the compiler of decision models has gathered."""
    for problem in error.details.get("problems") or [{"message": str(error)}]:
        yield finding(
            "decision-invalid",
            name,
            element_id=problem.get("element", ""),
            element_name=problem.get("element_name", ""),
            detail=_clause(problem["message"]),
        )


def _clause(message: str) -> str:
    return message.rstrip(". ")


def _keep_decision(
    reading: Reading, name: str, source: ModelSource, decision: Decision, model: DecisionModel
) -> None:
    if decision.ident in reading.decisions:
        other = reading.decisions[decision.ident].file
        detail = f"`{decision.ident}` stands in {other} too"
        reading.findings.append(
            finding("decision-invalid", name, element_id=decision.ident, detail=detail)
        )
        return
    inputs = tuple(sorted(set(_inputs(source, decision))))
    answers = tuple(dict.fromkeys(_answers(decision)))
    reading.decisions[decision.ident] = DecisionInfo(
        decision.ident, decision.name, name, inputs, answers
    )
    reading.models[decision.ident] = model


def _answers(decision: Decision) -> Iterator[str]:
    """The words that the table of the decision writes as its one answer."""
    table = decision.expression
    if not isinstance(table, DecisionTable) or len(table.outputs) != 1:
        return
    for cell in (*(rule.outputs[0] for rule in table.rules), table.outputs[0].default or ""):
        found = _WORD.fullmatch(cell.strip())
        if found is not None:
            yield found[1]


_WORD: Final = re.compile(r'"([^"\\]*)"')


def _inputs(source: ModelSource, decision: Decision) -> Iterator[str]:
    """Names of the input data that the decision needs, itself or through other decisions."""
    elements = {element.ident: element for element in source.elements}
    todo, seen = list(decision.requires), set[str]()
    while todo:
        ident = todo.pop()
        element = elements.get(ident)
        if element is None or ident in seen:
            continue
        seen.add(ident)
        if isinstance(element, InputData):
            yield element.name
        todo += getattr(element, "requires", ())


def _read_form(reading: Reading, key: str, files: Mapping[str, bytes], *, checked: bool) -> None:
    if f"{key}.schema.json" not in files:
        name = f"{FORMS}{key}.schema.json"
        reading.findings.append(finding("file-missing", name, detail="the schema of the form"))
        return
    own = tuple((key + end, files[key + end]) for end in FORM_ENDINGS if key + end in files)
    faults, form = _form(key, own, checked=checked)
    reading.findings += [replace(fault, file=f"{FORMS}{fault.file}") for fault in faults]
    if form is not None:
        reading.forms[key] = form


@lru_cache(maxsize=1024)
def _form(
    key: str, files: tuple[tuple[str, bytes], ...], *, checked: bool
) -> tuple[tuple[Finding, ...], Form | None]:
    """What is wrong in it, and the form where that lets it be read. Processes share most of their
    forms: what does not change is read once."""
    content = dict(files)
    faults = () if checked else check_form(key, content)
    readable = all(fault.severity != "error" for fault in faults)
    return faults, read_form(key, content) if readable else None


def _field_names(form: Form) -> tuple[str, ...]:
    return tuple(field.name for field in form.fields)
