"""Every page on both databases."""

from pathlib import Path

from engine.commands.tasks import CompleteTask
from tests.support.platform import Platform
from tests.support.web import Visitor, make_parts


def test_every_page_can_be_read_on_both_databases(any_platform: Platform, tmp_path: Path) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement)
    any_platform.act("lead", CompleteTask(gate.id, option="go"))
    visitor = Visitor.at(make_parts(any_platform, tmp_path)).sign_in("lead")
    paths = ["/tasks", f"/tasks/{gate.id}", "/procurements", "/procurements/start", "/processes"]
    paths += [f"/procurements/{procurement}{part}" for part in ("", "/log", "/audit")]

    found = {path: visitor.get(path).status_code for path in paths}

    assert set(found.values()) == {200}
