"""Reporting a happening: a withdrawal, a complaint, an amended deadline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.messages import ReportMessage
from engine.errors import EngineError, InvalidInputError, InvalidSubmissionError
from engine.forms.encoding import act, decode, posted
from engine.queries.happenings import HappeningPage, happening_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.browser_rules import browser_rules
from service.pages.fields import FormReader, Input
from service.pages.files import Attaching, put_files
from service.pages.posting import Sent
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    happening: HappeningPage
    inputs: tuple[Input, ...]
    faults: tuple[Mapping[str, Any], ...]
    problem: Explanation | None
    rules: Mapping[str, Any] | None


def _shown(
    page: HappeningPage,
    text: Translator,
    data: Mapping[str, Any],
    error: EngineError | None = None,
) -> Shown:
    faults = tuple(error.details["faults"]) if isinstance(error, InvalidSubmissionError) else ()
    inputs: tuple[Input, ...] = ()
    rules: Mapping[str, Any] | None = None
    if page.form is not None:
        reader = FormReader(page.form, page.form_context, page.my_roles, text)
        inputs = reader.inputs(data, faults)
        rules = browser_rules(page.form, page.my_roles, page.form_context, text.language)
    problem = explain(error, text) if error is not None and not faults else None
    return Shown(page, inputs, faults, problem, rules)


@router.get("/procurements/{key}/happenings/{wait}")
def show_happening(key: str, wait: str, here: Here) -> HTMLResponse:
    page = _shown(happening_page(here.view, key, wait), here.text, {})
    return here.show("procurements/happening.html", page)


@router.post("/procurements/{key}/happenings/{wait}")
def report(key: str, wait: str, here: Here, bus: Bus, sent: Sent) -> Response:
    page = happening_page(here.view, key, wait)
    data: dict[str, Any] = {}
    try:
        if page.form is not None:
            complete = sent.action == "complete"
            data = decode(page.form, posted(sent.pairs), drop_empty_rows=complete)
            where = Attaching(bus, here.person.actor, key, scope=page.scope)
            context, data = put_files(page.form, page.form_context, data, sent, where)
            page = replace(page, form_context=context)
        if sent.action == "complete":
            command = ReportMessage(key, page.message, data, wait, sent["_reason"].strip())
            bus.handle(command, here.person.actor, request=sent.request)
            return go(f"/procurements/{key}", done="reported")
        if page.form is None:
            raise InvalidInputError(
                f"There is no action {sent.action}.", action=sent.action, about="no-such-act"
            )
        data = act(page.form, data, sent.action)
    except EngineError as error:
        again = _shown(page, here.text, data, error)
        status = again.problem.status if again.problem else 422
        return here.show("procurements/happening.html", again, status=status)
    return here.show("procurements/happening.html", _shown(page, here.text, data))
