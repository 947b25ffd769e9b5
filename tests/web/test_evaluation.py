"""The evaluation is computed again from the record, for those who may see every tender."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from engine.access.rules import Grounds
from engine.commands.act import Act
from engine.commands.environment import Session
from engine.commands.procurements import Seat
from engine.commands.team import AddMember
from engine.forms.plaintext import as_text, own_part
from engine.forms.reading import read_form
from engine.model.events import SupplierRegistered
from engine.queries.evaluation import drafted_letter
from engine.queries.view import View, find_procurement
from tests.support.platform import Platform
from tests.support.recording import record
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
FORMS = Path(__file__).parents[2] / "forms"
A, B, C = "910000001", "910000002", "910000003"
CRITERIA = [
    {"criterion": "Kvalitet", "weight": 50, "scale_max": 10, "price_model": "none"},
    {"criterion": "Pris", "weight": 50, "scale_max": 10, "price_model": "linear"},
]


def points(**by_supplier: float) -> dict[str, Any]:
    keys = {"a": A, "b": B, "c": C}
    return {
        "scores": [
            {"supplier": keys[name], "criterion": "Kvalitet", "score": value, "reason": "Fordi"}
            for name, value in by_supplier.items()
        ]
    }


@pytest.fixture
def evaluated(platform: Platform) -> str:
    """Three tenders: the cheapest drops in quality, and the order leans on its price."""
    procurement = platform.start()
    with platform.store.unit_of_work() as work:
        now = platform.clock.now()
        session = Session(work, platform.bus.environment, platform.actor("lead"), now, "")
        act = Act.open(session, procurement)
        act.grounds = Grounds("candidate-works")
        for key, name in ((A, "Alfa"), (B, "Beta"), (C, "Gamma")):
            act.record(SupplierRegistered(key, name))
    record(platform, procurement, "procurement-documents", {"award_criteria": CRITERIA})
    prices = [{"supplier": A, "price": 100}, {"supplier": B, "price": 150}]
    record(
        platform,
        procurement,
        "tender-check",
        {"tenders": [*prices, {"supplier": C, "price": 190}]},
    )
    record(platform, procurement, "individual-score", points(a=1, b=5, c=9.5))
    record(platform, procurement, "individual-score", points(a=1, b=7, c=9.5))
    record(platform, procurement, "consensus", points(a=1, b=6.1, c=9.5))
    return procurement


def read(visitor: Visitor, procurement: str) -> str:
    return unescape(visitor.get(f"/procurements/{procurement}/evaluation").text)


def test_ranks_come_from_agreed_points_and_from_prices_by_the_published_model(
    evaluated: str, visit: Visit
) -> None:
    page = read(visit("lead"), evaluated)

    ranking = page.partition('id="ranking"')[2].partition("</section>")[0]
    assert ranking.index("Beta") < ranking.index("Alfa") < ranking.index("Gamma")
    assert "5,55" in ranking
    assert "lineær" in ranking


def test_what_is_odd_is_told(evaluated: str, visit: Visit) -> None:
    page = read(visit("lead"), evaluated)

    assert "Beta er foran Gamma, men faller bak hvis Alfa faller fra." in page
    assert "Kvalitet hadde vekt 55,0 %" in page
    assert "5,00 – 7,00" in page


def test_scores_of_who_was_not_impartial_stand_as_not_counting_and_why(
    evaluated: str, platform: Platform, visit: Visit
) -> None:
    found = {"person": "owner", "outcome": "excluded", "facts": "Eier aksjer i Alfa."}
    record(platform, evaluated, "conflict-assessment", found)

    page = read(visit("lead"), evaluated)
    told = visit("lead").get(f"/api/v1/procurements/{evaluated}/evaluation").json()["voided"]

    assert "6 poeng fra Owner står i saken og teller ikke." in page
    assert "Eier aksjer i Alfa." in page
    assert "kan ikke bære en tildeling" in page
    assert "5,00 – 7,00" not in page
    assert [(each["evaluator"], each["agreed_since"]) for each in told] == [("owner", False)]


def test_points_agreed_without_who_was_not_impartial_can_carry_an_award(
    evaluated: str, platform: Platform, visit: Visit
) -> None:
    found = {"person": "owner", "outcome": "excluded", "facts": "Eier aksjer i Alfa."}
    record(platform, evaluated, "conflict-assessment", found)
    platform.clock.set(platform.clock.now() + timedelta(days=1))
    record(platform, evaluated, "consensus", points(a=2, b=6, c=9))

    page = read(visit("lead"), evaluated)

    assert "teller ikke" in page
    assert "kan ikke bære en tildeling" not in page


def test_it_speaks_english(evaluated: str, visit: Visit) -> None:
    visitor = visit("lead")
    visitor.client.cookies.set("language", "en")

    assert "5.55" in read(visitor, evaluated)


def test_those_who_may_not_see_every_tender_see_none_of_it(
    evaluated: str, platform: Platform, visit: Visit
) -> None:
    platform.act("lead", AddMember(evaluated, Seat("owner-2", "employee"), "Prøver løsningen."))
    platform.act("lead", AddMember(evaluated, Seat("auditor", "need-owner", scope=A), "Bare A."))

    for person in ("stranger", "neighbour"):
        assert visit(person).get(f"/procurements/{evaluated}/evaluation").status_code == 404


def test_before_scores_are_agreed_there_is_nothing_to_see(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    record(platform, procurement, "procurement-documents", {"award_criteria": CRITERIA})
    record(platform, procurement, "individual-score", points(a=1, b=5))

    assert visit("lead").get(f"/procurements/{procurement}/evaluation").status_code == 404


def test_a_tender_without_a_score_is_said_and_not_ranked(
    evaluated: str, platform: Platform, visit: Visit
) -> None:
    wider = [*CRITERIA[:1], {**CRITERIA[1], "weight": 30}, {"criterion": "Miljø", "weight": 20}]
    record(platform, evaluated, "procurement-documents", {"award_criteria": wider})

    page = read(visit("lead"), evaluated)

    assert "Rangeringen kan ikke regnes ut ennå" in page
    assert "no points or price for Miljø" in page


def test_the_award_letter_is_drafted_from_the_agreed_scores(
    evaluated: str, platform: Platform
) -> None:
    def draft(person: str) -> dict[str, Any] | None:
        with platform.store.reader() as connection:
            definitions, now = platform.bus.environment.definitions, platform.clock.now()
            view = View(connection, definitions, platform.actor(person), now)
            return drafted_letter(find_procurement(view, evaluated))

    found = draft("lead")

    assert found is not None
    assert found["chosen"] == "Beta (910\xa0000\xa0002)"
    assert "Beta: 5,55 poeng samlet." in found["relative_advantages"]
    assert "Pris: 5,00 poeng" in found["relative_advantages"]
    (alfa,) = (row["assessment"] for row in found["individual"] if row["supplier"] == A)
    assert "Kvalitet: 1,00 poeng (valgt: 6,10). Fordi" in alfa
    assert draft("stranger") is None


def test_a_letter_tells_each_supplier_of_its_own_tender_alone() -> None:
    names = [f"award-letter.{part}.json" for part in ("schema", "ui", "en")]
    files = {name: (FORMS / name).read_bytes() for name in names}
    form = read_form("award-letter", files)
    rows = [{"supplier": A, "assessment": "Om Alfa"}, {"supplier": B, "assessment": "Om Beta"}]
    content = {"chosen": "Alfa", "individual": rows}

    text = as_text("Melding", form, own_part(form, content, B), "nb", {})

    assert "Om Beta" in text
    assert "Om Alfa" not in text


def test_a_published_model_that_prices_quality_ranks_on_the_page_and_in_the_letter(
    evaluated: str, platform: Platform, visit: Visit
) -> None:
    criteria = [
        {**CRITERIA[0], "quality_worth": 100},
        {**CRITERIA[1], "price_model": "priced_quality"},
    ]
    record(platform, evaluated, "procurement-documents", {"award_criteria": criteria})

    page = read(visit("lead"), evaluated)

    ranking = page.partition('id="ranking"')[2].partition("</section>")[0]
    assert ranking.index("Beta") < ranking.index("Alfa") < ranking.index("Gamma")
    assert "prissatt kvalitet" in ranking
    assert "verdt inntil" in ranking
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor("lead"), now)
        letter = drafted_letter(find_procurement(view, evaluated))
    assert letter is not None
    assert letter["chosen"] == "Beta (910\xa0000\xa0002)"
    assert "lavest pris etter modellen" in letter["relative_advantages"]
    assert "Pris:" not in str(letter)
