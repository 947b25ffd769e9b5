"""The record of a procurement: its entries, its verdict, points to go back to, and its export."""

from datetime import date, datetime
from pathlib import Path as Folder
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Path, Query
from fastapi.responses import Response

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.queries.changes import changes_in
from engine.queries.record import (
    Group,
    LogFilter,
    audit_of,
    log_of,
    points_of,
    require_whole_record,
)
from engine.queries.verification import export_chain
from engine.queries.view import see_at, see_procurement
from service.api.conversation import entries_told
from service.api.routing import AsOf, content, make_router
from service.api.shapes import ChangedTold, Entry, IdInPath, IdOrNone, Told
from service.dependencies import Everything, Reader, Text
from service.pages.changes import changed_in
from service.security.headers import DOWNLOAD_POLICY

router = make_router("record")


class Entries(Told):
    """A page of the record, newest first; `older` is what `below` is for the next one, 0 at the
    end."""

    items: list[Entry]
    older: int


class EntryDetail(Told):
    entry: Entry
    changes: list[ChangedTold]


class Verdict(Told):
    """`first_bad` is the first entry that cannot be relied on."""

    ok: bool
    entries: int
    covered: int
    first_bad: int | None
    code: str
    message: str


class Audit(Told):
    """The verdict, the head of the chain, and the newest checkpoint with the key it is signed
    with."""

    procurement: str
    reference: str
    title: str
    verdict: Verdict
    head: str
    checkpoint: str
    checkpoints: int
    key: str


class Point(Told):
    """A moment to go back to: right before entry `seq`."""

    seq: int
    at: datetime
    by: str
    type: str
    element: str


async def read_filter(
    group: Annotated[Group | None, Query(description="What the entries are about.")] = None,
    by: Annotated[IdOrNone, Query(description="Who acted.")] = "",
    since: Annotated[date | None, Query(description="The first day, in Oslo.")] = None,
    until: Annotated[date | None, Query(description="The last day, in Oslo.")] = None,
) -> LogFilter:
    return LogFilter(group, by, since, until)


@router.get("/procurements/{procurement}/entries")
def list_entries(
    procurement: IdInPath,
    view: Reader,
    text: Text,
    wanted: Annotated[LogFilter, Depends(read_filter)],
    below: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    as_of: AsOf = None,
) -> Entries:
    """The record, newest first, a page at a time; what is confidential to others is hidden."""
    with see_at(view, procurement, as_of) as seen:
        log = log_of(seen, below=below, limit=limit, wanted=wanted)
    return Entries(items=entries_told(log.entries, text), older=log.older)


@router.get("/procurements/{procurement}/entries/{seq}")
def show_entry(
    procurement: IdInPath,
    seq: Annotated[int, Path(ge=1, le=2**31 - 1)],
    view: Reader,
    text: Text,
) -> EntryDetail:
    """One entry with what it changed, field by field as people read it."""
    seen = see_procurement(view, procurement)
    found = log_of(seen, below=seq + 1, limit=1).entries
    if not found or found[0].seq != seq:
        raise NotFoundError("entry", seq)
    changes = changes_in(seen, found).get(seq)
    changed = changed_in(changes, seen.my_roles, text) if changes else []
    [entry] = entries_told(found, text)
    return EntryDetail(entry=entry, changes=[ChangedTold.model_validate(each) for each in changed])


@router.get("/procurements/{procurement}/points")
def list_points(procurement: IdInPath, view: Reader) -> list[Point]:
    """The newest moments to go back to; none for those who do not steer it."""
    seen = see_procurement(view, procurement)
    points = points_of(seen) if seen.may(Action.STEER, seen.target()) else ()
    return [Point.model_validate(each) for each in points]


@router.get("/procurements/{procurement}/audit")
def verify(procurement: IdInPath, view: Reader, parts: Everything) -> Audit:
    """Verify the whole record now."""
    found = audit_of(view, procurement, parts.store.signer.verifier_key)
    return Audit.model_validate(found)


@router.get(
    "/procurements/{procurement}/export",
    response_class=Response,
    responses=content("application/zip"),
)
def export(procurement: IdInPath, view: Reader, parts: Everything) -> Response:
    """The whole record as a zip that an outsider can verify; for those who may see all of it."""
    reference = require_whole_record(view, procurement)
    keys = (parts.store.signer.verifier_key,)
    with TemporaryDirectory() as folder:
        path = Folder(folder) / "record.zip"
        export_chain(view.connection, reference, keys, path, view.now)
        bundle = path.read_bytes()
    name = quote(f"{reference.replace('/', '-')}.zip", safe="")
    return Response(
        bundle,
        media_type="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": DOWNLOAD_POLICY,
        },
    )
