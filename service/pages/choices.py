"""What I hear by mail, and when."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.mails import ChooseMail
from engine.errors import InvalidInputError
from engine.model.notifications import Topic
from engine.notifications.timing import Pace, Preference
from engine.queries.mails import Choices, choices_of
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.i18n import LANGUAGES
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    chosen: Choices
    topics: tuple[Topic, ...] = tuple(Topic)
    paces: tuple[Pace, ...] = tuple(Pace)
    languages: tuple[str, ...] = LANGUAGES
    problem: Explanation | None = None


@router.get("/notifications/choices")
def show_choices(here: Here) -> HTMLResponse:
    return here.show("notifications/choices.html", ChoicesPage(choices_of(here.view)))


@router.post("/notifications/choices")
def choose(here: Here, bus: Bus, sent: Sent) -> Response:
    try:
        command = ChooseMail(_preference(sent))
        bus.handle(command, here.person.actor, request=sent.request)
    except InvalidInputError as error:
        problem = explain(error, here.text)
        page = ChoicesPage(choices_of(here.view), problem=problem)
        return here.show("notifications/choices.html", page, status=problem.status)
    return go("/notifications/choices", done="chosen")


def _preference(sent: Posted) -> Preference:
    return Preference(
        language=_one_of(sent["language"], LANGUAGES),
        by_mail=frozenset(
            Topic(_one_of(value, tuple(Topic))) for name, value in sent.pairs if name == "topic"
        ),
        pace=Pace(_one_of(sent["pace"], tuple(Pace))),
        digest_at=_time(sent["digest_at"]),
        quiet_from=_time(sent["quiet_from"]),
        quiet_to=_time(sent["quiet_to"]),
        only_working_days=bool(sent["only_working_days"]),
        invitations=bool(sent["invitations"]),
    )


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InvalidInputError(
            f"Choose one of: {', '.join(known)}.",
            value=value,
            about="one-of",
            choices=", ".join(known),
        )
    return value


def _time(text: str) -> time:
    """A time of day as people write it: 7.30, 07.30 or 07:30."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise InvalidInputError(
            f"'{text[:20]}' is no time of day. Write it as 07.30.", time=text[:20], about="no-time"
        )
    return time(int(found[1]), int(found[2]))
