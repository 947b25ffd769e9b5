"""Suppliers as businesses: what is known of each, and what is not."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.model.business import ANSWERS, SIZES, BusinessRecord
from engine.queries.view import View, names_of, see_procurement
from engine.store import businesses, market, records
from engine.store.firms import supplier_labels


@dataclass(frozen=True, slots=True)
class BusinessView:
    """`known` is None where nobody has said anything; `by` is the member who wrote it down, "" for
    the business itself."""

    scope: str
    name: str
    known: BusinessRecord | None
    by: str


@dataclass(frozen=True, slots=True)
class BusinessesPage:
    procurement: str
    reference: str
    title: str
    businesses: tuple[BusinessView, ...]
    may_describe: bool
    sizes: tuple[str, ...] = SIZES
    answers: tuple[str, ...] = ANSWERS


def businesses_page(view: View, key: str) -> BusinessesPage:
    """Those in the market dialogue and in the competition that the reader may know of, by name
    and number; raises NotFoundError."""
    seen = see_procurement(view, key)
    keys = {each.scope for each in market.signups_of(view.connection, key)}
    keys |= {each.key for each in records.suppliers(view.connection, key)}
    names = supplier_labels(view.connection, key)
    known = {each.scope: each for each in businesses.businesses_of(view.connection, key)}
    people = names_of(view, {each.by for each in known.values() if each.source})
    found = [
        BusinessView(scope, names.get(scope, scope), of, people.get(of.by, "") if of else "")
        for scope in keys
        if seen.sees(scope)
        for of in (known.get(scope),)
    ]
    return BusinessesPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        businesses=tuple(sorted(found, key=lambda each: (each.name, each.scope))),
        may_describe=seen.may(Action.ARRANGE, seen.target("any")),
    )
