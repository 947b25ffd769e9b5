"""Every page of the application and the states in which it is looked at; a page that stands here in
no state says why. A test refuses a page that is not here at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.stage import NOBODY

LEAD: Final = "leder"
OWNER: Final = "behovseier"
P: Final = "/procurements/{evaluated}"
NEW: Final = "/procurements/{begun}"
Prepare = Callable[[Page], object]

HAPPENINGS: Final = (
    "access-request",
    "cancel-procurement",
    "complaint-received",
    "confidentiality-breached",
    "conflict-of-interest-found",
    "newcomer-declares",
    "secrecy-claimed",
    "supplier-changed",
)
"""What can be reported in the procurement that is evaluated, each with a form of its own."""

A_FILE: Final = "It is a file to download."
NO_PAGE: Final = "It answers with no page of its own."


@dataclass(frozen=True, slots=True)
class State:
    """Who opens which address and does what there before the page is looked at. `hours` pass
    afterwards, so that what was used up comes back."""

    name: str
    person: str
    address: str
    prepare: Prepare = lambda _page: None
    hours: int = 0


def press(selector: str) -> Prepare:
    """Press what the selector finds, and be on the page that comes."""

    def do(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return do


def refused_by(selector: str) -> Prepare:
    """Press what sends a form that lacks something: the browser says so, and sends nothing."""

    def do(page: Page) -> None:
        page.locator(selector).first.click()
        page.locator("#faults").wait_for()

    return do


def tick_and_press(act: str) -> Prepare:
    def do(page: Page) -> None:
        page.locator("input[name=task]").first.check()
        page.locator(f"button[formaction$='/bulk/{act}']").click()
        page.wait_for_url("**/tasks/bulk/*")

    return do


def choose(page: Page) -> None:
    """Answer the questions as for an innovation partnership."""
    fields = {"value.rd_max": "1 000 000", "value.purchase_est": "3 000 000"}
    chosen = {
        "purchase.buyer": "other",
        "purchase.contract_type": "services",
        "market.solution_on_market": "no",
        "special.earlier_failed": "none",
        "special.special_case": "none",
    }
    for name, text in fields.items():
        page.locator(f"[name='{name}']").fill(text)
    for name, value in chosen.items():
        field = page.locator(f"select[name='{name}'], input[name='{name}'][value='{value}']").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.check()
    for name in ("need_clear", "spec_possible", "development_and_purchase"):
        page.locator(f"[name='market.{name}'][value=true]").check()
    press("button[value=complete]")(page)
    expect(page.get_by_role("heading", name="Innovasjonspartnerskap")).to_be_visible()


def start_under_a_taken_number(page: Page) -> None:
    page.locator("#f-title").fill("Nok en badeplass")
    page.locator("#f-reference").fill("2026/101")
    press("main form[method=post] button[type=submit]:visible")(page)


def ask_for_a_token(page: Page) -> None:
    page.locator("#name").fill("Uten noe å gjøre")
    page.locator("#first").fill("01.12.2026")
    page.locator("#last").fill("02.12.2026")
    press("form[action$=tokens] button[type=submit]")(page)


def say_nothing(page: Page) -> None:
    page.locator("#text").fill(" ")
    press("form[action$=contributions] button")(page)


def ask_nothing(page: Page) -> None:
    page.locator("#text").fill(" ")
    press("form[action$=ask] button")(page)


def hand_in(page: Page) -> None:
    """Hand in a file for each part, which leads to the receipt for them."""
    tender = {"name": "tilbud.txt", "mimeType": "text/plain", "buffer": b"Pris: 42 kroner."}
    for part in page.locator("input[type=file]").all():
        part.set_input_files(tender)
    press("main form[action*=submissions] button[type=submit]")(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvittering")


def ask_to_withdraw(page: Page) -> None:
    """Hand in, and ask what taking it back means."""
    hand_in(page)
    page.goto("/portal/submissions")
    press("main td a[href$='/withdraw']")(page)


def try_codes(page: Page) -> None:
    """Guess codes until the door says to wait."""
    for number in range(60):
        if page.request.get(f"/join/GJETTET-KODE-{number}").status == 429:
            break
    page.goto("/join/GJETTET-KODE")


def of_both(path: str) -> tuple[State, ...]:
    """A page of a procurement, where much has happened and where nothing has."""
    return (State("filled", LEAD, P + path), State("empty", LEAD, NEW + path))


def acts(*filled: tuple[str, str]) -> tuple[State, ...]:
    return tuple(State(f"{act}{query}", LEAD, f"{P}/acts/{act}{query}") for act, query in filled)


PAGES: Final[Mapping[str, tuple[State, ...] | str]] = {
    "/": "It leads to the list of tasks or to the sign-in.",
    "/sign-in": (State("open", NOBODY, "/sign-in"),),
    "/signed-out": (State("open", NOBODY, "/signed-out"),),
    "/sign-in/{key}": "It leads to the provider of sign-ins.",
    "/sign-in/{key}/callback": "It leads on from the provider of sign-ins.",
    "/account": (
        State("own", LEAD, "/account"),
        State("token for nothing", LEAD, "/account", ask_for_a_token),
    ),
    "/tasks": (
        State("filled", LEAD, "/tasks"),
        State("empty", "fremmed", "/tasks"),
        State("roles", "evaluator2", "/tasks?list=roles"),
        State("delegated", LEAD, "/tasks?list=delegated"),
        State("done", LEAD, "/tasks?list=done"),
        State("nothing fits", LEAD, "/tasks?text=finnesikke"),
        State("wrong filter", LEAD, "/tasks?due=soonish"),
        State("looked over", "evaluator2", "/tasks?list=roles", tick_and_press("claim")),
        State("asked for words", "evaluator2", "/tasks?list=roles", tick_and_press("comment")),
    ),
    "/tasks/{key}": (
        State("form", OWNER, "/tasks/{describe}"),
        State("refused", OWNER, "/tasks/{describe}", refused_by("button[value=complete]")),
        State("delegated", "leder2", "/tasks/{access}"),
        State("to be taken", "evaluator2", "/tasks/{score}"),
        State("of others", LEAD, "/tasks/{describe}"),
        State("done", LEAD, "/tasks/{done}"),
        State("proposal", "budsjett", "/tasks/{proposal}"),
        State("gate", OWNER, "/tasks/{gate}"),
        State("undecided", OWNER, "/tasks/{gate}", refused_by("button[value=complete]")),
    ),
    "/notifications": (
        State("filled", LEAD, "/notifications"),
        State("empty", "fremmed", "/notifications"),
    ),
    "/notifications/choices": (State("own", LEAD, "/notifications/choices"),),
    "/notifications/stream": NO_PAGE,
    "/notifications/{key}": "It leads to what the notification is about.",
    "/attachments/{key}": A_FILE,
    "/look-up/{kind}": "It is a part of a form, looked at in the tests of forms.",
    "/procurements": (
        State("filled", LEAD, "/procurements"),
        State("empty", "fremmed", "/procurements"),
        State("nothing fits", LEAD, "/procurements?text=finnesikke"),
    ),
    "/procurements/export.{form}": A_FILE,
    "/procurements/bottlenecks": (
        State("filled", LEAD, "/procurements/bottlenecks"),
        State("empty", "fremmed", "/procurements/bottlenecks"),
    ),
    "/procurements/bottlenecks.{form}": A_FILE,
    "/procurements/heat": (
        State("filled", LEAD, "/procurements/heat"),
        State("empty", "fremmed", "/procurements/heat"),
    ),
    "/procurements/heat.{form}": A_FILE,
    "/procurements/indicators": (
        State("filled", LEAD, "/procurements/indicators"),
        State("empty", "fremmed", "/procurements/indicators"),
    ),
    "/procurements/indicators.{form}": A_FILE,
    "/procurements/start": (
        State("processes", LEAD, "/procurements/start"),
        State("form", LEAD, "/procurements/start?process=innovation-partnership"),
        State(
            "refused",
            LEAD,
            "/procurements/start?process=innovation-partnership",
            start_under_a_taken_number,
        ),
    ),
    "/procurements/start/from-choice": "It leads back to the choice.",
    "/procurements/start/plan": (
        State("plan", LEAD, "/procurements/start/plan?process=innovation-partnership"),
    ),
    "/procurements/{key}": (
        *of_both(""),
        State("auditor", "revisor", P),
        State("past", LEAD, f"{P}?as_of=2026-08-01T12:00"),
    ),
    "/procurements/{key}/team": of_both("/team"),
    "/procurements/{key}/suppliers": of_both("/suppliers"),
    "/procurements/{key}/documents": of_both("/documents"),
    "/procurements/{key}/decisions": of_both("/decisions"),
    "/procurements/{key}/timeline": of_both("/timeline"),
    "/procurements/{key}/log": of_both("/log"),
    "/procurements/{key}/audit": of_both("/audit"),
    "/procurements/{key}/plan": of_both("/plan"),
    "/procurements/{key}/calendar.ics": A_FILE,
    "/procurements/{key}/contributions": of_both("/contributions"),
    "/procurements/{key}/trace": of_both("/trace"),
    "/procurements/{key}/participants": of_both("/participants"),
    "/procurements/{key}/evaluation": (
        State("filled", LEAD, "/procurements/{awarded}/evaluation"),
        State("not yet", LEAD, f"{P}/evaluation"),
    ),
    "/procurements/{key}/forms/{submission}": (
        State("form", LEAD, P + "/forms/{submission}"),
        State("handed in again", LEAD, P + "/forms/{again}"),
    ),
    "/procurements/{key}/happenings/{wait}": (
        *(State(message, LEAD, f"{P}/happenings/{{{message}}}") for message in HAPPENINGS),
        State(
            "refused",
            LEAD,
            P + "/happenings/{access-request}",
            refused_by("button[value=complete]"),
        ),
    ),
    "/procurements/{key}/acts/{act}": (
        *acts(
            ("suspend", ""),
            ("cancel", ""),
            ("rewind", ""),
            ("rewind", "?to={point}"),
            ("add-task", ""),
            ("add-task", "?name=Ring&person=leder"),
            ("record-decision", ""),
            ("record-decision", "?name=To+møter+med+alle"),
            ("add-gathering", ""),
            (
                "add-gathering",
                "?name=Avklaring&starts_at=2099-01-02T12:00&ends_at=2099-01-02T13:00&people=leder",
            ),
            ("move-gathering", ""),
            ("withdraw-task", ""),
            ("move-due", ""),
            ("move-due", "?task={score}&due_at=2026-12-31T12:00"),
            ("add-member", ""),
            ("add-member", "?person=fremmed&role=evaluator"),
            ("remove-member", ""),
            ("remove-member", "?member={member}"),
            ("resume", ""),
            ("add-buyer", ""),
            ("remove-buyer", ""),
        ),
        State("lacking", LEAD, P + "/acts/add-gathering", refused_by("button[value=look]:visible")),
        State("forbidden", "behovseier", P + "/acts/suspend"),
    ),
    "/processes": (State("filled", "designer", "/processes"),),
    "/processes/versions/{digest}": (
        State("version", "designer", "/processes/versions/{version}"),
    ),
    "/processes/versions/{digest}/share": (
        State("with whom", "designer", "/processes/versions/{version}/share"),
        State("looked over", "designer", "/processes/versions/{version}/share?to=all"),
    ),
    "/choose": (
        State("questions", LEAD, "/choose"),
        State("refused", LEAD, "/choose", refused_by("button[value=complete]")),
        State("result", LEAD, "/choose", choose),
    ),
    "/rules": (
        State("today", LEAD, "/rules"),
        State("wrong day", LEAD, "/rules?at=i-morgen"),
    ),
    "/accessibility": (State("open", NOBODY, "/accessibility"),),
    "/demonstration": (State("clock", LEAD, "/demonstration"),),
    "/join": (
        State("asks for a code", NOBODY, "/join"),
        State("left", NOBODY, "/join?done=left"),
        State("a link is on its way", NOBODY, "/join?done=link-sent"),
        State("a sign-in that is tied to nothing", NOBODY, "/join?unknown=true"),
    ),
    "/join/sign-in/ways": (State("none to choose", NOBODY, "/join/sign-in/ways"),),
    "/join/sign-in/{key}": "It leads to the provider of sign-ins.",
    "/join/{secret}": (
        State("unknown", NOBODY, "/join/TULL"),
        State("too many tries", NOBODY, "/join", try_codes, hours=2),
    ),
    "/portal": (
        State("citizen", "citizen", "/portal"),
        State("supplier", "supplier", "/portal"),
        State("nothing written", "citizen", "/portal", say_nothing),
    ),
    "/mails": (
        State("none", "designer", "/mails"),
        State("forbidden", "fremmed", "/mails"),
    ),
    "/knowledge": (
        State("filled", LEAD, "/knowledge"),
        State("likeness", LEAD, "/knowledge?q=ventilasjon+uten+støy"),
        State("nothing alike", LEAD, "/knowledge?q=xyzzy"),
        State("empty", "fremmed", "/knowledge"),
    ),
    "/knowledge/{item}": (State("item", LEAD, "/knowledge/{item}"),),
    "/procurements/{key}/knowledge": of_both("/knowledge"),
    "/procurements/{key}/knowledge/share": (
        State("with whom", LEAD, P + "/knowledge/share?kind=need"),
        State("looked over", LEAD, P + "/knowledge/share?kind=need&to=all"),
    ),
    "/procurements/{key}/indicators": of_both("/indicators"),
    "/procurements/{key}/indicators.{form}": A_FILE,
    "/procurements/{key}/involvement": of_both("/involvement"),
    "/procurements/{key}/businesses": of_both("/businesses"),
    "/procurements/{key}/impartiality": of_both("/impartiality"),
    "/procurements/{key}/looks": of_both("/looks"),
    "/absences": (State("none", LEAD, "/absences"),),
    "/procurements/{key}/polls": of_both("/polls"),
    "/procurements/{key}/contributions/pictures/{attachment}": A_FILE,
    "/portal/pictures/{attachment}": A_FILE,
    "/competitions": (State("open to all", NOBODY, "/competitions"),),
    "/competitions/{key}": (State("open to all", NOBODY, "/competitions/{evaluated}"),),
    "/market": (State("open to all", NOBODY, "/market"),),
    "/market/{key}": (State("open to all", NOBODY, "/market/{evaluated}"),),
    "/portal/places": (State("by an invitation", "supplier", "/portal/places"),),
    "/portal/market": (State("supplier", "supplier", "/portal/market"),),
    "/procurements/{key}/market": (State("lead", LEAD, P + "/market"),),
    "/procurements/{key}/receipts": (
        State("filled", "mottak", P + "/receipts"),
        State("empty", "mottak", NEW + "/receipts"),
    ),
    "/procurements/{key}/deliveries/{delivery}/files/{file}": A_FILE,
    "/portal/submissions": (State("supplier", "supplier", "/portal/submissions"),),
    "/portal/submissions/{delivery}/receipt": (
        State("received", "supplier", "/portal/submissions", hand_in),
    ),
    "/portal/submissions/{delivery}/withdraw": (
        State("asked", "supplier", "/portal/submissions", ask_to_withdraw),
    ),
    "/portal/trace": (State("citizen", "citizen", "/portal/trace"),),
    "/procurements/{key}/rounds": of_both("/rounds"),
    "/portal/dialogue": (
        State("supplier", "supplier", "/portal/dialogue"),
        State("nothing asked", "supplier", "/portal/dialogue", ask_nothing),
    ),
    "/portal/documents/{key}": A_FILE,
    "/portal/meetings/{key}.ics": A_FILE,
    "/procurements/{key}/signals": of_both("/signals"),
    "/search": (
        State("nothing asked", LEAD, "/search"),
        State("hits", LEAD, "/search?q=ventilasjon"),
        State("no hits", LEAD, "/search?q=finnesikke"),
    ),
    "/api/v1": (State("reference", NOBODY, "/api/v1"),),
}

ELSEWHERE: Final = (
    State("no such page", LEAD, "/nowhere"),
    State("no such page", NOBODY, "/nowhere"),
    State("not to be told of", "fremmed", P),
    State("no such moment", LEAD, f"{P}?as_of=i-fjor"),
)
"""Pages that say why there is no other page."""
