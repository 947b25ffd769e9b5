"""A whole procurement carried by its pages: every form of every step, read and sent as HTML."""

from pathlib import Path
from typing import Any

from engine.bpmn.cache import DefinitionCache
from engine.commands.bus import Command, CommandBus
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.environment import Answer
from engine.commands.tasks import CompleteTask
from engine.forms.encoding import encode
from engine.model.actor import Actor
from engine.queries.task import task_page
from engine.queries.view import View
from engine.scenarios.reading import read_scenario
from engine.scenarios.runner import play
from engine.scenarios.world import World, Worlds
from engine.store.migrate import upgrade
from service.settings import Settings
from service.versions import load_files
from service.wiring import Parts
from tests.support.web import ADDRESS, Visitor, hidden_fields

ROOT = Path(__file__).parent.parent.parent
COURSE = ROOT / "processes" / "innovation-partnership" / "scenarios" / "three-partners.yaml"


class PageBus(CommandBus):
    """Takes the acts on tasks through their pages; the rest goes straight to the engine."""

    def __init__(self, behind: CommandBus, parts: Parts) -> None:
        super().__init__(behind.store, behind.environment)
        self._parts = parts
        self._visitor = Visitor.at(parts)
        self.pages = 0
        self.refused_by_pages_alone: list[str] = []

    def handle(self, command: Command, actor: Actor, *, request: str = "") -> Answer:
        if not isinstance(command, CompleteTask | ConfirmDecision | ReturnDecision):
            return super().handle(command, actor, request=request)
        address, fields = self._fields(command, actor)
        self._visitor.sign_in(actor.id)
        page = self._visitor.get(f"/tasks/{command.task}")
        if page.status_code == 200:
            self.pages += 1
            tokens = hidden_fields(page.text)
            answer = self._visitor.client.post(address, data={**tokens, **fields})
            if answer.status_code == 303:
                return {"task": command.task}
        done = super().handle(command, actor, request=request)  # raises what the page said
        self.refused_by_pages_alone.append(address)
        return done

    def _fields(
        self, command: CompleteTask | ConfirmDecision | ReturnDecision, actor: Actor
    ) -> tuple[str, dict[str, str | list[str]]]:
        address = f"/tasks/{command.task}"
        fields: dict[str, str | list[str]] = {"_reason": command.reason}
        if isinstance(command, CompleteTask):
            typed = self._typed(command, actor)
            return address, {**typed, **fields, "_option": command.option, "_action": "complete"}
        act = "confirm" if isinstance(command, ConfirmDecision) else "return"
        return f"{address}/{act}", fields

    def _typed(self, command: CompleteTask, actor: Actor) -> dict[str, Any]:
        """The submission as somebody would type it."""
        parts = self._parts
        with parts.store.reader() as connection:
            view = View(connection, parts.definitions, actor, parts.clock.now())
            form = task_page(view, command.task).form
        return dict(encode(form, command.submission)) if form is not None else {}


def test_an_innovation_partnership_is_carried_from_need_to_benefits_by_its_pages(
    tmp_path: Path,
) -> None:
    scenario = read_scenario(COURSE)
    cache = DefinitionCache(load_files)
    with Worlds(cache, tmp_path, upgrade).make(scenario, ROOT) as world:
        settings = Settings(tmp_path, "sqlite://", ADDRESS, demo=True)
        parts = Parts(settings, world.store, world.bus, world.clock, cache)
        bus = PageBus(world.bus, parts)

        run = play(scenario, World(world.store, bus, world.clock), "2026/1")

    assert run.failures == []
    assert bus.refused_by_pages_alone == []
    assert bus.pages > 200
