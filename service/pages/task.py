"""One task: what to do and why, the form, the gate, and the buttons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response

from engine.commands.assignment import AssignTask
from engine.commands.attachments import AddAttachment, WithdrawAttachment
from engine.commands.bus import CommandBus
from engine.commands.comments import AddComment, WithdrawComment
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.drafts import LookAtTask
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    GiveTaskBack,
    ReleaseTask,
)
from engine.errors import (
    EngineError,
    InvalidInputError,
    InvalidSubmissionError,
    ReasonMissingError,
    StaleDraftError,
)
from engine.forms.encoding import act
from engine.forms.shaping import BESIDE, OPTION, REASON
from engine.forms.submission import check
from engine.forms.values import Context
from engine.queries.likeness import Alike
from engine.queries.presence import Onlooker, onlookers_of_task
from engine.queries.signals import CodeView, proposed_on
from engine.queries.submissions import SubmissionView
from engine.queries.task import TaskPage, alike_to, task_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.answers import Answer, AnswerReader
from service.pages.browser_rules import browser_rules
from service.pages.drafting import (
    PAGE,
    Kept,
    Other,
    base_of,
    base_text,
    changed_by_others,
    form_data,
    keep,
    nothing_kept,
    present,
    saved_sentence,
    take,
)
from service.pages.fields import FormReader, Input, outputs
from service.pages.files import Attaching, put_files
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.sentences import Sentence, sentences
from service.pages.visit import Here
from service.security.sessions import SignedIn

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """An earlier form to rest on."""

    submission: SubmissionView
    answers: tuple[Answer, ...]


class OptionMissingError(InvalidInputError):
    """A gate was decided without an option."""

    code = "option-missing"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template of a task draws. `problem` is what the last act was refused for; `others`
    is what somebody else wrote where the reader wrote too; `base` the draft the page began with;
    `codes` are those of innovation that the texts tell of, where the form asks for them."""

    task: TaskPage
    inputs: tuple[Input, ...]
    answers: tuple[Answer, ...]
    on_record: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    history: tuple[Sentence, ...]
    option: str
    reason: str
    faults: tuple[Mapping[str, Any], ...]
    problem: Explanation | None
    base: str
    rules: Mapping[str, Any] | None
    saved: str
    present: tuple[str, ...]
    others: tuple[Other, ...] = ()
    other: str = ""
    alike: tuple[Alike, ...] = ()
    codes: tuple[CodeView, ...] = ()


def reader_of(page: TaskPage, text: Translator) -> FormReader | None:
    """Draws the task's form for this reader; None when it has none."""
    if page.form is None:
        return None
    return FormReader(page.form, page.form_context, page.my_roles, text)


def shown(
    page: TaskPage, text: Translator, data: Mapping[str, Any], error: EngineError | None = None
) -> Shown:
    """The page with `data` in its form, and what was wrong with the last try."""
    reader = reader_of(page, text)
    faults = _faults(error, text)
    draft = page.draft.content if page.draft is not None else {}
    return Shown(
        task=page,
        inputs=reader.inputs(data, faults) if reader and page.rights.work else (),
        answers=_answers(page.submission, page.form_context, page.my_roles, text),
        on_record=_on_record(page, text),
        facts=tuple(
            Fact(each, _answers(each, page.form_context, page.my_roles, text))
            for each in page.facts
        ),
        history=sentences(page.history, text),
        option=str(data.get(OPTION, "")),
        reason=str(data.get(REASON, "")),
        faults=faults,
        problem=explain(error, text) if error is not None and not faults else None,
        base=base_text(page, draft) if page.rights.work else "{}",
        rules=_rules(page, text) if page.rights.complete else None,
        saved=saved_sentence(page.draft, text) or nothing_kept(page, text),
        present=present(_of_others(page), text),
    )


def _of_others(page: TaskPage) -> tuple[Onlooker, ...]:
    """Without the reader's own windows: only a script can tell this one from the rest of them."""
    return tuple(each for each in page.onlookers if not each.mine)


def _faults(error: EngineError | None, text: Translator) -> tuple[Mapping[str, Any], ...]:
    """What must be mended in the form, or at the gate below it."""
    if isinstance(error, InvalidSubmissionError):
        return tuple(error.details["faults"])
    if isinstance(error, OptionMissingError):
        option = {"path": "option", "message": {text.language: text("error.option-missing")}}
        return (*error.details["faults"], option)
    if isinstance(error, ReasonMissingError) and "option" in error.details:
        return ({"path": "reason", "message": {text.language: text("error.reason-missing")}},)
    return ()


def _rules(page: TaskPage, text: Translator) -> Mapping[str, Any] | None:
    """What the browser checks the form by, before it is handed in."""
    if page.form is None:
        return None
    return browser_rules(page.form, page.my_roles, page.form_context, text.language)


def _answers(
    submission: SubmissionView | None,
    context: Context,
    roles: Collection[str],
    text: Translator,
) -> tuple[Answer, ...]:
    if submission is None or submission.form is None:
        return ()
    reader = AnswerReader(submission.form, context, roles, text)
    return reader.answers(submission.content)


def _on_record(page: TaskPage, text: Translator) -> tuple[Answer, ...]:
    found = page.on_record
    if found is None:
        return ()
    return AnswerReader(found.form, page.form_context, page.my_roles, text).answers(found.content)


def _begun(page: TaskPage) -> Mapping[str, Any]:
    return page.draft.content if page.draft is not None else {}


@router.get("/tasks/{key}")
def show_task(key: str, here: Here) -> HTMLResponse:
    page = task_page(here.view, key)
    told = replace(
        shown(page, here.text, _begun(page)),
        alike=alike_to(here.view, page),
        codes=proposed_on(here.view, page),
    )
    return here.show("tasks/task.html", told)


@router.post("/tasks/{key}")
def act_on_form(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """The form's own buttons: complete, save, add a row, take one away. Each keeps the draft."""
    page = task_page(here.view, key)
    data: dict[str, Any] = {}
    try:
        page, data = _data(page, sent, bus, here.person)
        if sent.action == "complete":
            return _complete(page, data, sent, bus, here.person)
        data = _acted(page, data, sent.action)
        kept = keep(bus, here.person.actor, page, data, sent, here.text)
    except StaleDraftError as error:
        return _stale(here, bus, page, data, sent, error)
    except EngineError as error:
        return _again(here, page, data, error)
    if sent.action == "draft" and not kept.others:
        return go(f"/tasks/{key}", done="draft")
    return here.show("tasks/task.html", _with_kept(page, here, kept))


def _data(
    page: TaskPage, sent: Posted, bus: CommandBus, person: SignedIn
) -> tuple[TaskPage, dict[str, Any]]:
    """The form's data with the files that came along, now attached to the task."""
    data = form_data(page, sent, complete=sent.action == "complete")
    if page.form is None:
        return page, data
    where = Attaching(bus, person.actor, page.task.procurement, page.task.id)
    context, data = put_files(page.form, page.form_context, data, sent, where)
    return replace(page, form_context=context), data


def _acted(page: TaskPage, data: dict[str, Any], action: str) -> dict[str, Any]:
    if action == "draft":
        return data
    verb, _, name = action.partition(":")
    if verb == "take":
        return take(page, data, name)
    if page.form is None:
        raise InvalidInputError(f"There is no action {action}.", action=action, about="no-such-act")
    return act(page.form, data, action)


def _complete(
    page: TaskPage, data: dict[str, Any], sent: Posted, bus: CommandBus, person: SignedIn
) -> Response:
    key = page.task.id
    form = {name: value for name, value in data.items() if name not in BESIDE}
    if page.gate is not None and not sent[OPTION]:
        faults = _form_faults(page, form)
        raise OptionMissingError("Choose what you decide.", task=key, faults=faults)
    command = CompleteTask(key, form, sent[OPTION], sent[REASON].strip(), base_of(sent))
    bus.handle(command, person.actor, request=sent.request)
    is_proposed = page.gate is not None and page.gate.four_eyes
    return go("/tasks", done="proposed" if is_proposed else "completed")


def _form_faults(page: TaskPage, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is wrong with the form alone, so that it is said together with what the gate lacks."""
    try:
        if page.form is not None:
            check(page.form, data, page.my_roles, page.form_context)
    except InvalidSubmissionError as error:
        return list(error.details["faults"])
    return []


def _stale(
    here: Here,
    bus: CommandBus,
    page: TaskPage,
    data: dict[str, Any],
    sent: Posted,
    error: EngineError,
) -> HTMLResponse:
    """Others have written too: the page with all of it, to be read before it is handed in."""
    kept = keep(bus, here.person.actor, page, data, sent, here.text)
    told = replace(_with_kept(page, here, kept), problem=explain(error, here.text))
    return here.show("tasks/task.html", told, status=409)


def _with_kept(page: TaskPage, here: Here, kept: Kept) -> Shown:
    """The page after the draft was kept; what others wrote meanwhile stands beside one's own."""
    again = replace(task_page(here.view, page.task.id, kept.data), form_context=page.form_context)
    text = here.text
    other = next((each.name for each in page.onlookers if each.person == kept.other), "")
    return replace(
        shown(again, text, kept.data),
        base=base_text(page, kept.content),
        saved=kept.saved,
        others=kept.others,
        other=other or (page.draft.by if page.draft is not None else ""),
    )


def _again(here: Here, page: TaskPage, data: Mapping[str, Any], error: EngineError) -> HTMLResponse:
    """The same page with everything that was typed, the gate's checks on it, and what to mend."""
    page = replace(task_page(here.view, page.task.id, data), form_context=page.form_context)
    content = shown(page, here.text, data, error)
    status = content.problem.status if content.problem else 422
    return here.show("tasks/task.html", content, status=status)


@router.post("/tasks/{key}/autosave")
def autosave(key: str, here: Here, bus: Bus, sent: Sent) -> JSONResponse:
    """What the page sends every few seconds, and what it shows then. Files are not sent here."""
    page = task_page(here.view, key)
    data = form_data(page, sent)
    try:
        kept = keep(bus, here.person.actor, page, data, sent, here.text)
    except EngineError as error:
        return _refused(error, here.text)
    changed, moved = changed_by_others(page, data, kept)
    reader = reader_of(page, here.text)
    return JSONResponse(
        {
            "saved": kept.saved,
            "base": kept.base,
            "changed": changed,
            "moved": moved,
            "computed": outputs(reader.inputs(kept.data)) if reader else {},
            "others": [_told(each, here.text) for each in kept.others],
            "present": present(onlookers_of_task(here.view, key, sent[PAGE]), here.text),
        }
    )


@router.post("/tasks/{key}/presence")
def look(key: str, here: Here, bus: Bus, sent: Sent) -> JSONResponse:
    """A window that only looks says so, and hears who else does."""
    try:
        bus.handle(LookAtTask(key, sent[PAGE][:64]), here.person.actor)
    except EngineError as error:
        return _refused(error, here.text)
    found = onlookers_of_task(here.view, key, sent[PAGE])
    return JSONResponse({"present": present(found, here.text)})


def _told(other: Other, text: Translator) -> dict[str, Any]:
    said = text("other.wrote", said=other.said) if other.said else text("other.changed")
    values = dict(other.values)
    return {
        "name": other.name,
        "label": other.label,
        "said": said,
        "value": other.value,
        "values": values,
    }


def _refused(error: EngineError, text: Translator) -> JSONResponse:
    explanation = explain(error, text)
    told = {"title": explanation.title, "sentence": explanation.sentence}
    return JSONResponse({"problem": told}, int(explanation.status))


@router.post("/tasks/{key}/{act}")
def act_on_task(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """The buttons beside the form: claim, delegate, give or take back, confirm and so on."""
    page = task_page(here.view, key)
    done: Mapping[str, Any] = {}
    try:
        for command in _commands(act, page, sent, here):
            done = bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        return _again(here, page, {**_begun(page), REASON: sent[REASON]}, error)
    stays = act in {"claim", "take-back", "comment", "withdraw-comment", "attach", "withdraw-file"}
    undone = done.get("comment", "") if act == "comment" else key if act in UNDONE else ""
    undo = {"undo": undone} if undone else {}
    return go(f"/tasks/{key}" if stays else "/tasks", done=act, **undo)


UNDONE: Final = frozenset({"claim", "release", "delegate"})
"""What the next page offers to put back as it was."""


def _commands(act: str, page: TaskPage, sent: Posted, here: Here) -> list[Any]:
    key, reason = page.task.id, sent[REASON].strip()
    if act == "attach":
        return [
            AddAttachment(page.task.procurement, file.name, file.media_type, file.content, key)
            for _, file in sent.uploads()
        ]
    simple: dict[str, Any] = {
        "claim": ClaimTask(key),
        "release": ReleaseTask(key),
        "delegate": DelegateTask(key, sent["to"], reason),
        "give-back": GiveTaskBack(key, reason),
        "take-back": AssignTask(key, here.person.actor.id, reason),
        "confirm": ConfirmDecision(key, reason),
        "return": ReturnDecision(key, reason),
        "comment": AddComment(page.task.procurement, sent["text"], key, sent.every("mention")),
        "withdraw-comment": WithdrawComment(page.task.procurement, sent["comment"]),
        "withdraw-file": WithdrawAttachment(page.task.procurement, sent["file"]),
    }
    if act not in simple:
        raise no_such_act(act)
    return [simple[act]]
