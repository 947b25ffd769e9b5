"""A model is its organisation's own, others have it as far as it is shared with them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

import pytest

from engine.commands.deployments import (
    DeployProcess,
    ShareModel,
    StopSharingModel,
    TakeModel,
)
from engine.commands.organisations import GrantRole
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.search import RebuildSearch
from engine.errors import ForbiddenError, InvalidInputError, NotFoundError, RejectedError
from engine.model.actor import SYSTEM
from engine.queries.choice import newest_definitions
from engine.queries.definitions import (
    VersionPage,
    VersionRow,
    process_rows,
    startable_processes,
    version_page,
)
from engine.queries.deployed import deployed_file, model_source
from engine.queries.head import Head, head_of
from engine.queries.likeness import Alike, alike
from engine.queries.models import model_page, model_preview
from engine.queries.search import search
from engine.queries.view import View, see_procurement
from engine.search.entries import Found
from tests.support.platform import COUNTY, ELSEWHERE, START, TOWN, Platform
from tests.support.small_process import KEY, small_process

T = TypeVar("T")

README = f"processes/{KEY}/README.nb.md"
OWN = {README: b"Badevakten varsles om drukning ved strandpromenaden."}
QUESTION = "badevakten varsles om drukning ved strandpromenaden"


def with_designers(platform: Platform) -> Platform:
    """`stranger` draws models for the town, `neighbour` for the other municipality."""
    platform.bus.handle(GrantRole("stranger", TOWN, "process-designer"), SYSTEM)
    platform.bus.handle(GrantRole("neighbour", ELSEWHERE, "process-designer"), SYSTEM)
    return platform


@pytest.fixture
def designers(any_platform: Platform) -> Platform:
    """On both databases, for rights that stand in questions to them."""
    return with_designers(any_platform)


@pytest.fixture
def on_sqlite(platform: Platform) -> Platform:
    return with_designers(platform)


def deploy(
    platform: Platform,
    person: str = "stranger",
    organisation: str = TOWN,
    files: Mapping[str, bytes] = OWN,
    origin: str = "",
) -> str:
    command = DeployProcess(KEY, {**small_process(), **files}, organisation, origin=origin)
    return str(platform.act(person, command)["digest"])


def share(platform: Platform, digest: str, *others: str) -> str:
    return str(platform.act("stranger", ShareModel(digest, TOWN, others))["item"])


def start(platform: Platform, reference: str = "B/1", digest: str = "") -> str:
    """A procurement of the other municipality."""
    team = (Seat("neighbour", "procurement-lead"),)
    command = StartProcurement(KEY, "Strand", ELSEWHERE, reference, team, digest=digest)
    return str(platform.act("neighbour", command)["procurement"])


def view(platform: Platform, person: str, ask: Callable[[View], T]) -> T:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        reader = View(connection, definitions, platform.actor(person), platform.clock.now())
        return ask(reader)


def versions(platform: Platform, person: str) -> list[VersionRow]:
    return view(platform, person, lambda it: [v for row in process_rows(it) for v in row.versions])


def newest(platform: Platform, person: str) -> str:
    """What starting would take, and what every other question for the newest agrees to."""
    [row] = view(platform, person, startable_processes)
    [said] = view(platform, person, newest_definitions)
    assert said.digest == row.versions[0].digest
    return said.digest


def page(platform: Platform, person: str, digest: str) -> VersionPage:
    return view(platform, person, lambda it: version_page(it, digest))


def head(platform: Platform, person: str, procurement: str) -> Head:
    return view(platform, person, lambda it: head_of(see_procurement(it, procurement)))


def found(platform: Platform, person: str) -> set[str]:
    """Models that the search finds by words of their own."""
    hits = view(platform, person, lambda it: search(it, "strandpromenaden")).hits
    return {hit.id for hit in hits if hit.kind is Found.MODEL}


def like(platform: Platform, person: str) -> tuple[Alike, ...]:
    return view(platform, person, lambda it: alike(it, QUESTION))


def hidden_from(platform: Platform, person: str, digest: str) -> bool:
    """Whether nothing of the version is there for the person, wherever one asks."""
    path = f"processes/{KEY}/{KEY}.bpmn"
    questions: tuple[Callable[[View], object], ...] = (
        lambda it: version_page(it, digest),
        lambda it: model_page(it, digest),
        lambda it: deployed_file(it, digest, path),
        lambda it: model_source(it, digest),
    )
    refused = 0
    for ask in questions:
        try:
            view(platform, person, ask)
        except NotFoundError:
            refused += 1
    assert refused in (0, len(questions))
    listed = digest in {each.digest for each in versions(platform, person)}
    assert listed is (refused == 0)
    return not listed


def test_a_version_is_its_organisations_alone_until_it_is_shared(designers: Platform) -> None:
    shared = newest(designers, "lead")
    own = deploy(designers)

    assert newest(designers, "lead") == own
    assert newest(designers, "neighbour") == shared
    assert hidden_from(designers, "neighbour", own)
    assert found(designers, "neighbour") == set()
    assert like(designers, "neighbour") == ()
    with pytest.raises(NotFoundError):
        start(designers, digest=own)
    assert head(designers, "neighbour", start(designers)).digest == shared


@pytest.mark.parametrize("others", [(), (ELSEWHERE, COUNTY)])
def test_whom_it_is_shared_with_reads_finds_and_starts_it(
    designers: Platform, others: tuple[str, ...]
) -> None:
    own = deploy(designers)
    share(designers, own, *others)

    assert not hidden_from(designers, "neighbour", own)
    assert found(designers, "neighbour") == {own}
    [model] = like(designers, "neighbour")
    assert (model.kind, model.submission, model.process) == ("model", own, KEY)
    assert (model.organisation, model.reference) == ("Byen", "2")
    assert {"badevakten", "strandpromenaden"} <= set(model.common)
    key = start(designers, digest=own)
    told = head(designers, "neighbour", key)
    assert (told.digest, told.version, told.model_of) == (own, 2, "Byen")


def test_whom_it_is_not_shared_with_has_nothing_of_it(on_sqlite: Platform) -> None:
    own = deploy(on_sqlite)
    share(on_sqlite, own, COUNTY)

    assert hidden_from(on_sqlite, "neighbour", own)
    assert found(on_sqlite, "neighbour") == set()
    assert found(on_sqlite, "lead") == {own}
    with pytest.raises(NotFoundError):
        start(on_sqlite, digest=own)
    with pytest.raises(NotFoundError):
        on_sqlite.act("neighbour", TakeModel(own, ELSEWHERE))


def test_what_runs_keeps_its_version_when_sharing_stops(designers: Platform) -> None:
    own = deploy(designers)
    item = share(designers, own)
    key = start(designers, digest=own)
    designers.act("stranger", StopSharingModel(own, TOWN, item))

    with pytest.raises(NotFoundError):
        start(designers, "B/2", own)
    assert found(designers, "neighbour") == set()
    assert not page(designers, "neighbour", own).version.is_open
    designers.complete("neighbour", key, "describe", submission={"title": "Strand"})
    told = head(designers, "neighbour", key)
    assert (told.version, told.model_of) == (2, "Byen")
    assert "MatterReused" in designers.entries(key)
    assert all(verdict.ok for verdict in designers.verify())


def test_sharing_anew_takes_the_place_of_what_was(on_sqlite: Platform) -> None:
    own = deploy(on_sqlite)
    share(on_sqlite, own)
    share(on_sqlite, own, COUNTY)

    assert hidden_from(on_sqlite, "neighbour", own)
    [standing] = view(on_sqlite, "lead", lambda it: model_page(it, own)).shares
    assert standing.audience == ("Fylket",)
    assert view(on_sqlite, "neighbour", startable_processes)[0].versions[0].owner == TOWN


def test_two_organisations_number_and_use_their_own_of_one_key(on_sqlite: Platform) -> None:
    on_sqlite.clock.set(START + timedelta(hours=1))
    theirs = deploy(on_sqlite, "neighbour", ELSEWHERE, {README: b"Bygdas egen prosess."})

    assert (newest(on_sqlite, "neighbour"), newest(on_sqlite, "lead") == theirs) == (theirs, False)
    assert page(on_sqlite, "neighbour", theirs).version.number == 1
    assert hidden_from(on_sqlite, "lead", theirs)
    told = head(on_sqlite, "neighbour", start(on_sqlite))
    assert (told.digest, told.version, told.model_of) == (theirs, 1, "")


def test_nobody_changes_what_others_start_by_sharing_something_of_the_same_key(
    designers: Platform,
) -> None:
    shipped = newest(designers, "neighbour")
    share(designers, deploy(designers))

    assert newest(designers, "neighbour") == shipped
    designers.act("neighbour", TakeModel(shipped, ELSEWHERE))
    changed = deploy(designers, "neighbour", ELSEWHERE, {README: b"Rettet hos oss."})
    later = deploy(designers, files={README: b"Enda senere."})
    share(designers, later)
    assert newest(designers, "neighbour") == changed
    assert not hidden_from(designers, "neighbour", later)


def test_the_same_files_are_each_organisations_own(designers: Platform) -> None:
    own = deploy(designers)
    theirs = deploy(designers, "neighbour", ELSEWHERE)

    seen = page(designers, "neighbour", own).version
    assert own == theirs
    assert (seen.owner, seen.number, seen.is_open) == (ELSEWHERE, 1, True)
    assert {each.organisation for each in page(designers, "lead", own).versions} == {"Byen"}
    assert head(designers, "neighbour", start(designers, digest=own)).model_of == ""
    assert designers.act("neighbour", ShareModel(own, ELSEWHERE))["version"] == own
    assert all(verdict.ok for verdict in designers.verify())


def test_the_same_files_of_two_others_are_told_as_those_of_the_installation(
    on_sqlite: Platform,
) -> None:
    own = deploy(on_sqlite)
    share(on_sqlite, own)
    assert page(on_sqlite, "neighbour", own).version.owner == TOWN

    on_sqlite.clock.set(START + timedelta(hours=1))
    bundle = {**small_process(), **OWN}
    on_sqlite.bus.handle(DeployProcess(KEY, bundle, COUNTY, to_all=True), SYSTEM)

    assert page(on_sqlite, "neighbour", own).version.owner == COUNTY
    key = start(on_sqlite, digest=own)
    assert head(on_sqlite, "neighbour", key).model_of == "Fylket"
    assert newest(on_sqlite, "neighbour") == own


def test_what_is_taken_over_stays_and_keeps_its_origin(designers: Platform) -> None:
    own = deploy(designers)
    item = share(designers, own, ELSEWHERE)

    answer = designers.act("neighbour", TakeModel(own, ELSEWHERE))
    designers.act("stranger", StopSharingModel(own, TOWN, item))
    changed = deploy(designers, "neighbour", ELSEWHERE, {README: b"Rettet hos oss."})

    assert answer == {"digest": own, "number": 1, "new": True}
    rows = [page(designers, "neighbour", each).version for each in (own, changed)]
    assert [(row.owner, row.number) for row in rows] == [(ELSEWHERE, 1), (ELSEWHERE, 2)]
    assert [(row.origin, row.origin_of, row.origin_number) for row in rows] == [
        (own, "Byen", 2)
    ] * 2
    assert head(designers, "neighbour", start(designers, digest=own)).model_of == ""
    assert all(verdict.ok for verdict in designers.verify())


def test_an_origin_is_what_the_organisation_may_have(on_sqlite: Platform) -> None:
    own = deploy(on_sqlite)
    with pytest.raises(NotFoundError):
        deploy(on_sqlite, "neighbour", ELSEWHERE, {README: b"Annet."}, origin=own)
    share(on_sqlite, own)

    made = deploy(on_sqlite, "neighbour", ELSEWHERE, {README: b"Annet."}, origin=own)

    row = page(on_sqlite, "neighbour", made).version
    assert (row.origin, row.origin_of) == (own, "Byen")


def test_own_models_are_not_taken_over(on_sqlite: Platform) -> None:
    with pytest.raises(RejectedError, match="your own already"):
        on_sqlite.act("stranger", TakeModel(deploy(on_sqlite), TOWN))


def test_only_the_designers_of_its_organisation_share_a_model(on_sqlite: Platform) -> None:
    own = deploy(on_sqlite)
    item = share(on_sqlite, own)

    for command in (ShareModel(own, TOWN), StopSharingModel(own, TOWN, item)):
        for person in ("lead", "neighbour"):
            with pytest.raises(ForbiddenError):
                on_sqlite.act(person, command)
    for of_others in (ShareModel(own, ELSEWHERE), StopSharingModel(own, ELSEWHERE, item)):
        with pytest.raises(NotFoundError):
            on_sqlite.act("neighbour", of_others)


def test_it_is_shared_with_others_that_are_there(on_sqlite: Platform) -> None:
    own = deploy(on_sqlite)

    with pytest.raises(InvalidInputError, match="sees it anyway"):
        share(on_sqlite, own, TOWN)
    with pytest.raises(NotFoundError):
        share(on_sqlite, own, "nowhere")
    with pytest.raises(NotFoundError):
        share(on_sqlite, "no-version")


def test_the_preview_says_what_and_who_and_only_to_who_may_share(on_sqlite: Platform) -> None:
    own = deploy(on_sqlite)

    everybody = view(on_sqlite, "stranger", lambda it: model_preview(it, own, ()))
    some = view(on_sqlite, "stranger", lambda it: model_preview(it, own, (ELSEWHERE,)))

    assert [each.name for each in everybody.audience] == ["Bygda", "Fylket"]
    assert ([each.name for each in some.audience], some.people) == (["Bygda"], 1)
    assert README in some.page.found.files
    with pytest.raises(NotFoundError):
        view(on_sqlite, "lead", lambda it: model_preview(it, own, ()))


def test_the_index_made_anew_finds_the_newest_that_one_may_have(designers: Platform) -> None:
    own = deploy(designers)
    newer = deploy(designers, files={README: OWN[README] + b" Igjen."})
    share(designers, own)

    for _ in range(2):
        assert found(designers, "lead") == {newer}
        assert found(designers, "neighbour") == {own}
        designers.bus.handle(RebuildSearch(), SYSTEM)


def test_models_are_offered_to_those_who_may_start_them(on_sqlite: Platform) -> None:
    deploy(on_sqlite)

    assert [each.kind for each in like(on_sqlite, "lead")] == ["model"]
    assert like(on_sqlite, "owner") == ()
    assert view(on_sqlite, "lead", lambda it: alike(it, QUESTION, ("criteria",))) == ()


def test_a_member_from_another_buyer_reads_what_the_procurement_runs_on(
    designers: Platform,
) -> None:
    bundle = {**small_process(), **OWN}
    designers.bus.handle(DeployProcess(KEY, bundle, COUNTY), SYSTEM)
    own = deploy(designers)
    command = StartProcurement(
        KEY,
        "Felles",
        TOWN,
        "2026/8",
        (Seat("lead", "procurement-lead"), Seat("neighbour", "need-owner")),
        joint_with=(ELSEWHERE,),
    )
    key = str(designers.act("lead", command)["procurement"])

    told = head(designers, "neighbour", key)
    assert (told.digest, told.model_of) == (own, "")
    assert not hidden_from(designers, "neighbour", own)
    assert page(designers, "neighbour", own).version.owner == TOWN
    assert newest(designers, "neighbour") != own
    with pytest.raises(NotFoundError):
        start(designers, digest=own)
