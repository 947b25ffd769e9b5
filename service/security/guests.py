"""People from outside: coming in by an invitation, and whose a portal cookie is."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from fastapi import Response

from engine.commands.market import SignUp
from engine.commands.participants import AskBack, IdentifyParticipant, UseInvitation
from engine.errors import NotFoundError
from engine.model.actor import Actor
from engine.model.records import ParticipantRecord
from engine.store import participants, portal_sessions
from engine.store.portal_sessions import PortalSession
from service.security.invitations import digest_of, fresh_ids, secret_of
from service.security.sessions import SignedIn, SignInNeededError
from service.wiring import Parts

LONGEST: Final = timedelta(days=14)
MOST_LINKS: Final = 20
NOBODY: Final = Actor("nobody", "–", "")


class InvitationNeededError(SignInNeededError):
    """Nobody has come in, or the stay has ended."""

    code = "invitation-needed"


@dataclass(frozen=True, slots=True)
class Arrived:
    """`cookie` is the value for the browser."""

    procurement: str
    cookie: str


def cookie_name(parts: Parts) -> str:
    return "__Host-pivotal-portal" if parts.settings.is_https else "pivotal-portal"


def come_in(parts: Parts, secret: str, name: str, request: str) -> Arrived:
    """Use the invitation and open a stay of two weeks; raises InvitationNotValidError."""
    answer = parts.bus.handle(UseInvitation(digest_of(secret), name), NOBODY, request=request)
    return _open_stay(parts, answer["procurement"], answer["participant"])


def sign_up(parts: Parts, command: SignUp, request: str) -> Arrived:
    """Sign up on the open page of a market dialogue, and open a stay."""
    answer = parts.bus.handle(command, NOBODY, request=request)
    return _open_stay(parts, answer["procurement"], answer["participant"])


def _open_stay(
    parts: Parts, procurement: str, participant: str, provider: str = "", subject: str = ""
) -> Arrived:
    value = secrets.token_urlsafe(32)
    now = parts.clock.now()
    with parts.store.unit_of_work() as work:
        portal_sessions.remove_started_before(work, now - LONGEST)
        csrf = secrets.token_urlsafe(32)
        record = PortalSession(_digest(value), participant, csrf, now, provider, subject)
        portal_sessions.add(work, record)
    return Arrived(procurement, value)


def come_back(parts: Parts, provider: str, subject: str, cookie: str | None) -> Arrived | None:
    """Whom a provider vouches for: somebody who is in comes in by it from now on, and keeps the
    stay (None); somebody who did so before comes in again, where he or she joined last, and may
    change to another place of hers or his.

    Raises InvitationNeededError for who is neither.
    """
    try:
        guest = who(parts, cookie)
    except InvitationNeededError:
        with parts.store.reader() as connection:
            known = participants.known_as(connection, provider, subject)
        if not known:
            raise InvitationNeededError("Use the invitation you were sent first.") from None
        return _open_stay(parts, known[0].procurement, known[0].id, provider, subject)
    parts.bus.handle(IdentifyParticipant(provider, subject), guest.actor)
    with parts.store.unit_of_work() as work:
        portal_sessions.vouch(work, _digest(cookie or ""), provider, subject)
    return None


def places(parts: Parts, cookie: str) -> list[ParticipantRecord]:
    """The places of whoever came in by a provider's word, the newest first; none of anybody who
    came by an invitation, which is for one place alone."""
    with parts.store.reader() as connection:
        stay = portal_sessions.find(connection, _digest(cookie))
        if stay is None:
            return []
        return participants.known_as(connection, stay.provider, stay.subject)


def change_place(parts: Parts, cookie: str, participant: str) -> Arrived:
    """End the stay and open one in another place of the same person; nothing of the one is seen in
    the other. Raises NotFoundError, the same for another's place as for none."""
    with parts.store.reader() as connection:
        stay = portal_sessions.find(connection, _digest(cookie))
    found = next((each for each in places(parts, cookie) if each.id == participant), None)
    if stay is None or found is None:
        raise NotFoundError("place", participant)
    arrived = _open_stay(parts, found.procurement, found.id, stay.provider, stay.subject)
    with parts.store.unit_of_work() as work:
        portal_sessions.remove(work, _digest(cookie))
    return arrived


def ask_back(parts: Parts, address: str, request: str = "") -> None:
    """Mail a link back to each of the newest places of whoever has this address. Nobody is told
    whether anybody has."""
    with parts.store.reader() as connection:
        known = participants.reached_at(connection, address)[:MOST_LINKS]
        actors = [participants.load_participant(connection, each.id) for each in known]
    for actor in actors:
        (key,) = fresh_ids(request and f"{request}:{actor.id}", 1)
        command = AskBack(key, digest_of(secret_of(parts.settings, key)))
        parts.bus.handle(command, actor, request=request)


def set_stay(answer: Response, parts: Parts, arrived: Arrived) -> None:
    """Give the browser its cookie, which it keeps when it is closed: the way in is spent."""
    answer.set_cookie(
        cookie_name(parts),
        arrived.cookie,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=parts.settings.is_https,
        path="/",
    )


def end_stay(answer: Response, parts: Parts, value: str) -> None:
    """End the stay and take the cookie back."""
    with parts.store.unit_of_work() as work:
        portal_sessions.remove(work, _digest(value))
    answer.delete_cookie(
        cookie_name(parts), path="/", secure=parts.settings.is_https, httponly=True
    )


def who(parts: Parts, value: str | None) -> SignedIn:
    """The participant whose stay this is; raises InvitationNeededError."""
    if not value:
        raise InvitationNeededError("Use the invitation you were sent.")
    with parts.store.reader() as connection:
        record = portal_sessions.find(connection, _digest(value))
        if record is None or parts.clock.now() - record.started_at > LONGEST:
            raise InvitationNeededError("The stay has ended. Ask the buyer for a new invitation.")
        try:
            actor = participants.load_participant(connection, record.participant)
        except NotFoundError as error:
            raise InvitationNeededError("The participant was removed.") from error
    via = f"provider:{record.provider}" if record.provider else ""
    return SignedIn(replace(actor, via=via), record.csrf)


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
