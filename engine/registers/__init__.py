"""Look-ups in registers that ship with the platform or were configured: organisations, CPV codes.

Nothing here asks over a network. What was found is kept with the submission, with source and time.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from engine.model.register import Found, Register, Source
from engine.registers.table import TableRegister

NO_ORGANISATIONS = TableRegister(Source("", ""), {})


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers that forms look up in. One without a source name holds nothing."""

    organisations: Register
    cpv: Register


@lru_cache(maxsize=1)
def shipped() -> Registers:
    """The selection of CPV codes that ships, and no organisations."""
    return Registers(NO_ORGANISATIONS, shipped_cpv())


@lru_cache(maxsize=1)
def shipped_cpv() -> TableRegister:
    """The codes that innovative procurements use most. `Found.key` has eight digits."""
    content = resources.files("engine.registers").joinpath("data/cpv.csv").read_text("utf-8")
    rows = csv.DictReader(content.splitlines(), delimiter=";")
    source = Source("CPV 2008 (EC 213/2008)", "2008-09-17")
    return TableRegister.of(
        source, (Found(row["code"], {"nb": row["nb"], "en": row["en"]}) for row in rows)
    )
