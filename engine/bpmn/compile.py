"""From files to a version that can run: read, check, and only then build.

`check_bundle` says everything that is wrong; `compile_bundle` refuses whatever has an error.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.bundle import digest
from engine.bpmn.lint.checks import check_process
from engine.bpmn.lint.known import Known, platform
from engine.bpmn.lint.law.judge import check_procedure
from engine.bpmn.lint.rules import finding
from engine.bpmn.lint.subject import Subject
from engine.bpmn.parser import ExecutableProcess, build_process
from engine.bpmn.reading import Reading, read_files
from engine.errors import DeploymentRefusedError, FeelError
from engine.feel import Scope
from engine.feel.dmn import DecisionModel, DecisionResult
from engine.finding import Finding
from engine.forms.definition import Form
from engine.model.definition import ElementInfo, ProcessDefinition


@dataclass(frozen=True, slots=True)
class CompiledDefinition:
    """A version ready to run; threads may share it. `process` is what the runtime starts; `forms`
    are by key, `models` by decision id. `gates` are the ids of the elements that are gates; `apart`
    says of each which others must be another person's, whichever of the two the model says it at.
    """

    definition: ProcessDefinition
    process: ExecutableProcess
    forms: Mapping[str, Form]
    models: Mapping[str, DecisionModel]
    gates: frozenset[str]
    apart: Mapping[str, frozenset[str]]

    def decide(self, ref: str, variables: Mapping[str, Any], scope: Scope) -> DecisionResult:
        """Evaluate the decision `ref` of the version. Raises as `DecisionModel.decide`."""
        return self.models[ref].decide(ref, variables, scope)


def check_bundle(
    key: str, files: Mapping[str, bytes], known: Known | None = None
) -> tuple[Finding, ...]:
    """Errors and warnings of the deployment of process `key`, by file and line."""
    offered = known or platform()
    return _check(key, files, offered, read_files(files, offered.functions))


def compile_bundle(
    key: str, files: Mapping[str, bytes], known: Known | None = None
) -> CompiledDefinition:
    """The version that the files make. Raises `DeploymentRefusedError` with every finding when
    one of them is an error; warnings do not refuse."""
    offered = known or platform()
    reading = read_files(files, offered.functions)
    findings = _check(key, files, offered, reading)
    if any(found.severity == "error" for found in findings):
        raise DeploymentRefusedError(findings)
    return _compiled(key, files, reading, offered.functions)


def compile_deployed(key: str, files: Mapping[str, bytes]) -> CompiledDefinition:
    """The same for files that were checked when they were deployed: a rule that was added to the
    linter since does not stop what is running. Raises `DeploymentRefusedError` where they cannot
    be read at all."""
    functions = platform().functions
    reading = read_files(files, functions, checked=True)
    if key not in reading.processes:
        raise DeploymentRefusedError(reading.findings or [_no_root(key)])
    return _compiled(key, files, reading, functions)


def _check(
    key: str, files: Mapping[str, bytes], known: Known, reading: Reading
) -> tuple[Finding, ...]:
    findings = list(reading.findings)
    readable = {found.file for found in findings if found.severity == "error"}
    if key not in reading.processes and f"processes/{key}/{key}.bpmn" not in readable:
        findings.append(_no_root(key))
    subjects = subjects_of(reading, files, known)
    for subject in subjects.values():
        findings += check_process(subject)
    if key in subjects and not any(found.severity == "error" for found in findings):
        findings += check_procedure(key, subjects)
    return tuple(sorted(set(findings), key=_order))


def subjects_of(reading: Reading, files: Iterable[str], known: Known) -> dict[str, Subject]:
    """What the checks look at: each process of the deployment, by key."""
    forms = reading.form_infos()
    return {
        process: Subject(
            document=reading.documents[process],
            info=info,
            known=known,
            processes=reading.processes,
            forms=forms,
            decisions=reading.decisions,
            files=frozenset(files),
            texts={
                language: found[process]
                for language, found in reading.texts.items()
                if process in found
            },
        )
        for process, info in reading.processes.items()
    }


def _order(found: Finding) -> tuple[str, int, str, str, str]:
    return (found.file, found.line, found.element_id, found.rule, found.reason)


def _no_root(key: str) -> Finding:
    name = f"processes/{key}/{key}.bpmn"
    return finding("no-root-process", name, detail=f"`{key}` is not among the files")


def _compiled(
    key: str, files: Mapping[str, bytes], reading: Reading, functions: frozenset[str]
) -> CompiledDefinition:
    definition = ProcessDefinition(
        key=key,
        name=reading.processes[key].name,
        digest=digest(files),
        processes=reading.processes,
        forms=reading.form_infos(),
        decisions=reading.decisions,
        texts=reading.texts,
    )
    elements = [each for info in reading.processes.values() for each in info.elements.values()]
    return CompiledDefinition(
        definition,
        _executable(key, reading, functions),
        reading.forms,
        reading.models,
        gates=frozenset(each.id for each in elements if each.gate is not None),
        apart=_apart(elements),
    )


def _apart(elements: Iterable[ElementInfo]) -> Mapping[str, frozenset[str]]:
    apart: defaultdict[str, set[str]] = defaultdict(set)
    for each in elements:
        for other in each.separation:
            apart[each.id].add(other)
            apart[other].add(each.id)
    return {key: frozenset(others) for key, others in apart.items()}


def _executable(key: str, reading: Reading, functions: frozenset[str]) -> ExecutableProcess:
    """What the runtime runs. Which names have a value at which place was checked before."""
    names: set[str] = set()
    for info in reading.processes.values():
        names |= info.variable_names
        names |= {each.loop.item for each in info.elements.values() if each.loop}
    try:
        return build_process(
            key, reading.documents, infos=reading.processes, names=names, functions=functions
        )
    except FeelError as error:
        place = str(error.details.get("place", ""))
        file = reading.processes[key].file
        refused = finding("expression-invalid", file, element_id=place, detail=str(error))
        raise DeploymentRefusedError([refused]) from error
