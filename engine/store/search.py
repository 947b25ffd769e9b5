"""The index of what can be found: written in the transaction of the fact, read by one interface.

Terms are made in Python (`engine.search`), so that SQLite's FTS5 and PostgreSQL's tsvector hold and
find the same; both are kept by triggers on the table. `docs/search.md` says how it is laid out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from engine.search.entries import CONTEXT, Entry
from engine.search.question import Question, Word
from engine.store.schema import search_entry
from engine.store.types import EPOCH

COLUMNS: Final = (
    "kind",
    "object",
    "procurement",
    "organisation",
    "scope",
    "task",
    "title",
    "body",
    "heading",
    "terms",
    "at",
)
"""In the order of what the triggers of `index_queue` read."""
_MOST_PLACES: Final = 1000  # above that, looking through what is found is faster
_FTS: Final = sa.table("search_text", sa.column("rowid", sa.Integer))


def row_of(entry: Entry) -> dict[str, Any]:
    """The entry as a row."""
    return {name: getattr(entry, name) for name in COLUMNS}


def packed(entries: Iterable[Entry]) -> str:
    """Entries as the procurement's row takes them along: its trigger puts them into the index."""
    rows = [
        [*(str(getattr(each, name)) for name in COLUMNS[:-1]), _microseconds(each.at)]
        for each in entries
    ]
    return orjson.dumps(rows).decode()


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Matching:
    """How one kind of database finds what the parameter `question` asks for, the newest first."""

    source: "sa.FromClause"
    where: "sa.ColumnElement[bool]"
    newest: "sa.ColumnElement[Any]"


def matching(dialect: str) -> Matching:
    """For a database of this kind."""
    asked = sa.bindparam("question", type_=sa.Text)
    if dialect == "sqlite":
        return Matching(
            source=_FTS.join(search_entry, search_entry.c.id == _FTS.c.rowid),
            where=sa.literal_column("search_text", sa.Text).op("MATCH")(asked),
            newest=_FTS.c.rowid.desc(),
        )
    vector: sa.ColumnElement[Any] = sa.literal_column("search_entry.vector")
    return Matching(
        source=search_entry,
        where=vector.op("@@")(sa.cast(asked, TSQUERY)),
        newest=search_entry.c.id.desc(),
    )


def spelled(dialect: str, question: Question, places: Collection[str]) -> str:
    """The question as a database of this kind takes it: all words, those of phrases too.

    `places` are terms of which one must be there, none for anywhere. FTS5 is quick in taking many
    of them along; PostgreSQL is not, and has an index on procurements instead.
    """
    if dialect == "sqlite":
        return _SQLITE.of(question, places if len(places) <= _MOST_PLACES else ())
    # Terms hold plain letters, digits and our marks alone, so either quotation mark will do.
    return _POSTGRESQL.of(question, ()).replace('"', "'")


def spelled_any(dialect: str, stems: Collection[str]) -> str:
    """As `spelled`, for things that have any of these stems among their words."""
    if dialect == "sqlite":
        return _SQLITE.of_any(stems)
    return _POSTGRESQL.of_any(stems).replace('"', "'")


def make_ready(connection: sa.Connection) -> None:
    """PostgreSQL is to look at what is asked each time: which way is shortest depends on it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
            " set_config('jit', 'off', true)"
        )


def finds_phrases(dialect: str) -> bool:
    """Whether words that follow each other are found by the question itself. PostgreSQL's index
    holds no places: it would look at every thing that has all the words."""
    return dialect == "sqlite"


def phrase_in(terms: "sa.ColumnElement[str]", name: str) -> "sa.ColumnElement[bool]":
    """Whether the words of the parameter `name`, with a space on either side, follow each other."""
    spaced = sa.literal(" ") + terms + sa.literal(" ")
    return spaced.like(sa.literal("%") + sa.bindparam(name, type_=sa.Text) + sa.literal("%"))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a kind of database writes its questions."""

    also: str
    either: str
    beginning: str
    in_order: bool = False

    def of(self, question: Question, places: Collection[str]) -> str:
        """Every word is in the thing itself or around it, at least one in the thing itself; words
        of phrases all are."""
        words = question.words
        parts = [each for phrase in question.phrases for each in self._phrase(phrase)]
        if parts or len(words) > 1:
            parts += [self._any((self._word(each), self._word(each, CONTEXT))) for each in words]
        if not question.phrases:
            parts.append(self._any(map(self._word, words)))
        if places:
            parts.append(self._any(map(self._exactly, sorted(places))))
        return self.also.join(parts)

    def of_any(self, stems: Collection[str]) -> str:
        return self._any(map(self._exactly, sorted(stems)))

    def _phrase(self, stems: Sequence[str]) -> list[str]:
        """The words in their order where that is asked for at once, else each."""
        return (
            [self._exactly(" ".join(stems))] if self.in_order else list(map(self._exactly, stems))
        )

    def _word(self, word: Word, mark: str = "") -> str:
        whole = self._exactly(mark + word.stem)
        if not word.is_beginning:
            return whole
        return self._any((whole, self._exactly(mark + word.typed) + self.beginning))

    def _exactly(self, term: str) -> str:
        return f'"{term}"'

    def _any(self, parts: Iterable[str]) -> str:
        return "(" + self.either.join(parts) + ")"


_SQLITE: Final = _Spelling(also=" AND ", either=" OR ", beginning=" *", in_order=True)
_POSTGRESQL: Final = _Spelling(also=" & ", either=" | ", beginning=":*")


def clear(connection: sa.Connection) -> None:
    """Forget everything; other writers wait until this transaction is over."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE search_entry IN SHARE ROW EXCLUSIVE MODE")
    connection.execute(sa.delete(search_entry))


def put(connection: sa.Connection, entries: Collection[Entry]) -> None:
    """Keep entries, for acts that have no procurement's row to take them along."""
    if entries:
        connection.execute(sa.insert(search_entry), [row_of(each) for each in entries])


def remove(connection: sa.Connection, objects: Collection[str]) -> None:
    """Take away what is found of these things."""
    if objects:
        found = search_entry.c.object.in_(sorted(objects))
        connection.execute(sa.delete(search_entry).where(found))


def count(connection: sa.Connection) -> int:
    """How many things can be found."""
    return connection.scalar(sa.select(sa.func.count()).select_from(search_entry)) or 0
