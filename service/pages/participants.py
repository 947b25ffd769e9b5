"""Inviting people from outside, and seeing who has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.participants import (
    Invited,
    InviteParticipants,
    MailInvitation,
    RemoveParticipant,
    RevokeInvitation,
)
from engine.errors import EngineError, InvalidInputError
from engine.queries.participants import ParticipantsPage, participants_page
from service.dependencies import Bus, Everything
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.visit import Here, Visit
from service.security.invitations import digest_of, fresh_ids, link_of, secret_of
from service.wiring import Parts

router = APIRouter(include_in_schema=False)

DAYS: Final = 14
MOST_CODES: Final = 200


@dataclass(frozen=True, slots=True)
class Door:
    """How an invitation is handed over: as a link, or as a code to type."""

    link: str
    code: str


@dataclass(frozen=True, slots=True)
class Shown:
    """`doors` by invitation, for those who may invite and as long as it is open."""

    found: ParticipantsPage
    doors: Mapping[str, Door]
    typed: Mapping[str, str]
    problem: Explanation | None
    days: int = DAYS


def _shown(
    here: Visit,
    parts: Parts,
    key: str,
    sent: Posted | None = None,
    error: EngineError | None = None,
) -> Shown:
    found = participants_page(here.view, key)
    doors = {
        each.id: Door(link_of(parts.settings, each.id), secret_of(parts.settings, each.id))
        for each in found.invitations
        if found.may_invite and each.state == "open"
    }
    typed = dict(sent.pairs) if sent else {}
    return Shown(found, doors, typed, explain(error, here.text) if error else None)


@router.get("/procurements/{key}/participants")
def show_participants(key: str, here: Here, parts: Everything) -> HTMLResponse:
    return here.show("participants/list.html", _shown(here, parts, key))


@router.post("/procurements/{key}/participants/{act}")
def act_on_participants(
    key: str, act: str, here: Here, bus: Bus, sent: Sent, parts: Everything
) -> Response:
    """Invite, invite again, mail or revoke an invitation, remove a participant."""
    try:
        command = _command(key, act, sent, parts)
        bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        page = _shown(here, parts, key, sent, error)
        status = page.problem.status if page.problem else 422
        return here.show("participants/list.html", page, status=status)
    return go(f"/procurements/{key}/participants", done=f"participants-{act}")


def _command(key: str, act: str, sent: Posted, parts: Parts) -> Any:
    reason = sent["_reason"].strip()
    if act == "mail":
        return MailInvitation(key, sent["invitation"])
    if act == "revoke":
        return RevokeInvitation(key, sent["invitation"], reason)
    if act == "remove":
        return RemoveParticipant(key, sent["participant"], reason)
    if act == "invite":
        return InviteParticipants(key, tuple(_invited(sent, parts)), reason)
    raise no_such_act(act)


def _invited(sent: Posted, parts: Parts) -> list[Invited]:
    """One for each line of names; so many without names where only a number was given. The link
    goes by mail to those with an address, if that was wished."""
    names = [line.strip() for line in sent["names"].splitlines() if line.strip()]
    wanted = len(names) or _without_names(sent)
    days = _whole(sent["days"] or str(DAYS), 365, "days")
    found: list[Invited] = []
    for at, key in enumerate(fresh_ids(sent.request, wanted)):
        name, _, email = (names[at] if names else "").partition("<")
        found.append(
            Invited(
                id=key,
                digest=digest_of(secret_of(parts.settings, key)),
                role=sent["role"],
                days=days,
                scope=sent["scope"],
                group=sent["group"],
                name=name.strip(),
                email=email.strip().removesuffix(">").strip(),
                participant=sent["participant"],
                by_mail=sent["by_mail"] == "true" and bool(email),
            )
        )
    return found


def _without_names(sent: Posted) -> int:
    """How many codes; one for a firm, or for somebody who was invited before."""
    count = sent["count"].strip()
    if not count and not sent["scope"] and not sent["participant"]:
        raise InvalidInputError(
            "Write whom you invite, or how many codes without names you need.",
            field="names",
            about="nobody-invited",
        )
    return _whole(count or "1", MOST_CODES, "count")


def _whole(text: str, most: int, what: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= most:
        raise InvalidInputError(
            f"Write a whole number from 1 to {most}, not «{text}».",
            field=what,
            most=most,
            about="whole-number-to",
            text=text,
        )
    return int(text)
