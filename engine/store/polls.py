"""What people were asked, and what they answered."""

from typing import Final

import sqlalchemy as sa

from engine.model.records import BallotRecord, PollRecord
from engine.store.rows import Selection
from engine.store.schema import ballot, poll

_POLL: Final = Selection(poll, PollRecord, poll.c.id == sa.bindparam("key"))
_POLLS: Final = Selection(
    poll,
    PollRecord,
    poll.c.procurement == sa.bindparam("procurement"),
    order=(poll.c.at, poll.c.id),
)
_BALLOT: Final = Selection(ballot, BallotRecord, ballot.c.id == sa.bindparam("key"))
_BALLOTS: Final = Selection(
    ballot,
    BallotRecord,
    ballot.c.procurement == sa.bindparam("procurement"),
    order=(ballot.c.at, ballot.c.id),
)


def find(connection: sa.Connection, key: str) -> PollRecord | None:
    return _POLL.one(connection, key=key)


def polls_of(connection: sa.Connection, procurement: str) -> list[PollRecord]:
    """The oldest first."""
    return _POLLS.all(connection, procurement=procurement)


def find_ballot(connection: sa.Connection, key: str) -> BallotRecord | None:
    return _BALLOT.one(connection, key=key)


def ballots_of(connection: sa.Connection, procurement: str) -> list[BallotRecord]:
    """Every ballot of every poll of the procurement, the oldest first."""
    return _BALLOTS.all(connection, procurement=procurement)
