"""Which mail server the settings name."""

from pathlib import Path

import pytest

from engine.errors import InvalidInputError
from service.settings import MailServer, Settings, Tls

HERE = {"PIVOTAL_SMTP_HOST": "mail.town.test", "PIVOTAL_MAIL_FROM": "PIVOTAL <pivotal@town.test>"}


def server(**given: str) -> MailServer:
    found = Settings.from_environment({**HERE, **given}).mail
    assert found is not None
    return found


def test_without_a_host_there_is_no_mail_server() -> None:
    assert Settings.from_environment({"PIVOTAL_MAIL_FROM": "nonsense"}).mail is None


def test_a_host_and_a_sender_are_enough() -> None:
    found = server()

    assert (found.host, found.port, found.tls, found.user) == (
        "mail.town.test",
        587,
        "starttls",
        "",
    )
    assert str(found.sender) == "PIVOTAL <pivotal@town.test>"
    assert found.returns_to == "pivotal@town.test"


def test_what_is_given_holds(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hemmelig\n", "utf-8")

    found = server(
        PIVOTAL_SMTP_PORT="465",
        PIVOTAL_SMTP_TLS="tls",
        PIVOTAL_SMTP_USER="pivotal",
        PIVOTAL_SMTP_PASSWORD_FILE=str(secret),
        PIVOTAL_MAIL_RETURN="retur@town.test",
    )

    assert (found.port, found.tls, found.user) == (465, Tls.TLS, "pivotal")
    assert (found.password(), found.returns_to) == ("hemmelig", "retur@town.test")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"PIVOTAL_MAIL_FROM": ""}, "PIVOTAL_MAIL_FROM"),
        ({"PIVOTAL_MAIL_FROM": "town"}, "PIVOTAL_MAIL_FROM"),
        ({"PIVOTAL_MAIL_FROM": "a@"}, "PIVOTAL_MAIL_FROM"),
        ({"PIVOTAL_MAIL_FROM": "a@b.test, c@d.test"}, "PIVOTAL_MAIL_FROM"),
        ({"PIVOTAL_MAIL_FROM": "a@b.test\nBcc: c@d.test"}, "PIVOTAL_MAIL_FROM"),
        ({"PIVOTAL_MAIL_RETURN": "nobody"}, "PIVOTAL_MAIL_RETURN"),
        ({"PIVOTAL_SMTP_TLS": "ssl"}, "PIVOTAL_SMTP_TLS"),
        ({"PIVOTAL_SMTP_PORT": "smtp"}, "PIVOTAL_SMTP_PORT"),
        ({"PIVOTAL_SMTP_TLS": "none", "PIVOTAL_SMTP_USER": "x"}, "PIVOTAL_SMTP_TLS"),
    ],
)
def test_what_cannot_be_used_names_its_variable(given: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        Settings.from_environment({**HERE, **given})
