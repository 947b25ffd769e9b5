"""What people gave to a procurement, what it was made of, and what came of it."""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from engine.model.records import ContributionRecord, RemarkRecord, TraceLinkRecord
from engine.store.rows import Selection
from engine.store.schema import contribution, contribution_parent, remark, trace_link

_ONE: Final = Selection(contribution, ContributionRecord, contribution.c.id == sa.bindparam("key"))
_ALL: Final = Selection(
    contribution,
    ContributionRecord,
    contribution.c.procurement == sa.bindparam("procurement"),
    order=(contribution.c.at, contribution.c.id),
)
_LINKS: Final = Selection(
    trace_link,
    TraceLinkRecord,
    trace_link.c.procurement == sa.bindparam("procurement"),
    order=(trace_link.c.at, trace_link.c.id),
)
_REMARK: Final = Selection(remark, RemarkRecord, remark.c.id == sa.bindparam("key"))
_REMARKS: Final = Selection(
    remark,
    RemarkRecord,
    remark.c.procurement == sa.bindparam("procurement"),
    order=(remark.c.at, remark.c.id),
)
_PARENTS: Final = sa.select(contribution_parent.c.child, contribution_parent.c.parent).where(
    contribution_parent.c.procurement == sa.bindparam("procurement")
)


def find(connection: sa.Connection, key: str) -> ContributionRecord | None:
    return _ONE.one(connection, key=key)


def all_of(connection: sa.Connection, procurement: str) -> list[ContributionRecord]:
    """The oldest first; hidden, merged and split ones too."""
    return _ALL.all(connection, procurement=procurement)


def parents_of(connection: sa.Connection, procurement: str) -> Mapping[str, tuple[str, ...]]:
    """What each contribution was made of, by its id; nothing for those that people gave."""
    found: dict[str, tuple[str, ...]] = {}
    for child, parent in connection.execute(_PARENTS, {"procurement": procurement}):
        found[child] = (*found.get(child, ()), parent)
    return found


def links_of(connection: sa.Connection, procurement: str) -> list[TraceLinkRecord]:
    return _LINKS.all(connection, procurement=procurement)


def find_remark(connection: sa.Connection, key: str) -> RemarkRecord | None:
    return _REMARK.one(connection, key=key)


def remarks_of(connection: sa.Connection, procurement: str) -> list[RemarkRecord]:
    """What was said about every contribution, the oldest first; hidden ones too."""
    return _REMARKS.all(connection, procurement=procurement)
