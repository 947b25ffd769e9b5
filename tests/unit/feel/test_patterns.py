import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.feel import evaluate


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('matches("2026/123", "^\\d{4}/\\d+$")', True),
        ('matches("abc", "B")', False),
        ('matches("abc", "B", "i")', True),
        ('matches("a.c", ".", "q")', True),
        ('matches("x", "[a-z-[aeiou]]")', True),
        ('matches("e", "[a-z-[aeiou]]")', False),
        ('matches("É", "\\p{Lu}")', True),
        ('replace("2026-03-02", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")', "02.03.2026"),
        ('replace("abracadabra", "a.*?a", "*")', "*c*bra"),
        ('split("a; b ;c", "\\s*;\\s*")', ["a", "b", "c"]),
        ('matches("aa", "(a)\\1")', None),
        ('matches("a", "(")', None),
        ('matches("a", "a**")', None),
        ('replace("abc", "x*", "-")', None),
        ('matches("a", "a", "z")', None),
    ],
)
def test_a_pattern_is_read_as_xpath_reads_it(source: str, value: Any) -> None:
    assert evaluate(source) == value


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from(["?", "{1,2}", "{2}"])),
        st.builds("({})+".format, ATOMS),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text("abc", max_size=8))
def test_a_pattern_matches_what_a_backtracking_engine_matches(pattern: str, text: str) -> None:
    variables = {"text": text, "pattern": pattern}

    expected = None if re.search(pattern, "") else re.sub(pattern, "-", text)

    assert evaluate("matches(text, pattern)", variables) is bool(re.search(pattern, text))
    assert evaluate('replace(text, pattern, "-")', variables) == expected
