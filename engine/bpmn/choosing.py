"""Asks a version's decision tables which procedures are lawful."""

from datetime import date, datetime
from typing import Any, Final

from engine.bpmn.compile import CompiledDefinition
from engine.errors import RejectedError
from engine.feel import Scope, to_data
from engine.procurement.choice import (
    ALLOWED,
    DECISIONS,
    EXEMPT,
    RANKING,
    REGIME,
    Answers,
    ProcedureChoice,
    Results,
    choice_of,
    exemption_inputs,
    table_inputs,
    valuation_of,
)

TABLE_FILE: Final = "processes/procedure-choice/procedure-choice.dmn"


def can_choose(version: CompiledDefinition) -> bool:
    """Whether the version holds the tables for the choice of procedure."""
    return all(decision in version.models for decision in DECISIONS)


def choose_procedure(
    version: CompiledDefinition, answers: Answers, at: date, now: datetime
) -> ProcedureChoice:
    """The lawful procedures for these answers by the rules of `at`, ranked, with the trace.

    Raises `RejectedError` where the version lacks the tables, `DecisionError` where they conflict,
    and the errors of `value_of`.
    """
    if not can_choose(version):
        raise RejectedError(
            f"{version.definition.name} has no decision tables for the choice of procedure. "
            "Deploy a process that calls procedure-choice.",
            process=version.definition.key,
            about="no-choice-process",
        )
    scope = Scope(now=now)
    valuation = valuation_of(answers, at)
    exempt = version.decide(EXEMPT, exemption_inputs(answers), scope)
    inputs = table_inputs(answers, valuation, exempt=exempt.value is True)
    regime = version.decide(REGIME, inputs, scope)
    allowed = version.decide(ALLOWED, inputs, scope)
    ranking = version.decide(RANKING, inputs, scope)
    results = Results(
        regime=str(regime.value),
        exempt=exempt.value is True,
        allowed=_rows(allowed.value),
        ranking=_rows(ranking.value),
        trace=(*exempt.trace, *allowed.trace, *ranking.trace),
    )
    return choice_of(answers, valuation, results)


def _rows(value: Any) -> list[dict[str, str]]:
    """The rows of a collecting table, as data."""
    return [dict(row) for row in to_data(value)]
