"""Lessons stand at their step, and nothing crosses the border of a buyer but what is shared."""

import pytest

from engine.commands.deployments import DeployProcess
from engine.commands.drafts import SaveDraft
from engine.commands.knowledge import (
    LearnLesson,
    ReuseMatter,
    RevokeSharing,
    ShareMatter,
    WithdrawLesson,
)
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.search import RebuildSearch
from engine.errors import (
    EngineError,
    ForbiddenError,
    InvalidInputError,
    InvalidSubmissionError,
    NotFoundError,
    RejectedError,
)
from engine.model.actor import SYSTEM
from engine.queries.knowledge import (
    Library,
    library,
    origins_of,
    shared_page,
    sharing_preview,
)
from engine.queries.knowledge import lessons_at as lessons_of_step
from engine.queries.likeness import Alike, alike
from engine.queries.search import search
from engine.queries.task import task_page
from engine.queries.view import View
from engine.search.entries import Found
from tests.support.platform import COUNTY, ELSEWHERE, TEAM, TOWN, Platform
from tests.support.small_process import KEY
from tests.support.taught_process import TAUGHT, taught_process

NEED = {
    "title": "Varsling ved badeplassen",
    "need": "Badevakten får beskjed når drukning kan skje ved strandpromenaden.",
    "functional": True,
}


def view_of(platform: Platform, person: str, connection: object) -> View:
    definitions = platform.bus.environment.definitions
    return View(connection, definitions, platform.actor(person), platform.clock.now())  # type: ignore[arg-type]


def described(platform: Platform, reference: str = "2026/1") -> str:
    procurement = platform.start(reference=reference)
    platform.complete("lead", procurement, "describe", submission=NEED)
    return procurement


def beyond(platform: Platform, reference: str = "B/1") -> str:
    """A procurement of another buyer."""
    command = StartProcurement(
        KEY, "Tryggere strand", ELSEWHERE, reference, (Seat("neighbour", "procurement-lead"),)
    )
    return str(platform.act("neighbour", command)["procurement"])


def share(platform: Platform, procurement: str, *organisations: str) -> str:
    command = ShareMatter(procurement, "need", organisations)
    return str(platform.act("lead", command)["item"])


def like(platform: Platform, person: str, text: str) -> tuple[Alike, ...]:
    with platform.store.reader() as connection:
        return alike(view_of(platform, person, connection), text)


def shelf(platform: Platform, person: str) -> Library:
    with platform.store.reader() as connection:
        return library(view_of(platform, person, connection), "")


def hits(platform: Platform, person: str, asked: str) -> set[str]:
    with platform.store.reader() as connection:
        found = search(view_of(platform, person, connection), asked)
    return {hit.id for hit in found.hits if hit.kind is Found.SHARED}


def test_a_lesson_is_shown_at_its_step_the_next_time(any_platform: Platform) -> None:
    first = any_platform.start()
    any_platform.act("owner", LearnLesson(first, KEY, "describe", "Spør badevaktene først."))

    second = any_platform.start(reference="2026/2")
    task = any_platform.task(second, "describe")
    with any_platform.store.reader() as connection:
        [lesson] = task_page(view_of(any_platform, "lead", connection), task.id).lessons

    assert lesson.text == "Spør badevaktene først."
    assert (lesson.organisation, lesson.reference, lesson.by) == ("Byen", "2026/1", "Owner")


def test_a_lesson_stays_inside_the_buyer_unless_it_is_open(any_platform: Platform) -> None:
    key = any_platform.start()
    for text, is_open in (("Bare for oss.", False), ("For alle.", True)):
        any_platform.act("owner", LearnLesson(key, KEY, "describe", text, is_open))

    with any_platform.store.reader() as connection:
        definition = any_platform.task(key, "describe")
        row = view_of(any_platform, "neighbour", connection)
        digest = connection.exec_driver_sql("SELECT digest FROM definition").scalar_one()
        found = lessons_of_step(row, str(digest), definition.process, "describe")

    assert [each.text for each in found] == ["For alle."]
    assert (found[0].reference, found[0].by) == ("", "")


def test_a_withdrawn_lesson_is_shown_no_more_and_stays_on_record(platform: Platform) -> None:
    key = platform.start()
    answer = platform.act("owner", LearnLesson(key, KEY, "describe", "Feil råd."))
    platform.act("owner", WithdrawLesson(key, str(answer["lesson"])))

    task = platform.task(key, "describe")
    with platform.store.reader() as connection:
        assert task_page(view_of(platform, "lead", connection), task.id).lessons == ()
    assert {"LessonLearned", "LessonWithdrawn"} <= set(platform.entries(key))


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        ("nowhere", "Et råd.", InvalidInputError),
        ("describe", "  ", InvalidInputError),
        ("describe", "x" * 4001, InvalidInputError),
    ],
)
def test_a_lesson_has_a_step_and_words(
    platform: Platform, step: str, text: str, expected: type[EngineError]
) -> None:
    with pytest.raises(expected):
        platform.act("owner", LearnLesson(platform.start(), KEY, step, text))


def test_whoever_is_not_in_the_team_leaves_no_lesson(platform: Platform) -> None:
    with pytest.raises(NotFoundError):
        platform.act("stranger", LearnLesson(platform.start(), KEY, "describe", "Hei."))


def test_nothing_is_seen_across_the_border_before_it_is_shared(any_platform: Platform) -> None:
    described(any_platform)

    assert shelf(any_platform, "neighbour").shared == ()
    assert like(any_platform, "neighbour", "drukning strandpromenaden badevakten") == ()


@pytest.mark.parametrize("audience", [(), (ELSEWHERE,)])
def test_what_is_shared_is_found_by_likeness_and_by_search(
    any_platform: Platform, audience: tuple[str, ...]
) -> None:
    item = share(any_platform, described(any_platform), *audience)

    [found] = like(any_platform, "neighbour", "Trygg strand: badevakten må få beskjed om drukning")

    assert (found.item, found.organisation, found.kind) == (item, "Byen", "need")
    assert found.procurement == ""
    assert {"badevakten", "drukning"} <= set(found.common)
    assert hits(any_platform, "neighbour", "strandpromenaden") == {item}
    assert hits(any_platform, "lead", "strandpromenaden") == {item}


def test_whom_it_is_not_shared_with_sees_nothing_of_it(any_platform: Platform) -> None:
    item = share(any_platform, described(any_platform), COUNTY)

    assert shelf(any_platform, "neighbour").shared == ()
    assert hits(any_platform, "neighbour", "strandpromenaden") == set()
    assert like(any_platform, "neighbour", "badevakten drukning strandpromenaden") == ()
    with any_platform.store.reader() as connection, pytest.raises(NotFoundError):
        shared_page(view_of(any_platform, "neighbour", connection), item)


def test_a_revoked_sharing_is_gone_at_once(any_platform: Platform) -> None:
    key = described(any_platform)
    item = share(any_platform, key)
    any_platform.act("lead", RevokeSharing(key, item))

    assert shelf(any_platform, "neighbour").shared == ()
    assert hits(any_platform, "neighbour", "strandpromenaden") == set()
    any_platform.bus.handle(RebuildSearch(), SYSTEM)
    assert hits(any_platform, "neighbour", "strandpromenaden") == set()


def test_the_index_made_anew_finds_what_is_shared(any_platform: Platform) -> None:
    item = share(any_platform, described(any_platform))
    any_platform.bus.handle(RebuildSearch(), SYSTEM)

    assert hits(any_platform, "neighbour", "strandpromenaden") == {item}


def test_only_the_lead_shares(platform: Platform) -> None:
    with pytest.raises(ForbiddenError):
        platform.act("owner", ShareMatter(described(platform), "need"))


@pytest.mark.parametrize(
    ("kind", "organisations", "expected"),
    [
        ("need", (TOWN,), InvalidInputError),
        ("need", ("nowhere",), NotFoundError),
        ("price", (), InvalidInputError),
        ("criteria", (), RejectedError),
        ("market-report", (), RejectedError),
    ],
)
def test_what_cannot_be_shared_is_refused(
    platform: Platform, kind: str, organisations: tuple[str, ...], expected: type[EngineError]
) -> None:
    with pytest.raises(expected):
        platform.act("lead", ShareMatter(described(platform), kind, organisations))


def test_the_preview_says_what_and_who(platform: Platform) -> None:
    key = described(platform)
    with platform.store.reader() as connection:
        view = view_of(platform, "lead", connection)
        everybody = sharing_preview(view, key, "need", ())
        some = sharing_preview(view, key, "need", (ELSEWHERE,))

    assert everybody is not None
    assert some is not None
    assert everybody.content == NEED
    assert [each.name for each in everybody.audience] == ["Bygda", "Fylket"]
    assert ([each.name for each in some.audience], some.people) == (["Bygda"], 1)


def test_reuse_fills_the_draft_and_keeps_the_origin(any_platform: Platform) -> None:
    source = described(any_platform)
    share(any_platform, source)
    [found] = like(any_platform, "neighbour", "badevakten drukning strandpromenaden")
    mine = beyond(any_platform)
    task = any_platform.task(mine, "describe")
    any_platform.act("neighbour", SaveDraft(task.id, {"title": "Vår egen tittel"}))

    any_platform.act("neighbour", ReuseMatter(task.id, found.submission))

    with any_platform.store.reader() as connection:
        page = task_page(view_of(any_platform, "neighbour", connection), task.id)
        origins = origins_of(view_of(any_platform, "neighbour", connection), mine)
    assert sorted(each.kind for each in origins) == ["model", "need"]
    [origin] = (each for each in origins if each.kind == "need")
    assert page.draft is not None
    assert page.draft.content["title"] == "Vår egen tittel"
    assert page.draft.content["need"] == NEED["need"]
    assert page.origins == (origin,)
    assert (origin.organisation, origin.reference, origin.by) == ("Byen", "2026/1", "Neighbour")
    assert "MatterReused" in any_platform.entries(mine)


def test_what_was_reused_stays_when_sharing_ends(platform: Platform) -> None:
    source = described(platform)
    item = share(platform, source)
    [found] = like(platform, "neighbour", "badevakten drukning strandpromenaden")
    task = platform.task(beyond(platform), "describe")
    platform.act("neighbour", ReuseMatter(task.id, found.submission))
    platform.act("lead", RevokeSharing(source, item))

    with platform.store.reader() as connection:
        page = task_page(view_of(platform, "neighbour", connection), task.id)
    assert page.draft is not None
    assert page.draft.content["need"] == NEED["need"]
    with pytest.raises(NotFoundError):
        platform.act("neighbour", ReuseMatter(task.id, found.submission))


def test_what_is_not_shared_is_not_reused_by_guessing_its_id(platform: Platform) -> None:
    described(platform)
    with platform.store.reader() as connection:
        secret = connection.exec_driver_sql("SELECT id FROM submission").scalar_one()
    task = platform.task(beyond(platform), "describe")

    with pytest.raises(NotFoundError):
        platform.act("neighbour", ReuseMatter(task.id, str(secret)))


def test_the_own_needs_of_before_are_found_and_reused_too(platform: Platform) -> None:
    described(platform)
    second = platform.start(reference="2026/2")

    [found] = like(platform, "lead", "badevakten drukning strandpromenaden")
    platform.act("lead", ReuseMatter(platform.task(second, "describe").id, found.submission))

    assert (found.item, found.organisation) == ("", "Byen")
    with platform.store.reader() as connection:
        [origin] = origins_of(view_of(platform, "lead", connection), second)
    assert origin.reference == "2026/1"


def test_a_task_with_another_form_takes_nothing(platform: Platform) -> None:
    key = described(platform)
    with platform.store.reader() as connection:
        submission = connection.exec_driver_sql("SELECT id FROM submission").scalar_one()

    with pytest.raises(RejectedError):
        platform.act("owner", ReuseMatter(platform.task(key, "draft").id, str(submission)))


def test_the_record_leads_to_the_same_rows(platform: Platform) -> None:
    key = described(platform)
    platform.act("owner", LearnLesson(key, KEY, "describe", "Et råd."))
    platform.act("lead", RevokeSharing(key, share(platform, key, ELSEWHERE)))
    share(platform, key)

    assert all(verdict.ok for verdict in platform.verify())


def test_lessons_of_the_form_stand_at_their_steps(any_platform: Platform) -> None:
    any_platform.bus.handle(DeployProcess(TAUGHT, taught_process(), TOWN), SYSTEM)
    start = StartProcurement(TAUGHT, "Bro", TOWN, "2026/9", TEAM)
    key = str(any_platform.act("lead", start)["procurement"])
    rows = [{"step": f"{TAUGHT}/work", "lesson": "Mål før du bygger."}]

    wrong = [{"step": f"{TAUGHT}/elsewhere", "lesson": "Mål før du bygger."}]
    with pytest.raises(InvalidSubmissionError):
        any_platform.complete("lead", key, "look-back", submission={"by_step": wrong})
    any_platform.complete(
        "lead", key, "look-back", submission={"by_step": rows, "share_openly": True}
    )

    task = any_platform.task(key, "work")
    with any_platform.store.reader() as connection:
        [lesson] = task_page(view_of(any_platform, "lead", connection), task.id).lessons
    assert (lesson.text, lesson.open, lesson.step) == ("Mål før du bygger.", True, "Work")
