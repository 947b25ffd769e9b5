"""Comments and files over the API."""

from collections.abc import Callable

from tests.support.api import Program
from tests.support.platform import Platform

Sign = Callable[[str], Program]
PDF = ("plan.pdf", b"%PDF-1.7 plan", "application/pdf")


def test_comments_on_tasks_and_procurements_are_read_back(
    platform: Platform, program: Sign
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    owner = program("owner")

    added = [
        owner.post(f"/tasks/{task}/comments", {"text": "Om oppgaven"}),
        owner.post(f"/procurements/{procurement}/comments", {"text": "Om alt"}),
    ]

    assert [answer.status_code for answer in added] == [201, 201]
    on_task = owner.get(f"/tasks/{task}/comments").json()
    on_all = owner.get(f"/procurements/{procurement}/comments").json()
    assert [(each["text"], each["by"]) for each in on_task] == [("Om oppgaven", "Owner")]
    assert [each["text"] for each in on_all] == ["Om alt"]


def test_a_comment_is_taken_back_by_its_author_alone(platform: Platform, program: Sign) -> None:
    path = f"/procurements/{platform.start()}/comments"
    owner = program("owner")
    key = owner.post(path, {"text": "Feil anskaffelse"}).json()["comment"]

    refused = program("lead").post(f"{path}/{key}/withdraw")
    withdrawn = owner.post(f"{path}/{key}/withdraw")

    [told] = program("lead").get(path).json()
    assert (refused.status_code, withdrawn.status_code) == (403, 200)
    assert (told["text"], told["by"], told["may_withdraw"]) == ("", "Owner", False)
    assert told["withdrawn_at"]


def test_empty_huge_and_broken_comments_are_refused(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}/comments"
    texts = ["", "   ", "x" * 8001, "a\u0000b", None, 7]

    answers = [lead.post(path, {"text": text}) for text in texts]

    assert [answer.status_code for answer in answers] == [422] * len(texts)
    assert lead.get(path).json() == []


def test_a_file_is_attached_and_comes_back_as_a_download(platform: Platform, program: Sign) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    lead = program("lead")

    on_task = lead.send(f"/tasks/{task}/attachments", {"file": PDF})
    on_all = lead.send(f"/procurements/{procurement}/attachments", {"file": PDF})

    assert [on_task.status_code, on_all.status_code] == [201, 201]
    key = on_task.json()["attachment"]
    listed = lead.get(f"/tasks/{task}/attachments").json()
    assert [(each["id"], each["name"], each["size"]) for each in listed] == [(key, "plan.pdf", 13)]
    assert len(lead.get(f"/procurements/{procurement}/attachments").json()) == 1
    file = lead.get(f"/attachments/{key}")
    assert file.content == PDF[1]
    assert file.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in file.headers["content-security-policy"]
    assert program("neighbour").get(f"/attachments/{key}").status_code == 404
    assert lead.get("/attachments/none").status_code == 404


def test_files_of_the_wrong_kind_or_name_are_refused(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}/attachments"

    answers = [
        lead.send(path, {"file": ("run.exe", b"MZ", "application/pdf")}),
        lead.send(path, {"file": ("fake.pdf", b"no pdf", "application/pdf")}),
        lead.send(path, {"file": ("x" * 300 + ".txt", b"text", "text/plain")}),
        lead.send(path, {"file": ("empty.txt", b"", "text/plain")}),
        lead.send(path, {"other": PDF}),
    ]

    assert [answer.status_code for answer in answers] == [415, 415, 422, 422, 422]
    assert lead.get(path).json() == []


def test_a_file_that_is_too_large_is_refused(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}/attachments"
    large = ("large.txt", b"x" * (25 * 1024 * 1024 + 1), "text/plain")

    answer = lead.send(path, {"file": large})

    assert answer.status_code == 413
    assert answer.json()["code"] == "file-too-large"
