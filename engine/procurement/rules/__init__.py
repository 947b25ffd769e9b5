"""Every rule a gate may name, by its id."""

from collections.abc import Mapping

from engine.procurement.rules import (
    award,
    breach,
    choice,
    close,
    contest,
    dialogue,
    disclosure,
    documents,
    evaluation,
    jury,
    market,
    market_dialogue,
    need,
    partnership,
    publication,
    purchase,
    qualification,
    receipt,
    research,
    tenders,
)
from engine.procurement.rules.rule import Rule

__all__ = ["RULES", "Rule"]

_TOPICS = (
    need,
    market,
    market_dialogue,
    choice,
    documents,
    publication,
    receipt,
    qualification,
    tenders,
    dialogue,
    evaluation,
    award,
    partnership,
    purchase,
    research,
    contest,
    jury,
    close,
    disclosure,
    breach,
)

RULES: Mapping[str, Rule] = {rule.id: rule for topic in _TOPICS for rule in topic.RULES}
