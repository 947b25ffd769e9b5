"""A design contest with real projects: handed in sealed, judged by code, and named when the jury
has spoken; until then nobody but the receiving officer finds out whose a project is."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx2
import pikepdf
import pytest
import sqlalchemy as sa

from engine.model.records import TaskRecord
from engine.store.schema import audit_event
from service.wiring import Parts
from tests.support.api import V1, Program
from tests.support.staff import ROOT, Staff, staffed

COURSE: Final = ROOT / "processes/design-contest/scenarios/full-contest.yaml"
STUDIOS: Final = {"910000004": "Fjord Tegn", "910000012": "Strek", "910000020": "Havkant"}
"""Those who take part, by organisation number."""


@dataclass(slots=True)
class Contest(Staff):
    """`codes` are the projects as the officer presents them, by code."""

    parts: Parts
    codes: dict[str, bytes] = field(default_factory=dict)

    def page(self, person: str, part: str) -> str:
        """What somebody reads of the contest on a page; "" where it is not for her or him."""
        answer = self.file(person, part, api=False)
        return answer.text if answer.is_success else ""

    def file(self, person: str, part: str, *, api: bool = True) -> httpx2.Response:
        self.program.sign_in(person)
        return self.program.client.get(f"{V1 if api else ''}{self.path}{part}")

    def delivered(self) -> list[dict[str, Any]]:
        """What counts and was opened."""
        (intake,) = self.get("receiver", "/receipts")["intakes"]
        return [each for each in intake["deliveries"] if each["state"] == "opened"]

    def open_in(self, code: str, element: str) -> TaskRecord:
        found = (each for each in self.run.look().tasks if each.scope == code)
        return next(each for each in found if each.element == element)

    def come_in(self, key: str) -> Program:
        """Somebody of the studio, whom the lead invites; the same again once the stay is over."""
        people = self.get("lead", "/participants")["participants"]
        known = {each["scope"]: each["id"] for each in people}
        invited = {"role": "supplier", "scope": key, "group": STUDIOS[key], "name": f"Fra {key}"}
        secret = self.invite(participant=known.get(key, ""), **invited)
        guest = Program.at(self.parts)
        stay = guest.client.post(f"{V1}/portal/stay", json={"secret": secret, "name": f"Fra {key}"})
        assert stay.status_code == HTTPStatus.NO_CONTENT, stay.text
        guest.token = guest.get("/portal").json()["csrf_token"]
        return guest


@pytest.fixture
def contest(tmp_path: Path) -> Iterator[Contest]:
    with staffed(COURSE, tmp_path) as (run, platform, parts):
        yield Contest(run, platform, Program.at(parts), parts)


def drawing(key: str, *, version: str = "") -> bytes:
    """A project, with its author in the properties."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Idea = pikepdf.String(idea_of(key) + version)
        pdf.docinfo["/Author"] = STUDIOS[key]
        pdf.save(made)
    return made.getvalue()


def idea_of(key: str) -> str:
    """What is drawn, by which a project is known again."""
    return f"ide-{sha256(key.encode()).hexdigest()[:8]}"


def hand_in(guest: Program, key: str, **drawn: str) -> dict[str, Any]:
    (intake,) = guest.get("/portal/submissions").json()["intakes"]
    file = (f"{STUDIOS[key]}.pdf", drawing(key, **drawn))
    done = guest.send(f"/portal/intakes/{intake['id']}/submissions", {"files": file})
    assert done.status_code == HTTPStatus.CREATED, done.text
    return dict(done.json())


def test_projects_are_judged_by_code_and_get_their_names_when_the_jury_has_spoken(
    contest: Contest,
) -> None:
    projects_come_in_sealed(contest)
    two_open_and_codes_stand_for_names(contest)
    projects_are_presented_without_names(contest)
    the_jury_reads_the_projects_and_ranks_codes(contest)
    the_right_names_come_out(contest)


def projects_come_in_sealed(c: Contest) -> None:
    """One puts another in its place, one is taken back and handed in again."""
    c.until("register-publication")
    c.do("register-publication")
    (clock,) = (
        each["timer"]
        for each in c.get("receiver", "/receipts")["clocks"]
        if each["name"] == "Fristen er ute"
    )
    c.post("receiver", "/intakes", {"kind": "project", "timer": clock})
    first, second, third = (c.come_in(key) for key in STUDIOS)
    hand_in(first, "910000004")
    hand_in(second, "910000012", version=" første")
    hand_in(second, "910000012")
    early = hand_in(third, "910000020", version=" uferdig")["delivery"]
    assert third.post(f"/portal/submissions/{early}/withdraw", {}).is_success
    hand_in(third, "910000020")


def two_open_and_codes_stand_for_names(c: Contest) -> None:
    """The forms of receipt are filled with codes; whose they are is in no page and no entry."""
    c.until("register-projects")
    c.later(hours=1)
    (intake,) = c.get("receiver", "/receipts")["intakes"]
    opening = c.post("receiver", f"/intakes/{intake['id']}/openings")["opening"]
    c.post("lawyer", f"/openings/{opening}/join")
    c.do("register-projects")
    nobody_is_named(c)


def nobody_is_named(c: Contest) -> None:
    """Neither in the record nor in what those see who judge: names and numbers are not there."""
    words = {*STUDIOS, *STUDIOS.values()}
    with c.platform.store.reader() as connection:
        entries = connection.execute(sa.select(audit_event.c.type, audit_event.c.body)).all()
    told = [
        (kind, body.decode())
        for kind, body in entries
        if not kind.startswith(("Participant", "Invitation"))
    ]
    assert "DeliveryReceived" in dict(told)
    assert not [(word, kind) for word in words for kind, body in told if word in body]
    for person in ("juror-1", "juror-2", "juror-3"):
        for part in ("", "/record", "/receipts", "/documents", "/participants"):
            seen = c.page(person, part)
            assert not [word for word in words if word in seen], (person, part)
        assert "Fjord Tegn" not in c.program.client.get("/search?q=Fjord").text


def projects_are_presented_without_names(c: Contest) -> None:
    """The officer looks through each file and gives it to the jury, under its code alone."""
    c.until("present-project")
    for each in c.delivered():
        (file,) = each["files"]
        got = c.file("receiver", f"/deliveries/{each['id']}/files/{file['id']}")
        assert f"{each['code']}-1.pdf" in got.headers["content-disposition"]
        with pikepdf.open(io.BytesIO(got.content)) as pdf:
            assert "/Author" not in pdf.trailer.get("/Info", {})
        c.codes[each["code"]] = got.content
        task = c.open_in(each["code"], "present-project")
        c.program.sign_in("receiver")
        kept = c.program.send(
            f"/tasks/{task.id}/attachments", {"file": ("prosjekt.pdf", got.content)}
        )
        files = [kept.json()["attachment"]]
        form = {"files": files, "summary": "En brygge i vika.", "clean": True}
        c.do("present-project", each["code"], form=form)
    c.do("release-to-jury")
    c.confirm("release-to-jury")


def the_jury_reads_the_projects_and_ranks_codes(c: Contest) -> None:
    """Each juror reads what was presented, to the byte, by code; the files behind it are shut."""
    c.until("study-projects")
    nobody_is_named(c)
    presented = [
        each for each in c.get("juror-1", "")["submissions"] if each["form"] == "anonymous-project"
    ]
    seen = {
        each["supplier"]: c.program.get(f"/attachments/{key}").content
        for each in presented
        for key in each["content"]["files"]
    }
    assert seen == c.codes
    for each in c.delivered():
        for file in each["files"]:
            path = f"/deliveries/{each['id']}/files/{file['id']}"
            assert c.file("juror-1", path).status_code == HTTPStatus.NOT_FOUND
    c.until("deliver-opinion")
    c.do("deliver-opinion")
    nobody_is_named(c)
    c.confirm("deliver-opinion")


def the_right_names_come_out(c: Contest) -> None:
    """Behind each code stands who drew what the jury saw, and all are told who has won."""
    c.until("decide-contest")
    entrants = next(
        each["content"]["projects"]
        for each in reversed(c.get("lead", "")["submissions"])
        if each["form"] == "project-receipts"
    )
    named = {each["code"]: each["id"] for each in entrants}
    assert set(named.values()) == set(STUDIOS)
    assert {each["id"]: each["name"] for each in entrants} == STUDIOS
    for code, content in c.codes.items():
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert str(pdf.Root.Idea) == idea_of(named[code])
    best = [each["id"] for each in entrants][:2]
    c.do("decide-contest", form={"winners": best})
    c.confirm("decide-contest")
    c.until("approve-prizes")
    for key in STUDIOS:
        guest = c.come_in(key)
        (letter,) = guest.get("/portal").json()["letters"]
        assert "Juryen har kåret to vinnere." in letter["body"]
        (intake,) = guest.get("/portal/submissions").json()["intakes"]
        assert {each["supplier"] for each in intake["receipts"]} == {STUDIOS[key]}
