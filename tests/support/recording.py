"""Facts put on record as the process would leave them, without the process that leads there."""

from typing import Any
from uuid import uuid4

from engine.access.rules import Grounds
from engine.commands.act import Act
from engine.commands.environment import Session
from engine.model.events import NoticeRecorded, SubmissionRecorded
from engine.model.records import SubmissionRecord
from engine.store import records
from engine.store.unit_of_work import UnitOfWork
from tests.support.platform import Platform


def record(platform: Platform, procurement: str, form: str, content: dict[str, Any]) -> str:
    """A form on record, as a task would leave it; its id."""
    with platform.store.unit_of_work() as work:
        now = platform.clock.now()
        act = _act(platform, work, procurement)
        key, digest = uuid4().hex, records.content_digest(records.content_bytes(content))
        version = act.procurement.definition
        seq = work.next_seq(procurement)
        act.record(SubmissionRecorded(key, "", "", form, version, "", digest), content=content)
        kept = SubmissionRecord(key, "", "", form, "", content, "owner", now, seq)
        records.add_submission(work, procurement, kept, version)
    return key


def announce(platform: Platform, procurement: str, content: dict[str, Any]) -> None:
    """A notice that calls for competition, sent from the form."""
    submission = record(platform, procurement, "notice", content)
    with platform.store.unit_of_work() as work:
        act = _act(platform, work, procurement)
        act.record(NoticeRecorded(uuid4().hex, "16", 1, submission))


def _act(platform: Platform, work: UnitOfWork, procurement: str) -> Act:
    session = Session(
        work, platform.bus.environment, platform.actor("owner"), platform.clock.now(), ""
    )
    act = Act.open(session, procurement)
    act.grounds = Grounds("candidate-works")
    return act
