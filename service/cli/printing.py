"""How the command line prints, and what its commands have in common."""

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer
from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Paths = Annotated[list[Path], typer.Argument(help="Process folders, or folders of such.")]


def print_json(value: Any) -> None:
    """The value as JSON that people can read too."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def fail(line: str) -> NoReturn:
    """End with one line that says why."""
    sys.stderr.write(f"pivotal: {line}\n")
    sys.exit(1)
