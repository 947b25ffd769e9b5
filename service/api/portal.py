"""What people from outside do, without an account: the same acts as in the portal.

A stay begins with the secret of an invitation, and lives in a cookie of its own. No way leads from
it to what members do, nor back.
"""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response
from pydantic import Field

from engine.commands.ballots import CastBallot
from engine.commands.contributions import GiveContribution
from engine.commands.discussion import MakeRemark
from engine.queries.contributions import picture_of
from engine.queries.places import places_page
from engine.queries.portal import portal_page
from engine.queries.trace import trace_page
from service.api.businesses import KnownTold
from service.api.contributions import (
    Contribution,
    ContributionDone,
    FormKey,
    FormLine,
    FormProse,
    PlannedTold,
    RemarkDone,
    Trace,
)
from service.api.conversation import OneFile, sent_file
from service.api.polls import BallotDone, Chosen, Poll, Receipt
from service.api.routing import (
    ACT_PROBLEMS,
    FILE_PROBLEMS,
    OpenRoute,
    PortalRoute,
    RequestId,
    content,
    make_router,
)
from service.api.shapes import Asked, IdInPath, Key, Prose, Told
from service.dependencies import (
    Bus,
    Everything,
    Guest,
    GuestReader,
    Limits,
    limit_tries,
    place_of,
)
from service.pages.files import inline
from service.pictures import drawn_anew
from service.security import guests

router = make_router("portal", route=PortalRoute)
entrance = make_router("portal", route=OpenRoute)

GIVEN: Final = "/portal/contributions"


class Arrival(Asked):
    """`secret` is the end of the link, or the code from paper without spaces and dashes."""

    secret: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9-]+$")]
    name: Annotated[str, Field(max_length=120)] = ""


class WayBack(Asked):
    """`email` is the address that was given when one was invited."""

    email: Annotated[str, Field(min_length=3, max_length=300)]


class LetterTold(Told):
    kind: str
    subject: str
    body: str
    at: datetime


class VoicesTold(Told):
    """What employees and citizens gave and were asked. `plan` is how your own group takes part."""

    plan: list[PlannedTold]
    given: list[Contribution]
    mine: list[Contribution]
    polls: list[Poll]
    may_contribute: bool
    code: list[str]


class PortalTold(Told):
    """`csrf_token` goes into the header X-CSRF-Token of every unsafe request. `letters` are for
    suppliers, `voices` for everybody else; `market` tells that a market dialogue was announced,
    `competition` is the id of the public page of the competition, empty before the announcement,
    `business` what is known of the supplier as a business, `unanswered` how many questions about
    your tender wait for a reply."""

    csrf_token: str
    reference: str
    title: str
    organisation: str
    status: str
    phase: str
    role: str
    group: str
    supplier: str
    name: str
    letters: list[LetterTold]
    voices: VoicesTold | None
    market: bool
    competition: str
    business: KnownTold | None
    unanswered: int


class PlaceTold(Told):
    """`here` when you are in it now."""

    id: str
    reference: str
    title: str
    organisation: str
    status: str
    role: str
    who: str
    here: bool


class Given(Asked):
    """Unless `named`, others see the group alone; those who lead the participation, and the
    auditor, can find out who it was. `on_behalf` describes somebody who cannot write, whose words
    these are; others read it."""

    kind: Key
    text: Prose
    named: bool = False
    on_behalf: Annotated[str, Field(max_length=400)] = ""


class Remark(Asked):
    """Everybody who takes part reads it; unless `named`, they see the group alone."""

    text: Prose
    named: bool = False


class Ballot(Asked):
    """`answers`: question → numbers of the chosen options, from 0; for a ranking all, in order.
    That you answered is recorded, and apart from it what was answered, without name and moment.
    `receipt` is a code of at least 16 letters and digits, drawn for this ballot and told to nobody:
    by it you find the ballot once it has been counted."""

    answers: Annotated[dict[Key, Chosen], Field(max_length=20)]
    receipt: Receipt


@entrance.post("/portal/stay", status_code=204, responses=ACT_PROBLEMS)
def come_in(
    asked: Arrival, http: Request, parts: Everything, limits: Limits, request: RequestId
) -> Response:
    """Use an invitation, once, and begin a stay of two weeks. Sets the cookie."""
    limit_tries(http, parts, limits)
    arrived = guests.come_in(parts, asked.secret, asked.name, request)
    answer = Response(status_code=204)
    guests.set_stay(answer, parts, arrived)
    return answer


@entrance.post("/portal/stay/again", status_code=204, responses=ACT_PROBLEMS)
def ask_back(
    asked: WayBack, http: Request, parts: Everything, limits: Limits, request: RequestId
) -> Response:
    """Have a link back in mailed to the address, if it is somebody's here; the answer is always
    the same."""
    limit_tries(http, parts, limits)
    guests.ask_back(parts, asked.email, request)
    return Response(status_code=204)


@router.delete("/portal/stay", status_code=204, responses=ACT_PROBLEMS)
def leave(http: Request, parts: Everything, guest: Guest) -> Response:  # noqa: ARG001 - only who stays can leave
    """End the stay at once."""
    answer = Response(status_code=204)
    guests.end_stay(answer, parts, http.cookies.get(guests.cookie_name(parts), ""))
    return answer


@router.get("/portal/places")
def list_places(http: Request, view: GuestReader, parts: Everything) -> list[PlaceTold]:
    """Your places, if a provider vouched for you; by an invitation there is the one alone."""
    found = guests.places(parts, http.cookies.get(guests.cookie_name(parts), ""))
    return [PlaceTold.model_validate(each) for each in places_page(view, found)]


@router.post("/portal/places/{place}", status_code=204, responses=ACT_PROBLEMS)
def change_place(place: IdInPath, http: Request, parts: Everything, guest: Guest) -> Response:  # noqa: ARG001 - only who stays can change
    """End this stay and begin one in another place of yours. Sets the cookie."""
    cookie = http.cookies.get(guests.cookie_name(parts), "")
    answer = Response(status_code=204)
    guests.set_stay(answer, parts, guests.change_place(parts, cookie, place))
    return answer


@router.get("/portal")
def show_portal(view: GuestReader, guest: Guest) -> PortalTold:
    """The case, what was sent or said, and the stay's token."""
    found = portal_page(view)
    return PortalTold(
        csrf_token=guest.csrf,
        reference=found.reference,
        title=found.title,
        organisation=found.organisation,
        status=found.status,
        phase=found.phase,
        role=found.role,
        group=found.group,
        supplier=found.supplier,
        name=found.name,
        letters=[LetterTold.model_validate(each) for each in found.letters],
        voices=None if found.voices is None else VoicesTold.model_validate(found.voices),
        market=found.market,
        competition=found.competition,
        business=None if found.business is None else KnownTold.model_validate(found.business),
        unanswered=found.unanswered,
    )


@router.post(GIVEN, status_code=201, responses=ACT_PROBLEMS)
def contribute(
    asked: Given, bus: Bus, guest: Guest, parts: Everything, limits: Limits, request: RequestId
) -> ContributionDone:
    """Say what is needed, give an idea, or tell how a prototype worked."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())
    command = GiveContribution(place_of(guest).procurement, **dict(asked))
    return ContributionDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post(GIVEN + "/with-picture", status_code=201, responses=FILE_PROBLEMS)
def contribute_with_picture(  # noqa: PLR0913, PLR0917 - the fields of the form
    picture: OneFile,
    bus: Bus,
    guest: Guest,
    parts: Everything,
    limits: Limits,
    request: RequestId,
    kind: FormKey,
    text: FormProse,
    shows: FormLine = "",
    named: Annotated[bool, Form()] = False,
    on_behalf: FormLine = "",
) -> ContributionDone:
    """The same with a picture, drawn anew: where and when it was taken stays behind."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())
    drawn = drawn_anew(sent_file(picture, parts.settings.upload_bytes), shows)
    command = GiveContribution(
        place_of(guest).procurement, kind, text, named, on_behalf=on_behalf, pictures=(drawn,)
    )
    return ContributionDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post(GIVEN + "/{contribution}/remarks", status_code=201, responses=ACT_PROBLEMS)
def make_remark(
    contribution: IdInPath,
    asked: Remark,
    bus: Bus,
    guest: Guest,
    parts: Everything,
    limits: Limits,
    request: RequestId,
) -> RemarkDone:
    """Say something about a contribution."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())
    command = MakeRemark(place_of(guest).procurement, contribution, asked.text, asked.named)
    return RemarkDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.post("/portal/polls/{poll}/ballots", status_code=201, responses=ACT_PROBLEMS)
def cast_ballot(
    poll: IdInPath,
    asked: Ballot,
    bus: Bus,
    guest: Guest,
    parts: Everything,
    limits: Limits,
    request: RequestId,
) -> BallotDone:
    """Answer, once."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())
    command = CastBallot(place_of(guest).procurement, poll, asked.answers, asked.receipt)
    return BallotDone.model_validate(bus.handle(command, guest.actor, request=request))


@router.get(
    "/portal/pictures/{attachment}", response_class=Response, responses=content("image/jpeg")
)
def show_picture(attachment: IdInPath, view: GuestReader, guest: Guest) -> Response:
    """A picture that came with a contribution."""
    return inline(picture_of(view, place_of(guest).procurement, attachment))


@router.get("/portal/trace")
def show_trace(view: GuestReader, guest: Guest) -> Trace:
    """What came of what; what stands in the documents once they are published."""
    return Trace.model_validate(trace_page(view, place_of(guest).procurement))
