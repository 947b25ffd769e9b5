"""The private keys of the vaults, each a file that only the service's own user can read."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.errors import InvalidInputError
from engine.vault.keys import Vaults, key_missing
from engine.vault.sealing import KEY_BYTES, public_key
from service.keyfiles import read_secret
from service.settings import Settings

_FOLDER_MODE: Final = 0o700
_NAME: Final = re.compile("[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class FolderKeys:
    """One file for each procurement, never in the database: it has a backup of its own."""

    folder: Path

    def public(self, procurement: str) -> bytes:
        self.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        return public_key(read_secret(self._file(procurement)))

    def private(self, procurement: str) -> bytes:
        file = self._file(procurement)
        if not file.exists() or len(found := file.read_bytes()) != KEY_BYTES:
            raise key_missing(procurement)
        return found

    def _file(self, procurement: str) -> Path:
        if not _NAME.fullmatch(procurement):
            raise InvalidInputError(f"{procurement[:80]} is no id.", procurement=procurement[:80])
        return self.folder / f"{procurement}.key"


def open_vaults(settings: Settings) -> Vaults:
    return Vaults(FolderKeys(settings.vault), FolderKeys(settings.identity_vault))
