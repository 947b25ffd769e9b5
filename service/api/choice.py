"""Which procedure is lawful: the questions, and the ranked answer with its reasons."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.forms.definition import Field as FormField
from engine.procurement.choice import Option
from engine.procurement.text import LANGUAGES, Text
from engine.procurement.valuation import Crossing
from engine.queries.choice import Chosen
from service.api.routing import ACT_PROBLEMS, make_router
from service.api.shapes import Asked, Content, InEachLanguage, Told
from service.dependencies import Person, Reader
from service.questions import choose_from, question_form

router = make_router("choice")


class Question(Told):
    """A field. `options` are the values it can have; `questions` those of a group, or of a row."""

    name: str
    title: InEachLanguage
    kind: str
    required: bool
    options: list[str]
    questions: "list[Question]"


class Answered(Asked):
    """`answers` group by group, as `GET /choice/questions` names them; money in øre."""

    answers: Content


class Threshold(Told):
    """`level` is law, national or eea; `amount` in øre, without VAT."""

    level: str
    rule: str
    title: InEachLanguage
    amount: int
    reached: bool
    citation: str
    verified: bool


class GroundTold(Told):
    rule: str
    ground: str
    fact: InEachLanguage
    law: str
    verified: date | None


class OptionTold(Told):
    """A lawful procedure. `standing` is main, voluntary or exception; `reason` none, short or
    required; `draft` a reason to edit; `process` carries it through here, where one is deployed."""

    rank: int
    procedure: str
    title: InEachLanguage
    standing: str
    reason: str
    grounds: list[GroundTold]
    hint: InEachLanguage | None
    advice: InEachLanguage
    draft: InEachLanguage
    process: str


class RefusedTold(Told):
    procedure: str
    title: InEachLanguage
    why: InEachLanguage


class ChoiceTold(Told):
    """`at` is the day whose law answered; `value` in øre; `trace` what the decision tables did,
    table by table, in the version `digest`."""

    at: date
    rule_set: str
    digest: str
    value: int
    lots_differ: bool
    thresholds: list[Threshold]
    regime: str
    regime_title: InEachLanguage
    exempt: bool
    options: list[OptionTold]
    refused: list[RefusedTold]
    trace: list[dict[str, Any]]


@router.get("/choice/questions")
def list_questions(_: Person) -> list[Question]:
    """The questions that lead to a procedure, in order."""
    return [_question(each) for each in question_form().fields]


def _question(field: FormField) -> Question:
    inner = field.item.fields if field.item else field.fields
    return Question(
        name=field.name,
        title=_each({language: field.title(language) for language in LANGUAGES}),
        kind=field.kind.value,
        required=field.required,
        options=[str(option.value) for option in field.options],
        questions=[_question(each) for each in inner],
    )


@router.post("/choice", responses=ACT_PROBLEMS)
def choose_procedure(asked: Answered, view: Reader) -> ChoiceTold:
    """Every lawful procedure, ranked, with ground, law, reason and trace; nothing is stored."""
    return _told(choose_from(view, asked.answers))


def _told(chosen: Chosen) -> ChoiceTold:
    choice = chosen.choice
    return ChoiceTold(
        at=choice.at,
        rule_set=choice.rule_set,
        digest=chosen.digest,
        value=choice.valuation.total,
        lots_differ=choice.valuation.lots_differ,
        thresholds=[_threshold(each) for each in choice.valuation.crossings],
        regime=choice.regime,
        regime_title=_each(choice.regime_title),
        exempt=choice.exempt,
        options=[_option(each, chosen.processes) for each in choice.options],
        refused=[RefusedTold.model_validate(each) for each in choice.refused],
        trace=[dict(each) for each in choice.trace],
    )


def _threshold(crossing: Crossing) -> Threshold:
    row = crossing.row
    return Threshold(
        level=crossing.level,
        rule=row.rule_id,
        title=_each(row.title),
        amount=row.amount,
        reached=crossing.reached,
        citation=row.citation,
        verified=row.verified,
    )


def _option(option: Option, processes: Mapping[str, str]) -> OptionTold:
    return OptionTold(
        rank=option.rank,
        procedure=option.procedure,
        title=_each(option.title),
        standing=option.standing,
        reason=option.reason,
        grounds=[GroundTold.model_validate(each) for each in option.grounds],
        hint=_each(option.hint) if option.hint else None,
        advice=_each(option.advice),
        draft=_each(option.draft),
        process=processes.get(option.procedure, ""),
    )


def _each(words: Text) -> InEachLanguage:
    return InEachLanguage(**words)
