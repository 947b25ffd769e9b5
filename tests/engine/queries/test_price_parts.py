"""Prices in files stay closed to those who judge quality until all of them have."""

import io
from typing import Any

import pytest

from engine.commands.procurements import Seat
from engine.errors import InvalidInputError, NotFoundError, PartMissingError
from engine.model.delivery import PRICE, QUALITY
from engine.queries.deliveries import (
    DeliveryView,
    own_deliveries,
    read_file,
    receipts_page,
)
from engine.store.deliveries import deliveries_of
from service.deliveries import Arriving
from tests.support.circle import A, B
from tests.support.delivering import (
    RECEIVER,
    TEAM_THAT_RECEIVES,
    after_the_deadline,
    intake_in,
    open_all,
    receiving,
    send,
    supplier,
    view_of,
)
from tests.support.evaluating import start_evaluation
from tests.support.platform import Platform

TEAM = (*TEAM_THAT_RECEIVES, Seat("owner", "evaluator"), Seat("stranger", "evaluator"))
CANARY = "PRIS-4711"


def files() -> tuple[Arriving, Arriving]:
    return (
        Arriving("losning.txt", io.BytesIO(b"slik gjor vi det"), QUALITY),
        Arriving(f"{CANARY}.txt", io.BytesIO(CANARY.encode()), PRICE),
    )


@pytest.fixture
def tendered(any_platform: Platform) -> tuple[str, str]:
    """A procurement in which A has tendered in two parts, opened by two; and the delivery."""
    procurement = start_evaluation(any_platform, TEAM)
    intake = intake_in(any_platform, procurement)
    done = send(any_platform, supplier(any_platform, procurement), intake, *files())
    after_the_deadline(any_platform, procurement, intake)
    open_all(any_platform, procurement, intake)
    tenders = [{"supplier": key, "meets_minimum": "yes", "looks_low": False} for key in (A, B)]
    any_platform.complete("lead", procurement, "check-tenders", submission={"tenders": tenders})
    return procurement, str(done["delivery"])


def score(platform: Platform, procurement: str, person: str, element: str) -> None:
    scores: list[dict[str, Any]] = [
        {"supplier": key, "criterion": "Kvalitet", "score": 7, "strengths": "Godt nok."}
        for key in (A, B)
    ]
    form = {"scores": scores, "own_assessment": True}
    platform.complete(person, procurement, element, submission=form)


def seen(platform: Platform, person: str, procurement: str) -> DeliveryView:
    with platform.store.reader() as connection:
        page = receipts_page(view_of(platform, platform.actor(person), connection), procurement)
    return page.intakes[0].deliveries[0]


def read(platform: Platform, person: str, procurement: str, found: DeliveryView, part: str) -> str:
    key = next(each.id for each in found.files if each.part == part)
    with platform.store.reader() as connection:
        view = view_of(platform, platform.actor(person), connection)
        return b"".join(read_file(view, procurement, found.id, key).chunks).decode()


def test_evaluators_open_quality_and_not_price_before_all_have_locked_their_scores(
    any_platform: Platform, tendered: tuple[str, str]
) -> None:
    procurement, _ = tendered
    for person in ("owner", "stranger"):
        found = seen(any_platform, person, procurement)
        assert [(each.part, each.closed) for each in found.files] == [
            (QUALITY, False),
            (PRICE, True),
        ]
        assert CANARY not in repr(found)
        assert read(any_platform, person, procurement, found, QUALITY) == "slik gjor vi det"
        with pytest.raises(NotFoundError):
            read(any_platform, person, procurement, found, PRICE)

    score(any_platform, procurement, "owner", "score-first")
    found = seen(any_platform, "owner", procurement)
    with pytest.raises(NotFoundError):
        read(any_platform, "owner", procurement, found, PRICE)

    score(any_platform, procurement, "stranger", "score-second")
    for person in ("owner", "stranger"):
        found = seen(any_platform, person, procurement)
        assert read(any_platform, person, procurement, found, PRICE) == CANARY


def test_who_checks_prices_and_does_not_judge_quality_reads_them(
    any_platform: Platform, tendered: tuple[str, str]
) -> None:
    procurement, _ = tendered
    found = seen(any_platform, "lead", procurement)

    assert read(any_platform, "lead", procurement, found, PRICE) == CANARY


def test_parts_are_asked_for_where_the_model_withholds_prices_alone(
    any_platform: Platform,
) -> None:
    parted = start_evaluation(any_platform, TEAM)
    intake_in(any_platform, parted)
    intake_in(any_platform, parted, "request")
    plain, _ = receiving(any_platform)

    def asked(procurement: str, key: str) -> list[bool]:
        guest = supplier(any_platform, procurement, key)
        with any_platform.store.reader() as connection:
            page = own_deliveries(view_of(any_platform, guest, connection))
        return [each.parted for each in page.intakes]

    assert sorted(asked(parted, A)) == [False, True]
    assert asked(plain, A) == [False]


def test_what_staff_registers_has_the_same_parts(any_platform: Platform) -> None:
    procurement = start_evaluation(any_platform, TEAM)
    intake = intake_in(any_platform, procurement)
    officer = any_platform.actor(RECEIVER)
    send(any_platform, officer, intake, *files(), supplier=B, name="Beta AS", channel="paper")
    after_the_deadline(any_platform, procurement, intake)
    open_all(any_platform, procurement, intake)

    found = seen(any_platform, "owner", procurement)

    assert [each.closed for each in found.files] == [False, True]


def test_a_part_that_is_none_is_refused(any_platform: Platform) -> None:
    procurement = start_evaluation(any_platform, TEAM)
    intake = intake_in(any_platform, procurement)
    wrong = Arriving("a.txt", io.BytesIO(b"a"), "extras")

    with pytest.raises(InvalidInputError, match="parts"):
        send(any_platform, supplier(any_platform, procurement), intake, wrong)


@pytest.mark.parametrize("part", [0, 1])
def test_a_supplier_that_leaves_a_part_out_hands_in_nothing(
    any_platform: Platform, part: int
) -> None:
    procurement = start_evaluation(any_platform, TEAM)
    intake = intake_in(any_platform, procurement)

    with pytest.raises(PartMissingError):
        send(any_platform, supplier(any_platform, procurement), intake, files()[part])

    with any_platform.store.reader() as connection:
        assert deliveries_of(connection, procurement, intake) == []
