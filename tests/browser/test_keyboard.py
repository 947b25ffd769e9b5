"""A whole phase of an innovation partnership with the keyboard alone: every task from the need to
the decision to start and its confirmation, each by the person whose it is."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from engine.bpmn.cache import DefinitionCache
from engine.commands.bus import Command, CommandBus
from engine.commands.decisions import ConfirmDecision
from engine.commands.environment import Answer
from engine.commands.tasks import CompleteTask
from engine.forms.encoding import Posted, encode
from engine.model.actor import Actor
from engine.queries.task import task_page
from engine.queries.view import View
from engine.scenarios.model import Scenario
from engine.scenarios.reading import read_scenario
from engine.scenarios.runner import play
from engine.scenarios.world import World, Worlds
from engine.store.migrate import upgrade
from service.versions import load_files
from service.wiring import Parts
from tests.browser.keyboard import Keyboard
from tests.browser.stage import COURSES, ROOT, STEPS_TO_THE_GATE, TODAY
from tests.support.platform import Platform
from tests.support.serving import served
from tests.support.web import make_parts

pytestmark = pytest.mark.browser

TEAM: Final = {
    "procurement-lead": ("leder", "leder2"),
    "need-owner": ("behovseier",),
    "budget-owner": ("budsjett",),
    "employee": ("ansatt",),
    "citizen": ("innbygger",),
}
"""Those who have a task in the phase, and the deputy that the gate wants."""


class KeyboardBus(CommandBus):
    """Takes every act on a task to its page, and does it there by keyboard; the rest goes straight
    to the engine."""

    def __init__(self, behind: CommandBus, parts: Parts, keyboard: Keyboard) -> None:
        super().__init__(behind.store, behind.environment)
        self._parts = parts
        self._keyboard = keyboard
        self.done: list[str] = []

    def handle(self, command: Command, actor: Actor, *, request: str = "") -> Answer:
        if not isinstance(command, CompleteTask | ConfirmDecision):
            return super().handle(command, actor, request=request)
        keyboard = self._keyboard
        keyboard.sign_in(actor.id)
        keyboard.to(lambda stop: stop["href"] == f"/tasks/{command.task}")
        keyboard.enter()
        if isinstance(command, CompleteTask):
            keyboard.fill(self._typed(command, actor))
        else:
            keyboard.to(lambda stop: stop["form"].endswith("/confirm") and stop["tag"] == "BUTTON")
        keyboard.enter()
        self.done.append(command.task)
        return {"task": command.task}

    def _typed(self, command: CompleteTask, actor: Actor) -> Posted:
        parts = self._parts
        with parts.store.reader() as connection:
            view = View(connection, parts.definitions, actor, parts.clock.now())
            form = task_page(view, command.task).form
        typed = dict(encode(form, command.submission)) if form is not None else {}
        gate = {"_option": [command.option], "_reason": [command.reason]}
        return {**typed, **gate} if command.option else typed


def phase() -> Scenario:
    course = read_scenario(COURSES / "market-dialogue.yaml", TODAY)
    return replace(
        course,
        team=TEAM,
        deputies={"leder2": "leder"},
        steps=course.steps[: STEPS_TO_THE_GATE + 2],
    )


def test_a_whole_phase_is_done_with_the_keyboard_alone(chromium: Browser, tmp_path: Path) -> None:
    scenario = phase()
    with Worlds(DefinitionCache(load_files), tmp_path, upgrade).make(scenario, ROOT) as world:
        parts = make_parts(Platform(world.store, world.bus, world.clock), tmp_path)
        with served(parts) as base:
            context = chromium.new_context(base_url=base, locale="nb-NO")
            keyboard = Keyboard(context.new_page())
            bus = KeyboardBus(world.bus, parts, keyboard)
            run = play(scenario, World(world.store, bus, world.clock), "2026/1")
            context.close()

    assert run.failures == []
    assert len(bus.done) >= 12
    assert keyboard.unseen == set()
