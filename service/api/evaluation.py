"""The evaluation as it is computed from the record."""

from datetime import datetime

from engine.queries.evaluation import evaluation_page
from service.api.routing import make_router
from service.api.shapes import IdInPath, Told
from service.dependencies import Reader

router = make_router("evaluation")


class CriterionTold(Told):
    """`weight` in per cent; `computed` where the published `model` counts, `in_money` where it
    compares prices. `worth` is what the most points are worth in øre, `relative` says that the
    best gets the most points."""

    name: str
    weight: str
    model: str
    computed: bool
    in_money: bool
    worth: str
    relative: bool


class TenderTold(Told):
    """`label` is the firm's name with its number; `points` by criterion, øre for a compared price;
    `rank` 0 until there is a ranking."""

    supplier: str
    name: str
    label: str
    points: dict[str, str]
    total: str
    rank: int


class CautionTold(Told):
    """`code` is negative-points, tie or ranking-paradox."""

    code: str
    tenders: list[str]
    criterion: str
    without: str


class ShiftTold(Told):
    """What the ranking would be if one criterion had another weight (per cent), or its most points
    another worth (øre)."""

    criterion: str
    weight: str
    order: list[str]
    winners: list[str]
    turns: bool


class DisagreementTold(Told):
    supplier: str
    criterion: str
    lowest: str
    highest: str
    agreed: str


class VoidedScoresTold(Told):
    """Points of somebody who was found not to be impartial `because` of what was assessed: on
    record, and not counted. `agreed_since`: the agreed points were given without them."""

    evaluator: str
    name: str
    points: int
    at: datetime
    because: str
    agreed_since: bool


class Evaluation(Told):
    """`problem` says why there is no ranking yet; `formulas` names how it was computed. Totals are
    compared prices in øre where `in_money`; `by_amounts` says that quality is priced by amounts."""

    criteria: list[CriterionTold]
    tenders: list[TenderTold]
    cautions: list[CautionTold]
    shifts: list[ShiftTold]
    disagreements: list[DisagreementTold]
    voided: list[VoidedScoresTold]
    problem: str
    in_money: bool
    by_amounts: bool
    formulas: str


@router.get("/procurements/{procurement}/evaluation")
def show_evaluation(procurement: IdInPath, view: Reader) -> Evaluation:
    """Points, ranks, what is odd, and how firm it is; for those who may see every tender, once
    scores are agreed."""
    return Evaluation.model_validate(evaluation_page(view, procurement))
