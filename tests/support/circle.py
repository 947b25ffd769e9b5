"""Procurements at four places, and everybody who may come across them."""

from dataclasses import dataclass
from typing import Final

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.drafts import SaveDraft
from engine.commands.organisations import AddPerson, GrantRole
from engine.commands.procurements import Seat
from engine.commands.tasks import CompleteTask
from engine.model.actor import SYSTEM, Actor
from engine.model.records import TaskRecord
from tests.support.platform import ELSEWHERE, GOOD_NEED, TEAM, TOWN, Platform

A: Final = "910000004"
B: Final = "910000012"
IN_TOWN: Final = (
    "deputy",
    "late-deputy",
    "employee",
    "member-a",
    "member-b",
    "colleague",
    "manager",
    "administrator",
    "designer",
)
GRANTS: Final = (
    ("colleague", "procurement-lead"),
    ("manager", "manager"),
    ("administrator", "administrator"),
    ("designer", "process-designer"),
)
EVERYBODY: Final = (
    *TEAM,
    Seat("deputy", "procurement-lead", "lead", "", "2026-03-20", "2026-03-25"),
    Seat("late-deputy", "procurement-lead", "lead", "", "2026-03-01", "2026-03-22"),
    Seat("employee", "employee"),
    Seat("member-a", "need-owner", scope=A),
    Seat("member-b", "need-owner", scope=B),
)


@dataclass(slots=True)
class Circle:
    """`tasks` by the name of the object: lead-task, owner-task, gate, branch-a, branch-b."""

    platform: Platform
    tasks: dict[str, TaskRecord]

    @property
    def procurement(self) -> str:
        """The one with a branch for each supplier."""
        return self.tasks["branch-a"].procurement

    def actor(self, principal: str) -> Actor:
        return SYSTEM if principal == "system" else self.platform.actor(principal)


def make_circle(platform: Platform) -> Circle:
    for person in IN_TOWN:
        add = AddPerson(TOWN, f"Navn {person}", person, f"{person}@x.test", person)
        platform.bus.handle(add, SYSTEM)
    for person, role in GRANTS:
        platform.bus.handle(GrantRole(person, TOWN, role), SYSTEM)
    platform.bus.handle(GrantRole("neighbour", ELSEWHERE, "auditor"), SYSTEM)
    keys = [platform.start(reference=f"2026/{n}", team=EVERYBODY) for n in range(1, 5)]
    platform.complete("lead", keys[1], "describe", submission=GOOD_NEED)
    gate = platform.to_gate(keys[2])
    platform.act("lead", CompleteTask(gate.id, option="go"))
    platform.to_branches(keys[3])
    return Circle(
        platform,
        {
            "lead-task": platform.task(keys[0], "describe"),
            "owner-task": platform.task(keys[1], "draft"),
            "gate": platform.task(keys[2], "approve"),
            "branch-a": platform.task(keys[3], "score", A),
            "branch-b": platform.task(keys[3], "score", B),
        },
    )


def leave_traces(circle: Circle, branch: str, canary: str) -> str:
    """Put `canary` wherever a branch takes words; the id of the attached file is the answer."""
    platform, task = circle.platform, circle.tasks[branch]
    key, who = task.procurement, branch.replace("branch", "member")
    platform.act(who, AddComment(key, f"{canary} sagt", task.id))
    name, content = f"{canary}.txt", f"{canary} fil".encode()
    file = platform.act(who, AddAttachment(key, name, "text/plain", content, task.id))
    platform.act(who, SaveDraft(task.id, {"note": f"{canary} utkast"}))
    return str(file["attachment"])
