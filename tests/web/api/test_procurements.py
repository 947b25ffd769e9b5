"""Procurements and their record over the API."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from engine.commands.organisations import GrantRole
from engine.commands.procurements import Seat
from engine.model.actor import SYSTEM
from tests.support.api import Program
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform

Sign = Callable[[str], Program]
NEW = {
    "process": "small",
    "title": "Badeplass",
    "reference": "2026/9",
    "organisation": TOWN,
    "team": [{"person": "owner", "role": "need-owner"}, {"person": "lawyer", "role": "legal"}],
}


def test_a_lead_finds_what_starting_needs_and_starts(lead: Program) -> None:
    starting = lead.get("/starting").json()

    answer = lead.post("/procurements", NEW)

    assert [each["id"] for each in starting["organisations"]] == [TOWN]
    assert "owner" in {each["id"] for each in starting["persons"]}
    assert answer.status_code == 201
    assert answer.json()["reference"] == "2026/9"
    found = lead.get(f"/procurements/{answer.json()['procurement']}").json()
    assert found["title"] == "Badeplass"
    assert {seat["role"] for seat in found["team"]} == {"procurement-lead", "need-owner", "legal"}


def test_an_earlier_moment_is_told_as_it_was(platform: Platform, lead: Program) -> None:
    procurement = platform.start()
    path = f"/procurements/{procurement}"
    then, before = platform.clock.now(), lead.get(path).json()
    platform.clock.set(then + timedelta(minutes=9))
    platform.to_gate(procurement)

    past = lead.get(path, as_of=then.isoformat()).json()
    in_oslo = lead.get(path, as_of="2026-03-23T09:00:00").json()

    assert {**past, "as_of": None, "may_steer": True, "may_comment": True} == before
    assert in_oslo == past
    assert lead.get(path).json()["open_tasks"] != before["open_tasks"]


def test_a_preview_tells_what_an_act_would_do_and_does_nothing(
    platform: Platform, lead: Program, program: Sign
) -> None:
    procurement = platform.start()
    path = f"/procurements/{procurement}/preview"

    found = lead.post(path, {"act": "cancel"}).json()
    refused = program("owner").post(path, {"act": "cancel"})
    seated = lead.post(path, {"act": "add-member", "person": "stranger", "role": "legal"}).json()
    task = platform.task(procurement, "describe").id
    when = {"act": "move-due", "task": task, "due_at": "2026-12-24T12:00:00Z"}
    later = lead.post(path, when).json()

    assert found["status"] == ["running", "cancelled"]
    assert [each["name"] for each in found["closed"]] == ["Describe"]
    assert refused.status_code == 403
    assert [each["person"] for each in seated["seats_added"]] == ["stranger"]
    assert [each["after"]["due_at"] for each in later["moved"]] == ["2026-12-24T12:00:00Z"]
    assert lead.get(f"/procurements/{procurement}").json()["status"] == "running"


@pytest.mark.parametrize("moment", ["2019-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "soon", "9"])
def test_a_moment_that_it_has_not_is_refused(
    platform: Platform, lead: Program, moment: str
) -> None:
    answer = lead.get(f"/procurements/{platform.start()}", as_of=moment)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "x" * 401}, 422),
        ({"title": "a\u0000b"}, 422),
        ({"reference": "   "}, 422),
        ({"unknown": 1}, 422),
        ({"process": "nothing"}, 404),
        ({"digest": "0" * 64}, 404),
        ({"organisation": "elsewhere"}, 403),
        ({"organisation": "nowhere"}, 403),
        ({"team": [{"person": "nobody", "role": "legal"}]}, 404),
        ({"team": [{"person": "neighbour", "role": "legal"}]}, 422),
        ({"team": [{"person": "lawyer", "role": "Legal!"}]}, 422),
        ({"team": [{"person": "lawyer", "role": "legal", "valid_from": "soon"}]}, 422),
        ({"joint_with": ["nowhere"]}, 409),
    ],
)
def test_what_cannot_be_started_is_refused(
    lead: Program, change: dict[str, object], status: int
) -> None:
    answer = lead.post("/procurements", {**NEW, **change})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert lead.get("/procurements").json() == []


def test_a_reference_that_is_taken_is_a_fault_of_the_request(
    platform: Platform, lead: Program
) -> None:
    platform.start(reference="2026/9")

    answer = lead.post("/procurements", NEW)

    assert answer.status_code in {409, 422}


def test_the_list_shows_a_person_what_he_may_see(platform: Platform, program: Sign) -> None:
    platform.start()

    assert [row["reference"] for row in program("owner").get("/procurements").json()] == ["2026/1"]
    assert program("stranger").get("/procurements").json() == []


def test_a_procurement_tells_where_it_stands_and_by_when(platform: Platform, lead: Program) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    for scope in ("910000004", "910000012"):
        platform.complete("owner", procurement, "score", scope, submission={"points": 3})

    found = lead.get(f"/procurements/{procurement}").json()

    assert found["status"] == "running"
    assert [supplier["name"] for supplier in found["suppliers"]] == ["Alfa", "Beta"]
    assert [decision["option"] for decision in found["decisions"]] == ["Godkjenn"]
    assert found["decisions"][0]["by"] == ["Lead", "Lawyer"]
    deadline = found["deadlines"][0]
    assert deadline["why"]["citation"]
    assert deadline["why"]["nb"]
    assert {each["form"] for each in found["submissions"]} == {"need", "approval", "score"}


def test_what_is_confidential_to_a_supplier_is_left_out(platform: Platform, program: Sign) -> None:
    team = (*TEAM, Seat("stranger", "employee"))
    procurement = platform.start(team=team)
    platform.to_branches(procurement)

    found = program("stranger").get(f"/procurements/{procurement}").json()

    assert found["suppliers"] == []
    assert found["open_tasks"] == []


def test_a_lead_pauses_resumes_and_cancels_with_reasons(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}"

    answers = [
        lead.post(f"{path}/suspend", {}),
        lead.post(f"{path}/suspend", {"reason": "Ferie"}),
        lead.post(f"{path}/suspend", {"reason": "Ferie"}),
        lead.post(f"{path}/resume", {"reason": "Tilbake"}),
        lead.post(f"{path}/resume", {"reason": "Tilbake"}),
        lead.post(f"{path}/cancel", {"reason": "Intet behov"}),
        lead.post(f"{path}/cancel", {"reason": "Intet behov"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 200, 409, 200, 409, 200, 409]
    assert answers[0].json()["code"] == "reason-missing"
    assert lead.get(path).json()["status"] == "cancelled"


def test_only_the_lead_steers(platform: Platform, program: Sign) -> None:
    path = f"/procurements/{platform.start()}"

    answer = program("owner").post(f"{path}/cancel", {"reason": "Nei"})

    assert answer.status_code == 403
    assert answer.json()["rules"] == ["lead-steers"]


def test_going_back_undoes_what_was_handed_in_since(platform: Platform, lead: Program) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    path = f"/procurements/{procurement}"
    points = lead.get(f"{path}/points").json()

    answer = lead.post(f"{path}/rewind", {"to_seq": points[-1]["seq"], "reason": "Feil behov"})

    assert answer.json()["undone"] == 1
    assert [task.element for task in platform.open(procurement)] == ["describe"]
    absent = lead.post(f"{path}/rewind", {"to_seq": 999, "reason": "Feil"})
    assert absent.status_code == 404


def test_a_happening_is_shown_with_its_form_and_reported(platform: Platform, lead: Program) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    path = f"/procurements/{procurement}"
    happening = lead.get(path).json()["happenings"][0]

    shown = lead.get(f"{path}/happenings/{happening['wait']}").json()
    report = {"message": happening["message"], "wait": happening["wait"]}
    faulty = lead.post(f"{path}/messages", {**report, "submission": {}})
    answer = lead.post(f"{path}/messages", {**report, "submission": {"why": "Trekker seg"}})
    again = lead.post(f"{path}/messages", {**report, "submission": {"why": "Trekker seg"}})

    assert shown["form"]["key"] == "withdrawal"
    assert faulty.status_code == 422
    assert answer.status_code == 200
    assert again.status_code == 404


def test_members_are_added_and_removed(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}"
    seat = {
        "person": "stranger",
        "role": "evaluator",
        "valid_from": "2026-01-01",
        "reason": "Hjelp",
    }

    candidates = lead.get(f"{path}/candidates").json()
    added = lead.post(f"{path}/team", seat)
    removed = lead.post(f"{path}/team/{added.json()['member']}/remove", {"reason": "Ferdig"})
    again = lead.post(f"{path}/team/{added.json()['member']}/remove", {"reason": "Ferdig"})

    assert "stranger" in {each["id"] for each in candidates}
    assert [added.status_code, removed.status_code, again.status_code] == [201, 200, 404]


def test_candidates_and_points_are_for_those_who_steer(platform: Platform, program: Sign) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    path = f"/procurements/{procurement}"
    owner = program("owner")

    assert owner.get(f"{path}/candidates").json() == []
    assert owner.get(f"{path}/points").json() == []


def test_an_incident_that_is_not_there_cannot_be_retried(platform: Platform, lead: Program) -> None:
    answer = lead.post(f"/procurements/{platform.start()}/incidents/none/retry")

    assert answer.status_code == 404


def test_the_drawings_of_a_procurement_show_its_tokens(platform: Platform, lead: Program) -> None:
    path = f"/procurements/{platform.start()}"

    listed = lead.get(f"{path}/diagrams").json()
    picture = lead.get(f"{path}/diagram.svg")

    assert listed[0]["places"] == [{"name": "Describe", "tokens": 1}]
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.lstrip().startswith("<svg")
    assert lead.get(f"{path}/diagram.svg", process="other").status_code == 404


def test_the_record_is_read_page_by_page_in_sentences(platform: Platform, lead: Program) -> None:
    procurement = platform.start()
    path = f"/procurements/{procurement}/entries"

    first = lead.get(path, limit=3).json()
    rest = lead.get(path, below=first["older"]).json()

    found = first["items"] + rest["items"]
    assert [entry["seq"] for entry in found] == list(range(len(found), 0, -1))
    assert rest["older"] == 0
    assert [entry["type"] for entry in reversed(found)] == platform.entries(procurement)
    assert all(entry["text"] for entry in found)


def test_the_record_is_verified_on_request(platform: Platform, lead: Program) -> None:
    found = lead.get(f"/procurements/{platform.start()}/audit").json()

    assert found["verdict"]["ok"] is True
    assert found["verdict"]["entries"] == found["verdict"]["covered"]
    assert found["checkpoint"]


def test_the_whole_record_is_handed_to_those_who_may_see_all_of_it(
    platform: Platform, program: Sign
) -> None:
    procurement = platform.start(team=(*TEAM, Seat("stranger", "employee")))
    platform.to_branches(procurement)
    path = f"/procurements/{procurement}/export"

    answers = {who: program(who).get(path) for who in ("lead", "auditor", "stranger", "neighbour")}

    codes = {who: answer.status_code for who, answer in answers.items()}
    assert codes == {"lead": 200, "auditor": 200, "stranger": 403, "neighbour": 404}
    assert "verifier.py" in ZipFile(BytesIO(answers["lead"].content)).namelist()
    assert "2026-1.zip" in answers["lead"].headers["content-disposition"]


def test_a_lead_of_the_organisation_reads_but_gets_no_confidential_record(
    platform: Platform, program: Sign
) -> None:
    platform.bus.handle(GrantRole("stranger", TOWN, "procurement-lead"), SYSTEM)
    procurement = platform.start()
    platform.to_branches(procurement)
    other = program("stranger")

    assert other.get(f"/procurements/{procurement}").status_code == 200
    assert other.get(f"/procurements/{procurement}/export").status_code == 403


ACTS = (
    ("GET", "", None),
    ("GET", "/comments", None),
    ("GET", "/attachments", None),
    ("GET", "/candidates", None),
    ("GET", "/diagrams", None),
    ("GET", "/diagram.svg", None),
    ("GET", "/happenings/x", None),
    ("GET", "/entries", None),
    ("GET", "/points", None),
    ("GET", "/audit", None),
    ("GET", "/export", None),
    ("POST", "/messages", {"message": "supplier-withdraws"}),
    ("POST", "/suspend", {"reason": "x"}),
    ("POST", "/resume", {"reason": "x"}),
    ("POST", "/cancel", {"reason": "x"}),
    ("POST", "/rewind", {"reason": "x", "to_seq": 1}),
    ("POST", "/incidents/x/retry", None),
    ("POST", "/team", {"person": "owner", "role": "legal", "reason": "x"}),
    ("POST", "/team/x/remove", {"reason": "x"}),
    ("POST", "/comments", {"text": "Hei"}),
)


@pytest.mark.parametrize("person", ["stranger", "neighbour"])
def test_a_procurement_that_is_not_yours_looks_as_if_it_were_not_there(
    platform: Platform, program: Sign, person: str
) -> None:
    procurement = platform.start()
    outsider = program(person)

    there = [
        outsider.post(f"/procurements/{procurement}{act}", sent, method=how)
        for how, act, sent in ACTS
    ]
    absent = [
        outsider.post(f"/procurements/nothing{act}", sent, method=how) for how, act, sent in ACTS
    ]

    assert [answer.status_code for answer in there] == [404] * len(ACTS)
    assert [answer.json() for answer in there] == [answer.json() for answer in absent]
