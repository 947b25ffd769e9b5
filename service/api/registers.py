"""Registers: who stands behind an organisation number, what a CPV code means."""

from typing import Annotated

from fastapi import Path, Query

from engine.forms.definition import Kind
from engine.queries.registers import find_entry, search_entries
from service.api.routing import make_router
from service.api.shapes import Told
from service.dependencies import Reader

router = make_router("registers")

MOST = 50
Words = Annotated[
    str,
    Query(alias="q", min_length=1, max_length=100, description="A number, a code, or words."),
]
KeyTyped = Annotated[str, Path(min_length=1, max_length=40)]


class RegisterEntry(Told):
    """An entry as the extract has it. `facts` are further texts, such as form and address; `dated`
    is the day of the extract, yyyy-mm-dd."""

    key: str
    name: str
    facts: dict[str, str]
    source: str
    dated: str


def _told(found: object) -> RegisterEntry:
    return RegisterEntry.model_validate(found)


@router.get("/registers/organisations")
def search_organisations(view: Reader, words: Words) -> list[RegisterEntry]:
    """Organisations by number or by words of their name; none where no extract is configured."""
    return [_told(each) for each in search_entries(view, Kind.ORGANISATION, words, MOST)]


@router.get("/registers/organisations/{number}")
def show_organisation(number: KeyTyped, view: Reader) -> RegisterEntry:
    """The organisation with this number."""
    return _told(find_entry(view, Kind.ORGANISATION, number))


@router.get("/registers/cpv")
def search_codes(view: Reader, words: Words) -> list[RegisterEntry]:
    """CPV codes by their first digits or by words, Norwegian or English."""
    return [_told(each) for each in search_entries(view, Kind.CPV, words, MOST)]


@router.get("/registers/cpv/{code}")
def show_code(code: KeyTyped, view: Reader) -> RegisterEntry:
    """The CPV code, with or without its check digit."""
    return _told(find_entry(view, Kind.CPV, code))
