"""Who may vouch for people: the providers of OpenID Connect, as one TOML file lists them.

Everything about a provider is data here: how it is reached, who somebody is there, what claims are
worth as roles, how sure its levels are. `docs/sign-in.md` explains each name, with examples.
"""

import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.access.policy import SCOPES, Action
from engine.access.rules import GRANTED_ROLES
from engine.errors import InvalidInputError
from engine.model.actor import HIGHEST_LEVEL, Grant

NO_PROVIDER: Final = "demonstration"
"""How the demonstration's own way in is called; no provider may have this key."""

_KEY: Final = r"^[a-z][a-z0-9-]{0,39}$"
_OF_PEOPLE: Final = frozenset(action for actions in SCOPES.values() for action in actions)

Text = Annotated[str, Field(min_length=1, max_length=400)]
Level = Annotated[int, Field(ge=0, le=HIGHEST_LEVEL)]


class _Part(BaseModel):
    """Nothing in the file is ignored in silence: a name that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Join(_Part):
    """People of the provider whose `claim` has the `value` (everybody, without a claim) are put in
    the organisation when they come for the first time."""

    organisation: Text
    claim: str = ""
    value: str = ""


class RoleByClaim(_Part):
    """Whoever's `claim` has the `value` holds the role in the organisation."""

    claim: Text
    value: Text
    role: Text
    organisation: Text

    @model_validator(mode="after")
    def _known_role(self) -> Self:
        if self.role not in GRANTED_ROLES:
            known = ", ".join(sorted(GRANTED_ROLES))
            raise ValueError(f"no organisation grants '{self.role}'; use one of {known}")
        return self


class LevelByValue(_Part):
    """What a value of the level claim is worth; `parameters` ask for it where `acr_values` does
    not."""

    value: Text
    level: Level
    parameters: Mapping[str, str] = {}


class Provider(_Part):
    """One provider. `key` stands in addresses and in the record, and never changes."""

    key: Annotated[str, Field(pattern=_KEY)]
    name: Text | Mapping[Literal["nb", "nn", "en"], Text]
    issuer: Text
    client_id: Text
    client_auth: Literal["client_secret_basic", "client_secret_post", "private_key_jwt"] = (
        "client_secret_basic"
    )
    secret_file: Text
    key_id: str = ""
    assertion_audience: str = ""
    scopes: tuple[Text, ...] = ("openid", "profile", "email")
    parameters: Mapping[str, str] = {}
    userinfo: bool = False
    identity: Annotated[tuple[Text, ...], Field(min_length=1)] = ("sub",)
    name_claim: Text = "name"
    email_claim: Text = "email"
    email_is_verified: bool = False
    username_claim: str = ""
    join: tuple[Join, ...] = ()
    roles: tuple[RoleByClaim, ...] = ()
    level_claim: Text = "acr"
    levels: tuple[LevelByValue, ...] = ()
    level_otherwise: Level | None = None
    least_level: Level = 1
    clock_skew_seconds: Annotated[int, Field(ge=0, le=300)] = 60
    logout: bool = True

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.key == NO_PROVIDER:
            raise ValueError(f"the key '{NO_PROVIDER}' is taken by the demonstration")
        if not is_safe(self.issuer):
            raise ValueError("the issuer must begin with https:// (http:// only on this machine)")
        if "openid" not in self.scopes:
            raise ValueError("the scopes must include 'openid'")
        return self

    @property
    def base_level(self) -> int:
        """What a sign-in without a known level is worth."""
        if self.level_otherwise is not None:
            return self.level_otherwise
        return 0 if self.levels else 1

    @property
    def grants(self) -> frozenset[Grant]:
        """Every role that its claims can give."""
        return frozenset(Grant(each.organisation, each.role) for each in self.roles)

    def secret(self) -> str:
        """The client's secret or private key, read anew each time so that it can be changed.

        Raises InvalidInputError when the file cannot be read or is empty.
        """
        try:
            found = Path(self.secret_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            found = ""
        if not found:
            raise InvalidInputError(
                f"The secret of the sign-in '{self.key}' cannot be read from {self.secret_file}.",
                setting="PIVOTAL_SIGN_IN",
                file=self.secret_file,
            )
        return found


class SignIn(_Part):
    """The whole file. `levels` is the least level that an action asks for, by its name."""

    providers: tuple[Provider, ...] = ()
    levels: Mapping[str, Level] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [each.key for each in self.providers]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"the key '{twice[0]}' is used twice")
        unknown = sorted(self.levels.keys() - set(map(str, _OF_PEOPLE)))
        if unknown:
            known = ", ".join(sorted(map(str, _OF_PEOPLE)))
            raise ValueError(f"'{unknown[0]}' is no action; use some of {known}")
        return self

    @property
    def actions(self) -> dict[Action, int]:
        """The levels by action."""
        return {Action(name): level for name, level in self.levels.items()}

    @property
    def organisations(self) -> frozenset[str]:
        """Every organisation that the file speaks of."""
        return frozenset(
            organisation
            for provider in self.providers
            for organisation in (
                *(each.organisation for each in provider.join),
                *(each.organisation for each in provider.roles),
            )
        )

    def find(self, key: str) -> Provider | None:
        return next((each for each in self.providers if each.key == key), None)


NOBODY: Final = SignIn()
"""Without a file, no provider vouches for anybody."""


def read_sign_in(path: Path) -> SignIn:
    """The file's content; raises InvalidInputError with the place and the reason."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _unusable(path, f"it cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unusable(path, str(error)) from error
    providers = given.get("providers", {})
    if not isinstance(providers, dict):
        raise _unusable(path, "providers: write each as a table [providers.<key>]")
    listed = [{"key": key, **_table(values)} for key, values in providers.items()]
    try:
        return SignIn.model_validate_json(_json({**given, "providers": listed}))
    except ValidationError as error:
        raise _unusable(path, "; ".join(_places(error, listed))) from error


def is_safe(address: str) -> bool:
    """Whether what is sent there can be read by nobody on the way."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _table(values: Any) -> dict[str, Any]:
    return values if isinstance(values, dict) else {"name": values}


def _json(value: Any) -> bytes:
    """JSON lets lists stand for tuples, and nothing else for anything else."""
    return orjson.dumps(value, default=str)


def _places(error: ValidationError, listed: list[dict[str, Any]]) -> list[str]:
    """Each fault with its place as it is written in the file."""
    return [f"{_place(each['loc'], listed)}: {_reason(each['msg'])}" for each in error.errors()]


def _place(loc: tuple[int | str, ...], listed: list[dict[str, Any]]) -> str:
    if len(loc) > 1 and loc[0] == "providers" and isinstance(loc[1], int):
        loc = ("providers", listed[loc[1]]["key"], *loc[2:])
    return ".".join(map(str, loc)) or "the file"


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")


def _unusable(path: Path, reason: str) -> InvalidInputError:
    return InvalidInputError(
        f"PIVOTAL_SIGN_IN names {path}, which cannot be used: {reason}.", setting="PIVOTAL_SIGN_IN"
    )
