"""The secrets of invitations: made of the installation's own secret, and never stored.

The link's secret is a keyed hash of the invitation's id, so that whoever may invite can be shown it
again; the database holds the SHA-256 of it, from which it cannot be found. The code for paper is
its beginning, spelled so that it can be read aloud.
"""

from base64 import b32encode
from hashlib import sha256
from secrets import token_bytes
from uuid import uuid4

from service.keyfiles import read_secret
from service.security.secrets import keyed_hash
from service.settings import Settings

_CODE_BYTES = 10
_CODE_GROUP = 4


def secret_of(settings: Settings, invitation: str) -> str:
    """16 characters of 80 bits in groups of four, such as ABCD-EFGH-IJKL-MNOP: enough that nobody
    guesses one where attempts are limited, and short enough to type."""
    hashed = keyed_hash(read_secret(settings.secret_key), "invitation", invitation)
    return _spelled(bytes.fromhex(hashed)[:_CODE_BYTES])


def fresh_receipt() -> str:
    """A code that nobody else knows, spelled alike: the one who answers a poll keeps it, to find
    the answer among those counted."""
    return _spelled(token_bytes(_CODE_BYTES))


def _spelled(secret: bytes) -> str:
    code = b32encode(secret).decode()
    return "-".join(code[at : at + _CODE_GROUP] for at in range(0, len(code), _CODE_GROUP))


def digest_of(secret: str) -> str:
    """What the database knows of a secret, however it was typed."""
    plain = "".join(secret.split()).replace("-", "").upper()
    return sha256(plain.encode()).hexdigest()


def link_of(settings: Settings, invitation: str) -> str:
    """The address that lets one in."""
    return f"{settings.base_url}/join/{secret_of(settings, invitation)}"


def fresh_ids(request: str, count: int) -> list[str]:
    """Ids of new invitations: the same when the same request comes again, so that it makes no
    others."""
    if not request:
        return [uuid4().hex for _ in range(count)]
    return [sha256(f"{request}:{at}".encode()).hexdigest()[:32] for at in range(count)]
