"""From YAML to a `Scenario`, with one clear finding per fault."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from engine.clock import OSLO
from engine.errors import InvalidInputError
from engine.scenarios.model import Act, Scenario, Step

VERBS: Final = (
    "do",
    "do-all",
    "confirm",
    "return",
    "report",
    "again",
    "carry-on",
    "wait-until",
    "refused",
    "expect",
    "replace",
    "steer",
)
_ACT_KEYS: Final = {"form", "choose", "reason", "as"}
_OPTIONS: Final = ("because", "check", "until", "except", "request")
_STEP_KEYS: Final = _ACT_KEYS | {"at", "branch", *_OPTIONS}
FRIDAY: Final = 5
_LINE: Final = "__line__"
_PERIOD: Final = re.compile(r"P(?=.)(?:(\d+)D)?(?:T(\d+)H)?")
USUAL: Final = "usual.yaml"
SHARED: Final = f"../scenarios/{USUAL}"
_OF_ALL: Final[tuple[str, ...]] = ("procurement", "start", "pace_hours", "team")
"""What a scenario takes from there as it is, unless it says something else."""


Known = dict[Path, dict[str, Any]]
"""What is usual, by the file that says so: many scenarios share one."""


class _Loader(yaml.CSafeLoader):
    """YAML whose mappings remember the line they begin at."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    values = loader.construct_mapping(node, deep=True)
    return {**{str(key): value for key, value in values.items()}, _LINE: node.start_mark.line + 1}


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_scenarios(path: Path) -> list[Scenario]:
    """The scenarios of a file, or of every `scenarios` folder under a folder, by name.

    Raises InvalidInputError naming file and line, or the path where there is none.
    """
    if path.is_file():
        return [read_scenario(path)]
    found = sorted(each for each in path.glob("**/scenarios/*.yaml") if each.name != USUAL)
    if not found:
        raise InvalidInputError(
            f"There are no scenarios in {path}. Name a process folder with a folder `scenarios`, or"
            " a folder of such.",
            path=str(path),
        )
    known: Known = {}
    return [_read(each, None, known) for each in found]


def read_scenario(path: Path, today: date | None = None) -> Scenario:
    """One scenario with the usual acts and sample forms of its folder.

    `today` is what the `days_ago` of a demonstration counts from. Raises InvalidInputError.
    """
    return _read(path, today, {})


def _read(path: Path, today: date | None, known: Known) -> Scenario:
    usual = _usual(path, known)
    given = {key: usual[key] for key in _OF_ALL if key in usual}
    raw: dict[str, Any] = {**given, **_load(path)}
    start = "start" if today is None else "days_ago"
    missing = [key for key in ("title", start, "team", "steps") if not raw.get(key)]
    if missing:
        raise _fault(path, 1, f"it lacks {', '.join(missing)}")
    team = {role: _seats(people, path) for role, people in _plain(raw["team"]).items()}
    return Scenario(
        name=path.stem,
        file=str(path),
        title={key: str(text) for key, text in _plain(raw["title"]).items()},
        process=str(raw.get("process") or path.parent.parent.name),
        procurement=str(raw.get("procurement") or _plain(raw["title"]).get("nb", path.stem)),
        start=_moment(_day_before(today, raw["days_ago"]) if today else raw["start"], path, 1),
        team={role: tuple(seat[0] for seat in people) for role, people in team.items()},
        deputies={seat[0]: seat[1] for people in team.values() for seat in people if seat[1]},
        steps=tuple(_step(each, path) for each in raw["steps"]),
        usual={
            key: _act(value)
            for key, value in {**usual.get("acts", {}), **_plain(raw.get("acts", {}))}.items()
        },
        pace=timedelta(hours=float(raw.get("pace_hours", 1))),
        samples={**usual.get("forms", {}), **_plain(raw.get("forms", {}))},
    )


def _day_before(today: date, days: int) -> date:
    """That many days ago, or the Friday before when it was a weekend."""
    day = today - timedelta(days=days)
    return day - timedelta(days=max(0, day.isoweekday() - FRIDAY))


def _usual(path: Path, known: Known) -> dict[str, Any]:
    """What is usual stands beside the file; other folders share that of the scenarios."""
    for place in (USUAL, SHARED):
        file = (path.parent / place).resolve()
        if file.exists():
            return _extended(file, known)
    return {}


def _extended(path: Path, known: Known, below: tuple[Path, ...] = ()) -> dict[str, Any]:
    """What is usual there, over what is usual in the file it `extends`: acts and forms are merged
    key by key, and so are the fields of a form; the rest is replaced."""
    if path not in known:
        own = known[path] = _plain(_load(path))
        if "extends" in own:
            base = (path.parent / str(own["extends"])).resolve()
            if base in (*below, path) or not base.is_file():
                raise _fault(path, 1, f"it extends {own['extends']}, which is no other file")
            known[path] = _over(_extended(base, known, (*below, path)), own)
    return known[path]


def _over(wide: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    acts = {**wide.get("acts", {}), **own.get("acts", {})}
    forms = {**wide.get("forms", {})}
    for form, sample in own.get("forms", {}).items():
        forms[form] = {**forms.get(form, {}), **sample}
    return {**wide, **own, "acts": acts, "forms": forms}


def _seats(people: Any, path: Path) -> list[tuple[str, str]]:
    """Each person of a role, and whom he or she stands in for ("" = the role is his or her own)."""
    seats = []
    for each in people if isinstance(people, list) else [people]:
        if isinstance(each, dict) and set(each) == {"person", "deputy-for"}:
            seats.append((str(each["person"]), str(each["deputy-for"])))
        elif isinstance(each, str):
            seats.append((each, ""))
        else:
            raise _fault(path, 1, f"{each!r} is no member of a team")
    return seats


def _load(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{path}: it is no readable YAML: {error}", file=str(path)
        ) from error
    if not isinstance(content, dict):
        raise _fault(path, 1, "it holds no mapping")
    return content


def _step(raw: Any, path: Path) -> Step:
    if not isinstance(raw, dict):
        raise _fault(path, 0, f"a step must be a mapping, not {raw!r}")
    line = int(raw.get(_LINE, 0))
    verbs = [verb for verb in VERBS if verb in raw]
    if len(verbs) != 1:
        raise _fault(path, line, f"a step has one of {', '.join(VERBS)}; this one has {verbs}")
    unknown = set(raw) - _STEP_KEYS - {verbs[0], _LINE}
    if unknown:
        raise _fault(path, line, f"a step has no key {', '.join(sorted(unknown))}")
    if verbs[0] == "wait-until":
        raw = {**raw, "at": raw["wait-until"]}
    return Step(
        verb=verbs[0],
        subject=_plain(raw[verbs[0]]),
        line=line,
        at=_time(raw["at"], path, line) if "at" in raw else None,
        act=_act(raw),
        branch=str(raw.get("branch", "")),
        options={key: _plain(raw[key]) for key in _OPTIONS if key in raw},
    )


def _act(raw: Mapping[str, Any]) -> Act:
    return Act(
        form=_plain(raw.get("form") or {}),
        choose=str(raw.get("choose", "")),
        reason=str(raw.get("reason", "")),
        person=str(raw.get("as", "")),
    )


def _time(value: Any, path: Path, line: int) -> datetime | timedelta:
    """A moment, or a period such as P3D that counts from the step before."""
    period = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if period is None:
        return _moment(value, path, line)
    days, hours = (int(part or 0) for part in period.groups())
    return timedelta(days=days, hours=hours)


def _moment(value: Any, path: Path, line: int) -> datetime:
    """A date means nine in the morning in Oslo."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(9))
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=OSLO)
    except ValueError:
        pass
    raise _fault(path, line, f"{value!r} is no date or date-time, such as 2026-08-17 09:00")


def _plain(value: Any) -> Any:
    """Without the line marks, and with dates as the text a form takes."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != _LINE}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=OSLO)
        return moment.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _fault(path: Path, line: int, what: str) -> InvalidInputError:
    return InvalidInputError(
        f"{path}:{line}: {what}. See docs/scenarios.md for the format.", file=str(path), line=line
    )
