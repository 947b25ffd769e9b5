"""Runs the DMN Technology Compatibility Kit (dmn-tck.github.io) against this engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from engine.bpmn.dmn_source import child, children, parse_xml, read_model_file
from engine.bpmn.xml import Element
from engine.errors import FeelError, InvalidInputError
from engine.feel import Scope
from engine.feel.budget import Run
from engine.feel.compare import equal
from engine.feel.dmn import DecisionModel, compile_model
from engine.feel.numeric import ONE
from engine.feel.temporal import read_date, read_date_and_time, read_duration, read_time
from engine.feel.values import Value, normal

_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LEVEL_FOLDER: Final = "compliance-level-"
TOLERANCE: Final = Decimal("1e-8")
BUDGET = 1_000_000
_MOMENT: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TckMiss:
    """One expected result that was not given."""

    level: int
    file: str
    case: str
    node: str
    expected: str
    got: str

    @property
    def key(self) -> str:
        return f"{self.level} {self.file} {self.case} {self.node}"


@dataclass(frozen=True, slots=True)
class TckCount:
    passed: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.passed / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class TckReport:
    """Counts by level and by file (`folder/file`), and each miss."""

    levels: dict[int, TckCount]
    files: dict[str, TckCount]
    misses: tuple[TckMiss, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    level: int
    file: str
    miss: TckMiss | None


def run_tck(directory: Path) -> TckReport:
    """Run all test files below the `compliance-level-N` folders of the directory. Raises
    `InvalidInputError` where there are none."""
    outcomes = [outcome for path in _test_files(directory) for outcome in _run_file(path)]
    if not outcomes:
        raise InvalidInputError(
            f"There are no DMN TCK tests below {directory}. "
            "Give the directory that holds the folders compliance-level-2 and compliance-level-3.",
            directory=str(directory),
        )
    return TckReport(
        levels=_count(outcomes, lambda outcome: outcome.level),
        files=_count(outcomes, lambda outcome: outcome.file),
        misses=tuple(outcome.miss for outcome in outcomes if outcome.miss is not None),
    )


def _count(outcomes: list[_Outcome], key: Callable[[_Outcome], Any]) -> dict[Any, TckCount]:
    counts: dict[Any, TckCount] = {}
    for outcome in outcomes:
        before = counts.get(key(outcome), TckCount(0, 0))
        passed = before.passed + (outcome.miss is None)
        counts[key(outcome)] = TckCount(passed, before.total + 1)
    return counts


def _test_files(directory: Path) -> list[Path]:
    return sorted(directory.glob(f"**/{_LEVEL_FOLDER}[23]/*/*test*.xml"))


def _model_path(folder: Path, named: str) -> Path:
    candidates = (folder / named, folder / f"{named}.dmn", *sorted(folder.glob("*.dmn")))
    return next(path for path in candidates if path.exists())


def _run_file(path: Path) -> Iterator[_Outcome]:
    root = parse_xml(path.read_bytes(), path.name)
    named = child(root, "modelName")
    source = read_model_file(
        _model_path(path.parent, (named.text or "").strip() if named is not None else "")
    )
    model = compile_model(source, strict=False)
    level = int(path.parent.parent.name.removeprefix(_LEVEL_FOLDER))
    file = f"{path.parent.name}/{path.stem}"
    for case in children(root, "testCase"):
        inputs = {node.get("name") or "": _value(node) for node in children(case, "inputNode")}
        for node in children(case, "resultNode"):
            miss = _check(model, case, node, inputs)
            found = None
            if miss is not None:
                name = node.get("name") or ""
                found = TckMiss(level, file, case.get("id") or "", name, *miss)
            yield _Outcome(level, file, found)


def _check(
    model: DecisionModel, case: Element, node: Element, inputs: dict[str, Value]
) -> tuple[str, str] | None:
    """None when the result is as expected, else what was expected and what came."""
    expected_node = child(node, "expected")
    try:
        expected = None if expected_node is None else _value(expected_node)
    except (ValueError, OverflowError) as error:
        return str(error), "a value out of range of the calendar"
    try:
        got = _decide(model, case, node.get("name") or "", inputs)
    except FeelError as error:
        return None if expected is None else (_shown(expected), f"{error.code}: {error}")
    if node.get("errorResult") == "true":
        return None if got is None else ("an error", _shown(got))
    return None if _same(expected, got) else (_shown(expected), _shown(got))


def _decide(model: DecisionModel, case: Element, name: str, inputs: dict[str, Value]) -> Value:
    scope = Scope(_MOMENT, budget=BUDGET)
    if case.get("type") != "decisionService":
        return model.decide(name, inputs, scope).value
    value = model.decide(case.get("invocableName") or "", inputs, scope).value
    return value[name] if type(value) is dict and name in value else value


def _shown(value: Value) -> str:
    """A value as people write it."""
    return str(value) if isinstance(value, Decimal) else repr(value)


def _same(expected: Value, got: Value) -> bool:
    """Equal, numbers within one part in 10⁸ as the kit allows."""
    expected, got = normal(expected), normal(got)
    if type(expected) is Decimal and type(got) is Decimal:
        return bool(expected == got or abs(expected - got) <= TOLERANCE * max(ONE, abs(expected)))
    if type(expected) is list and type(got) is list:
        return len(expected) == len(got) and all(map(_same, expected, got))
    if type(expected) is dict and type(got) is dict:
        return expected.keys() == got.keys() and all(
            _same(value, got[name]) for name, value in expected.items()
        )
    return equal(Run(Scope(_MOMENT)), expected, got) is True


def _is_nil(element: Element) -> bool:
    return bool(element.get(_NIL) == "true")


def _value(element: Element) -> Value:
    if _is_nil(element):
        return None
    items = child(element, "list")
    if items is not None:
        return None if _is_nil(items) else [_value(item) for item in children(items, "item")]
    components = children(element, "component")
    if components:
        return {part.get("name") or "": _value(part) for part in components}
    simple = child(element, "value")
    if simple is None or _is_nil(simple):
        return None
    kind = (simple.get(_TYPE) or "string").rpartition(":")[2]
    read = _READERS.get(kind)
    text = simple.text or ""
    return text if read is None else read(text.strip())


def _number(text: str) -> Decimal:
    return Decimal(text.replace("INF", "Infinity"))


_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "boolean": lambda text: text in ("true", "1"),
    "decimal": _number,
    "double": _number,
    "integer": _number,
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_and_time,
    "duration": read_duration,
}
