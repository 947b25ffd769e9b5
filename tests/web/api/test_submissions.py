"""Handing in, for programs of suppliers."""

from engine.commands.participants import Invited, InviteParticipants
from service.security.invitations import digest_of
from service.wiring import Parts
from tests.support.api import V1, Program
from tests.support.delivering import A, B, after_the_deadline, receiving
from tests.support.platform import Platform


def come_in(platform: Platform, parts: Parts, procurement: str, scope: str) -> Program:
    """A program with a stay for the supplier."""
    secret = f"SECRET{scope}"
    invited = Invited(f"i{scope}", digest_of(secret), "supplier", 14, scope, f"Firma {scope}")
    platform.act("lead", InviteParticipants(procurement, (invited,)))
    program = Program.at(parts)
    assert program.client.post(f"{V1}/portal/stay", json={"secret": secret}).status_code == 204
    program.token = program.get("/portal").json()["csrf_token"]
    return program


def test_a_program_submits_once_reads_its_receipt_and_withdraws(
    platform: Platform, parts: Parts
) -> None:
    procurement, intake = receiving(platform)
    ours, theirs = (come_in(platform, parts, procurement, key) for key in (A, B))
    path = f"/portal/intakes/{intake}/submissions"
    files = {"files": ("tilbud.txt", b"pris: 42")}

    done = [ours.send(path, files, key="once") for _ in range(2)]
    delivery = done[0].json()["delivery"]
    receipt = ours.get(f"/portal/submissions/{delivery}/receipt")
    guessed = theirs.get(f"/portal/submissions/{delivery}/receipt")
    absent = theirs.get("/portal/submissions/nothing/receipt")
    meant = ours.get(f"/portal/submissions/{delivery}/withdraw")
    gone = [ours.post(f"/portal/submissions/{delivery}/withdraw", {}) for _ in range(2)]

    assert [each.status_code for each in done] == [201, 201]
    assert done[0].json() == done[1].json()
    assert receipt.json()["files"][0]["name"] == "tilbud.txt"
    assert guessed.json() == absent.json()
    assert guessed.status_code == 404
    assert meant.json() == {"receipt": receipt.json(), "replaced": 0}
    assert theirs.get(f"/portal/submissions/{delivery}/withdraw").status_code == 404
    assert [each.status_code for each in gone] == [200, 200]
    assert theirs.get("/portal/submissions").json()["intakes"][0]["receipts"] == []
    after_the_deadline(platform, procurement, intake)
    late = ours.send(path, files)
    assert (late.status_code, late.json()["code"]) == (409, "too-late")


def test_too_many_in_a_while_are_slowed(platform: Platform, parts: Parts) -> None:
    procurement, _ = receiving(platform)
    program = come_in(platform, parts, procurement, A)

    told = [
        program.send("/portal/intakes/x/submissions", {"files": ("a.txt", b"a")}).status_code
        for _ in range(21)
    ]

    assert (told[0], told[-1]) == (404, 429)
