"""What claims mean: values at paths, roles by the table, levels, and who may be taken for whom."""

from typing import Any

import pytest

from engine.model.actor import Grant
from service.security.claims import read_claims, values_of
from service.sign_in import Join, LevelByValue, Provider, RoleByClaim


def provider(**values: Any) -> Provider:
    least = {
        "key": "test",
        "name": "Test",
        "issuer": "https://op.test",
        "client_id": "pivotal",
        "secret_file": "/nowhere",
    }
    return Provider(**{**least, **values})


LEADS = RoleByClaim(claim="groups", value="leads", role="procurement-lead", organisation="town")
AUDITS = RoleByClaim(claim="groups", value="audits", role="auditor", organisation="county")


@pytest.mark.parametrize(
    ("claims", "path", "values"),
    [
        ({"groups": ["a", "b"]}, "groups", ["a", "b"]),
        ({"groups": "a"}, "groups", ["a"]),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ["a"]),
        ({"realm.access": ["a"], "realm": {"access": ["b"]}}, "realm.access", ["a"]),
        ({"parties": [{"org": {"id": "1"}}, {"org": {"id": "2"}}]}, "parties.org.id", ["1", "2"]),
        ({"parties": [{"org": {"id": "1"}}, {"other": 1}, 3]}, "parties.org.id", ["1"]),
        ({}, "groups", []),
        ({"groups": None}, "groups", []),
        ({"groups": {"a": 1}}, "groups", []),
        ({"n": 3}, "n", ["3"]),
    ],
)
def test_values_stand_at_a_path(claims: dict[str, Any], path: str, values: list[str]) -> None:
    assert values_of(claims, path) == values


def test_the_table_of_roles_says_who_holds_what() -> None:
    found = read_claims(provider(roles=(LEADS, AUDITS)), {"sub": "1", "groups": ["leads", "more"]})

    assert found.roles == (Grant("town", "procurement-lead"),)


def test_a_value_that_only_begins_alike_gives_nothing() -> None:
    found = read_claims(provider(roles=(LEADS,)), {"sub": "1", "groups": ["leads-of-nothing"]})

    assert found.roles == ()


def test_the_first_line_that_fits_says_where_somebody_new_belongs() -> None:
    asked = provider(
        join=(
            Join(organisation="county", claim="groups", value="county"),
            Join(organisation="town"),
        )
    )

    assert read_claims(asked, {"sub": "1", "groups": ["county"]}).join == "county"
    assert read_claims(asked, {"sub": "1"}).join == "town"
    assert read_claims(provider(), {"sub": "1"}).join == ""


@pytest.mark.parametrize(
    ("claims", "level"),
    [
        ({"acr": "high"}, 3),
        ({"acr": "substantial"}, 2),
        ({"acr": ["substantial", "high"]}, 3),
        ({"acr": "HIGH"}, 0),
        ({"acr": "something new"}, 0),
        ({}, 0),
    ],
)
def test_a_level_that_is_not_known_is_worth_nothing(claims: dict[str, Any], level: int) -> None:
    levels = (LevelByValue(value="substantial", level=2), LevelByValue(value="high", level=3))

    assert read_claims(provider(levels=levels), claims).level == level


def test_without_levels_a_sign_in_is_worth_the_lowest_or_what_is_said() -> None:
    assert read_claims(provider(), {}).level == 1
    assert read_claims(provider(level_otherwise=2), {}).level == 2


@pytest.mark.parametrize(
    ("claims", "trusted", "known_as"),
    [
        ({"email": "a@x.test", "email_verified": True}, False, "a@x.test"),
        ({"email": "a@x.test", "email_verified": "true"}, False, ""),
        ({"email": "a@x.test"}, False, ""),
        ({"email": "a@x.test"}, True, "a@x.test"),
    ],
)
def test_an_address_names_somebody_only_when_it_is_the_persons_own(
    claims: dict[str, Any], trusted: bool, known_as: str
) -> None:
    asked = provider(username_claim="email", email_is_verified=trusted)

    assert read_claims(asked, claims).known_as == known_as


def test_an_identity_of_several_claims_is_whole_or_nothing() -> None:
    asked = provider(identity=("tid", "oid"))

    assert read_claims(asked, {"tid": "t", "oid": "o"}).identity == ("t", "o")
    assert read_claims(asked, {"oid": "o"}).identity == ("", "o")
