"""A whole competitive dialogue, with a panel of citizens and employees and three suppliers who do
all that is theirs in the portal, each in a real browser; and no supplier learns of another."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import sha256
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.outside import Guest, House, house
from tests.support.pictures import photograph
from tests.support.staff import ROOT

COURSE: Final = ROOT / "processes/competitive-dialogue/scenarios/three-suppliers.yaml"
SUPPLIERS: Final = {"fjord": "910000071", "stille": "910000152", "sanse": "910000233"}
"""What the test calls each supplier, and its organisation number. `sanse` is cut after the first
round, `fjord` wins."""
PANEL: Final = ("kari", "ola", "anne", "vakt", "tillit")


@pytest.fixture
def dialogue(tmp_path: Path, chromium: Browser) -> Iterator[House]:
    with house(COURSE, tmp_path, chromium) as made:
        yield made


def canary(key: str) -> str:
    """A word that only this supplier says."""
    return f"KANARI-{SUPPLIERS[key][-1]}"


def test_a_competitive_dialogue_goes_through_the_portal_from_need_to_contract(
    dialogue: House,
) -> None:
    panel_says_what_it_needs(dialogue)
    panel_votes_ranks_and_answers(dialogue)
    panel_is_answered_before_the_gate_opens(dialogue)
    suppliers_ask_to_take_part(dialogue)
    two_open_what_came_in_time(dialogue)
    suppliers_book_and_hand_in_solutions(dialogue)
    minutes_are_answered(dialogue)
    all_are_told_the_same_at_one_moment(dialogue)
    one_goes_out_by_the_announced_criteria(dialogue)
    the_others_go_on_and_give_final_tenders(dialogue)
    evaluators_see_no_price_before_they_have_scored(dialogue)
    each_reads_its_own_letter(dialogue)
    the_panel_follows_what_came_of_it(dialogue)
    no_supplier_learned_of_another(dialogue)


def panel_says_what_it_needs(h: House) -> None:
    """Text, a picture, and words of somebody who cannot write, on wide screens and narrow."""
    h.until("decide-start")
    kari = h.let_in("kari", "Kari", role="citizen", group="Badegjester")
    h.let_in("ola", width=340, role="citizen", group="Badegjester")
    h.let_in("anne", role="citizen", group="Badegjester")
    h.let_in("vakt", "Vakta", role="employee", group="Badevakter")
    h.let_in("tillit", role="employee", group="Badevakter")
    say(kari, "Mer <b>lys</b> på brygga.", named=True)
    ola = h.guests["ola"]
    ola.page.locator("#give-picture").set_input_files(
        {"name": "vik.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    ola.page.get_by_label("Hva viser bildet?").fill("vika uten lys")
    say(ola, "Slik ser det ut om kvelden.")
    anne = h.guests["anne"]
    anne.page.get_by_label("Ført for").fill("eldre nabo, fortalt over gjerdet")
    say(anne, "Jeg hører ikke rop når det blåser.")
    say(h.guests["vakt"], "Tårnet ser ikke hele vika.", kind="Idé")
    vakt = h.guests["vakt"]
    assert "Mer <b>lys</b> på brygga." in vakt.text
    assert "Kari" in vakt.text
    picture = vakt.page.get_by_alt_text("vika uten lys")
    picture.scroll_into_view_if_needed()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    remark(vakt, "Mer <b>lys</b> på brygga.", "Da må det tåle storm.")
    kari.go("/portal")
    assert "Da må det tåle storm." in kari.text


def say(guest: Guest, text: str, *, kind: str = "Behov", named: bool = False) -> None:
    guest.page.get_by_label("Hva slags innspill").select_option(label=kind)
    guest.page.get_by_label("Hva vil du si?").fill(text)
    if named:
        guest.page.locator("#named").check()
    guest.press("Send innspillet", done="Innspillet er sendt.")
    assert text in guest.section("Det du har sagt").inner_text()


def remark(guest: Guest, about: str, text: str) -> None:
    said = guest.section("Det som er sagt").locator("article", has_text=about)
    said.get_by_text("Si noe om dette").click()
    said.get_by_label("Hva vil du si om det?").fill(text)
    guest.press("Send", done="Det du sa, er lagt til.", within=said)


def panel_votes_ranks_and_answers(h: House) -> None:
    """Five answer, each once; what all said shows when it has closed, and who said what never."""
    polls = [
        h.post("lead", "/polls", {"level": "consult", "days": 7, **asked})["poll"]
        for asked in (
            {
                "kind": "vote",
                "title": "Hvor først?",
                "questions": [{"kind": "one", "text": "Hvor?", "options": ["Nord", "Sør"]}],
            },
            {
                "kind": "ranking",
                "title": "Hva er viktigst?",
                "questions": [
                    {"kind": "rank", "text": "Sett i rekkefølge", "options": ["Lys", "Lyd", "Ro"]}
                ],
            },
            {
                "kind": "survey",
                "title": "Hvor trygt er det?",
                "questions": [{"kind": "scale", "text": "Hvor trygt om natten?"}],
            },
        )
    ]
    for at, key in enumerate(PANEL):
        h.guests[key].go("/portal")
        vote(h.guests[key], "Hvor først?", "Sør" if at else "Nord")
        rank(h.guests[key], "Hva er viktigst?", Lys=1, Lyd=2, Ro=3)
        vote(h.guests[key], "Hvor trygt er det?", "2")
    again = h.guests["kari"]
    assert again.page.get_by_role("button", name="Send svaret").count() == 0
    for each in polls:
        h.post("lead", f"/polls/{each}/close", {"reason": "Alle har svart."})
        h.post("lead", f"/polls/{each}/conclude", {"used": "yes", "answer": "Vi gjør som dere sa."})
    again.go("/portal")
    votes = again.section("Hvor først?").get_by_role("row")
    assert [each.inner_text().split() for each in votes.all()][1:] == [["Nord", "1"], ["Sør", "4"]]
    narrow = h.guests["ola"]
    narrow.go("/portal")
    shown = narrow.page.get_by_text("Hvor trygt om natten?").first.bounding_box()
    assert shown is not None
    assert shown["width"] > shown["height"]
    assert "Vi gjør som dere sa." in again.section("Hva er viktigst?").inner_text()


def vote(guest: Guest, title: str, choice: str) -> None:
    poll = guest.section(title)
    poll.get_by_label(choice, exact=True).check()
    guest.press("Send svaret", done="Svaret er tatt imot.", within=poll)


def rank(guest: Guest, title: str, **places: int) -> None:
    poll = guest.section(title)
    for option, place in places.items():
        poll.get_by_label(option, exact=True).select_option(str(place))
    guest.press("Send svaret", done="Svaret er tatt imot.", within=poll)


def panel_is_answered_before_the_gate_opens(h: House) -> None:
    h.refused("decide-start", "participation-answered")
    standing = h.get("owner", "/contributions")["standing"]
    for each in standing:
        path = f"/contributions/{each['id']}/answer"
        h.post("owner", path, {"used": "yes", "answer": f"Med i kravene: {each['text'][:12]}"})
    for key in ("kari", "ola", "anne", "vakt"):
        guest = h.guests[key]
        guest.go("/portal")
        assert "Med i kravene:" in guest.section("Det du har sagt").inner_text()
    lys = next(each for each in standing if "lys" in each["text"])
    link = {"source_kind": "contribution", "source": lys["id"], "target_kind": "requirement"}
    h.post("owner", "/trace", {**link, "target": "M1"})
    h.do("decide-start")
    h.confirm("decide-start")
    assert "decide-start" not in {each.element for each in h.run.look().tasks}


def suppliers_ask_to_take_part(h: House) -> None:
    """Each hands in a request; one puts another in its place."""
    h.until("register-publication")
    h.do("register-publication")
    intake = open_receipt(h, "request")
    for key, scope in SUPPLIERS.items():
        place = {"role": "supplier", "scope": scope, "group": key, "email": f"{key}@eksempel.test"}
        guest = h.let_in(key, f"Fra {key}", width=340, **place)
        hand_in(guest, key, "soknad")
    replaced = h.guests["fjord"]
    hand_in(replaced, "fjord", "bedre soknad")
    replaced.go("/portal/submissions")
    assert "Erstattet" in replaced.text
    before = h.get("receiver", "/receipts")["intakes"][0]
    assert {each["supplier"] for each in before["deliveries"]} == {""}
    assert h.program.post(f"{h.path}/intakes/{intake}/openings").status_code == HTTPStatus.CONFLICT


def open_receipt(h: House, kind: str) -> str:
    """The receiving officer lets suppliers deliver until the deadline that the process keeps."""
    clocks = h.get("receiver", "/receipts")["clocks"]
    (timer,) = (each["timer"] for each in clocks if each["name"] == "Fristen er ute")
    return str(h.post("receiver", "/intakes", {"kind": kind, "timer": timer})["intake"])


def hand_in(guest: Guest, key: str, what: str, *, price: str = "") -> None:
    """Hand in a text, and its price where that is kept apart; read the receipt with checksums."""
    guest.go("/portal")
    guest.follow("Levering og kvitteringer")
    contents = [f"{canary(key)} {what}".encode(), f"{canary(key)} {price}".encode()]
    labels = ("Kvalitetsdel", "Prisdel") if price else ("Filer",)
    for label, content in zip(labels, contents, strict=False):
        guest.page.get_by_label(label).set_input_files(
            {
                "name": f"{canary(key)}-{what}-{label}.txt",
                "mimeType": "text/plain",
                "buffer": content,
            }
        )
    guest.press("Lever forseglet", done="Leveringen er mottatt i tide og forseglet.")
    for content in contents[: len(labels)]:
        assert sha256(content).hexdigest() in guest.text


def two_open_what_came_in_time(h: House, what: str = "soknad") -> None:
    """After the deadline nothing more can be handed in; one alone opens nothing, and no content
    lies in the database."""
    handed_in = [f"{canary('stille')}{sign}{what}".encode() for sign in (" ", "-")]
    copy = b"".join(each.read_bytes() for each in h.databases())
    assert not any(each in copy for each in handed_in)
    h.until("open-submissions")
    late = h.let_back("stille")
    late.go("/portal/submissions")
    assert "Fristen er ute" in late.text
    assert late.page.locator("input[type=file]").count() == 0
    intake = h.get("receiver", "/receipts")["intakes"][0]
    opening = h.post("receiver", f"/intakes/{intake['id']}/openings")["opening"]
    alone = h.program.post(f"{h.path}/openings/{opening}/join")
    assert alone.status_code == HTTPStatus.CONFLICT
    h.post("lead", f"/openings/{opening}/join")
    h.do("open-submissions")
    late.go("/portal/submissions")
    assert "Åpnet" in late.text


def suppliers_book_and_hand_in_solutions(h: House) -> None:
    """Times are taken, moved, called off and taken again, and one that the buyer took back cannot
    be; each hands in what is for the buyer alone."""
    h.until("plan-round")
    for key in ("fjord", "sanse"):
        h.let_back(key)
    assert h.get("lead", "/rounds")["rounds"] == []
    h.do("plan-round")
    offer(h, 9)
    fjord, stille, sanse = (to_dialogue(h.guests[key]) for key in SUPPLIERS)
    take(fjord, 0)
    with fjord.page.expect_download() as calendar:
        fjord.page.get_by_role("link", name="Legg i kalenderen").click()
    assert "BEGIN:VEVENT" in calendar.value.path().read_text()
    take_back_first_time_of(h, "stille")
    take(stille, 0, done="")
    assert "Tiden er ikke ledig lenger" in stille.text
    assert stille.page.locator("main [lang=en]").count() == 0
    to_dialogue(stille)
    take(stille, 0)
    take(sanse, 2)
    take(sanse, 0, button="Flytt møtet")
    sanse.page.locator("summary", has_text="Avlys møtet").click()
    sanse.page.get_by_label("Begrunnelse").first.fill("KANARI-3 er syk.")
    sanse.press("Avlys møtet", done="Møtet er avlyst.")
    take(sanse, 0)
    for key in SUPPLIERS:
        give_document(h.guests[key], key, "losning")
    ask = h.guests["stille"]
    ask.page.get_by_label("Still et spørsmål").fill("KANARI-2: må våre bøyer virke om vinteren?")
    ask.press("Send spørsmålet", done="Spørsmålet er sendt.")


def to_dialogue(guest: Guest) -> Guest:
    guest.go("/portal")
    guest.follow("Møter, referat, spørsmål og dokumenter")
    return guest


def offer(h: House, number: int) -> None:
    round_ = h.get("lead", "/rounds")["rounds"][0]["round"]["id"]
    start = h.platform.clock.now() + timedelta(days=1)
    slots = [
        {
            "starts_at": (start + timedelta(hours=each)).isoformat(),
            "ends_at": (start + timedelta(hours=each + 1)).isoformat(),
            "place": "Rådhuset",
        }
        for each in range(number)
    ]
    h.post("lead", "/slots", {"occasion": round_, "kind": "dialogue", "slots": slots})


def take_back_first_time_of(h: House, key: str) -> None:
    """While the supplier has the page open."""
    offered = [each["slot"] for each in h.get("lead", "/rounds")["rounds"][0]["slots"]]
    theirs = [each for each in offered if each["scope"] == SUPPLIERS[key]]
    first = min(theirs, key=lambda slot: str(slot["starts_at"]))
    h.post("lead", f"/slots/{first['id']}/withdraw")


def take(
    guest: Guest, at: int, *, button: str = "Avtal møtet", done: str = "Møtet er avtalt."
) -> None:
    guest.page.get_by_role("radio").nth(at).check()
    guest.press(button, done=done)


def give_document(guest: Guest, key: str, what: str) -> None:
    guest.page.get_by_label("Fil", exact=True).set_input_files(
        {
            "name": f"{canary(key)}-{what}.txt",
            "mimeType": "text/plain",
            "buffer": canary(key).encode(),
        }
    )
    guest.press("Send dokumentet", done="Dokumentet er sendt.")
    assert f"{canary(key)}-{what}.txt" in guest.section("Dokumenter i dialogen").inner_text()


def minutes_are_answered(h: House) -> None:
    """One confirms what it marked as confidential, one confirms, one says what is wrong."""
    h.later(days=2)
    for key, scope in SUPPLIERS.items():
        h.do("register-solution", scope)
        hold_meeting(h, key, shared=key == "fjord")
    fjord, stille, sanse = (to_dialogue(h.guests[key]) for key in SUPPLIERS)
    passage = fjord.page.locator(".note", has_text="KANARI-1 sagt")
    passage.locator("summary").click()
    passage.get_by_label("Hvorfor er dette fortrolig?").fill("KANARI-1 forretningshemmelighet")
    fjord.press("Merk som fortrolig", done="Avsnittet er merket som fortrolig.", within=passage)
    for guest in (fjord, stille):
        guest.press("Bekreft referatet", done="Referatet er bekreftet.")
    sanse.page.locator("summary", has_text="Noe er feil").click()
    sanse.page.get_by_label("Hva er feil, og hva skal stå?").fill("KANARI-3 sa det ikke slik.")
    sanse.press("Send rettelsen", done="Rettelsen er sendt.")
    (theirs,) = (
        minutes
        for each in h.get("lead", "/rounds")["rounds"][0]["suppliers"]
        for minutes in each["minutes"]
        if minutes["state"] == "objected"
    )
    h.post("lead", f"/minutes/{theirs['id']}/settle", {"settled": "KANARI-3: rettet."})
    assert "KANARI-3: rettet." in to_dialogue(sanse).text


def hold_meeting(h: House, key: str, *, shared: bool = False) -> None:
    word = canary(key)
    said: dict[str, Any] = {
        "said": f"{word} sagt",
        "supplier_attendees": [{"name": f"{word} navn"}],
        "questions": [{"question": f"{word} spurte", "answer": f"{word} fikk svar"}],
        "shares_needed": shared,
    }
    if shared:
        said["shared_to_all"] = [{"text": f"{word} lærte at kravet gjelder om natten"}]
    h.do("hold-dialogue-meeting", SUPPLIERS[key], form=said)


def all_are_told_the_same_at_one_moment(h: House) -> None:
    """The round does not close before all know what one learned; then all do in one second."""
    h.until("decide-round")
    now = h.platform.clock.now().isoformat()
    note = {"scope": SUPPLIERS["sanse"], "said": "KANARI-3 på telefon", "learned_at": now}
    h.post("lead", "/information", {**note, "channel": "phone"})
    h.refused("decide-round", "round-information-shared", choose="close", reason="Nok.")
    told = ("Kravet gjelder hele døgnet.", "Vannet er salt.")
    texts = [{"text": text, "item": at} for at, text in enumerate(told, start=1)]
    h.post("lead", "/releases", {"texts": texts})
    question = h.get("lead", "/rounds")["questions"][0]["id"]
    pair = {"question": "Må løsningen virke om vinteren?", "answer": "Nei, bare i sesongen."}
    h.post("lead", f"/questions/{question}/answer", {"pairs": [pair]})
    h.post("lead", "/questions/release")
    moments = set()
    for key in SUPPLIERS:
        shared = to_dialogue(h.guests[key]).section("Det alle får vite")
        assert all(text in shared.inner_text() for text in (*told, *pair.values()))
        times = shared.locator("time")
        moments.add(tuple(each.get_attribute("datetime") for each in times.all()))
    assert len(moments) == 1
    parity = h.get("lead", "/rounds")["rounds"][0]["parity"]
    assert parity["knowledge_even"]
    assert parity["time_even"]


def one_goes_out_by_the_announced_criteria(h: House) -> None:
    h.do("decide-round", choose="cut", reason="Én løsning kan ikke dekke behovet.")
    h.confirm("decide-round")
    out = {
        "supplier": SUPPLIERS["sanse"],
        "by_criteria": "Kvalitet, klima og miljø, pris",
        "reason": "KANARI-3 ligger lavest på alle kriterier.",
    }
    h.do("cut-solutions", form={"eliminated_suppliers": [out]})
    h.confirm("cut-solutions")
    sanse = h.guests["sanse"]
    sanse.go("/portal")
    assert (
        "KANARI-3 ligger lavest på alle kriterier." in sanse.section("Brev til dere").inner_text()
    )
    to_dialogue(sanse)
    assert sanse.page.locator("main").get_by_role("button").count() == 0


def the_others_go_on_and_give_final_tenders(h: House) -> None:
    """A second round, then final tenders of those who are left, sealed until two open them."""
    h.do("decide-round", choose="new-round", reason="Drift gjenstår.")
    h.confirm("decide-round")
    h.do("plan-round")
    offer(h, 4)
    for key in ("fjord", "stille"):
        take(to_dialogue(h.guests[key]), 0)
    assert to_dialogue(h.guests["sanse"]).page.get_by_text("Runde 2").count() == 0
    h.later(days=2)
    for key in ("fjord", "stille"):
        h.do("register-solution", SUPPLIERS[key])
        hold_meeting(h, key)
        to_dialogue(h.guests[key]).press("Bekreft referatet", done="Referatet er bekreftet.")
    h.until("decide-round")
    h.do("decide-round", choose="close")
    h.confirm("decide-round")
    h.do("prepare-final-invitation")
    open_receipt(h, "final-tender")
    for key in ("fjord", "stille"):
        h.let_back(key)
        assert "Invitasjon til å gi endelig tilbud" in h.guests[key].text
        hand_in(h.guests[key], key, "tilbud", price="koster 412 345,67")
    sanse = h.let_back("sanse")
    sanse.go("/portal/submissions")
    assert sanse.page.locator("input[type=file]").count() == 0
    two_open_what_came_in_time(h, "tilbud")


def evaluators_see_no_price_before_they_have_scored(h: House) -> None:
    h.until("accept-clarification")
    fjord = to_dialogue(h.let_back("fjord"))
    fjord.press("Bekreft referatet", done="Referatet er bekreftet.")
    h.until("check-tenders")
    prices = {"fjord": 41_234_567, "stille": 52_345_678}
    h.do(
        "check-tenders",
        form={
            "tenders": [
                {
                    "supplier": SUPPLIERS[key],
                    "price": price,
                    "meets_minimum": "yes",
                    "looks_low": False,
                }
                for key, price in prices.items()
            ]
        },
    )
    for person, element in (("evaluator-1", "score-first"), ("evaluator-2", "score-second")):
        assert not prices_shown(h, person, element, prices.values())
        assert price_part(h, person) == HTTPStatus.NOT_FOUND
        h.do(element, person=person)
    assert prices_shown(h, "evaluator-1", "agree-scores", prices.values())
    assert price_part(h, "evaluator-1") == HTTPStatus.OK


def prices_shown(h: House, person: str, element: str, prices: Iterable[int]) -> bool:
    """Whether the evaluator finds a price anywhere around the task."""
    pages = (f"/tasks/{h.task(element).id}", h.path)
    shown = [str(h.asked(person, page)) for page in pages]
    return any(str(price) in page for price in prices for page in shown)


def price_part(h: House, person: str) -> int:
    """How the platform answers who asks for the file that says what a tender costs."""
    tender = h.get("receiver", "/receipts")["intakes"][0]["deliveries"][0]
    (file,) = (each["id"] for each in tender["files"] if each["part"] == "price")
    h.program.sign_in(person)
    return h.program.get(f"{h.path}/deliveries/{tender['id']}/files/{file}").status_code


def each_reads_its_own_letter(h: House) -> None:
    """The letter is drafted from the agreed scores: why the chosen won, and how one's own tender
    was judged. It goes to all at one second, and the standstill runs from it."""
    reasons = {"fjord": "Best i drift.", "stille": f"{canary('stille')} er dyrere i drift."}
    scores = [
        {
            "supplier": SUPPLIERS[key],
            "criterion": criterion,
            "score": score,
            "reason": reasons[key],
        }
        for key, score in (("fjord", 9), ("stille", 7))
        for criterion in ("Kvalitet", "Klima og miljø", "Pris")
    ]
    h.do("agree-scores", form={"scores": scores})
    h.until("write-award-letters")
    drafted = h.asked("lead", f"/tasks/{h.task('write-award-letters').id}")["draft"]["content"]
    h.do("write-award-letters", form=drafted)
    sent = set()
    for key in ("fjord", "stille"):
        letters = h.let_back(key).section("Brev til dere").get_by_role("article")
        letter = letters.filter(has_text="Meddelelse om valg av leverandør")
        assert all(said in letter.inner_text() for said in ("Best i drift.", "karensperioden"))
        assert reasons[key] in letter.inner_text()
        assert "Karensperiode: til og med 11.12.2026 (FOA § 25-2(1))." in letter.inner_text()
        sent.add(letter.locator("time").get_attribute("datetime"))
    assert len(sent) == 1
    assert h.run.look().tasks == []


def the_panel_follows_what_came_of_it(h: House) -> None:
    """When the standstill is over and the contract signed, all can read, and nobody can write."""
    h.until("decide-standstill-outcome")
    kari = h.let_back("kari")
    stille = h.let_back("stille")
    h.until("end")
    assert h.run.look().status == "ended"
    for guest in (kari, stille):
        guest.go("/portal")
        assert "Saken er avsluttet. Du kan lese det som er sagt" in guest.text
        assert guest.page.locator("main").get_by_role("button").count() == 0
    assert "Med i kravene:" in kari.section("Det du har sagt").inner_text()
    kari.go("/portal/trace")
    assert "Mer <b>lys</b> på brygga." in kari.text
    assert "Ingen kan kjennes igjen" in kari.text


def no_supplier_learned_of_another(h: House) -> None:
    """Neither on any page that it was shown, nor on any that these lead to."""
    for key in SUPPLIERS:
        guest = h.guests[key]
        found = unescape("\n".join((*guest.seen, *linked(guest))))
        assert canary(key) in found
        for other in SUPPLIERS.keys() - {key}:
            assert canary(other) not in found, (key, other)
            assert SUPPLIERS[other] not in found, (key, other)
            if other != "fjord":  # whom the buyer chose, the letter of award must name
                assert h.guests[other].name not in found, (key, other)


def linked(guest: Guest) -> list[str]:
    """What stands behind every link on the pages that the supplier was shown."""
    links = {link for page in guest.seen for link in re.findall(r'href="(/portal[^"#]*)"', page)}
    return [guest.page.request.get(unescape(link)).text() for link in sorted(links)]
