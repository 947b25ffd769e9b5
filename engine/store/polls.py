"""What people were asked, who has answered, and the boxes of ballots that are not counted."""

from dataclasses import asdict
from typing import Final

import sqlalchemy as sa

from engine.model.records import PollRecord, SealedBallotRecord, VoterRecord
from engine.store.rows import Selection
from engine.store.schema import poll, sealed_ballot, voter
from engine.store.unit_of_work import UnitOfWork

_POLL: Final = Selection(poll, PollRecord, poll.c.id == sa.bindparam("key"))
_POLLS: Final = Selection(
    poll,
    PollRecord,
    poll.c.procurement == sa.bindparam("procurement"),
    order=(poll.c.at, poll.c.id),
)
_VOTER: Final = Selection(voter, VoterRecord, voter.c.id == sa.bindparam("key"))
_VOTERS: Final = Selection(
    voter,
    VoterRecord,
    voter.c.procurement == sa.bindparam("procurement"),
    order=(voter.c.at, voter.c.id),
)
_BOX: Final = Selection(
    sealed_ballot,
    SealedBallotRecord,
    sealed_ballot.c.poll == sa.bindparam("poll"),
    order=(sealed_ballot.c.id,),
)


def find(connection: sa.Connection, key: str) -> PollRecord | None:
    return _POLL.one(connection, key=key)


def polls_of(connection: sa.Connection, procurement: str) -> list[PollRecord]:
    """The oldest first."""
    return _POLLS.all(connection, procurement=procurement)


def find_voter(connection: sa.Connection, key: str) -> VoterRecord | None:
    return _VOTER.one(connection, key=key)


def voters_of(connection: sa.Connection, procurement: str) -> list[VoterRecord]:
    """Everybody who has answered any poll of the procurement, the first first."""
    return _VOTERS.all(connection, procurement=procurement)


def box_of(connection: sa.Connection, key: str) -> list[SealedBallotRecord]:
    """The box of a poll, in no order that tells anything."""
    return _BOX.all(connection, poll=key)


def put_into_box(work: UnitOfWork, record: SealedBallotRecord) -> None:
    work.writer.insert(sealed_ballot, **asdict(record))


def take_from_box(work: UnitOfWork, key: str) -> None:
    work.writer.delete(sealed_ballot, id=key)
