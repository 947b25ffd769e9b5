"""Who is signed in, with which rights, and the token that unsafe requests carry."""

from fastapi import Request, Response

from engine.errors import NotFoundError
from service.api.routing import ACT_PROBLEMS, OpenRoute, make_router
from service.api.shapes import Asked, Id, Told
from service.dependencies import Everything, Person, Text
from service.pages.entrance import set_session
from service.security import sessions

router = make_router("me")
entrance = make_router("me", route=OpenRoute)


class GrantTold(Told):
    """A role in a whole organisation."""

    organisation: str
    role: str


class Me(Told):
    """`csrf_token` goes into the header X-CSRF-Token of every unsafe request; it is "" for programs
    that come with an API token, whose `scopes` then stand here. `via` and `level` say how you came
    in and how sure that is of who you are, 0 to 3."""

    id: str
    name: str
    organisation: str
    grants: list[GrantTold]
    language: str
    csrf_token: str
    demo: bool
    via: str
    level: int
    scopes: list[str] | None


class SignIn(Asked):
    person: Id


@router.get("/me")
def show_me(person: Person, text: Text, parts: Everything) -> Me:
    """Who you are, and your session's token."""
    grants = sorted(person.actor.grants, key=lambda grant: (grant.organisation, grant.role))
    return Me(
        id=person.actor.id,
        name=person.actor.name,
        organisation=person.actor.organisation,
        grants=[GrantTold.model_validate(each) for each in grants],
        language=text.language,
        csrf_token=person.csrf,
        demo=parts.settings.demo,
        via=person.actor.via,
        level=person.actor.level,
        scopes=None if person.actor.scopes is None else sorted(person.actor.scopes),
    )


@entrance.post("/session", status_code=204, responses=ACT_PROBLEMS)
def sign_in(asked: SignIn, request: Request, parts: Everything) -> Response:
    """Sign in as a demonstration person; there is no such way in elsewhere. Sets the cookie."""
    if not parts.settings.demo:
        raise NotFoundError("page", "/session")
    answer = Response(status_code=204)
    old = request.cookies.get(sessions.cookie_name(parts), "")
    set_session(answer, parts, sessions.sign_in(parts, asked.person, instead_of=old))
    return answer


@router.delete("/session", status_code=204, responses=ACT_PROBLEMS)
def sign_out(request: Request, parts: Everything, person: Person) -> Response:  # noqa: ARG001 - only somebody signed in can sign out
    """End the session at once."""
    name = sessions.cookie_name(parts)
    sessions.sign_out(parts, request.cookies.get(name, ""))
    answer = Response(status_code=204)
    answer.delete_cookie(name, path="/", secure=parts.settings.is_https, httponly=True)
    return answer
