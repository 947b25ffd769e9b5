"""A procurement that staff carry by what they do everywhere else: the driver of scenarios does its
tasks, the API what staff do beside them. Those from outside come by the API too, or in browsers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from engine.bpmn.cache import DefinitionCache
from engine.model.records import TaskRecord
from engine.scenarios.model import Act, Step
from engine.scenarios.reading import read_scenario
from engine.scenarios.runner import STEPS, Run, play
from engine.scenarios.world import Worlds
from engine.store import tasks
from engine.store.migrate import upgrade
from service.versions import load_files
from service.wiring import Parts
from tests.support.api import Program
from tests.support.platform import Platform
from tests.support.web import make_parts

ROOT: Final = Path(__file__).parents[2]


@dataclass(slots=True)
class Staff:
    """Those inside a procurement that has begun."""

    run: Run
    platform: Platform
    program: Program

    @property
    def path(self) -> str:
        return f"/procurements/{self.run.procurement}"

    def until(self, element: str) -> None:
        """Do what is usual until the element is open."""
        self._step("carry-on", element)

    def do(self, element: str, branch: str = "", **act: Any) -> None:
        self._step("do", element, branch, Act(**act))

    def confirm(self, element: str) -> None:
        self._step("confirm", element)

    def later(self, **period: int) -> None:
        """Let so much time pass; what falls due on the way happens."""
        self._step("wait-until", "", at=timedelta(**period))

    def refused(self, element: str, check: str, **act: Any) -> None:
        """The gate stays closed, and names the check."""
        options = {"because": "gate-closed", "check": check}
        self._step("refused", {"do": element}, "", Act(**act), options)

    def _step(
        self,
        verb: str,
        subject: Any,
        branch: str = "",
        act: Act | None = None,
        options: Mapping[str, Any] | None = None,
        at: timedelta | None = None,
    ) -> None:
        STEPS[verb](self.run, Step(verb, subject, 0, at, act or Act(), branch, options or {}))
        assert self.run.failures == []

    def post(self, person: str, path: str, content: Any = None) -> Any:
        """An act of one of the staff beside the tasks; what the API answers."""
        self.program.sign_in(person)
        answer = self.program.post(f"{self.path}{path}", content)
        assert answer.is_success, answer.text
        return answer.json()

    def get(self, person: str, path: str) -> Any:
        """What one of the staff reads of the procurement."""
        return self.asked(person, f"{self.path}{path}")

    def asked(self, person: str, path: str) -> Any:
        self.program.sign_in(person)
        answer = self.program.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def databases(self) -> list[Path]:
        """All files of the database, as somebody who took a copy would have them."""
        file = Path(self.platform.store.database.url.database or "")
        return sorted(file.parent.glob(f"{file.name}*"))

    def task(self, element: str) -> TaskRecord:
        with self.platform.store.reader() as connection:
            found = tasks.open_of(connection, self.run.procurement)
        return next(each for each in found if each.element == element)

    def invite(self, **invited: Any) -> str:
        """The code of a new invitation."""
        asked = {"invitations": [invited]}
        return str(self.post("lead", "/participants", asked)["doors"][0]["code"])


@contextmanager
def staffed(course: Path, folder: Path) -> Iterator[tuple[Run, Platform, Parts]]:
    """A procurement that has begun, of the team and the habits of a scenario; the driver alone
    moves the clock and fires what falls due."""
    scenario = replace(read_scenario(course), steps=())
    with Worlds(DefinitionCache(load_files), folder, upgrade).make(scenario, ROOT) as world:
        platform = Platform(world.store, world.bus, world.clock)
        parts = make_parts(platform, folder)
        parts = replace(parts, settings=replace(parts.settings, tick_seconds=86_400))
        yield play(scenario, world, "2026/1"), platform, parts
