"""Mail that has not arrived: what an administrator sees of it, and sending it again."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.mails import ResendMail
from engine.errors import RejectedError
from engine.queries.mails import Undelivered, undelivered_of_organisation
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Sent
from service.pages.procurement import show_again
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)
ADDRESS = "/mails"


@dataclass(frozen=True, slots=True)
class MailsPage:
    mails: tuple[Undelivered, ...]
    problem: Explanation | None = None


@router.get(ADDRESS)
def show_mails(here: Here) -> HTMLResponse:
    return _show(here)


def _show(here: Visit, problem: Explanation | None = None) -> HTMLResponse:
    page = MailsPage(undelivered_of_organisation(here.view), problem)
    return here.show("notifications/mails.html", page, status=problem.status if problem else 200)


@router.post("/mails/{key}/resend")
def resend(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Back to where the button was: the page of a procurement where one is named, else the
    administrator's list."""
    procurement = sent["procurement"]
    try:
        bus.handle(ResendMail(key), here.person.actor, request=sent.request)
    except RejectedError as error:
        if procurement:
            return show_again(here, procurement, "", error)
        return _show(here, explain(error, here.text))
    return go(f"/procurements/{procurement}" if procurement else ADDRESS, done="resend")
