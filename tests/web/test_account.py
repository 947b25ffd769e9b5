"""My page, and the tokens that are made on it."""

import re
from collections.abc import Callable

import pytest

from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
FIELDS: dict[str, str | list[str]] = {
    "name": "Ukesrapport",
    "scope": ["read", "work"],
    "first": "23.03.2026",
    "last": "24.03.2026",
}


def test_my_page_says_who_i_am_and_how_i_came_in(visit: Visit) -> None:
    page = visit("lead").get("/account").text

    assert "Anskaffelsesleder (Byen)" in page
    assert "Som demonstrasjonsperson, uten passord" in page
    assert "Du har ingen nøkler" in page


def test_a_token_is_shown_once_and_works(visit: Visit) -> None:
    visitor = visit("lead")

    made = visitor.press("/account", "/account/tokens", FIELDS)
    secret = re.search(r'id="secret"[^>]* value="(pivotal_[^"]+)"', made.text)

    assert made.status_code == 201
    assert secret is not None
    page = visitor.get("/account").text
    assert "Ukesrapport" in page
    assert "Lese, Arbeide" in page
    assert "23.03.2026 – 24.03.2026" in page
    assert secret[1] not in page
    header = {"Authorization": f"Bearer {secret[1]}"}
    assert visitor.client.get("/api/v1/me", headers=header).json()["scopes"] == ["read", "work"]


def test_revoking_is_one_press(visit: Visit) -> None:
    visitor = visit("lead")
    visitor.press("/account", "/account/tokens", FIELDS)
    address = re.search(r'action="(/account/tokens/\w+/revoke)"', visitor.get("/account").text)
    assert address is not None

    answer = visitor.press("/account", address[1])
    page = visitor.get(answer.headers["location"]).text

    assert "Nøkkelen er trukket tilbake og slipper ingen inn lenger." in page
    assert "Utløpte og tilbaketrukne" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Gi nøkkelen et navn på høyst"),
        ({"scope": []}, "Velg minst ett omfang."),
        ({"last": "i morgen"}, "«i morgen» er ingen dag."),
        ({"last": "01.01.2020"}, "Den siste dagen må være i dag eller senere"),
        ({"scope": ["everything"]}, "Velg minst ett omfang."),
    ],
)
def test_a_token_that_cannot_be_made_leaves_what_was_typed(
    visit: Visit, wrong: dict[str, str | list[str]], said: str
) -> None:
    visitor = visit("lead")

    page = visitor.press("/account", "/account/tokens", {**FIELDS, **wrong})

    assert page.status_code == 422
    assert said in page.text
    assert 'value="23.03.2026"' in page.text


def test_loading_the_page_of_a_new_token_again_makes_no_second_one(visit: Visit) -> None:
    visitor = visit("lead")
    data = {**visitor.hidden("/account"), **FIELDS}

    first = visitor.client.post("/account/tokens", data=data)
    second = visitor.client.post("/account/tokens", data=data)

    assert [first.status_code, second.status_code] == [201, 409]
    assert visitor.get("/account").text.count("/revoke") == 1
