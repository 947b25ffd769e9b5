"""Settings: read once from the environment, then frozen. `docs/settings.md` lists them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from engine.errors import InvalidInputError
from service.sign_in import NOBODY, SignIn, read_sign_in

BASE_URL = "PIVOTAL_BASE_URL"
_TRUE = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Tls(StrEnum):
    """How the way to the mail server is kept from others: not at all, from the start, or from a
    command on."""

    NONE = "none"
    TLS = "tls"
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over. `sender` stands in From; `returns_to` is the address that what
    cannot be delivered comes back to."""

    host: str
    port: int
    tls: Tls
    user: str
    password_file: Path | None
    sender: Address
    returns_to: str

    def password(self) -> str:
        """Read each time, so that it can be changed while the platform runs; raises OSError."""
        return self.password_file.read_text("utf-8").strip() if self.password_file else ""


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` holds the SQLite file and the signing key; `base_url` is where people reach it.

    `demo` turns on the sign-in without a password: never where real procurements are. `sign_in`
    lists the providers that vouch for people; `organisations` and `cpv` are extracts of registers
    to look up in. Without a server in `mail`, mails are put into the outbox folder. `contact` is
    the mail address of whoever runs the platform, "" for none.
    """

    data: Path
    database_url: str
    base_url: str
    demo: bool = False
    log_name: str = "pivotal.local"
    upload_megabytes: int = 25
    delivery_megabytes: int = 2048
    tick_seconds: int = 5
    session_idle_minutes: int = 30
    session_hours: int = 8
    sign_in: SignIn = NOBODY
    organisations: Path | None = None
    cpv: Path | None = None
    mail: MailServer | None = None
    contact: str = ""

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers send it."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def outbox(self) -> Path:
        """Where mails lie that no server takes."""
        return self.data / "outbox"

    @property
    def signing_key(self) -> Path:
        return self.data / "signing-key.pem"

    @property
    def secret_key(self) -> Path:
        """What the service keeps secret from others: 32 bytes, of which each purpose has a part."""
        return self.data / "secret.key"

    @property
    def vault(self) -> Path:
        """Where the private keys lie that open what suppliers handed in."""
        return self.data / "vault"

    @property
    def identity_vault(self) -> Path:
        """Where the keys lie that tell who stands behind a code in a contest."""
        return self.data / "identity-vault"

    @property
    def delivery_bytes(self) -> int:
        return self.delivery_megabytes * 1024 * 1024

    @property
    def upload_bytes(self) -> int:
        return self.upload_megabytes * 1024 * 1024

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read PIVOTAL_*; raises InvalidInputError naming the variable that cannot be used."""
        given = os.environ if environment is None else environment
        data = Path(given.get("PIVOTAL_DATA", "var"))
        return cls(
            data=data,
            database_url=given.get("PIVOTAL_DATABASE_URL", f"sqlite:///{data / 'pivotal.db'}"),
            base_url=given.get(BASE_URL, "http://127.0.0.1:8000").rstrip("/"),
            demo=_flag(given, "PIVOTAL_DEMO"),
            log_name=given.get("PIVOTAL_LOG_NAME", "pivotal.local"),
            upload_megabytes=_number(given, "PIVOTAL_UPLOAD_MEGABYTES", 25),
            delivery_megabytes=_number(given, "PIVOTAL_DELIVERY_MEGABYTES", 2048),
            tick_seconds=_number(given, "PIVOTAL_TICK_SECONDS", 5),
            session_idle_minutes=_number(given, "PIVOTAL_SESSION_IDLE_MINUTES", 30),
            session_hours=_number(given, "PIVOTAL_SESSION_HOURS", 8),
            sign_in=_sign_in(given.get("PIVOTAL_SIGN_IN", "")),
            organisations=_path(given, "PIVOTAL_ORGANISATIONS"),
            cpv=_path(given, "PIVOTAL_CPV"),
            mail=_mail(given),
            contact=_contact(given.get("PIVOTAL_CONTACT", "").strip()),
        )


def _sign_in(file: str) -> SignIn:
    return read_sign_in(Path(file)) if file else NOBODY


def _contact(text: str) -> str:
    return _address("PIVOTAL_CONTACT", text).addr_spec if text else ""


def _mail(given: Mapping[str, str]) -> MailServer | None:
    host = given.get("PIVOTAL_SMTP_HOST", "").strip()
    if not host:
        return None
    sender = _address("PIVOTAL_MAIL_FROM", given.get("PIVOTAL_MAIL_FROM", ""))
    returns_to = given.get("PIVOTAL_MAIL_RETURN", "").strip() or sender.addr_spec
    server = MailServer(
        host=host,
        port=_number(given, "PIVOTAL_SMTP_PORT", 587),
        tls=_tls(given.get("PIVOTAL_SMTP_TLS", Tls.STARTTLS).strip().lower()),
        user=given.get("PIVOTAL_SMTP_USER", "").strip(),
        password_file=_path(given, "PIVOTAL_SMTP_PASSWORD_FILE"),
        sender=sender,
        returns_to=_address("PIVOTAL_MAIL_RETURN", returns_to).addr_spec,
    )
    if server.user and server.tls is Tls.NONE:
        raise InvalidInputError(
            "PIVOTAL_SMTP_USER is set while PIVOTAL_SMTP_TLS is 'none': the password would be sent"
            " for anybody to read. Set PIVOTAL_SMTP_TLS to starttls or tls.",
            setting="PIVOTAL_SMTP_TLS",
        )
    return server


def _tls(text: str) -> Tls:
    if text not in tuple(Tls):
        raise InvalidInputError(
            f"PIVOTAL_SMTP_TLS is '{text}'. Set it to starttls, tls or none.",
            setting="PIVOTAL_SMTP_TLS",
        )
    return Tls(text)


def _address(name: str, text: str) -> Address:
    """An address with or without a name, such as `PIVOTAL <innkjop@example.no>`."""
    header = EmailMessage()
    try:
        header["From"] = text
        (found,) = header["From"].addresses
    except (ValueError, IndexError):  # the standard library's parser raises both
        found = Address()
    if not found.username or not found.domain:
        line = " ".join(text.split())
        raise InvalidInputError(
            f"{name} is '{line}'. Set it to an address such as PIVOTAL <innkjop@example.no>.",
            setting=name,
        )
    return Address(found.display_name, found.username, found.domain)


def _flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "").strip().lower()
    if text not in _TRUE:
        raise InvalidInputError(f"{name} is '{text}'. Set it to 1 or 0.", setting=name)
    return _TRUE[text]


def _path(given: Mapping[str, str], name: str) -> Path | None:
    text = given.get(name, "").strip()
    return Path(text) if text else None


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default)).strip()
    if not text.isdecimal() or int(text) == 0:
        raise InvalidInputError(
            f"{name} is '{text}'. Set it to a whole number above 0.", setting=name
        )
    return int(text)
