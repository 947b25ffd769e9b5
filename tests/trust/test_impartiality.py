"""Nobody comes near what suppliers say before declaring impartiality, nor with a conflict."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.messages import ReportMessage
from engine.commands.procurements import Seat
from engine.commands.tasks import ClaimTask, CompleteTask
from engine.commands.team import AddMember
from engine.errors import ForbiddenError, NotFoundError, RejectedError
from engine.queries.conversation import read_attachment
from engine.queries.impartiality import impartiality_page
from engine.queries.notifications import inbox
from engine.queries.record import require_whole_record
from engine.queries.search import search
from engine.queries.submissions import visible_submissions
from engine.queries.suppliers import suppliers_of
from engine.queries.task import task_page
from engine.queries.view import View, find_procurement
from engine.queries.worklist import task_lists
from engine.store import records
from engine.store import search as index
from engine.store.schema import metadata
from tests.support.circle import A, B
from tests.support.declaring import assess, declare, report_conflict, start_declaring
from tests.support.platform import Platform

WORD = "badebrygge"


def look(platform: Platform, person: str, question: Callable[[View], Any]) -> Any:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        actor, now = platform.actor(person), platform.clock.now()
        return question(View(connection, definitions, actor, now))


def sees(platform: Platform, procurement: str, person: str, file: str, task: str) -> set[str]:
    """The ways by which the person gets at Alfa's matter."""

    def found(view: View) -> set[str]:
        seen = find_procurement(view, procurement)
        ways = {
            "suppliers": bool(suppliers_of(seen)),
            "forms": any(each.scope for each in visible_submissions(seen)),
            "search": bool(search(view, WORD).hits),
            "inbox": any(row.task for row in inbox(view).rows),
            "lists": any(row.scope for row in (*task_lists(view).roles, *task_lists(view).mine)),
        }
        for name, ask in {
            "task": lambda: task_page(view, task),
            "file": lambda: read_attachment(view, file),
            "export": lambda: require_whole_record(view, procurement),
        }.items():
            try:
                ask()
                ways[name] = True
            except (NotFoundError, ForbiddenError):
                ways[name] = False
        return {name for name, holds in ways.items() if holds}

    return set(look(platform, person, found))


@pytest.fixture
def traced(any_platform: Platform) -> tuple[Platform, str, str, str]:
    """Platform, procurement, a file and a task of Alfa's branch; the lead alone has declared."""
    platform = any_platform
    procurement = start_declaring(platform)
    declare(platform, procurement, "lead")
    task = platform.task(procurement, "read-tender", A).id
    platform.act("lead", AddComment(procurement, f"Om {WORD}", task))
    put = AddAttachment(procurement, f"{WORD}.txt", "text/plain", WORD.encode(), task)
    file = str(platform.act("lead", put)["attachment"])
    platform.act("lead", CompleteTask(task, {"note": WORD}))
    with platform.store.reader() as connection:
        index.make_ready(connection)
    return platform, procurement, file, task


EVERY_WAY = {"suppliers", "forms", "search", "task", "file", "export"}


def test_before_the_declaration_no_path_leads_to_what_a_supplier_says(
    traced: tuple[Platform, str, str, str],
) -> None:
    platform, procurement, file, task = traced

    assert sees(platform, procurement, "lead", file, task) >= EVERY_WAY
    assert sees(platform, procurement, "owner", file, task) == set()
    declare(platform, procurement, "owner")
    assert sees(platform, procurement, "owner", file, task) >= EVERY_WAY


def test_a_declared_conflict_takes_access_away_with_the_next_request(
    traced: tuple[Platform, str, str, str],
) -> None:
    platform, procurement, file, task = traced
    mine = platform.task(procurement, "read-tender", B).id
    platform.act("lead", ClaimTask(mine))
    declare(platform, procurement, "owner")

    report_conflict(platform, procurement, "owner", "lead")

    assert sees(platform, procurement, "lead", file, task) == set()
    with pytest.raises(NotFoundError):
        platform.act("lead", CompleteTask(mine, {"note": "Likevel"}))
    assert sees(platform, procurement, "owner", file, task) >= EVERY_WAY


def test_nobody_clears_himself_and_somebody_else_does(
    traced: tuple[Platform, str, str, str],
) -> None:
    platform, procurement, file, task = traced
    report_conflict(platform, procurement, "owner", "lead")

    assess(platform, procurement, "lead", "lead", "cleared")
    assert sees(platform, procurement, "lead", file, task) == set()
    declare(platform, procurement, "lead", assessed_by="owner")
    assert sees(platform, procurement, "lead", file, task) == set()
    assess(platform, procurement, "lawyer", "lead", "cleared_with_measures")
    assert sees(platform, procurement, "lead", file, task) >= EVERY_WAY


def test_a_new_name_on_the_list_asks_everybody_again(platform: Platform) -> None:
    procurement = start_declaring(platform)
    declare(platform, procurement, "lead")
    platform.complete("lead", procurement, "read-tender", A)
    platform.complete("lead", procurement, "read-tender", B)

    platform.complete("lead", procurement, "compare")

    with pytest.raises(NotFoundError):
        platform.complete("lead", procurement, "again")
    page = look(platform, "lead", lambda view: impartiality_page(view, procurement))
    assert (page.version, page.mine, page.suppliers) == (2, "asked", ("Alfa", "Beta"))


def test_whoever_takes_a_new_seat_declares_anew(
    traced: tuple[Platform, str, str, str],
) -> None:
    platform, procurement, file, task = traced

    platform.act("lead", AddMember(procurement, Seat("stranger", "legal"), "Trenger flere."))

    assert sees(platform, procurement, "stranger", file, task) == set()


def test_what_the_barred_has_touched_is_listed_for_those_who_oversee(
    traced: tuple[Platform, str, str, str],
) -> None:
    platform, procurement, _, _ = traced
    declare(platform, procurement, "owner")
    report_conflict(platform, procurement, "owner", "lead")

    def tainted(view: View) -> Any:
        return impartiality_page(view, procurement).tainted

    (found,) = look(platform, "auditor", tainted)
    assert found.name == "Lead"
    assert sorted(each.kind for each in found.taints) == ["comment", "file", "task"]
    assert look(platform, "owner", tainted) == ()


def test_tables_and_record_agree_about_who_may_see(
    traced: tuple[Platform, str, str, str],
) -> None:
    platform, procurement, _, _ = traced
    report_conflict(platform, procurement, "owner", "lead")

    assert all(verdict.ok for verdict in platform.verify())
    with platform.store.reader() as connection:
        member = metadata.tables["member"]
        stands = dict(
            connection.execute(
                member.select()
                .with_only_columns(member.c.person, member.c.impartiality)
                .where(member.c.procurement == procurement)
            ).all()
        )
    assert stands == {"lead": "barred", "owner": "asked", "lawyer": "asked"}


def test_who_assessed_is_who_signed_in_whatever_is_typed(platform: Platform) -> None:
    procurement = start_declaring(platform)
    tied = {"conclusion": "tie_disclosed", "outcome": "cleared", "assessed_by": "owner"}

    with pytest.raises(RejectedError, match="nobody assesses his own"):
        declare(platform, procurement, "lead", **tied)
    content = {"person": "lead", **tied, "assessed_by": "lead"}
    platform.act("lawyer", ReportMessage(procurement, "declare", content))

    with platform.store.reader() as connection:
        (declared,) = records.submissions_of(connection, procurement, "impartiality")
    assert (declared.by, declared.content["assessed_by"]) == ("lawyer", "lawyer")
    platform.complete("lead", procurement, "read-tender", A)


def test_who_steps_down_needs_nobody_to_say_so(platform: Platform) -> None:
    procurement = start_declaring(platform)

    declare(platform, procurement, "lead", conclusion="tie_disclosed", outcome="excluded")

    with pytest.raises(NotFoundError):
        platform.complete("lead", procurement, "read-tender", A)
