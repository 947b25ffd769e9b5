"""Lessons, and matter that is shared between buyers and reused."""

from typing import Final

import sqlalchemy as sa

from engine.model.knowledge import MODEL, LessonRecord, ReuseRecord, SharedRecord
from engine.store.rows import Selection
from engine.store.schema import lesson, reuse, shared_item, shared_with

_BUYER: Final[sa.BindParameter[str]] = sa.bindparam("buyer", type_=sa.String)
_LESSON: Final = Selection(lesson, LessonRecord, lesson.c.id == sa.bindparam("key"))
_LESSONS: Final = Selection(
    lesson,
    LessonRecord,
    lesson.c.procurement == sa.bindparam("procurement"),
    lesson.c.withdrawn_at.is_(None),
    order=(lesson.c.at, lesson.c.id),
)
_AT_STEP: Final = Selection(
    lesson,
    LessonRecord,
    lesson.c.element == sa.bindparam("element"),
    lesson.c.process == sa.bindparam("process"),
    lesson.c.withdrawn_at.is_(None),
    sa.or_(lesson.c.organisation == _BUYER, lesson.c.open),
    order=(lesson.c.at.desc(), lesson.c.id),
)
_ITEM: Final = Selection(shared_item, SharedRecord, shared_item.c.id == sa.bindparam("key"))
_SHARED_OF: Final = Selection(
    shared_item,
    SharedRecord,
    shared_item.c.chain == sa.bindparam("chain"),
    order=(shared_item.c.at, shared_item.c.id),
)
_LET_IN: Final = (
    sa.select(shared_with.c.item)
    .where(shared_with.c.item == shared_item.c.id, shared_with.c.organisation == _BUYER)
    .exists()
)
WITHIN_BORDER: Final = shared_item.c.revoked_at.is_(None) & sa.or_(
    shared_item.c.organisation == _BUYER, shared_item.c.to_all, _LET_IN
)
"""Items that people of the parameter `buyer` may see: their own, and what others let them see."""
_SEEN: Final = Selection(
    shared_item,
    SharedRecord,
    WITHIN_BORDER,
    shared_item.c.kind != MODEL,
    order=(shared_item.c.at.desc(), shared_item.c.id),
)
_SEEN_MATTER: Final = Selection(
    shared_item,
    SharedRecord,
    WITHIN_BORDER,
    shared_item.c.submission == sa.bindparam("submission"),
    order=(shared_item.c.at, shared_item.c.id),
)
_AUDIENCE: Final = sa.select(shared_with.c.organisation).where(
    shared_with.c.item == sa.bindparam("item")
)
_REUSES: Final = Selection(
    reuse,
    ReuseRecord,
    reuse.c.procurement == sa.bindparam("procurement"),
    order=(reuse.c.at, reuse.c.id),
)


def find_lesson(connection: sa.Connection, key: str) -> LessonRecord | None:
    return _LESSON.one(connection, key=key)


def lessons_of(connection: sa.Connection, procurement: str) -> list[LessonRecord]:
    """Those that stand, the oldest first."""
    return _LESSONS.all(connection, procurement=procurement)


def lessons_at(
    connection: sa.Connection, process: str, element: str, buyer: str
) -> list[LessonRecord]:
    """What the step taught this buyer, and what others let all see, the newest first."""
    return _AT_STEP.all(connection, process=process, element=element, buyer=buyer)


def find_item(connection: sa.Connection, key: str) -> SharedRecord | None:
    return _ITEM.one(connection, key=key)


def shared_by(connection: sa.Connection, chain: str) -> list[SharedRecord]:
    """What a procurement has shared, or an organisation of its models; revoked items too."""
    return _SHARED_OF.all(connection, chain=chain)


def seen_by(connection: sa.Connection, buyer: str) -> list[SharedRecord]:
    """What people of the buyer may see now but models, the newest first; nothing for those of no
    buyer."""
    return _SEEN.all(connection, buyer=buyer) if buyer else []


def let_in(connection: sa.Connection, buyer: str, submission: str) -> SharedRecord | None:
    """The item by which people of the buyer may see this version of a form, None for none."""
    found = _SEEN_MATTER.all(connection, buyer=buyer, submission=submission) if buyer else []
    return found[0] if found else None


def audience_of(connection: sa.Connection, item: str) -> tuple[str, ...]:
    """The organisations that the item was shared with by name."""
    return tuple(sorted(connection.scalars(_AUDIENCE, {"item": item})))


def reuses_of(connection: sa.Connection, procurement: str) -> list[ReuseRecord]:
    return _REUSES.all(connection, procurement=procurement)
