"""Receipt and opening of requests and tenders (IP8, IP12, IP14)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.procurement.facts import DeliveryFact, Facts
from engine.procurement.reading import entries, moment, names, said, supplier_of
from engine.procurement.rules.publication import tender_deadline
from engine.procurement.rules.rule import (
    LEGAL,
    PROCUREMENT_LEAD,
    RECEIVING_OFFICER,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    own_form,
    pending,
    unstated,
    with_form,
)
from engine.procurement.text import listed, text

_TENDERS = frozenset({"tender", "final-tender", "project"})


def _deadline(facts: Facts, kind: str) -> datetime | None:
    """The deadline that submissions of `kind` had to meet."""
    if kind == "request":
        return moment(facts.variables.get("request_deadline"))
    if kind == "tender":
        return tender_deadline(facts)
    invitation = facts.latest("final-invitation")
    return moment(invitation.data.get("deadline")) if invitation else None


def receipts_by_clock(facts: Facts, receipts: Mapping[str, Any]) -> Verdict:
    """Every submission has its time; where a row says “on time”, the time agrees, and what was
    handed in here stands with the moment that is on record."""
    kind = said(receipts, "kind")
    rows = {supplier_of(row): row for row in entries(receipts, "submissions")}
    unlike = facts.firms_of(
        each.scope
        for each in facts.deliveries
        if each.kind == kind
        and moment(rows.get(each.scope, {}).get("received_at")) != each.at
        and not _replaced_in_time(facts, each)
    )
    if unlike:
        return fails(
            f"Listen stemmer ikke med det som er mottatt fra {listed(unlike, 'nb')}.",
            f"The list does not agree with what was received from {listed(unlike, 'en')}.",
            nn=f"Lista stemmer ikkje med det som er motteke frå {listed(unlike, 'nn')}.",
        )
    deadline = _deadline(facts, kind) or moment(receipts.get("sealed_until"))
    if deadline is None:
        return fails(
            "Fristen er ikke kjent.", "The deadline is not known.", nn="Fristen er ikkje kjent."
        )
    wrong = facts.firms_of(
        supplier_of(row)
        for row in entries(receipts, "submissions")
        if (received := moment(row.get("received_at"))) is None
        or row.get("on_time", received <= deadline) is not (received <= deadline)
    )
    if wrong:
        return fails(
            f"Merkingen «i tide» stemmer ikke med tidspunktet for {listed(wrong, 'nb')}.",
            f"The mark “on time” does not agree with the clock for {listed(wrong, 'en')}.",
            nn=f"Merkinga «i tide» stemmer ikkje med tidspunktet for {listed(wrong, 'nn')}.",
        )
    count = len(entries(receipts, "submissions"))
    return holds(
        f"{count} leveringer er merket riktig.",
        f"{count} submissions are marked rightly.",
        nn=f"{count} leveringar er merkt rett.",
    )


def _replaced_in_time(facts: Facts, late: DeliveryFact) -> bool:
    """A late one beside one that came in time is no submission of its own."""
    return late.late and any(
        (each.kind, each.scope, each.late) == (late.kind, late.scope, False)
        for each in facts.deliveries
    )


def only_invited_submitted(facts: Facts, receipts: Mapping[str, Any]) -> Verdict:
    if said(receipts, "kind") not in _TENDERS:
        return holds(
            "Alle kan sende forespørsel.",
            "Anyone may send a request.",
            nn="Alle kan sende førespurnad.",
        )
    invited = set(names(facts.variables, "invited"))
    dealt_with = {made.scope for made in facts.decided("D9")}
    submitted = {supplier_of(row) for row in entries(receipts, "submissions")}
    strangers = facts.firms_of(submitted - invited - dealt_with)
    if strangers:
        return fails(
            f"Ikke invitert, og ikke behandlet: {listed(strangers, 'nb')}.",
            f"Not invited, and not dealt with: {listed(strangers, 'en')}.",
            nn=f"Ikkje invitert, og ikkje behandla: {listed(strangers, 'nn')}.",
        )
    return holds(
        "Bare inviterte har levert tilbud.",
        "Only the invited have submitted tenders.",
        nn="Berre inviterte har levert tilbod.",
    )


def opened_by_two(facts: Facts, record: Mapping[str, Any]) -> Verdict:
    """By the opening that took place here; where another tool was used, by what the form says."""
    people = {said(row, "person") for row in entries(record, "opened_by")} - {""}
    if facts.openings:
        people = set(facts.openings[-1].by)
    verdict = holds if len(people) >= 2 else fails
    return verdict(
        f"{len(people)} personer var til stede ved åpningen.",
        f"{len(people)} persons were present at the opening.",
        nn=f"{len(people)} personar var til stades ved opninga.",
    )


def late_submission_acceptable(facts: Facts) -> Verdict:
    """A late tender must be rejected; a late request may be accepted under one rule for all."""
    form = own_form(facts, "late-submission", "cause")
    if form is None:
        return pending(facts, "late-submission")
    kind = said(facts.variables, "kind") or _last_kind(facts)
    cause, at_fault = said(form, "cause"), form.get("buyer_fault") is True
    if cause == "not_invited" and kind in _TENDERS:
        return fails(
            "Bare inviterte kan gi tilbud.",
            "Only the invited may tender.",
            "FOA § 23-7(1)",
            nn="Berre inviterte kan gi tilbod.",
        )
    if cause == "late" and _came_in_time(facts, kind):
        return fails(
            "Leveringen kom i tide etter serverens klokke.",
            "The submission came in time by the server's clock.",
            nn="Leveringa kom i tide etter klokka på serveren.",
        )
    if kind in _TENDERS and not at_fault:
        return fails(
            "Et for sent tilbud skal avvises.",
            "A late tender must be rejected.",
            nn="Eit for seint tilbod skal avvisast.",
        )
    if not said(form, "facts"):
        return unstated("late-submission", {"facts": text("fakta", "the facts", nn="fakta")})
    gaps = {
        key: name
        for key, name in {
            "system_log": text(
                "hva systemloggen viser", "what the system log shows", nn="kva systemloggen viser"
            ),
            "incident": text(
                "henvisning til avviket",
                "the reference of the incident",
                nn="tilvising til avviket",
            ),
        }.items()
        if at_fault and not said(form, key)
    }
    if gaps:
        return unstated("late-submission", gaps)
    if form.get("same_rule") is not True:
        return fails(
            "Det er ikke bekreftet at samme regel gjelder alle.",
            "Nobody has confirmed that the same rule applies to all.",
            nn="Det er ikkje stadfesta at same regel gjeld alle.",
        )
    return holds(
        "Kan godtas: samme regel for alle.",
        "May be accepted: the same rule for all.",
        nn="Kan godtakast: same regel for alle.",
    )


def _came_in_time(facts: Facts, kind: str) -> bool:
    """Whether the records say that what this branch speaks of was handed in here in time."""
    return any(
        (each.kind, each.scope, each.late) == (kind, facts.scope, False)
        for each in facts.deliveries
    )


def _last_kind(facts: Facts) -> str:
    receipts = facts.latest("receipts")
    return said(receipts.data, "kind") if receipts else "tender"


def final_deadline_common(facts: Facts) -> Verdict:
    invitations = facts.all("final-invitation")
    if not invitations:
        return missing("final-invitation")
    deadline = moment(invitations[-1].data.get("deadline"))
    if deadline is None:
        return unstated(
            "final-invitation", {"deadline": text("fristen", "the deadline", nn="fristen")}
        )
    return holds(
        "Alle gjenværende har samme frist for endelig tilbud.",
        "All that remain have the same deadline for final tenders.",
        nn="Alle attverande har same frist for endeleg tilbod.",
    )


RULES = (
    Rule(
        "receipts-by-clock",
        text(
            "«I tide» følger serverens klokke",
            "“On time” follows the server's clock",
            nn="«I tide» følgjer serveren sin klokke",
        ),
        "FOA § 24-1",
        (RECEIVING_OFFICER,),
        with_form("receipts", receipts_by_clock),
    ),
    Rule(
        "only-invited-submitted",
        text(
            "Bare inviterte har gitt tilbud",
            "Only the invited have tendered",
            nn="Berre inviterte har gitt tilbod",
        ),
        "FOA § 23-7(1)",
        (RECEIVING_OFFICER, PROCUREMENT_LEAD),
        with_form("receipts", only_invited_submitted),
    ),
    Rule(
        "opened-by-two",
        text("To personer åpnet", "Two persons opened", nn="To personar opna"),
        "FOA § 22-3",
        (RECEIVING_OFFICER,),
        with_form("opening-record", opened_by_two),
    ),
    Rule(
        "late-submission-acceptable",
        text(
            "Leveringen kan godtas",
            "The submission may be accepted",
            nn="Leveringa kan godtakast",
        ),
        "FOA § 24-1",
        (PROCUREMENT_LEAD, LEGAL),
        late_submission_acceptable,
    ),
    Rule(
        "final-deadline-common",
        text(
            "Felles frist for endelige tilbud",
            "One deadline for final tenders",
            nn="Felles frist for endelege tilbod",
        ),
        "FOA § 23-7(4)",
        (PROCUREMENT_LEAD,),
        final_deadline_common,
    ),
)
