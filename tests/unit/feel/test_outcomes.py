"""The texts that an expression can come to, read from the expression alone."""

import pytest

from engine.feel.outcomes import texts_of


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('"Brev"', ("Brev",)),
        ('if kind = "a" then "Den ene" else "Den andre"', ("Den ene", "Den andre")),
        (
            'if a then "En" else if b in ("x", "y") then "To" else "Tre"',
            ("En", "To", "Tre"),
        ),
        ('if a then title else "Ellers"', ("Ellers",)),
        ("title", ()),
        ('"Brev om " + title', ()),
        ("12", ()),
        ('"Brev', ()),
    ],
)
def test_texts_stand_in_the_order_of_the_expression(source: str, texts: tuple[str, ...]) -> None:
    assert texts_of(source) == texts
