"""What the texts of a procurement tell of innovation, and what people say of it."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.signals import JudgeSignal
from engine.errors import EngineError
from engine.queries.signals import SignalsPage, signals_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Sent
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`code` is what was judged in an act that was refused for `problem`."""

    found: SignalsPage
    code: str
    reason: str
    problem: Explanation | None


@router.get("/procurements/{key}/signals")
def show_signals(key: str, here: Here) -> HTMLResponse:
    return here.show("signals/list.html", Shown(signals_page(here.view, key), "", "", None))


@router.post("/procurements/{key}/signals")
def judge(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Say whether a code fits. Nothing is set by it."""
    code, reason = sent["code"], sent["_reason"].strip()
    command = JudgeSignal(key, code, sent["fits"] == "true", sent.every("passage"), reason)
    try:
        bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(signals_page(here.view, key), code, reason, problem)
        return here.show("signals/list.html", page, status=problem.status)
    return go(f"/procurements/{key}/signals", done="judged")
