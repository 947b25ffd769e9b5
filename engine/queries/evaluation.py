"""The evaluation, computed again from the record: points, ranks, what is odd, how firm it is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import InvalidInputError, NotFoundError
from engine.procurement.frozen import DOCUMENTS
from engine.procurement.impartiality import ASSESSMENT, excluded_by
from engine.procurement.letters import Award, Judged, award_letter
from engine.procurement.ranking import Basis, Score, basis, exact, latest_points
from engine.procurement.reading import entries, names, said, supplier_of
from engine.procurement.scoring import (
    FORMULAS,
    IN_MONEY,
    Caution,
    Criterion,
    QualityScale,
    Ranked,
    Tender,
    by_amounts,
    evaluate,
    in_money,
    sensitivity,
    shown,
)
from engine.queries.submissions import unblinded
from engine.queries.view import Seen, View, see_procurement
from engine.store import people, records
from engine.store.firms import Firm, firms_of

CONSENSUS: Final = "consensus"
INDIVIDUAL: Final = "individual-score"
CHECK: Final = "tender-check"
AWARD: Final = "award"
AWARD_LETTER: Final = "award-letter"


@dataclass(frozen=True, slots=True)
class CriterionView:
    """`weight` in per cent as text; `computed` where the published model counts, `in_money` where
    it compares prices. `worth` is what the most points are worth in øre, "" where quality is not
    priced by amounts; `relative` where the best gets the most points."""

    name: str
    weight: str
    model: str
    computed: bool
    in_money: bool
    worth: str
    relative: bool


@dataclass(frozen=True, slots=True)
class TenderView:
    """`label` is the firm's name with its number; `points` by criterion, øre for a price that is
    compared; `total` and `rank` once all tenders have all."""

    supplier: str
    name: str
    label: str
    points: Mapping[str, str]
    total: str
    rank: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where evaluators were apart: the lowest and highest of their own points, and the agreed."""

    supplier: str
    criterion: str
    lowest: str
    highest: str
    agreed: str


@dataclass(frozen=True, slots=True)
class VoidedScores:
    """Points of somebody who was found not to be impartial at `at`, `because` of the facts that
    were assessed: they stay on record and do not count. `agreed_since` says whether the agreed
    points were given without them."""

    evaluator: str
    name: str
    points: int
    at: datetime
    because: str
    agreed_since: bool


@dataclass(frozen=True, slots=True)
class ShiftView:
    """`weight` in per cent as text, or what the most points are worth in øre."""

    criterion: str
    weight: str
    order: tuple[str, ...]
    winners: tuple[str, ...]
    turns: bool


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """`problem` says why there is no ranking; `formulas` names how it was computed. Suppliers are
    called by their names. `in_money`: totals are compared prices in øre, the lowest best;
    `by_amounts`: quality is priced by published amounts."""

    procurement: str
    reference: str
    title: str
    criteria: tuple[CriterionView, ...]
    tenders: tuple[TenderView, ...]
    cautions: tuple[Caution, ...]
    shifts: tuple[ShiftView, ...]
    disagreements: tuple[Disagreement, ...]
    voided: tuple[VoidedScores, ...]
    problem: str
    in_money: bool = False
    by_amounts: bool = False
    formulas: str = FORMULAS


def evaluation_page(view: View, key: str) -> EvaluationPage:
    """Raises NotFoundError for those who may not see every tender, and before scores are agreed:
    until then nobody sees what the others think."""
    seen = see_procurement(view, key)
    agreed = _scores(seen, CONSENSUS)
    known = firms_of(view.connection, key)
    keys = sorted({each.supplier for each in agreed})
    firms = {each: known.get(each, Firm(each, "")) for each in keys}
    called = {each: firm.name for each, firm in firms.items()}
    if not agreed or not all(seen.sees(each) for each in called):
        raise NotFoundError("evaluation", key)
    page = EvaluationPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        criteria=(),
        tenders=tuple(
            TenderView(each, firm.name, firm.label, {}, "", 0) for each, firm in firms.items()
        ),
        cautions=(),
        shifts=(),
        disagreements=(),
        voided=voided_scores(seen.view.connection, key),
        problem="",
    )
    rows = _rows(seen, DOCUMENTS, "award_criteria")
    try:
        on = basis(rows, _rows(seen, CHECK, "tenders"), agreed, called)
    except InvalidInputError as error:
        return replace(page, problem=str(error))
    return _ranked(_shown(seen, page, on, rows, latest_points(agreed)), on, called)


def _shown(
    seen: Seen,
    page: EvaluationPage,
    on: Basis,
    rows: Sequence[Mapping[str, Any]],
    agreed: Mapping[tuple[str, str], Any],
) -> EvaluationPage:
    """The page with what the ranking is to rest on."""
    names = {each.supplier: each.name for each in page.tenders}
    return replace(
        page,
        criteria=tuple(
            CriterionView(
                each.id,
                shown(each.weight, 0),
                said(row, "price_model"),
                each.model is not None,
                in_money=each.model in IN_MONEY,
                worth="" if each.worth is None else shown(each.worth, 0),
                relative=each.scale is QualityScale.RELATIVE,
            )
            for each, row in zip(on.criteria, rows, strict=True)
        ),
        tenders=tuple(
            replace(view, points=_given(on.criteria, tender))
            for view, tender in zip(page.tenders, on.tenders, strict=True)
        ),
        disagreements=tuple(_disagreements(seen, agreed, names)),
        in_money=in_money(on.criteria) is not None,
        by_amounts=by_amounts(on.criteria),
    )


def _given(criteria: Sequence[Criterion], tender: Tender) -> dict[str, str]:
    """The agreed points, as long as there is no ranking."""
    return {
        each.id: shown(tender.given[each.id])
        for each in criteria
        if each.model is None and each.id in tender.given
    }


def voided_scores(connection: sa.Connection, procurement: str) -> tuple[VoidedScores, ...]:
    """What evaluators had scored who were found not to be impartial, in the order of the finding.
    It is for those who may see the evaluation."""
    found = {
        person: each
        for each in records.submissions_of(connection, procurement, ASSESSMENT)
        if (person := excluded_by(each.content))
    }
    own: dict[str, int] = {}
    for each in records.submissions_of(connection, procurement, INDIVIDUAL):
        own[each.by] = own.get(each.by, 0) + len(entries(each.content, "scores"))
    agreed = records.submissions_of(connection, procurement, CONSENSUS)
    called = people.persons(connection, sorted(found))
    return tuple(
        VoidedScores(
            person,
            called[person].name if person in called else person,
            own[person],
            each.at,
            said(each.content, "facts"),
            agreed_since=bool(agreed) and agreed[-1].at > each.at,
        )
        for person, each in found.items()
        if person in own
    )


def drafted_letter(seen: Seen) -> dict[str, Any] | None:
    """What the award letter begins with; None for those who may not see every tender, and before
    there is a ranking."""
    try:
        page = evaluation_page(seen.view, seen.row.id)
    except NotFoundError:
        return None
    if page.problem:
        return None
    reasons: dict[str, dict[str, str]] = {}
    for row in _rows(seen, CONSENSUS, "scores"):
        reasons.setdefault(supplier_of(row), {})[said(row, "criterion")] = said(row, "reason")
    best = [each.supplier for each in page.tenders if each.rank == 1]
    awards = records.submissions_of(seen.view.connection, seen.row.id, AWARD)
    chosen = names(awards[-1].content, "winners") if awards else best
    award = Award(
        {each.name: each.weight for each in page.criteria},
        [
            Judged(
                supplier=each.supplier,
                name=each.name,
                label=each.label,
                total=each.total,
                points=each.points,
                reasons=reasons.get(each.supplier, {}),
            )
            for each in page.tenders
        ],
        chosen,
        priced=next((each.name for each in page.criteria if each.in_money), ""),
    )
    return award_letter(award, people.letter_language(seen.view.connection, seen.row.organisation))


def _ranked(page: EvaluationPage, on: Basis, names: Mapping[str, str]) -> EvaluationPage:
    """The page with its ranking, or with why there is none."""
    try:
        result = evaluate(on.criteria, on.tenders)
    except InvalidInputError as error:
        return replace(page, problem=str(error))
    by_key = {each.id: each for each in result.ranked}
    views = [_placed(each, by_key[each.supplier], page) for each in page.tenders]
    return replace(
        page,
        tenders=tuple(sorted(views, key=lambda each: (each.rank, each.name))),
        cautions=tuple(_named(each, names) for each in result.cautions),
        shifts=tuple(
            ShiftView(
                each.criterion,
                shown(each.weight, 0 if page.by_amounts else 1),
                tuple(names[key] for key in each.order),
                tuple(names[key] for key in each.winners),
                each.turns,
            )
            for each in sensitivity(on.criteria, on.tenders)
        ),
    )


def _placed(view: TenderView, ranked: Ranked, page: EvaluationPage) -> TenderView:
    money = {each.name for each in page.criteria if each.in_money}
    return replace(
        view,
        points={
            name: shown(value, 0 if name in money else 2) for name, value in ranked.points.items()
        },
        total=shown(ranked.total, 0 if page.in_money else 2),
        rank=ranked.rank,
    )


def _named(caution: Caution, names: Mapping[str, str]) -> Caution:
    tenders = tuple(names[key] for key in caution.tenders)
    return replace(caution, tenders=tenders, without=names.get(caution.without, ""))


def _disagreements(
    seen: Seen, agreed: Mapping[tuple[str, str], Any], names: Mapping[str, str]
) -> Iterator[Disagreement]:
    """Where the evaluators' own points differ, the furthest apart first."""
    own: dict[tuple[str, str], list[Fraction]] = {}
    out = {each.evaluator for each in voided_scores(seen.view.connection, seen.row.id)}
    for each in _scores(seen, INDIVIDUAL, without=out):
        own.setdefault((each.supplier, str(each.criterion)), []).append(
            exact(each.points, "a score")
        )
    apart = {key: max(found) - min(found) for key, found in own.items()}
    for key in sorted(apart, key=lambda each: (-apart[each], each)):
        supplier, criterion = key
        if apart[key] and supplier in names:
            value = agreed.get(key)
            yield Disagreement(
                names[supplier],
                criterion,
                shown(min(own[key])),
                shown(max(own[key])),
                "" if value is None else shown(exact(value, criterion)),
            )


def _scores(seen: Seen, form: str, without: Collection[str] = ()) -> list[Score]:
    """The points of every submission of the form but those of the persons `without`."""
    return [
        Score(
            supplier_of(row) or each.scope,
            row.get("criterion"),
            row.get("agreed_score", row.get("score")),
        )
        for each in unblinded(seen, records.submissions_of(seen.view.connection, seen.row.id, form))
        if each.by not in without
        for row in entries(each.content, "scores")
    ]


def _rows(seen: Seen, form: str, field: str) -> tuple[Mapping[str, Any], ...]:
    found = records.submissions_of(seen.view.connection, seen.row.id, form)
    return entries(found[-1].content, field) if found else ()
