"""A choice of procedure made before the procurement: what its forms begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.bpmn.choosing import can_choose, choose_procedure
from engine.commands.act import Act
from engine.errors import RejectedError
from engine.model import events as e
from engine.procurement.choice import ProcedureChoice, form_choice, form_estimate, read_answers

CHOICE_FORM: Final = "procedure-choice"
ESTIMATE_FORM: Final = "estimated-value"


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """`answers` as `read_answers` takes them; `procedure` is the one that is started."""

    answers: Mapping[str, Any]
    procedure: str
    reason: str


def prepare_choice(act: Act, made: ChoiceMade) -> None:
    """Ask the tables of the version that is started, and record what the forms begin with.

    A version without the tables has nothing to prepare. Raises `RejectedError` where the process
    does not carry the procedure through, or the tables do not allow it.
    """
    if not can_choose(act.version):
        return
    choice = choose_procedure(act.version, read_answers(made.answers), act.rules_at, act.now)
    if made.procedure != act.procurement.procedure or choice.option(made.procedure) is None:
        allowed = ", ".join(each.procedure for each in choice.options)
        raise RejectedError(
            f"The answers do not lead to this process: it follows {act.procurement.procedure}, "
            f"chosen was {made.procedure}, and allowed are {allowed}. Choose anew, or start the "
            "process without the choice.",
            procedure=made.procedure,
            process=act.procurement.procedure,
            allowed=[each.procedure for each in choice.options],
            about="choice-differs",
        )
    why = _why(choice)
    for form, content in (
        (ESTIMATE_FORM, form_estimate(choice)),
        (CHOICE_FORM, form_choice(choice, made.procedure, made.reason)),
    ):
        known = act.version.definition.forms.get(form)
        if known is not None:
            fitting = {name: value for name, value in content.items() if name in known.fields}
            act.record(e.FormPrepared(form, fitting, why))


def _why(choice: ProcedureChoice) -> dict[str, Any]:
    """What the choice rests on: the law of which day, which rows, and what the tables did."""
    return {
        "at": choice.at.isoformat(),
        "rule_set": choice.rule_set,
        "value": choice.valuation.total,
        "rows": [f"{row.rule_id} {row.valid_from.isoformat()}" for row in choice.valuation.rows],
        "trace": [dict(step) for step in choice.trace],
    }
