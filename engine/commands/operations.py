"""What service tasks can do: named, reviewed functions; a model only names one.

An operation gets the act, the work item and its evaluated inputs, records events, and answers with
plain data. Anything that leaves the installation goes through the outbox.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from engine.bpmn.letters import letter_texts
from engine.clock import OSLO
from engine.commands import sharing, submissions
from engine.commands.act import Act
from engine.commands.meetings import take_back_times
from engine.commands.telling import tell_cancelled
from engine.errors import InvalidInputError, NotFoundError
from engine.forms.plaintext import as_text, own_part
from engine.model import events as e
from engine.model.actor import Impartiality
from engine.model.execution import WorkItem
from engine.model.records import CANCELLED
from engine.model.sealing import branch_of, sealed_scope
from engine.procurement import frozen
from engine.procurement.impartiality import DECLARATION
from engine.procurement.ranking import Score, basis, ranking
from engine.procurement.reading import entries, said
from engine.procurement.receipt_forms import PROJECT_RECEIPTS
from engine.procurement.ruledata import rule_set
from engine.procurement.text import text
from engine.procurement.time_limits import time_limit
from engine.store import deliveries, records
from engine.store.firms import supplier_labels

SHARED: Final = "shared-information"
"""The form whose letter gives all the same; see `engine.commands.sharing`."""
_LAST_DAY: Final = text(
    "{title}: til og med {day} ({citation}).",
    "{title}: up to and including {day} ({citation}).",
    nn="{title}: til og med {day} ({citation}).",
)
Inputs = Mapping[str, Any]
Operation = Callable[[Act, WorkItem, Inputs], dict[str, Any]]

SUPPLIER_STATUSES: Final = (
    "registered",
    "qualified",
    "rejected",
    "invited",
    "not-selected",
    "eliminated",
    "withdrawn",
    "awarded",
    "not-awarded",
    "contracted",
    "terminated",
    "purchased",
)

STANDS: Final[Mapping[str, frozenset[str]]] = {
    "qualified": frozenset({"invited", "awarded", "contracted", "purchased"}),
    "withdrawn": frozenset({"rejected"}),
    "not-awarded": frozenset({"rejected", "withdrawn"}),
}
"""New status → where a supplier stands that keeps its own: an invited one that passes a later check
is not merely qualified, and a rejected one has not withdrawn."""


def assign(_act: Act, _item: WorkItem, _inputs: Inputs) -> dict[str, Any]:
    """Nothing: the task is there for its outputs."""
    return {}


def register_suppliers(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """Make a record for each supplier not yet known in this procurement."""
    wanted = _suppliers(inputs)
    known = {each.key for each in records.suppliers(act.session.work.connection, act.id)}
    came = False
    for supplier in wanted:
        if supplier["id"] not in known:
            known.add(supplier["id"])
            act.record(e.SupplierRegistered(supplier["id"], supplier["name"]))
            came = True
    if came:
        _change_list(act)
    return {"suppliers": [{"id": each["id"], "name": each["name"]} for each in wanted]}


def change_supplier_list(act: Act, _item: WorkItem, _inputs: Inputs) -> dict[str, Any]:
    """A name has come to at a supplier, such as a member of a group: everybody declares again."""
    _change_list(act)
    return {"version": act.procurement.supplier_list}


def _change_list(act: Act) -> None:
    """Whoever had declared is asked again, and sees nothing confidential before; nobody is where
    the model has no declaration."""
    if DECLARATION not in act.version.forms:
        return
    version = act.procurement.supplier_list + 1
    again = [seat for seat in act.team if seat.impartiality is Impartiality.CLEARED]
    act.record(e.SupplierListChanged(version, [seat.id for seat in again]))
    act.procurement = replace(act.procurement, supplier_list=version)
    act.team = tuple(
        replace(seat, impartiality=Impartiality.ASKED) if seat in again else seat
        for seat in act.team
    )


def set_supplier_status(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """Where a supplier stands, for instance qualified or eliminated, with the reason.

    One that stands further, or out, keeps where it stands (`STANDS`).
    """
    status = inputs.get("status")
    if status not in SUPPLIER_STATUSES:
        raise InvalidInputError(
            f"'{status}' is no status of a supplier. Use one of: {', '.join(SUPPLIER_STATUSES)}.",
            status=status,
            about="operation-wrong",
        )
    reason = str(inputs.get("reason") or "")
    stands = {
        each.key: each.status for each in records.suppliers(act.session.work.connection, act.id)
    }
    for supplier in _keys(inputs):
        if stands.get(supplier) not in STANDS.get(status, ()):
            act.record(e.SupplierStatusSet(supplier, status), reason=reason)
    return {}


def lift_seal(act: Act, item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """Publish what a form says that was sealed for a role: the newest of it, in the open."""
    role, form = str(inputs.get("role") or ""), str(inputs.get("form") or "")
    sealed = [
        each
        for each in records.submissions_of(act.session.work.connection, act.id, form)
        if each.scope == sealed_scope(role)
    ]
    if not sealed:
        raise NotFoundError("sealed submission of the form", form)
    content = _with_names(act, form, sealed[-1].content)
    key = submissions.keep(act, form, content, task="", element=item.element_id, scope="")
    act.record(e.SealLifted(role, form, key))
    return {"submission": key, "content": content}


def _with_names(act: Act, form: str, content: dict[str, Any]) -> dict[str, Any]:
    """Who stands behind the codes of projects that were handed in here, from their own vault."""
    if form != PROJECT_RECEIPTS:
        return content
    session = act.session
    connection, vaults = session.work.connection, session.environment.vaults
    coded = {each.code: each for each in deliveries.deliveries_of(connection, act.id) if each.code}
    projects = []
    for row in content.get("projects", ()):
        found = coded.get(row.get("code"))
        cover = deliveries.cover_of(connection, vaults, found) if found else {}
        known = {"id": cover["supplier"], "name": cover["name"]} if cover else {}
        projects.append({**row, **known})
    return {**content, "projects": projects}


def pin_rules(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """From dispatch of the contract notice the rules of that day hold to the end."""
    moment = inputs.get("at")
    at = act.session.today if not moment else _day(moment)
    pinned = rule_set(at)
    act.record(e.RulesPinned(at.isoformat(), pinned.id))
    return {"rules_at": at.isoformat(), "rule_set": pinned.id}


def freeze_documents(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """Minimum requirements and award criteria stand as published (FOA § 23-7(2)); `form` where
    the documents are of another form than in a competition."""
    form = str(inputs.get("form") or "procurement-documents")
    found = records.submissions_of(act.session.work.connection, act.id, form)
    if not found:
        raise NotFoundError("submission of the form", form)
    act.record(e.DocumentsFrozen(found[-1].id))
    return {"submission": found[-1].id}


def correct_documents(act: Act, item: WorkItem, _inputs: Inputs) -> dict[str, Any]:
    """The documents with what the newest amendment corrects, word for word, and frozen again."""
    connection = act.session.work.connection
    documents = records.submissions_of(connection, act.id, frozen.DOCUMENTS)
    amendments = records.submissions_of(connection, act.id, "amendment")
    if not documents or not amendments or not frozen.is_correction(amendments[-1].content):
        return {"corrected": False}
    content = frozen.corrected(documents[-1].content, amendments[-1].content)
    key = submissions.keep(
        act, frozen.DOCUMENTS, content, task="", element=item.element_id, scope=""
    )
    act.record(e.DocumentsFrozen(key))
    return {"corrected": True, "submission": key}


def send_to_suppliers(act: Act, item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """One letter each, all at the same instant, through the outbox; none where the form of shared
    information has nothing to tell. What the model writes goes out in the language of letters."""
    kind = str(inputs.get("kind") or "letter")
    subject = _in_language(act, item, str(inputs.get("subject") or act.procurement.title))
    letter = _in_language(act, item, str(inputs.get("letter") or ""))
    shared = _shared(act) if letter == SHARED else []
    if letter == SHARED and not shared:
        return {"sent_at": act.now.isoformat()}
    foot = _last_day(act, str(inputs.get("limit") or ""))
    suppliers = [each["id"] for each in _suppliers(inputs)]
    bodies = _letters(act, subject, letter, suppliers, foot)
    sharing.send_letters(act, tuple(bodies), kind, subject, bodies)
    if shared:  # known to all from this moment
        sharing.give(act, shared, tuple(bodies))
    return {"sent_at": act.now.isoformat()}


def _in_language(act: Act, item: WorkItem, written: str) -> str:
    """What the model writes in bokmål as its translators have it; other text stays as it is."""
    language = act.letter_language
    if language == "nb":
        return written
    definition, process = act.version.definition, item.process_id
    texts = letter_texts(act.element(process, item.element_id), act.version.forms)
    key = next((key for key, text in texts.items() if text == written), "")
    return definition.text(language, process, key, written)


def _shared(act: Act) -> list[sharing.Text]:
    """What the form of shared information tells all."""
    found = records.submissions_of(act.session.work.connection, act.id, SHARED)
    return [
        sharing.Text(said(row, "text"), int(said(row, "about") or 0))
        for row in (entries(found[-1].content, "items") if found else ())
        if said(row, "text")
    ]


def release_answer(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """The answer to a question goes to every supplier that takes part, at this moment."""
    sharing.release_answers(act, [str(inputs.get("question") or "")])
    return {"released_at": act.now.isoformat()}


def record_notice(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """A version of a notice: the first is 1, a change of the same notice keeps its id and adds
    one."""
    subtype = str(inputs.get("subtype") or "")
    form = str(inputs.get("form") or "notice")
    connection = act.session.work.connection
    found = records.submissions_of(connection, act.id, form)
    notice, last = records.last_notice(connection, act.id, subtype) or (uuid4().hex, 0)
    submission = found[-1].id if found else ""
    act.record(e.NoticeRecorded(notice, subtype, last + 1, submission))
    return {"notice": notice, "version": last + 1, "dispatched_at": act.now.isoformat()}


def rank(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """Totals, or compared prices, by the published model; see `engine.procurement.ranking`.

    Criteria with weights (per cent) and models stand in the procurement documents, the agreed
    scores in the form named by `scores`, prices in the tender check.
    """
    connection = act.session.work.connection
    form = str(inputs.get("scores") or "consensus")
    scores = [
        Score(str(row.get("supplier") or each.scope), row.get("criterion"), _agreed(row))
        for each in records.submissions_of(connection, act.id, form)
        for row in each.content.get("scores", ())
    ]
    names = {supplier["id"]: supplier["name"] for supplier in _suppliers(inputs)}
    return {"ranking": ranking(names, basis(_criteria(act), _checked(act), scores, names))}


def _agreed(row: Mapping[str, Any]) -> Any:
    return row.get("agreed_score", row.get("score"))


def close(act: Act, _item: WorkItem, inputs: Inputs) -> dict[str, Any]:
    """How the procurement ended, for lists and indicators. Whoever from outside has not heard of a
    cancellation hears of it now."""
    outcome = str(inputs.get("outcome") or "")
    if outcome != act.procurement.outcome:
        act.record(e.OutcomeSet(outcome))
    if outcome == CANCELLED:
        tell_cancelled(act)
    return {}


def announce_cancellation(act: Act, _item: WorkItem, _inputs: Inputs) -> dict[str, Any]:
    """It is decided, though a result notice is still to come: from now on the procurement is known
    as cancelled, meetings ahead are too, and everybody from outside hears whom no letter tells."""
    act.record(e.OutcomeSet(CANCELLED))
    take_back_times(act)
    tell_cancelled(act)
    return {}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "assign": assign,
    "register-suppliers": register_suppliers,
    "change-supplier-list": change_supplier_list,
    "set-supplier-status": set_supplier_status,
    "lift-seal": lift_seal,
    "pin-rules": pin_rules,
    "freeze-documents": freeze_documents,
    "correct-documents": correct_documents,
    "send-to-suppliers": send_to_suppliers,
    "release-answer": release_answer,
    "record-notice": record_notice,
    "rank": rank,
    "announce-cancellation": announce_cancellation,
    "close": close,
}


def _suppliers(inputs: Inputs) -> list[dict[str, str]]:
    found = inputs.get("suppliers")
    if not isinstance(found, list) or not all(
        isinstance(each, dict) and each.get("id") and each.get("name") for each in found
    ):
        raise InvalidInputError(
            "The operation needs `suppliers`, a list of contexts with id and name.",
            suppliers=str(found)[:200],
            about="operation-wrong",
        )
    return found


def _letters(
    act: Act, subject: str, letter: str, suppliers: Collection[str], foot: str
) -> dict[str, str]:
    """The letter to each: the newest submission of a form where `letter` is a form's key, under the
    subject, else `letter` itself; and the foot. What was handed in in a supplier's branch is for
    that supplier alone, and so is a row about a supplier."""
    form = act.version.forms.get(letter)
    if form is None:
        return dict.fromkeys(suppliers, letter + foot)
    connection, language = act.session.work.connection, act.letter_language
    found = records.submissions_of(connection, act.id, letter)
    labels = supplier_labels(connection, act.id)
    bodies = {}
    for supplier in suppliers:
        meant = [each for each in found if branch_of(each.scope) in ("", supplier)]
        body = subject
        if meant:
            own = own_part(form, meant[-1].content, supplier)
            body = as_text(subject, form, own, language, labels)
        bodies[supplier] = body + foot
    return bodies


def _last_day(act: Act, rule: str) -> str:
    """What ends a letter whose sending begins the legal time limit `rule`: its last day. FOA § 25-1
    wants the standstill period told exactly."""
    if not rule:
        return ""
    limit = time_limit(rule, act.now, act.rules_at)
    last = (limit.ends_at - timedelta(microseconds=1)).astimezone(OSLO)
    language = act.letter_language
    said = _LAST_DAY[language].format(
        title=limit.row.title[language], day=f"{last:%d.%m.%Y}", citation=limit.citation
    )
    return f"\n\n{said}"


def _keys(inputs: Inputs) -> list[str]:
    """Supplier keys from `supplier` (one id) or `suppliers` (a list)."""
    one = inputs.get("supplier")
    if isinstance(one, dict):
        return [str(one.get("id"))]
    if one:
        return [str(one)]
    return [supplier["id"] for supplier in _suppliers(inputs)]


def _day(moment: Any) -> date:
    text = str(moment)
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(OSLO).date()
    except ValueError as error:
        raise InvalidInputError(
            f"'{text[:40]}' is no date. Give a date such as 2026-04-07, or a date-time.",
            at=text,
            about="operation-wrong",
        ) from error


def _criteria(act: Act) -> tuple[Mapping[str, Any], ...]:
    return _rows(act, frozen.DOCUMENTS, "award_criteria")


def _checked(act: Act) -> tuple[Mapping[str, Any], ...]:
    return _rows(act, "tender-check", "tenders")


def _rows(act: Act, form: str, field: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of a list in the newest submission of a form; none where there is none."""
    found = records.submissions_of(act.session.work.connection, act.id, form)
    return entries(found[-1].content, field) if found else ()
