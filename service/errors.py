"""The one place where an error becomes an HTTP status, a page or problem details."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from engine.errors import (
    DeploymentRefusedError,
    EngineError,
    FeelError,
    ForbiddenError,
    InvalidInputError,
    InvalidSubmissionError,
    LevelTooLowError,
    NotFoundError,
    RejectedError,
    TamperedError,
)
from service.dependencies import translator_of
from service.i18n import Translator
from service.security.floods import TooManyError
from service.security.openid import ProviderUnavailableError
from service.security.sessions import SignInNeededError
from service.uploads import FileRefusedError, TooLargeError


class WrongMethodError(EngineError):
    """The address is there, and takes other methods."""

    code = "invalid-input"


STATUS: Final[Mapping[type[EngineError], HTTPStatus]] = MappingProxyType(
    {
        SignInNeededError: HTTPStatus.UNAUTHORIZED,
        NotFoundError: HTTPStatus.NOT_FOUND,
        ProviderUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
        ForbiddenError: HTTPStatus.FORBIDDEN,
        WrongMethodError: HTTPStatus.METHOD_NOT_ALLOWED,
        RejectedError: HTTPStatus.CONFLICT,
        TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        FileRefusedError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        TooManyError: HTTPStatus.TOO_MANY_REQUESTS,
        InvalidSubmissionError: HTTPStatus.UNPROCESSABLE_ENTITY,
        InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
        DeploymentRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
        FeelError: HTTPStatus.UNPROCESSABLE_ENTITY,
        TamperedError: HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)
# Codes that stand for many things. What such an error is about has a text of its own; where it has
# none, the engine's own sentence says which it is.
_BROAD: Final = frozenset({"rejected", "invalid-input", "forbidden", "feel-error"})
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person reads: a heading, a sentence, and where needed the engine's English one.

    `level` is the level of assurance to sign in at before one tries again, 0 where that is not it.
    """

    status: int
    code: str
    title: str
    sentence: str
    english: str
    points: tuple[str, ...]
    level: int = 0


def status_of(error: EngineError) -> HTTPStatus:
    found = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def explain(error: EngineError, text: Translator) -> Explanation:
    """The error in the reader's language."""
    known = text.has(f"error.{error.code}.title")
    code = error.code if known else "engine-error"
    about = f"error.{code}.{error.details.get('about', '')}"
    particular = text.has(about)
    english = str(error) if not known or (code in _BROAD and not particular) else ""
    return Explanation(
        status=status_of(error),
        code=error.code,
        title=text(f"error.{code}.title"),
        sentence=_sentence(text(about if particular else f"error.{code}"), error.details, text),
        english=english,
        points=points_of(error, text),
        level=error.details["needed"] if isinstance(error, LevelTooLowError) else 0,
    )


def _sentence(template: str, details: Mapping[str, Any], text: Translator) -> str:
    """The template filled with what the error tells, as the reader's language says it."""
    values = _Known({key: _said(key, value, text) for key, value in details.items()})
    if "deadline" in details and "now" in details:
        for name in ("deadline", "now"):
            moment = datetime.fromisoformat(str(details[name]))
            values[f"{name}_said"] = text.microsecond(moment)
    return template.format_map(values)


def _said(key: str, value: Any, text: Translator) -> str:
    """A role by its name, a moment and a day as they are written, and several with commas."""
    if isinstance(value, list | tuple):
        return ", ".join(_said(key, each, text) for each in value)
    said = str(value)
    if key in _ROLES:
        return text.or_role(said)
    try:
        if _MOMENT.fullmatch(said):
            return text.due(datetime.fromisoformat(said))
        return text.iso_day(said) if _DAY.fullmatch(said) else said
    except ValueError:  # what somebody typed, and no day of the calendar
        return said


_ROLES: Final = frozenset({"candidate", "role", "roles"})


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def points_of(error: EngineError, text: Translator) -> tuple[str, ...]:
    """The single faults behind the error: failing checks, fields, findings."""
    details = error.details
    if "faults" in details:
        return tuple(text.pick(fault["message"]) for fault in details["faults"])
    if "checks" in details:
        return tuple(text.pick(check["fact"]) for check in details["checks"])
    if "findings" in details:
        return tuple(_finding(found) for found in details["findings"])
    return ()


def _finding(found: Mapping[str, Any]) -> str:
    place = f"{found['file']}:{found['line']}" if found["line"] else found["file"]
    return f"{place} {found['element_id']}: {found['reason']} {found['remedy']}"


def problem(error: EngineError, text: Translator) -> dict[str, Any]:
    """Problem details (RFC 9457) with the engine's code and details.

    What is absent and what is not for the reader answer alike, without any details.
    """
    explanation = explain(error, text)
    details = {"english": str(error), **error.details}
    if isinstance(error, NotFoundError):
        details = {}
    return {
        "type": f"urn:pivotal:error:{error.code}",
        "title": explanation.title,
        "status": int(explanation.status),
        "detail": _detail(explanation, text.language),
        "code": error.code,
        **{key: value for key, value in details.items() if key not in _RESERVED},
    }


def _detail(explanation: Explanation, language: str) -> str:
    """In the reader's language; the engine's own sentence is in English and says more."""
    return explanation.english if explanation.english and language == "en" else explanation.sentence


_RESERVED: Final = frozenset({"type", "title", "status", "detail", "code", "instance"})


PROBLEM: Final = "application/problem+json"
_MOST_FAULTS: Final = 20
_LONGEST_PLACE: Final = 200
log = structlog.get_logger()


class UnexpectedError(EngineError):
    """A fault of the program; the log has the rest."""

    code = "engine-error"


Answer = Callable[[Request, EngineError], Response]


def _unusable(fault: Mapping[str, Any]) -> dict[str, str]:
    """Where in the request and what; both kept short, for a client may send anything."""
    place = ".".join(map(str, fault["loc"]))
    return {"place": place[:_LONGEST_PLACE], "reason": str(fault["msg"])[:_LONGEST_PLACE]}


def install_problems(app: FastAPI, page: Answer) -> Answer:
    """Every error becomes problem details under /api/, and a page elsewhere.

    What is given back does that for an error caught before the application is reached.
    """

    def answer(request: Request, error: EngineError) -> Response:
        if not request.url.path.startswith("/api/"):
            return page(request, error)
        text = translator_of(request)
        content = problem(error, text)
        # Escaped to ASCII: details may quote text that no other encoding can carry.
        return Response(
            json.dumps(content, default=str),
            content["status"],
            headers={"Content-Language": text.language},
            media_type=PROBLEM,
        )

    @app.exception_handler(EngineError)
    def engine_error(request: Request, error: EngineError) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.NOT_FOUND:
            return answer(request, NotFoundError("page", request.url.path))
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            wrong = WrongMethodError(
                f"{request.method} is not offered here.",
                method=request.method,
                about="wrong-method",
            )
            response = answer(request, wrong)
            response.headers.update(error.headers or {})
            return response
        return answer(request, InvalidInputError(str(error.detail)))

    @app.exception_handler(RequestValidationError)
    def validation_error(request: Request, error: RequestValidationError) -> Response:
        faults = [_unusable(each) for each in error.errors()[:_MOST_FAULTS]]
        places = "; ".join(f"{each['place']}: {each['reason']}" for each in faults)
        refused = InvalidInputError(f"The request cannot be used: {places}.", errors=faults)
        return answer(request, refused)

    @app.exception_handler(ClientDisconnect)
    def gone(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # which nobody is there to read

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        # The address itself may hold the secret of a link.
        place = getattr(request.scope.get("route"), "path", "")
        of = {name: value for name, value in request.path_params.items() if name != "secret"}
        log.error("unexpected", method=request.method, place=place, of=of, exc_info=error)
        return answer(request, UnexpectedError("Something went wrong here; it has been logged."))

    return answer
