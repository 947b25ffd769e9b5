"""The open market dialogue: anybody signs up, lots fall as they must, everything gets an answer,
and no business learns of another."""

from datetime import UTC, datetime

import pytest

from engine.commands.market import AnswerInput, DrawLots, GiveInput, WithdrawSignUp
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model.actor import Actor
from engine.procurement.lots import drawn, seed_of
from engine.procurement.rules import RULES
from engine.queries.involvement import Involved, InvolvementPage, involvement_page
from engine.queries.market import (
    MarketPage,
    OwnMarket,
    PublicMarket,
    market_page,
    own_market,
    public_market,
    public_markets,
)
from engine.queries.view import View
from tests.engine.commands.test_contributions import from_facts
from tests.support.guests import bring_citizen
from tests.support.market_process import NOTICE, draft, sign_up, start_market
from tests.support.platform import Platform

SIGNED_UP = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)  # noon in Oslo
LEVELLED = {"period_adequate": True, "period_reason": "Førti dager."}


def view_of(platform: Platform, actor: Actor, look: object) -> object:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        return look(View(connection, definitions, actor, platform.clock.now()))  # type: ignore[operator]


def team(platform: Platform, procurement: str, person: str = "lead") -> MarketPage:
    found = view_of(platform, platform.actor(person), lambda view: market_page(view, procurement))
    assert isinstance(found, MarketPage)
    return found


def own(platform: Platform, actor: Actor) -> OwnMarket:
    found = view_of(platform, actor, own_market)
    assert isinstance(found, OwnMarket)
    return found


def public(platform: Platform, procurement: str) -> PublicMarket:
    anybody = platform.actor("stranger")
    found = view_of(platform, anybody, lambda view: public_market(view, procurement))
    assert isinstance(found, PublicMarket)
    return found


def test_nothing_is_public_before_the_notice_and_everything_of_it_after(
    platform: Platform,
) -> None:
    procurement = start_market(platform, announced=False)
    with pytest.raises(NotFoundError):
        public(platform, procurement)
    with pytest.raises(NotFoundError):
        sign_up(platform, procurement, "Alfa")
    assert view_of(platform, platform.actor("stranger"), public_markets) == ()

    platform.complete("lead", procurement, "notice", submission=NOTICE)

    shown = public(platform, procurement)
    assert shown.title == "Varsling på badeplasser"
    assert shown.questions == ("Hva finnes?", "Hva koster drift?")
    assert shown.open


def test_signing_up_ends_with_its_deadline_to_the_microsecond(any_platform: Platform) -> None:
    procurement = start_market(any_platform)
    any_platform.clock.set(SIGNED_UP.replace(hour=9, minute=59, second=59, microsecond=999999))
    actor = sign_up(any_platform, procurement, "Alfa")
    any_platform.clock.set(SIGNED_UP)

    with pytest.raises(RejectedError):
        sign_up(any_platform, procurement, "Beta")

    assert actor.participation is not None
    assert actor.participation.scope.startswith("market-")
    assert [each.record.organisation for each in team(any_platform, procurement).signups] == [
        "Alfa"
    ]
    assert all(verdict.ok for verdict in any_platform.verify())


@pytest.mark.parametrize(
    "wrong",
    [{"email": "ingen"}, {"people": 21}, {"people": -1}, {"contact": " "}, {"email": ""}],
)
def test_what_cannot_be_a_sign_up_is_refused(platform: Platform, wrong: dict[str, object]) -> None:
    procurement = start_market(platform)

    with pytest.raises(InvalidInputError):
        sign_up(platform, procurement, "Alfa", **wrong)


def test_two_who_give_the_same_organisation_number_see_nothing_of_each_other(
    platform: Platform,
) -> None:
    procurement = start_market(platform)
    first = sign_up(platform, procurement, "Alfa", number="910000004")
    second = sign_up(platform, procurement, "Falsk", number="910000004")
    platform.bus.handle(GiveInput(procurement, "written", 1, "Hemmelig fra Alfa"), first)

    assert "Hemmelig" in str(own(platform, first))
    assert "Hemmelig" not in str(own(platform, second))
    assert "Alfa" not in str(own(platform, second))


def test_lots_are_drawn_once_after_the_deadline_and_anybody_can_draw_again(
    any_platform: Platform,
) -> None:
    platform = any_platform
    procurement = start_market(platform)
    people = [sign_up(platform, procurement, f"Firma {n}") for n in range(5)]
    sign_up(platform, procurement, "Uten møte", meeting=False)
    with pytest.raises(RejectedError):
        platform.act("lead", DrawLots(procurement, "blå hest", "Kari og Ola"))
    platform.clock.set(SIGNED_UP)
    platform.act("lead", DrawLots(procurement, "blå hest", "Kari og Ola"))

    page = team(platform, procurement)
    assert page.draw is not None
    tickets = [each.record.id for each in page.signups if each.record.meeting]
    again = drawn(seed_of(page.draw.head, "blå hest"), tickets)
    assert [each.ticket for each in again] == [ticket for ticket, _ in page.draw.order]
    met = [own(platform, person) for person in people]
    assert sum(len(each.meetings) for each in met) == 3
    assert all((each.number <= each.last) == bool(each.meetings) for each in met)
    with pytest.raises(RejectedError):
        platform.act("lead", DrawLots(procurement, "rød hest", "Kari"))
    with pytest.raises(ForbiddenError):
        platform.act("lawyer", DrawLots(procurement, "rød hest", "Kari"))
    assert all(verdict.ok for verdict in platform.verify())


def test_what_is_done_after_the_deadline_does_not_change_how_lots_fall(
    platform: Platform,
) -> None:
    procurement = start_market(platform)
    sign_up(platform, procurement, "Alfa")
    before = platform.entries(procurement)
    platform.clock.set(SIGNED_UP.replace(hour=11))
    bring_citizen(platform, procurement)
    platform.act("lead", DrawLots(procurement, "ord", "Kari"))

    draw = team(platform, procurement).draw
    assert draw is not None
    with platform.store.reader() as connection:
        from sqlalchemy import select

        from engine.store.schema import audit_event

        head = connection.scalar(
            select(audit_event.c.hash).where(
                audit_event.c.chain == procurement, audit_event.c.seq == len(before)
            )
        )
    assert draw.head == bytes(head or b"").hex()


def test_input_is_given_in_time_about_what_is_there_and_answered_to_all_at_once(
    platform: Platform,
) -> None:
    procurement = start_market(platform)
    alfa = sign_up(platform, procurement, "Alfa")
    with pytest.raises(NotFoundError):
        platform.bus.handle(GiveInput(procurement, "hearing", 1, "For tidlig"), alfa)
    with pytest.raises(NotFoundError):
        platform.bus.handle(GiveInput(procurement, "written", 3, "Ukjent spørsmål"), alfa)
    first = draft("1", Varsling="Innen 10 sekunder.", Drift="Leverandøren drifter.")
    platform.complete("lead", procurement, "hear", submission=first)
    given = GiveInput(procurement, "hearing", 1, "Alfa-hemmelig: mål i bølger")
    key = platform.bus.handle(given, alfa)["input"]

    rule = RULES["hearing-answered"]
    with pytest.raises(InvalidInputError):
        platform.act("lead", AnswerInput(procurement, key, "adopt", "Vi måler i bølger."))
    answered = AnswerInput(procurement, key, "adopt", "Vi måler i bølger.", "Krav 2")
    platform.act("lead", answered)

    assert public(platform, procurement).report.answers == ()
    assert own(platform, alfa).inputs[0].outcome == ""
    platform.complete("lead", procurement, "answer", submission={"next_version": "2"})
    shown = public(platform, procurement)
    assert [(each.about, each.outcome, each.where) for each in shown.report.answers] == [
        ("Varsling", "adopt", "Krav 2")
    ]
    assert "Alfa" not in str(shown)
    assert own(platform, alfa).inputs[0].answer == "Vi måler i bølger."
    assert from_facts(platform, procurement, rule.function).holds
    platform.clock.set(datetime(2026, 4, 20, 10, tzinfo=UTC))
    with pytest.raises(RejectedError):
        platform.bus.handle(GiveInput(procurement, "hearing", 1, "For sent"), alfa)


def test_the_report_says_what_each_draft_changed_in_the_one_before(platform: Platform) -> None:
    procurement = start_market(platform)
    first = draft("1", Varsling="Innen 10 sekunder.", Drift="Leverandøren drifter.")
    platform.complete("lead", procurement, "hear", submission=first)
    platform.complete("lead", procurement, "answer", submission={"next_version": "2"})
    second = draft("2", Varsling="Innen 10 sekunder i bølger.", Personvern="Ingen bilder lagres.")
    platform.complete("lead", procurement, "hear-again", submission=second)

    changed = public(platform, procurement).report.rewritten

    assert [(each.heading, bool(each.before), bool(each.after)) for each in changed] == [
        ("Varsling", True, True),
        ("Personvern", False, True),
        ("Drift", True, False),
    ]


def test_a_comment_without_an_answer_and_an_adviser_without_a_measure_keep_the_gate_shut(
    platform: Platform,
) -> None:
    procurement = start_market(platform)
    alfa = sign_up(platform, procurement, "Alfa")
    sign_up(platform, procurement, "Stille")
    platform.complete("lead", procurement, "hear", submission=draft("1", Varsling="10 sekunder."))
    given = GiveInput(procurement, "hearing", 1, "Mål i bølger")
    key = platform.bus.handle(given, alfa)["input"]
    platform.complete("lead", procurement, "answer", submission={"next_version": "2"})
    hearing, level = RULES["hearing-answered"], RULES["field-levelled"]

    unanswered = from_facts(platform, procurement, hearing.function)
    platform.act("lead", AnswerInput(procurement, key, "reject", "Bølger varierer for mye."))
    platform.complete("lead", procurement, "hear-again", submission=draft("2"))
    platform.complete("lead", procurement, "level", submission=LEVELLED)
    unmeasured = from_facts(platform, procurement, level.function)

    assert not unanswered.holds
    assert from_facts(platform, procurement, hearing.function).holds
    assert not unmeasured.holds
    assert "Alfa" in unmeasured.fact["nb"]
    assert "Stille" not in unmeasured.fact["nb"]
    advised = {
        each.record.organisation: each.advised for each in team(platform, procurement).signups
    }
    assert advised == {"Alfa": True, "Stille": False}


def test_only_those_who_answer_the_market_do(platform: Platform) -> None:
    procurement = start_market(platform)
    alfa = sign_up(platform, procurement, "Alfa")
    key = platform.bus.handle(GiveInput(procurement, "written", 0, "Hei"), alfa)["input"]

    for person, refusal in (("owner", ForbiddenError), ("stranger", NotFoundError)):
        with pytest.raises(refusal):
            platform.act(person, AnswerInput(procurement, key, "reject", "Nei."))
    with pytest.raises(NotFoundError):
        platform.bus.handle(AnswerInput(procurement, key, "reject", "Nei."), alfa)
    with pytest.raises(InvalidInputError):
        platform.act("lawyer", AnswerInput(procurement, key, "maybe", "Kanskje."))
    with pytest.raises(NotFoundError):
        platform.bus.handle(
            GiveInput(procurement, "written", 0, "Hei"), bring_citizen(platform, procurement)
        )


def test_a_business_takes_its_sign_up_back_and_its_meeting_is_cancelled(
    any_platform: Platform,
) -> None:
    platform = any_platform
    procurement = start_market(platform)
    people = [sign_up(platform, procurement, f"Firma {n}") for n in range(2)]
    platform.bus.handle(WithdrawSignUp(procurement), people[0])
    platform.clock.set(SIGNED_UP)
    platform.act("lead", DrawLots(procurement, "blå hest", "Kari og Ola"))
    platform.bus.handle(WithdrawSignUp(procurement), people[1])

    page = team(platform, procurement)
    assert page.draw is not None
    assert len(page.draw.order) == 1
    assert page.people == 0
    assert [each.starts_at for each in page.signups] == [None, None]
    assert own(platform, people[1]).meetings == ()
    assert not own(platform, people[1]).may_write
    with pytest.raises(RejectedError):
        platform.bus.handle(GiveInput(procurement, "written", 1, "Likevel"), people[0])
    with pytest.raises(NotFoundError):
        platform.bus.handle(WithdrawSignUp(procurement), bring_citizen(platform, procurement))
    assert all(verdict.ok for verdict in platform.verify())


def test_the_lead_enters_a_withdrawal_with_a_reason_and_nobody_one_of_another(
    platform: Platform,
) -> None:
    procurement = start_market(platform)
    alfa, beta = (sign_up(platform, procurement, name) for name in ("Alfa", "Beta"))
    assert alfa.participation is not None
    scope = alfa.participation.scope

    with pytest.raises(ReasonMissingError):
        platform.act("lead", WithdrawSignUp(procurement, scope))
    platform.bus.handle(WithdrawSignUp(procurement, scope), beta)
    assert standing(platform, procurement) == {"Alfa": True, "Beta": False}
    platform.act("lead", WithdrawSignUp(procurement, scope, "Sa fra på telefon."))
    assert standing(platform, procurement) == {"Alfa": False, "Beta": False}


def standing(platform: Platform, procurement: str) -> dict[str, bool]:
    signups = [each.record for each in team(platform, procurement).signups]
    return {each.organisation: each.stands for each in signups}


def test_prior_involvement_gathers_input_meetings_advisers_and_those_declared(
    platform: Platform,
) -> None:
    procurement = start_market(platform)
    alfa = sign_up(platform, procurement, "Alfa AS")
    sign_up(platform, procurement, "Beta")
    platform.bus.handle(GiveInput(procurement, "written", 1, "Se på dette."), alfa)
    for step, form in (("hear", draft("1", Krav="Varsler")), ("answer", {"inputs": []})):
        platform.complete("lead", procurement, step, submission=form)
    platform.complete("lead", procurement, "hear-again", submission=draft("2", Krav="Varsler"))
    before = involved(platform, procurement)
    advisers = [
        {"name": " alfa  as", "measure": "shared", "heard": True},
        {"name": "Konsulent Kari", "measure": "longer-period", "heard": True, "reason": "Skrev."},
    ]
    platform.complete("lead", procurement, "level", submission=LEVELLED | {"advisers": advisers})

    after = involved(platform, procurement)
    assert {name: each.due for name, each in before.items()} == {"Alfa AS": True, "Beta": False}
    assert [way.kind for way in after["Alfa AS"].ways] == ["sign-up", "input", "adviser"]
    assert [each.kind for each in after["Konsulent Kari"].measures] == ["longer-period"]
    assert not any(each.due for each in after.values())


def involved(platform: Platform, procurement: str) -> dict[str, Involved]:
    page = view_of(
        platform, platform.actor("lead"), lambda view: involvement_page(view, procurement)
    )
    assert isinstance(page, InvolvementPage)
    return {each.name: each for each in page.involved}
