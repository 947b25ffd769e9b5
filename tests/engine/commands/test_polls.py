"""Employees and citizens are asked, answer once each, and are told what came of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.ballots import CastBallot, CountBallots
from engine.commands.polls import Asked, ClosePoll, ConcludePoll, OpenPoll
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model.actor import SYSTEM, Actor
from engine.procurement.polls import mark_of
from engine.procurement.rules import RULES
from engine.queries.polls import PollView, answers_of, polls_page
from engine.queries.view import View
from engine.store.polls import box_of
from engine.store.schema import metadata
from tests.engine.commands.test_contributions import from_facts
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import Platform

COLOURS = (Asked("one", "Hvilken farge?", ("Rød", "Gul")),)


def ask(platform: Platform, procurement: str, **values: object) -> str:
    asked = {"kind": "vote", "title": "Farge på skiltet", "text": "", "questions": COLOURS}
    command = OpenPoll(procurement, **{**asked, "level": "consult", "days": 7, **values})  # type: ignore[arg-type]
    return str(platform.act("owner", command)["poll"])


def cast(platform: Platform, procurement: str, poll: str, option: int, actor: Actor) -> None:
    command = CastBallot(procurement, poll, {"q1": (option,)}, receipt_of(actor))
    platform.bus.handle(command, actor, request=f"{poll}-{actor.id}")


def receipt_of(actor: Actor) -> str:
    return f"ONLY-{actor.id.upper()}"


def citizens(platform: Platform, procurement: str, count: int) -> list[Actor]:
    return [bring_citizen(platform, procurement, name=f"Innbygger {n}") for n in range(count)]


def seen(platform: Platform, procurement: str, actor: Actor) -> PollView:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, actor, platform.clock.now())
        return polls_page(view, procurement).polls[0]


def test_each_has_one_ballot_and_finds_it_among_those_counted(any_platform: Platform) -> None:
    procurement = any_platform.start()
    poll = ask(any_platform, procurement)
    people = citizens(any_platform, procurement, 5)
    for number, person in enumerate(people):
        cast(any_platform, procurement, poll, int(number == 0), person)

    with pytest.raises(RejectedError):
        any_platform.bus.handle(
            CastBallot(procurement, poll, {"q1": (0,)}, receipt_of(people[0])), people[0]
        )
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=7))
    with pytest.raises(RejectedError):
        cast(any_platform, procurement, poll, 0, any_platform.actor("owner"))
    closed = seen(any_platform, procurement, people[0])
    assert (closed.open, closed.counted, closed.results) == (False, False, ())
    any_platform.bus.handle(CountBallots(procurement, poll), SYSTEM)

    shown = seen(any_platform, procurement, people[0])
    assert shown.cast
    assert shown.results[0].counts == (4, 1)
    assert answers_of(shown, receipt_of(people[0])) == {"q1": [1]}
    assert answers_of(shown, receipt_of(people[1])) == {"q1": [0]}
    assert answers_of(shown, "A" * 16) == {}
    assert all(verdict.ok for verdict in any_platform.verify())


def test_nothing_that_is_stored_joins_a_person_to_an_answer(any_platform: Platform) -> None:
    procurement = any_platform.start()
    poll = ask(any_platform, procurement)
    people = citizens(any_platform, procurement, 6)
    for number, person in enumerate(people):
        cast(any_platform, procurement, poll, number % 2, person)

    during = written(any_platform)
    any_platform.act("owner", ClosePoll(procurement, poll, "Alle har svart."))
    after = written(any_platform)

    marks = [mark_of(receipt_of(each), poll, "q1") for each in people]
    assert not [row for row in during if any(mark in row for mark in marks)]
    named = [row for row in after if any(each.id in row for each in people)]
    assert not [row for row in named if any(mark in row for mark in marks)]
    assert not [row for row in after if row.startswith("sealed_ballot")]
    counted = seen(any_platform, procurement, people[0]).ballots["q1"]
    assert [mark for mark, _ in counted] == sorted(marks)
    assert any_platform.entries(procurement).count("BallotReceived") == 6


def written(platform: Platform) -> list[str]:
    """Every row of the database as text, the record among them."""
    with platform.store.reader() as connection:
        return [
            f"{table.name} {[_plain(each) for each in row]}"
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]


def _plain(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def test_sealed_ballots_are_alike_whatever_was_answered(platform: Platform) -> None:
    procurement = platform.start()
    several = (Asked("several", "Hvilke?", tuple(f"Valg {n}" for n in range(20))),)
    poll = ask(platform, procurement, questions=several)
    few, many = citizens(platform, procurement, 2)
    for person, chosen in ((few, (0,)), (many, tuple(range(20)))):
        platform.bus.handle(
            CastBallot(procurement, poll, {"q1": chosen}, receipt_of(person)), person
        )

    with platform.store.reader() as connection:
        lengths = {len(each.content) for each in box_of(connection, poll)}
    assert len(lengths) == 1


def test_nothing_is_known_before_it_closes_and_fewer_than_five_are_deleted_unread(
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
    assert (after.counted, after.ballots) == (True, {})
    with platform.store.reader() as connection:
        assert box_of(connection, poll) == []


def test_a_question_that_fewer_than_five_answered_is_left_out(platform: Platform) -> None:
    procurement = platform.start()
    two = (*COLOURS, Asked("scale", "Hvor lett?"))
    poll = ask(platform, procurement, kind="survey", questions=two)
    for number, person in enumerate(citizens(platform, procurement, 5)):
        answers = {"q1": (0,)} | ({"q2": (4,)} if number == 0 else {})
        platform.bus.handle(CastBallot(procurement, poll, answers, receipt_of(person)), person)

    platform.act("owner", ClosePoll(procurement, poll, "Alle har svart."))

    shown = seen(platform, procurement, platform.actor("owner"))
    assert set(shown.ballots) == {"q1"}
    assert [each.question.id for each in shown.results] == ["q1"]


def test_one_enters_the_answers_of_several_who_cannot(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement)
    for who in ("beboer i første", "beboer i andre"):
        command = CastBallot(procurement, poll, {"q1": (0,)}, "R" * 16, "citizen", on_behalf=who)
        platform.act("owner", command)

    platform.act("owner", CastBallot(procurement, poll, {"q1": (1,)}, "S" * 16, "employee"))

    assert platform.entries(procurement).count("BallotReceived") == 3


def test_a_receipt_that_can_be_guessed_is_refused(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement)

    with pytest.raises(InvalidInputError):
        platform.act("owner", CastBallot(procurement, poll, {"q1": (0,)}, "kort", "citizen"))


def test_only_those_who_are_asked_answer_and_suppliers_never(platform: Platform) -> None:
    procurement = platform.start()
    poll = ask(platform, procurement, roles=("employee",))
    (person,) = citizens(platform, procurement, 1)
    supplier = bring_supplier(platform, procurement, "910000004")

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
        platform.act("owner", CastBallot(here, poll, {"q1": (0,)}, "R" * 16, "citizen"))


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
