"""What people gave is seen, ordered and answered on a page, and traced to what it became."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

from engine.commands.contributions import GiveContribution, LinkTrace
from engine.commands.procurements import CancelProcurement
from tests.engine.commands.test_participants import citizen, come, invite, participant
from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def give(platform: Platform, procurement: str, text: str, person: str = "owner") -> str:
    command = GiveContribution(procurement, "need", text, role="citizen", group="Beboere")
    return str(platform.act(person, command)["contribution"])


def address(procurement: str, act: str = "") -> str:
    return f"/procurements/{procurement}/contributions{act}"


def read(visitor: Visitor, path: str) -> str:
    return unescape(visitor.get(path).text)


def test_an_empty_page_says_what_to_do(platform: Platform, visit: Visit) -> None:
    page = read(visit("owner"), address(platform.start()))

    assert "Inviter dem det gjelder" in page
    assert "Regler for innspill" in page


def test_words_of_one_who_cannot_write_are_entered(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor = visit("owner")
    fields = {
        "kind": "need",
        "text": "Jeg hører ikke <b>alarmen</b>.",
        "role": "citizen",
        "on_behalf": "beboer, fortalt på tegnspråk",
    }

    answer = visitor.press(address(procurement), address(procurement), fields)
    page = visitor.get(address(procurement)).text

    assert answer.status_code == 303
    assert "ført for beboer, fortalt på tegnspråk" in unescape(page)
    assert "&lt;b&gt;alarmen&lt;/b&gt;" in page
    assert "Ett innspill venter på svar." in page


def test_many_contributions_come_page_by_page_and_are_found_by_words(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    keys = []
    for number in range(30):
        platform.clock.set(platform.clock.now() + timedelta(minutes=1))
        keys.append(give(platform, procurement, f"Innspill {number:02} om vakta"))
    visitor = visit("owner")
    fields = {"contribution": keys[28], "used": "no", "answer": "Nei."}

    first, second = (read(visitor, address(procurement, f"?part={part}")) for part in (1, 2))
    found = read(visitor, address(procurement, "?text=INNSPILL+07&state=waiting"))
    holding = read(visitor, address(procurement, f"?at={keys[29]}"))
    refused = visitor.press(
        address(procurement), address(procurement, "/answer"), {**fields, "_list": "part=2"}
    )
    done = visitor.press(
        address(procurement),
        address(procurement, "/answer"),
        {**fields, "_list": "part=2", "_reason": "Utenfor det vi kan kjøpe."},
    )

    assert "Innspill 24" in first
    assert "Innspill 25" not in first
    assert "Side 2 av 2" in second
    assert "Innspill 07" in found
    assert "Innspill 08" not in found
    assert "Innspill 29" in holding
    assert "Innspill 28" in unescape(refused.text)
    assert done.headers["location"].endswith("contributions?done=contribution-answer&part=2")


def test_an_answer_without_its_reason_is_refused_and_nothing_typed_is_lost(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Bygg bro.")
    fields = {"contribution": key, "used": "no", "answer": "Takk, men broen er ikke vår."}

    answer = visit("owner").press(
        address(procurement), address(procurement, "/answer"), {**fields, "_reason": " "}
    )

    assert answer.status_code == 409
    assert "Takk, men broen er ikke vår." in answer.text
    assert "checked" in answer.text


def test_merging_keeps_the_parents_in_sight(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    keys = [give(platform, procurement, text) for text in ("Mer lys", "Lys, takk")]
    visitor = visit("owner")
    fields = {"parent": keys, "text": "Bedre lys.", "_reason": "Samme sak."}

    visitor.press(address(procurement), address(procurement, "/merge"), fields)
    page = read(visitor, address(procurement))

    assert "Slått sammen av eller delt fra:" in page
    assert "2 innspill er slått sammen eller delt" in page
    assert page.count("Mer lys") == 2


def test_what_was_typed_for_an_act_that_is_refused_is_not_typed_again(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    key, other = (give(platform, procurement, text) for text in ("Mer lys og luft", "Bedre tak"))
    visitor = visit("owner")

    def refused(act: str, fields: dict[str, object]) -> str:
        answer = visitor.press(address(procurement), address(procurement, act), fields)
        assert answer.status_code >= 400
        return unescape(answer.text)

    one = {"contribution": key, "_reason": "Grunnen."}
    merged = refused("/merge", {"parent": [key], "text": "Det de sier.", "_reason": "Grunnen."})
    split = refused("/split", {**one, "parts": "Mer lys"})
    hidden = refused("/hide", {**one, "clause": "insult", "_reason": " "})

    assert f'id="g-{key}" name="parent" value="{key}" form="merge" checked' in merged
    assert f'id="g-{other}" name="parent" value="{other}" form="merge">' in merged
    assert 'form="merge">Det de sier.</textarea>' in merged
    assert 'form="merge">Grunnen.</textarea>' in merged
    assert merged.count("Grunnen.") == split.count("Grunnen.") == 1
    assert f'aria-describedby="ph-{key}">Mer lys</textarea>' in split
    assert split.count('<details class="plain-details" open>') == 1
    assert '<option value="insult" selected>' in hidden


def test_what_is_hidden_is_hidden_from_others(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Kari i førsteetasjen er syk.", "lawyer")
    fields = {"contribution": key, "clause": "personal-data", "_reason": "Navngir noen."}

    visit("owner").press(address(procurement), address(procurement, "/hide"), fields)

    assert "Kari i første" in read(visit("owner"), address(procurement))
    assert "Kari i første" in read(visit("lawyer"), address(procurement))
    assert "Kari i første" not in read(visit("auditor"), address(procurement))


def test_the_record_tells_why_it_was_hidden_and_not_what(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Kari i førsteetasjen er syk.")
    fields = {"contribution": key, "clause": "personal-data", "_reason": "Navngir noen."}
    visit("owner").press(address(procurement), address(procurement, "/hide"), fields)

    log = f"/procurements/{procurement}/log"
    seen = read(visit("lawyer"), log)
    then = read(visit("lawyer"), f"{log}?as_of={platform.clock.now().isoformat()}")

    assert "Et innspill ble skjult for andre: personopplysninger om andre" in seen
    assert "Navngir noen." in seen
    assert "Et innspill, som er skjult for andre" in seen
    assert "Kari i første" not in seen + then
    assert "Kari i første" in read(visit("owner"), log)
    assert "Kari i første" in read(visit("auditor"), log)


def test_nothing_is_asked_for_once_the_case_is_cancelled_but_what_was_given_is_answered(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Mer lys.")
    platform.act("lead", CancelProcurement(procurement, "Behovet er borte."))
    visitor = visit("owner")

    page = read(visitor, address(procurement))
    polls = read(visitor, f"/procurements/{procurement}/polls")
    fields = {"contribution": key, "used": "no", "answer": "Takk.", "_reason": "Saken er avbrutt."}
    answered = visitor.press(address(procurement), address(procurement, "/answer"), fields)

    assert "Send innspillet" not in page
    assert "Si noe om dette" not in page
    assert "Spør dem det gjelder" not in polls
    assert answered.status_code == 303


def test_nobody_is_named_who_does_not_want_it_and_few_are_not_counted(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    invite(platform, procurement, citizen(platform))
    ingrid = participant(platform, come(platform, name="Ingrid Oppdiktet"))
    platform.bus.handle(GiveContribution(procurement, "need", "Mer lys."), ingrid)

    page = read(visit("owner"), address(procurement))

    assert "Ingrid" not in page
    assert "Pårørende" in page
    heard = page.partition('id="heard"')[2].partition("</section>")[0]
    assert heard.count(">vises ikke</td>") == 4  # the group and the sum, people and contributions


def test_those_outside_see_nothing(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()

    for path in ("contributions", "trace"):
        answer = visit("stranger").get(f"/procurements/{procurement}/{path}")
        assert answer.status_code == 404


def test_the_trace_is_walked_both_ways_and_seen(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Bedre lys.")
    platform.act("owner", LinkTrace(procurement, "contribution", key, "requirement", "K1"))
    platform.act("owner", LinkTrace(procurement, "requirement", "K1", "test", "Lux"))
    visitor = visit("owner")

    page = read(visitor, f"/procurements/{procurement}/trace?kind=contribution&of={key}")

    way = page.partition('id="way"')[2].partition("</section>")[0]
    assert way.index("K1") < way.index("Lux")
    assert page.count('class="curve"') == 2
    assert "2 forbindelser." in page


def test_a_link_is_laid_and_taken_away_with_a_reason(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Bedre lys.")
    trace = f"/procurements/{procurement}/trace"
    visitor = visit("owner")

    backwards = {"source": "test:T", "target": "requirement:K1"}
    refused = visitor.press(trace, f"{trace}/link", backwards)
    visitor.press(trace, f"{trace}/link", {"source": f"contribution:{key}", "target": "test:Lux"})
    page = visitor.get(trace).text

    assert refused.status_code == 422
    assert "Lux" in page
    link = page.partition('name="link" value="')[2].partition('"')[0]
    visitor.press(trace, f"{trace}/unlink", {"link": link, "_reason": "Feil test."})
    assert "Lux" not in visitor.get(trace).text
