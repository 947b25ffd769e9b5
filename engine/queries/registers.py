"""Looking in the registers: by key, or by words."""

from dataclasses import dataclass

from engine.errors import NotFoundError
from engine.forms.definition import Kind
from engine.forms.looking_up import key_of, register_of
from engine.model.register import Found, Source
from engine.queries.view import View


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry with where it was read. `dated` is the day of the extract, yyyy-mm-dd."""

    key: str
    name: str
    facts: dict[str, str]
    source: str
    dated: str


def find_entry(view: View, kind: Kind, typed: str) -> RegisterEntry:
    """The entry of a number or code; raises NotFoundError when there is none."""
    register, key = register_of(kind, view.registers), key_of(kind, typed)
    found = register.find(key) if register is not None and key is not None else None
    if register is None or found is None:
        raise NotFoundError(kind.value, typed)
    return _entry(view, found, register.source)


def search_entries(view: View, kind: Kind, words: str, most: int) -> tuple[RegisterEntry, ...]:
    """Entries by the beginning of their key or by words; none without a register."""
    register = register_of(kind, view.registers)
    if register is None:
        return ()
    return tuple(_entry(view, each, register.source) for each in register.search(words, most))


def _entry(view: View, found: Found, source: Source) -> RegisterEntry:
    name = found.name(view.language)
    return RegisterEntry(found.key, name, dict(found.facts), source.name, source.dated)
