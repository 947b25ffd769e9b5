"""What fields may choose from: the answers of other forms, and variables of the process."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from engine.clock import OSLO
from engine.forms.definition import JUDGED, STEPS, UNSHARED, Origin
from engine.model.definition import ProcessDefinition, steps_of
from engine.model.sealing import branch_of
from engine.procurement.frozen import DOCUMENTS
from engine.procurement.reading import entries, said
from engine.procurement.scoring import IN_MONEY
from engine.store import dialogue, records

Offers = Mapping[Origin, Mapping[str, str]]


def offers(
    connection: sa.Connection,
    procurement: str,
    scope: str,
    origins: Iterable[Origin],
    variables: Mapping[str, Any],
    model: ProcessDefinition,
) -> Offers:
    """Value → title for each origin, in the order in which they were given; an origin that does not
    exist yet is left out. A branch of one supplier sees its own forms and the common ones. `model`
    is what the procurement runs on."""
    found = {}
    for origin in origins:
        if origin.form:
            content = _newest(connection, procurement, origin.form, scope)
            values = None if content is None else list(_texts(content, origin.path))
        elif origin.records == JUDGED:
            values = _judged(_newest(connection, procurement, DOCUMENTS, scope))
        elif origin.records:
            values = list(_records(connection, procurement, scope, origin.records, model))
        else:
            values = variables.get(origin.variable)
        if isinstance(values, list):
            found[origin] = dict(filter(None, map(_offer, values)))
    return found


def _newest(
    connection: sa.Connection, procurement: str, form: str, scope: str
) -> dict[str, Any] | None:
    counting = records.submissions_of(connection, procurement, form)
    seen = [each.content for each in counting if branch_of(each.scope) in ("", branch_of(scope))]
    return seen[-1] if seen else None


def _records(
    connection: sa.Connection, procurement: str, scope: str, kind: str, model: ProcessDefinition
) -> Iterator[dict[str, str]]:
    """Records that a field may name by their number. What they say is confidential to a supplier,
    and who looks is not known here: they are told apart by number and day."""
    if kind == UNSHARED:
        for each in dialogue.items_of(connection, procurement):
            if each.waits and scope in ("", each.scope):
                day = each.learned_at.astimezone(OSLO)
                yield {"id": str(each.number), "name": f"{each.number} ({day:%d.%m.%Y})"}
    elif kind == STEPS:
        for process, element in steps_of(model):
            yield {"id": f"{process}/{element.id}", "name": element.name or element.id}


def _judged(documents: Mapping[str, Any] | None) -> list[str] | None:
    """The criteria that people give points for; None where none are written yet."""
    if documents is None:
        return None
    rows = entries(documents, "award_criteria")
    return [said(row, "criterion") for row in rows if said(row, "price_model") not in IN_MONEY]


def _texts(content: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """What stands at the path, in every row on the way."""
    if isinstance(content, list):
        for row in content:
            yield from _texts(row, path)
    elif not path:
        yield content
    elif isinstance(content, Mapping) and path[0] in content:
        yield from _texts(content[path[0]], path[1:])


def _offer(value: Any) -> tuple[str, str] | None:
    """A text stands for itself; a context has id and name."""
    if isinstance(value, str):
        return value, value
    if isinstance(value, Mapping) and isinstance(value.get("id"), str):
        return value["id"], str(value.get("name") or value["id"])
    return None
