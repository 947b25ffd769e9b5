"""What is known of suppliers as businesses."""

from typing import Final

import sqlalchemy as sa

from engine.model.business import BusinessRecord
from engine.store.rows import Selection
from engine.store.schema import business

_BUSINESSES: Final = Selection(
    business,
    BusinessRecord,
    business.c.procurement == sa.bindparam("procurement"),
    order=(business.c.scope,),
)


def businesses_of(connection: sa.Connection, procurement: str) -> list[BusinessRecord]:
    return _BUSINESSES.all(connection, procurement=procurement)
