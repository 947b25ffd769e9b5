"""What a register tells of what was typed, alone: fetched while somebody fills in a form."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.errors import NotFoundError
from engine.forms.definition import LOOKED_UP, Kind
from engine.forms.values import Context
from service.pages.fields import LookUp, field_id, look_up_of
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    id: str
    found: LookUp


@router.get("/look-up/{kind}")
def look_up(
    kind: str,
    here: Here,
    name: Annotated[str, Query(max_length=200)] = "",
    value: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """The part of the page under the field `name`."""
    if kind not in {each.value for each in LOOKED_UP}:
        raise NotFoundError("register", kind)
    context = Context(registers=here.view.registers, now=here.view.now)
    found = look_up_of(Kind(kind), value, context, here.text)
    return here.show("tasks/look_up.html", Shown(name, field_id(name), found))
