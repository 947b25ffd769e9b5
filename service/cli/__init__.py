"""The `pivotal` command: one clear line on bad input, never a traceback; non-zero on failure."""

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import sqlalchemy as sa
import typer

from engine.errors import DeploymentRefusedError, EngineError
from service.cli.printing import fail

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "running": ("serve", "deploy", "list", "bounce", "migrate", "search"),
    "models": ("check", "scenario", "play", "tck"),
    "record": ("audit",),
    "register": ("organisation", "person"),
    "measuring": ("bench",),
}
"""The modules of this package, each with the commands of its `app`."""


def _app() -> typer.Typer:
    """The command that is called, or all of them to show what there is: what most of them need is
    imported in a small part of the time that the service needs to start."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        callback=_pivotal,
    )
    called = sys.argv[1:2]
    wanted = [module for module, names in COMMANDS.items() if {*called} & {*names}]
    for module in wanted or COMMANDS:
        app.add_typer(import_module(f"{__name__}.{module}").app)
    return app


def _pivotal() -> None:
    """PIVOTAL runs innovative public procurements."""


def main() -> None:
    """Run the command line; errors of the engine and the database become one line."""
    gc.disable()  # nothing that is imported is garbage, now or when the program ends
    app = _app()
    gc.freeze()
    gc.enable()
    try:
        app()
    except DeploymentRefusedError as error:
        for finding in error.findings:
            sys.stderr.write(f"{finding}\n")
        fail(str(error))
    except EngineError as error:
        fail(str(error))
    except sa.exc.OperationalError as error:
        fail(f"The database cannot be used: {str(error.orig).splitlines()[0]}")
    except OSError as error:
        fail(f"{error.filename or 'A file'} cannot be used: {error.strerror}")
