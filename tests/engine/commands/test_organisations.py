"""In which language an organisation writes its letters."""

import pytest

from engine.commands.organisations import AddOrganisation, SetLetterLanguage
from engine.errors import ForbiddenError, InvalidInputError
from engine.model.actor import SYSTEM
from engine.store.people import letter_language
from tests.support.platform import TOWN, Platform


def language_of(platform: Platform, organisation: str) -> str:
    with platform.store.reader() as connection:
        return letter_language(connection, organisation)


def test_it_is_bokmaal_until_somebody_says_another(any_platform: Platform) -> None:
    before = language_of(any_platform, TOWN)
    any_platform.bus.handle(SetLetterLanguage(TOWN, "nn"), SYSTEM)

    assert (before, language_of(any_platform, TOWN)) == ("nb", "nn")


def test_it_can_be_said_when_the_organisation_is_added(any_platform: Platform) -> None:
    added = AddOrganisation("fjord", "Fjord", "municipality", "910000000", language="nn")
    any_platform.bus.handle(added, SYSTEM)

    assert language_of(any_platform, "fjord") == "nn"


@pytest.mark.parametrize(
    "command",
    [
        SetLetterLanguage(TOWN, "se"),
        AddOrganisation("fjord", "Fjord", "municipality", "910000000", language="norsk"),
    ],
)
def test_a_language_without_texts_is_refused_with_those_there_are(
    platform: Platform, command: SetLetterLanguage | AddOrganisation
) -> None:
    with pytest.raises(InvalidInputError, match="Use one of nb, nn, en"):
        platform.bus.handle(command, SYSTEM)

    assert language_of(platform, TOWN) == "nb"


@pytest.mark.parametrize("person", ["lead", "owner", "stranger"])
def test_only_who_administers_the_organisation_may_say_it(platform: Platform, person: str) -> None:
    with pytest.raises(ForbiddenError):
        platform.bus.handle(SetLetterLanguage(TOWN, "nn"), platform.actor(person))

    assert language_of(platform, TOWN) == "nb"
