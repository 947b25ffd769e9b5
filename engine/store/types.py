"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
BigKey: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A point in time as whole microseconds since 1970 in UTC.

    SQLite gives zone-less values back for `DateTime`; an integer orders and compares the same on
    both databases.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """JSON as text: PostgreSQL's JSONB reorders keys and would lose process data."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        return None if value is None else orjson.loads(value)


class TextList(TypeDecorator[list[str]]):
    """A list of texts as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> "sa.types.TypeEngine[Any]":
        text = sa.Text()
        kind = sa.ARRAY(text) if dialect.name == "postgresql" else text
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: list[str] | None, dialect: sa.Dialect) -> Any:
        return value if dialect.name == "postgresql" else orjson.dumps(value).decode()


class Among(FunctionElement[bool]):
    """Whether a column's text is in the list that is given as the parameter `name`.

    `IN` would need another statement for each length of the list.
    """

    inherit_cache = True
    type = sa.Boolean()
    # It can be asked as it is. SQLite would find no index for `… IN (…) = 1`, which is what
    # SQLAlchemy writes there for what is true or false but no comparison it knows.
    _is_implicitly_boolean = True

    def __init__(self, column: "sa.ColumnElement[str]", name: str) -> None:
        super().__init__(column, sa.bindparam(name, type_=TextList()))


@compiles(Among, "sqlite")
def _among_json(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - both are SQL


@compiles(Among, "postgresql")
def _among_array(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({given})"
