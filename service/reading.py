"""Reading attached files after the acts that brought them, so that they are found by what they say.

Each is read in a process of its own with a limit on time and memory, outside of any transaction. A
file that cannot be read is kept as one that says nothing, and is not tried again.
"""

import subprocess
import sys
from typing import Final

import structlog

from engine.commands.search import KeepFileText
from engine.errors import EngineError
from engine.model.actor import SYSTEM
from engine.queries.waiting import file_content, unread_files
from service import file_reader
from service.wiring import Parts

AT_ONCE: Final = 20
_WAIT: Final = 3 * file_reader.SECONDS
log = structlog.get_logger()


def read_files(parts: Parts) -> int:
    """Read what nobody has read yet; how many files is the answer."""
    done, seen = 0, set[str]()
    while True:
        with parts.store.reader() as connection:
            waiting = unread_files(connection, AT_ONCE + len(seen))
        fresh = [each for each in waiting if each[0] not in seen]
        if not fresh:
            return done
        for blob, media_type in fresh:
            seen.add(blob)
            with parts.store.reader() as connection:
                content = file_content(connection, blob)
            text = read_apart(media_type, content)
            try:
                parts.bus.handle(KeepFileText(blob, text), SYSTEM)
                done += 1
            except EngineError as error:
                log.warning("file not kept as read", blob=blob, code=error.code)


def read_apart(media_type: str, content: bytes) -> str:
    """What the file says; "" where it says nothing, or takes too long or too much."""
    command = [sys.executable, "-m", file_reader.__name__, media_type]
    try:
        found = subprocess.run(  # noqa: S603 - our own program, and no shell
            command, input=content, capture_output=True, timeout=_WAIT, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        log.warning("file not read", media_type=media_type, error=type(error).__name__)
        return ""
    return found.stdout.decode("utf-8", "replace")
