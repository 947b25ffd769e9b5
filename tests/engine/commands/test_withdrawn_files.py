"""Who attached a file takes it back, while nothing rests on it; then nobody can open it."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.commands.attachments import AddAttachment, WithdrawAttachment
from engine.commands.contributions import GiveContribution
from engine.commands.drafts import SaveDraft
from engine.commands.handing import HandDocument
from engine.commands.tasks import CompleteTask
from engine.errors import FileInUseError, ForbiddenError, NotFoundError
from engine.queries.conversation import attachments_of, read_attachment
from engine.queries.documents import documents_of
from engine.queries.record import log_of
from engine.queries.view import View, find_procurement
from engine.store import dialogue, records
from tests.support.circle import A, make_circle
from tests.support.platform import GOOD_NEED, Platform


def view_of(platform: Platform, person: str, connection: Any) -> View:
    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    return View(connection, definitions, platform.actor(person), now)


def attached(platform: Platform, procurement: str, task: str = "", by: str = "lead") -> str:
    file = AddAttachment(procurement, "Feil fil.txt", "text/plain", b"Feil", task)
    return str(platform.act(by, file)["attachment"])


def test_a_file_that_was_taken_back_is_opened_by_nobody_and_stays_on_record(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    key = attached(any_platform, procurement)
    any_platform.act("lead", WithdrawAttachment(procurement, key))
    any_platform.act("lead", WithdrawAttachment(procurement, key))

    with any_platform.store.reader() as connection:
        view = view_of(any_platform, "lead", connection)
        seen = find_procurement(view, procurement)
        [shown] = attachments_of(seen, "", seen.target())
        files = documents_of(seen).files
        [entry] = (each for each in log_of(seen).entries if each.type == "AttachmentWithdrawn")
        with pytest.raises(NotFoundError):
            read_attachment(view, key)
        usable = records.attachments_of(connection, procurement)
    assert shown.withdrawn_at == any_platform.clock.now()
    assert not shown.may_withdraw
    assert files == ()
    assert usable == []
    assert (entry.data or {})["name"] == "Feil fil.txt"
    assert any_platform.entries(procurement).count("AttachmentWithdrawn") == 1
    assert all(each.ok for each in any_platform.verify())


def test_only_who_attached_it_takes_it_back(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = attached(any_platform, procurement)

    with pytest.raises(ForbiddenError):
        any_platform.act("owner", WithdrawAttachment(procurement, key))
    with pytest.raises(NotFoundError):
        any_platform.act("stranger", WithdrawAttachment(procurement, key))
    with pytest.raises(NotFoundError):
        any_platform.act("lead", WithdrawAttachment(procurement, "absent"))

    with any_platform.store.reader() as connection:
        offered = {
            person: attachments_of(seen, "", seen.target())[0].may_withdraw
            for person in ("lead", "owner")
            for seen in [find_procurement(view_of(any_platform, person, connection), procurement)]
        }
    assert offered == {"lead": True, "owner": False}


def test_a_file_of_another_procurement_is_not_found(platform: Platform) -> None:
    first, second = platform.start(), platform.start(reference="2026/2")
    key = attached(platform, first)

    with pytest.raises(NotFoundError):
        platform.act("lead", WithdrawAttachment(second, key))


def in_a_draft(platform: Platform, procurement: str) -> str:
    task = platform.task(procurement, "describe").id
    key = attached(platform, procurement, task)
    platform.act("lead", SaveDraft(task, {**GOOD_NEED, "need": f"Se {key}"}, {}))
    return key


def handed_in(platform: Platform, procurement: str) -> str:
    task = platform.task(procurement, "describe").id
    key = attached(platform, procurement, task)
    platform.act("lead", CompleteTask(task, {**GOOD_NEED, "need": f"Se {key}"}))
    return key


def contributed(platform: Platform, procurement: str) -> str:
    key = attached(platform, procurement)
    given = GiveContribution(procurement, "need", "Se bildet.", role="citizen", files=(key,))
    platform.act("lead", given)
    return key


@pytest.mark.parametrize("use", [in_a_draft, handed_in, contributed])
def test_what_something_rests_on_is_not_taken_back(
    any_platform: Platform, use: Callable[[Platform, str], str]
) -> None:
    procurement = any_platform.start()
    key = use(any_platform, procurement)

    with pytest.raises(FileInUseError):
        any_platform.act("lead", WithdrawAttachment(procurement, key))

    assert "AttachmentWithdrawn" not in any_platform.entries(procurement)


def test_what_a_supplier_was_handed_is_not_taken_back(any_platform: Platform) -> None:
    circle = make_circle(any_platform)
    document = HandDocument(circle.procurement, "a.txt", "text/plain", b"a", A)
    any_platform.act("lead", document)
    with any_platform.store.reader() as connection:
        [given] = dialogue.handed_of(connection, circle.procurement)

    with pytest.raises(FileInUseError):
        any_platform.act("lead", WithdrawAttachment(circle.procurement, given.attachment))
