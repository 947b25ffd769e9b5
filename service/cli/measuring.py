"""The command that measures: it needs the source tree."""

from importlib import import_module
from typing import Annotated, Final

import typer

from service.cli.printing import AsJson, fail, out, print_json

app = typer.Typer()

HARNESS: Final = ("bench", "tests")
"""Packages of the source tree that no wheel carries."""


@app.command()
def bench(
    full: Annotated[bool, typer.Option("--full", help="On large databases; takes long.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how fast it is on this machine, beside what is to be reached."""
    try:
        harness = import_module("bench")
    except ModuleNotFoundError as error:
        if error.name not in HARNESS:
            raise
        fail("The harness is not installed: run this from a checkout of the source.")
    figures = harness.run(harness.FULL if full else harness.SHORT)
    if as_json:
        print_json(harness.as_json(figures))
    else:
        out.print(harness.as_table(figures))
