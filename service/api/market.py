"""The open market dialogue: public pages for anybody, and what the team does with what came in."""

from datetime import datetime
from typing import Annotated, Final
from uuid import uuid4

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from engine.commands.market import AnswerInput, DrawLots, GiveInput, SignUp, WithdrawSignUp
from engine.queries.market import market_page, own_market, public_market, public_markets
from service.api.routing import ACT_PROBLEMS, OpenRoute, PortalRoute, RequestId, make_router
from service.api.shapes import (
    Asked,
    IdInPath,
    Key,
    KeyInPath,
    KeyOrNone,
    Line,
    ProcurementDone,
    Prose,
    Reasoned,
    Told,
)
from service.dependencies import (
    Bus,
    Everything,
    Guest,
    GuestReader,
    Limits,
    Person,
    PublicReader,
    Reader,
    limit_tries,
    place_of,
)
from service.security import guests
from service.security.invitations import digest_of, secret_of

public = make_router("market", route=OpenRoute)
portal = make_router("market", route=PortalRoute)
router = make_router("market")

TEAM: Final = "/procurements/{procurement}/market"


class DraftTold(Told):
    """`passages` are pairs of heading and text."""

    version: str
    what: str
    address: str
    deadline: datetime | None
    passages: list[tuple[str, str]]
    at: datetime
    answered_at: datetime | None


class ChangedTold(Told):
    """Something the market said and what came of it, without who said it."""

    kind: str
    about: str
    outcome: str
    answer: str
    where: str


class RewrittenTold(Told):
    heading: str
    before: str
    after: str
    version: str


class ReportTold(Told):
    """What changed because of the market, worked out from answers and drafts."""

    answers: list[ChangedTold]
    adopted: int
    rejected: int
    rewritten: list[RewrittenTold]


class PublicMarketTold(Told):
    """What anybody may read; `said` are questions and answers of the conference."""

    procurement: str
    reference: str
    title: str
    organisation: str
    at: datetime
    need: str
    address: str
    purpose: str
    questions: list[str]
    channels: list[str]
    sign_up_by: datetime | None
    conference_at: datetime | None
    conference_place: str
    input_by: datetime | None
    open: bool
    cancelled: bool
    draft: DraftTold | None
    hearing: bool
    said: list[tuple[str, str]]
    report: ReportTold


class PublicMarkets(Told):
    items: list[PublicMarketTold]


class NewSignUp(Asked):
    """The buyer sees business, name and address; nobody else who signs up sees them. `people` come
    to the conference; `meeting` asks for one of your own, by lot where times are too few. `size`,
    `startup` and `newcomer` are as in `PUT /portal/business`."""

    organisation: Line
    number: Annotated[str, Field(max_length=40)] = ""
    contact: Line
    email: Line
    people: Annotated[int, Field(ge=0, le=20)] = 0
    meeting: bool = False
    needs: Annotated[str, Field(max_length=2000)] = ""
    size: KeyOrNone = ""
    startup: KeyOrNone = ""
    newcomer: KeyOrNone = ""


class SignUpTold(Told):
    """`id` is the ticket it is drawn by."""

    id: str
    organisation: str
    number: str
    contact: str
    email: str
    people: int
    meeting: bool
    needs: str
    at: datetime
    withdrawn_at: datetime | None


class OwnInputTold(Told):
    id: str
    kind: str
    about: str
    text: str
    at: datetime
    outcome: str
    answer: str
    where: str


class OwnMeetingTold(Told):
    starts_at: datetime
    ends_at: datetime


class OwnMarketTold(Told):
    """`number` is your ticket's, `last` the highest that got a meeting; `seed`, `head` and `words`
    are what it takes to work them out again."""

    public: PublicMarketTold
    signed_up: SignUpTold | None
    inputs: list[OwnInputTold]
    meetings: list[OwnMeetingTold]
    number: str
    last: str
    seed: str
    head: str
    words: str


class NewInput(Asked):
    """`kind` is written or hearing; `about` the question or passage from 1, 0 for the whole. The
    buyer alone sees it; the answer goes to all without the sender."""

    kind: Key
    about: Annotated[int, Field(ge=0, le=200)] = 0
    text: Prose


class InputDone(ProcurementDone):
    input: str


class SignedUpTold(Told):
    """`place` in the draw, 0 before; `measure` is what levels the lead of one that gave advice."""

    record: SignUpTold
    place: int
    starts_at: datetime | None
    inputs: int
    met: bool
    advised: bool
    measure: str
    reason: str


class TeamInputTold(Told):
    id: str
    kind: str
    about: str
    organisation: str
    text: str
    at: datetime
    outcome: str
    answer: str
    where: str


class DrawTold(Told):
    """How lots fell: `order` are pairs of ticket and number, `slots` of ticket and start."""

    head: str
    words: str
    seed: str
    witness: str
    order: list[tuple[str, str]]
    slots: list[tuple[str, str]]
    at: datetime


class Market(Told):
    public: PublicMarketTold
    signups: list[SignedUpTold]
    people: int
    inputs: list[TeamInputTold]
    waiting: int
    draw: DrawTold | None
    report: ReportTold


class Draw(Asked):
    """`words` are said aloud by those present, and known to nobody before."""

    words: Annotated[str, Field(min_length=1, max_length=300)]
    witness: Annotated[str, Field(min_length=1, max_length=300)]


class Drawn(ProcurementDone):
    drawn: int
    wished: int


class InputAnswer(Asked):
    """`outcome` is adopt or reject; an adopted one says where in the documents it is found."""

    outcome: Key
    answer: Prose
    where: Annotated[str, Field(max_length=400)] = ""


@public.get("/market")
def list_markets(view: PublicReader) -> PublicMarkets:
    """Every market dialogue that goes on, for anybody."""
    found = public_markets(view)
    return PublicMarkets(items=[PublicMarketTold.model_validate(each) for each in found])


@public.get("/market/{procurement}")
def show_market(procurement: IdInPath, view: PublicReader) -> PublicMarketTold:
    """One of them, for anybody."""
    return PublicMarketTold.model_validate(public_market(view, procurement))


@public.post("/market/{procurement}/sign-up", status_code=204, responses=ACT_PROBLEMS)
def sign_up(
    procurement: IdInPath,
    asked: NewSignUp,
    http: Request,
    parts: Everything,
    limits: Limits,
    request: RequestId,
) -> Response:
    """Sign up and come in: sets the portal's cookie; a mail brings the link back."""
    limit_tries(http, parts, limits)
    invitation = uuid4().hex
    digest = digest_of(secret_of(parts.settings, invitation))
    command = SignUp(procurement, **dict(asked), invitation=invitation, digest=digest)
    answer = Response(status_code=204)
    guests.set_stay(answer, parts, guests.sign_up(parts, command, request))
    return answer


@portal.get("/portal/market")
def show_own_market(view: GuestReader) -> OwnMarketTold:
    """The dialogue as your business sees it."""
    return OwnMarketTold.model_validate(own_market(view))


@portal.post("/portal/market/inputs", status_code=201, responses=ACT_PROBLEMS)
def give_input(
    asked: NewInput,
    bus: Bus,
    guest: Guest,
    parts: Everything,
    limits: Limits,
    request: RequestId,
) -> InputDone:
    """Written input, or a comment on a passage of the draft."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())
    command = GiveInput(place_of(guest).procurement, **dict(asked))
    return InputDone.model_validate(bus.handle(command, guest.actor, request=request))


@portal.post("/portal/market/withdraw", responses=ACT_PROBLEMS)
def withdraw_own(bus: Bus, guest: Guest, request: RequestId) -> ProcurementDone:
    """Take your sign-up back; what you have said stays."""
    command = WithdrawSignUp(place_of(guest).procurement)
    return ProcurementDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.get(TEAM)
def show_team_market(procurement: IdInPath, view: Reader) -> Market:
    """Who signed up, what they said and took part in, how lots fell, what changed."""
    return Market.model_validate(market_page(view, procurement))


@router.post(TEAM + "/draw", status_code=201, responses=ACT_PROBLEMS)
def draw_lots(
    procurement: IdInPath, asked: Draw, bus: Bus, person: Person, request: RequestId
) -> Drawn:
    """Draw lots for the meetings, once, after signing up has ended."""
    command = DrawLots(procurement, asked.words, asked.witness)
    return Drawn.model_validate(bus.handle(command, person.actor, request=request))


@router.post(TEAM + "/sign-ups/{scope}/withdraw", responses=ACT_PROBLEMS)
def withdraw_sign_up(
    procurement: IdInPath,
    scope: KeyInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Enter that a business has told you that it withdraws."""
    command = WithdrawSignUp(procurement, scope, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(TEAM + "/inputs/{item}/answer", responses=ACT_PROBLEMS)
def answer_input(
    procurement: IdInPath,
    item: IdInPath,
    asked: InputAnswer,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Adopt or reject, with the answer that goes to all."""
    command = AnswerInput(procurement, item, **dict(asked))
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))
