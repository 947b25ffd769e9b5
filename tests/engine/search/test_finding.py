"""Finding what people wrote, the same on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.rewind import RewindProcurement
from engine.commands.search import RebuildSearch
from engine.commands.tasks import CompleteTask
from engine.errors import EngineError
from engine.model.actor import SYSTEM
from engine.queries.search import Hit, Results, search
from engine.queries.view import View
from engine.search.entries import Found
from tests.support.platform import Platform


def find(
    platform: Platform,
    asked: str,
    person: str = "lead",
    *,
    kind: Found | None = None,
    page: int = 1,
    language: str = "nb",
) -> Results:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        actor = platform.actor(person)
        view = View(connection, definitions, actor, platform.clock.now(), language)
        return search(view, asked, kind, page)


def names(found: Results) -> list[tuple[str, str]]:
    return [(str(hit.kind), hit.name) for hit in found.hits]


def text(hit: Hit) -> str:
    return "".join(f"[{part.text}]" if part.found else part.text for part in hit.text)


@pytest.fixture
def busy(any_platform: Platform) -> Platform:
    """A procurement in which something of each kind has been said."""
    procurement = any_platform.start()
    task = any_platform.task(procurement, "describe")
    any_platform.act("lead", AddComment(procurement, "Vannkvaliteten måles hver uke.", task.id))
    file = b"Svaberg og brygger ved fjorden"
    attach = AddAttachment(procurement, "Områdeplan.txt", "text/plain", file, task.id)
    any_platform.act("lead", attach)
    any_platform.to_branches(procurement)
    return any_platform


@pytest.mark.parametrize(
    ("asked", "kind", "name"),
    [
        ("badeplassen", "procurement", "Badeplass"),
        ("2026/1", "procurement", "Badeplass"),
        ("describe", "task", "Describe"),
        ("vannkvalitet", "comment", ""),
        ("områdeplanen", "document", "Områdeplan.txt"),
        ("svaberg", "document", "Områdeplan.txt"),
        ("redder liv", "document", "Behov"),
        ("alfa", "supplier", "Alfa"),
        ("910000004", "supplier", "Alfa"),
        ("small", "model", ""),
    ],
)
def test_everything_is_found_by_its_words(busy: Platform, asked: str, kind: str, name: str) -> None:
    found = find(busy, asked)

    assert kind in {each for each, _ in names(found)}
    assert any(each == kind and name in title for each, title in names(found))


@pytest.mark.parametrize(
    "asked", ["", "  ", "!", "finnesikke", '"liv redde"', "badeplass finnesikke"]
)
def test_what_nobody_wrote_is_not_found(busy: Platform, asked: str) -> None:
    assert find(busy, asked).total == 0


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("liv", "Redde [liv] ved vann"),
        ("redder livet", "[Redde] [liv] ved vann"),
        ('"redde liv"', "[Redde] [liv] ved vann"),
        ("red liv", "[Redde] [liv] ved vann"),
    ],
)
def test_the_words_are_marked_where_they_stand(busy: Platform, asked: str, seen: str) -> None:
    found = find(busy, asked, kind=Found.DOCUMENT)

    assert seen in [text(hit).splitlines()[-1] for hit in found.hits] or any(
        seen in text(hit) for hit in found.hits
    )


def test_words_of_the_procurement_narrow_but_do_not_find_by_themselves(busy: Platform) -> None:
    assert names(find(busy, "badeplass svaberg")) == [("document", "Områdeplan.txt")]
    assert {kind for kind, _ in names(find(busy, "badeplass"))} == {"procurement", "document"}


def test_what_stands_in_the_title_comes_first(any_platform: Platform) -> None:
    first = any_platform.start()
    any_platform.act("lead", AddComment(first, "Describe er et ord."))

    found = find(any_platform, "describe")

    assert [kind for kind, _ in names(found)][:1] == ["task"]
    assert "comment" in [kind for kind, _ in names(found)][1:]


def test_kinds_are_counted_and_chosen(busy: Platform) -> None:
    found = find(busy, "badeplass")
    documents = find(busy, "badeplass", kind=Found.DOCUMENT)

    assert found.counts[Found.PROCUREMENT] == 1
    assert documents.counts == found.counts
    assert {hit.kind for hit in documents.hits} == {Found.DOCUMENT}


def test_pages_follow_each_other_without_a_gap(any_platform: Platform) -> None:
    procurement = any_platform.start()
    for number in range(45):
        any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=1))
        any_platform.act("lead", AddComment(procurement, f"Merknad nummer {number}"))

    pages = [find(any_platform, "merknad", page=number) for number in (1, 2, 3, 4)]

    ids = [hit.id for page in pages[:3] for hit in page.hits]
    assert len(ids) == len(set(ids)) == 45
    assert pages[0].pages == 3
    assert pages[3].page == 3
    assert text(pages[0].hits[0]) == "[Merknad] nummer 44"


def test_what_is_undone_is_found_no_more(busy: Platform) -> None:
    query = sa.text(
        "SELECT seq FROM audit_event WHERE snapshot IS NOT NULL AND chain IN"
        " (SELECT id FROM procurement) ORDER BY id LIMIT 1"
    )
    with busy.store.reader() as connection:
        procurement = connection.scalar(sa.text("SELECT id FROM procurement"))
        seq = connection.scalar(query)
    assert find(busy, "redde liv").total == 1

    busy.act("lead", RewindProcurement(str(procurement), int(seq), "Vi må begynne på nytt."))

    assert find(busy, "redde liv").total == 0


def entries(platform: Platform) -> list[tuple[object, ...]]:
    query = sa.text(
        "SELECT kind, object, procurement, organisation, scope, task, title, body, heading, terms,"
        " at FROM search_entry ORDER BY kind, object"
    )
    with platform.store.reader() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_making_the_index_anew_changes_nothing(busy: Platform) -> None:
    before = entries(busy)

    answer = busy.bus.handle(RebuildSearch(), SYSTEM)

    assert entries(busy) == before
    assert answer == {"entries": len(before)}
    assert find(busy, "svaberg").total == 1


FALSE = """
INSERT INTO search_entry (kind, object, procurement, organisation, scope, task, title, body,
  heading, terms, at)
SELECT 'comment', 'x', procurement, organisation, '', '', 'Falsk', '', 'falsk',
  'falsk ' || terms, at
FROM search_entry WHERE kind = 'procurement'
"""


def test_making_the_index_anew_mends_what_was_changed_around_the_engine(busy: Platform) -> None:
    before = entries(busy)
    with busy.store.database.begin() as connection:
        connection.execute(sa.text("DELETE FROM search_entry WHERE kind = 'comment'"))
        connection.execute(sa.text(FALSE))
    assert find(busy, "falsk").total == 1

    busy.bus.handle(RebuildSearch(), SYSTEM)

    assert entries(busy) == before


def test_a_refused_act_leaves_nothing_to_find(busy: Platform) -> None:
    before = entries(busy)
    with busy.store.reader() as connection:
        procurement = str(connection.scalar(sa.text("SELECT id FROM procurement")))
    task = busy.open(procurement)[0]

    with pytest.raises(EngineError):
        busy.act("lead", CompleteTask(task.id, {"unknown": 1}))

    assert entries(busy) == before


def test_nothing_waits_in_the_rows_of_procurements(busy: Platform) -> None:
    with busy.store.reader() as connection:
        waiting = list(connection.scalars(sa.text("SELECT index_queue FROM procurement")))

    assert set(waiting) == {""}
    assert all(verdict.ok for verdict in busy.verify())
