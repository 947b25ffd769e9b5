"""`pivotal check`: the models that paths mean, each with everything it takes along."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.bpmn.bundle import Bundle, collect, models_under
from engine.bpmn.compile import check_bundle
from engine.bpmn.lint.known import Known, platform
from engine.bpmn.lint.rules import finding
from engine.finding import Finding


def check_paths(paths: Sequence[Path], known: Known | None = None) -> tuple[Finding, ...]:
    """Findings of every model under the paths, each once; `file` is the path on disk.

    A process that another one takes along is checked as part of that deployment.
    """
    offered = known or platform()
    found: set[Finding] = set()
    bundles: list[Bundle] = []
    for path in paths:
        models = list(models_under(path)) if path.exists() else []
        if not models:
            found.add(finding("file-missing", str(path), detail="there is no model here"))
        bundles += [collect(model) for model in models]
    covered: set[Path] = set()
    for bundle in sorted(bundles, key=lambda each: -len(each.files)):
        if bundle.model in covered:
            continue
        covered |= {source.resolve() for source in bundle.sources.values()}
        findings = check_bundle(bundle.key, bundle.files, offered)
        found |= {replace(each, file=_on_disk(bundle, each.file)) for each in findings}
    return tuple(sorted(found, key=lambda each: (each.file, each.line, each.rule, each.reason)))


def _on_disk(bundle: Bundle, name: str) -> str:
    source = bundle.sources.get(name)
    return str(source) if source else name
