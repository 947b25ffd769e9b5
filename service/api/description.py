"""OpenAPI: the description that programs read, and the list of links that people read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from service.api.routing import PREFIX
from service.errors import PROBLEM
from service.pages.rendering import render

router = APIRouter(include_in_schema=False)

TAGS: Final = (
    {"name": "me", "description": "Who is signed in, and the token of the session."},
    {"name": "absences", "description": "Who is away when, and who stands in."},
    {"name": "tokens", "description": "Your API tokens, for programs of your own."},
    {"name": "tasks", "description": "Task lists, one task, and what people do with it."},
    {"name": "notifications", "description": "What you were told, read or not."},
    {"name": "procurements", "description": "Starting, following and steering procurements."},
    {"name": "portfolio", "description": "All procurements by phase, value, deadline and risk."},
    {"name": "plans", "description": "Expected timelines, what a choice would do, calendars."},
    {"name": "choice", "description": "Which procedures are lawful, and why."},
    {"name": "demonstration", "description": "The clock of the demonstration; nowhere else."},
    {
        "name": "contributions",
        "description": "What employees and citizens gave, answers, and the trace to benefits.",
    },
    {"name": "indicators", "description": "Ten indicators of innovation, dialogue and influence."},
    {"name": "businesses", "description": "How large and how new suppliers are, with source."},
    {
        "name": "knowledge",
        "description": "Lessons at steps, and what buyers share with and reuse from each other.",
    },
    {
        "name": "signals",
        "description": "Codes of innovation that texts tell of, and what people say of that.",
    },
    {
        "name": "rounds",
        "description": "Rounds with suppliers: times, meetings, minutes, what all must know.",
    },
    {"name": "dialogue", "description": "A supplier's own dialogue with the buyer."},
    {"name": "participants", "description": "People from outside: inviting them, who has come."},
    {
        "name": "polls",
        "description": "Votes, rankings and surveys among employees and citizens.",
    },
    {
        "name": "market",
        "description": "The open market dialogue: for anybody, for who signed up, for the team.",
    },
    {
        "name": "competitions",
        "description": "Announced competitions, for anybody, and asking for access to one.",
    },
    {
        "name": "portal",
        "description": "What people from outside do, without an account, in a stay of their own.",
    },
    {"name": "receipts", "description": "What suppliers handed in, sealed until two open it."},
    {"name": "evaluation", "description": "Rankings, computed again from the record."},
    {"name": "oversight", "description": "Impartiality, and who has seen what is confidential."},
    {"name": "record", "description": "The record: entries, verdict, export."},
    {"name": "attachments", "description": "Files."},
    {"name": "processes", "description": "Deployed processes, checking and deploying files."},
    {"name": "registers", "description": "Organisation numbers and CPV codes, from extracts."},
    {"name": "search", "description": "One question over everything that you may see."},
    {"name": "rules", "description": "The law as data, and the calculator of time limits."},
)
SIGN_IN: Final = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token. It needs no `csrf`, and gives no more than its scopes.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "pivotal",
        "description": "The session's cookie; `__Host-pivotal` where the platform has HTTPS.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "`csrf_token` of GET /api/v1/me, on every unsafe request.",
    },
}
_UNSAFE: Final = frozenset({"post", "put", "delete", "patch"})
_SIGN_IN_PATH: Final = (f"{PREFIX}/session", "post")


def describe(app: FastAPI) -> None:
    """Let the application answer with this description, made once."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe_api(app)
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]


def describe_api(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the API, with sign-in and problem details said rightly."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=[dict(tag) for tag in TAGS],
    )
    document["components"]["securitySchemes"] = SIGN_IN
    for path, method, operation in operations(document):
        if (path, method) != _SIGN_IN_PATH:
            needed: dict[str, list[str]] = (
                {"session": [], "csrf": []} if method in _UNSAFE else {"session": []}
            )
            operation["security"] = [needed, {"token": []}]
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                response["content"] = {PROBLEM: response["content"]["application/json"]}
    return document


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation with its path and method."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@dataclass(frozen=True, slots=True)
class Line:
    method: str
    path: str
    summary: str
    description: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    description: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The page of the API: its operations by tag."""

    groups: tuple[Group, ...]


@router.get(PREFIX)
def show_reference(request: Request) -> HTMLResponse:
    """Every operation in a plain list; needs no script and nothing from elsewhere."""
    document = request.app.openapi()
    lines: dict[str, list[Line]] = {tag["name"]: [] for tag in TAGS}
    for path, method, operation in operations(document):
        line = Line(method.upper(), path, operation["summary"], operation.get("description", ""))
        lines[operation["tags"][0]].append(line)
    groups = tuple(
        Group(tag["name"], tag["description"], tuple(lines[tag["name"]])) for tag in TAGS
    )
    return render(request, "api/reference.html", Reference(groups))
