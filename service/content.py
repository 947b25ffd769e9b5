"""Where the shipped processes and forms lie: beside the source, or installed with the wheel."""

import sys
from pathlib import Path

from engine.errors import InvalidInputError


def content_root() -> Path:
    """The folder that holds `processes/` and `forms/`; raises InvalidInputError when none does."""
    candidates = (
        Path(__file__).parent.parent,
        Path(sys.prefix) / "share" / "pivotal",
        Path.cwd(),
    )
    for candidate in candidates:
        if (candidate / "processes").is_dir() and (candidate / "forms").is_dir():
            return candidate
    looked = ", ".join(str(candidate) for candidate in candidates)
    raise InvalidInputError(f"No folder with processes and forms was found. Looked in: {looked}.")


def root_of(path: Path) -> Path:
    """The folder that holds the `processes` folder in which `path` lies, else the shipped one."""
    resolved = path.resolve()
    for folder in (resolved, *resolved.parents):
        if folder.name == "processes":
            return folder.parent
    return content_root()


def process_folders(root: Path) -> list[Path]:
    """The process folders under `root/processes`, by name."""
    return sorted(each.parent for each in (root / "processes").glob("*/*.bpmn"))
