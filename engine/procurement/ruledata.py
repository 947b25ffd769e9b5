"""The law as dated rows: what was in force on a day, from which source, and whether it was read.

The rows lie beside this module as YAML, so that a lawyer can read and mend them without Python.
Money is kroner there and integer øre here. Rows are loaded once and never change while the
program runs; a procurement pins the date (and by it the rule set) that governs it.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from engine.errors import InvalidInputError, RejectedError
from engine.procurement.period import Direction
from engine.procurement.text import Text
from engine.yaml_text import read_yaml

FIRST_DAY = date(2017, 1, 1)
VERIFIED_BY = "PIVOTAL"
ORE_PER_KRONE = 100


class Kind(StrEnum):
    TIME_LIMIT = "time-limit"
    THRESHOLD = "threshold"
    LIMIT = "limit"


_FILES: Mapping[Kind, str] = {
    Kind.TIME_LIMIT: "time_limits.yaml",
    Kind.THRESHOLD: "thresholds.yaml",
    Kind.LIMIT: "limits.yaml",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as it was from `valid_from` to `valid_to`, both days included.

    `amount` is in `unit`: a unit of time, `count`, `percent`, or `ore` (integer øre excluding VAT).
    `verified_by` and `verified_at` are empty where nobody has read the row against the law text.
    `binding` is False for a main rule or good practice that a gate reports and does not enforce.
    `note` is empty where there is nothing more to say.
    """

    rule_id: str
    kind: Kind
    title: Text
    amount: int
    unit: str
    procedure: str
    regime: str
    buyers: tuple[str, ...]
    contracts: tuple[str, ...]
    from_event: Text
    direction: Direction
    binding: bool
    valid_from: date
    valid_to: date | None
    citation: str
    source: str
    verified_by: str
    verified_at: date | None
    note: Text

    @property
    def verified(self) -> bool:
        return self.verified_at is not None

    def in_force(self, at: date) -> bool:
        return self.valid_from <= at and (self.valid_to is None or at <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rows in force on one day; `id` names their legal content, so a procurement can pin it.

    Notes, sources and verification marks do not change the id: they change no right or duty.
    Nor does `valid_to`, so that a rule that ends later leaves the id of today as it is.
    """

    id: str
    at: date
    rows: tuple[RuleRow, ...]

    def row(self, rule_id: str) -> RuleRow:
        """The row of `rule_id`; errors as `rule_row`."""
        return rule_row(rule_id, self.at)

    def unverified(self) -> tuple[RuleRow, ...]:
        return tuple(row for row in self.rows if not row.verified)


@lru_cache(maxsize=1)
def all_rows() -> tuple[RuleRow, ...]:
    """Every row of every rule, in the order of the files."""
    return tuple(row for kind in Kind for row in _rows_of(kind))


@lru_cache(maxsize=1)
def _by_rule() -> Mapping[str, Sequence[RuleRow]]:
    rows: dict[str, list[RuleRow]] = {}
    for row in all_rows():
        rows.setdefault(row.rule_id, []).append(row)
    return rows


def known_rules(kind: Kind | None = None) -> tuple[str, ...]:
    """The rule ids, sorted; of one kind where `kind` is given."""
    return tuple(sorted({row.rule_id for row in all_rows() if kind in (None, row.kind)}))


def rule_row(rule_id: str, at: date) -> RuleRow:
    """The row of `rule_id` that was the law on `at`.

    Raises `InvalidInputError` for an unknown rule (naming the known ids) and `RejectedError` where
    the rule has no row for that day (naming the days it has).
    """
    rows = _by_rule().get(rule_id)
    if rows is None:
        known = known_rules()
        raise InvalidInputError(
            f"There is no rule {rule_id}. Known rules: {', '.join(known)}.",
            rule=rule_id,
            known=list(known),
            about="no-such-rule",
        )
    for row in rows:
        if row.in_force(at):
            return row
    spans = [_span(row) for row in rows]
    raise RejectedError(
        f"The rule {rule_id} has no row for {at.isoformat()}; it has rows for {', '.join(spans)}. "
        "Choose a day within them, or add the missing row to the rule data.",
        rule=rule_id,
        at=at.isoformat(),
        spans=spans,
        known=list(known_rules()),
        about="rule-no-row",
    )


def threshold(kind: str, buyer: str, contract: str, at: date) -> RuleRow:
    """The threshold of regime `kind` for a buyer (`state`, `other`) and a contract type on `at`.

    `kind` is law, national, eea, design-contest or small-lots; the amount is øre excluding VAT.
    Raises `InvalidInputError` where no such threshold exists, naming the combinations that do.
    """
    rows = [row for row in all_rows() if row.kind is Kind.THRESHOLD]
    for row in rows:
        fits = row.regime == kind and buyer in row.buyers and contract in row.contracts
        if fits and row.in_force(at):
            return row
    known = sorted({f"{row.regime}: {'/'.join(row.contracts)}" for row in rows})
    raise InvalidInputError(
        f"There is no threshold {kind} for buyer {buyer} and contract {contract} on "
        f"{at.isoformat()}. Known: {'; '.join(known)}; buyers state and other; "
        f"from {FIRST_DAY.isoformat()} on.",
        kind=kind,
        buyer=buyer,
        contract=contract,
        at=at.isoformat(),
        known=known,
        about="no-threshold",
    )


@lru_cache(maxsize=1024)
def rule_set(at: date) -> RuleSet:
    """All rows in force on `at`, under an id that is the same for the same law."""
    changes = _changes()
    since = changes[max(bisect_right(changes, at) - 1, 0)]
    return replace(_rule_set_since(min(since, at)), at=at)


@lru_cache(maxsize=1)
def _changes() -> Sequence[date]:
    """The days on which the law changes, in order: between two of them it is the same."""
    begins = {row.valid_from for row in all_rows()}
    ends = {row.valid_to + timedelta(days=1) for row in all_rows() if row.valid_to}
    return sorted(begins | ends)


@lru_cache(maxsize=64)
def _rule_set_since(day: date) -> RuleSet:
    return rule_set_of(all_rows(), day)


def rule_set_of(rows: Iterable[RuleRow], at: date) -> RuleSet:
    """Those of the rows that are in force on `at`."""
    rows = tuple(row for row in rows if row.in_force(at))
    legal = sorted((_legal_content(row) for row in rows), key=lambda content: content[0])
    digest = hashlib.sha256(json.dumps(legal, ensure_ascii=False).encode()).hexdigest()
    return RuleSet(id=f"rules-{digest[:16]}", at=at, rows=rows)


def _legal_content(row: RuleRow) -> list[str | int | bool]:
    return [
        row.rule_id,
        row.kind.value,
        row.amount,
        row.unit,
        row.procedure,
        row.regime,
        "/".join(row.buyers),
        "/".join(row.contracts),
        row.from_event.get("nb", ""),
        row.direction.value,
        row.binding,
        row.valid_from.isoformat(),
        row.citation,
    ]


def _span(row: RuleRow) -> str:
    return f"{row.valid_from.isoformat()} - {row.valid_to.isoformat() if row.valid_to else ''}"


def _rows_of(kind: Kind) -> Iterator[RuleRow]:
    file = resources.files("engine.procurement").joinpath("data", _FILES[kind])
    rules: Sequence[Mapping[str, Any]] = read_yaml(file.read_text(encoding="utf-8"))
    for rule in rules:
        for fields in rule["rows"]:
            yield _row(kind, {**rule, **fields})


@lru_cache(maxsize=1)
def _translated() -> Mapping[str, Mapping[str, str]]:
    """What notes say in each language, by their English."""
    file = resources.files("engine.procurement").joinpath("data", "notes.yaml")
    return {note["en"]: note for note in read_yaml(file.read_text(encoding="utf-8"))}


def _note(english: str) -> Text:
    """The note in every language it is written in; empty where the row has none."""
    return _translated().get(english, {"en": english}) if english else {}


def _row(kind: Kind, fields: Mapping[str, Any]) -> RuleRow:
    unit = "nok" if kind is Kind.THRESHOLD else fields["unit"]
    money = unit == "nok"
    verified_at: date | None = fields.get("verified")
    return RuleRow(
        rule_id=fields["rule_id"],
        kind=kind,
        title=fields["title"],
        amount=fields["amount"] * ORE_PER_KRONE if money else fields["amount"],
        unit="ore" if money else unit,
        procedure=fields.get("procedure", "any"),
        regime=fields.get("regime", ""),
        buyers=tuple(fields.get("buyers", ())),
        contracts=tuple(fields.get("contracts", ())),
        from_event=fields.get("from_event", {}),
        direction=Direction(fields.get("direction", "forward")),
        binding=fields.get("binding", True),
        valid_from=fields["valid_from"],
        valid_to=fields.get("valid_to"),
        citation=fields["citation"],
        source=fields["source"],
        verified_by=VERIFIED_BY if verified_at else "",
        verified_at=verified_at,
        note=_note(fields.get("note", "")),
    )
