"""Whether suppliers are treated alike, in figures that do not depend on the order of things."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.procurement.parity import Held, Known, parity

NOW = datetime(2027, 2, 8, 12, tzinfo=UTC)
A, B, C = "a", "b", "c"
SUPPLIERS = (A, B, C)
moments = st.integers(1, 5000).map(lambda minutes: NOW - timedelta(minutes=minutes))
helds = st.builds(
    lambda supplier, start, minutes, topics: Held(
        supplier, start, start + timedelta(minutes=minutes), tuple(topics)
    ),
    st.sampled_from(SUPPLIERS),
    moments,
    st.integers(0, 300),
    st.lists(st.sampled_from(("Drift", "drift ", "Pris", "Personvern")), max_size=3),
)
knowns = st.builds(Known, st.sampled_from(SUPPLIERS), moments, st.one_of(st.none(), st.just(NOW)))


def hour(supplier: str, minutes: int = 60, *topics: str) -> Held:
    return Held(supplier, NOW - timedelta(minutes=minutes), NOW, topics)


def test_half_the_time_is_a_spread_of_fifty_per_cent() -> None:
    found = parity((A, B), [hour(A), hour(B, 30)], [], NOW, 20)

    assert [each.minutes for each in found.shares] == [60, 30]
    assert (found.spread, found.time_even) == (50, False)


def test_a_spread_of_just_more_than_the_limit_is_not_even() -> None:
    at_limit = parity((A, B), [hour(A, 100), hour(B, 80)], [], NOW, 20)
    beyond = parity((A, B), [hour(A, 1000), hour(B, 799)], [], NOW, 20)

    assert at_limit.time_even
    assert (beyond.spread, beyond.time_even) == (21, False)


def test_a_topic_that_another_had_is_lacking_however_it_is_spelt() -> None:
    found = parity((A, B), [hour(A, 60, "Drift", "Pris"), hour(B, 60, " drift")], [], NOW, 20)

    assert [each.lacks for each in found.shares] == [(), ("Pris",)]
    assert not found.topics_even


def test_who_learned_it_first_is_not_behind_and_the_others_are_until_it_is_shared() -> None:
    told = NOW - timedelta(hours=3)
    waiting = parity((A, B), [], [Known(A, told, None)], NOW, 20)
    shared = parity((A, B), [], [Known(A, told, told + timedelta(hours=1))], NOW, 20)

    assert [(each.behind, each.lag) for each in waiting.shares] == [(0, 0), (1, 180)]
    assert [(each.behind, each.lag) for each in shared.shares] == [(0, 0), (0, 60)]
    assert (waiting.knowledge_even, shared.knowledge_even) == (False, True)


@given(st.lists(helds, max_size=12), st.lists(knowns, max_size=8), st.randoms())
def test_the_order_of_meetings_and_items_changes_nothing(held, known, random) -> None:  # type: ignore[no-untyped-def]
    turned, learned = list(held), list(known)
    random.shuffle(turned)
    random.shuffle(learned)

    before = parity(SUPPLIERS, held, known, NOW, 20)
    after = parity(SUPPLIERS, turned, learned, NOW, 20)

    assert [(s.minutes, s.behind, s.lag) for s in before.shares] == [
        (s.minutes, s.behind, s.lag) for s in after.shares
    ]
    assert before.spread == after.spread


@given(st.lists(helds, max_size=12))
def test_all_time_is_somebodys_and_even_means_within_the_limit(held) -> None:  # type: ignore[no-untyped-def]
    found = parity(SUPPLIERS, held, [], NOW, 20)

    spent = sum((each.ended_at - each.began_at for each in held), timedelta())
    assert sum(each.minutes for each in found.shares) == spent // timedelta(minutes=1)
    assert 0 <= found.spread <= 100
    least = min(each.minutes for each in found.shares)
    assert found.time_even == ((found.longest - least) * 100 <= found.longest * 20)


@given(st.lists(helds, max_size=6), st.lists(knowns, max_size=8))
def test_once_all_is_shared_at_one_moment_nobody_is_behind(held, known) -> None:  # type: ignore[no-untyped-def]
    shared = [Known(each.first, each.learned_at, NOW) for each in known]

    found = parity(SUPPLIERS, held, shared, NOW, 20)

    assert found.knowledge_even
    for share in found.shares:
        others = [NOW - each.learned_at for each in shared if each.first != share.supplier]
        assert share.lag == max((lag // timedelta(minutes=1) for lag in others), default=0)
