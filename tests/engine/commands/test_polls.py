"""Employees and citizens are asked, answer once each, and are told what came of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.polls import Asked, CastBallot, ClosePoll, ConcludePoll, OpenPoll
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model.actor import Actor
from engine.procurement.rules import RULES
from engine.queries.polls import PollView, polls_page
from engine.queries.view import View
from tests.engine.commands.test_contributions import from_facts
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import Platform

COLOURS = (Asked("one", "Hvilken farge?", ("Rød", "Gul")),)


def ask(platform: Platform, procurement: str, **values: object) -> str:
    asked = {"kind": "vote", "title": "Farge på skiltet", "text": "", "questions": COLOURS}
    command = OpenPoll(procurement, **{**asked, "level": "consult", "days": 7, **values})  # type: ignore[arg-type]
    return str(platform.act("owner", command)["poll"])


def cast(platform: Platform, procurement: str, poll: str, option: int, actor: Actor) -> None:
    platform.bus.handle(CastBallot(procurement, poll, {"q1": (option,)}), actor)


def citizens(platform: Platform, procurement: str, count: int) -> list[Actor]:
    return [bring_citizen(platform, procurement, name=f"Innbygger {n}") for n in range(count)]


def seen(platform: Platform, procurement: str, actor: Actor) -> PollView:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, actor, platform.clock.now())
        return polls_page(view, procurement).polls[0]


def test_each_has_one_ballot_and_may_change_it_until_the_poll_closes(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    poll = ask(any_platform, procurement)
    people = citizens(any_platform, procurement, 5)
    for person in people:
        cast(any_platform, procurement, poll, 0, person)

    cast(any_platform, procurement, poll, 1, people[0])
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=7))

    shown = seen(any_platform, procurement, people[0])
    assert shown.results[0].counts == (4, 1)
    assert shown.mine == {"q1": [1]}
    with pytest.raises(RejectedError):
        cast(any_platform, procurement, poll, 0, people[1])
    assert all(verdict.ok for verdict in any_platform.verify())


def test_nothing_is_known_before_it_closes_and_nothing_of_fewer_than_five(
    platform: Platform,
) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement)
    people = citizens(platform, procurement, 4)
    for person in people:
        cast(platform, procurement, poll, 0, person)

    before = seen(platform, procurement, platform.actor("owner"))
    platform.act("owner", ClosePoll(procurement, poll, "Alle har svart."))
    after = seen(platform, procurement, platform.actor("owner"))

    assert (before.open, before.results, before.answered) == (True, (), None)
    assert (after.open, after.results, after.answered, after.groups) == (False, (), None, ())


def test_one_enters_the_answers_of_several_who_cannot(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement)
    for who in ("beboer i første", "beboer i andre"):
        command = CastBallot(procurement, poll, {"q1": (0,)}, "citizen", on_behalf=who)
        assert platform.act("owner", command)["again"] is False

    own = platform.act("owner", CastBallot(procurement, poll, {"q1": (1,)}, "employee"))

    assert own["again"] is False
    assert platform.entries(procurement).count("BallotCast") == 3


def test_only_those_who_are_asked_answer_and_suppliers_never(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement, roles=("employee",))
    (person,) = citizens(platform, procurement, 1)
    supplier = bring_supplier(platform, procurement, "910000001")

    with pytest.raises(RejectedError):
        cast(platform, procurement, poll, 0, person)
    with pytest.raises(NotFoundError):
        cast(platform, procurement, poll, 0, supplier)
    with pytest.raises(NotFoundError):
        seen(platform, procurement, supplier)


def test_a_poll_of_another_procurement_is_not_there(platform: Platform) -> None:
    here, there = platform.start(), platform.start(reference="2026/2")
    poll = ask(platform, there)

    with pytest.raises(NotFoundError):
        platform.act("owner", CastBallot(here, poll, {"q1": (0,)}, "citizen"))


def test_those_who_do_not_moderate_ask_nothing(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(ForbiddenError):
        platform.act("lawyer", OpenPoll(procurement, "vote", "A", "", COLOURS, "consult", 7))
    for wrong in ({"kind": "raffle"}, {"level": "obey"}, {"days": 0}, {"roles": ("supplier",)}):
        with pytest.raises(InvalidInputError):
            ask(platform, procurement, **wrong)


def test_the_gate_waits_until_it_is_said_what_the_poll_came_to(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement)
    (person,) = citizens(platform, procurement, 1)
    rule = RULES["participation-answered"]
    cast(platform, procurement, poll, 0, person)

    open_still = from_facts(platform, procurement, rule.function).holds
    with pytest.raises(RejectedError):
        platform.act("owner", ConcludePoll(procurement, poll, "yes", "Skiltet blir rødt."))
    platform.act("owner", ClosePoll(procurement, poll, "Nok svar."))
    closed = from_facts(platform, procurement, rule.function).holds
    with pytest.raises(ReasonMissingError):
        platform.act("owner", ConcludePoll(procurement, poll, "no", "Skiltet blir gult."))
    platform.act("owner", ConcludePoll(procurement, poll, "yes", "Skiltet blir rødt."))

    assert (open_still, closed) == (False, False)
    assert from_facts(platform, procurement, rule.function).holds


def test_those_who_answered_and_gave_an_address_are_told(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement)
    told = bring_citizen(platform, procurement, name="Kari", email="kari@eksempel.test")
    silent = bring_citizen(platform, procurement, name="Ola", email="ola@eksempel.test")
    cast(platform, procurement, poll, 0, told)
    platform.act("owner", ClosePoll(procurement, poll, "Nok svar."))

    platform.act("owner", ConcludePoll(procurement, poll, "yes", "Skiltet blir rødt."))

    with platform.store.reader() as connection:
        mails = connection.execute(sa.text("SELECT participant, kind FROM mail")).all()
    assert [tuple(each) for each in mails] == [(told.id, "concluded")]
    assert silent.id not in {each[0] for each in mails}
