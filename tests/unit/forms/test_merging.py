"""Two versions of one form that came from the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.merging import merge, same

BASE: dict[str, Any] = {
    "title": "Skolevei",
    "need": "Trygghet",
    "codes": ["a", "b"],
    "rows": [{"x": "1"}, {"x": "2", "y": "3"}],
    "group": {"inner": "z"},
}


@pytest.mark.parametrize(
    ("mine", "theirs", "kept"),
    [
        ({"title": "Badevakt"}, {}, {"title": "Badevakt"}),
        ({}, {"title": "Badevakt"}, {"title": "Badevakt"}),
        ({"title": "A"}, {"need": "B"}, {"title": "A", "need": "B"}),
        ({"title": "Lik"}, {"title": "Lik"}, {"title": "Lik"}),
        ({"codes": ["a", "c"]}, {"codes": ["b", "a", "d"]}, {"codes": ["a", "d", "c"]}),
        (
            {"group": {"inner": "z", "more": "1"}},
            {"group": {"inner": "y"}},
            {"group": {"inner": "y", "more": "1"}},
        ),
        (
            {"rows": [{"x": "9"}, {"x": "2", "y": "3"}]},
            {"rows": [{"x": "1"}, {"x": "2", "y": "8"}]},
            {"rows": [{"x": "9"}, {"x": "2", "y": "8"}]},
        ),
        (
            {"rows": [*BASE["rows"], {"x": "mine"}]},
            {"rows": [*BASE["rows"], {"x": "theirs"}]},
            {"rows": [*BASE["rows"], {"x": "theirs"}, {"x": "mine"}]},
        ),
        ({"rows": [{"x": "1"}]}, {"title": "T"}, {"rows": [{"x": "1"}], "title": "T"}),
        ({"new": 5}, {"other": False}, {"new": 5, "other": False}),
    ],
)
def test_what_only_one_side_changed_is_taken(
    mine: dict[str, Any], theirs: dict[str, Any], kept: dict[str, Any]
) -> None:
    merged = merge(BASE, BASE | mine, BASE | theirs)

    assert merged.content == BASE | kept
    assert merged.base == merged.content
    assert merged.conflicts == ()


def test_where_both_changed_the_same_theirs_stays_and_the_place_is_named() -> None:
    mine = BASE | {"title": "Min", "rows": [{"x": "min"}, {"x": "2", "y": "3"}]}
    theirs = BASE | {"title": "Din", "rows": [{"x": "din"}, {"x": "2", "y": "3"}]}

    merged = merge(BASE, mine, theirs)

    assert merged.content == theirs
    assert merged.conflicts == (("title",), ("rows", 0, "x"))


def test_a_conflict_comes_back_until_it_is_settled() -> None:
    mine, theirs = BASE | {"title": "Min"}, BASE | {"title": "Din", "need": "Ny"}
    first = merge(BASE, mine, theirs)

    again = merge(first.base, mine | {"need": "Ny"}, first.content)
    settled = merge({**first.base, "title": "Din"}, mine | {"need": "Ny"}, first.content)

    assert again.conflicts == (("title",),)
    assert again.content["title"] == "Din"
    assert settled.conflicts == ()
    assert settled.content == mine | {"need": "Ny"}


def test_rows_that_one_took_away_while_the_other_wrote_in_the_list_are_a_conflict() -> None:
    merged = merge(
        BASE, BASE | {"rows": [BASE["rows"][1]]}, BASE | {"rows": [{"x": "7"}, *BASE["rows"][1:]]}
    )

    assert merged.conflicts == (("rows",),)
    assert merged.content["rows"][0] == {"x": "7"}


def test_clearing_a_field_is_a_change_like_any_other() -> None:
    cleared = {name: value for name, value in BASE.items() if name != "need"}

    assert "need" not in merge(BASE, cleared, BASE).content
    assert "need" not in merge(BASE, BASE, cleared).content
    assert merge(BASE, cleared, BASE | {"need": "Annet"}).conflicts == (("need",),)


def test_no_and_nought_are_different_answers() -> None:
    assert not same(False, 0)
    assert not same(False, None)
    assert same("", None)
    assert same([], None)


leaves = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
rows = st.lists(st.dictionaries(st.sampled_from("xy"), leaves, max_size=2), max_size=3)
choices = st.lists(st.sampled_from("abc"), unique=True, max_size=3)
contents = st.fixed_dictionaries(
    {}, optional={"t": leaves, "u": leaves, "rows": rows, "codes": choices}
)


@given(contents, contents, contents)
def test_nothing_that_anybody_wrote_is_lost_in_silence(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = merge(base, mine, theirs)
    named = {path[0] for path in merged.conflicts}

    for name in ("t", "u"):
        kept = merged.content.get(name)
        if not same(mine.get(name), base.get(name)) and name not in named:
            assert same(kept, mine.get(name))
        if not same(theirs.get(name), base.get(name)):
            assert same(kept, theirs.get(name))


@given(contents, contents)
def test_alone_one_gets_what_one_wrote(base: dict[str, Any], mine: dict[str, Any]) -> None:
    merged = merge(base, mine, base)

    assert merged.conflicts == ()
    assert all(same(merged.content.get(name), mine.get(name)) for name in {*base, *mine})


@given(contents, contents, contents)
def test_saving_again_changes_nothing(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    first = merge(base, mine, theirs)

    again = merge(first.base, first.content, first.content)

    assert again.content == first.content
    assert again.conflicts == ()
