"""Letting in whom a provider vouches for."""

from collections.abc import Callable

import pytest

from engine.commands.identities import AdmitPerson, LinkIdentity
from engine.commands.organisations import GrantRole, RevokeRole
from engine.errors import NotFoundError, PersonUnknownError, RejectedError, SignInRefusedError
from engine.model.actor import SYSTEM, Grant
from tests.support.platform import ELSEWHERE, TOWN, Platform

SUBJECT = "a" * 64
OTHER = "b" * 64
LEAD = Grant(TOWN, "procurement-lead")
AUDITOR = Grant(TOWN, "auditor")

Admit = Callable[..., str]


@pytest.fixture
def admit(any_platform: Platform) -> Admit:
    def admitted(subject: str = SUBJECT, **values: object) -> str:
        command = AdmitPerson("entra", subject, "Kari Ny", "kari@x.test", **values)  # type: ignore[arg-type]
        return str(any_platform.bus.handle(command, SYSTEM)["person"])

    return admitted


def test_somebody_unknown_is_refused_with_a_reference_that_can_be_linked(
    any_platform: Platform, admit: Admit
) -> None:
    with pytest.raises(PersonUnknownError) as refusal:
        admit()

    reference = refusal.value.details["reference"]
    any_platform.bus.handle(LinkIdentity("stranger", "entra", reference), SYSTEM)

    assert admit() == "stranger"


def test_somebody_new_joins_the_organisation_that_the_provider_names(
    any_platform: Platform, admit: Admit
) -> None:
    key = admit(join=TOWN, roles=(LEAD,))

    actor = any_platform.actor(key)
    assert (actor.name, actor.organisation) == ("Kari Ny", TOWN)
    assert actor.grants == {LEAD}
    assert admit(join=TOWN, roles=(LEAD,)) == key
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_person_who_is_listed_is_recognised_by_user_name_once(admit: Admit) -> None:
    assert admit(known_as="stranger") == "stranger"
    assert admit() == "stranger"

    with pytest.raises(SignInRefusedError):
        admit(OTHER, known_as="stranger")


def test_one_identity_cannot_be_two_persons(any_platform: Platform, admit: Admit) -> None:
    admit(known_as="stranger")

    with pytest.raises(SignInRefusedError):
        any_platform.bus.handle(LinkIdentity("owner", "entra", SUBJECT), SYSTEM)


def test_a_name_that_is_taken_makes_no_second_person_of_that_name(
    any_platform: Platform, admit: Admit
) -> None:
    first = admit(join=TOWN)
    second = admit(OTHER, join=TOWN)

    assert first != second
    assert any_platform.actor(second).name == "Kari Ny"


def test_roles_follow_the_claims_from_sign_in_to_sign_in_and_stand_in_the_record(
    any_platform: Platform, admit: Admit
) -> None:
    key = admit(join=TOWN, roles=(LEAD,))

    admit(join=TOWN, roles=(AUDITOR, Grant(ELSEWHERE, "auditor")))

    assert any_platform.actor(key).grants == {AUDITOR, Grant(ELSEWHERE, "auditor")}
    assert any_platform.entries(TOWN)[-5:] == [
        "PersonAdded",
        "IdentityLinked",
        "RoleGranted",
        "RoleGranted",
        "RoleRevoked",
    ]
    assert any_platform.entries(ELSEWHERE)[-1] == "RoleGranted"
    assert all(verdict.ok for verdict in any_platform.verify())


def test_the_same_claims_again_leave_no_entry(any_platform: Platform, admit: Admit) -> None:
    admit(join=TOWN, roles=(LEAD,))
    before = any_platform.entries(TOWN)

    admit(join=TOWN, roles=(LEAD,))

    assert any_platform.entries(TOWN) == before


def test_what_an_administrator_granted_is_not_taken_by_claims_nor_the_other_way_round(
    any_platform: Platform, admit: Admit
) -> None:
    key = admit(join=TOWN, roles=(LEAD,))
    any_platform.bus.handle(GrantRole(key, TOWN, "procurement-lead"), SYSTEM)

    admit(join=TOWN)

    assert any_platform.actor(key).grants == {LEAD}
    any_platform.bus.handle(RevokeRole(key, TOWN, "procurement-lead"), SYSTEM)
    assert any_platform.actor(key).grants == frozenset()


def test_a_role_from_claims_is_taken_away_at_the_provider(
    any_platform: Platform, admit: Admit
) -> None:
    key = admit(join=TOWN, roles=(LEAD,))

    with pytest.raises(RejectedError, match="comes from entra"):
        any_platform.bus.handle(RevokeRole(key, TOWN, "procurement-lead"), SYSTEM)


def test_a_role_in_an_organisation_that_is_not_there_lets_nobody_in(
    any_platform: Platform, admit: Admit
) -> None:
    before = any_platform.entries(TOWN)

    with pytest.raises(NotFoundError):
        admit(join=TOWN, roles=(Grant("nowhere", "auditor"),))

    assert any_platform.entries(TOWN) == before
