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
    """Findings of every model under the paths, each once; `file` is the path on disk."""
    offered = known or platform()
    found: dict[Finding, None] = {}
    for path in paths:
        models = list(models_under([path])) if path.exists() else []
        if not models:
            found[finding("file-missing", str(path), detail="there is no model here")] = None
        for model in models:
            bundle = collect(model)
            for each in check_bundle(bundle.key, bundle.files, offered):
                found[replace(each, file=_on_disk(bundle, each.file))] = None
    return tuple(sorted(found, key=lambda each: (each.file, each.line, each.rule, each.reason)))


def _on_disk(bundle: Bundle, name: str) -> str:
    source = bundle.sources.get(name)
    return str(source) if source else name
