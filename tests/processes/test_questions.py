"""A question from the portal, handled by the tasks of the shipped models, and answered to all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine.clock import OSLO
from engine.commands.participants import Invited, InviteParticipants, UseInvitation
from engine.commands.questions import AskQuestion, RefuseQuestion
from engine.commands.tasks import CompleteTask
from engine.errors import RejectedError
from engine.model.actor import Actor
from engine.model.dialogue import QuestionRecord
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import Run, play
from engine.scenarios.world import Worlds
from engine.store import dialogue, participants, tasks

ROOT = Path(__file__).parent.parent.parent
PUBLISHED = 4
"""Steps of the scenario until questions are waited for."""
ALFA, BETA = "910000001", "910000002"


@dataclass(frozen=True)
class Competition:
    """A competition that is announced, with requests due on 7 December 2026 at 12.00."""

    run: Run
    procurement: str

    def bring(self, scope: str) -> Actor:
        secret = sha256(scope.encode()).hexdigest()
        bus, lead = self.run.world.bus, self.run.world.actor("lead")
        invited = Invited(secret, secret, "supplier", 60, scope, f"Firma {scope}", f"Fra {scope}")
        bus.handle(InviteParticipants(self.procurement, (invited,)), lead)
        answer = bus.handle(UseInvitation(secret), lead)
        with self.run.world.store.reader() as connection:
            return participants.load_participant(connection, answer["participant"])

    def ask(self, guest: Actor, text: str) -> QuestionRecord:
        key = self.run.world.bus.handle(AskQuestion(self.procurement, text), guest)["question"]
        return self.question(key)

    def question(self, key: str) -> QuestionRecord:
        with self.run.world.store.reader() as connection:
            found = dialogue.questions_of(connection, self.procurement)
        return next(each for each in found if each.id == key)

    def do(self, person: str, element: str, option: str = "", **form: Any) -> None:
        world = self.run.world
        with world.store.reader() as connection:
            open_ones = tasks.open_of(connection, self.procurement)
        task = next(each for each in open_ones if each.element == element)
        world.bus.handle(CompleteTask(task.id, form, option), world.actor(person))

    def at(self, *moment: int) -> None:
        self.run.world.clock.set(datetime(*moment, tzinfo=OSLO))  # type: ignore[misc, arg-type]


@pytest.fixture
def competition(worlds: Worlds) -> Iterator[Competition]:
    found = read_scenarios(ROOT / "processes" / "innovation-partnership")
    scenario = next(each for each in found if each.name == "questions-and-deadline")
    begun = replace(scenario, steps=scenario.steps[:PUBLISHED])
    with worlds.make(begun, ROOT) as world:
        run = play(begun, world, "2026/1")
        assert run.failures == []
        yield Competition(run, run.procurement)


def test_the_answer_to_a_question_from_the_portal_goes_to_all_at_once(
    competition: Competition,
) -> None:
    anna, _ = competition.bring(ALFA), competition.bring(BETA)
    competition.at(2026, 11, 16, 9)

    asked = competition.ask(anna, "Gjelder kravet om natten?")
    pair = {"question": "Gjelder kravet hele døgnet?", "answer": "Ja."}
    answer = {"items": [pair], "anonymised": True, "changes_documents": False}
    competition.do("expert", "answer-question", **answer)
    answered = competition.question(asked.id)
    release = {"channels": ["kgv"], "same_to_all": True}
    competition.do("lead", "release-answer", "release", **release)

    released = competition.question(asked.id)
    assert (asked.state, asked.scope, asked.driven, asked.late_why) == ("asked", ALFA, True, {})
    assert (answered.state, answered.pairs, answered.release) == ("answered", [pair], "")
    assert released.state == "released"
    with competition.run.world.store.reader() as connection:
        given = dialogue.releases_of(connection, competition.procurement)[-1]
    assert given.id == released.release
    assert {ALFA, BETA} <= set(given.recipients)
    assert given.texts == [{"question": "Gjelder kravet hele døgnet?", "text": "Ja."}]


def test_a_late_question_says_by_which_rule_and_is_refused_with_the_reason(
    competition: Competition,
) -> None:
    anna = competition.bring(ALFA)
    competition.at(2026, 12, 3, 9)

    asked = competition.ask(anna, "Kan flere søke sammen?")
    competition.do(
        "lead", "assess-late-question", outcome="refuse", reason="Fristen var ute.", told=True
    )

    refused = competition.question(asked.id)
    assert "§ 14-2" in asked.late_why["citation"]
    assert asked.late_why["nb"]
    assert (refused.state, refused.refused) == ("refused", "Fristen var ute.")


def test_a_question_with_tasks_of_its_own_is_not_answered_beside_them(
    competition: Competition,
) -> None:
    anna = competition.bring(ALFA)
    competition.at(2026, 11, 16, 9)
    asked = competition.ask(anna, "Når er befaringen?")

    with pytest.raises(RejectedError, match="tasks of its own"):
        competition.run.world.bus.handle(
            RefuseQuestion(competition.procurement, asked.id, "Nei."),
            competition.run.world.actor("lead"),
        )
