"""The composition root: the only place that builds the engine's parts and joins them."""

from dataclasses import dataclass

from engine.audit.checkpoint import Signer, create_key_file
from engine.bpmn.cache import DefinitionCache
from engine.clock import Clock, SystemClock
from engine.commands.bus import CommandBus
from engine.commands.environment import Environment
from engine.store.database import open_database
from engine.store.migrate import upgrade
from engine.store.unit_of_work import Store
from service.registers import load_registers
from service.settings import Settings
from service.vaults import open_vaults
from service.versions import load_files


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service and the command line work with."""

    settings: Settings
    store: Store
    bus: CommandBus
    clock: Clock
    definitions: DefinitionCache

    def close(self) -> None:
        """Give the database's connections back."""
        self.store.database.dispose()


def build(settings: Settings, clock: Clock | None = None) -> Parts:
    """Open the database, bring it to this version's schema, and join the parts.

    Makes the data folder and the signing key when they are not there yet.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    upgrade(database)
    store = Store(database, read_signer(settings))
    cache = DefinitionCache(load_files)
    time = clock or SystemClock()
    environment = Environment(
        time, cache, settings.sign_in.actions, load_registers(settings), open_vaults(settings)
    )
    return Parts(settings, store, CommandBus(store, environment), time, cache)


def read_signer(settings: Settings) -> Signer:
    """The key that signs checkpoints; a new one is made on the first start."""
    if not settings.signing_key.exists():
        create_key_file(settings.signing_key)
    return Signer.from_bytes(settings.log_name, settings.signing_key.read_bytes())
