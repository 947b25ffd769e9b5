"""My page: who I am here, how I came in, and the API tokens of my programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.access.policy import Scope
from engine.commands.tokens import IssueToken, RevokeToken
from engine.errors import EngineError, InvalidInputError
from engine.forms.numbers import iso_date
from engine.queries.people import organisations
from engine.queries.tokens import TokenState, TokenView, tokens_of
from service.dependencies import Bus, Doors
from service.errors import Explanation, explain
from service.pages.entrance import name_of
from service.pages.posting import Posted, Sent
from service.pages.rendering import go
from service.pages.visit import Here
from service.security.tokens import Secret

router = APIRouter(include_in_schema=False)
USUAL: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Held:
    """A role in a whole organisation."""

    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`way` is what the way in is called, "" in the demonstration; `made` a token that is shown
    this once. `chosen` is what was typed when a token was refused."""

    way: str
    level: int
    organisation: str
    held: tuple[Held, ...]
    live: tuple[TokenView, ...]
    over: tuple[TokenView, ...]
    administers: bool
    scopes: tuple[Scope, ...] = tuple(Scope)
    made: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset({Scope.READ})
    problem: Explanation | None = None


def account_page(here: Here, doors: Doors, **values: object) -> AccountPage:
    """What the reader's own page shows; `values` are those of an act just done."""
    actor, view = here.person.actor, here.view
    names = {each.id: each.name for each in organisations(view.connection)}
    found = tokens_of(view)
    today = view.today
    days = {"first": here.text.day(today), "last": here.text.day(today + USUAL)}
    openid = doors.by_key.get(actor.via.removeprefix("provider:"))
    waiting = {TokenState.ACTIVE, TokenState.WAITING}
    return AccountPage(
        **{
            "way": name_of(openid.provider, here.text) if openid else "",
            "level": actor.level,
            "organisation": names.get(actor.organisation, actor.organisation),
            "held": tuple(
                Held(grant.role, names.get(grant.organisation, grant.organisation))
                for grant in sorted(actor.grants, key=lambda each: (each.organisation, each.role))
            ),
            "live": tuple(each for each in found if each.state in waiting),
            "over": tuple(each for each in found if each.state not in waiting),
            "administers": actor.holds("administrator", actor.organisation),
            "chosen": days,
            **values,
        }  # type: ignore[arg-type]  # the names are the page's own
    )


@router.get("/account")
def show_account(here: Here, doors: Doors) -> HTMLResponse:
    return here.show("account/account.html", account_page(here, doors))


@router.post("/account/tokens")
def issue(here: Here, doors: Doors, bus: Bus, sent: Sent) -> Response:
    """Make a token and show it, on this very page: it is in no address and in no database."""
    ticked = frozenset(value for name, value in sent.pairs if name == "scope")
    secret = Secret.new()
    try:
        command = IssueToken(
            sent["name"],
            tuple(sorted(ticked)),
            _day(sent["first"]),
            _day(sent["last"]),
            secret.digest,
        )
        token = str(bus.handle(command, here.person.actor, request=sent.request)["token"])
    except EngineError as error:
        return _again(here, doors, sent, ticked, error)
    return here.show(
        "account/made.html", account_page(here, doors, made=secret.spelled(token)), status=201
    )


def _day(typed: str) -> date:
    iso = iso_date(typed.strip())
    if not iso:
        raise InvalidInputError(
            f"'{typed[:40]}' is no day. Write it as 31.12.2026.", day=typed[:40], about="no-day"
        )
    return date.fromisoformat(iso)


def _again(
    here: Here, doors: Doors, sent: Posted, ticked: frozenset[str], error: EngineError
) -> HTMLResponse:
    problem = explain(error, here.text)
    page = account_page(here, doors, chosen=dict(sent.pairs), ticked=ticked, problem=problem)
    return here.show("account/account.html", page, status=problem.status)


@router.post("/account/tokens/{token}/revoke")
def revoke(token: str, here: Here, bus: Bus, sent: Sent) -> Response:
    bus.handle(RevokeToken(token), here.person.actor, request=sent.request)
    return go("/account", done="token-revoked")
