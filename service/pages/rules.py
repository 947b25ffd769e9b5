"""The law as dated rows: what is in force when, from which source, and where it is used."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.forms.numbers import iso_date
from engine.procurement.describe import amount
from engine.procurement.ruledata import Kind, RuleRow
from engine.queries.rules import RulesPage, rules_page
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)

TODAY: Final = "today"


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what stands in the date field."""

    rules: RulesPage
    typed: str
    unreadable: bool
    language: str

    def amount(self, row: RuleRow) -> str:
        """The row's amount in words."""
        return amount(row, self.language)


@router.get("/rules")
def show_rules(here: Here, kind: str = "", at: str = "") -> HTMLResponse:
    """Every row; of one kind, or in force on one day, where that is asked for."""
    day = _day(at, here.view.today)
    unreadable = bool(at.strip()) and day is None
    wanted = next((each for each in Kind if each == kind), None)
    page = rules_page(here.view, wanted, day)
    typed = here.text.day(day) if day else at
    status = 422 if unreadable else 200
    shown = Shown(page, typed, unreadable, here.text.language)
    return here.show("rules/list.html", shown, status=status)


def _day(typed: str, today: date) -> date | None:
    """A day as people or links write it; None for an empty field and what is no day."""
    if typed == TODAY:
        return today
    iso = iso_date(typed.strip())
    return date.fromisoformat(iso) if iso else None
