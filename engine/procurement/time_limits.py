"""A legal time limit: the rule that was the law on a day, applied to the fact that starts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from engine.errors import InvalidInputError
from engine.procurement.period import Period, Unit
from engine.procurement.periods import compute_period
from engine.procurement.ruledata import Kind, RuleRow, known_rules, rule_row
from engine.procurement.text import checked_language, text

_COUNTED_FROM: Final = text("regnet fra", "counted from", nn="rekna frå")
_UNVERIFIED: Final = text(
    "Regelen er ikke kontrollert mot lovteksten.",
    "The rule has not been verified against the law text.",
    nn="Regelen er ikkje kontrollert mot lovteksten.",
)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A period with the rows it was computed from; `extensions` are rows whose days were added."""

    rule_id: str
    period: Period
    row: RuleRow
    extensions: tuple[RuleRow, ...]
    citation: str
    verified: bool

    @property
    def ends_at(self) -> datetime:
        """24:00 in Norway of the last day, as aware UTC."""
        return self.period.ends_at

    def explain(self, language: str) -> list[str]:
        """The rule, its article and the count in plain sentences."""
        language = checked_language(language)
        title, event = self.row.title[language], self.row.from_event[language]
        lines = [f"{title}, {_COUNTED_FROM[language]}: {event} ({self.citation})."]
        lines += [
            f"+ {row.amount}: {row.title[language]} ({row.citation})." for row in self.extensions
        ]
        lines += self.period.explain(language)
        if not self.verified:
            lines.append(_UNVERIFIED[language])
        return lines


def time_limit(
    rule_id: str,
    start: date | datetime,
    rules_at: date,
    *,
    extended_by: Sequence[str] = (),
) -> TimeLimit:
    """The time limit `rule_id` from the event `start`, under the law of `rules_at`.

    `extended_by` names rules whose amount is added first, such as `documents-not-electronic`.
    Raises `InvalidInputError` for an unknown rule, a rule that is no time limit, an extension in
    another unit or a `start` that cannot be used, `RejectedError` where no row was valid then.
    """
    row = _time_limit_row(rule_id, rules_at)
    extensions = tuple(_time_limit_row(extra, rules_at) for extra in extended_by)
    for extra in extensions:
        if extra.unit != row.unit:
            raise InvalidInputError(
                f"{extra.rule_id} is in {extra.unit} and cannot lengthen {rule_id}, which is in "
                f"{row.unit}. Use an extension in the same unit.",
                rule=rule_id,
                extension=extra.rule_id,
                about="limit-units",
            )
    amount = row.amount + sum(extra.amount for extra in extensions)
    used = (row, *extensions)
    return TimeLimit(
        rule_id=rule_id,
        period=compute_period(start, amount, Unit(row.unit), row.direction),
        row=row,
        extensions=extensions,
        citation="; ".join(each.citation for each in used),
        verified=all(each.verified for each in used),
    )


def counted_from(value: object) -> datetime | date:
    """What a model hands in to count from: a day or a moment, or either as it stands in process
    data. Raises InvalidInputError for anything else."""
    if isinstance(value, datetime | date):
        return value
    try:
        written = str(value)
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    except ValueError as error:
        raise InvalidInputError(
            f"time_limit needs a date or date-time to count from, not {value!r}.",
            value=str(value),
            about="no-start-of-limit",
        ) from error


def _time_limit_row(rule_id: str, at: date) -> RuleRow:
    row = rule_row(rule_id, at)
    if row.kind is not Kind.TIME_LIMIT:
        known = known_rules(Kind.TIME_LIMIT)
        raise InvalidInputError(
            f"The rule {rule_id} is not a time limit. Time limits: {', '.join(known)}.",
            rule=rule_id,
            known=list(known),
            about="not-a-limit",
        )
    return row
