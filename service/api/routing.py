"""What every endpoint shares: who is let in, how large a body may be, which problems it answers."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import update_wrapper
from http import HTTPStatus
from inspect import iscoroutinefunction, signature
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator
from starlette.concurrency import run_in_threadpool

from engine.clock import utc
from service.api.shapes import Problem
from service.dependencies import (
    require_guest_token,
    require_header_token,
    require_own_request,
)
from service.security.origin import SAFE_METHODS
from service.uploads import too_large

PREFIX: Final = "/api/v1"
JSON_MEGABYTES: Final = 2
MULTIPART: Final = "multipart/form-data"
_MEGABYTE: Final = 1024 * 1024

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.UNAUTHORIZED: {"model": Problem, "description": "Nobody is signed in."},
    HTTPStatus.FORBIDDEN: {
        "model": Problem,
        "description": "No rule of the access policy allows it, or the token is missing.",
    },
    HTTPStatus.NOT_FOUND: {
        "model": Problem,
        "description": "It is not there, or not for you: both look the same.",
    },
    HTTPStatus.UNPROCESSABLE_ENTITY: {
        "model": Problem,
        "description": "What was sent cannot be used; `faults` come in the order of the form.",
    },
}
ACT_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    **PROBLEMS,
    HTTPStatus.CONFLICT: {
        "model": Problem,
        "description": "The state it needs does not hold; `code` says which.",
    },
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {
        "model": Problem,
        "description": "The body is larger than it may be, or does not say how large it is.",
    },
}
FILE_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    **ACT_PROBLEMS,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: {
        "model": Problem,
        "description": "The file is of a kind that is not taken, or not what its name says.",
    },
}


class OpenRoute(APIRoute):
    """Looks at the size and origin of a request before its body is read.

    An endpoint that is not `async` goes to a thread, and to no second one with its answer.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _in_a_thread(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_admitted(request: Request) -> Response:
            if request.method not in SAFE_METHODS:
                require_own_request(request)
                require_small(request)
            return await handle(request)

        return handle_admitted


class GuardedRoute(OpenRoute):
    """The same, and nobody makes the server read a body without a session and its token."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_signed_in(request: Request) -> Response:
            if request.method not in SAFE_METHODS:
                await run_in_threadpool(require_header_token, request)
            return await handle(request)

        return handle_signed_in


class PortalRoute(OpenRoute):
    """The same for people from outside, with the token of their stay."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_admitted(request: Request) -> Response:
            if request.method not in SAFE_METHODS:
                await run_in_threadpool(require_guest_token, request)
            return await handle(request)

        return handle_admitted


def _in_a_thread(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint as FastAPI may await it; it is asked for and described as before."""
    if iscoroutinefunction(endpoint):
        return endpoint

    async def call(**arguments: Any) -> Any:
        return await run_in_threadpool(endpoint, **arguments)

    update_wrapper(call, endpoint)
    call.__signature__ = signature(endpoint)  # type: ignore[attr-defined]
    return call


def require_small(request: Request) -> None:
    """Raises TooLargeError for JSON of more than a form can hold; the size of files is looked at
    before any route is."""
    is_json = not request.headers.get("content-type", "").startswith(MULTIPART)
    if is_json and int(request.headers.get("content-length", "0")) > JSON_MEGABYTES * _MEGABYTE:
        raise too_large(JSON_MEGABYTES)


def make_router(*tags: str, route: type[APIRoute] = GuardedRoute) -> APIRouter:
    """A router under the prefix of this version of the API."""
    return APIRouter(
        prefix=PREFIX,
        tags=[*tags],
        route_class=route,
        responses=PROBLEMS,
        generate_unique_id_function=name_of,
    )


def name_of(route: APIRoute) -> str:
    """The operation's id: what it is about and what it does."""
    return f"{route.tags[0]}-{route.name.replace('_', '-')}"


def content(media_type: str) -> dict[int | str, dict[str, Any]]:
    """A response that is a file."""
    schema = {"type": "string", "format": "binary"}
    return {200: {"description": "The file.", "content": {media_type: {"schema": schema}}}}


async def get_request_id(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Name of this act: sent again with the same content, it has one effect and"
            " gets the same answer. Without it the act gets a name of its own.",
            min_length=1,
            max_length=64,
            pattern=r"^[\x21-\x7e]+$",
        ),
    ] = None,
) -> str:
    """The name of this act; it stands in the record."""
    return key or uuid4().hex


RequestId = Annotated[str, Depends(get_request_id)]


def _moment(moment: datetime | None) -> datetime | None:
    return None if moment is None else utc(moment)


AsOf = Annotated[
    datetime | None,
    Query(description="As it was at this moment; Norwegian time where it names no time zone."),
    AfterValidator(_moment),
]
