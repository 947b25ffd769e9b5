"""A model is edited while thirty procurements run: each goes on as it began."""

from engine.commands.deployments import DeployProcess
from engine.model.actor import SYSTEM
from engine.store import records
from tests.support.platform import TOWN, Platform
from tests.support.small_process import KEY, small_process

RUNNING = 30


def pinned(platform: Platform, procurements: list[str]) -> set[str]:
    with platform.store.reader() as connection:
        return {records.live_process(connection, each).digest for each in procurements}


def test_thirty_running_procurements_keep_their_version_and_go_on(any_platform: Platform) -> None:
    running = [any_platform.start(reference=f"2026/{n}") for n in range(RUNNING)]
    before = pinned(any_platform, running)

    any_platform.bus.handle(DeployProcess(KEY, small_process(title="Nytt behov"), TOWN), SYSTEM)
    later = any_platform.start(reference="2026/later")
    gates = [any_platform.to_gate(procurement).element for procurement in running]

    assert len(before) == 1
    assert gates == ["approve"] * RUNNING
    assert pinned(any_platform, running) == before
    assert pinned(any_platform, [later]).isdisjoint(before)
