"""From a provider's word to a session here, and from its logout to none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from engine.clock import Clock
from engine.commands.identities import AdmitPerson
from engine.errors import LevelTooLowError, NotFoundError
from engine.model.actor import SYSTEM
from engine.store import sessions as stored
from service.keyfiles import read_secret
from service.security import sessions
from service.security.attempts import Attempt
from service.security.claims import Claims, Vouched, read_claims
from service.security.openid import OpenId, TokenRefusedError
from service.security.secrets import keyed_hash
from service.security.sessions import Entrance
from service.settings import Settings
from service.sign_in import Provider
from service.wiring import Parts

CALLBACK: Final = "/sign-in/{key}/callback"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Providers:
    """Every provider that vouches for people here, in the order of the file."""

    by_key: Mapping[str, OpenId]

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "Providers":
        return cls(
            {
                each.key: OpenId(each, clock, settings.base_url + CALLBACK.format(key=each.key))
                for each in settings.sign_in.providers
            }
        )

    def get(self, key: str) -> OpenId:
        """Raises NotFoundError."""
        if key not in self.by_key:
            raise NotFoundError("provider", key)
        return self.by_key[key]

    def reaching(self, level: int) -> list[Provider]:
        """Those that can vouch at this level."""
        return [each.provider for each in self.by_key.values() if _highest(each.provider) >= level]


def _highest(provider: Provider) -> int:
    return max((each.level for each in provider.levels), default=provider.base_level)


def begin(
    openid: OpenId, next_page: str, level: int, *, guest: bool = False
) -> tuple[str, Attempt]:
    """Where the browser goes, and what it must bring back; asks for no less than `level` and the
    provider's own least one."""
    attempt = Attempt.begin(openid.provider.key, next_page, level, guest=guest)
    address = openid.authorization_address(
        attempt.state, attempt.nonce, attempt.verifier, _asking_for(openid.provider, level)
    )
    return address, attempt


def _asking_for(provider: Provider, level: int) -> dict[str, str]:
    """How the lowest sufficient level is asked for, where any sign-in is not worth that much;
    whoever wants more than usual signs in anew."""
    least = max(level, provider.least_level)
    enough = sorted(
        (each for each in provider.levels if each.level >= least), key=lambda each: each.level
    )
    if provider.base_level >= least or not enough:
        return {}
    wanted = enough[0]
    asked = dict(wanted.parameters) or {"acr_values": wanted.value}
    return {**asked, "prompt": "login"} if level else asked


def complete(parts: Parts, openid: OpenId, code: str, attempt: Attempt, instead_of: str) -> str:
    """Exchange the code and let the person in; the new session's cookie is the answer.

    Raises TokenRefusedError, ProviderUnavailableError, LevelTooLowError, PersonUnknownError or
    SignInRefusedError.
    """
    provider = openid.provider
    tokens = openid.exchange(code, attempt.verifier, attempt.nonce)
    vouched = read_claims(provider, tokens.claims)
    _require_level(provider, vouched, attempt.level)
    hashed = _Hashing(parts, provider)
    command = AdmitPerson(
        provider=provider.key,
        subject=hashed.identity(vouched),
        name=vouched.name,
        email=vouched.email,
        known_as=vouched.known_as,
        join=vouched.join,
        roles=vouched.roles,
    )
    person = str(parts.bus.handle(command, SYSTEM)["person"])
    entrance = Entrance(
        provider=provider.key,
        level=vouched.level,
        subject=hashed.subject(tokens.claims),
        provider_session=hashed.session(tokens.claims),
        id_token=tokens.id_token,
    )
    value = sessions.sign_in(parts, person, entrance, instead_of=instead_of)
    log.info("signed in", provider=provider.key, person=person, assurance=vouched.level)
    return value


def identify(parts: Parts, openid: OpenId, code: str, attempt: Attempt) -> str:
    """The keyed hash of who it is at the provider, where nobody is to be let into an organisation.

    Raises TokenRefusedError, ProviderUnavailableError or LevelTooLowError.
    """
    tokens = openid.exchange(code, attempt.verifier, attempt.nonce)
    vouched = read_claims(openid.provider, tokens.claims)
    _require_level(openid.provider, vouched, attempt.level)
    return _Hashing(parts, openid.provider).identity(vouched)


def _require_level(provider: Provider, vouched: Vouched, wanted: int) -> None:
    needed = max(provider.least_level, wanted)
    if vouched.level < needed:
        raise LevelTooLowError(
            f"This asks for a sign-in at level {needed}; {provider.key} vouched at level"
            f" {vouched.level}. Sign in with a safer method, such as an electronic ID.",
            action="sign in",
            needed=needed,
            level=vouched.level,
        )


def end_sessions(parts: Parts, openid: OpenId, logout_token: str) -> None:
    """The provider has ended the person's session there: those here that rest on it end now.

    Raises TokenRefusedError. Sessions begun after the token was made stay: a token that somebody
    sends again ends nothing more.
    """
    claims = openid.check_logout_token(logout_token)
    hashed = _Hashing(parts, openid.provider)
    made = datetime.fromtimestamp(claims["iat"], UTC)
    before = made + timedelta(seconds=openid.provider.clock_skew_seconds)
    with parts.store.unit_of_work() as work:
        count = stored.remove_of_provider(
            work,
            openid.provider.key,
            hashed.subject(claims),
            hashed.session(claims),
            before,
        )
    log.info("signed out by the provider", provider=openid.provider.key, sessions=count)


@dataclass(frozen=True, slots=True)
class _Hashing:
    """Names of persons and sessions at a provider, as they are stored."""

    parts: Parts
    provider: Provider

    def identity(self, vouched: Vouched) -> str:
        if not all(vouched.identity):
            log.warning("no identity", provider=self.provider.key, claims=self.provider.identity)
            raise TokenRefusedError(
                f"{self.provider.key} does not say who you are in the way that was agreed. Tell"
                " your administrator.",
                provider=self.provider.key,
            )
        return self._hash("identity", *vouched.identity)

    def subject(self, claims: Claims) -> str:
        return self._hash("subject", str(claims["sub"])) if claims.get("sub") else ""

    def session(self, claims: Claims) -> str:
        return self._hash("session", str(claims["sid"])) if claims.get("sid") else ""

    def _hash(self, purpose: str, *values: str) -> str:
        secret = read_secret(self.parts.settings.secret_key)
        return keyed_hash(secret, purpose, self.provider.issuer, *values)
