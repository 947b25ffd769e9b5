"""People from outside who have come in, for tests."""

from hashlib import sha256
from uuid import uuid4

from engine.commands.participants import Invited, InviteParticipants, UseInvitation
from engine.model.actor import Actor
from engine.store import participants
from tests.support.platform import Platform


def bring_supplier(
    platform: Platform, procurement: str, scope: str, *, name: str = "", email: str = ""
) -> Actor:
    """Somebody of the supplier `scope`, invited by the lead and come in."""
    return _bring(platform, procurement, "supplier", scope=scope, name=name, email=email)


def bring_citizen(
    platform: Platform, procurement: str, *, name: str = "", email: str = ""
) -> Actor:
    return _bring(platform, procurement, "citizen", name=name, email=email)


def _bring(
    platform: Platform,
    procurement: str,
    role: str,
    *,
    scope: str = "",
    name: str = "",
    email: str = "",
) -> Actor:
    secret = uuid4().hex
    digest = sha256(secret.encode()).hexdigest()
    firm = f"Firma {scope}" if scope else ""
    invited = Invited(secret, digest, role, 14, scope, firm, name or f"Fra {scope}", email)
    platform.act("lead", InviteParticipants(procurement, (invited,)))
    answer = platform.bus.handle(UseInvitation(digest), platform.actor("stranger"))
    with platform.store.reader() as connection:
        return participants.load_participant(connection, answer["participant"])
