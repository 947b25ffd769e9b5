"""The market dialogue as the team leads it: who signed up, lots, input, involvement, report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.market import AnswerInput, DrawLots, WithdrawSignUp
from engine.errors import EngineError
from engine.queries.market import MarketPage, market_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: MarketPage
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/procurements/{key}/market")
def show_market(key: str, here: Here) -> HTMLResponse:
    return here.show("contributions/market.html", Shown(market_page(here.view, key), {}, None))


@router.post("/procurements/{key}/market/{act}")
def act_on_market(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Draw lots, answer what the market said, or enter that a business withdraws."""
    try:
        bus.handle(_command(key, act, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(market_page(here.view, key), dict(sent.pairs), problem)
        return here.show("contributions/market.html", page, status=problem.status)
    return go(f"/procurements/{key}/market", done=f"market-{act}")


def _command(key: str, act: str, sent: Posted) -> Any:
    commands: dict[str, Callable[[], Any]] = {
        "withdraw": lambda: WithdrawSignUp(key, sent["scope"], sent["_reason"]),
        "draw": lambda: DrawLots(key, sent["words"], sent["witness"]),
        "answer": lambda: AnswerInput(
            key, sent["input"], sent["outcome"], sent["answer"], sent["where"]
        ),
    }
    if act not in commands:
        raise no_such_act(act)
    return commands[act]()
