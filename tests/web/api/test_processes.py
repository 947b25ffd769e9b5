"""Processes over the API: reading, checking, deploying."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from engine.commands.organisations import GrantRole
from engine.model.actor import SYSTEM
from tests.support.api import Program
from tests.support.platform import ELSEWHERE, TOWN, Platform
from tests.support.small_process import KEY, small_process

Sign = Callable[[str], Program]
MODEL = f"processes/{KEY}/{KEY}.bpmn"
FIELDS = {"key": KEY, "organisation": TOWN}


def bundle(files: Mapping[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (path, content)) for path, content in files.items()]


@pytest.fixture
def designer(platform: Platform, program: Sign) -> Program:
    platform.bus.handle(GrantRole("stranger", TOWN, "process-designer"), SYSTEM)
    return program("stranger")


def digest_of(program: Program) -> str:
    return str(program.get("/processes").json()[0]["versions"][0]["digest"])


def test_processes_are_listed_with_their_versions(lead: Program) -> None:
    found = lead.get("/processes").json()

    assert [(each["key"], each["startable"]) for each in found] == [(KEY, True)]
    assert [version["number"] for version in found[0]["versions"]] == [1]


def test_another_buyer_reads_and_starts_a_model_and_is_told_whom_it_comes_from(
    program: Sign,
) -> None:
    neighbour = program("neighbour")
    [version] = neighbour.get("/processes").json()[0]["versions"]
    new = {"process": KEY, "title": "Badevakt", "organisation": ELSEWHERE, "reference": "2026/7"}

    started = neighbour.post("/procurements", {**new, "team": []})
    page = neighbour.client.get(f"/processes/versions/{version['digest']}").text

    assert started.status_code == 201
    assert version["organisation"] == "Byen"
    assert "Byen" in page


def test_a_process_is_called_what_its_texts_call_it(designer: Program) -> None:
    texts = {f"processes/{KEY}/{KEY}.nn.json": b'{"small.name": "Liten prosess"}'}
    designer.send("/processes", bundle({**small_process(title="Nytt"), **texts}), FIELDS)

    designer.client.cookies.set("language", "nn")
    [found] = designer.get("/processes").json()

    assert found["name"] == "Liten prosess"
    assert "Liten prosess" in designer.client.get("/processes").text


def test_a_version_comes_with_its_files_roles_and_elements(lead: Program) -> None:
    found = lead.get(f"/processes/versions/{digest_of(lead)}").json()

    assert set(found["files"]) == set(small_process())
    assert {each["role"] for each in found["roles"]} >= {"procurement-lead", "need-owner", "legal"}
    elements = {each["id"]: each for each in found["processes"][0]["elements"]}
    assert elements["approve"]["decision"] == "D5"
    assert elements["approve"]["four_eyes"] == "legal"
    assert elements["register"]["operation"] == "register-suppliers"


def test_a_file_of_a_version_comes_back_byte_for_byte(lead: Program) -> None:
    path = f"/processes/versions/{digest_of(lead)}/files"

    found = lead.get(f"{path}/{MODEL}")

    assert found.content == small_process()[MODEL]
    assert lead.get(f"{path}/processes/x/x.bpmn").status_code == 404
    assert lead.get(f"{path}/..%2f..%2fetc").status_code in {404, 422}


def test_a_version_is_drawn(lead: Program) -> None:
    path = f"/processes/versions/{digest_of(lead)}/diagram.svg"

    assert lead.get(path).text.lstrip().startswith("<svg")
    assert lead.get(path, process="other").status_code == 404
    assert lead.get("/processes/versions/none/diagram.svg").status_code == 404


def test_a_designer_checks_and_deploys_a_new_version(designer: Program) -> None:
    files = bundle(small_process(title="Nytt behov"))

    checked = designer.send("/processes/check", files, FIELDS)
    deployed = designer.send("/processes", files, FIELDS)
    again = designer.send("/processes", files, FIELDS)

    assert checked.json()["deployable"] is True
    assert deployed.status_code == 201
    assert (deployed.json()["number"], deployed.json()["new"]) == (2, True)
    assert (again.json()["number"], again.json()["new"]) == (2, False)


def test_a_process_with_errors_is_refused_with_every_finding(designer: Program) -> None:
    files = {**small_process(), MODEL: b"<broken"}

    checked = designer.send("/processes/check", bundle(files), FIELDS)
    deployed = designer.send("/processes", bundle(files), FIELDS)

    assert checked.json()["deployable"] is False
    assert deployed.status_code == 422
    assert deployed.json()["code"] == "deployment-refused"
    assert deployed.json()["findings"] == checked.json()["findings"]
    assert deployed.json()["findings"][0]["file"] == MODEL
    assert len(designer.get("/processes").json()[0]["versions"]) == 1


def test_only_designers_check_and_deploy(lead: Program) -> None:
    answers = [
        lead.send(path, bundle(small_process(title="Nytt")), FIELDS)
        for path in ("/processes/check", "/processes")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[1].json()["rules"] == ["designer-of-the-organisation", "the-system-acts"]


@pytest.mark.parametrize(
    ("files", "fields"),
    [
        ([], FIELDS),
        ([("files", ("../../etc/passwd", b"x"))], FIELDS),
        ([("files", ("/etc/passwd", b"x"))], FIELDS),
        ([("files", ("small.bpmn", b"x"))], FIELDS),
        ([("files", (MODEL, b"x")), ("files", (MODEL, b"y"))], FIELDS),
        ([("files", (MODEL, b"x"))], {**FIELDS, "key": "Not A Key"}),
        ([("files", (MODEL, b"x"))], {"key": KEY}),
    ],
)
def test_files_without_a_place_of_their_own_are_refused(
    designer: Program, files: Any, fields: dict[str, str]
) -> None:
    answer = designer.send("/processes", files, fields)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid-input"


def test_the_words_about_a_process_come_in_the_readers_language(designer: Program) -> None:
    told = {
        f"processes/{KEY}/README.md": b"# Small\n\n## When\n\n<b>Always</b>.\n",
        f"processes/{KEY}/README.nb.md": "# Liten\n\n## Når\n\nAlltid.\n".encode(),
    }
    deployed = designer.send("/processes", bundle({**small_process(), **told}), FIELDS).json()
    address = f"/processes/versions/{deployed['digest']}"

    languages, pages = {}, {}
    for language in ("nb", "nn", "en"):
        designer.client.cookies.set("language", language)
        languages[language] = designer.get(address).json()["readme_language"]
        pages[language] = designer.client.get(address).text

    assert languages == {"nb": "nb", "nn": "nb", "en": "en"}
    assert "<h3>Når</h3>" in pages["nb"]
    assert '<div lang="nb">' in pages["nn"]
    assert "&lt;b&gt;Always&lt;/b&gt;" in pages["en"]
