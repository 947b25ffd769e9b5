"""What somebody has written before that is like this: found before a new need is written, with the
models that tell of the same.

The words that say most about a text are those that few others have; long words, which Norwegian
puts together for one thing, are asked for first. What is like it has most of that weight.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any, Final

import sqlalchemy as sa

from engine.model.knowledge import KINDS, MODEL, kind_of_form
from engine.queries.definitions import versions_among
from engine.queries.people import starts_for
from engine.queries.reader import readable, reader_values
from engine.queries.view import View
from engine.search.entries import Found
from engine.search.words import stem, stems, words
from engine.store import search as index
from engine.store.definitions import STARTABLE
from engine.store.knowledge import WITHIN_BORDER
from engine.store.schema import organisation, procurement, search_entry, shared_item, submission

MOST: Final = 5
MOST_MODELS: Final = 3
FEWEST_COMMON: Final = 2
LEAST_SHARE: Final = 0.2
"""Less of the weight of the words than this is chance."""
_ASKED: Final = 24
_LOOKED_AT: Final = 400
_SHORTEST: Final = 4
_COMMON: Final = frozenset(
    stems(
        "alle andre annen ansatte anskaffelse anskaffelsen arbeid behov behovet bedre blir bruk"
        " bruke brukere dagens denne dette disse eller enn etter finne finnes flere fordi første"
        " gir gjennom gjør gjøre hadde have heller hver hvor hvordan ikke ikkje ingen ingenting"
        " innen innenfor kommune kommunen kommer kunne kjøpe leverandør lengre like løsning"
        " løsningen mange mellom mindre mulig måte måten nye når noen også over people rask"
        " samme seg selv sitt skal skulle slik som tid tiden til trenger under uten ved ville"
        " være vårt what when which with would that this from need needs their there have"
    )
)


@dataclass(frozen=True, slots=True)
class Alike:
    """A form like the text, or a model: `submission` is then its version, `reference` the number of
    that, and `process` what the reader can start with it, "" of a form. `common` are the words they
    share, the rarest first; `share` how much of the text's weight they are, from 0 to 1. `item` is
    set where it was shared, `procurement` where the reader may read that."""

    kind: str
    submission: str
    item: str
    procurement: str
    title: str
    organisation: str
    reference: str
    at: datetime
    common: tuple[str, ...]
    share: float
    process: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`submission` is a model's version where `is_model`."""

    submission: str
    item: str
    procurement: str
    is_model: bool
    stems: frozenset[str]


def alike(
    view: View, text: str, kinds: Collection[str] = ("need",), *, without: str = ""
) -> tuple[Alike, ...]:
    """The likest of these kinds, among what the reader may read and what is shared with the
    reader's organisation; nothing of the procurement `without`. Before a need is written, models
    that the reader may start come after them."""
    typed = _telling(text)
    if len(typed) < FEWEST_COMMON or not view.actor.organisation:
        return ()
    found = [
        each
        for each in _candidates(view, typed, kinds)
        if each.is_model or each.procurement != without
    ]
    weights = _weights(typed, found)
    whole = sum(weights.values()) or 1.0
    ranked = sorted(
        ((sum(weights[each] for each in one.stems) / whole, one) for one in found),
        key=lambda pair: (-pair[0], pair[1].submission),
    )
    near = {
        one.submission: (share, one)
        for share, one in reversed(ranked)
        if share >= LEAST_SHARE and len(one.stems) >= FEWEST_COMMON
    }
    chosen = sorted(near.values(), key=lambda pair: -pair[0])
    forms = [pair for pair in chosen if not pair[1].is_model][:MOST]
    models = [pair for pair in chosen if pair[1].is_model][:MOST_MODELS]
    return (
        *_described(view, forms, typed, weights),
        *_models_described(view, models, typed, weights),
    )


def _telling(text: str) -> dict[str, str]:
    """Stem → the word as it was typed, for words that tell one text from another."""
    typed: dict[str, str] = {}
    for word in words(text):
        if len(word) >= _SHORTEST and (found := stem(word)) not in _COMMON:
            typed.setdefault(found, word)
    longest = sorted(typed, key=lambda each: (-len(each), each))[:_ASKED]
    return {each: typed[each] for each in longest}


def _candidates(view: View, typed: dict[str, str], kinds: Collection[str]) -> Sequence[_Candidate]:
    """Forms that have any of the words, the newest first, by the index of the search."""
    index.make_ready(view.connection)
    dialect = view.connection.dialect.name
    match = index.matching(dialect)
    forms = [KINDS[kind].form for kind in kinds]
    mine = readable(procurement.c.id).subquery()
    own = (
        (search_entry.c.kind == Found.DOCUMENT)
        & (search_entry.c.scope == "")
        & submission.c.form.in_(forms)
        & submission.c.procurement.in_(sa.select(mine.c.id))
    )
    shared = (
        (search_entry.c.kind == Found.SHARED) & shared_item.c.kind.in_(list(kinds)) & WITHIN_BORDER
    )
    model = (search_entry.c.kind == Found.MODEL) & search_entry.c.object.in_(STARTABLE)
    source = match.source.outerjoin(submission, submission.c.id == search_entry.c.object).outerjoin(
        shared_item,
        (shared_item.c.id == search_entry.c.object) & (shared_item.c.kind != MODEL),
    )
    query = (
        sa.select(
            sa.func.coalesce(
                shared_item.c.submission, submission.c.id, search_entry.c.object
            ).label("submission"),
            sa.func.coalesce(shared_item.c.id, "").label("item"),
            sa.func.coalesce(shared_item.c.chain, submission.c.procurement, "").label(
                "procurement"
            ),
            (search_entry.c.kind == Found.MODEL).label("is_model"),
            search_entry.c.terms,
        )
        .select_from(source)
        .where(match.where, sa.or_(own, shared, model))
        .order_by(match.newest)
        .limit(_LOOKED_AT)
    )
    values = {
        **reader_values(view),
        "buyer": view.actor.organisation,
        "homes": starts_for(view) if "need" in kinds else [],
        "question": index.spelled_any(dialect, list(typed)),
    }
    return [
        _Candidate(
            row.submission,
            row.item,
            row.procurement,
            bool(row.is_model),
            frozenset(row.terms.split()) & typed.keys(),
        )
        for row in view.connection.execute(query, values)
    ]


def _weights(typed: dict[str, str], found: Sequence[_Candidate]) -> dict[str, float]:
    """The rarer a word is among those looked at, the more it says; one that nobody else has says
    that this is new."""
    number = len(found)
    return {
        each: log(1 + (number + 1) / (1 + sum(each in one.stems for one in found)))
        for each in typed
    }


def _described(
    view: View,
    chosen: Sequence[tuple[float, _Candidate]],
    typed: dict[str, str],
    weights: dict[str, float],
) -> tuple[Alike, ...]:
    rows = _rows(view, [one.submission for _, one in chosen])
    known = _readable(view, {one.procurement for _, one in chosen})
    return tuple(
        Alike(
            kind=kind_of_form(row.form),
            submission=one.submission,
            item=one.item,
            procurement=one.procurement if one.procurement in known else "",
            title=row.title,
            organisation=row.organisation,
            reference=row.reference,
            at=row.at,
            common=_common(one, typed, weights),
            share=share,
        )
        for share, one in chosen
        if (row := rows.get(one.submission)) is not None
    )


def _models_described(
    view: View,
    chosen: Sequence[tuple[float, _Candidate]],
    typed: dict[str, str],
    weights: dict[str, float],
) -> tuple[Alike, ...]:
    rows = {row.digest: row for row in versions_among(view, [one.submission for _, one in chosen])}
    return tuple(
        Alike(
            kind=MODEL,
            submission=row.digest,
            item="",
            procurement="",
            title=row.name,
            organisation=row.organisation,
            reference=str(row.number),
            at=row.deployed_at,
            common=_common(one, typed, weights),
            share=share,
            process=row.key,
        )
        for share, one in chosen
        if (row := rows.get(one.submission)) is not None
    )


def _common(one: _Candidate, typed: dict[str, str], weights: dict[str, float]) -> tuple[str, ...]:
    """The words that both have, the rarest first."""
    return tuple(typed[each] for each in sorted(one.stems, key=lambda each: (-weights[each], each)))


def _rows(view: View, keys: Sequence[str]) -> dict[str, Any]:
    query = (
        sa.select(
            submission.c.id,
            submission.c.form,
            submission.c.at,
            procurement.c.title,
            procurement.c.reference,
            organisation.c.name.label("organisation"),
        )
        .select_from(
            submission.join(procurement, procurement.c.id == submission.c.procurement).join(
                organisation, organisation.c.id == procurement.c.organisation
            )
        )
        .where(submission.c.id.in_(keys))
    )
    return {row.id: row for row in view.connection.execute(query)}


def _readable(view: View, keys: Collection[str]) -> frozenset[str]:
    """Those of these procurements that the reader may read."""
    found = readable(procurement.c.id, where=[procurement.c.id.in_(sorted(keys))]).subquery()
    return frozenset(view.connection.scalars(sa.select(found.c.id), reader_values(view)))
