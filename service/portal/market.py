"""The market dialogue for those outside: the open page, signing up on it, and one's own part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from engine.commands.market import GiveInput, SignUp, WithdrawSignUp
from engine.errors import EngineError
from engine.model.business import ANSWERS, SIZES
from engine.queries.market import (
    OwnMarket,
    PublicMarket,
    own_market,
    public_market,
    public_markets,
)
from service.dependencies import (
    Bus,
    Everything,
    Limits,
    PublicReader,
    Text,
    limit_tries,
    require_own_request,
)
from service.errors import Explanation, explain
from service.pages.posting import Typed
from service.pages.rendering import go, render
from service.portal.visit import Here, Sent
from service.security import guests
from service.security.invitations import digest_of, secret_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: PublicMarket
    typed: Mapping[str, str]
    problem: Explanation | None
    sizes: tuple[str, ...] = SIZES
    answers: tuple[str, ...] = ANSWERS


@dataclass(frozen=True, slots=True)
class OwnShown:
    found: OwnMarket
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/market")
def show_markets(request: Request, view: PublicReader) -> HTMLResponse:
    return render(request, "portal/markets.html", public_markets(view))


@router.get("/market/{key}")
def show_market(key: str, request: Request, view: PublicReader) -> HTMLResponse:
    return render(request, "portal/market.html", Shown(public_market(view, key), {}, None))


@router.post("/market/{key}", dependencies=[Depends(require_own_request), Depends(limit_tries)])
def sign_up(  # noqa: PLR0913, PLR0917 - the fields of the form
    key: str,
    request: Request,
    view: PublicReader,
    parts: Everything,
    text: Text,
    organisation: Annotated[Typed, Form(max_length=300)] = "",
    number: Annotated[Typed, Form(max_length=40)] = "",
    contact: Annotated[Typed, Form(max_length=300)] = "",
    email: Annotated[Typed, Form(max_length=300)] = "",
    people: Annotated[Typed, Form(max_length=3)] = "0",
    meeting: Annotated[Typed, Form(max_length=5)] = "",
    needs: Annotated[Typed, Form(max_length=2000)] = "",
    size: Annotated[Typed, Form(max_length=10)] = "",
    startup: Annotated[Typed, Form(max_length=5)] = "",
    newcomer: Annotated[Typed, Form(max_length=5)] = "",
) -> Response:
    """Sign up, and come in at once; the link back is on the next page and in a mail."""
    invitation = uuid4().hex
    command = SignUp(
        procurement=key,
        organisation=organisation,
        number=number,
        contact=contact,
        email=email,
        people=int(people) if people.isdecimal() else 0,
        meeting=meeting == "true",
        needs=needs,
        invitation=invitation,
        digest=digest_of(secret_of(parts.settings, invitation)),
        size=size,
        startup=startup,
        newcomer=newcomer,
    )
    try:
        arrived = guests.sign_up(parts, command, request="")
    except EngineError as error:
        problem = explain(error, text)
        typed = {
            "organisation": organisation,
            "number": number,
            "contact": contact,
            "email": email,
            "people": people,
            "meeting": meeting,
            "needs": needs,
            "size": size,
            "startup": startup,
            "newcomer": newcomer,
        }
        page = Shown(public_market(view, key), typed, problem)
        return render(request, "portal/market.html", page, status=problem.status)
    answer = go("/portal/market", done="signed-up")
    guests.set_stay(answer, parts, arrived)
    return answer


@router.get("/portal/market")
def show_own(here: Here) -> HTMLResponse:
    return here.show("portal/own_market.html", OwnShown(own_market(here.view), {}, None))


@router.post("/portal/market/withdraw")
def withdraw(here: Here, bus: Bus, sent: Sent) -> Response:
    """Take the sign-up back."""
    command = WithdrawSignUp(here.place.procurement)
    try:
        bus.handle(command, here.guest.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = OwnShown(own_market(here.view), {}, problem)
        return here.show("portal/own_market.html", page, status=problem.status)
    return go("/portal/market", done="sign-up-withdrawn")


@router.post("/portal/market/inputs")
def give_input(here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits) -> Response:
    """Written input, or a comment on a passage of the draft."""
    about = sent["about"]
    command = GiveInput(
        here.place.procurement,
        sent["kind"],
        int(about) if about.isdecimal() and len(about) < 4 else 0,
        sent["text"],
    )
    try:
        limits.writing.pass_one(here.guest.actor.id, parts.clock.now())
        bus.handle(command, here.guest.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = OwnShown(own_market(here.view), dict(sent.pairs), problem)
        return here.show("portal/own_market.html", page, status=problem.status)
    return go("/portal/market", done="market-input")
