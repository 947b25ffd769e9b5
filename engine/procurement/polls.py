"""Polls: what a sound question is, which answers fit it, and what all of them say together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final

from engine.errors import (
    AnswerMissingError,
    InvalidInputError,
)
from engine.model.contribution import QUESTIONS, SCALE

RECEIPT_LENGTH: Final = 16
MOST_QUESTIONS: Final = 20
MOST_OPTIONS: Final = 30
LONGEST_TEXT: Final = 1000
_CHOICES: Final = {"vote": ("one", "several"), "ranking": ("rank",), "survey": QUESTIONS}


@dataclass(frozen=True, slots=True)
class Question:
    """`kind` is one of `QUESTIONS`; a scale has no options."""

    id: str
    kind: str
    text: str
    options: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """How many different choices there are."""
        return SCALE if self.kind == "scale" else len(self.options)


@dataclass(frozen=True, slots=True)
class Tally:
    """What all answers to one question say. `counts` is by choice, in the order of the options (or
    1 to `SCALE`); `points` the Borda count of a ranking: the last of n options gets 0, the first
    n - 1; `mean` of a scale, exact, None without answers."""

    question: Question
    answered: int
    counts: tuple[int, ...]
    points: tuple[int, ...] = ()
    mean: Fraction | None = None


def questions_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    return tuple(
        Question(row["id"], row["kind"], row["text"], tuple(row["options"])) for row in rows
    )


def require_questions(kind: str, questions: Sequence[Question]) -> None:
    """Raises InvalidInputError for questions that a poll of this kind cannot ask."""
    most = MOST_QUESTIONS if kind == "survey" else 1
    if not 1 <= len(questions) <= most:
        raise InvalidInputError(
            f"A {kind} has from one to {most} questions; this has {len(questions)}.",
            kind=kind,
            about="questions-count",
            most=most,
            count_questions=len(questions),
        )
    for question in questions:
        _require_question(kind, question)


def _require_question(kind: str, question: Question) -> None:
    if question.kind not in _CHOICES[kind]:
        raise InvalidInputError(
            f"A {kind} asks questions of the kind {' or '.join(_CHOICES[kind])}.",
            kind=kind,
            about="question-kind",
        )
    texts = (question.text, *question.options)
    if any(not text.strip() or len(text) > LONGEST_TEXT for text in texts):
        raise InvalidInputError(
            f"Each question and option has from 1 to {LONGEST_TEXT} characters.",
            longest=LONGEST_TEXT,
            about="question-length",
        )
    if question.kind == "scale":
        if question.options:
            raise InvalidInputError(
                "A scale has no options: people choose a number.", about="scale-options"
            )
    elif not 2 <= len(question.options) <= MOST_OPTIONS:
        raise InvalidInputError(
            f"«{question.text}» needs from two to {MOST_OPTIONS} options.",
            most=MOST_OPTIONS,
            about="options-count",
            question_text=question.text,
        )
    if len(set(question.options)) < len(question.options):
        raise InvalidInputError(
            f"«{question.text}» has the same option twice.",
            about="option-twice",
            question_text=question.text,
        )


def require_answers(
    kind: str, questions: Sequence[Question], answers: Mapping[str, Sequence[int]]
) -> None:
    """Raises InvalidInputError for answers that do not fit. In a survey, questions may be left
    out; all of them may not."""
    unknown = sorted(answers.keys() - {question.id for question in questions})
    if unknown:
        raise InvalidInputError(
            f"There is no question {unknown[0]}.", question=unknown[0], about="no-such-question"
        )
    if not any(answers.values()):
        raise AnswerMissingError("Answer at least one question.", question="")
    for question in questions:
        chosen = answers.get(question.id, ())
        if chosen or kind != "survey":
            _require_answer(question, chosen)


def _require_answer(question: Question, chosen: Sequence[int]) -> None:
    if question.kind == "rank":
        fits, wanted = sorted(chosen) == list(range(question.places)), "every option once, in order"
    elif question.kind == "several":
        fits, wanted = 0 < len(chosen) == len(set(chosen)), "at least one option"
    else:
        fits, wanted = len(chosen) == 1, "one option"
    if not fits or not all(0 <= each < question.places for each in chosen):
        raise AnswerMissingError(f"«{question.text}»: choose {wanted}.", question=question.text)


def mark_of(receipt: str, poll: str, question: str) -> str:
    """By which the one who holds the receipt finds the answer to a question, and nobody else."""
    plain = "".join(receipt.split()).replace("-", "").upper()
    return sha256(f"{plain}:{poll}:{question}".encode()).hexdigest()


def tally(question: Question, answers: Iterable[Sequence[int]]) -> Tally:
    """Count the answers to one question."""
    chosen = list(answers)
    if question.kind == "rank":
        firsts = Counter(each[0] for each in chosen)
        points = [
            sum(question.places - 1 - list(each).index(option) for each in chosen)
            for option in range(question.places)
        ]
        return Tally(question, len(chosen), _counts(question, firsts), tuple(points))
    counted = Counter(option for each in chosen for option in each)
    mean = None
    if question.kind == "scale" and chosen:
        mean = Fraction(sum(each[0] + 1 for each in chosen), len(chosen))
    return Tally(question, len(chosen), _counts(question, counted), mean=mean)


def _counts(question: Question, counted: Counter[int]) -> tuple[int, ...]:
    return tuple(counted[option] for option in range(question.places))
