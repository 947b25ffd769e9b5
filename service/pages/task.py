"""One task: what to do and why, the form, the gate, and the buttons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.attachments import AddAttachment
from engine.commands.bus import CommandBus
from engine.commands.comments import AddComment
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    GiveTaskBack,
    ReleaseTask,
    SaveDraft,
)
from engine.errors import EngineError, InvalidInputError, InvalidSubmissionError
from engine.forms.encoding import act, decode, posted
from engine.forms.values import Context
from engine.queries.submissions import SubmissionView
from engine.queries.task import TaskPage, task_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.answers import Answer, AnswerReader
from service.pages.fields import FormReader, Input
from service.pages.files import Attaching, put_files
from service.pages.posting import Posted, Sent
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


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template of a task draws. `problem` is what the last act was refused for."""

    task: TaskPage
    inputs: tuple[Input, ...]
    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    history: tuple[Sentence, ...]
    option: str
    reason: str
    faults: tuple[Mapping[str, Any], ...]
    problem: Explanation | None


def reader_of(page: TaskPage, text: Translator) -> FormReader | None:
    """Draws the task's form for this reader; None when it has none."""
    if page.form is None:
        return None
    return FormReader(page.form, page.form_context, page.my_roles, text)


def shown(
    page: TaskPage,
    text: Translator,
    data: Mapping[str, Any],
    posted: Mapping[str, str] | None = None,
    error: EngineError | None = None,
) -> Shown:
    """The page with `data` in its form, and what was wrong with the last try."""
    reader = reader_of(page, text)
    faults: Collection[Mapping[str, Any]] = ()
    if isinstance(error, InvalidSubmissionError):
        faults = error.details["faults"]
    chosen = posted or {}
    return Shown(
        task=page,
        inputs=reader.inputs(data, faults) if reader and page.rights.work else (),
        answers=_answers(page.submission, page.form_context, page.my_roles, text),
        facts=tuple(
            Fact(each, _answers(each, page.form_context, page.my_roles, text))
            for each in page.facts
        ),
        history=sentences(page.history, text),
        option=chosen.get("_option", ""),
        reason=chosen.get("_reason", ""),
        faults=tuple(faults),
        problem=explain(error, text) if error is not None and not faults else None,
    )


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


@router.get("/tasks/{key}")
def show_task(key: str, here: Here) -> HTMLResponse:
    page = task_page(here.view, key)
    content = shown(page, here.text, page.draft or {})
    return here.show("tasks/task.html", content)


@router.post("/tasks/{key}")
def act_on_form(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """The form's own buttons: complete, save, add a row, take one away."""
    page = task_page(here.view, key)
    data: dict[str, Any] = {}
    try:
        page, data = _data(page, sent, bus, here.person)
        if sent.action == "complete":
            return _complete(page, data, sent, bus, here.person)
        if sent.action == "draft":
            bus.handle(SaveDraft(key, data), here.person.actor, request=sent.request)
            return go(f"/tasks/{key}", done="draft")
        if page.form is None:
            raise InvalidInputError(f"There is no action {sent.action}.", action=sent.action)
        data = act(page.form, data, sent.action)
    except EngineError as error:
        return _again(here, page, data, sent, error)
    return here.show("tasks/task.html", shown(page, here.text, data, dict(sent.pairs)))


def _data(
    page: TaskPage, sent: Posted, bus: CommandBus, person: SignedIn
) -> tuple[TaskPage, dict[str, Any]]:
    """The form's data with the files that came along, now attached to the task."""
    if page.form is None:
        return page, {}
    drop = sent.action == "complete"
    data = decode(page.form, posted(sent.pairs), drop_empty_rows=drop)
    where = Attaching(bus, person.actor, page.task.procurement, page.task.id)
    context, data = put_files(page.form, page.form_context, data, sent, where)
    return replace(page, form_context=context), data


class OptionMissingError(InvalidInputError):
    """A gate was decided without an option."""

    code = "option-missing"


def _complete(
    page: TaskPage, data: dict[str, Any], sent: Posted, bus: CommandBus, person: SignedIn
) -> Response:
    key = page.task.id
    if page.gate is not None and not sent["_option"]:
        raise OptionMissingError("Choose what you decide.", task=key)
    command = CompleteTask(key, data, sent["_option"], sent["_reason"].strip())
    bus.handle(command, person.actor, request=sent.request)
    return go("/tasks", done="completed")


def _again(
    here: Here, page: TaskPage, data: Mapping[str, Any], sent: Posted, error: EngineError
) -> HTMLResponse:
    """The same page with everything that was typed, the gate's checks on it, and what to mend."""
    page = replace(task_page(here.view, page.task.id, data), form_context=page.form_context)
    content = shown(page, here.text, data, dict(sent.pairs), error)
    status = content.problem.status if content.problem else 422
    return here.show("tasks/task.html", content, status=status)


@router.post("/tasks/{key}/{act}")
def act_on_task(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """The buttons beside the form: claim, release, delegate, give back, confirm, send back."""
    page = task_page(here.view, key)
    try:
        for command in _commands(act, page, sent):
            bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        return _again(here, page, page.draft or {}, sent, error)
    stays = act in {"claim", "comment", "attach"}
    return go(f"/tasks/{key}" if stays else "/tasks", done=act)


def _commands(act: str, page: TaskPage, sent: Posted) -> list[Any]:
    key, reason = page.task.id, sent["_reason"].strip()
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
        "confirm": ConfirmDecision(key, reason),
        "return": ReturnDecision(key, reason),
        "comment": AddComment(page.task.procurement, sent["text"], key),
    }
    if act not in simple:
        raise InvalidInputError(f"There is no act {act}.", act=act)
    return [simple[act]]
