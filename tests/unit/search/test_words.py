"""Words as they are compared, and what is asked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.question import ask
from engine.search.words import flat, stem, stems, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Trygg badeplass", ["trygg", "badeplass"]),
        ("ÅPENT Ønske, ærlig", ["åpent", "ønske", "ærlig"]),
        ("kafé naïve Öl", ["kafe", "naive", "ol"]),
        ("2026/114", ["2026", "114"]),
        ("e-post@x.no", ["e", "post", "x", "no"]),
        ("«sitat» – tankestrek…", ["sitat", "tankestrek"]),
        ("å" + "\u030a", ["å"]),
        ("a\u030apen", ["åpen"]),
        ("ﬁl m²", ["fil", "m2"]),
        ("漢字", ["x6f22x5b57"]),
        ("", []),
        ("  \n\t ", []),
        ("x" * 100, ["x" * 60]),
    ],
)
def test_words_are_folded_to_plain_letters(text: str, plain: list[str]) -> None:
    assert words(text) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anskaffelse", "anskaffelsene"),
        ("kommune", "kommunenes"),
        ("leverandør", "leverandørene"),
        ("tilbud", "tilbudet"),
        ("renseanlegg", "renseanlegget"),
        ("kommune", "kommunane"),
    ],
)
def test_forms_of_a_norwegian_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_a_reference_keeps_its_numbers() -> None:
    assert list(stems("FA2-33 og 2026/114")) == ["fa2", "33", "og", "2026", "114"]


@given(st.text())
def test_no_text_gives_anything_but_plain_letters_and_digits(text: str) -> None:
    assert all(re.fullmatch("[0-9a-zæøå]+", word) for word in (*words(text), *stems(text)))


@given(st.text())
def test_a_stem_begins_its_word(text: str) -> None:
    assert all(word.startswith(stem(word)) for word in words(text))


@given(st.text())
def test_flat_text_has_each_letter_in_its_place(text: str) -> None:
    assert len(flat(text)) == len(text)


def test_what_is_typed_is_words_and_phrases() -> None:
    question = ask('anskaffelser "trygg badeplass" «vann»')

    assert [each.typed for each in question.words] == ["vann", "anskaffelser"]
    assert question.phrases == (("trygg", "badeplass"),)


@pytest.mark.parametrize("text", ["", " ", "-", '""', "«»", '"', "()*:^", "AND OR NOT"])
def test_nothing_that_is_typed_is_wrong(text: str) -> None:
    assert bool(ask(text)) == any(each.isalnum() for each in text)


def test_a_long_question_is_cut() -> None:
    question = ask(" ".join(f"ord{n}" for n in range(100)))

    assert len(question.words) == 12


def test_a_beginning_of_three_letters_stands_for_the_words_that_begin_so() -> None:
    question = ask("bade ba")

    assert question.words[0].fits("badeplass")
    assert not question.words[1].fits("badeplass")
