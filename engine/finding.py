"""What the linter, the deployer and the checks say of a file."""

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one file. `line` is 1-based, 0 where unknown; `rule` is the stable check id."""

    rule: str
    severity: Literal["error", "warning"]
    file: str
    line: int
    element_id: str
    element_name: str
    reason: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        element = f" {self.element_id}" if self.element_id else ""
        name = f" «{self.element_name}»" if self.element_name else ""
        return f"{place}:{element}{name} [{self.rule}] {self.reason} {self.remedy}"
