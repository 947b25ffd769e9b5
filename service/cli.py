"""The `pivotal` command: one clear line on bad input, never a traceback; non-zero on failure."""

import os
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from engine.bpmn.bundle import collect, model_of
from engine.bpmn.check import check_paths
from engine.bpmn.tck import run_tck
from engine.clock import OSLO
from engine.commands.deployments import DeployProcess
from engine.commands.search import RebuildSearch
from engine.errors import DeploymentRefusedError, EngineError
from engine.model.actor import SYSTEM
from engine.queries.installation import every_procurement
from engine.queries.verification import export_chain, verify_database, verify_file
from engine.scenarios.model import Outcome
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import find_scenario
from engine.scenarios.together import run_together
from service.bounces import note_bounce
from service.content import content_root, root_of
from service.demo import ROOT_ORGANISATION, furnish, open_demonstration
from service.reading import read_files
from service.register import organisation, person, require_known_organisations
from service.settings import BASE_URL, Settings
from service.wiring import build, load_files

app = typer.Typer(
    help="PIVOTAL runs innovative public procurements.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
search = typer.Typer(help="What can be found: make its index anew.", no_args_is_help=True)
audit = typer.Typer(help="The record: verify it, hand it out.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(search, name="search")
app.add_typer(organisation, name="organisation")
app.add_typer(person, name="person")

HARNESS = ("bench", "tests")
"""Packages of the source tree that no wheel carries."""

out = Console(highlight=False, soft_wrap=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Paths = Annotated[list[Path], typer.Argument(help="Process folders, or folders of such.")]


def main() -> None:
    """Run the command line; errors of the engine and the database become one line."""
    try:
        app()
    except DeploymentRefusedError as error:
        for finding in error.findings:
            sys.stderr.write(f"{finding}\n")
        _fail(str(error))
    except EngineError as error:
        _fail(str(error))
    except sa.exc.OperationalError as error:
        _fail(f"The database cannot be used: {str(error.orig).splitlines()[0]}")
    except OSError as error:
        _fail(f"{error.filename or 'A file'} cannot be used: {error.strerror}")


def _fail(line: str) -> None:
    sys.stderr.write(f"pivotal: {line}\n")
    sys.exit(1)


def _print_json(value: Any) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


@app.command()
def serve(
    demo: Annotated[bool, typer.Option(help="With a demonstration municipality.")] = False,
    host: str = "127.0.0.1",
    port: int = 8000,
) -> None:
    """Serve the pages and the API."""
    # What speaks HTTP takes as long to import as all the rest, and no other command needs it.
    from service.app import create_app  # noqa: PLC0415
    from service.serving import Server  # noqa: PLC0415

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
) -> None:
    """Check processes and store each as one immutable version."""
    parts = build(Settings.from_environment())
    for path in paths:
        model = model_of(path)
        bundle = collect(model)
        answer = parts.bus.handle(DeployProcess(bundle.key, bundle.files, organisation), SYSTEM)
        what = "deployed" if answer["new"] else "unchanged"
        out.print(f"{bundle.key} version {answer['number']} {what}: {answer['digest']}")
    parts.close()


@app.command()
def check(paths: Paths, as_json: AsJson = False) -> None:
    """Find what is wrong in models, decision tables and forms; exit 1 on errors."""
    findings = check_paths(paths)
    if as_json:
        _print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            out.print(f"{finding.severity}: {finding}", markup=False)
        errors = sum(finding.severity == "error" for finding in findings)
        out.print(f"{errors} error(s), {len(findings) - errors} warning(s)")
    raise typer.Exit(1 if any(finding.severity == "error" for finding in findings) else 0)


@app.command()
def scenario(paths: Paths, as_json: AsJson = False) -> None:
    """Run scenarios on a clock of their own; exit 1 when one fails."""
    casts = [(each, root_of(path)) for path in paths for each in read_scenarios(path)]
    bar = Progress(console=out, transient=True, auto_refresh=False, disable=not out.is_terminal)
    with bar:
        outcomes = list(bar.track(run_together(casts, load_files), len(casts), description="Play"))
    if as_json:
        _print_json([_outcome_json(each) for each in outcomes])
    else:
        for outcome in outcomes:
            _print_outcome(outcome)
    raise typer.Exit(0 if outcomes and all(each.passed for each in outcomes) else 1)


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "scenario": outcome.scenario,
        "file": outcome.file,
        "passed": outcome.passed,
        "acts": outcome.acts,
        "status": outcome.status,
        "failures": [
            {"line": each.line, "expected": each.expected, "found": each.found}
            for each in outcome.failures
        ],
    }


def _print_outcome(outcome: Outcome) -> None:
    mark = "passed" if outcome.passed else "FAILED"
    out.print(f"{mark}  {outcome.scenario}  ({outcome.acts} acts)", markup=False)
    for failure in outcome.failures:
        place = f"{outcome.file}:{failure.line}"
        out.print(f"  {place}: expected {failure.expected}; found {failure.found}", markup=False)


@app.command()
def play(
    key: Annotated[str, typer.Argument(help="The process, for instance innovation-partnership.")],
    name: Annotated[str, typer.Option("--scenario", help="Which of its scenarios.")],
    as_json: AsJson = False,
) -> None:
    """Run one procurement from start to end and print its course."""
    root = content_root()
    found = find_scenario(read_scenarios(root / "processes" / key), name)
    (outcome,) = run_together([(found, root)], load_files)
    if as_json:
        _print_json(
            {
                **_outcome_json(outcome),
                "course": [
                    {"at": line.at.isoformat(), "text": line.text, "branch": line.scope}
                    for line in outcome.course
                ],
            }
        )
    else:
        _print_course(outcome)
    raise typer.Exit(0 if outcome.passed else 1)


def _print_course(outcome: Outcome) -> None:
    day = ""
    for line in outcome.course:
        local = line.at.astimezone(OSLO)
        if f"{local:%d.%m.%Y}" != day:
            day = f"{local:%d.%m.%Y}"
            out.print(day, style="bold")
        branch = f"  [{line.scope}]" if line.scope else ""
        out.print(f"  {local:%H:%M}  {line.text}{branch}", markup=False)
    out.print(f"{outcome.status}")
    _print_outcome(outcome)


@app.command(name="list")
def list_procurements(as_json: AsJson = False) -> None:
    """Every procurement of this installation."""
    parts = build(Settings.from_environment())
    with parts.store.reader() as connection:
        rows = every_procurement(connection)
    parts.close()
    if as_json:
        _print_json([row.as_json() for row in rows])
        return
    table = Table("Reference", "Title", "Procedure", "Phase", "Status", "Started")
    for row in rows:
        started = f"{row.created_at.astimezone(OSLO):%d.%m.%Y}"
        table.add_row(row.reference, row.title, row.procedure, row.phase, row.status, started)
    out.print(table)


@app.command()
def tck(
    directory: Annotated[Path, typer.Argument(help="The TestCases folder of the DMN TCK.")],
    as_json: AsJson = False,
) -> None:
    """Run the DMN conformance kit: each miss, and what passes by level."""
    report = run_tck(directory)
    if as_json:
        levels = {
            str(level): {"passed": count.passed, "total": count.total, "share": count.share}
            for level, count in report.levels.items()
        }
        _print_json({"levels": levels, "misses": [asdict(miss) for miss in report.misses]})
        return
    for miss in report.misses:
        out.print(f"{miss.key}: expected {miss.expected}, got {miss.got}", markup=False)
    for level, count in sorted(report.levels.items()):
        out.print(f"level {level}: {count.passed} of {count.total} ({100 * count.share:.1f} %)")


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
        _fail("The harness is not installed: run this from a checkout of the source.")
        return
    figures = harness.run(harness.FULL if full else harness.SHORT)
    if as_json:
        _print_json(harness.as_json(figures))
    else:
        out.print(harness.as_table(figures))


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


@audit.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported record; without it, the database.")
    ] = None,
) -> None:
    """Check every entry of the record; names the first bad one and exits 1."""
    parts = build(Settings.from_environment())
    keys = (parts.store.signer.verifier_key,)
    if file is not None:
        verdicts = [verify_file(file, keys)]
    else:
        with parts.store.reader() as connection:
            verdicts = list(verify_database(connection, keys))
    parts.close()
    for verdict in verdicts:
        out.print(str(verdict), markup=False)
    bad = [verdict for verdict in verdicts if not verdict.ok]
    entries = sum(verdict.entries for verdict in verdicts)
    result = f"{len(bad)} do not verify" if bad else "all verify"
    out.print(f"{len(verdicts)} chain(s), {entries} entries: {result}.")
    raise typer.Exit(1 if bad else 0)


@audit.command()
def export(
    reference: Annotated[str, typer.Argument(help="The procurement's reference.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
) -> None:
    """Write one procurement's record as a file that verifies itself."""
    parts = build(Settings.from_environment())
    keys = (parts.store.signer.verifier_key,)
    with parts.store.reader() as connection:
        count = export_chain(connection, reference, keys, output, parts.clock.now())
    parts.close()
    out.print(f"{output}: {count} entries of {reference}. Check it: pivotal audit verify {output}")


@audit.command()
def key() -> None:
    """Print the public key that checkpoints are verified with."""
    parts = build(Settings.from_environment())
    out.print(str(parts.store.signer.verifier_key), markup=False)
    parts.close()
