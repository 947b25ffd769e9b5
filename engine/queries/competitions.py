"""Announced competitions as anybody may read them: what notice and documents say, and no more.

Nothing of who takes part, nor how many they are, is among it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import NotFoundError
from engine.procurement.reading import entries, said
from engine.queries.parties import buyer_of
from engine.queries.view import Seen, View, find_procurement
from engine.store import applications, records
from engine.store.applications import Call


@dataclass(frozen=True, slots=True)
class PublishedCriterion:
    """`weight` in per cent, None where criteria are ranked instead."""

    name: str
    weight: int | float | None


@dataclass(frozen=True, slots=True)
class PublicCompetition:
    """`until` is when requests, or tenders where anybody may give one, are due; `open` whether
    access can be asked for. `requirements` are those to the thing, `qualification` those to the
    firm, as the documents say that were published with the notice."""

    procurement: str
    reference: str
    title: str
    organisation: str
    at: datetime
    description: str
    procedure: str
    address: str
    until: datetime | None
    open: bool
    requirements: tuple[str, ...]
    qualification: tuple[str, ...]
    selection: tuple[PublishedCriterion, ...]
    criteria: tuple[PublishedCriterion, ...]


def public_competitions(view: View) -> tuple[PublicCompetition, ...]:
    """Every one that access can be asked for, the newest first."""
    keys = applications.called_procurements(view.connection)
    found = (public_competition(view, key) for key in keys)
    return tuple(each for each in found if each.open)


def public_competition(view: View, key: str) -> PublicCompetition:
    """One, also after its deadline; raises NotFoundError where none was announced."""
    seen = find_procurement(view, key)
    call = applications.call_of(view.connection, key)
    if call is None:
        raise NotFoundError("competition", key)
    documents = _documents(seen)
    return PublicCompetition(
        procurement=key,
        reference=seen.row.reference,
        title=said(call.content, "title") or seen.row.title,
        organisation=buyer_of(seen),
        at=call.at,
        description=said(call.content, "description"),
        procedure=said(call.content, "procedure_code"),
        address=said(call.content, "documents_url"),
        until=call.until,
        open=_is_open(seen, call),
        requirements=tuple(said(row, "text") for row in entries(documents, "minimum_requirements")),
        qualification=tuple(said(row, "text") for row in entries(documents, "qualification")),
        selection=_criteria(documents, "selection"),
        criteria=_criteria(documents, "award_criteria") or _criteria(call.content, "criteria"),
    )


def _is_open(seen: Seen, call: Call) -> bool:
    return seen.row.goes_on and (call.until is None or seen.view.now <= call.until)


def _documents(seen: Seen) -> Mapping[str, Any]:
    """What was frozen when the notice went out; nothing that is still being written."""
    if not seen.row.frozen_documents:
        return {}
    return records.get_submission(seen.view.connection, seen.row.frozen_documents).content


def _criteria(content: Mapping[str, Any], field: str) -> tuple[PublishedCriterion, ...]:
    return tuple(
        PublishedCriterion(said(row, "criterion"), row.get("weight"))
        for row in entries(content, field)
        if said(row, "criterion")
    )
