"""What only a browser shows of drafts: kept by themselves, merged, and said when they are not."""

import pytest
from playwright.sync_api import Page, expect

from engine.commands.tasks import CompleteTask
from engine.queries.view import View
from tests.browser.conftest import Visit
from tests.engine.commands.test_drafts import content
from tests.support.platform import GOOD_NEED, Platform
from tests.support.rich_process import to_summary

pytestmark = pytest.mark.browser

SAVED = "Utkastet er lagret"


def state(page: Page) -> str:
    return page.locator("#save-state").inner_text()


def saved(page: Page) -> None:
    """Wait until everything typed is kept."""
    expect(page.locator("#save-state")).to_contain_text(SAVED)


def look_now(page: Page) -> None:
    """As when the reader comes back to the window: the page asks what others have done."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def drafting(platform: Platform) -> str:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    return platform.task(procurement, "draft").id


def test_what_is_typed_is_kept_without_a_button(platform: Platform, visit: Visit) -> None:
    task = drafting(platform)
    page = visit("owner")
    page.goto(f"/tasks/{task}")

    page.get_by_label("Merknad").press_sequentially("Skrevet uten å lagre")
    saved(page)
    page.context.close()  # as when the browser is killed

    assert content(platform, "owner", task) == {"note": "Skrevet uten å lagre"}
    again = visit("owner-2")
    again.goto(f"/tasks/{task}")
    assert again.get_by_label("Merknad").input_value() == "Skrevet uten å lagre"
    assert "sist lagret av Owner" in state(again)


def test_somebody_who_never_pauses_is_saved_too(platform: Platform, visit: Visit) -> None:
    task = drafting(platform)
    page = visit("owner")
    page.goto(f"/tasks/{task}")
    note = page.get_by_label("Merknad")

    with page.expect_request("**/autosave"):
        for letter in "abcdefghijklmnopqrstuvwxyz" * 6:
            note.press(letter)
            page.wait_for_timeout(60)

    saved(page)


def test_two_see_each_other_and_what_the_other_writes(platform: Platform, visit: Visit) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    first, second = visit("lead"), visit("lead")
    first.goto(f"/tasks/{task}")
    second.goto(f"/tasks/{task}")

    first.get_by_label("Kjøper").fill("313000001")
    saved(first)
    second.get_by_label("Kode").fill("73000000")
    saved(second)
    look_now(first)

    expect(second.get_by_label("Kjøper")).to_have_value("313\u00a0000\u00a0001")
    expect(first.get_by_label("Kode")).to_have_value("73000000-2")
    expect(first.get_by_text("Du har oppgaven åpen i et annet vindu også.")).to_be_visible()


def test_a_window_is_not_taken_for_another_when_its_page_comes_again(
    platform: Platform, visit: Visit
) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    page = visit("lead")
    page.goto(f"/tasks/{task}")
    page.get_by_label("Kjøper").fill("313000001")
    saved(page)

    with page.expect_response("**/autosave"):  # asked at once, as every page does
        page.reload()

    expect(page.get_by_text("et annet vindu")).to_have_count(0)


def test_two_candidates_see_who_writes(platform: Platform, visit: Visit) -> None:
    task = drafting(platform)
    first, second = visit("owner"), visit("owner-2")
    first.goto(f"/tasks/{task}")
    first.get_by_label("Merknad").fill("Noe")
    saved(first)

    second.goto(f"/tasks/{task}")

    expect(second.get_by_text("Owner skriver i skjemaet nå.")).to_be_visible()
    look_now(first)
    expect(first.get_by_text("Owner-2 ser på oppgaven nå.")).to_be_visible()


@pytest.mark.parametrize(("button", "kept"), [("Behold mitt", "Min"), ("Bruk den andres", "Din")])
def test_where_both_wrote_the_reader_chooses(
    platform: Platform, visit: Visit, button: str, kept: str
) -> None:
    task = drafting(platform)
    first, second = visit("owner"), visit("owner-2")
    first.goto(f"/tasks/{task}")
    second.goto(f"/tasks/{task}")
    second.get_by_label("Merknad").fill("Din")
    saved(second)

    first.get_by_label("Merknad").fill("Min")
    expect(first.get_by_text("Den andre skrev: «Din»")).to_be_visible()
    assert content(platform, "owner", task) == {"note": "Din"}
    assert first.get_by_label("Merknad").input_value() == "Min"
    with first.expect_response("**/autosave"):
        first.get_by_role("button", name=button).click()
        first.wait_for_timeout(2000)

    expect(first.get_by_text("Den andre skrev")).to_have_count(0)
    assert content(platform, "owner", task) == {"note": kept}
    assert first.get_by_label("Merknad").input_value() == kept


def test_without_contact_it_says_so_and_saves_when_contact_is_back(
    platform: Platform, visit: Visit
) -> None:
    task = drafting(platform)
    page = visit("owner")
    page.goto(f"/tasks/{task}")
    page.context.set_offline(True)

    page.get_by_label("Merknad").fill("Skrevet på toget")
    expect(page.locator("#save-trouble")).to_contain_text("ingen kontakt med tjenesten")
    page.get_by_role("button", name="Fullfør oppgaven").click()
    assert page.get_by_label("Merknad").input_value() == "Skrevet på toget"
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    saved(page)

    expect(page.locator("#save-trouble")).to_have_text("")
    assert content(platform, "owner", task) == {"note": "Skrevet på toget"}


def test_a_session_that_ended_is_said_and_what_was_typed_stays(
    platform: Platform, visit: Visit
) -> None:
    task = drafting(platform)
    page = visit("owner")
    page.goto(f"/tasks/{task}")
    page.context.clear_cookies()

    page.get_by_label("Merknad").fill("Etter pausen")

    expect(page.locator("#save-trouble")).to_contain_text("du er logget ut")
    assert page.get_by_label("Merknad").input_value() == "Etter pausen"


def test_a_task_that_another_completed_says_so_while_one_writes(
    platform: Platform, visit: Visit
) -> None:
    task = drafting(platform)
    page = visit("owner")
    page.goto(f"/tasks/{task}")
    platform.act("owner-2", CompleteTask(task, {"note": "Ferdig alt"}))

    page.get_by_label("Merknad").fill("For sent")

    expect(page.locator("#save-trouble")).not_to_have_text("")
    assert page.get_by_label("Merknad").input_value() == "For sent"


def test_amounts_are_worked_out_while_one_writes(platform: Platform, visit: Visit) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    page = visit("lead")
    page.goto(f"/tasks/{task}")
    page.get_by_role("button", name="Legg til kostnad").click()

    page.get_by_role("textbox", name="Pris", exact=True).fill("100,50")
    page.get_by_label("Antall").fill("3")

    expect(page.locator("output[name=total]")).to_have_text("301,50\u00a0kr")
    expect(page.locator("output[name='costs.0.amount']")).to_have_text("301,50\u00a0kr")


def test_completing_right_after_typing_hands_in_what_was_typed(
    platform: Platform, visit: Visit
) -> None:
    task = drafting(platform)
    page = visit("owner")
    page.goto(f"/tasks/{task}")
    page.get_by_label("Merknad").fill("Første")
    saved(page)

    page.get_by_label("Merknad").fill("Siste ord")
    page.get_by_role("button", name="Fullfør oppgaven").click()
    page.wait_for_url("**/tasks?done=completed")

    with platform.store.reader() as connection:
        actor, clock = platform.actor("lead"), platform.clock
        view = View(connection, platform.bus.environment.definitions, actor, clock.now())
        from engine.queries.task import task_page

        found = task_page(view, task).submission
    assert found is not None
    assert found.content == {"note": "Siste ord"}
