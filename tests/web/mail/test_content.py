"""What a mail says, and what it never says."""

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from engine.commands.mails import ChooseMail
from engine.commands.organisations import AddPerson
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.tasks import DelegateTask
from engine.commands.team import AddMember, RemoveMember
from engine.model.actor import SYSTEM
from engine.model.notifications import Topic
from engine.notifications.timing import Preference
from engine.store import people
from service.outbox import Postman
from service.wiring import Parts
from tests.support.mail_server import Behaviour, Served
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform
from tests.support.small_process import KEY
from tests.support.web import make_parts
from tests.web.mail.conftest import with_server


def tell_owner(platform: Platform, *, team: tuple[Seat, ...] = TEAM) -> str:
    procurement = platform.start(team=team)
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    return procurement


def of(server: Behaviour, address: str = "owner@x.test") -> tuple[str, str, str]:
    """Subject, text and HTML of the one mail to this address."""
    (message,) = [message for to, message in server.taken if to == address]
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return str(message["Subject"]), text.get_content(), html.get_content()


def test_a_mail_says_what_where_by_when_and_leads_there(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    task = any_platform.task(any_platform.start(), "describe")
    any_platform.act("lead", DelegateTask(task.id, "lawyer"))

    postman.round()

    subject, text, html = of(server, "lawyer@x.test")
    assert subject == "Lead har delegert en oppgave til deg: Describe (2026/1)"
    for part in (text, html):
        assert "Hei Lawyer," in part
        assert "2026/1 Badeplass" in part
        assert "Frist: 06.04.2026 kl. 09.00" in part
        assert "http://testserver/notifications/" in part
        assert "http://testserver/notifications/choices" in part
    assert '<html lang="nb">' in html


def test_a_mail_holds_nothing_that_was_handed_in(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    tell_owner(any_platform)

    postman.round()

    assert GOOD_NEED["need"] not in "".join(of(server))


def test_a_mail_about_a_suppliers_branch_does_not_name_the_supplier(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    any_platform.to_branches(any_platform.start())

    postman.round()

    for part in of(server):
        assert "Alfa" not in part
        assert "910000004" not in part


def test_a_mail_is_in_the_language_that_was_chosen(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    any_platform.act("owner", ChooseMail(Preference(language="en")))
    tell_owner(any_platform)

    postman.round()

    subject, text, html = of(server)
    assert subject == "New task: Draft (2026/1)"
    assert "Hello Owner," in text
    assert '<html lang="en">' in html


def test_what_is_not_wanted_by_mail_is_in_the_inbox_alone(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    any_platform.act("owner", ChooseMail(Preference(by_mail=frozenset({Topic.GATE}))))
    tell_owner(any_platform)

    postman.round()

    assert [address for address, _ in server.taken] == ["owner-2@x.test"]


def test_in_quiet_hours_a_mail_waits_and_leaves_when_the_choice_is_taken_back(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    quiet = Preference(quiet_from=time(8), quiet_to=time(16))  # it is nine o'clock in Oslo
    any_platform.act("owner", ChooseMail(quiet))
    tell_owner(any_platform)
    postman.round()
    held_back = [address for address, _ in server.taken]

    any_platform.act("owner", ChooseMail(Preference()))
    postman.round()

    assert held_back == ["owner-2@x.test"]
    assert [address for address, _ in server.taken] == ["owner-2@x.test", "owner@x.test"]


def test_neither_a_name_nor_a_text_can_write_headers(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    name = "Odd\r\nBcc: all@x.test\r\n\r\nfalse"
    any_platform.bus.handle(AddPerson(TOWN, name, "odd", "odd@x.test", "odd"), SYSTEM)
    tell_owner(any_platform, team=(*TEAM, Seat("odd", "need-owner")))

    postman.round()

    (message,) = [message for to, message in server.taken if to == "odd@x.test"]
    assert message["Bcc"] is None
    assert message["To"].addresses[0].display_name == "Odd Bcc: all@x.test false"
    assert len(server.taken) == 3


def test_markup_in_a_title_is_text(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    command = StartProcurement(KEY, "<b onclick=x>Bad</b>", TOWN, "2026/1", TEAM)
    procurement = str(any_platform.act("lead", command)["procurement"])
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    postman.round()

    _, _, html = of(server)
    assert "<b onclick" not in html
    assert "&lt;b onclick=x&gt;Bad&lt;/b&gt;" in html


@pytest.mark.parametrize(
    "address", ["none", "a@", "a b@x.test", "a@x.test\r\nRCPT TO:<b@x.test>", "a@x.test, b@x.test"]
)
def test_an_address_that_is_none_reaches_nobody(
    platform: Platform, served: Served, tmp_path: Path, address: str
) -> None:
    platform.bus.handle(AddPerson(TOWN, "Odd", "odd", address, "odd"), SYSTEM)
    tell_owner(platform, team=(*TEAM, Seat("odd", "need-owner")))

    Postman(with_server(make_parts(platform, tmp_path), served.port)).round()

    reached = sorted(to for to, _ in served.behaviour.taken)
    assert reached == ["owner-2@x.test", "owner@x.test"]


def test_a_name_with_odd_letters_reaches_its_owner(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    name = 'Åse "Ås" Ødegård, <jr>'
    any_platform.bus.handle(AddPerson(TOWN, name, "odd", "odd@x.test", "odd"), SYSTEM)
    tell_owner(any_platform, team=(*TEAM, Seat("odd", "need-owner")))

    postman.round()

    (message,) = [message for to, message in server.taken if to == "odd@x.test"]
    (addressed,) = message["To"].addresses
    assert (addressed.display_name, addressed.addr_spec) == (name, "odd@x.test")


def test_who_left_the_team_before_the_mail_was_sent_gets_none(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = tell_owner(any_platform)
    with any_platform.store.reader() as connection:
        team = people.team(connection, procurement)
    seat = next(each.id for each in team if each.person == "owner")
    any_platform.act("lead", RemoveMember(procurement, seat, "Sluttet"))

    postman.round()
    any_platform.act("lead", AddMember(procurement, Seat("owner", "need-owner"), "Tilbake"))
    postman.round()

    assert [address for address, _ in server.taken] == ["owner-2@x.test"]


def test_nobody_is_asked_to_answer_a_mail(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    tell_owner(any_platform)

    postman.round()

    for _, message in server.taken:
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"].endswith("@pivotal.local>")
        assert message["Content-Language"] == "nb"


def test_links_lead_to_the_address_that_people_use(
    any_platform: Platform, mailing: Parts, server: Behaviour
) -> None:
    settings = replace(mailing.settings, base_url="https://innkjop.town.test")
    tell_owner(any_platform)

    Postman(replace(mailing, settings=settings)).round()

    assert "https://innkjop.town.test/notifications/" in of(server)[1]
