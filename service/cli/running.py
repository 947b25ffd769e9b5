"""Commands for who runs an installation."""

import os
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

import typer
from rich.table import Table

from engine.bpmn.bundle import collect, model_of
from engine.clock import OSLO
from engine.commands.deployments import DeployProcess
from engine.commands.search import RebuildSearch
from engine.model.actor import SYSTEM
from engine.queries.installation import every_procurement
from service.bounces import note_bounce
from service.cli.printing import AsJson, Paths, out, print_json
from service.cli.register import require_known_organisations
from service.demo import ROOT_ORGANISATION, furnish, open_demonstration
from service.reading import read_files
from service.settings import BASE_URL, Settings
from service.wiring import build

app = typer.Typer()
search = typer.Typer(help="What can be found: make its index anew.", no_args_is_help=True)
app.add_typer(search, name="search")


@app.command()
def serve(
    demo: Annotated[bool, typer.Option(help="With a demonstration municipality.")] = False,
    host: str = "127.0.0.1",
    port: int = 8000,
) -> None:
    """Serve the pages and the API."""
    # What speaks HTTP takes as long to import as all the rest, and no other command needs it.
    from service.app import create_app  # noqa: PLC0415
    from service.logs import configure_logs  # noqa: PLC0415
    from service.serving import Server  # noqa: PLC0415

    configure_logs()
    settings = Settings.from_environment()
    if BASE_URL not in os.environ:
        settings = replace(settings, base_url=f"http://{host}:{port}")
    if demo:
        settings = replace(settings, demo=True)
        furnish(settings, progress=out.print)
    parts = open_demonstration(settings) if demo else build(settings)
    require_known_organisations(parts)
    out.print(f"PIVOTAL is on {settings.base_url} - stop it with Ctrl+C.")
    with suppress(KeyboardInterrupt):  # Ctrl+C is how one stops it
        Server(create_app(settings, parts), host=host, port=port).run()


@app.command()
def deploy(
    paths: Paths,
    organisation: Annotated[str, typer.Option(help="For whom.")] = ROOT_ORGANISATION,
    own_only: Annotated[
        bool, typer.Option("--own-only", help="For that organisation alone, not shared with all.")
    ] = False,
) -> None:
    """Check processes and store each as one immutable version, shared with all organisations."""
    parts = build(Settings.from_environment())
    for path in paths:
        model = model_of(path)
        bundle = collect(model)
        command = DeployProcess(bundle.key, bundle.files, organisation, to_all=not own_only)
        answer = parts.bus.handle(command, SYSTEM)
        what = "deployed" if answer["new"] else "unchanged"
        out.print(f"{bundle.key} version {answer['number']} {what}: {answer['digest']}")
    parts.close()


@app.command(name="list")
def list_procurements(as_json: AsJson = False) -> None:
    """Every procurement of this installation."""
    parts = build(Settings.from_environment())
    with parts.store.reader() as connection:
        rows = every_procurement(connection)
    parts.close()
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    table = Table("Reference", "Title", "Procedure", "Phase", "Status", "Started")
    for row in rows:
        started = f"{row.created_at.astimezone(OSLO):%d.%m.%Y}"
        table.add_row(row.reference, row.title, row.procedure, row.phase, row.status, started)
    out.print(table)


@search.command()
def rebuild() -> None:
    """Make the index of what can be found anew, from the record; acts wait until it is done."""
    parts = build(Settings.from_environment())
    with out.status("Reading files …"):
        read_files(parts)
    with out.status("Making the index anew …"):
        answer = parts.bus.handle(RebuildSearch(), SYSTEM)
    parts.close()
    out.print(f"{answer['entries']} things can be found.")


@app.command()
def bounce(
    files: Annotated[
        list[typer.FileBinaryRead], typer.Argument(help="Mails as they came back; - for stdin.")
    ],
) -> None:
    """Note mails that could not be delivered, from the reports that mail servers send back."""
    parts = build(Settings.from_environment())
    for file in files:
        out.print(f"{file.name}: {note_bounce(parts, file.read())}", markup=False)
    parts.close()


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    parts = build(Settings.from_environment())
    parts.close()
    out.print("The database stands at the newest schema.")
