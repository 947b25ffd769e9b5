"""What puts a procurement at risk, said openly: a few facts, how many of each it takes, and how
grave that is. There is no score and nothing learnt; every level has its reasons beside it.

The portfolio sorts by the same table inside the database, so that a thousand procurements cost one
question.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Final

from engine.procurement.ruledata import RuleRow, all_rows

FEWEST: Final = "minimum-invited-"


class Level(IntEnum):
    """How much a lead should look at it."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What is counted of one procurement at one moment.

    `late`: open tasks past their date; `late_legal`: dates set by law that have passed while what
    they are for is not done; `incidents`: automatic steps that stopped; `complaints`: complaints
    under way; `unverified`: dates that rest on a rule nobody has checked; `suppliers_missing`: how
    many fewer suppliers are left than the law has invited, before the award; `suspended`: 1 when it
    is put on hold.
    """

    late: int = 0
    late_legal: int = 0
    incidents: int = 0
    complaints: int = 0
    unverified: int = 0
    suppliers_missing: int = 0
    suspended: int = 0


@dataclass(frozen=True, slots=True)
class Factor:
    """`fact` of `at_least` this many puts it on `level`."""

    fact: str
    at_least: int
    level: Level


FACTORS: Final = (
    Factor("late_legal", 1, Level.HIGH),
    Factor("incidents", 1, Level.HIGH),
    Factor("complaints", 1, Level.HIGH),
    Factor("late", 5, Level.HIGH),
    Factor("late", 1, Level.MEDIUM),
    Factor("suppliers_missing", 1, Level.MEDIUM),
    Factor("unverified", 1, Level.MEDIUM),
    Factor("suspended", 1, Level.MEDIUM),
)
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact that counts, with how many there are."""

    fact: str
    number: int
    level: Level


@dataclass(frozen=True, slots=True)
class Risk:
    """`reasons` gravest first; none when the level is low."""

    level: Level
    reasons: tuple[Reason, ...]


def risk_of(facts: RiskFacts) -> Risk:
    """The level is that of the gravest factor that applies; each fact counts once."""
    counted: Mapping[str, int] = asdict(facts)
    reasons: dict[str, Reason] = {}
    for factor in FACTORS:
        number = counted[factor.fact]
        if number >= factor.at_least:
            reasons.setdefault(factor.fact, Reason(factor.fact, number, factor.level))
    level = max((reason.level for reason in reasons.values()), default=Level.LOW)
    return Risk(level, tuple(reasons.values()))


def fewest_suppliers() -> tuple[RuleRow, ...]:
    """How many suppliers the law has wanted invited at least, by procedure and time: a procurement
    is held to the law that was pinned to it."""
    return tuple(row for row in all_rows() if row.rule_id.startswith(FEWEST))
