"""Procurements: the list, the page of one, starting one, steering it, and its record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.incidents import RetryIncident
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.team import AddMember, RemoveMember
from engine.errors import EngineError, InvalidInputError
from engine.procurement.describe import amount
from engine.procurement.rule_changes import RuleChange
from engine.queries.definitions import roles_of
from engine.queries.diagrams import Drawing, drawings_of
from engine.queries.people import PersonCard, persons_of
from engine.queries.procurement import (
    ProcurementPage,
    ProcurementRow,
    procurement_page,
    procurement_rows,
)
from engine.queries.record import Audit, Log, Point, audit_of, log_of, points_of
from engine.queries.view import View, see_procurement
from service.dependencies import Bus, Everything
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.answers import Answer, AnswerReader
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.sentences import Sentence, sentences
from service.pages.visit import Here, changes_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[ProcurementRow, ...]
    may_start: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template of a procurement draws."""

    procurement: ProcurementPage
    drawings: tuple[Drawing, ...]
    answers: Mapping[str, tuple[Answer, ...]]
    log: tuple[Sentence, ...]
    older: int
    points: tuple[Point, ...]
    persons: tuple[PersonCard, ...]
    roles: tuple[str, ...]
    rule_changes: tuple["ChangedRule", ...]
    problem: Explanation | None


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule that is another today than here, each amount in words, empty where there is none."""

    rule_id: str
    title: str
    here: str
    now: str
    law: str


@dataclass(frozen=True, slots=True)
class LogPage:
    procurement: str
    reference: str
    title: str
    log: tuple[Sentence, ...]
    older: int
    is_newest: bool


@router.get("/procurements")
def list_procurements(here: Here) -> HTMLResponse:
    leads = any(grant.role == "procurement-lead" for grant in here.person.actor.grants)
    page = ListPage(procurement_rows(here.view), leads)
    return here.show("procurements/list.html", page)


@router.get("/procurements/{key}")
def show_procurement(key: str, here: Here) -> HTMLResponse:
    page = _shown(here.view, key, here.text)
    stamp = see_procurement(here.view, key).row.version
    return here.show("procurements/procurement.html", page, watch=changes_of(key, stamp))


def _shown(view: View, key: str, text: Translator, error: EngineError | None = None) -> Shown:
    page = procurement_page(view, key)
    seen = see_procurement(view, key)
    log: Log = log_of(seen, limit=12, brief=True)
    return Shown(
        procurement=page,
        drawings=drawings_of(view, page.digest, page.active, page.passed),
        answers=_answers(page, text),
        log=sentences(log.entries, text),
        older=log.older,
        points=points_of(seen) if page.may_steer else (),
        persons=persons_of(view, seen.parties | {seen.row.organisation}) if page.may_steer else (),
        roles=tuple(need.role for need in roles_of(view, view.definition(page.digest))),
        rule_changes=tuple(_changed(each, text.language) for each in page.rule_changes),
        problem=explain(error, text) if error else None,
    )


def _changed(change: RuleChange, language: str) -> ChangedRule:
    before, after = change.before, change.after
    return ChangedRule(
        change.rule_id,
        change.row.title[language],
        amount(before, language) if before else "",
        amount(after, language) if after else "",
        change.row.citation,
    )


def _answers(page: ProcurementPage, text: Translator) -> Mapping[str, tuple[Answer, ...]]:
    """The answers of each submission, by its id."""
    return {
        each.id: AnswerReader(each.form, page.context, page.my_roles, text).answers(each.content)
        for each in page.submissions
        if each.form is not None
    }


@router.get("/procurements/{key}/log")
def show_log(key: str, here: Here, below: int = 0) -> HTMLResponse:
    seen = see_procurement(here.view, key)
    log = log_of(seen, below=max(below, 0))
    page = LogPage(
        key,
        seen.row.reference,
        seen.row.title,
        sentences(log.entries, here.text),
        log.older,
        not below,
    )
    return here.show("procurements/log.html", page)


@router.get("/procurements/{key}/audit")
def show_audit(key: str, here: Here, parts: Everything) -> HTMLResponse:
    page: Audit = audit_of(here.view, key, parts.store.signer.verifier_key)
    return here.show("procurements/audit.html", page)


@router.post("/procurements/{key}/{act}")
def act_on_procurement(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """The lead's buttons, and what members of the team add."""
    see_procurement(here.view, key)
    try:
        for command in _commands(act, key, sent):
            bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        page = _shown(here.view, key, here.text, error)
        status = page.problem.status if page.problem else 422
        return here.show("procurements/procurement.html", page, status=status)
    return go(f"/procurements/{key}", done=act)


def _commands(act: str, key: str, sent: Posted) -> list[Any]:
    reason = sent["_reason"].strip()
    if act == "attach":
        return [
            AddAttachment(key, file.name, file.media_type, file.content)
            for _, file in sent.uploads()
        ]
    if act == "rewind":
        if not sent["to"].isdecimal():
            raise InvalidInputError("Choose the point to go back to.", to=sent["to"])
        return [RewindProcurement(key, int(sent["to"]), reason)]
    simple: dict[str, Any] = {
        "suspend": SuspendProcurement(key, reason),
        "resume": ResumeProcurement(key, reason),
        "cancel": CancelProcurement(key, reason),
        "retry": RetryIncident(key, sent["incident"]),
        "comment": AddComment(key, sent["text"]),
        "add-member": AddMember(key, _seat(sent), reason),
        "remove-member": RemoveMember(key, sent["member"], reason),
    }
    if act not in simple:
        raise InvalidInputError(f"There is no act {act}.", act=act)
    return [simple[act]]


def _seat(sent: Posted) -> Seat:
    return Seat(sent["person"], sent["role"], sent["deputy_for"])
