"""The description of the API: complete, as written down, and with every act of the pages.

To write it down anew after a change that is meant: `UPDATE_GOLDEN=1 pytest tests/web/api`.
"""

import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI

from engine.commands.bus import HANDLERS
from engine.errors import EngineError
from service import api, pages
from service.api.description import operations
from service.app import create_app
from service.errors import STATUS
from service.security.headers import CONTENT_SECURITY_POLICY
from service.wiring import Parts
from tests.support.api import V1, Program

GOLDEN = Path(__file__).parents[2] / "golden" / "openapi.json"
UNSAFE = {"post", "put", "delete", "patch"}

# What people can do on pages, and the operation that does the same.
ACTS = {
    "POST /sign-in": ["POST /session"],
    "POST /sign-out": ["DELETE /session"],
    "POST /language": ["GET /me"],  # the header Accept-Language of any operation
    "POST /tasks/{key}": ["POST /tasks/{task}/complete", "PUT /tasks/{task}/draft"],
    "POST /tasks/{key}/autosave": ["PUT /tasks/{task}/draft"],
    "POST /tasks/{key}/presence": ["PUT /tasks/{task}/presence", "GET /tasks/{task}/presence"],
    "POST /tasks/{key}/{act}": [
        "POST /tasks/{task}/claim",
        "POST /tasks/{task}/release",
        "POST /tasks/{task}/delegate",
        "POST /tasks/{task}/give-back",
        "POST /tasks/{task}/confirm",
        "POST /tasks/{task}/return",
        "POST /tasks/{task}/comments",
        "POST /procurements/{procurement}/comments/{comment}/withdraw",
        "POST /tasks/{task}/attachments",
    ],
    "POST /tasks/bulk/withdraw-comment": [
        "POST /procurements/{procurement}/comments/{comment}/withdraw"
    ],
    "POST /tasks/bulk/{act}": [
        "POST /bulk/claim",
        "POST /bulk/assign",
        "POST /bulk/delegate",
        "POST /bulk/put-back",
        "POST /bulk/comment",
    ],
    "POST /tasks/filters": ["POST /task-filters"],
    "POST /tasks/filters/{key}/remove": ["POST /task-filters/{filter}/remove"],
    "POST /procurements/start": ["POST /procurements"],
    "POST /procurements/start/from-choice": ["POST /procurements"],
    "GET /knowledge": ["GET /knowledge"],
    "GET /knowledge/{item}": ["GET /knowledge/{item}"],
    "GET /procurements/{key}/knowledge": ["GET /procurements/{procurement}/knowledge"],
    "GET /procurements/{key}/knowledge/share": [
        "GET /procurements/{procurement}/shared/preview",
    ],
    "GET /processes/versions/{digest}/share": [
        "GET /processes/versions/{digest}",
        "GET /processes/versions/{digest}/shared/preview",
    ],
    "POST /processes/versions/{digest}/{act}": [
        "POST /processes/versions/{digest}/shared",
        "POST /processes/versions/{digest}/shared/{item}/stop",
        "POST /processes/versions/{digest}/take",
    ],
    "POST /procurements/{key}/knowledge/{act}": [
        "POST /procurements/{procurement}/lessons",
        "POST /procurements/{procurement}/lessons/{lesson}/withdraw",
        "POST /procurements/{procurement}/shared",
        "POST /procurements/{procurement}/shared/{item}/revoke",
    ],
    "POST /tasks/{key}/reuse": ["POST /tasks/{task}/reuse"],
    "POST /tasks/{key}/lesson": ["POST /procurements/{procurement}/lessons"],
    "GET /procurements/{key}/contributions": ["GET /procurements/{procurement}/contributions"],
    "POST /procurements/{key}/contributions": [
        "POST /procurements/{procurement}/contributions",
        "POST /procurements/{procurement}/contributions/with-picture",
    ],
    "POST /procurements/{key}/contributions/{act}": [
        "POST /procurements/{procurement}/contributions/merge",
        "POST /procurements/{procurement}/contributions/{contribution}/split",
        "POST /procurements/{procurement}/contributions/{contribution}/moderate",
        "POST /procurements/{procurement}/contributions/{contribution}/answer",
        "POST /procurements/{procurement}/contributions/{contribution}/remarks",
        "POST /procurements/{procurement}/remarks/{remark}/moderate",
    ],
    "GET /procurements/{key}/contributions/pictures/{attachment}": [
        "GET /procurements/{procurement}/contributions/pictures/{attachment}"
    ],
    "GET /procurements/{key}/polls": ["GET /procurements/{procurement}/polls"],
    "POST /procurements/{key}/polls/{act}": [
        "POST /procurements/{procurement}/polls",
        "POST /procurements/{procurement}/polls/{poll}/ballots",
        "POST /procurements/{procurement}/polls/{poll}/close",
        "POST /procurements/{procurement}/polls/{poll}/conclude",
    ],
    "GET /procurements/{key}/trace": ["GET /procurements/{procurement}/trace"],
    "POST /procurements/{key}/trace/{act}": [
        "POST /procurements/{procurement}/trace",
        "POST /procurements/{procurement}/trace/{link}/remove",
    ],
    "GET /procurements/{key}/market": ["GET /procurements/{procurement}/market"],
    "POST /procurements/{key}/market/{act}": [
        "POST /procurements/{procurement}/market/draw",
        "POST /procurements/{procurement}/market/inputs/{item}/answer",
    ],
    "GET /procurements/{key}/participants": ["GET /procurements/{procurement}/participants"],
    "POST /procurements/{key}/participants/{act}": [
        "POST /procurements/{procurement}/participants",
        "POST /procurements/{procurement}/invitations/{invitation}/mail",
        "POST /procurements/{procurement}/invitations/{invitation}/revoke",
        "POST /procurements/{procurement}/participants/{participant}/remove",
    ],
    "GET /procurements/{key}/impartiality": ["GET /procurements/{procurement}/impartiality"],
    "GET /procurements/{key}/looks": ["GET /procurements/{procurement}/looks"],
    "GET /procurements/{key}/receipts": ["GET /procurements/{procurement}/receipts"],
    "POST /procurements/{key}/receipts/{act}": [
        "POST /procurements/{procurement}/intakes",
        "POST /procurements/{procurement}/intakes/{intake}/openings",
        "POST /procurements/{procurement}/openings/{opening}/join",
        "POST /procurements/{procurement}/deliveries/{delivery}/identity",
    ],
    "POST /procurements/{key}/receipts/{intake}/register": [
        "POST /procurements/{procurement}/intakes/{intake}/deliveries",
    ],
    "GET /procurements/{key}/deliveries/{delivery}/files/{file}": [
        "GET /procurements/{procurement}/deliveries/{delivery}/files/{file}",
    ],
    "GET /procurements/{key}/evaluation": ["GET /procurements/{procurement}/evaluation"],
    "GET /choose": ["GET /choice/questions"],
    "POST /choose": ["POST /choice"],
    "GET /rules": ["GET /rules", "GET /rules/checks", "GET /rules/{rule}/uses"],
    "GET /demonstration": ["GET /demonstration/clock"],
    "POST /demonstration": ["POST /demonstration/clock"],
    "GET /accessibility": ["GET /me"],  # a statement for readers; programs need none
    "POST /procurements/{key}/happenings/{wait}": ["POST /procurements/{procurement}/messages"],
    "POST /procurements/{key}/{act}": [
        "POST /procurements/{procurement}/incidents/{incident}/retry",
        "POST /procurements/{procurement}/comments",
        "POST /procurements/{procurement}/comments/{comment}/withdraw",
        "POST /procurements/{procurement}/attachments",
    ],
    "GET /procurements/{key}/acts/{act}": ["POST /procurements/{procurement}/preview"],
    "POST /procurements/{key}/acts/{act}": [
        "POST /procurements/{procurement}/preview",
        "POST /procurements/{procurement}/suspend",
        "POST /procurements/{procurement}/resume",
        "POST /procurements/{procurement}/cancel",
        "POST /procurements/{procurement}/rewind",
        "POST /procurements/{procurement}/team",
        "POST /procurements/{procurement}/team/{seat}/remove",
        "POST /tasks/{task}/due",
        "POST /procurements/{procurement}/buyers",
        "POST /procurements/{procurement}/buyers/{organisation}/remove",
    ],
    "GET /procurements/indicators": ["GET /portfolio/indicators"],
    "GET /procurements/indicators.{form}": ["GET /portfolio/indicators/table"],
    "GET /procurements/{key}/indicators": ["GET /procurements/{procurement}/indicators"],
    "GET /procurements/{key}/indicators.{form}": [
        "GET /procurements/{procurement}/indicators/table"
    ],
    "GET /procurements/{key}/involvement": ["GET /procurements/{procurement}/involvement"],
    "GET /procurements/{key}/businesses": ["GET /procurements/{procurement}/businesses"],
    "POST /procurements/{key}/businesses": ["PUT /procurements/{procurement}/businesses/{scope}"],
    "GET /procurements/{key}/signals": ["GET /procurements/{procurement}/signals"],
    "POST /procurements/{key}/signals": ["POST /procurements/{procurement}/signals"],
    "GET /tasks": ["GET /tasks", "GET /tasks/counts", "GET /task-filters"],
    "GET /notifications": ["GET /notifications"],
    "GET /notifications/choices": ["GET /notifications/choices"],
    "POST /notifications/choices": ["PUT /notifications/choices"],
    "GET /notifications/stream": ["GET /notifications"],
    "GET /notifications/{key}": ["GET /notifications", "POST /notifications/read"],
    "POST /notifications/read": ["POST /notifications/read"],
    "GET /absences": ["GET /absences", "GET /procurements/{procurement}/absences"],
    "POST /absences": ["POST /absences", "POST /absences/preview"],
    "POST /absences/{key}/withdraw": ["POST /absences/{absence}/withdraw"],
    "GET /mails": ["GET /undelivered"],
    "POST /mails/{key}/resend": ["POST /mails/{mail}/resend"],
    "GET /tasks/{key}": ["GET /tasks/{task}"],
    "GET /look-up/{kind}": [
        "GET /registers/organisations",
        "GET /registers/organisations/{number}",
        "GET /registers/cpv",
        "GET /registers/cpv/{code}",
    ],
    "GET /attachments/{key}": ["GET /attachments/{attachment}"],
    "GET /procurements": ["GET /portfolio", "GET /portfolio/overview"],
    "GET /procurements/export.{form}": ["GET /portfolio/table"],
    "GET /procurements/bottlenecks": ["GET /portfolio/bottlenecks"],
    "GET /procurements/bottlenecks.{form}": ["GET /portfolio/bottlenecks/table"],
    "GET /procurements/heat": ["GET /portfolio/heat", "GET /portfolio/heat/{digest}"],
    "GET /procurements/heat.{form}": ["GET /portfolio/heat/{digest}/table"],
    "GET /procurements/start": ["GET /starting", "GET /processes"],
    "GET /procurements/start/from-choice": ["GET /choice/questions"],
    "GET /procurements/{key}": [
        "GET /procurements/{procurement}",
        "GET /procurements/{procurement}/where",
        "GET /procurements/{procurement}/diagram.svg",
        "GET /processes/versions/{digest}/model.bpmn",
        "GET /procurements/{procurement}/points",
    ],
    "GET /procurements/{key}/team": [
        "GET /procurements/{procurement}",
        "GET /procurements/{procurement}/candidates",
        "GET /procurements/{procurement}/undelivered",
    ],
    "GET /procurements/{key}/suppliers": ["GET /procurements/{procurement}/suppliers"],
    "GET /procurements/{key}/rounds": ["GET /procurements/{procurement}/rounds"],
    "POST /procurements/{key}/rounds/{act}": [
        "POST /procurements/{procurement}/slots",
        "POST /procurements/{procurement}/slots/{slot}/withdraw",
        "POST /procurements/{procurement}/slots/{slot}/book",
        "POST /procurements/{procurement}/meetings/{meeting}/cancel",
        "POST /procurements/{procurement}/meetings/{meeting}/hold",
        "POST /procurements/{procurement}/minutes/{minutes}/settle",
        "POST /procurements/{procurement}/information",
        "POST /procurements/{procurement}/information/{item}/drop",
        "POST /procurements/{procurement}/releases",
        "POST /procurements/{procurement}/questions/{question}/answer",
        "POST /procurements/{procurement}/questions/{question}/refuse",
        "POST /procurements/{procurement}/questions/release",
        "POST /procurements/{procurement}/dialogue-documents",
    ],
    "GET /procurements/{key}/documents": ["GET /procurements/{procurement}/documents"],
    "GET /procurements/{key}/forms/{submission}": [
        "GET /procurements/{procurement}/forms/{submission}"
    ],
    "GET /procurements/{key}/decisions": ["GET /procurements/{procurement}"],
    "GET /procurements/{key}/timeline": ["GET /procurements/{procurement}/timeline"],
    "GET /procurements/start/plan": ["GET /plan"],
    "GET /procurements/{key}/plan": ["GET /procurements/{procurement}/plan"],
    "GET /procurements/{key}/calendar.ics": ["GET /procurements/{procurement}/calendar"],
    "GET /procurements/{key}/happenings/{wait}": [
        "GET /procurements/{procurement}/happenings/{wait}"
    ],
    "GET /procurements/{key}/log": [
        "GET /procurements/{procurement}/entries",
        "GET /procurements/{procurement}/entries/{seq}",
    ],
    "GET /procurements/{key}/audit": ["GET /procurements/{procurement}/audit"],
    "GET /processes": ["GET /processes"],
    "GET /processes/versions/{digest}": [
        "GET /processes/versions/{digest}",
        "GET /processes/versions/{digest}/diagram.svg",
    ],
    "GET /": ["GET /tasks"],
    "GET /sign-in": ["GET /me"],
    "GET /sign-in/{key}": ["GET /me"],  # a browser's way; a program has a token
    "GET /sign-in/{key}/callback": ["GET /me"],
    "POST /sign-in/{key}/logout": ["DELETE /session"],  # the provider's own word
    "GET /signed-out": ["DELETE /session"],
    "GET /search": ["GET /search"],
    "GET /account": ["GET /me", "GET /tokens"],
    "POST /account/tokens": ["POST /tokens"],
    "POST /account/tokens/{token}/revoke": ["POST /tokens/{token}/revoke"],
}


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    return create_app(parts.settings, parts)


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def test_the_description_is_as_written_down(document: dict[str, Any]) -> None:
    written = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(written, encoding="utf-8")

    assert written == GOLDEN.read_text(encoding="utf-8")


def test_the_description_is_served_to_anybody(parts: Parts, document: dict[str, Any]) -> None:
    served = Program.at(parts).get("/openapi.json")

    assert served.json() == document


def test_every_operation_says_what_it_does_and_which_problems_it_answers(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        place = f"{method} {path}"
        assert path.startswith(V1), place
        assert len(operation["tags"]) == 1, place
        assert operation["description"], place
        assert {"401", "403", "404", "422"} <= operation["responses"].keys(), place
        good = next(each for code, each in operation["responses"].items() if code < "300")
        assert "204" in operation["responses"] or good["content"], place
        if method in UNSAFE:
            assert {"409", "413"} <= operation["responses"].keys(), place
        for code, response in operation["responses"].items():
            if code >= "400":
                assert set(response["content"]) == {"application/problem+json"}, place


def test_every_act_that_is_recorded_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    without = {
        f"{method} {path.removeprefix(V1)}"
        for path, method, operation in operations(document)
        if method in UNSAFE
        and all(each["name"] != "Idempotency-Key" for each in operation.get("parameters", ()))
    }

    records_nothing = {
        "post /absences/preview",
        "post /procurements/{procurement}/preview",
        "post /processes/check",
        "post /choice",
        "post /demonstration/clock",
    }
    stays = {
        "post /session",
        "delete /session",
        "delete /portal/stay",
        "post /portal/places/{place}",
    }
    assert without == {*stays, *records_nothing}


def test_what_is_sent_is_closed_and_bounded(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    sent = {
        reference.rpartition("/")[2]
        for _, _, operation in operations(document)
        for media in operation.get("requestBody", {}).get("content", {}).values()
        if (reference := media["schema"].get("$ref"))
    }

    assert sent
    for name in sent - {name for name in sent if name.startswith("Body_")}:
        assert schemas[name]["additionalProperties"] is False, name
        for field, schema in schemas[name]["properties"].items():
            if schema.get("type") == "string":
                assert "maxLength" in schema, f"{name}.{field}"


def test_every_page_and_every_act_on_it_has_its_operation(
    app: FastAPI, document: dict[str, Any]
) -> None:
    offered = {
        f"{method.upper()} {path.removeprefix(V1)}" for path, method, _ in operations(document)
    }

    assert set(_pages()) == set(ACTS)
    assert {each for operations_ in ACTS.values() for each in operations_} <= offered


def _pages() -> Iterator[str]:
    for module in _modules(pages):
        router = getattr(module, "router", None)
        for route in router.routes if router is not None else ():
            yield from (f"{method} {route.path}" for method in route.methods if method != "HEAD")


def test_every_command_that_pages_give_can_be_given_over_the_api() -> None:
    given_by_pages = _commands(pages)

    assert given_by_pages
    assert given_by_pages <= _commands(api)


def _commands(package: ModuleType) -> set[str]:
    known = {command.__name__ for command in HANDLERS}
    return {name for module in _modules(package) for name in vars(module) if name in known}


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{each.name}")


def test_people_read_every_operation_on_a_page_without_scripts_from_elsewhere(
    parts: Parts, document: dict[str, Any]
) -> None:
    answer = Program.at(parts).get("")

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "//" not in answer.text.replace("http://testserver", "")
    for path, method, _ in operations(document):
        assert f"{method.upper()} {path}<" in answer.text


def test_the_guide_names_every_code_that_a_program_can_meet() -> None:
    guide = (GOLDEN.parents[2] / "docs" / "api.md").read_text("utf-8")
    met = {kind.code for kind in _all_errors(EngineError) if _is_refusal(kind)}

    missing = {code for code in met if f"`{code}`" not in guide}

    assert missing == set()


def _all_errors(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _all_errors(each)


def _is_refusal(kind: type[EngineError]) -> bool:
    found = next((STATUS[each] for each in kind.__mro__ if each in STATUS), None)
    return found is not None and found < 500
