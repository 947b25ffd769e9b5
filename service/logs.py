"""The log of the service, for who runs it: what happened, where, and of an error its traceback.

What the variables held at that moment is never written: it may be anything that somebody typed or
signs in with. The record of procurements is elsewhere; nothing here is part of it.
"""

import sys
from typing import TextIO

import structlog


def configure_logs(stream: TextIO = sys.stderr) -> None:
    """One line for each event, with its moment in UTC; a traceback follows as plain lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
