"""Models over the API: deployed for one organisation, shared with others, taken over."""

from collections.abc import Callable

import pytest

from engine.commands.deployments import DeployProcess
from engine.commands.organisations import GrantRole
from engine.model.actor import SYSTEM
from tests.support.api import Program
from tests.support.platform import ELSEWHERE, TOWN, Platform
from tests.support.small_process import KEY, small_process

Sign = Callable[[str], Program]
README = f"processes/{KEY}/README.nb.md"
FILES = {**small_process(), README: b"Badevakten varsles."}


@pytest.fixture
def designers(platform: Platform) -> Platform:
    """`stranger` draws models for the town, `neighbour` for the other municipality."""
    platform.bus.handle(GrantRole("stranger", TOWN, "process-designer"), SYSTEM)
    platform.bus.handle(GrantRole("neighbour", ELSEWHERE, "process-designer"), SYSTEM)
    return platform


@pytest.mark.usefixtures("designers")
def test_a_program_deploys_shares_and_takes_over(program: Sign) -> None:
    designer, neighbour = program("stranger"), program("neighbour")
    files = [("files", (path, content)) for path, content in FILES.items()]
    ours = {"key": KEY, "organisation": TOWN}
    digest = designer.send("/processes", files, ours).json()["digest"]
    path = f"/processes/versions/{digest}"
    hidden = neighbour.get(path).status_code

    preview = designer.get(f"{path}/shared/preview", organisation=ELSEWHERE).json()
    asked = {"organisation": TOWN, "others": [ELSEWHERE]}
    shared = designer.post(f"{path}/shared", asked)
    taken = neighbour.post(f"{path}/take", {"organisation": ELSEWHERE})
    item = shared.json()["item"]
    stopped = designer.post(f"{path}/shared/{item}/stop", {"organisation": TOWN})

    assert hidden == 404
    assert ([each["name"] for each in preview["audience"]], preview["people"]) == (["Bygda"], 1)
    assert README in preview["files"]
    assert [each.status_code for each in (shared, taken, stopped)] == [201, 201, 200]
    assert taken.json() == {"digest": digest, "number": 1, "new": True}
    told = neighbour.get(path).json()
    assert (told["version"]["owner"], told["version"]["origin_of"]) == (ELSEWHERE, "Byen")
    assert (told["shares"], designer.get(path).json()["shares"]) == ([], [])


def test_a_program_chooses_at_deploying_whether_all_may_start_it(
    designers: Platform, program: Sign
) -> None:
    own = str(designers.act("stranger", DeployProcess(KEY, FILES, TOWN))["digest"])
    files = [("files", (path, content)) for path, content in small_process(title="Ny").items()]
    fields = {"key": KEY, "organisation": TOWN, "to_all": "true"}

    digest = program("stranger").send("/processes", files, fields).json()["digest"]

    [process] = program("neighbour").get("/processes").json()
    theirs = {each["digest"] for each in process["versions"]}
    assert digest in theirs
    assert own not in theirs
