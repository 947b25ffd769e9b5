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
