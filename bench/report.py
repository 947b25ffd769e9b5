"""A figure, and what a list of them looks like as a table and as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from rich.table import Table

Bound = Literal["at most", "at least"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, named by what it measures; `reach` is None where it only explains another."""

    name: str
    value: float
    unit: str
    reach: float | None = None
    bound: Bound = "at most"

    @property
    def reached(self) -> bool | None:
        """Whether the figure is where it should be; None where nothing is asked of it."""
        if self.reach is None:
            return None
        return self.value <= self.reach if self.bound == "at most" else self.value >= self.reach


def as_json(figures: Iterable[Figure]) -> dict[str, Any]:
    """Each figure under its name."""
    return {
        each.name: {
            "value": round(each.value, 4),
            "unit": each.unit,
            "reach": each.reach,
            "bound": None if each.reach is None else each.bound,
            "reached": each.reached,
        }
        for each in figures
    }


def as_table(figures: Iterable[Figure]) -> Table:
    """What was to be reached beside what was seen."""
    table = Table("Figure", "Reach", "Seen", "")
    for each in figures:
        sign = {"at most": "≤", "at least": "≥"}[each.bound]
        reach = "" if each.reach is None else f"{sign} {each.reach:g} {each.unit}"
        mark = {True: "reached", False: "not reached", None: ""}[each.reached]
        table.add_row(each.name, reach, f"{_short(each.value)} {each.unit}", mark)
    return table


def _short(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"
