"""Lots fall as the seed says, whoever draws, in whatever order the tickets come."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from engine.procurement.lots import drawn, seed_of

TICKETS = st.lists(st.text("0123456789abcdef", min_size=1, max_size=8), max_size=20, unique=True)


def test_anybody_can_draw_again_with_a_common_tool() -> None:
    seed = sha256(b"00ff\nbl\xc3\xa5 hest").hexdigest()

    assert seed_of("00ff", "  blå   hest ") == seed
    assert drawn(seed, ["a"])[0].number == sha256(f"{seed}\na".encode()).hexdigest()


@given(TICKETS, st.randoms())
def test_the_order_of_the_tickets_makes_no_difference(tickets: list[str], chance: object) -> None:
    mixed = sorted(tickets, key=lambda _: chance.random())  # type: ignore[attr-defined]

    assert drawn("seed", tickets) == drawn("seed", mixed)
    assert {lot.ticket for lot in drawn("seed", tickets)} == set(tickets)


@given(TICKETS)
def test_one_more_ticket_changes_no_number_of_another(tickets: list[str]) -> None:
    before = {lot.ticket: lot.number for lot in drawn("seed", tickets)}
    after = {lot.ticket: lot.number for lot in drawn("seed", [*tickets, "new"])}

    assert before.items() <= after.items()


def test_other_words_make_another_draw() -> None:
    tickets = [str(number) for number in range(30)]

    assert drawn(seed_of("00", "en"), tickets) != drawn(seed_of("00", "to"), tickets)
