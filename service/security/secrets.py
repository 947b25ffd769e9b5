"""What is made of the installation's own secret, of which each purpose has a part."""

import base64
import hashlib
import hmac
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken


def keyed_hash(secret: bytes, purpose: str, *values: str) -> str:
    """64 hexadecimal characters that tell nothing of the values to who has not the secret."""
    spelled = "\0".join((purpose, *values)).encode()
    return hmac.new(secret, spelled, hashlib.sha256).hexdigest()


class Box:
    """Texts that nobody else can read or change, and that go stale."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        key = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str, now: datetime) -> str:
        return self._fernet.encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def open(self, closed: str, now: datetime, seconds: int) -> str | None:
        """The text; None when it is not ours, was changed, or is older than `seconds`."""
        try:
            opened = self._fernet.decrypt_at_time(closed.encode(), seconds, int(now.timestamp()))
        except (InvalidToken, ValueError):
            return None
        return opened.decode()
