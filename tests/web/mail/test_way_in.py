"""The way to the mail server: kept from others, and signed in."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.outbox import Postman
from service.settings import Tls
from service.wiring import Parts
from tests.support.mail_server import Served, mail_server, only
from tests.support.platform import GOOD_NEED, Platform
from tests.support.web import make_parts
from tests.web.mail.conftest import with_server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file, that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 - the library looks at the real clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secured(certificate: Path) -> Iterator[Served]:
    """A server that wants STARTTLS and a sign-in before it takes anything."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with mail_server(
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=only("pivotal", "hemmelig"),
    ) as found:
        yield found


@pytest.fixture
def parts(platform: Platform, secured: Served, tmp_path: Path) -> Parts:
    """Two mails wait."""
    platform.complete("lead", platform.start(), "describe", submission=GOOD_NEED)
    password = tmp_path / "password"
    password.write_text("hemmelig\n", "utf-8")
    made = with_server(make_parts(platform, tmp_path), secured.port, Tls.STARTTLS)
    assert made.settings.mail is not None
    server = replace(made.settings.mail, user="pivotal", password_file=password)
    return replace(made, settings=replace(made.settings, mail=server))


def test_mails_go_the_safe_way_to_a_server_that_is_trusted(
    parts: Parts, secured: Served, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert Postman(parts).round() == 2
    assert len(secured.behaviour.taken) == 2


def test_a_server_that_nobody_vouches_for_gets_nothing(parts: Parts, secured: Served) -> None:
    assert Postman(parts).round() == 0
    assert secured.behaviour.taken == []


@pytest.mark.parametrize("content", ["feil\n", None])
def test_a_wrong_or_missing_password_lets_mails_wait(
    platform: Platform,
    parts: Parts,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: str | None,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert parts.settings.mail is not None
    assert parts.settings.mail.password_file is not None
    file = parts.settings.mail.password_file
    file.unlink() if content is None else file.write_text(content, "utf-8")
    early = Postman(parts).round()

    file.write_text("hemmelig\n", "utf-8")
    platform.clock.set(platform.clock.now() + timedelta(minutes=2))

    assert (early, Postman(parts).round()) == (0, 2)
