"""Rounds as the model drives them: what one learns goes to all before the round can close."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.decisions import ConfirmDecision
from engine.commands.handing import HandDocument
from engine.commands.meetings import BookSlot, OfferedSlot, OfferSlots
from engine.commands.messages import ReportMessage
from engine.commands.minutes import AnswerMinutes, MarkPassage, SettleMinutes
from engine.commands.organisations import SetLetterLanguage
from engine.commands.procurements import CancelProcurement
from engine.commands.questions import (
    AnswerQuestion,
    AskQuestion,
    RefuseQuestion,
    ReleaseAnswers,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.sharing import DropItem, NoteItem, ReleaseInformation, Text
from engine.errors import (
    GateClosedError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
    SlotGoneError,
)
from engine.model.actor import SYSTEM
from engine.model.dialogue import MinutesRecord
from engine.procurement.rules import RULES
from engine.queries.record import points_of
from engine.queries.view import View, find_procurement
from engine.store import dialogue, meetings, records
from engine.store.facts import load_facts
from tests.support.circle import A, B
from tests.support.guests import bring_supplier
from tests.support.platform import TOWN, Platform
from tests.support.rounds import PLAN, decide, meet, start_rounds, to_decision

LEARNED: dict[str, Any] = {
    "shares_needed": True,
    "shared_to_all": [{"text": "Kravet gjelder også om natten."}],
}


def written(platform: Platform, procurement: str, scope: str) -> MinutesRecord:
    with platform.store.reader() as connection:
        found = dialogue.minutes_of(connection, procurement)
    return next(each for each in reversed(found) if each.scope == scope)


def test_the_plan_of_the_round_is_a_round_that_minutes_belong_to(any_platform: Platform) -> None:
    procurement = start_rounds(any_platform)
    meet(any_platform, procurement, A)

    with any_platform.store.reader() as connection:
        (round_,) = dialogue.rounds_of(connection, procurement)
        (meeting,) = meetings.meetings_of(connection, procurement)
    minutes = written(any_platform, procurement, A)
    assert (round_.number, round_.topics) == (1, "Drift og personvern")
    assert (meeting.occasion, meeting.status, meeting.ours) == (round_.id, "held", ["Lead"])
    assert (minutes.round, minutes.meeting, minutes.state) == (round_.id, meeting.id, "sent")
    assert [each["kind"] for each in minutes.passages] == ["agenda", "agenda", "said"]
    assert all(verdict.ok for verdict in any_platform.verify())


def test_the_meeting_that_was_booked_is_the_one_that_is_held(platform: Platform) -> None:
    procurement = start_rounds(platform)
    with platform.store.reader() as connection:
        (round_,) = dialogue.rounds_of(connection, procurement)
    start = platform.clock.now() + timedelta(hours=1)
    slot = OfferedSlot(start, start + timedelta(hours=1), "Rådhuset")
    offer = OfferSlots(procurement, round_.id, "dialogue", (slot,), scope=A)
    (key,) = platform.act("lead", offer)["slots"]
    anna = bring_supplier(platform, procurement, A)
    booked = platform.bus.handle(BookSlot(procurement, key), anna)["meeting"]
    platform.clock.set(start + timedelta(hours=1))

    meet(platform, procurement, A)

    with platform.store.reader() as connection:
        (meeting,) = meetings.meetings_of(connection, procurement)
    assert (meeting.id, meeting.status, meeting.place) == (booked, "held", "Rådhuset")


def test_no_option_closes_a_round_while_an_item_is_unshared(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A, **LEARNED)
    meet(platform, procurement, B)
    to_decision(platform, procurement, share=False)

    for option in ("new-round", "close"):
        with pytest.raises(GateClosedError) as refusal:
            decide(platform, procurement, option)
        failing = {each["rule"] for each in refusal.value.details["checks"]}
        assert failing == {"round-information-shared"}
    platform.act("lead", ReleaseInformation(procurement, (Text("Kravet gjelder hele døgnet.", 1),)))
    decide(platform, procurement, "new-round")
    gate = platform.task(procurement, "decide-round")
    platform.act("owner", ConfirmDecision(gate.id))

    with platform.store.reader() as connection:
        (round_,) = dialogue.rounds_of(connection, procurement)
    assert round_.closed_at == platform.clock.now()
    platform.complete(
        "lead",
        procurement,
        "plan-round",
        submission={
            "rounds": [
                {
                    "round": 2,
                    "topics": "Pris og drift",
                    "may_eliminate": True,
                    "criteria_used": "Kvalitet",
                    "is_final": True,
                }
            ]
        },
    )
    with platform.store.reader() as connection:
        assert [each.number for each in dialogue.rounds_of(connection, procurement)] == [1, 2]


def test_an_item_that_comes_between_proposal_and_confirmation_holds_the_round(
    platform: Platform,
) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    meet(platform, procurement, B)
    to_decision(platform, procurement, share=False)
    decide(platform, procurement, "new-round")
    told = NoteItem(procurement, A, "Også om natten.", platform.clock.now(), "phone")
    platform.act("lead", told)

    gate = platform.task(procurement, "decide-round")
    with pytest.raises(GateClosedError):
        platform.act("owner", ConfirmDecision(gate.id))


def test_going_back_behind_the_decision_opens_the_round_again(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    meet(platform, procurement, B)
    to_decision(platform, procurement, share=False)
    decide(platform, procurement, "new-round")
    gate = platform.task(procurement, "decide-round")
    platform.act("owner", ConfirmDecision(gate.id))
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor("lead"), now)
        back = max(point.seq for point in points_of(find_procurement(view, procurement)))

    platform.act("lead", RewindProcurement(procurement, back, "Feil valg."))

    with platform.store.reader() as connection:
        (round_,) = dialogue.rounds_of(connection, procurement)
    assert round_.closed_at is None


def test_a_release_reaches_all_at_one_second_with_the_same_text(any_platform: Platform) -> None:
    procurement = start_rounds(any_platform)
    told = NoteItem(procurement, A, "Ja, om natten.", any_platform.clock.now(), "phone", "Natt?")
    any_platform.act("lead", told)
    any_platform.clock.set(any_platform.clock.now() + timedelta(hours=3))

    any_platform.act(
        "lead", ReleaseInformation(procurement, (Text("Hele døgnet.", 1), Text("Ny dato.")))
    )

    with any_platform.store.reader() as connection:
        (release,) = dialogue.releases_of(connection, procurement)
        (item,) = dialogue.items_of(connection, procurement)
        letters = records.queued_letters(connection, 10)
    assert sorted(release.recipients) == [A, B]
    assert [each["text"] for each in release.texts] == ["Hele døgnet.", "Ny dato."]
    assert (item.release, item.waits) == (release.id, False)
    assert {each.recipient for each in letters} == {A, B}
    assert {each.body for each in letters} == {"Hele døgnet.\n\nNy dato."}
    assert "Natt?" not in str(release)


def test_a_form_that_tells_nothing_is_no_letter(platform: Platform) -> None:
    procurement = start_rounds(platform)
    for scope in (A, B):
        meet(platform, procurement, scope)
    to_decision(platform, procurement, share=True)

    nothing = {"items": [], "channels": ["letter"], "complete": True, "anonymised": True}
    platform.complete("lead", procurement, "write-shared-information", submission=nothing)

    assert "LettersSent" not in platform.entries(procurement)
    assert platform.task(procurement, "decide-round")


@pytest.mark.parametrize("told", ["Alfa AS har spurt.", "alfa as: ja.", f"Svar til {A}."])
def test_nothing_that_names_a_supplier_goes_to_all(platform: Platform, told: str) -> None:
    procurement = start_rounds(platform)
    anna = bring_supplier(platform, procurement, A)
    asked = platform.bus.handle(AskQuestion(procurement, "Når?"), anna)["question"]
    form = {
        "items": [{"text": f"{told} Det gjelder alle.", "origin": "buyer"}],
        "channels": ["letter"],
        "complete": True,
        "anonymised": True,
    }
    report = {
        "supplier": A,
        "question": "Gjelder kravet om natten?",
        "answer": "Ja, hele døgnet.",
        "given_at": platform.clock.now().isoformat(),
        "channel": "phone",
    }
    platform.act("lead", ReportMessage(procurement, "oral-answer", report))

    for attempt in (
        lambda: platform.act("lead", ReleaseInformation(procurement, (Text(told),))),
        lambda: platform.act("lead", AnswerQuestion(procurement, asked, (("Når?", told),))),
        lambda: platform.complete("lead", procurement, "share-oral-answer", submission=form),
    ):
        with pytest.raises(InvalidInputError, match="is one of the suppliers"):
            attempt()


def test_a_word_that_holds_a_name_is_no_name(platform: Platform) -> None:
    procurement = start_rounds(platform)

    platform.act("lead", ReleaseInformation(procurement, (Text("Alfa ASbest fjernes først."),)))


def test_an_item_is_shared_once_and_only_if_it_is_there(platform: Platform) -> None:
    procurement = start_rounds(platform)
    platform.act("lead", NoteItem(procurement, A, "Ja.", platform.clock.now(), "phone"))
    platform.act("lead", ReleaseInformation(procurement, (Text("Ja, hele døgnet.", 1),)))

    for number in (1, 7):
        with pytest.raises(InvalidInputError):
            platform.act("lead", ReleaseInformation(procurement, (Text("Igjen.", number),)))


def test_an_item_without_bearing_is_dropped_with_the_reason(platform: Platform) -> None:
    procurement = start_rounds(platform)
    note = NoteItem(procurement, A, "Kaffe står i gangen.", platform.clock.now(), "meeting")
    item = platform.act("lead", note)["item"]

    with pytest.raises(ReasonMissingError):
        platform.act("lead", DropItem(procurement, item, " "))
    platform.act("lead", DropItem(procurement, item, "Gjelder bare serveringen."))
    with pytest.raises(RejectedError):
        platform.act("lead", DropItem(procurement, item, "Igjen."))


def test_an_oral_answer_that_is_reported_waits_until_its_form_has_gone_to_all(
    platform: Platform,
) -> None:
    procurement = start_rounds(platform)
    report = {
        "supplier": A,
        "question": "Gjelder kravet om natten?",
        "answer": "Ja, hele døgnet.",
        "given_at": platform.clock.now().isoformat(),
        "channel": "phone",
    }
    platform.act("lead", ReportMessage(procurement, "oral-answer", report))
    form = {
        "items": [{"about": "1", "text": "Kravet gjelder hele døgnet.", "origin": "buyer"}],
        "channels": ["letter"],
        "complete": True,
        "anonymised": True,
    }
    platform.complete("lead", procurement, "share-oral-answer", submission=form)

    with platform.store.reader() as connection:
        (item,) = dialogue.items_of(connection, procurement)
        (release,) = dialogue.releases_of(connection, procurement)
    assert (item.origin, item.channel, item.release) == ("oral", "phone", release.id)
    assert sorted(release.recipients) == [A, B]


def test_confirming_in_the_portal_completes_the_task_that_waits_for_it(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    anna = bring_supplier(platform, procurement, A)
    key = written(platform, procurement, A).id

    platform.bus.handle(AnswerMinutes(procurement, key, confirmed=True), anna)

    assert written(platform, procurement, A).state == "confirmed"
    waiting = [(each.element, each.scope) for each in platform.open(procurement)]
    assert ("confirm-minutes", A) not in waiting
    with pytest.raises(RejectedError):
        platform.bus.handle(AnswerMinutes(procurement, key, confirmed=True), anna)


def offered_and_booked(platform: Platform, procurement: str) -> str:
    """Two times for one supplier in the round, one of them booked; the other is returned."""
    begin = platform.clock.now() + timedelta(days=2)
    times = tuple(
        OfferedSlot(begin + timedelta(hours=each), begin + timedelta(hours=each + 1))
        for each in range(2)
    )
    with platform.store.reader() as connection:
        (round_,) = dialogue.rounds_of(connection, procurement)
    offered = OfferSlots(procurement, round_.id, "dialogue", times, scope=A)
    slot, other = platform.act("lead", offered)["slots"]
    platform.act("lead", BookSlot(procurement, slot, A))
    return str(other)


def require_nobody_meets(platform: Platform, procurement: str) -> None:
    with platform.store.reader() as connection:
        (meeting,) = meetings.meetings_of(connection, procurement)
        left = [each.withdrawn_at for each in meetings.slots_of(connection, procurement)]
    assert meeting.status == "cancelled"
    assert None not in left


def test_times_of_a_round_that_is_set_aside_are_taken_back(platform: Platform) -> None:
    procurement = start_rounds(platform)
    other = offered_and_booked(platform, procurement)
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor("lead"), now)
        planned = points_of(find_procurement(view, procurement))[0]

    platform.act("lead", RewindProcurement(procurement, planned.seq, "Feil temaer."))

    require_nobody_meets(platform, procurement)
    with pytest.raises(SlotGoneError):
        platform.act("lead", BookSlot(procurement, other, A))


def test_nobody_meets_in_a_procurement_that_is_cancelled(platform: Platform) -> None:
    procurement = start_rounds(platform)
    offered_and_booked(platform, procurement)

    platform.act("lead", CancelProcurement(procurement, "Behovet er borte."))

    require_nobody_meets(platform, procurement)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nb", "Informasjon til alle i konkurransen"),
        ("en", "Information to all in the competition"),
    ],
)
def test_what_all_are_told_has_its_subject_in_the_language_of_letters(
    platform: Platform, language: str, subject: str
) -> None:
    procurement = start_rounds(platform)
    platform.bus.handle(SetLetterLanguage(TOWN, language), SYSTEM)

    told = ReleaseInformation(procurement, (Text("Omfanget er elleve badeplasser."),))
    platform.act("lead", told)

    with platform.store.reader() as connection:
        subjects = {each.subject for each in records.queued_letters(connection, 10)}
    assert subjects == {subject}


def test_an_answer_from_the_portal_is_one_point_to_go_back_to(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    anna = bring_supplier(platform, procurement, A)
    minutes_of_a = written(platform, procurement, A).id
    platform.bus.handle(AnswerMinutes(procurement, minutes_of_a, confirmed=True), anna)
    view_of = (platform.bus.environment.definitions, platform.actor("lead"), platform.clock.now())

    with platform.store.reader() as connection:
        newest, before, *_ = points_of(find_procurement(View(connection, *view_of), procurement))
    platform.act("lead", RewindProcurement(procurement, newest.seq, "Feil referat."))

    assert [each.element for each in (newest, before)] == [
        "Få referatet bekreftet",
        "Hold møte og før referat",
    ]
    answered = {"confirmed": True, "answered_at": platform.clock.now().isoformat()}
    platform.complete("lead", procurement, "confirm-minutes", A, submission=answered)


def test_confirming_older_minutes_answers_for_no_newer_ones(platform: Platform) -> None:
    procurement = start_rounds(platform)
    anna = bring_supplier(platform, procurement, A)
    for scope in (A, B):
        meet(platform, procurement, scope)
    older = written(platform, procurement, A).id
    objected = {
        "confirmed": False,
        "answered_at": platform.clock.now().isoformat(),
        "objection": "Tolv, ikke ti.",
    }
    platform.complete("lead", procurement, "confirm-minutes", A, submission=objected)
    to_decision(platform, procurement, share=False, confirming=(B,))
    decide(platform, procurement, "new-round")
    platform.act("owner", ConfirmDecision(platform.task(procurement, "decide-round").id))
    platform.complete("lead", procurement, "plan-round", submission=PLAN)
    platform.clock.set(platform.clock.now() + timedelta(days=7))
    meet(platform, procurement, A)

    platform.bus.handle(AnswerMinutes(procurement, older, confirmed=True), anna)

    assert written(platform, procurement, A).state == "sent"
    assert platform.task(procurement, "confirm-minutes", A).status == "open"


def test_an_objection_waits_for_the_lead_who_settles_it(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    anna = bring_supplier(platform, procurement, A)
    key = written(platform, procurement, A).id

    platform.bus.handle(AnswerMinutes(procurement, key, False, "Vi sa tolv, ikke ti."), anna)
    assert ("confirm-minutes", A) in [(e.element, e.scope) for e in platform.open(procurement)]
    platform.act("lead", SettleMinutes(procurement, key, "Rettet til tolv."))

    minutes = written(platform, procurement, A)
    assert (minutes.state, minutes.objection, minutes.settled) == (
        "settled",
        "Vi sa tolv, ikke ti.",
        "Rettet til tolv.",
    )
    assert ("confirm-minutes", A) not in [(e.element, e.scope) for e in platform.open(procurement)]


def test_a_supplier_marks_its_own_passages_with_a_reason(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    anna, bo = (bring_supplier(platform, procurement, scope) for scope in (A, B))
    key = written(platform, procurement, A).id

    with pytest.raises(ReasonMissingError):
        platform.bus.handle(MarkPassage(procurement, key, "3", True), anna)
    with pytest.raises(NotFoundError):
        platform.bus.handle(MarkPassage(procurement, key, "3", True, "Hemmelig"), bo)
    platform.bus.handle(MarkPassage(procurement, key, "3", True, "Vår metode"), anna)

    marked = [each for each in written(platform, procurement, A).passages if each["confidential"]]
    assert [(each["id"], each["reason"]) for each in marked] == [("3", "Vår metode")]


def test_what_the_minutes_say_is_confidential_is_marked_where_it_stands(platform: Platform) -> None:
    procurement = start_rounds(platform)
    marks = [{"span": "sagt av", "reason": "Metoden"}, {"span": "Prisen", "reason": "Pris"}]
    meet(platform, procurement, A, marked_confidential=marks)

    passages = written(platform, procurement, A).passages
    assert [(each["kind"], each["reason"]) for each in passages if each["confidential"]] == [
        ("said", "Metoden"),
        ("marked", "Pris"),
    ]


def test_answers_go_to_all_at_once_and_name_nobody(any_platform: Platform) -> None:
    procurement = start_rounds(any_platform)
    anna = bring_supplier(any_platform, procurement, A)
    bo = bring_supplier(any_platform, procurement, B)
    asked = [
        any_platform.bus.handle(AskQuestion(procurement, f"Spør {who.name}?"), who)["question"]
        for who in (anna, bo)
    ]
    for key in asked:
        pair = (("Gjelder kravet om natten?", "Ja."),)
        any_platform.act("lead", AnswerQuestion(procurement, key, pair))
    with any_platform.store.reader() as connection:
        assert dialogue.releases_of(connection, procurement) == []

    any_platform.act("lead", ReleaseAnswers(procurement))

    with any_platform.store.reader() as connection:
        (release,) = dialogue.releases_of(connection, procurement)
        found = dialogue.questions_of(connection, procurement)
    assert {each.release for each in found} == {release.id}
    assert sorted(release.recipients) == [A, B]
    assert anna.name not in str(release.texts)
    with pytest.raises(RejectedError):
        any_platform.act("lead", ReleaseAnswers(procurement))


def test_a_refusal_says_why(platform: Platform) -> None:
    procurement = start_rounds(platform)
    anna = bring_supplier(platform, procurement, A)
    key = platform.bus.handle(AskQuestion(procurement, "Hvem andre?"), anna)["question"]

    with pytest.raises(ReasonMissingError):
        platform.act("lead", RefuseQuestion(procurement, key, ""))
    platform.act("lead", RefuseQuestion(procurement, key, "Det er fortrolig."))

    with platform.store.reader() as connection:
        (question,) = dialogue.questions_of(connection, procurement)
    assert (question.state, question.refused) == ("refused", "Det er fortrolig.")


def test_the_lead_is_told_what_a_supplier_does_and_nobody_else(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    anna = bring_supplier(platform, procurement, A)
    minutes = written(platform, procurement, A).id

    platform.bus.handle(AskQuestion(procurement, "Når er neste møte?"), anna)
    platform.bus.handle(AnswerMinutes(procurement, minutes, False, "Tolv, ikke ti."), anna)
    platform.bus.handle(HandDocument(procurement, "b.txt", "text/plain", b"fra A"), anna)

    with platform.store.reader() as connection:
        query = sa.text("SELECT person, kind FROM notification WHERE kind = 'supplier-wrote'")
        told = connection.execute(query).all()
    assert told == [("lead", "supplier-wrote")] * 3


def test_documents_go_both_ways_and_to_nobody_else(platform: Platform) -> None:
    procurement = start_rounds(platform)
    anna = bring_supplier(platform, procurement, A)
    platform.act("lead", HandDocument(procurement, "a.txt", "text/plain", b"til A", A))
    platform.bus.handle(HandDocument(procurement, "b.txt", "text/plain", b"fra A"), anna)

    with platform.store.reader() as connection:
        found = dialogue.handed_of(connection, procurement)
    assert {(each.scope, each.direction) for each in found} == {
        (A, "to-supplier"),
        (A, "from-supplier"),
    }
    with pytest.raises(NotFoundError):
        platform.bus.handle(HandDocument(procurement, "c.txt", "text/plain", b"x", B), anna)


def test_a_marked_passage_that_went_to_all_is_a_fact_of_the_gate(platform: Platform) -> None:
    procurement = start_rounds(platform)
    meet(platform, procurement, A)
    anna = bring_supplier(platform, procurement, A)
    minutes = written(platform, procurement, A)
    passage = minutes.passages[0]

    def kept() -> bool:
        with platform.store.reader() as connection:
            row = records.get_procurement(connection, procurement)
            now = platform.clock.now()
            found = load_facts(
                connection,
                row,
                (),
                scope="",
                variables={},
                draft=None,
                rules_at=now.date(),
                now=now,
            )
            return RULES["confidentiality-kept"].function(found).holds

    mark = MarkPassage(procurement, minutes.id, passage["id"], True, "Forretningshemmelighet.")
    platform.bus.handle(mark, anna)
    assert kept()
    text = f"Alle bør vite dette om {passage['text']}."
    platform.act("lead", ReleaseInformation(procurement, (Text(text),)))
    assert not kept()
    platform.bus.handle(MarkPassage(procurement, minutes.id, passage["id"], False), anna)
    assert kept()


def test_giving_nothing_says_what_to_write(platform: Platform) -> None:
    procurement = start_rounds(platform)

    with pytest.raises(InvalidInputError, match="write what all are to know"):
        platform.act("lead", ReleaseInformation(procurement, ()))
