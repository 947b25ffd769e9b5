"""The dialogue rounds that ship, made startable by themselves with two suppliers."""

from datetime import timedelta
from typing import Any, Final

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.model.actor import SYSTEM
from service.content import content_root
from tests.support.circle import A, B
from tests.support.platform import TEAM, TOWN, Platform

KEY: Final = "dialogue-rounds"
REGISTER: Final = (
    '<pivotal:operation name="register-suppliers">'
    '<pivotal:input name="suppliers" value="invited"/></pivotal:operation>'
)
PLAN: Final = {
    "rounds": [
        {
            "round": 1,
            "topics": "Drift og personvern",
            "may_eliminate": False,
            "is_final": False,
        }
    ]
}


def dialogue_process() -> dict[str, bytes]:
    """The shipped model, with its suppliers known from the start."""
    bundle = collect(content_root() / "processes" / KEY)
    name = f"{KEY}.bpmn"
    files = dict(bundle.files)
    path = next(each for each in files if each.endswith(name))
    model = files[path].decode()
    suppliers = f'[{{id: "{A}", name: "Alfa AS"}}, {{id: "{B}", name: "Beta AS"}}]'
    for old, new in (
        ('startable="false"', 'startable="true"'),
        (
            'name="invited" type="list" initial="[]"',
            f'name="invited" type="list" initial=\'{suppliers}\'',
        ),
        (
            '<pivotal:operation name="assign"/>',
            REGISTER,
        ),
    ):
        assert old in model
        model = model.replace(old, new, 1)
    files[path] = model.encode()
    return files


def start_rounds(platform: Platform, *, reference: str = "2026/7") -> str:
    """A procurement whose first round is planned: each supplier's branch is open."""
    platform.bus.handle(DeployProcess(KEY, dialogue_process(), TOWN), SYSTEM)
    command = StartProcurement(KEY, "Tryggere badeplasser", TOWN, reference, TEAM)
    procurement = str(platform.act("lead", command)["procurement"])
    platform.complete("lead", procurement, "plan-round", submission=PLAN)
    return procurement


def minutes(platform: Platform, scope: str, **values: Any) -> dict[str, Any]:
    """A meeting of an hour that has just ended."""
    end = platform.clock.now()
    return {
        "type": "dialogue",
        "supplier": scope,
        "start": (end - timedelta(hours=1)).isoformat(),
        "end": end.isoformat(),
        "buyer_attendees": [{"person": "lead"}],
        "supplier_attendees": [{"name": f"Fra {scope}"}],
        "agenda": [{"item": "Drift"}, {"item": "Personvern"}],
        "said": f"Sagt av {scope}.",
        "shares_needed": False,
        "approved_by_supplier": False,
        **values,
    }


def meet(platform: Platform, procurement: str, scope: str, **values: Any) -> None:
    """Take in the supplier's solution, hold the meeting and write the minutes."""
    solution = {
        "received_at": platform.clock.now().isoformat(),
        "summary": f"Løsningen til {scope}",
        "meets_minimum": "yes",
    }
    platform.complete("lead", procurement, "register-solution", scope, submission=solution)
    said = minutes(platform, scope, **values)
    platform.complete("lead", procurement, "hold-dialogue-meeting", scope, submission=said)


def to_decision(
    platform: Platform, procurement: str, *, share: bool, confirming: tuple[str, ...] = (A, B)
) -> None:
    """These suppliers have confirmed, and the round is reviewed."""
    for scope in confirming:
        answered = {"confirmed": True, "answered_at": platform.clock.now().isoformat()}
        platform.complete("lead", procurement, "confirm-minutes", scope, submission=answered)
    review = {
        "summary": "Begge er møtt.",
        "minutes_complete": True,
        "competition_real": True,
        "competition_reason": "To løsninger er igjen.",
        "share_needed": share,
    }
    platform.complete("lead", procurement, "review-round", submission=review)


def decide(platform: Platform, procurement: str, option: str) -> None:
    """The first person's decision at the end of the round; a second one confirms."""
    form = {
        "considerations": "Temaene er drøftet.",
        "solutions": [{"supplier": A, "meets_needs": True, "reason": "Vist i drift"}],
    }
    platform.complete(
        "lead", procurement, "decide-round", submission=form, option=option, reason="Fordi."
    )
