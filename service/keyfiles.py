"""Files of random bytes that this installation alone knows: its secret, and the keys of vaults."""

import os
from pathlib import Path
from typing import Final

BYTES: Final = 32


def read_secret(path: Path) -> bytes:
    """The secret; made on the first call, for the owner's eyes only."""
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Written aside and then named, so that of two processes that start at once both read the
    same."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(os.urandom(BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
