"""What an operator types before anybody can sign in: organisations, persons, who is who there."""

from typing import Annotated, Final

import typer

from engine.access.rules import GRANTED_ROLES
from engine.commands.bus import Command
from engine.commands.identities import LinkIdentity
from engine.commands.organisations import (
    AddOrganisation,
    AddPerson,
    GrantRole,
    RevokeRole,
    SetLetterLanguage,
)
from engine.errors import InvalidInputError, NotFoundError
from engine.model.actor import SYSTEM
from engine.store.people import find_organisation, find_username
from service.cli.printing import out
from service.settings import Settings
from service.wiring import Parts, build

app = typer.Typer()
organisation = typer.Typer(help="Organisations: add, language.", no_args_is_help=True)
person = typer.Typer(help="Persons: add, link, grant, revoke.", no_args_is_help=True)
app.add_typer(organisation, name="organisation")
app.add_typer(person, name="person")

Username = Annotated[str, typer.Argument(help="The person's user name.")]
Organisation = Annotated[str, typer.Argument(help="The organisation's id.")]
_LANGUAGE: Final = "nb (bokmål), nn (nynorsk) or en (English)"
Role = Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(GRANTED_ROLES))}.")]


@organisation.command(name="add")
def add_organisation(
    key: Annotated[str, typer.Argument(help="Its id, which never changes: fiktiv-kommune.")],
    name: Annotated[str, typer.Argument(help="What people call it.")],
    number: Annotated[str, typer.Argument(help="Its organisation number.")],
    kind: Annotated[str, typer.Option(help="county, municipality or body.")] = "municipality",
    parent: Annotated[str, typer.Option(help="The id of its county.")] = "",
    language: Annotated[str, typer.Option(help=f"{_LANGUAGE}, of its letters.")] = "nb",
) -> None:
    """Add an organisation."""
    _handle(AddOrganisation(key, name, kind, number, parent, language))
    out.print(f"{name} is here as {key}.")


@organisation.command(name="language")
def set_language(
    key: Organisation,
    language: Annotated[str, typer.Argument(help=f"{_LANGUAGE}.")],
) -> None:
    """Say in which language its letters to suppliers go out from now on."""
    _handle(SetLetterLanguage(key, language))
    out.print(f"{key} writes its letters in {language}.")


@person.command(name="add")
def add_person(
    organisation_key: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Its id.")],
    username: Username,
    name: Annotated[str, typer.Argument(help="The person's name.")],
    email: Annotated[str, typer.Option(help="Where letters go.")] = "",
) -> None:
    """List a person, whom a provider may know by the user name."""
    _handle(AddPerson(organisation_key, name, username, email))
    out.print(f"{name} is listed as {username}.")


@person.command()
def link(
    username: Username,
    provider: Annotated[str, typer.Argument(help="Its key in the settings.")],
    reference: Annotated[str, typer.Argument(help="What the refused sign-in showed.")],
) -> None:
    """Say who somebody is at a provider."""
    _handle(LinkIdentity(username, provider, reference))
    out.print(f"{username} can sign in with {provider}.")


@person.command()
def grant(username: Username, organisation_key: Organisation, role: Role) -> None:
    """Give a person a role in a whole organisation."""
    _handle_for(username, organisation_key, role, GrantRole)
    out.print(f"{username} is {role} of {organisation_key}.")


@person.command()
def revoke(username: Username, organisation_key: Organisation, role: Role) -> None:
    """Take back a role that was given here."""
    _handle_for(username, organisation_key, role, RevokeRole)
    out.print(f"{username} is not {role} of {organisation_key}.")


def _handle(command: Command) -> None:
    parts = build(Settings.from_environment())
    try:
        parts.bus.handle(command, SYSTEM)
    finally:
        parts.close()


def _handle_for(
    username: str, organisation_key: str, role: str, kind: type[GrantRole] | type[RevokeRole]
) -> None:
    if role not in GRANTED_ROLES:
        raise InvalidInputError(
            f"'{role}' is no role of organisations. Use one of {', '.join(sorted(GRANTED_ROLES))}.",
            role=role,
        )
    parts = build(Settings.from_environment())
    try:
        with parts.store.reader() as connection:
            found = find_username(connection, username)
        if found is None:
            raise NotFoundError("person", username)
        parts.bus.handle(kind(found.id, organisation_key, role), SYSTEM)
    finally:
        parts.close()


def require_known_organisations(parts: Parts) -> None:
    """Raises InvalidInputError when the settings of the sign-in speak of one that is not here: its
    people would be turned away at the door."""
    with parts.store.reader() as connection:
        missing = [
            each
            for each in sorted(parts.settings.sign_in.organisations)
            if find_organisation(connection, each) is None
        ]
    if missing:
        raise InvalidInputError(
            f"PIVOTAL_SIGN_IN speaks of the organisation '{missing[0]}', which is not here. Add it"
            f" with: pivotal organisation add {missing[0]} NAME NUMBER",
            setting="PIVOTAL_SIGN_IN",
        )
