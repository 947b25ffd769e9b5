"""A pre-commercial procurement in which every check holds, and what each check refuses."""

from collections.abc import Mapping
from typing import Any

KRONE = 100
MILLION = 1_000_000 * KRONE
CRITERIA = ("Løsning", "Klima", "Pris")
RANKED = [{"id": key, "name": key.upper(), "rank": rank} for rank, key in enumerate("abc", 1)]
VARIABLES: Mapping[str, Any] = {
    "pcp_exempt": True,
    "active_suppliers": [{"id": key} for key in "abc"],
    "phase_ranking": RANKED,
    "phases": 2,
    "signed_partners": [{"id": key} for key in "abc"],
}
SCORES = [
    {"supplier": key, "criterion": criterion, "score": 7, "reason": "God"}
    for key in "abc"
    for criterion in CRITERIA
]
ENTRIES: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = (
    (
        "exemption-test",
        "2026-04-02T12:00",
        "lise",
        "",
        {
            "only_rd": True,
            "supplies_share": 20,
            "sharing": "Leverandøren beholder resultatene",
            "open_call": True,
            "market_price": True,
            "reason": "Ingen produksjon",
        },
    ),
    (
        "research-terms",
        "2026-05-02T12:00",
        "lise",
        "",
        {
            "supplier_rights": "Beholder resultatene",
            "use_right": "Fri bruk hos kommunen",
            "competition_open": True,
            "evaluation_per_phase": "De kunngjorte kriteriene",
            "finance_plan": [{"phase": 1, "suppliers": 3, "amount": 3 * MILLION}],
        },
    ),
    ("phase-evaluation", "2026-11-15T09:00", "ella", "", {"scores": SCORES}),
    ("call-off", "2026-11-15T10:00", "olga", "", {"continuing": ["a", "b"]}),
    (
        "research-closing",
        "2026-11-15T11:00",
        "olga",
        "",
        {
            "results": [{"metric": "Varsel", "measured": 96}],
            "need_reason": "Uendret",
            "market_note": "To nye leverandører",
            "advice": "new-procurement",
            "reason": "Løsningen virker",
        },
    ),
    (
        "learning-report",
        "2026-11-15T12:00",
        "olga",
        "",
        {"measurements": [{"effect": "Færre fall", "measured": 2}], "inputs_answered": True},
    ),
    (
        "levelling-pack",
        "2026-11-15T13:00",
        "lise",
        "",
        {
            "items": [{"text": "Måledata", "place": "Vedlegg 1"}],
            "secrets_removed": True,
            "participants": [{"supplier": key, "measure": "Lang frist"} for key in "abc"],
        },
    ),
)
