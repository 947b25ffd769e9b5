"""What an operator types before anybody can sign in."""

from pathlib import Path

import pytest

from tests.cli.conftest import Pivotal

TOML = """\
[providers.test]
name = "Test"
issuer = "https://op.test"
client_id = "pivotal"
secret_file = "/nowhere"
[[providers.test.join]]
organisation = "town"
"""


def test_people_are_listed_linked_and_given_roles(pivotal: Pivotal) -> None:
    printed = [
        pivotal("organisation", "add", "town", "Byen", "910000000"),
        pivotal("person", "add", "town", "kari", "Kari Nordmann", "--email", "k@x.test"),
        pivotal("person", "link", "kari", "test", "a" * 64),
        pivotal("person", "grant", "kari", "town", "procurement-lead"),
        pivotal("person", "revoke", "kari", "town", "procurement-lead"),
        pivotal("organisation", "language", "town", "nn"),
        pivotal("audit", "verify"),
    ]

    assert [each.code for each in printed] == [0] * 7
    assert printed[3].out == "kari is procurement-lead of town.\n"
    assert printed[5].out == "town writes its letters in nn.\n"
    assert "all verify" in printed[-1].out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("person", "add", "nowhere", "kari", "Kari"), "nowhere"),
        (("person", "link", "nobody", "test", "a" * 64), "nobody"),
        (("person", "grant", "nobody", "town", "auditor"), "nobody"),
        (("person", "grant", "nobody", "town", "boss"), "'boss' is no role"),
        (("organisation", "add", "town", "Byen", "1"), "is there already"),
        (("organisation", "language", "town", "se"), "Use one of nb, nn, en"),
        (("organisation", "language", "nowhere", "nn"), "nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    pivotal: Pivotal, words: tuple[str, ...], said: str
) -> None:
    pivotal("organisation", "add", "town", "Byen", "1")

    printed = pivotal(*words)

    assert printed.code == 1
    assert said in printed.err
    assert len(printed.err.strip().splitlines()) == 1


def test_serving_with_an_organisation_that_is_not_here_is_refused(
    pivotal: Pivotal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sign-in.toml").write_text(TOML)
    monkeypatch.setenv("PIVOTAL_SIGN_IN", str(tmp_path / "sign-in.toml"))

    printed = pivotal("serve")

    assert printed.code == 1
    assert "speaks of the organisation 'town', which is not here" in printed.err


def test_the_index_is_made_anew_by_one_command(pivotal: Pivotal) -> None:
    printed = pivotal("search", "rebuild")

    assert printed.code == 0
    assert printed.out.endswith("0 things can be found.\n")
