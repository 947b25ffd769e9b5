"""People from outside in the demonstration: they sign up, contribute, vote, meet, ask and deliver.

Each lands where the course of the demonstration has come to, by the same commands as in the portal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from engine.commands.ballots import CastBallot
from engine.commands.bus import Command
from engine.commands.businesses import DescribeBusiness
from engine.commands.contributions import AnswerContribution, GiveContribution, LinkTrace
from engine.commands.discussion import MakeRemark
from engine.commands.environment import Answer
from engine.commands.intakes import OpenIntake
from engine.commands.market import AnswerInput, GiveInput, SignUp
from engine.commands.meetings import BookSlot, OfferedSlot, OfferSlots
from engine.commands.minutes import AnswerMinutes
from engine.commands.participants import Invited, InviteParticipants, UseInvitation
from engine.commands.polls import Asked, ClosePoll, ConcludePoll, OpenPoll
from engine.commands.questions import AskQuestion
from engine.model.actor import Actor
from engine.queries.deliveries import receiver_of
from engine.queries.trace import trace_page
from engine.queries.view import View
from engine.scenarios.world import World
from engine.store import dialogue, meetings, participants, records
from service.deliveries import Arriving, Sender
from service.security.guests import NOBODY
from service.security.invitations import digest_of, fresh_receipt, secret_of
from service.settings import Settings

LEAD: Final = "leder"
OWNER: Final = "behovseier"
REQUEST: Final = "request"
RYDD: Final = "910000020"
_DAYS_LEFT: Final = 3
"""Meetings that are offered begin so many days after today."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One procurement of the demonstration, at the moment its course has come to; `present` is the
    moment it really is."""

    world: World
    settings: Settings
    procurement: str
    present: datetime

    def act(self, who: str | Actor, command: Command) -> Answer:
        actor = self.world.actor(who) if isinstance(who, str) else who
        return self.world.bus.handle(command, actor)

    def bring(self, role: str, name: str, scope: str = "", group: str = "") -> Actor:
        """Somebody whom the lead invites, and who comes."""
        key = uuid4().hex
        digest = digest_of(secret_of(self.settings, key))
        invited = Invited(key, digest, role, 60, scope, group, name)
        self.act(LEAD, InviteParticipants(self.procurement, (invited,)))
        return self.load(self.act(NOBODY, UseInvitation(digest, name))["participant"])

    def load(self, participant: str) -> Actor:
        with self.world.store.reader() as connection:
            return participants.load_participant(connection, participant)


def play_guests(course: str, scene: Scene) -> None:
    """What people from outside do in the procurement that this course leads to."""
    for part in PARTS.get(course, ()):
        part(scene)


def _voices(scene: Scene) -> None:
    """Employees and citizens contribute, talk, and answer; one poll is over, another open."""
    people = [
        *(scene.bring("citizen", f"Innbygger Prøve {n}", group="Badegjester") for n in range(1, 6)),
        *(scene.bring("employee", f"Ansatt Prøve {n}", group="Badevakter") for n in range(1, 3)),
    ]
    key = scene.procurement
    said = {
        people[0]: ("need", "Vi må bli varslet også når det er mørkt og vakta er gått hjem."),
        people[1]: ("idea", "Et lys på bøya som blinker når noe er galt."),
        people[5]: ("need", "Varslet må komme fram selv om vi står med ryggen til vannet."),
    }
    given = {
        actor: scene.act(actor, GiveContribution(key, *words))["contribution"]
        for actor, words in said.items()
    }
    scene.act(people[2], MakeRemark(key, given[people[0]], "Enig. Det er da det skjer."))
    used = AnswerContribution(key, given[people[5]], "yes", "Dette blir et krav til varselet.")
    scene.act(OWNER, used)
    partly = AnswerContribution(
        key, given[people[1]], "partly", "Markedet får vite om det.", "Vi sier ikke hvordan."
    )
    scene.act(OWNER, partly)
    _poll_that_is_over(scene, people)
    ease = (Asked("scale", "Hvor trygt er det å bade her i dag?"),)
    asked = OpenPoll(key, "survey", "Trygghet i dag", "", ease, "consult", 90)
    poll = scene.act(OWNER, asked)["poll"]
    for person in people[:3]:
        scene.act(person, CastBallot(key, poll, {"q1": (1,)}, fresh_receipt()))


def _poll_that_is_over(scene: Scene, people: Iterable[Actor]) -> None:
    key = scene.procurement
    options = ("Når noen er under vann", "Når noen driver av", "Når et barn er alene")
    question = (Asked("one", "Hva er viktigst å bli varslet om?", options),)
    asked = OpenPoll(key, "vote", "Det viktigste varselet", "", question, "involve", 14)
    poll = scene.act(OWNER, asked)["poll"]
    for number, person in enumerate(people):
        ballot = CastBallot(key, poll, {"q1": (0 if number < 4 else number % 3,)}, fresh_receipt())
        scene.act(person, ballot)
    scene.act(OWNER, ClosePoll(key, poll, "Alle som var invitert, har svart."))
    scene.act(OWNER, ConcludePoll(key, poll, "yes", "Varsel om noen under vann kommer først."))


def _trace(scene: Scene) -> None:
    """Words of employees and citizens, and the way from them to the benefit."""
    key = scene.procurement
    words = (
        ("citizen", "Mor må slippe å bli filmet på badet."),
        ("employee", "Vi må få varselet der vi er, ikke på en skjerm på vaktrommet."),
    )
    given = []
    for role, text in words:
        said = GiveContribution(key, "need", text, role=role, on_behalf="Beboer eller ansatt")
        given.append(scene.act(OWNER, said)["contribution"])
        answer = AnswerContribution(key, given[-1], "yes", "Det ble et krav i konkurransen.")
        scene.act(OWNER, answer)
    with scene.world.store.reader() as connection:
        definitions = scene.world.bus.environment.definitions
        view = View(connection, definitions, scene.world.actor(OWNER), scene.world.clock.now())
        nodes = trace_page(view, key).nodes
    way = [("contribution", given)] + [
        (kind, [each.id for each in nodes[kind]])
        for kind in ("requirement", "criterion", "test", "benefit")
        if nodes[kind]
    ]
    for (kind, sources), (then, targets) in pairwise(way):
        for source, target in zip(sources, targets, strict=False):
            scene.act(OWNER, LinkTrace(key, kind, source, then, target))


def _market(scene: Scene) -> None:
    """Businesses sign up to the open dialogue and say something; one has its answer."""
    key = scene.procurement
    arrived = [
        _sign_up(scene, name, size, startup)
        for name, size, startup in (
            ("Bølgevakt Prøve AS", "micro", "yes"),
            ("Havblikk Prøve AS", "medium", "no"),
            ("Storhav Prøve ASA", "large", ""),
        )
    ]
    words = "Kravet bør måles i bølger, ikke i stille vann."
    item = scene.act(arrived[0], GiveInput(key, "written", 0, words))["input"]
    scene.act(arrived[1], GiveInput(key, "written", 0, "Gi markedet ti uker til en prøve."))
    answer = AnswerInput(key, item, "adopt", "Målingen gjøres i bølger.", "Kravspesifikasjonen, K3")
    scene.act(LEAD, answer)


def _sign_up(scene: Scene, name: str, size: str, startup: str) -> Actor:
    invitation = uuid4().hex
    command = SignUp(
        procurement=scene.procurement,
        organisation=name,
        number="",
        contact=f"Kontakt i {name}",
        email=f"{uuid4().hex[:8]}@example.org",
        people=1,
        meeting=True,
        needs="",
        invitation=invitation,
        digest=digest_of(secret_of(scene.settings, invitation)),
        size=size,
        startup=startup,
    )
    return scene.load(scene.act(NOBODY, command)["participant"])


def _dialogue(scene: Scene) -> None:
    """Suppliers in a round: times that they book, minutes that one confirms, a question."""
    key = scene.procurement
    with scene.world.store.reader() as connection:
        suppliers = [each.key for each in records.suppliers(connection, key)]
        (round_,) = dialogue.rounds_of(connection, key)
        minutes = dialogue.minutes_of(connection, key)
    guests = {each: scene.bring("supplier", f"Kontakt {each[-1]}", each) for each in suppliers}
    first = scene.present.replace(hour=8, minute=0, second=0, microsecond=0)
    first += timedelta(days=_DAYS_LEFT)
    times = tuple(
        OfferedSlot(first + timedelta(hours=n), first + timedelta(hours=n + 1), "Rådhuset, rom 204")
        for n in range(2 * len(suppliers))
    )
    offer = OfferSlots(key, round_.id, "dialogue", times)
    slots = scene.act(LEAD, offer)["slots"]
    with scene.world.store.reader() as connection:
        kept = {each.id: each.scope for each in meetings.slots_of(connection, key)}
    for supplier in suppliers[1:2]:
        mine = next(each for each in slots if kept[each] == supplier)
        scene.act(guests[supplier], BookSlot(key, mine))
    for each in minutes:
        scene.act(guests[each.scope], AnswerMinutes(key, each.id, confirmed=True))
    scene.act(guests[suppliers[0]], AskQuestion(key, "Er det dekning for mobilnett i alle hus?"))
    scene.act(guests[suppliers[1]], DescribeBusiness(key, suppliers[1], "small", "no", "yes"))


def _requests(scene: Scene) -> None:
    """Receipt of requests is open, and one has come in sealed."""
    key = scene.procurement
    with scene.world.store.reader() as connection:
        armed = [each for each in records.timers_of(connection, key) if each.due_at > scene.present]
    if not armed:
        return
    intake = scene.act(LEAD, OpenIntake(key, REQUEST, armed[0].id))["intake"]
    guest = scene.bring("supplier", "Kari Prøve", RYDD, "Rydd Prøve AS")
    bus, clock = scene.world.bus, scene.world.clock
    environment = bus.environment
    with scene.world.store.reader() as connection:
        vaults = environment.vaults
        view = View(connection, environment.definitions, guest, clock.now(), vaults=vaults)
        receiver = receiver_of(view, intake)
    sender = Sender(bus, guest, receiver, supplier=RYDD, name="Rydd Prøve AS")
    text = BytesIO("Vi ber om å få delta.\n".encode())
    sender.deliver([Arriving("forespørsel.txt", text)], scene.settings.delivery_bytes)


Part = Callable[[Scene], Any]
PARTS: Final[Mapping[str, tuple[Part, ...]]] = MappingProxyType(
    {
        "market-dialogue": (_voices, _market),
        "dialogue-round": (_dialogue,),
        "development-phase-two": (_trace,),
        "competition-announced": (_requests,),
    }
)
"""By the name of the course, which is that of its file."""
