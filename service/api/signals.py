"""Codes of innovation that texts tell of: proposed, judged by people, never set."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from engine.commands.signals import JudgeSignal
from engine.queries.signals import signals_page
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, IdInPath, Key, ProcurementDone, Prose, Reason, Told
from service.dependencies import Bus, Person, Reader

router = make_router("signals")


class SignalTold(Told):
    """A passage: `word` is the sign, with what stands before and after it."""

    form: str
    submission: str
    field: str
    before: str
    word: str
    after: str
    why: str


class VerdictTold(Told):
    accepted: bool
    reason: str
    by: str
    at: datetime


class CodeTold(Told):
    """A code of BT-776. `chosen` when a form has it, `proposed` when texts tell of it; `verdict` is
    what a person said last."""

    code: str
    chosen: bool
    proposed: bool
    signals: list[SignalTold]
    verdict: VerdictTold | None


class SignalsTold(Told):
    codes: list[CodeTold]
    looked_at: list[str]
    may_judge: bool


class Judgement(Asked):
    code: Key
    accepted: bool
    passages: Annotated[tuple[Prose, ...], Field(max_length=6)] = ()
    reason: Reason = ""


class JudgementDone(ProcurementDone):
    verdict: str


@router.get("/procurements/{procurement}/signals")
def show_signals(procurement: IdInPath, view: Reader) -> SignalsTold:
    """Which codes of innovation the texts tell of, with passage and reason."""
    return SignalsTold.model_validate(signals_page(view, procurement))


@router.post("/procurements/{procurement}/signals", status_code=201, responses=ACT_PROBLEMS)
def judge_signal(
    procurement: IdInPath, asked: Judgement, bus: Bus, person: Person, request: RequestId
) -> JudgementDone:
    """Say whether a code fits; a rejection has a reason. No form and no notice is changed."""
    command = JudgeSignal(procurement, **dict(asked))
    return JudgementDone.model_validate(bus.handle(command, person.actor, request=request))
