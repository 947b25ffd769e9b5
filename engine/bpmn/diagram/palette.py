"""Colours and states of a diagram. Colour never stands alone: each state has its sign as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SIGNS: Final[Mapping[str, str]] = {"failed": "✕", "late": "!", "waiting": "…", "done": "✓"}
"""Signs in the corner of a shape; an active one shows its number of tokens instead."""

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nb": {
        "active": "pågår",
        "waiting": "venter",
        "done": "utført",
        "failed": "feilet",
        "late": "forsinket",
    },
    "nn": {
        "active": "går føre seg",
        "waiting": "ventar",
        "done": "utført",
        "failed": "feila",
        "late": "forseinka",
    },
    "en": {
        "active": "active",
        "waiting": "waiting",
        "done": "done",
        "failed": "failed",
        "late": "late",
    },
}


@dataclass(frozen=True, slots=True)
class ElementState:
    """Where tokens are: how many are `active` in the element, and what else is so of it.

    `note` is shown to the reader after the states, for instance «2 av 3»."""

    active: int = 0
    waiting: bool = False
    done: bool = False
    failed: bool = False
    late: bool = False
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The states that hold, the gravest first."""
        holding = {
            "failed": self.failed,
            "late": self.late,
            "active": self.active > 0,
            "waiting": self.waiting,
            "done": self.done,
        }
        return tuple(name for name, holds in holding.items() if holds)

    def describe(self, language: str) -> str:
        """The states in words, for instance «pågår (2), forsinket»."""
        words = WORDS.get(language, WORDS["nb"])
        said = [
            f"{words[name]} ({self.active})"
            if name == "active" and self.active > 1
            else words[name]
            for name in self.names
        ]
        return ", ".join([*said, self.note] if self.note else said)


@dataclass(frozen=True, slots=True)
class Heat:
    """How warm an element is: `share` of the warmest, from 0 to 1; `label` stands on the shape,
    `said` in words is read beside its name."""

    share: float
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Palette:
    """`ink` draws, `surface` lies behind shapes; one colour per state, for strokes and signs, and
    one for heat."""

    ink: str
    surface: str
    states: Mapping[str, str]
    heat: str


PAGE: Final = Palette(
    ink="currentColor",
    surface="var(--bpmn-surface, Canvas)",
    states={
        "active": "var(--bpmn-active, #0b6bcb)",
        "waiting": "var(--bpmn-waiting, #7a5af5)",
        "done": "var(--bpmn-done, #1f8a4c)",
        "failed": "var(--bpmn-failed, #d3302f)",
        "late": "var(--bpmn-late, #b85c00)",
    },
    heat="var(--bpmn-heat, #d9480f)",
)
"""On a page: follows its text colour and colour scheme, and its style sheet can set the rest."""

PAPER: Final = Palette(
    ink="#1b1b1f",
    surface="#ffffff",
    states={
        "active": "#0b5cad",
        "waiting": "#5b3fc4",
        "done": "#17703c",
        "failed": "#b3261e",
        "late": "#9a4d00",
    },
    heat="#d9480f",
)
"""In a document or a picture file: plain colours that every renderer knows."""
