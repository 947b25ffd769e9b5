"""The browser checks a form by the same rules as the server, with the same words."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.errors import InvalidSubmissionError
from engine.forms.computing import settled
from engine.forms.conditions import is_for
from engine.forms.definition import Field, Form, Kind
from engine.forms.encoding import decode, encode, posted
from engine.forms.reading import read_form
from engine.forms.submission import check
from engine.forms.values import Context
from service.pages.browser_rules import browser_rules
from tests.browser.conftest import Visit
from tests.browser.stage import Stage
from tests.support.platform import Platform
from tests.support.rich_process import to_summary
from tests.unit.forms.files import files
from tests.unit.forms.rich import CONTEXT, rich_form

pytestmark = pytest.mark.browser

ROOT: Final = Path(__file__).parents[2]
SCRIPT: Final = (ROOT / "service" / "static" / "forms.js").read_text("utf-8")
Pairs = list[tuple[str, str]]
Roles = tuple[str, ...]
FORMS: Final = sorted(
    path.name.removesuffix(".schema.json") for path in (ROOT / "forms").glob("*.schema.json")
)
REFERENCES: Final = Context(
    suppliers={"910000001": "Alfa", "b": "Beta"},
    persons={"kari": "Kari", "ola": "Ola"},
    files={"f1": "plan.pdf"},
    now=CONTEXT.now,
)
TYPED: Final = (
    "",
    " ",
    "x",
    "Trygg skolevei for alle",
    "a" * 201,
    "æøå 😀" * 30,
    "\x0b",
    "linje\r\nlinje",
    "\ufeff",
    "\x85",
    "0",
    "1",
    "-1",
    "10",
    "11",
    "100",
    "100,01",
    "0,3",
    "1 250 000,50",
    "1\u00a0250\u202f000",
    "12.5",
    "1,005",
    "−5",
    "+7",
    "1e3",
    "12,3456789",
    "999999999999999",
    "1000000000000000",
    "999999999999999,999999999",
    "100 kr",
    "kr 5,-",
    "50 %",
    "%50",
    "٣",
    "0,0000001",
    "1'000",
    "31.12.2026",
    "1.1.2026",
    "30.02.2026",
    "29.02.2024",
    "29.02.2025",
    "00.01.2026",
    "2026-12-31",
    "20261231",
    "2026-W01-1",
    "31.12.0000",
    "01.01.0001",
    "31.12.9999",
    "31/12/2026",
    "31.12.2026 12:00",
    "31.12.2026 kl. 12.00",
    "31.12.2026 24:00",
    "29.03.2026 02:30",
    "25.10.2026 02:30",
    "29.03.2026 03:00",
    "2026-06-30T14:00",
    "2026-06-30T14:00:00+02:00",
    "2026-06-30T14:00Z",
    "2026-06-30T25:00Z",
    "2026-06-30T14:00:00+25:00",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:00-01:00",
    "01.01.0001 00:00",
    "31.12.9999 23:30",
    "01.07.1940 12:00",
    "31.12.2026",
    "true",
    "false",
    "on",
    "ja",
    "navn@eksempel.no",
    "navn@eksempel",
    "a b@c.no",
    "https://eksempel.no",
    "http:///x",
    "https://a b",
    "none",
    "new",
    "a",
    "b",
    "910000001",
    "kari",
    "ola",
    "f1",
    "borte",
    "313000001",
    "313 000 001",
    "313000002",
    "31300000",
    "73000000",
    "73000000-2",
    "73000000-3",
    "7300000a",
)


def filled_in(form: Form, roles: Roles, context: Context, seed: int) -> Pairs:
    """Names and values as a page would send them, made up at random."""
    dice = random.Random(seed)
    return list(_group(form.root, "", roles, context, dice))


def _group(
    group: Field, prefix: str, roles: Roles, context: Context, dice: random.Random
) -> Iterator[tuple[str, str]]:
    for each in group.fields:
        if is_for(each, roles) and each.compute is None:
            yield from _values(each, prefix + each.name, roles, context, dice)


def _values(
    each: Field, name: str, roles: Roles, context: Context, dice: random.Random
) -> Iterator[tuple[str, str]]:
    if each.kind is Kind.GROUP:
        yield from _group(each, f"{name}.", roles, context, dice)
    elif each.is_ticked or (each.item is not None and each.item.kind is Kind.FILE):
        for _ in range(dice.randrange(4)):
            yield name, _typed(each.item or each, context, dice)
    elif each.item is not None:
        for index in range(dice.choice((0, 1, 1, 2, 4))):
            yield f"{name}.{index}", ""
            if each.item.kind is Kind.GROUP:
                yield from _group(each.item, f"{name}.{index}.", roles, context, dice)
            else:
                yield f"{name}.{index}", _typed(each.item, context, dice)
    elif dice.random() < 0.85:
        yield name, _typed(each, context, dice)


def _typed(each: Field, context: Context, dice: random.Random) -> str:
    known = [value for value, _ in context.choices(each) or ()]
    return dice.choice(known) if known and dice.random() < 0.6 else dice.choice(TYPED)


def server_says(form: Form, pairs: Pairs, roles: Roles, context: Context) -> list[list[str]]:
    data = decode(form, posted(pairs), drop_empty_rows=True)
    try:
        check(form, data, roles, context)
    except InvalidSubmissionError as error:
        return [
            [each["path"], each["code"], each["message"]["nb"]] for each in error.details["faults"]
        ]
    return []


def with_computed(form: Form, pairs: Pairs, roles: Roles, context: Context) -> Pairs:
    """As the page has them: what the server worked out stands in the form too."""
    data = settled(form, decode(form, posted(pairs)), roles, context.now)
    computed = {".".join(each.path) for each in _computed(form.root)}
    shown = encode(form, data)
    bare = {name: [part for part in name.split(".") if not part.isdigit()] for name in shown}
    return [
        *pairs,
        *(
            (name, value)
            for name, values in shown.items()
            for value in values
            if ".".join(bare[name]) in computed
        ),
    ]


def _computed(group: Field) -> Iterator[Field]:
    for each in group.fields:
        if each.compute is not None:
            yield each
        yield from _computed(each.item if each.item is not None else each)


@pytest.fixture(scope="module")
def engine(chromium: Browser) -> Iterator[Page]:
    """A page with nothing but the script."""
    page = chromium.new_page()
    page.evaluate(f"(() => {{ {SCRIPT} }})()")
    yield page
    page.close()


def differences(engine: Page, form: Form, roles: Roles, context: Context, count: int) -> list[Any]:
    cases = [filled_in(form, roles, context, seed) for seed in range(count)]
    rules = browser_rules(form, roles, context, "nb")
    sent = [with_computed(form, pairs, roles, context) for pairs in cases]
    told = engine.evaluate(
        "([rules, cases]) => cases.map((pairs) => pivotalForms.check(rules, pairs)"
        ".map((fault) => [fault.path, fault.code, fault.message]))",
        [json.loads(json.dumps(rules)), sent],
    )
    return [
        (pairs, browser, server)
        for pairs, browser in zip(cases, told, strict=True)
        if browser != (server := server_says(form, pairs, roles, context))
    ]


@pytest.mark.parametrize("key", FORMS)
def test_no_field_of_a_form_that_ships_is_checked_on_one_side_only(engine: Page, key: str) -> None:
    found = {path.name: path.read_bytes() for path in (ROOT / "forms").glob(f"{key}.*.json")}

    assert differences(engine, read_form(key, found), ("evaluator",), REFERENCES, 25) == []


@pytest.mark.parametrize("roles", [(), ("evaluator",)])
def test_conditions_rows_and_roles_are_the_same_on_both_sides(engine: Page, roles: Roles) -> None:
    form = read_form("need", files())

    assert differences(engine, form, roles, Context(suppliers={"s1": "Alfa"}), 400) == []


def test_matrices_computed_fields_and_look_ups_are_the_same_on_both_sides(engine: Page) -> None:
    assert differences(engine, rich_form(), (), CONTEXT, 400) == []


@pytest.mark.parametrize("typed", TYPED)
def test_every_kind_reads_what_is_typed_alike(engine: Page, typed: str) -> None:
    kinds = {
        "text": {"type": "string", "maxLength": 100, "minLength": 2},
        "email": {"type": "string", "maxLength": 100, "format": "email"},
        "uri": {"type": "string", "maxLength": 100, "format": "uri"},
        "pattern": {
            "type": "string",
            "maxLength": 100,
            "pattern": r"^\d+.[a-z]?",
            "description": "Tall.",
        },
        "long": {"type": "string", "maxLength": 100, "x-format": "longtext"},
        "whole": {"type": "integer", "minimum": 0, "maximum": 100},
        "number": {"type": "number", "exclusiveMinimum": 0.3, "maximum": 100},
        "money": {"type": "integer", "x-format": "money", "minimum": 0},
        "percent": {"type": "number", "x-format": "percent", "maximum": 100},
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "bool": {"type": "boolean"},
        "confirm": {"type": "boolean", "const": True},
        "choice": {
            "type": "string",
            "oneOf": [{"const": "a", "title": "A"}, {"const": "none", "title": "N"}],
        },
        "supplier": {"type": "string", "x-format": "supplier"},
        "person": {"type": "string", "x-format": "person"},
        "file": {"type": "string", "x-format": "file"},
        "organisation": {"type": "string", "x-format": "organisation"},
        "cpv": {"type": "string", "x-format": "cpv"},
    }
    properties = {name: {"title": name.title(), **schema} for name, schema in kinds.items()}
    schema = {"$id": "all", "title": "Alle", "type": "object", "properties": properties}
    form = read_form("all", {"all.schema.json": json.dumps(schema).encode()})
    pairs = [(name, typed) for name in kinds]
    rules = browser_rules(form, (), REFERENCES, "nb")

    told = engine.evaluate(
        "([rules, pairs]) => pivotalForms.check(rules, pairs)"
        ".map((fault) => [fault.path, fault.code, fault.message])",
        [json.loads(json.dumps(rules)), pairs],
    )

    assert told == server_says(form, pairs, (), REFERENCES)


def test_faults_are_shown_before_anything_is_sent_and_go_as_they_are_mended(
    platform: Platform, visit: Visit
) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    page = visit("lead")
    page.goto(f"/tasks/{task}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.resource_type))

    page.get_by_role("button", name="Fullfør oppgaven").click()

    links = page.locator("#faults li a")
    expect(links).to_have_text(
        [
            "«Sum» kan ikke regnes ut ennå. Fyll ut feltene som den bygger på.",
            "Fyll ut «Score – Kvalitet, Alfa AS».",
            "Fyll ut «Score – Kvalitet, Beta AS».",
            "Fyll ut «Score – Pris, Alfa AS».",
            "Fyll ut «Score – Pris, Beta AS».",
        ]
    )
    expect(page.locator("#faults")).to_be_focused()
    assert "document" not in sent
    links.nth(1).click()
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    expect(links).to_have_count(4)
    assert page.locator("#f-scores-0-score").get_attribute("aria-invalid") is None
    assert page.locator("#f-scores-1-score").get_attribute("aria-invalid") == "true"


def test_a_button_of_a_row_leads_back_to_the_row(platform: Platform, visit: Visit) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    page = visit("lead")
    page.goto(f"/tasks/{task}")

    page.get_by_role("button", name="Legg til kostnad").click()
    page.wait_for_url("**#f-costs-0")

    expect(page.locator("#f-costs-0")).to_be_focused()
    assert (
        page.locator("#f-costs-0-price").evaluate("input => getComputedStyle(input).padding")
        != "0px"
    )


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("behovseier", "/tasks/{describe}"),
        ("behovseier", "/tasks/{gate}"),
        ("leder", "/procurements/{evaluated}/happenings/{access-request}"),
        ("leder", "/choose"),
    ],
)
def test_every_page_with_a_form_asks_in_the_browser_for_what_the_server_asks_for(
    stage: Stage, person: str, address: str
) -> None:
    said = []
    for javascript in (True, False):
        page = stage.visit(person, address, javascript=javascript)
        page.locator("button[value=complete]").click()
        page.locator("#faults").wait_for()
        said.append(page.locator("#faults a").all_inner_texts())
        page.context.close()

    assert said[0]
    assert said[0] == said[1]
