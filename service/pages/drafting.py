"""The form of a task while it is being filled in: what is kept, and what others do with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.commands.bus import CommandBus
from engine.commands.drafts import SaveDraft
from engine.forms.computing import settled
from engine.forms.definition import Field, Kind
from engine.forms.encoding import decode, encode, posted, put
from engine.forms.shaping import OPTION, REASON, page_shape
from engine.model.actor import Actor
from engine.queries.presence import Onlooker
from engine.queries.task import DraftView, TaskPage
from service.i18n import Translator
from service.pages.answers import AnswerReader
from service.pages.posting import Posted

BASE: Final = "_base"
PAGE: Final = "_page"


@dataclass(frozen=True, slots=True)
class Other:
    """What somebody else wrote in a field where the reader wrote too. `values` are as inputs hold
    them, by name; `value` as data; `said` for reading, "" where it cannot be said in a line."""

    name: str
    label: str
    said: str
    value: Any
    values: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of saving. `data` is the reader's form with what others wrote merged in, and the
    reader's own words where both wrote; `content` is what is kept, `base` what is shared, for the
    next time; `saved` says when and by whom; `other` is the id of the one who wrote too, or ""."""

    data: dict[str, Any]
    content: dict[str, Any]
    base: dict[str, Any]
    saved: str
    others: tuple[Other, ...]
    other: str


def form_data(page: TaskPage, sent: Posted, *, complete: bool = False) -> dict[str, Any]:
    """What stands in the form, with the option and the reason of a gate."""
    data: dict[str, Any] = {}
    if page.form is not None:
        data = decode(page.form, posted(sent.pairs), drop_empty_rows=complete)
    beside = {name: sent[name] for name in (OPTION, REASON) if sent[name].strip()}
    return {**data, **beside}


def base_of(sent: Posted) -> dict[str, Any]:
    """The draft as the page last got it; {} when it says nothing that can be used."""
    try:
        base = json.loads(sent[BASE] or "{}")
    except (ValueError, RecursionError):
        return {}
    return base if isinstance(base, dict) else {}


def base_text(page: TaskPage, draft: Mapping[str, Any]) -> str:
    """The draft as the page shows it, to be sent back with it."""
    shape = page_shape(page.form, draft, page.my_roles, page.form_context)
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def keep(
    bus: CommandBus,
    actor: Actor,
    page: TaskPage,
    data: Mapping[str, Any],
    sent: Posted,
    text: Translator,
) -> Kept:
    """Save the draft; raises what SaveDraft raises."""
    command = SaveDraft(page.task.id, dict(data), base_of(sent), sent[PAGE][:64])
    answer = bus.handle(command, actor)
    content, paths = answer["content"], [path.split(".") for path in answer["conflicts"]]
    mine = dict(content)
    for path in paths:
        mine = _with(mine, path, _at(data, path))
    return Kept(
        data=mine,
        content=content,
        base=answer["base"],
        saved=_saved(answer, actor, page, text),
        others=tuple(_other(page, content, path, text) for path in paths),
        other=answer["conflicts_with"],
    )


def _saved(answer: Mapping[str, Any], actor: Actor, page: TaskPage, text: Translator) -> str:
    if not answer["saved_at"]:
        return nothing_kept(page, text)
    moment = datetime.fromisoformat(answer["saved_at"])
    mine = answer["saved_by"] == actor.id
    name = page.draft.by if page.draft is not None else ""
    return saved_sentence(DraftView({}, moment, name, mine or not name), text)


def nothing_kept(page: TaskPage, text: Translator) -> str:
    """What the page says before anything was written."""
    return text("draft.none-blind" if page.form is not None and page.form.blind else "draft.none")


def take(page: TaskPage, data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """`data` with what the draft holds at `name`: the reader takes another's words."""
    draft = page.draft.content if page.draft is not None else {}
    path = name.split(".")
    return _with(dict(data), path, _at(draft, path))


def in_inputs(page: TaskPage, data: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """What the inputs of the form hold for `data`, by name, computed fields too."""
    values = {name: [str(data.get(name, ""))] for name in (OPTION, REASON)}
    if page.form is None:
        return values
    whole = settled(page.form, data, page.my_roles, page.form_context.now)
    return {**encode(page.form, whole), **values}


def changed_by_others(
    page: TaskPage, mine: Mapping[str, Any], kept: Kept
) -> tuple[dict[str, list[str]], bool]:
    """The inputs whose values others have changed, and whether rows have come or gone, so that the
    page must be drawn anew."""
    shape = page_shape(page.form, mine, page.my_roles, page.form_context)
    before, after = in_inputs(page, shape), in_inputs(page, kept.data)
    changed = {
        name: after.get(name, [])
        for name in {*before, *after}
        if before.get(name, []) != after.get(name, [])
    }
    moved = any(name.rpartition(".")[2].isdigit() for name in changed)
    return changed, moved


def _at(data: Any, path: list[str]) -> Any:
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data


def _with(data: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    steps = [int(part) if part.isdigit() else part for part in path]
    return dict(put(data, steps, value, append=False))


def _other(page: TaskPage, content: Mapping[str, Any], path: list[str], text: Translator) -> Other:
    name, value = ".".join(path), _at(content, path)
    field = page.form.find(tuple(path)) if page.form is not None else None
    if page.form is None or field is None:
        return _beside(page, name, str(value or ""), text)
    words = AnswerReader(page.form, page.form_context, page.my_roles, text)
    every = in_inputs(page, content)
    below = {key: each for key, each in every.items() if f"{key}.".startswith(f"{name}.")}
    row = next((int(part) + 1 for part in reversed(path) if part.isdigit()), 0)
    title = field.title(text.language)
    return Other(
        name=name,
        label=f"{title} ({row})" if row else title,
        said=_said(words, field, value),
        value=value,
        values=below or {name: []},
    )


def _beside(page: TaskPage, name: str, value: str, text: Translator) -> Other:
    """The option or the reason of a gate."""
    options = {each.value: each.name for each in page.gate.options} if page.gate else {}
    label = text("gate.choose" if name == OPTION else "reason.label")
    said = options.get(value, value) or text("nothing")
    return Other(name, label, said, value, {name: [value]})


def _said(words: AnswerReader, field: Field, value: Any) -> str:
    if value in (None, "", []):
        return words.text("nothing")
    values = value if isinstance(value, list) else [value]
    if field.kind is Kind.GROUP or any(isinstance(each, Mapping) for each in values):
        return ""
    return ", ".join(words.said(field.item or field, each) for each in values)


def present(found: tuple[Onlooker, ...], text: Translator) -> tuple[str, ...]:
    """A sentence for each person who has the task open too."""
    return tuple(
        text("present.me")
        if each.mine
        else text("present.writes" if each.writing else "present.looks", name=each.name)
        for each in found
    )


def saved_sentence(draft: DraftView | None, text: Translator) -> str:
    """When the draft was kept, and by whom if it was another; "" when there is none yet."""
    if draft is None or draft.saved_at is None:
        return ""
    at = text.minute(draft.saved_at)
    return text("draft.saved", at=at) if draft.mine else text("draft.by", at=at, name=draft.by)
