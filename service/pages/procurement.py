"""The pages of one procurement: overview, team, suppliers, documents, decisions, timeline, record.

Each shows it as it is, or with `?as_of=` as it was.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.errors import EngineError, InvalidInputError
from engine.procurement.describe import amount
from engine.procurement.rule_changes import RuleChange
from engine.procurement.ruledata import RuleRow
from engine.queries.absences import AbsenceView, away_in_team
from engine.queries.changes import FormChange, changes_in
from engine.queries.decisions import DecisionView, decisions_of
from engine.queries.diagrams import Drawing, drawings_of
from engine.queries.documents import Documents, FormPage, documents_of, form_page
from engine.queries.head import Head, head_of
from engine.queries.mails import Undelivered, undelivered
from engine.queries.overview import OPEN, Overview, overview_of, visible_tasks
from engine.queries.record import (
    Audit,
    Group,
    Log,
    LogEntry,
    LogFilter,
    audit_of,
    log_of,
    who_acted,
)
from engine.queries.suppliers import SupplierDetail, suppliers_of
from engine.queries.team import RoleView, roles_held
from engine.queries.timeline import Timeline, timeline_of
from engine.queries.view import Seen, see_at
from service.dependencies import Everything
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.answers import Answer, AnswerReader
from service.pages.changes import Changed, changed_in, form_changed
from service.pages.moments import AsOf
from service.pages.sentences import Sentence, sentences
from service.pages.visit import NOTHING, Here, changes_of

router = APIRouter(include_in_schema=False)

LATEST: Final = 8
LOG_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template of a tab draws: `tab` is its path behind the procurement's, `content` what
    only this tab has, `query` what keeps the moment in its links."""

    head: Head
    tab: str
    content: Any
    query: str
    problem: Explanation | None = None

    @property
    def address(self) -> str:
        return f"/procurements/{self.head.id}"


@dataclass(frozen=True, slots=True)
class OverviewTab:
    overview: Overview
    drawings: tuple[Drawing, ...]
    log: tuple[Sentence, ...]
    rule_changes: tuple["ChangedRule", ...]
    undelivered: tuple[Undelivered, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule that is another today than here: amount and law in words, "" where there is none."""

    rule_id: str
    title: str
    here: str
    now: str


@dataclass(frozen=True, slots=True)
class TeamTab:
    """`away` are members who are absent, now or later."""

    roles: tuple[RoleView, ...]
    away: tuple[AbsenceView, ...]


@dataclass(frozen=True, slots=True)
class SuppliersTab:
    suppliers: tuple[SupplierDetail, ...]


@dataclass(frozen=True, slots=True)
class FormTab:
    """`changed` is None where no version held before it."""

    form: FormPage
    answers: tuple[Answer, ...]
    changed: Changed | None


@dataclass(frozen=True, slots=True)
class TimelineTab:
    timeline: Timeline
    past: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class LogTab:
    """`changed` by number of entry; `asked` are the fields of the filter as they were sent."""

    log: tuple[Sentence, ...]
    changed: Mapping[int, list[Changed]]
    older: int
    is_newest: bool
    people: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    asked: Mapping[str, str]

    @property
    def query(self) -> str:
        """The filter, for the link to the next page."""
        return urlencode({name: value for name, value in self.asked.items() if value})


def _show(
    here: Here,
    key: str,
    tab: str,
    as_of: datetime | None,
    read: Callable[[Seen], Any],
    error: EngineError | None = None,
) -> HTMLResponse:
    with see_at(here.view, key, as_of) as seen:
        page = Shown(
            head=head_of(seen),
            tab=tab,
            content=read(seen),
            query=f"?{urlencode({'as_of': as_of.isoformat()})}" if as_of else "",
            problem=explain(error, here.text) if error else None,
        )
    status = page.problem.status if page.problem else HTTPStatus.OK
    watch = NOTHING if seen.is_past else changes_of(key, seen.row.version)
    return here.show(f"procurements/{TEMPLATES[tab]}.html", page, status=status, watch=watch)


TEMPLATES: Final[Mapping[str, str]] = {
    "": "overview",
    "/team": "team",
    "/suppliers": "suppliers",
    "/documents": "documents",
    "/forms": "form",
    "/decisions": "decisions",
    "/timeline": "timeline",
    "/log": "log",
}


@router.get("/procurements/{key}")
def show_overview(key: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "", as_of, lambda seen: _overview(seen, here.text))


def _overview(seen: Seen, text: Translator) -> OverviewTab:
    overview = overview_of(seen)
    newest: Log = log_of(seen, limit=LATEST, wanted=LogFilter(brief=True))
    return OverviewTab(
        overview=overview,
        drawings=drawings_of(seen.view, seen.row.definition, overview.where),
        log=sentences(newest.entries, text),
        rule_changes=tuple(_changed_rule(each, text) for each in overview.head.rule_changes),
        undelivered=() if seen.is_past else undelivered(seen),
        acts=STEERING.get(seen.row.status, ()),
    )


STEERING: Final[Mapping[str, tuple[str, ...]]] = {
    "running": (
        "add-task",
        "add-gathering",
        "record-decision",
        "move-gathering",
        "withdraw-task",
        "move-due",
        "suspend",
        "rewind",
        "cancel",
    ),
    "suspended": ("resume", "rewind", "cancel"),
    "ended": ("rewind",),
}
"""The acts that a lead is offered, by the status of the procurement."""


def _changed_rule(change: RuleChange, text: Translator) -> ChangedRule:
    here, now = (_in_words(row, text.language) for row in (change.before, change.after))
    return ChangedRule(change.rule_id, text.pick(change.row.title), here, now)


def _in_words(row: RuleRow | None, language: str) -> str:
    return f"{amount(row, language)} ({row.citation})" if row else ""


@router.get("/procurements/{key}/team")
def show_team(key: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "/team", as_of, _team)


def _team(seen: Seen) -> TeamTab:
    return TeamTab(roles_held(seen, visible_tasks(seen, *OPEN)), away_in_team(seen))


@router.get("/procurements/{key}/suppliers")
def show_suppliers(key: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "/suppliers", as_of, lambda seen: SuppliersTab(suppliers_of(seen)))


@router.get("/procurements/{key}/documents")
def show_documents(key: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "/documents", as_of, _documents)


def _documents(seen: Seen) -> Documents:
    return documents_of(seen)


@router.get("/procurements/{key}/forms/{submission}")
def show_form(key: str, submission: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "/forms", as_of, lambda seen: _form(seen, submission, here.text))


def _form(seen: Seen, submission: str, text: Translator) -> FormTab:
    found = form_page(seen, submission)
    changed = None
    if found.before is not None:
        change = FormChange(found.shown, found.before, found.context)
        changed = form_changed(change, found.my_roles, text)
    reader = AnswerReader(found.form, found.context, found.my_roles, text) if found.form else None
    return FormTab(found, reader.answers(found.shown.content) if reader else (), changed)


@router.get("/procurements/{key}/decisions")
def show_decisions(key: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "/decisions", as_of, _decisions)


def _decisions(seen: Seen) -> tuple[DecisionView, ...]:
    return decisions_of(seen)


@router.get("/procurements/{key}/timeline")
def show_timeline(key: str, here: Here, as_of: AsOf) -> HTMLResponse:
    return _show(here, key, "/timeline", as_of, lambda seen: _timeline(seen, here.text))


def _timeline(seen: Seen, text: Translator) -> TimelineTab:
    found = timeline_of(seen)
    return TimelineTab(found, sentences(found.past, text))


@router.get("/procurements/{key}/log")
def show_log(
    key: str,
    here: Here,
    as_of: AsOf,
    below: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> HTMLResponse:
    asked = {name: here.request.query_params.get(name, "") for name in FILTER}
    wanted = _filter(asked)
    return _show(here, key, "/log", as_of, lambda seen: _log(seen, here.text, wanted, asked, below))


FILTER: Final = ("group", "by", "since", "until")


def _filter(asked: Mapping[str, str]) -> LogFilter:
    """Raises InvalidInputError for a group or a day that there is not."""
    try:
        return LogFilter(
            group=Group(asked["group"]) if asked["group"] else None,
            by=asked["by"],
            since=date.fromisoformat(asked["since"]) if asked["since"] else None,
            until=date.fromisoformat(asked["until"]) if asked["until"] else None,
        )
    except ValueError as error:
        raise InvalidInputError(
            "Choose what the page offers, and write days as 2026-02-28.",
            **asked,
            about="choose-offered",
        ) from error


def _log(
    seen: Seen, text: Translator, wanted: LogFilter, asked: Mapping[str, str], below: int
) -> LogTab:
    log = log_of(seen, below=below, limit=LOG_PAGE, wanted=wanted)
    return LogTab(
        log=sentences(log.entries, text),
        changed=_changed(seen, log.entries, text),
        older=log.older,
        is_newest=not below,
        people=who_acted(seen),
        groups=tuple(Group),
        asked=asked,
    )


def _changed(
    seen: Seen, entries: Collection[LogEntry], text: Translator
) -> Mapping[int, list[Changed]]:
    return {
        seq: changed_in(each, seen.my_roles, text)
        for seq, each in changes_in(seen, entries).items()
    }


@router.get("/procurements/{key}/audit")
def show_audit(key: str, here: Here, parts: Everything) -> HTMLResponse:
    page: Audit = audit_of(here.view, key, parts.store.signer.verifier_key)
    return here.show("procurements/audit.html", page)


READERS: Final[Mapping[str, Callable[[Seen, Translator], Any]]] = {
    "": _overview,
    "/documents": lambda seen, _text: _documents(seen),
}


def show_again(here: Here, key: str, tab: str, error: EngineError) -> HTMLResponse:
    """The tab that an act was asked on, with why it was refused."""
    return _show(here, key, tab, None, lambda seen: READERS[tab](seen, here.text), error)
