"""One's own API tokens: made, listed, revoked. A token itself can do none of it but be listed."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from engine.access.policy import Scope
from engine.commands.tokens import LONGEST_NAME, IssueToken, RevokeToken
from engine.queries.tokens import TokenState, tokens_of
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, IdInPath, Line, Told
from service.dependencies import Bus, Person, Reader
from service.security.tokens import Secret

router = make_router("tokens")
Day = Annotated[date, Field(json_schema_extra={"maxLength": 10})]


class TokenTold(Told):
    """A token without its secret. Both days are included, in Oslo."""

    id: str
    name: str
    scopes: list[Scope]
    level: int = Field(description="How sure it is of who comes with it, at most 2.")
    first_day: date
    last_day: date
    state: TokenState
    issued_at: datetime
    used_at: datetime | None = Field(description="To within a minute.")


class NewToken(Asked):
    """Both days are included, in Oslo; at most 366 of them."""

    name: Annotated[Line, Field(max_length=LONGEST_NAME)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    first_day: Day
    last_day: Day


class TokenMade(Told):
    """`secret` is the whole token, shown this once: `Authorization: Bearer <secret>`."""

    id: str
    secret: str


class TokenDone(Told):
    token: str


@router.get("/tokens")
def list_tokens(view: Reader) -> list[TokenTold]:
    """Your tokens, the newest first, with those that are revoked or over."""
    return [TokenTold.model_validate(each) for each in tokens_of(view)]


@router.post("/tokens", status_code=201, responses=ACT_PROBLEMS)
def issue(asked: NewToken, bus: Bus, person: Person, request: RequestId) -> TokenMade:
    """Make a token. Its secret is in this answer and nowhere else: the same request sent again is
    refused with 409."""
    secret = Secret.new()
    scopes = tuple(str(each) for each in asked.scopes)
    command = IssueToken(asked.name, scopes, asked.first_day, asked.last_day, secret.digest)
    token = str(bus.handle(command, person.actor, request=request)["token"])
    return TokenMade(id=token, secret=secret.spelled(token))


@router.post("/tokens/{token}/revoke", responses=ACT_PROBLEMS)
def revoke(token: IdInPath, bus: Bus, person: Person, request: RequestId) -> TokenDone:
    """Let nobody in with it any more, from the next request on."""
    answer = bus.handle(RevokeToken(token), person.actor, request=request)
    return TokenDone.model_validate(answer)
