"""From a page's values to HTML, with what every page has: language, person, tokens, assets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from engine.access.policy import Action
from engine.clock import MovedClock
from service.dependencies import parts_of, translator_of
from service.i18n import Translator
from service.pages.fields import field_id
from service.security.sessions import SignedIn
from service.wiring import Parts

SERVICE: Final = Path(__file__).parent.parent
STATIC: Final = SERVICE / "static"
BUILT: Final = STATIC / "built"


@dataclass(frozen=True, slots=True)
class Assets:
    """Addresses of style sheets and scripts; they change with the content."""

    built: Mapping[str, str]

    @classmethod
    def read(cls) -> "Assets":
        """`built` is empty where the front end has not been built."""
        manifest = BUILT / "manifest.json"
        return cls(json.loads(manifest.read_text()) if manifest.exists() else {})

    def __call__(self, name: str) -> str:
        if name in self.built:
            return f"/static/built/{self.built[name]}"
        digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
        return f"/static/{name}?v={digest}"


def make_environment(assets: Assets) -> Environment:
    """Templates escape everything, and a name that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(SERVICE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets
    environment.filters["field_id"] = field_id
    environment.filters["filesize"] = filesize
    return environment


def filesize(size: int) -> str:
    """Bytes as people say them."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size // 1000} kB"
    return f"{size / 1_000_000:.1f}".replace(".", ",") + " MB"


def render(
    request: Request,
    template: str,
    page: Any,
    person: SignedIn | None = None,
    *,
    status: int = 200,
    unread: int = 0,
    watch: Mapping[str, str | int] = MappingProxyType({}),
) -> HTMLResponse:
    """The page; `page` is the only thing a template gets besides what all of them have.

    `unread` is how many notifications wait for the person; `watch` what the page wants to hear of
    while it is open (see `service.pages.notifications.stream`).
    """
    parts = parts_of(request)
    text = translator_of(request)
    environment: Environment = request.app.state.templates
    html = environment.get_template(template).render(
        page=page,
        t=text,
        me=person.actor if person else None,
        unread=unread,
        watch=watch,
        csrf=person.csrf if person else "",
        request_id=uuid4().hex,
        demo=parts.settings.demo,
        moves=person is not None and isinstance(parts.clock, MovedClock),
        path=request.url.path,
        here=_here(request),
        asked=request.query_params.get("q", "")[:200] if request.url.path == "/search" else "",
        done=_message(request, text),
        undo=_undo(request),
        now=parts.clock.now(),
        level_for=lambda action: _missing_level(parts, person, action),
    )
    return HTMLResponse(html, status)


def local_path(address: str) -> str:
    """The address when it is a page of ours, else the start page: nobody is sent elsewhere."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    plain = not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside and plain else "/tasks"


def _missing_level(parts: Parts, person: SignedIn | None, action: str) -> int:
    """The level that the action asks for, 0 where the person's sign-in is enough."""
    needed = parts.bus.environment.levels.get(Action(action), 0)
    return needed if person is not None and person.actor.level < needed else 0


def _here(request: Request) -> str:
    """The address of this page, for links that lead back to it; after a failed act the page that
    the act was on, and on the way in the page that it leads to."""
    if hasattr(request.state, "leads_to"):
        return str(request.state.leads_to)
    if request.method not in {"GET", "HEAD"}:
        _, area, *rest = request.url.path.split("/")
        if area == "choose":
            return request.url.path
        if area == "procurements" and rest[1:2] == ["acts"]:
            return request.url.path
        return f"/{area}/{rest[0]}" if area in {"tasks", "procurements"} and rest else "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _message(request: Request, text: Translator) -> str:
    """What the act that led here has done, in a sentence."""
    if request.method not in {"GET", "HEAD"}:
        return ""
    key = f"done.{request.query_params.get('done', '')}"
    return text(key) if text.has(key) else ""


@dataclass(frozen=True, slots=True)
class Undo:
    """What is posted to put things back as they were."""

    address: str
    fields: tuple[tuple[str, str], ...]


_OPPOSITE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "claim": "release",
        "bulk-claim": "release",
        "release": "claim",
        "bulk-release": "claim",
        "delegate": "put-back",
        "bulk-delegate": "put-back",
        "bulk-assign": "put-back",
    }
)
_MOST_UNDONE: Final = 200


def _undo(request: Request) -> Undo | None:
    """How to take back the act that led here, where that can be."""
    done, given = (request.query_params.get(name, "") for name in ("done", "undo"))
    if not given or request.method != "GET":
        return None
    if done == "filter-removed":
        return Undo("/tasks/filters", tuple(parse_qsl(given)[:_MOST_UNDONE]))
    if done == "comment":
        return Undo(f"{request.url.path}/withdraw-comment", (("comment", given),))
    named = given.split(".")[:_MOST_UNDONE]
    if done == "bulk-comment":
        fields = tuple(zip(("procurement", "comment"), named, strict=False))
        return Undo("/tasks/bulk/withdraw-comment", fields)
    tasks = tuple(("task", each) for each in named if each.isalnum() and each.isascii())
    act = _OPPOSITE.get(done)
    return Undo(f"/tasks/bulk/{act}", tasks) if act and tasks else None


def go(path: str, **query: str) -> RedirectResponse:
    """After an act: to another page, so that loading it again repeats nothing."""
    address = f"{path}?{urlencode(query)}" if query else path
    return RedirectResponse(address, status_code=303)
