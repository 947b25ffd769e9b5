"""The words that contributions are spoken of with, the same for commands, queries and pages."""

from typing import Final

SUPPLIER: Final = "supplier"
CONTRIBUTORS: Final = (
    "employee",
    "union-representative",
    "safety-representative",
    "citizen",
    "user-organisation",
    "research",
    "other-buyer",
)
ROLES: Final = (SUPPLIER, *CONTRIBUTORS)
"""What people from outside the team can take part as."""

KINDS: Final = ("need", "idea", "feedback")
OUTCOMES: Final = ("yes", "partly", "no")
TRACED: Final = ("contribution", "requirement", "criterion", "test", "benefit")
"""What a trace goes through, from what people said to what they got; links lead forwards."""
CODE: Final = ("personal-data", "insult", "advertising", "off-topic", "unlawful")
"""Clauses of the code that contributions are moderated by; the pages publish them."""

POLLS: Final = ("vote", "ranking", "survey")
"""One question with one answer for all, one list put in order, or several questions."""
QUESTIONS: Final = ("one", "several", "rank", "scale")
"""Choose one option, choose any number, put all in order, or a number from 1 to `SCALE`."""
SCALE: Final = 5
LEVELS: Final = ("inform", "consult", "involve", "cocreate", "decide")
"""How much influence those have who take part, from least to most (F-02)."""
PLANNED: Final = {
    "employee": "employee",
    "union": "union-representative",
    "safety": "safety-representative",
    "citizen": "citizen",
    "user_org": "user-organisation",
    "supplier": SUPPLIER,
    "research": "research",
    "other_buyer": "other-buyer",
}
"""The groups of the participation plan (F-02), and what they take part as."""
