"""What suppliers handed in: opening receipt, registering, opening by two, and reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from engine.commands.intakes import OpenIntake
from engine.commands.openings import BeginOpening, LookUpIdentity, OpenDeliveries
from engine.errors import EngineError
from engine.model.delivery import PRICE, QUALITY
from engine.queries.deliveries import (
    Identity,
    ReceiptsPage,
    SealedContent,
    identity_of,
    read_file,
    receipts_page,
    receiver_of,
)
from engine.queries.view import View
from service.deliveries import Arriving, Sender, delivery_id
from service.dependencies import Bus, Everything
from service.errors import Explanation, explain
from service.pages.moments import typed_moment
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.visit import Here, Visit
from service.security.headers import download_headers
from service.uploads import with_suffix
from service.wiring import Parts

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`identity` is who stands behind a code, right after it was looked up."""

    found: ReceiptsPage
    typed: Posted | None
    problem: Explanation | None
    identity: Identity | None


def _show(
    here: Visit,
    key: str,
    sent: Posted | None = None,
    error: EngineError | None = None,
    identity: Identity | None = None,
) -> HTMLResponse:
    problem = explain(error, here.text) if error else None
    page = Shown(receipts_page(here.view, key), sent, problem, identity)
    return here.show("receipts/list.html", page, status=problem.status if problem else 200)


@router.get("/procurements/{key}/receipts")
def show_receipts(key: str, here: Here) -> HTMLResponse:
    return _show(here, key)


@router.post("/procurements/{key}/receipts/{act}")
def act_on_receipts(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Open receipt, begin to open what came, open it as the second, look up who is behind a
    code."""
    try:
        bus.handle(_command(key, act, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        return _show(here, key, sent, error)
    if act == "identity":
        return _show(here, key, identity=identity_of(here.view, key, sent["delivery"]))
    return go(f"/procurements/{key}/receipts", done=f"receipts-{act}")


def _command(key: str, act: str, sent: Posted) -> Any:
    if act == "intake":
        deadline = typed_moment(sent["deadline"]) if sent["deadline"] else None
        return OpenIntake(key, sent["kind"], sent["timer"], deadline)
    if act == "begin":
        return BeginOpening(key, sent["intake"])
    if act == "open":
        return OpenDeliveries(key, sent["opening"])
    if act == "identity":
        return LookUpIdentity(key, sent["delivery"])
    raise no_such_act(act)


@router.post("/procurements/{key}/receipts/{intake}/register")
def register(key: str, intake: str, here: Here, sent: Sent, parts: Everything) -> Response:
    """What came by another channel than the portal, with its files where it has any."""
    try:
        sender = Sender(
            parts.bus,
            here.person.actor,
            receiver_of(here.view, intake),
            supplier=sent["supplier"].strip(),
            name=sent["name"].strip(),
            channel=sent["channel"],
            remark=sent["remark"],
            delivery=delivery_id(parts.settings, here.person.actor, sent.request),
        )
        sender.deliver(arriving(sent), parts.settings.delivery_bytes)
    except EngineError as error:
        return _show(here, key, sent, error)
    return go(f"/procurements/{key}/receipts", done="receipts-register")


def arriving(sent: Posted) -> Iterator[Arriving]:
    """The files that were chosen, each in the part whose field it was chosen in."""
    for name, file in sent.files:
        if file.filename:
            yield Arriving(file.filename, file.file, PRICE if name == PRICE else QUALITY)


@router.get("/procurements/{key}/deliveries/{delivery}/files/{file}")
def download(key: str, delivery: str, file: str, here: Here, parts: Everything) -> Response:
    """A file of an opened delivery, decrypted while it is sent; no browser runs it."""
    found = read_file(here.view, key, delivery, file)
    return streamed(found, parts, here.view, (key, delivery, file))


def streamed(
    found: SealedContent, parts: Parts, view: View, where: tuple[str, str, str]
) -> StreamingResponse:
    """The file that was found, on a reader of the database that lasts as long as it is sent."""
    headers = download_headers(with_suffix(found.name, found.media_type))
    if found.size is not None:
        headers["Content-Length"] = str(found.size)
    chunks = _chunks(parts, view, where)
    return StreamingResponse(chunks, media_type=found.media_type, headers=headers)


def _chunks(parts: Parts, view: View, where: tuple[str, str, str]) -> Iterator[bytes]:
    with parts.store.reader() as connection:
        yield from read_file(view.on(connection), *where).chunks
