"""The files of one deployment: a process, everything it calls, its decision tables and forms.

Names inside a bundle are those of the repository: `processes/<key>/<file>`, `forms/<file>`.
The digest of the bytes names the version; nothing else does.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.bpmn.document import local_name
from engine.bpmn.extensions import form_files, pivotal
from engine.bpmn.names import BPMN
from engine.bpmn.xml import Element, read_xml
from engine.errors import InvalidInputError

FORM_ENDINGS = (".schema.json", ".ui.json", ".en.json", ".nn.json")
READMES = ("README.md", "README.nb.md", "README.nn.md")
"""For people to read: in English, and in each Norwegian where it is written."""
TRANSLATIONS = ("en", "nn")
"""Languages beside the bokmål of models and forms: English always, nynorsk where it is written."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`key` is the process the bundle is for; `sources` tells where on disk each file came from."""

    key: str
    files: Mapping[str, bytes]
    sources: Mapping[str, Path] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return digest(self.files)

    @property
    def model(self) -> Path | None:
        """Where the model of the process itself came from."""
        source = self.sources.get(f"processes/{self.key}/{self.key}.bpmn")
        return source.resolve() if source else None


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted names and the SHA-256 of their bytes; 64 hexadecimal digits."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return whole.hexdigest()


def collect(path: Path, forms: Path | None = None) -> Bundle:
    """The bundle of the process in the folder (or `.bpmn` file) `path`.

    Called processes are looked for in sibling folders, forms in `forms` (default: `forms` beside
    the folder of the processes). A file that is missing is left out; the check says so. Raises
    `InvalidInputError` where there is no model at `path`.
    """
    model = model_of(path)
    processes = model.parent.parent
    collector = _Collector(processes, forms or processes.parent / "forms")
    collector.take_process(model.stem, model)
    return Bundle(model.stem, dict(sorted(collector.files.items())), collector.sources)


def model_of(path: Path) -> Path:
    """The `.bpmn` file that `path` means: itself, or the one with its folder's name. Raises
    `InvalidInputError` where there is none."""
    model = path if path.suffix == ".bpmn" else path / f"{path.resolve().name}.bpmn"
    if not model.is_file():
        raise InvalidInputError(
            f"There is no model at {path}. Name a .bpmn file, or a folder with one of its name.",
            path=str(path),
        )
    return model


def models_under(path: Path) -> Iterator[Path]:
    """The models that the path means: a file, the folder of a process, or a folder of such."""
    folder_model = path / f"{path.resolve().name}.bpmn"
    if path.is_file():
        yield from [path] if path.suffix == ".bpmn" else []
    elif folder_model.is_file():
        yield folder_model
    else:
        yield from sorted(each for each in path.glob("**/*.bpmn") if each.is_file())


class _Collector:
    def __init__(self, processes: Path, forms: Path) -> None:
        self._processes = processes
        self._forms = forms
        self.files: dict[str, bytes] = {}
        self.sources: dict[str, Path] = {}

    def take_process(self, key: str, model: Path) -> None:
        folder = f"processes/{key}"
        if f"{folder}/{key}.bpmn" in self.files:
            return
        self._take(f"{folder}/{key}.bpmn", model)
        for language in TRANSLATIONS:
            self._take(f"{folder}/{key}.{language}.json", model.with_suffix(f".{language}.json"))
        for readme in READMES:
            self._take(f"{folder}/{readme}", model.parent / readme)
        for table in sorted(model.parent.glob("*.dmn")):
            self._take(f"{folder}/{table.name}", table)
        root, _ = read_xml(self.files[f"{folder}/{key}.bpmn"], str(model))
        if root is None:
            return
        for form in form_keys(root):
            for ending in FORM_ENDINGS:
                self._take(f"forms/{form}{ending}", self._forms / f"{form}{ending}")
        for called in called_keys(root):
            other = self._processes / called / f"{called}.bpmn"
            if other.is_file():
                self.take_process(called, other)

    def _take(self, name: str, path: Path) -> None:
        if path.is_file():
            self.files[name] = path.read_bytes()
            self.sources[name] = path


def called_keys(root: Element) -> tuple[str, ...]:
    """Keys of the processes that the model calls; those that could not be folder names left out."""
    found = (call.get("calledElement", "") for call in root.iter(f"{{{BPMN}}}callActivity"))
    return tuple(sorted({key for key in found if _is_plain(key)}))


def form_keys(root: Element) -> tuple[str, ...]:
    """Keys of the forms that tasks, messages and operations of the model name."""
    found: set[str] = set()
    for element in root.iter(f"{{{BPMN}}}*"):
        schema, ui = form_files(element) if local_name(element).endswith("Task") else (None, None)
        found.add((schema or "").removesuffix(".schema.json"))
        found.add((ui or "").removesuffix(".ui.json"))
        if local_name(element) == "message":
            found |= {each.get("form", "") for each in pivotal(element, "message")}
        for operation in pivotal(element, "operation"):
            found |= operation_forms(operation)
    return tuple(sorted(key for key in found if _is_plain(key)))


FORM_INPUTS: Mapping[str, tuple[str, ...]] = {
    "send-to-suppliers": ("letter",),
    "record-notice": ("form",),
    "rank": ("scores",),
    "lift-seal": ("form",),
    "freeze-documents": ("form",),
}
"""Inputs of operations that may hold the key of a form, written as a FEEL string."""


def operation_forms(operation: Element) -> set[str]:
    """Forms that the inputs of an operation name as plain text."""
    wanted = FORM_INPUTS.get(operation.get("name", ""), ())
    values = (each.get("value", "") for each in operation if each.get("name") in wanted)
    return {value.strip()[1:-1] for value in values if value.strip()[:1] == '"'}


def _is_plain(key: str) -> bool:
    """Whether the key can be a file name and nothing else."""
    return bool(key) and all(c.isalnum() or c in "-_." for c in key) and not key.startswith(".")
