"""The piece of a text that is shown, and what is marked in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.question import ask
from engine.search.snippet import Part, marked, snippet


def shown(parts: tuple[Part, ...]) -> str:
    return "".join(f"[{part.text}]" if part.found else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "asked", "seen"),
    [
        ("Trygg badeplass", "badeplassen", "Trygg [badeplass]"),
        ("Trygge badeplasser for alle", "trygg bade", "[Trygge] [badeplasser] for alle"),
        ("Kaféen på torget", "kafe", "[Kaféen] på torget"),
        ("ÅPEN dag", "åpen", "[ÅPEN] dag"),
        ("<b>Fet</b> tekst", "fet", "<b>[Fet]</b> tekst"),
        ("Ingenting her", "annet", "Ingenting her"),
        ("En (viktig) sak", "viktig", "En ([viktig]) sak"),
        ("", "annet", ""),
    ],
)
def test_what_was_asked_for_is_marked(text: str, asked: str, seen: str) -> None:
    assert shown(marked(text, ask(asked))) == seen


def test_a_long_text_is_shown_where_it_was_found() -> None:
    text = "Først noe annet. " * 50 + "Her er renseanlegget. " + "Så noe mer. " * 50

    seen = shown(snippet(text, ask("renseanlegg")))

    assert "[renseanlegget]" in seen
    assert seen.startswith("… ")
    assert seen.endswith(" …")
    assert len(seen) < 260


def test_a_text_without_the_words_shows_its_beginning() -> None:
    seen = shown(snippet("Ord for ord. " * 100, ask("annet")))

    assert seen.startswith("Ord for ord.")
    assert len(seen) < 200


@given(st.text(), st.text())
def test_marking_never_changes_a_text(text: str, asked: str) -> None:
    assert "".join(part.text for part in marked(text, ask(asked))) == text
