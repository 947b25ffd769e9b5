"""Lessons and shared matter on their pages: seen where they help, shared only after a preview."""

from collections.abc import Callable
from html import unescape

from engine.commands.knowledge import LearnLesson, ShareMatter
from tests.engine.commands.test_knowledge import NEED, beyond, described
from tests.support.platform import ELSEWHERE, Platform
from tests.support.small_process import KEY
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def read(visitor: Visitor, path: str) -> str:
    return unescape(visitor.get(path).text)


def test_a_lesson_written_at_a_task_meets_the_next_one_there(
    platform: Platform, visit: Visit
) -> None:
    task = platform.task(platform.start(), "describe")
    fields = {
        "procurement": task.procurement,
        "process": task.process,
        "element": task.element,
        "text": "Spør <b>badevaktene</b> først.",
    }
    answer = visit("lead").press(f"/tasks/{task.id}", f"/tasks/{task.id}/lesson", fields)

    following = platform.task(platform.start(reference="2026/2"), "describe")
    page = visit("lead").get(f"/tasks/{following.id}").text

    assert answer.status_code == 303
    assert "Lærdom fra forrige gang" in page
    assert "Spør &lt;b&gt;badevaktene&lt;/b&gt; først." in page
    assert "Byen · 2026/1 · Lead" in unescape(page)


def test_nothing_is_shared_before_the_preview_says_with_whom(
    platform: Platform, visit: Visit
) -> None:
    key = described(platform)
    lead, address = visit("lead"), f"/procurements/{key}/knowledge"

    first = read(lead, f"{address}/share?kind=need")
    preview = read(lead, f"{address}/share?kind=need&organisation={ELSEWHERE}")

    assert "Dette vil bli delt" not in first
    assert "Én person vil se det" in preview
    assert NEED["need"] in preview
    assert "MatterShared" not in platform.entries(key)


def test_what_is_shared_is_listed_read_and_revoked(platform: Platform, visit: Visit) -> None:
    key = described(platform)
    lead, address = visit("lead"), f"/procurements/{key}/knowledge"
    fields = {"kind": "need", "organisation": ELSEWHERE}
    lead.press(f"{address}/share?kind=need&organisation={ELSEWHERE}", f"{address}/share", fields)
    shelf = read(visit("neighbour"), "/knowledge")
    item = shelf.split('href="/knowledge/')[1].split('"')[0]

    page = read(visit("neighbour"), f"/knowledge/{item}")
    lead.press(address, f"{address}/revoke", {"item": item})

    assert NEED["need"] in page
    assert "Byen, sak 2026/1" in page
    assert "Bygda" not in page
    assert visit("neighbour").get(f"/knowledge/{item}").status_code == 404
    assert "trukket tilbake" in read(lead, address)


def test_the_task_offers_what_is_like_it_and_takes_it_in(platform: Platform, visit: Visit) -> None:
    platform.act("lead", ShareMatter(described(platform), "need"))
    task = platform.task(beyond(platform, "B/drukning badevakten strandpromenaden"), "describe")
    neighbour = visit("neighbour")
    shelf = read(neighbour, "/knowledge?q=badevakten+varsles+om+drukning+ved+strandpromenaden")
    submission = _submission(platform)

    answer = neighbour.press(
        f"/tasks/{task.id}", f"/tasks/{task.id}/reuse", {"submission": submission}
    )
    page = read(neighbour, f"/tasks/{task.id}")

    assert "felles ord:" in shelf
    assert "strandpromenaden" in shelf.split("felles ord:")[1]
    assert answer.status_code == 303
    assert "Behov er hentet fra «Varsling ved badeplassen» hos Byen, sak 2026/1" in page
    assert NEED["need"] in page


def test_likeness_is_asked_before_a_start_and_nothing_typed_is_lost(
    platform: Platform, visit: Visit
) -> None:
    described(platform)
    fields = {
        "process": KEY,
        "title": "Varsling ved badeplassen",
        "reference": "2026/77",
        "organisation": "town",
        "_action": "alike",
    }
    page = unescape(
        visit("lead")
        .press(f"/procurements/start?process={KEY}", "/procurements/start", fields)
        .text
    )

    assert "Noen kan ha gjort dette før" in page
    assert 'value="2026/77"' in page


def test_who_may_not_read_the_procurement_finds_no_page(platform: Platform, visit: Visit) -> None:
    key = described(platform)
    platform.act("owner", LearnLesson(key, KEY, "describe", "Hemmelig råd."))

    assert visit("neighbour").get(f"/procurements/{key}/knowledge").status_code == 404
    assert "Hemmelig råd." not in read(visit("neighbour"), "/knowledge?q=hemmelig+drukning")


def _submission(platform: Platform) -> str:
    with platform.store.reader() as connection:
        return str(
            connection.exec_driver_sql(
                "SELECT submission FROM shared_item WHERE kind = 'need'"
            ).scalar_one()
        )
