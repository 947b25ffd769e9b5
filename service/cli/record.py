"""Commands for who checks the record: verify it, hand it out."""

from pathlib import Path
from typing import Annotated

import typer

from engine.queries.verification import export_chain, verify_database, verify_file
from service.cli.printing import out
from service.settings import Settings
from service.wiring import build

app = typer.Typer()
audit = typer.Typer(help="The record: verify it, hand it out.", no_args_is_help=True)
app.add_typer(audit, name="audit")


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
