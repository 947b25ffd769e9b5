"""Which procedure? Plain questions, every lawful answer with its reasons, and a start from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.errors import EngineError, InvalidSubmissionError
from engine.forms.encoding import act, decode, encode, posted
from engine.forms.values import Context
from engine.procurement.procedures import REGIMES
from engine.procurement.text import kroner
from engine.queries.choice import Chosen
from service.errors import Explanation, explain
from service.i18n import DEFAULT, Translator
from service.pages.browser_rules import browser_rules
from service.pages.fields import FormReader, Input
from service.pages.posting import Posted, Sent
from service.pages.visit import Here
from service.questions import choose_from, question_form

router = APIRouter(include_in_schema=False)

NOBODY: Final = Context()
CARRIED: Final = "choice."
"""Prefix of the fields in which a choice travels to the start of a procurement."""

_EXPRESSIONS: Final[Mapping[str, str]] = {
    "Regelverk etter verdi": "regime",
    "value < threshold_law": "below-law",
    "value < threshold_national": "below-national",
    "value < threshold_eea": "below-eea",
    "is_services": "services",
    "pcp_exempt": "exempt",
    "rd_only = true": "research",
    "buyer_keeps_all = true and buyer_pays_all = true": "all-for-buyer",
}


FINISHING: Final = ("", "complete")
"""The button, and the key that sends a form where there is no button."""


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """`rules` are what the browser checks the answers by before they are sent."""

    inputs: tuple[Input, ...]
    faults: tuple[Mapping[str, Any], ...]
    problem: Explanation | None
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that fired, and what it rests on, said in `language`."""

    id: str
    annotation: str
    language: str


@dataclass(frozen=True, slots=True)
class Step:
    """One decision table as a lay person reads it."""

    title: str
    inputs: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`carried` are the answers as fields, for going back and for starting from here."""

    chosen: Chosen
    steps: tuple[Step, ...]
    carried: tuple[tuple[str, str], ...]


@router.get("/choose")
def ask(here: Here) -> HTMLResponse:
    return here.show("choice/questions.html", _questions(here.text, {}))


@router.post("/choose")
def answer(here: Here, sent: Sent) -> HTMLResponse:
    """The lawful procedures; or the questions again, with what must be mended."""
    data = decode(question_form(), posted(sent.pairs), drop_empty_rows=sent.action in FINISHING)
    try:
        if sent.action == "edit":
            return here.show("choice/questions.html", _questions(here.text, data))
        if sent.action not in FINISHING:
            changed = act(question_form(), data, sent.action)
            return here.show("choice/questions.html", _questions(here.text, changed))
        chosen = choose_from(here.view, data)
    except EngineError as error:
        page = _questions(here.text, data, error)
        status = page.problem.status if page.problem else 422
        return here.show("choice/questions.html", page, status=status)
    return here.show("choice/result.html", _result(here.text, chosen, data))


def _questions(
    text: Translator, data: Mapping[str, Any], error: EngineError | None = None
) -> QuestionsPage:
    faults: tuple[Mapping[str, Any], ...] = ()
    if isinstance(error, InvalidSubmissionError):
        faults = tuple(error.details["faults"])
    reader = FormReader(question_form(), NOBODY, (), text)
    problem = explain(error, text) if error is not None and not faults else None
    rules = browser_rules(question_form(), (), NOBODY, text.language)
    return QuestionsPage(reader.inputs(data, faults), faults, problem, rules)


def _result(text: Translator, chosen: Chosen, data: Mapping[str, Any]) -> ResultPage:
    return ResultPage(
        chosen=chosen,
        steps=tuple(_step(step, text) for step in chosen.choice.trace if "rules" in step),
        carried=tuple(pairs_of(data)),
    )


def pairs_of(data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The answers as the fields of the form that gave them."""
    for name, values in encode(question_form(), data).items():
        yield from ((name, value) for value in values)


def _step(step: Mapping[str, Any], text: Translator) -> Step:
    output = step["output"]
    return Step(
        title=text.or_key("choose.table", str(step["id"])),
        inputs=tuple(
            (_label(each, text), _value(str(each["expression"]), each["value"], text))
            for each in step["inputs"]
        ),
        rules=tuple(_rule(rule, text) for rule in step["rules"]),
        answer="" if isinstance(output, list) else _value("", output, text),
    )


def _rule(rule: Mapping[str, Any], text: Translator) -> Rule:
    """What the rule rests on: in the reader's language where the platform ships the table."""
    key = f"choose.rule.{rule['id']}"
    if text.has(key):
        return Rule(str(rule["id"]), text(key), text.language)
    return Rule(str(rule["id"]), str(rule["annotation"]), DEFAULT)


def _label(given: Mapping[str, Any], text: Translator) -> str:
    """The question it comes from, else what the platform calls it, else what the table says."""
    expression = str(given["expression"])
    field = _field(expression)
    if field is not None:
        return str(field.title(text.language))
    known = _EXPRESSIONS.get(expression, "code" if "rd_cpv" in expression else "")
    return text(f"choose.input.{known}") if known else str(given["label"])


def _field(name: str) -> Any:
    groups = (group.name for group in question_form().fields)
    found = (question_form().find((group, name)) for group in groups)
    return next((field for field in found if field is not None), None)


def _value(expression: str, value: Any, text: Translator) -> str:
    if isinstance(value, bool):
        return text("yes") if value else text("no")
    if isinstance(value, int):
        return kroner(value, text.language)
    if value is None:
        return "–"
    if value in REGIMES:
        return text.pick(REGIMES[value])
    field = _field(expression)
    options = field.options if field is not None else ()
    titles = (each.title(text.language) for each in options if each.value == value)
    return next(titles, str(value))


def carried_from(sent: Posted) -> tuple[tuple[str, str], ...]:
    """The fields of a choice that travel with a start, without their prefix."""
    return tuple(
        (name.removeprefix(CARRIED), value)
        for name, value in sent.pairs
        if name.startswith(CARRIED)
    )
