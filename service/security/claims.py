"""What a provider's claims mean here: who it is, in which roles, and how sure that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.actor import Grant
from service.sign_in import Provider

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for, in this installation's words.

    `identity` are the values that name the person there for ever; `known_as` and `join` are "" when
    the provider's settings or claims do not give them.
    """

    identity: tuple[str, ...]
    name: str
    email: str
    known_as: str
    join: str
    roles: tuple[Grant, ...]
    level: int


def read_claims(provider: Provider, claims: Claims) -> Vouched:
    """Apply the provider's tables; an identity with an empty part is the caller's to refuse."""
    return Vouched(
        identity=tuple(_first(claims, claim) for claim in provider.identity),
        name=_first(claims, provider.name_claim)[:200],
        email=_first(claims, provider.email_claim)[:200],
        known_as=_known_as(provider, claims),
        join=_join(provider, claims),
        roles=_roles(provider, claims),
        level=level_of(provider, claims),
    )


def level_of(provider: Provider, claims: Claims) -> int:
    """The highest level that a value of the level claim is worth; one that is not known is worth
    nothing."""
    found = set(values_of(claims, provider.level_claim))
    known = [each.level for each in provider.levels if each.value in found]
    return max(known, default=provider.base_level)


def values_of(claims: Claims, path: str) -> list[str]:
    """The values at a path of names with dots between, such as `realm_access.roles`; lists on the
    way are gone into. A claim whose own name has dots is found first."""
    if path in claims:
        return list(_leaves(claims[path]))
    return list(_leaves(_follow(claims, path.split("."))))


def _follow(value: Any, names: list[str]) -> Any:
    if not names:
        return value
    if isinstance(value, list):
        return [_follow(each, names) for each in value]
    return _follow(value.get(names[0]), names[1:]) if isinstance(value, Mapping) else None


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str | int):
        yield str(value)


def _first(claims: Claims, path: str) -> str:
    return next(iter(values_of(claims, path)), "").strip()


def _known_as(provider: Provider, claims: Claims) -> str:
    """The user name to look for. An address counts only when the provider has seen that it is the
    person's own."""
    if not provider.username_claim:
        return ""
    is_address = provider.username_claim == provider.email_claim
    if is_address and not provider.email_is_verified and claims.get("email_verified") is not True:
        return ""
    return _first(claims, provider.username_claim)[:120]


def _join(provider: Provider, claims: Claims) -> str:
    return next(
        (
            each.organisation
            for each in provider.join
            if not each.claim or each.value in values_of(claims, each.claim)
        ),
        "",
    )


def _roles(provider: Provider, claims: Claims) -> tuple[Grant, ...]:
    given = {
        Grant(each.organisation, each.role)
        for each in provider.roles
        if each.value in values_of(claims, each.claim)
    }
    return tuple(sorted(given, key=lambda grant: (grant.organisation, grant.role)))
