"""What strikes a competition, and how each check of it departs from the good world."""

from typing import Any, Final

from engine.procurement.facts import DecisionFact
from tests.unit.procurement.world import DECISIONS, DOCUMENTS, NOW, Change, at

Case = tuple[str, Change, str]
TENDER: Final = {"document": "Tilbudet", "kind": "tender", "supplier": "a"}
NOTICE: Final = {"document": "Kunngjøringen", "kind": "other", "outcome": "give"}
UNCHOSEN: Final = tuple(made for made in DECISIONS if made.decision != "D10")
CHANGED: Final = (
    "supplier-change",
    "2026-10-20T09:00",
    "lise",
    "",
    {"supplier": "a", "event": "bankruptcy", "member": "Medlem AS"},
)
CORRECTION: Final = {
    "corrected_requirements": [{"id": "M1", "text": "Skal virke uten nett i seks timer"}],
    "extends": True,
    "new_deadline": "2026-09-20T12:00:00+02:00",
}
CORRECTED: Final = (
    "procurement-documents",
    "2026-08-11T09:00",
    "jon",
    "",
    {
        **DOCUMENTS,
        "minimum_requirements": [{"id": "M1", "text": "Skal virke uten nett i seks timer"}],
    },
)
APPROVED: Final = DecisionFact(
    "D5", "approve", "Feil", ("jon", "quinn"), at("2026-08-11T08:00"), "", "approve-amendment"
)


NIGHT_DEADLINE: Final = "2026-10-25T02:30:00+02:00"
"""In the hour that comes twice when the clocks go back: before the first of them is over."""
REPEATED_HOUR: Final = (
    ("2026-10-25T02:29:00+02:00", True),
    ("2026-10-25T02:31:00+02:00", False),
    ("2026-10-25T02:15:00+01:00", False),
)


def asked(*documents: dict[str, Any], **fields: Any) -> dict[str, dict[str, Any]]:
    return {"access-assessment": {"documents": list(documents), **fields}}


def decided(decision: str, option: str, scope: str, when: str) -> DecisionFact:
    return DecisionFact(decision, option, "", ("lise",), at(when), scope, "decide-qualification")


def breached(**fields: Any) -> Change:
    return Change(fields={"confidentiality-breach": fields})


def involved(**fields: Any) -> Change:
    """The supplier took part in the preparation."""
    return Change(fields={"qualification": {"involved_before": True}, "prior-involvement": fields})


FAILS: list[Case] = [
    ("access-grounded", Change(fields=asked()), "lacks: the documents"),
    ("access-grounded", Change(fields=asked({**TENDER, "outcome": "refuse"})), "No ground"),
    (
        "access-grounded",
        Change(fields=asked({**TENDER, "outcome": "refuse", "ground": "s23_3"})),
        "supplier is chosen",
    ),
    (
        "access-grounded",
        Change(
            fields=asked({**NOTICE, "outcome": "refuse", "ground": "s23_3"}), decisions=UNCHOSEN
        ),
        "tenders and protocol alone",
    ),
    (
        "access-grounded",
        Change(
            fields=asked(
                {**NOTICE, "outcome": "refuse", "ground": "s14"}, wider_access_considered=False
            ),
        ),
        "Wider access",
    ),
    ("access-grounded", Change(draft={"decision": "give"}), "disagrees"),
    (
        "secrecy-settled",
        Change(fields=asked({**TENDER, "supplier": "c", "outcome": "redacted", "ground": "s13"})),
        "has not been heard",
    ),
    ("secrecy-settled", Change(fields=asked({**TENDER, "outcome": "give"})), "must be redacted"),
    ("secrecy-reasoned", Change(without=("secrecy-marks",)), "Marked secrets"),
    (
        "secrecy-reasoned",
        Change(fields={"secrecy-marks": {"whole_document": True}}),
        "whole tender is marked",
    ),
    ("secrecy-reasoned", Change(fields={"secrecy-decision": {"marks": []}}), "Punkt 4"),
    ("breach-contained", Change(without=("breach-containment",)), "Containment"),
    (
        "breach-contained",
        Change(fields={"breach-containment": {"access_removed": False}}),
        "not been stopped",
    ),
    ("breach-notified", Change(without=("confidentiality-breach",)), "Breach of confidentiality"),
    ("breach-notified", Change(without=("breach-notification",)), "Notification"),
    ("breach-notified", breached(found_at=None), "lacks: the time"),
    (
        "breach-notified",
        Change(fields={"breach-notification": {"notified_at": "2026-09-25T09:00:00+02:00"}}),
        "after 72 hours",
    ),
    ("breach-cured", Change(fields={"breach-assessment": {"reason": ""}}), "lacks: the reason"),
    (
        "breach-cured",
        Change(fields={"breach-assessment": {"suppliers_told": False}}),
        "not been told",
    ),
    ("breach-cured", Change(fields={"breach-assessment": {"distorts": True}}), "not cured"),
    ("no-open-breach", Change(decisions=()), "1 breaches of confidentiality"),
    ("prior-involvement-cured", involved(measures=[]), "not had the same"),
    (
        "prior-involvement-cured",
        involved(measures=[{"knowledge": "Målemetoden"}]),
        "not had the same: Målemetoden",
    ),
    ("prior-involvement-cured", involved(period_adequate=False), "did not level"),
    ("prior-involvement-cured", involved(cured=False), "must be rejected, after being heard"),
    (
        "prior-involvement-cured",
        involved(cured=False, heard_at="2026-09-06T09:00:00+02:00", statement="Uenig"),
        "must be rejected.",
    ),
    (
        "prior-involvement-cured",
        Change(fields={"qualification": {"involved_before": True}}, without=("prior-involvement",)),
        "Prior involvement",
    ),
    ("suppliers-still-qualified", Change(more=(CHANGED,)), "checked again: a"),
    (
        "suppliers-still-qualified",
        Change(
            more=(CHANGED,),
            decisions=(*DECISIONS, decided("D6", "reject", "a", "2026-10-21T09:00")),
        ),
        "Not qualified: a",
    ),
    ("suppliers-still-qualified", Change(decisions=()), "Not qualified: a and b"),
    (
        "letters-sent",
        Change(more=(("letter-bounce", "2026-11-03T09:00", "lise", "", {"supplier": "a"}),)),
        "1 letters bounced",
    ),
    (
        "lots-same-deadline",
        Change(
            fields={
                "notice": {
                    "request_deadline": "2026-09-03T12:00:00+02:00",
                    "lots": [
                        {"id": "1", "deadline": "2026-09-03T12:00:00+02:00"},
                        {"id": "2", "deadline": "2026-09-10T12:00:00+02:00"},
                    ],
                }
            }
        ),
        "another deadline: 2",
    ),
    (
        "amendment-not-substantial",
        Change(fields={"amendment": {**CORRECTION, "extends": False}}),
        "deadline must be extended",
    ),
    (
        "amendment-not-substantial",
        Change(
            fields={
                "amendment": {**CORRECTION, "corrected_requirements": [{"id": "M9", "text": "x"}]}
            }
        ),
        "Not in the documents: M9",
    ),
    (
        "amendment-not-substantial",
        Change(
            fields={
                "amendment": {
                    **CORRECTION,
                    "corrected_criteria": [{"criterion": "Pris", "weight": 40}],
                }
            }
        ),
        "add up to 110 %",
    ),
    (
        "amendment-not-substantial",
        Change(fields={"amendment": CORRECTION}, without=("procurement-documents",)),
        "Procurement documents",
    ),
    (
        "late-submission-acceptable",
        Change(
            draft={
                "cause": "late",
                "facts": "Nede",
                "same_rule": True,
                "buyer_fault": True,
                "system_log": "Opplastingen begynte 11.58.",
            }
        ),
        "reference of the incident",
    ),
    ("minimum-requirements-frozen", Change(more=(CORRECTED,)), "changed after dispatch"),
]

HOLDS: list[Case] = [
    *(
        (
            "receipts-by-clock",
            Change(
                fields={
                    "receipts": {
                        "submissions": [{"id": "a", "received_at": received, "on_time": in_time}]
                    }
                },
                variables={"request_deadline": NIGHT_DEADLINE},
            ),
            "1 submissions",
        )
        for received, in_time in REPEATED_HOUR
    ),
    (
        "access-grounded",
        Change(
            fields=asked({**TENDER, "outcome": "refuse", "ground": "s23_3"}, NOTICE),
            decisions=UNCHOSEN,
            draft={"decision": "partly"},
        ),
        "1 of 2 documents are given",
    ),
    (
        "access-grounded",
        Change(
            fields=asked(
                {**TENDER, "outcome": "redacted", "ground": "s13"}, wider_access_considered=False
            )
        ),
        "0 of 1",
    ),
    ("secrecy-settled", Change(fields=asked(NOTICE)), "0 tenders"),
    ("secrecy-reasoned", Change(without=("secrecy-decision",)), "Checked when"),
    ("breach-notified", breached(personal_data=False), "No personal data"),
    (
        "breach-notified",
        Change(fields={"breach-notification": {"notify": "no_risk", "reason": "Kryptert"}}),
        "Not notified: Kryptert",
    ),
    (
        "breach-notified",
        Change(
            fields={
                "breach-notification": {
                    "notified_at": "2026-09-25T09:00:00+02:00",
                    "delay_reason": "Oppdaget omfanget sent",
                }
            }
        ),
        "25 September 2026",
    ),
    (
        "breach-cured",
        Change(
            fields={
                "breach-assessment": {"distorts": True, "cured": True, "measures": "Delt med alle"}
            }
        ),
        "Cured: Delt med alle",
    ),
    ("breach-cured", Change(without=("breach-assessment",)), "Checked when"),
    ("no-open-breach", Change(decisions=(), without=("confidentiality-breach",)), "0 breaches"),
    ("prior-involvement-cured", involved(), "1 measures"),
    (
        "suppliers-still-qualified",
        Change(
            more=(CHANGED,),
            decisions=(*DECISIONS, decided("D6", "qualified", "a", "2026-10-21T09:00")),
        ),
        "2 suppliers",
    ),
    ("suppliers-still-qualified", Change(scope="a"), "1 suppliers"),
    ("suppliers-still-qualified", Change(without=("award", "follow-on-decision")), "Checked when"),
    (
        "letters-sent",
        Change(more=(("letter-bounce", "2026-11-01T09:00", "lise", "", {"supplier": "a"}),)),
        "sent on",
    ),
    ("amendment-not-substantial", Change(fields={"amendment": CORRECTION}), "Not substantial"),
    (
        "minimum-requirements-frozen",
        Change(
            fields={"amendment": CORRECTION},
            more=(CORRECTED,),
            decisions=(*DECISIONS, APPROVED),
            now=NOW,
        ),
        "are those announced",
    ),
]
