"""A market dialogue: announced, a draft heard twice, and the field levelled, all by the lead."""

from pathlib import Path
from typing import Any

from engine.commands.deployments import DeployProcess
from engine.commands.market import SignUp
from engine.commands.procurements import StartProcurement
from engine.model.actor import SYSTEM, Actor
from engine.store import participants
from tests.support.models import chain, extensions, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform

KEY = "market"
FORMS = Path(__file__).parents[2] / "forms"
PLAN = {
    "purpose": "Vi vil vite hva som finnes.",
    "questions": [{"question": "Hva finnes?"}, {"question": "Hva koster drift?"}],
    "channels": ["pin", "conference", "one_to_one"],
    "invited_how": "Åpent på nettsiden.",
    "equal_info_rule": "Alt deles med alle.",
    "sign_up_by": "2026-03-30T12:00:00+02:00",
    "conference_at": "2026-04-07T09:00:00+02:00",
    "conference_place": "Rådhuset",
    "input_by": "2026-04-10T12:00:00+02:00",
    "slots": [
        {"starts_at": f"2026-04-08T{hour:02}:00:00+02:00", "minutes": 45} for hour in (9, 10, 11)
    ],
}
NOTICE = {
    "subtype": "4",
    "title": "Varsling på badeplasser",
    "description": "Byen trenger varsling når noen er i fare i vannet.",
    "cpv": "79711000-1",
    "dispatch": "2026-03-23T10:00:00+01:00",
}


def draft(version: str, **passages: str) -> dict[str, Any]:
    """A draft on hearing with these passages by heading."""
    return {
        "what": "Kravene",
        "version": version,
        "documents_url": "https://eksempel.test/utkast",
        "comment_deadline": "2026-04-20T12:00:00+02:00",
        "passages": [{"heading": heading, "text": text} for heading, text in passages.items()],
    }


def _notice(key: str, form: str) -> str:
    operation = extensions(
        '<pivotal:operation name="record-notice"><pivotal:input name="subtype" '
        f'value="&quot;4&quot;"/><pivotal:input name="form" value="&quot;{form}&quot;"/>'
        "</pivotal:operation>"
    )
    return node("serviceTask", key, operation)


_STEPS = ("plan", "notice", "hear", "answer", "hear-again")
_BODY = "\n".join(
    (
        node("startEvent", "start"),
        user_task("plan", form="consultation-plan"),
        user_task("notice", form="planning-notice"),
        _notice("announce", "planning-notice"),
        user_task("hear", form="draft-hearing"),
        _notice("send-draft", "draft-hearing"),
        user_task("answer", form="hearing-answers"),
        _notice("send-answers", "hearing-answers"),
        user_task("hear-again", form="draft-hearing"),
        _notice("send-again", "draft-hearing"),
        user_task("level", form="level-field"),
        node("endEvent", "end"),
        chain(
            *("start", "plan", "notice", "announce", "hear", "send-draft", "answer"),
            *("send-answers", "hear-again", "send-again", "level", "end"),
        ),
    )
)


def start_market(platform: Platform, *, announced: bool = True) -> str:
    """The procurement, with the dialogue announced and the draft to be heard next."""
    forms = ("consultation-plan", "planning-notice", "draft-hearing", "hearing-answers")
    files = {
        f"forms/{file.name}": file.read_bytes()
        for form in (*forms, "level-field")
        for file in FORMS.glob(f"{form}.*.json")
    }
    model = {f"processes/{KEY}/{KEY}.bpmn": process(KEY, _BODY).encode()}
    platform.bus.handle(DeployProcess(KEY, {**model, **files}, TOWN), SYSTEM)
    command = StartProcurement(KEY, "Badeplass", TOWN, "2026/8", TEAM)
    procurement = str(platform.act("lead", command)["procurement"])
    platform.complete("lead", procurement, "plan", submission=PLAN)
    if announced:
        platform.complete("lead", procurement, "notice", submission=NOTICE)
    return procurement


def sign_up(platform: Platform, procurement: str, name: str, **values: Any) -> Actor:
    """Somebody of the business, who has come in by signing up."""
    given = {"number": "", "contact": f"Kontakt i {name}", "email": f"{name}@x.test", "people": 1}
    given |= {"meeting": True, "needs": "", "invitation": f"back-{name}", "digest": name * 4}
    command = SignUp(procurement, name, **{**given, **values})
    key = platform.bus.handle(command, platform.actor("stranger"))["participant"]
    with platform.store.reader() as connection:
        return participants.load_participant(connection, key)
