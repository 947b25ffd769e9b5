"""Deployed versions, on both databases."""

from engine.commands.deployments import DeployProcess
from engine.model.actor import SYSTEM
from engine.store import definitions
from tests.support.platform import TOWN, Platform
from tests.support.small_process import KEY, small_process


def test_a_version_is_named_by_its_own_texts_where_it_has_any(any_platform: Platform) -> None:
    texts = {f"processes/{KEY}/{KEY}.nn.json": b'{"small.name": "Liten prosess"}'}
    command = DeployProcess(KEY, {**small_process(title="Nytt"), **texts}, TOWN)
    deployed = any_platform.bus.handle(command, SYSTEM)

    with any_platform.store.reader() as connection:
        asked = {deployed["digest"]}
        named = {each: definitions.names_in(connection, each, asked) for each in ("nb", "nn")}
        of_none = definitions.names_in(connection, "nn", ())

    assert named == {"nb": {}, "nn": {deployed["digest"]: "Liten prosess"}}
    assert of_none == {}
