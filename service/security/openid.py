"""Talking with one provider: what it says of itself, its keys, codes for tokens, tokens checked.

Authlib speaks the protocol; here is what is asked of it, and how long an answer is relied on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

import httpx2
import structlog
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from engine.clock import Clock
from engine.errors import EngineError, ForbiddenError
from service.sign_in import Provider, is_safe

METADATA_FOR: Final = timedelta(hours=1)
KEYS_AGAIN_AFTER: Final = timedelta(seconds=30)
TIMEOUT: Final = httpx2.Timeout(10, connect=5)
LOGOUT_FOR: Final = timedelta(minutes=5)
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Signatures by the provider's private key alone; a shared secret or none would prove nothing."""
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ID_TOKEN_TYPES: Final = frozenset({None, "JWT", "jwt"})
_LOGOUT_TYPES: Final = _ID_TOKEN_TYPES | {"logout+jwt"}

log = structlog.get_logger()
Claims = Mapping[str, Any]


class ProviderUnavailableError(EngineError):
    """The provider does not answer, or says of itself what cannot be used."""

    code = "provider-unavailable"


class TokenRefusedError(ForbiddenError):
    """What came back from the provider does not prove who it is; the log says why."""

    code = "sign-in-failed"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code was exchanged for: the ID token as it came, and its claims once checked."""

    id_token: str
    claims: Claims


@dataclass(slots=True)
class OpenId:
    """One provider as it is reached, with what it said of itself an hour ago at most."""

    provider: Provider
    clock: Clock
    redirect_uri: str
    _metadata: dict[str, Any] | None = None
    _metadata_at: datetime | None = None
    _keys: KeySet | None = None
    _keys_at: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def authorization_address(
        self, state: str, nonce: str, verifier: str, parameters: Mapping[str, str]
    ) -> str:
        """Where the browser goes to sign in."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                **{**self.provider.parameters, **parameters},
            )
        return str(address)

    def check_issuer(self, issuer: str) -> None:
        """An answer says whose it is, where the provider promises so (RFC 9207)."""
        promised = self.metadata().get("authorization_response_iss_parameter_supported")
        if issuer != self.provider.issuer and (issuer or promised):
            raise self._refused("the answer is another provider's")

    def exchange(self, code: str, verifier: str, nonce: str) -> Tokens:
        """The tokens for a code. Raises TokenRefusedError or ProviderUnavailableError."""
        with self._client() as client:
            try:
                answer = client.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self.redirect_uri,
                )
            except OAuthError as error:
                raise self._refused(f"the code was refused: {error.error}") from error
            except (httpx2.HTTPError, ValueError) as error:
                raise self._unavailable(error) from error
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise self._refused("no ID token came back")
        claims = self.check_id_token(id_token, nonce, str(answer.get("access_token", "")))
        if self.provider.userinfo:
            claims = {**self._userinfo(str(answer.get("access_token", "")), claims), **claims}
        return Tokens(id_token, claims)

    def check_id_token(self, id_token: str, nonce: str, access_token: str) -> Claims:
        """The claims, once signature, issuer, audience, times and nonce hold."""
        decoded = self._decoded(id_token, _ID_TOKEN_TYPES)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            self._expected(),
            {"nonce": nonce, "client_id": self.provider.client_id, "access_token": access_token},
        )
        self._validate(claims)
        if claims.get("nonce") != nonce:
            raise self._refused("the nonce is another one")
        return dict(claims)

    def check_logout_token(self, token: str) -> Claims:
        """The claims of a back-channel logout token (OpenID Connect Back-Channel Logout § 2.6)."""
        decoded = self._decoded(token, _LOGOUT_TYPES)
        claims = decoded.claims
        registry = jwt.JWTClaimsRegistry(
            self._now(),
            self.provider.clock_skew_seconds,
            iat={"essential": True},
            jti={"essential": True},
            **self._expected(),
        )
        try:
            registry.validate(claims)
        except (JoseError, TypeError, ValueError) as error:
            raise self._refused(str(error)) from error
        oldest = self._now() - LOGOUT_FOR.total_seconds() - self.provider.clock_skew_seconds
        events = claims.get("events")
        if claims["iat"] < oldest:
            raise self._refused("the logout token is old")
        if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
            raise self._refused("it is no logout token")
        if not claims.get("sub") and not claims.get("sid"):
            raise self._refused("the logout token names nobody")
        return dict(claims)

    def logout_address(self, back_to: str, id_token: str) -> str:
        """Where the browser goes to end the provider's own session; "" where there is no such."""
        if not self.provider.logout:
            return ""
        endpoint = self.metadata().get("end_session_endpoint")
        if not isinstance(endpoint, str) or not is_safe(endpoint):
            return ""
        hint = {"id_token_hint": id_token} if id_token else {}
        values = {
            **hint,
            "client_id": self.provider.client_id,
            "post_logout_redirect_uri": back_to,
        }
        return str(add_params_to_uri(endpoint, values))

    def metadata(self) -> dict[str, Any]:
        """What the provider says of itself; an old answer stands in when it does not answer now."""
        with self._lock:
            fresh = self._metadata_at is not None and self._age(self._metadata_at) < METADATA_FOR
            if self._metadata is not None and fresh:
                return self._metadata
            try:
                self._metadata = self._discover()
            except ProviderUnavailableError:
                if self._metadata is None:
                    raise
            self._metadata_at = self.clock.now()
            return self._metadata

    def _discover(self) -> dict[str, Any]:
        found = self._get(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.provider.issuer:
            raise self._unavailable(f"it calls itself {found.get('issuer')!r}")
        for name in _ENDPOINTS:
            if not isinstance(found.get(name), str) or not is_safe(found[name]):
                raise self._unavailable(f"its {name} cannot be used")
        return found

    def _endpoint(self, name: str) -> str:
        return str(self.metadata()[name])

    def _client(self) -> Any:
        provider = self.provider
        client = OAuth2Client(
            client_id=provider.client_id,
            client_secret=provider.secret(),
            token_endpoint_auth_method=provider.client_auth,
            scope=" ".join(provider.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )
        if provider.client_auth == "private_key_jwt":
            client.register_client_auth_method(self._assertion())
        return client

    def _assertion(self) -> Any:
        """A statement of ours, signed, that holds for a minute (RFC 7523)."""
        audience = self.provider.assertion_audience or self.provider.issuer
        return PrivateKeyJWT(
            audience,
            claims={"iat": self._now(), "exp": self._now() + 60},
            headers={"kid": self.provider.key_id} if self.provider.key_id else {},
        )

    def _userinfo(self, access_token: str, claims: Claims) -> dict[str, Any]:
        endpoint = self.metadata().get("userinfo_endpoint")
        if not isinstance(endpoint, str) or not is_safe(endpoint):
            raise self._unavailable("it has no userinfo_endpoint")
        found = self._get(endpoint, {"Authorization": f"Bearer {access_token}"})
        if found.get("sub") != claims["sub"]:
            raise self._refused("userinfo speaks of somebody else")
        return found

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            with httpx2.Client(timeout=TIMEOUT) as client:
                answer = client.get(address, headers={**(headers or {})})
                answer.raise_for_status()
                found = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unavailable(error) from error
        if not isinstance(found, dict):
            raise self._unavailable("its answer is not an object")
        return found

    def _decoded(self, token: str, types: frozenset[str | None]) -> Any:
        """The token with its signature checked; keys that are not known are asked for once more."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            try:
                decoded = jwt.decode(token, self._key_set(), registry=registry)
            except JoseError:
                decoded = jwt.decode(token, self._key_set(again=True), registry=registry)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise self._refused(f"{type(error).__name__}: {error}") from error
        if decoded.header.get("typ") not in types:
            raise self._refused(f"it is a token of type {decoded.header.get('typ')!r}")
        return decoded

    def _key_set(self, *, again: bool = False) -> KeySet:
        """The provider's keys; asked for anew at most every half minute, whatever comes in."""
        with self._lock:
            known, at = self._keys, self._keys_at
        if known is not None and at is not None:
            age = self._age(at)
            if age < METADATA_FOR and not (again and age >= KEYS_AGAIN_AFTER):
                return known
        try:
            found = KeySet.import_key_set(self._get(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise self._unavailable(error) from error
        with self._lock:
            self._keys, self._keys_at = found, self.clock.now()
        return found

    def _expected(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
        }

    def _validate(self, claims: Any) -> None:
        try:
            claims.validate(now=self._now(), leeway=self.provider.clock_skew_seconds)
        except (JoseError, TypeError, ValueError) as error:
            raise self._refused(f"{type(error).__name__}: {error}") from error

    def _now(self) -> int:
        return int(self.clock.now().timestamp())

    def _age(self, moment: datetime) -> timedelta:
        return self.clock.now() - moment

    def _refused(self, why: str) -> TokenRefusedError:
        log.warning("sign-in refused", provider=self.provider.key, why=why)
        return TokenRefusedError(
            f"The answer of {self.provider.key} does not prove who you are. Begin again; if it"
            " happens again, tell your administrator.",
            provider=self.provider.key,
        )

    def _unavailable(self, why: object) -> ProviderUnavailableError:
        log.warning("provider unavailable", provider=self.provider.key, why=str(why))
        return ProviderUnavailableError(
            f"The sign-in service {self.provider.key} cannot be used right now. Try again in a"
            " while, or in another way.",
            provider=self.provider.key,
        )
