"""Models on their pages: shared after a preview, taken over with their origin."""

from collections.abc import Callable
from html import unescape

import pytest

from engine.commands.deployments import DeployProcess, ShareModel
from engine.commands.organisations import GrantRole
from engine.model.actor import SYSTEM
from tests.support.platform import ELSEWHERE, TOWN, Platform
from tests.support.small_process import KEY, small_process
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
README = f"processes/{KEY}/README.nb.md"
FILES = {**small_process(), README: b"Badevakten varsles om drukning ved strandpromenaden."}


@pytest.fixture
def own(platform: Platform) -> str:
    """A version that is the town's alone, and a designer on either side."""
    platform.bus.handle(GrantRole("stranger", TOWN, "process-designer"), SYSTEM)
    platform.bus.handle(GrantRole("neighbour", ELSEWHERE, "process-designer"), SYSTEM)
    return str(platform.act("stranger", DeployProcess(KEY, FILES, TOWN))["digest"])


@pytest.fixture
def address(own: str) -> str:
    return f"/processes/versions/{own}"


def read(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_a_model_is_shared_after_a_preview_and_until_it_is_stopped(
    visit: Visit, address: str
) -> None:
    designer, neighbour = visit("stranger"), visit("neighbour")
    before = read(designer, address)
    some = f"{address}/share?organisation={ELSEWHERE}"
    choosing, preview = read(designer, f"{address}/share"), read(designer, some)
    unseen = neighbour.get(address).status_code

    fields = {"owner": TOWN, "organisation": ELSEWHERE}
    shared = designer.press(some, f"{address}/share", fields)
    after, seen = read(designer, address), read(neighbour, address)
    item = after.split('name="item" value="')[1].split('"')[0]
    stopped = designer.press(address, f"{address}/stop", {"owner": TOWN, "item": item})

    assert "Bare Byen. Ingen andre ser den" in before
    assert "Dette vil bli delt" not in choosing
    assert "Én person vil se det som står under" in preview
    assert "Badevakten varsles" in preview
    assert README in preview
    assert unseen == 404
    assert (shared.status_code, stopped.status_code) == (303, 303)
    assert "Bygda" in after.split('id="sharing"')[1].split("</section>")[0]
    assert 'id="sharing"' not in seen
    assert neighbour.get(address).status_code == 404


def test_what_others_share_is_taken_over_with_its_origin(
    platform: Platform, visit: Visit, own: str, address: str
) -> None:
    platform.act("stranger", ShareModel(own, TOWN))
    neighbour = visit("neighbour")

    taken = neighbour.press(address, f"{address}/take", {"owner": ELSEWHERE})
    page = read(neighbour, address)
    again = neighbour.press(address, f"{address}/take", {"owner": ELSEWHERE})

    assert taken.status_code == 303
    assert "Versjon 1" in page
    assert "laget av versjon 2 fra Byen" in page
    assert again.status_code == 409
    assert "Versjon 1 av Prosess small er alt deres egen" in unescape(again.text)


def test_a_procurement_says_whose_model_it_runs_on(
    platform: Platform, visit: Visit, own: str, address: str
) -> None:
    platform.act("stranger", ShareModel(own, TOWN))
    neighbour = visit("neighbour")
    start = f"/procurements/start?process={KEY}&version={own}"
    fields = {
        "process": KEY,
        "version": own,
        "title": "Strand",
        "reference": "B/1",
        "organisation": ELSEWHERE,
    }

    assert start in read(neighbour, address)
    assert f'name="version" value="{own}"' in read(neighbour, start)
    started = neighbour.press(start, "/procurements/start", fields).headers["location"]
    page = read(neighbour, started)

    assert "versjon 2</a> fra Byen" in page
    assert "Startet på modellen «Prosess small» fra Byen, versjon 2" in read(
        neighbour, f"{started.partition('?')[0]}/log"
    )


def test_a_lead_of_two_organisations_starts_for_one_what_that_one_may_have(
    platform: Platform, visit: Visit, own: str
) -> None:
    platform.bus.handle(GrantRole("neighbour", TOWN, "procurement-lead"), SYSTEM)
    neighbour = visit("neighbour")
    start = f"/procurements/start?process={KEY}"
    fields = {"process": KEY, "title": "Strand", "reference": "B/1", "organisation": ELSEWHERE}

    page = read(neighbour, start)
    started = neighbour.press(start, "/procurements/start", {**fields, "version": ""})

    assert f"/processes/versions/{own}" in page
    assert 'name="version" value=""' in page
    assert started.status_code == 303
    assert own not in read(neighbour, started.headers["location"])


def test_a_model_like_the_need_is_offered_before_it_is_written(
    platform: Platform, visit: Visit, own: str, address: str
) -> None:
    platform.act("stranger", ShareModel(own, TOWN))
    neighbour = visit("neighbour")
    asked = "Badevakten varsles om drukning"
    fields = {
        "process": KEY,
        "title": asked,
        "reference": "B/1",
        "organisation": ELSEWHERE,
        "_action": "alike",
    }

    pages = [
        read(neighbour, "/knowledge?q=" + asked.replace(" ", "+")),
        unescape(
            neighbour.press(
                f"/procurements/start?process={KEY}", "/procurements/start", fields
            ).text
        ),
    ]

    for page in pages:
        assert f'href="{address}">Prosess small</a>' in page
        assert "Byen, versjon 2" in page
        assert "felles ord: " in page
        assert f'href="/procurements/start?process={KEY}&version={own}' in page
    assert f"&version={own}&title=Badevakten%20varsles%20om%20drukning" in pages[1]


def test_the_wrong_act_on_a_model_says_why(visit: Visit, address: str) -> None:
    designer = visit("stranger")
    wrong: list[tuple[str, dict[str, str], int, str]] = [
        ("share", {"owner": TOWN, "organisation": TOWN}, 422, "Din egen virksomhet ser det"),
        ("share", {"owner": TOWN, "organisation": "nowhere"}, 404, ""),
        ("share", {"owner": ELSEWHERE}, 403, "Bare prosessdesigneren i virksomheten"),
        ("share", {}, 403, ""),
        ("stop", {"owner": TOWN, "item": "nothing"}, 404, ""),
        ("take", {"owner": TOWN}, 409, "er alt deres egen"),
        ("burn", {"owner": TOWN}, 422, ""),
    ]

    for act, fields, status, said in wrong:
        answer = designer.press(address, f"{address}/{act}", fields)
        assert answer.status_code == status
        assert said in unescape(answer.text)
