"""A poll asks what can be answered, takes what fits, and counts it exactly."""

from fractions import Fraction

import pytest

from engine.errors import InvalidInputError
from engine.procurement.polls import Question, require_answers, require_questions, tally

COLOURS = Question("q1", "one", "Hvilken farge?", ("Rød", "Gul", "Blå"))
ORDER = Question("q1", "rank", "Hva er viktigst?", ("Lys", "Ro", "Pris"))
EASE = Question("q2", "scale", "Hvor lett var det?")


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        ("vote", ()),
        ("vote", (COLOURS, COLOURS)),
        ("vote", (ORDER,)),
        ("ranking", (COLOURS,)),
        ("vote", (Question("q1", "one", "Bare én?", ("Ja",)),)),
        ("vote", (Question("q1", "one", "To like?", ("Ja", "Ja")),)),
        ("vote", (Question("q1", "one", " ", ("Ja", "Nei")),)),
        ("survey", (Question("q1", "scale", "Hvor lett?", ("Lett", "Vanskelig")),)),
        ("survey", (COLOURS,) * 21),
    ],
)
def test_a_poll_that_cannot_be_answered_is_refused(
    kind: str, questions: tuple[Question, ...]
) -> None:
    with pytest.raises(InvalidInputError):
        require_questions(kind, questions)


@pytest.mark.parametrize(
    ("kind", "question", "chosen"),
    [
        ("vote", COLOURS, ()),
        ("vote", COLOURS, (0, 1)),
        ("vote", COLOURS, (3,)),
        ("vote", COLOURS, (-1,)),
        ("ranking", ORDER, (0, 1)),
        ("ranking", ORDER, (0, 0, 1)),
        ("survey", EASE, (5,)),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    kind: str, question: Question, chosen: tuple[int, ...]
) -> None:
    with pytest.raises(InvalidInputError):
        require_answers(kind, (question,), {question.id: chosen})


def test_in_a_survey_some_questions_may_be_left_out_but_not_all() -> None:
    require_answers("survey", (COLOURS, EASE), {"q2": (4,)})

    with pytest.raises(InvalidInputError):
        require_answers("survey", (COLOURS, EASE), {"q1": (), "q2": ()})
    with pytest.raises(InvalidInputError):
        require_answers("survey", (COLOURS,), {"q9": (1,)})


def test_votes_are_counted_by_option() -> None:
    found = tally(COLOURS, [[0], [2], [2]])

    assert (found.answered, found.counts) == (3, (1, 0, 2))


def test_a_ranking_gives_most_points_to_what_stands_highest() -> None:
    found = tally(ORDER, [[1, 0, 2], [1, 2, 0], [0, 1, 2]])

    assert found.points == (3, 5, 1)
    assert found.counts == (1, 2, 0)  # how often each was put first
    assert sum(found.points) == 3 * (2 + 1 + 0)


def test_the_mean_of_a_scale_is_exact() -> None:
    found = tally(EASE, [[4], [4], [0]])

    assert found.mean == Fraction(11, 3)
    assert found.counts == (1, 0, 0, 0, 2)
    assert tally(EASE, []).mean is None
