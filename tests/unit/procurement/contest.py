"""A design contest in which every check holds: the good world of its rules."""

from collections.abc import Mapping
from typing import Any

KRONE = 100
MILLION = 1_000_000 * KRONE
VARIABLES: Mapping[str, Any] = {
    "jurors": [{"person": "ella", "qualified": True}, {"person": "even", "qualified": False}],
    "projects": [{"id": "P1"}, {"id": "P2"}],
    "entrants": [
        {"id": "910000001", "name": "Fjord", "code": "P1"},
        {"id": "910000002", "name": "Fjell", "code": "P2"},
    ],
    "winners": [{"id": "910000001", "name": "Fjord"}],
}
RECEIVED: Mapping[str, Any] = {
    "projects": [
        {"code": "P1", "id": "910000001", "name": "Fjord"},
        {"code": "P2", "id": "910000002", "name": "Fjell"},
    ],
    "codes_drawn": True,
}
RANKING = [
    {"code": "P1", "rank": 1, "reason": "Enkel", "worthy": True},
    {"code": "P2", "rank": 2, "reason": "Dyr", "worthy": True},
]
RULES: Mapping[str, Any] = {
    "participation": "open",
    "criteria": [{"criterion": "Idé"}, {"criterion": "Bruk"}],
    "winners": 1,
    "qualification_required": True,
    "qualification": "Arkitekt",
    "prizes": [{"place": 1, "amount": 30 * KRONE}, {"place": 2, "amount": 20 * KRONE}],
    "payment_each": 5 * KRONE,
    "jury_binding": True,
    "follow_on": True,
    "contract_value": MILLION,
}
ENTRIES: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = (
    ("contest-rules", "2026-06-02T12:00", "lise", "", RULES),
    ("jury-proposal", "2026-06-03T12:00", "lise", "", {"members": []}),
    *(
        (
            "impartiality",
            "2026-10-01T12:00",
            person,
            "",
            {"person": person, "outcome": "cleared", "assessed_by": "olga"},
        )
        for person in ("ella", "even")
    ),
    (
        "contest-notice",
        "2026-08-03T09:00",
        "lise",
        "",
        {
            "dispatch": "2026-08-03T10:00:00+02:00",
            "project_deadline": "2026-09-10T12:00:00+02:00",
            "criteria": [{"criterion": "Idé"}, {"criterion": "Bruk"}],
            "follow_on": True,
            "jury_binding": True,
        },
    ),
    (
        "participant-selection",
        "2026-09-04T12:00",
        "lise",
        "",
        {
            "candidates": [
                {"supplier": key, "invite": True, "reason": "Best"} for key in ("a", "b")
            ],
            "published_only": True,
        },
    ),
    ("project-receipts", "2026-09-10T13:00", "rita", "sealed:receiving-officer", RECEIVED),
    (
        "anonymity-scan",
        "2026-09-10T14:00",
        "rita",
        "sealed:receiving-officer",
        {
            "scans": [
                {"code": "P1", "metadata_checked": True, "trace": "logo", "cleaned": True},
                {"code": "P2", "metadata_checked": True, "trace": "none"},
            ]
        },
    ),
    ("anonymity-breach", "2026-09-11T12:00", "ella", "", {"code": "P2"}),
    (
        "anonymity-assessment",
        "2026-09-11T14:00",
        "lise",
        "",
        {"identified": False, "assessment": "Ingen kjente den igjen"},
    ),
    *(
        (
            "jury-assessment",
            "2026-09-12T12:00",
            person,
            "",
            {"own_assessment": True, "recognised": []},
        )
        for person in ("ella", "even")
    ),
    ("jury-discussion", "2026-09-13T12:00", "ella", "", {"questions": [{"code": "P1"}]}),
    (
        "jury-minutes",
        "2026-09-14T12:00",
        "rita",
        "P1",
        {"complete": True, "names_withheld": True},
    ),
    ("jury-report", "2026-09-15T12:00", "ella", "", {"ranking": RANKING, "criteria_only": True}),
    *(
        ("jury-signature", "2026-09-16T12:00", person, "", {"signed": True})
        for person in ("ella", "even")
    ),
    (
        "contest-decision",
        "2026-09-17T12:00",
        "olga",
        "",
        {"winners": ["910000001"], "reasons": "Juryens vinner"},
    ),
    (
        "prize-payment",
        "2026-09-18T12:00",
        "olga",
        "",
        {"payments": [{"amount": 30 * KRONE}, {"amount": 10 * KRONE}]},
    ),
    ("follow-on-invitation", "2026-09-20T12:00", "lise", "", {"documents_url": "https://a.no"}),
    ("meeting-minutes", "2026-09-22T12:00", "lise", "910000001", {"type": "negotiation"}),
    (
        "follow-on-decision",
        "2026-09-23T12:00",
        "bo",
        "",
        {"chosen": "910000001", "reasons": "Vinneren leverer"},
    ),
)
