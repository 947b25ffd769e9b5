"""What people call the codes that eForms gives to what is published (Regulation (EU) 2019/1780)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from engine.yaml_text import read_yaml

NOTICE: Final = "notice-subtype"
PROCEDURE: Final = "procurement-procedure-type"
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """Names by language of each code of each list, with the standard they are of."""

    source: str
    version: str
    lists: Mapping[str, Mapping[str, Names]]


@lru_cache(maxsize=1)
def code_lists() -> CodeLists:
    """Those that ship."""
    file = resources.files("engine.registers") / "data" / "eforms.yaml"
    return CodeLists(**read_yaml(file.read_text("utf-8")))


def called(code_list: str, code: str) -> Names:
    """What the code is called in each language, with the code behind it where people write it down
    themselves; the code itself where the list does not know it."""
    found = code_lists().lists[code_list].get(code)
    if found is None:
        return dict.fromkeys(("nb", "nn", "en"), code)
    return {language: f"{name} ({code})" for language, name in found.items()}
