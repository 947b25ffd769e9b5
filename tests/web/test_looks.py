"""Who has looked at what is confidential stands on record, for those who oversee it."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from engine.store import looks
from engine.store.looks import LookRecord
from service.wiring import Parts
from tests.support.api import Program
from tests.support.circle import A, Circle, leave_traces, make_circle
from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def circle(platform: Platform) -> Circle:
    return make_circle(platform)


def seen(circle: Circle) -> list[LookRecord]:
    platform = circle.platform
    with platform.store.reader() as connection:
        return looks.looks_of(connection, circle.procurement, platform.clock.now())


def test_a_look_at_a_suppliers_task_leaves_one_row_a_minute(circle: Circle, visit: Visit) -> None:
    address = f"/tasks/{circle.tasks['branch-a'].id}"
    owner = visit("owner")

    for _ in range(3):
        assert owner.get(address).status_code == 200
    circle.platform.clock.set(circle.platform.clock.now() + timedelta(minutes=1))
    owner.get(address)

    rows = [each for each in seen(circle) if each.what == address and each.scope == A]
    assert [each.person for each in rows] == ["owner", "owner"]
    assert {each.rule for each in rows} == {"member-reads"}


def test_files_programs_exports_and_searches_are_looks_too(
    circle: Circle, visit: Visit, parts: Parts
) -> None:
    file = leave_traces(circle, "branch-a", "kanari")
    key, program = circle.procurement, Program.at(parts).sign_in("auditor")

    visit("owner").get(f"/attachments/{file}")
    program.get(f"/procurements/{key}/export")
    program.get(f"/tasks/{circle.tasks['branch-a'].id}")
    visit("owner").get("/search?q=kanari")

    found = {(each.person, each.what) for each in seen(circle) if each.scope == A}
    assert found >= {
        ("owner", f"/attachments/{file}"),
        ("auditor", f"/api/v1/procurements/{key}/export"),
        ("auditor", f"/api/v1/tasks/{circle.tasks['branch-a'].id}"),
        ("owner", "/search"),
    }


def test_what_is_refused_and_what_is_common_leaves_no_row(circle: Circle, visit: Visit) -> None:
    visit("employee").get(f"/tasks/{circle.tasks['branch-a'].id}")
    visit("employee").get(f"/procurements/{circle.procurement}")

    assert seen(circle) == []


def test_lead_auditor_and_nobody_else_read_who_has_looked(circle: Circle, visit: Visit) -> None:
    visit("owner").get(f"/tasks/{circle.tasks['branch-a'].id}")
    page = f"/procurements/{circle.procurement}/looks"

    for person in ("lead", "auditor"):
        text = unescape(visit(person).get(page).text)
        assert "Owner" in text
        assert "Alfa" in text
        assert f'{circle.tasks["branch-a"].id}">Oppgave</a>' in text
        assert "Den som handlet, er med i teamet" in text
    for person in ("owner", "employee", "colleague", "neighbour"):
        assert visit(person).get(page).status_code == 404
