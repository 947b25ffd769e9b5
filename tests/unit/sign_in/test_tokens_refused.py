"""What a provider did not make, or made for somebody else, or at another time, never counts."""

import base64
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from engine.clock import SetClock
from service.security.openid import LOGOUT_EVENT, OpenId, TokenRefusedError
from service.sign_in import Provider
from tests.support.platform import START

NOW = int(START.timestamp())
KEY = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256"})
STRANGE = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256"})
UNKNOWN = RSAKey.generate_key(2048, {"kid": "k9"})
GOOD: dict[str, Any] = {
    "iss": "https://op.test",
    "aud": "pivotal",
    "sub": "kari",
    "nonce": "n",
    "iat": NOW,
    "exp": NOW + 300,
}
LOGOUT: dict[str, Any] = {
    "iss": "https://op.test",
    "aud": "pivotal",
    "sid": "s1",
    "iat": NOW,
    "jti": "j1",
    "events": {LOGOUT_EVENT: {}},
}


@pytest.fixture
def openid(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenId]:
    """A provider whose answers are at hand."""
    provider = Provider(
        key="test",
        name="Test",
        issuer="https://op.test",
        client_id="pivotal",
        secret_file="/nowhere",
    )
    answers = {
        "https://op.test/.well-known/openid-configuration": {
            "issuer": "https://op.test",
            "authorization_endpoint": "https://op.test/auth",
            "token_endpoint": "https://op.test/token",
            "jwks_uri": "https://op.test/keys",
        },
        "https://op.test/keys": KeySet([KEY]).as_dict(private=False),
    }
    monkeypatch.setattr(OpenId, "_get", lambda _self, address, _headers=None: answers[address])
    return OpenId(provider, SetClock(START), "https://pivotal.test/callback")


def signed(claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", **header}, claims, key)


def without(claims: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


def test_a_right_token_counts(openid: OpenId) -> None:
    assert openid.check_id_token(signed(GOOD), "n", "")["sub"] == "kari"
    assert openid.check_logout_token(signed(LOGOUT, typ="logout+jwt"))["sid"] == "s1"


def test_the_clocks_may_differ_a_little(openid: OpenId) -> None:
    early = {**GOOD, "iat": NOW + 50, "nbf": NOW + 50}
    late = {**GOOD, "exp": NOW - 50}

    assert openid.check_id_token(signed(early), "n", "")
    assert openid.check_id_token(signed(late), "n", "")


def _by_secret() -> str:
    """Signed with the public key as if it were a shared secret."""
    parts = [_encoded(orjson.dumps(each)) for each in ({"alg": "HS256", "kid": "k1"}, GOOD)]
    content = ".".join(parts)
    signature = hmac.digest(KEY.as_pem(private=False), content.encode(), "sha256")
    return f"{content}.{_encoded(signature)}"


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


BAD: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "kari",
    "three parts of nothing": lambda: "a.b.c",
    "no signature": lambda: "eyJhbGciOiJub25lIn0." + signed(GOOD).split(".")[1] + ".",
    "signature cut off": lambda: signed(GOOD).rsplit(".", 1)[0] + ".",
    "another key of the same name": lambda: signed(GOOD, STRANGE),
    "an unknown key": lambda: signed(GOOD, UNKNOWN, kid="k9"),
    "the public key as a secret": _by_secret,
    "a shared secret": lambda: jwt.encode(
        {"alg": "HS256"},
        GOOD,
        OctKey.import_key("pivotal-secret-of-32-characters!"),
        algorithms=["HS256"],
    ),
    "a key in the header": lambda: signed(GOOD, STRANGE, jwk=STRANGE.as_dict(private=False)),
    "an address of keys in the header": lambda: signed(GOOD, STRANGE, jku="https://evil.test/keys"),
    "another curve": lambda: jwt.encode(
        {"alg": "ES256", "kid": "k1"}, GOOD, ECKey.generate_key("P-256")
    ),
    "content exchanged": lambda: ".".join(
        [
            signed(GOOD).split(".")[0],
            signed({**GOOD, "sub": "ola"}, STRANGE).split(".")[1],
            signed(GOOD).split(".")[2],
        ]
    ),
    "another issuer": lambda: signed({**GOOD, "iss": "https://evil.test"}),
    "an issuer with more": lambda: signed({**GOOD, "iss": "https://op.test/"}),
    "no issuer": lambda: signed(without(GOOD, "iss")),
    "for another client": lambda: signed({**GOOD, "aud": "other"}),
    "for others": lambda: signed({**GOOD, "aud": ["other", "third"]}),
    "for several, authorised for another": lambda: signed(
        {**GOOD, "aud": ["pivotal", "other"], "azp": "other"}
    ),
    "for several, authorised for nobody": lambda: signed({**GOOD, "aud": ["pivotal", "other"]}),
    "no audience": lambda: signed(without(GOOD, "aud")),
    "nobody": lambda: signed(without(GOOD, "sub")),
    "expired": lambda: signed({**GOOD, "exp": NOW - 120}),
    "without end": lambda: signed(without(GOOD, "exp")),
    "end in words": lambda: signed({**GOOD, "exp": "soon"}),
    "made in the future": lambda: signed({**GOOD, "iat": NOW + 600}),
    "made at no time": lambda: signed(without(GOOD, "iat")),
    "not yet": lambda: signed({**GOOD, "nbf": NOW + 600}),
    "another nonce": lambda: signed({**GOOD, "nonce": "m"}),
    "no nonce": lambda: signed(without(GOOD, "nonce")),
    "an access token": lambda: signed(GOOD, typ="at+jwt"),
    "a logout token": lambda: signed(GOOD, typ="logout+jwt"),
    "another access token's hash": lambda: signed({**GOOD, "at_hash": "x" * 22}),
}


@pytest.mark.parametrize("what", BAD)
def test_a_token_that_proves_nothing_is_refused(openid: OpenId, what: str) -> None:
    with pytest.raises(TokenRefusedError):
        openid.check_id_token(BAD[what](), "n", "access")


BAD_LOGOUTS: dict[str, Callable[[], str]] = {
    "an ID token": lambda: signed(GOOD),
    "with a nonce": lambda: signed({**LOGOUT, "nonce": "n"}),
    "of no event": lambda: signed(without(LOGOUT, "events")),
    "of another event": lambda: signed({**LOGOUT, "events": {"other": {}}}),
    "of an event in words": lambda: signed({**LOGOUT, "events": LOGOUT_EVENT}),
    "of nobody": lambda: signed(without(LOGOUT, "sid")),
    "without a name": lambda: signed(without(LOGOUT, "jti")),
    "old": lambda: signed({**LOGOUT, "iat": NOW - 600}),
    "of no time": lambda: signed(without(LOGOUT, "iat")),
    "of another client": lambda: signed({**LOGOUT, "aud": "other"}),
    "of another issuer": lambda: signed({**LOGOUT, "iss": "https://evil.test"}),
    "of another key": lambda: signed(LOGOUT, STRANGE),
    "an access token": lambda: signed(LOGOUT, typ="at+jwt"),
}


@pytest.mark.parametrize("what", BAD_LOGOUTS)
def test_a_logout_that_proves_nothing_is_refused(openid: OpenId, what: str) -> None:
    with pytest.raises(TokenRefusedError):
        openid.check_logout_token(BAD_LOGOUTS[what]())


def test_unknown_keys_make_us_ask_again_but_not_without_end(
    openid: OpenId, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = OpenId._get

    def counted(self: OpenId, address: str, headers: Any = None) -> dict[str, Any]:
        asked.append(address)
        return answer(self, address, headers)

    monkeypatch.setattr(OpenId, "_get", counted)
    for _ in range(20):
        with pytest.raises(TokenRefusedError):
            openid.check_id_token(signed(GOOD, UNKNOWN, kid="k9"), "n", "")

    assert asked.count("https://op.test/keys") == 1
