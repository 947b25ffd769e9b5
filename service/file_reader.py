"""A program of its own that reads one file and prints what it says: it can be ended at any moment.

The file comes on standard input, its media type as the argument, its text leaves in UTF-8.
"""

import resource
import sys
from typing import Final

from engine.search.documents import text_of

SECONDS: Final = 10
"""So long it may work."""
_MEMORY: Final = 1024 * 1024 * 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    text = text_of(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
