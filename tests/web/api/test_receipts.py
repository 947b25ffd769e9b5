"""Receipt, registration and opening for programs."""

from collections.abc import Callable
from datetime import timedelta

from tests.support.api import Program
from tests.support.delivering import OPENER, RECEIVER, TEAM_THAT_RECEIVES, A, after_the_deadline
from tests.support.platform import Platform

Programs = Callable[[str], Program]
SENT = {"supplier": A, "name": "Fjord AS", "channel": "e-mail"}


def test_a_program_opens_receipt_registers_and_two_open(
    platform: Platform, program: Programs
) -> None:
    procurement = platform.start(team=TEAM_THAT_RECEIVES)
    ours = f"/procurements/{procurement}"
    officer = program(RECEIVER)
    deadline = (platform.clock.now() + timedelta(hours=1)).isoformat()

    opened = officer.post(f"{ours}/intakes", {"kind": "tender", "deadline": deadline})
    intake = opened.json()["intake"]
    path = f"{ours}/intakes/{intake}/deliveries"
    files = {"files": ("tilbud.txt", b"pris: 42")}
    kept = [officer.send(path, files, SENT, key="once") for _ in range(2)]
    early = officer.post(f"{ours}/intakes/{intake}/openings", {})
    after_the_deadline(platform, procurement, intake)
    officer, second = program(RECEIVER), program(OPENER)
    begun = officer.post(f"{ours}/intakes/{intake}/openings", {}).json()["opening"]
    joined = second.post(f"{ours}/openings/{begun}/join", {})
    (told,) = officer.get(f"{ours}/receipts").json()["intakes"]
    (delivery,) = told["deliveries"]
    read = officer.client.get(
        f"/api/v1{ours}/deliveries/{delivery['id']}/files/{delivery['files'][0]['id']}"
    )

    assert [each.status_code for each in kept] == [201, 201]
    assert kept[0].json() == kept[1].json()
    assert early.json()["code"] == "rejected"
    assert joined.json()["opened"] == 1
    assert (delivery["state"], delivery["name"]) == ("opened", "Fjord AS")
    assert told["openings"][0]["second"] == "Lawyer"
    assert read.content == b"pris: 42"


def test_what_could_do_harm_is_refused_with_its_code(platform: Platform, program: Programs) -> None:
    procurement = platform.start(team=TEAM_THAT_RECEIVES)
    officer = program(RECEIVER)
    deadline = (platform.clock.now() + timedelta(hours=1)).isoformat()
    asked = {"kind": "tender", "deadline": deadline}
    intake = officer.post(f"/procurements/{procurement}/intakes", asked).json()["intake"]
    path = f"/procurements/{procurement}/intakes/{intake}/deliveries"

    codes = [
        officer.send(path, {"files": file}, SENT).json()["code"]
        for file in (("a.svg", b"<svg/>"), ("a.pdf", b"MZ"), ("a.txt", b"<html>"))
    ]

    assert codes == ["file-refused", "file-mislabelled", "file-active"]
