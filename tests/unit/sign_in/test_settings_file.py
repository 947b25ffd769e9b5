"""The file of providers: the examples are right, and what is wrong is named with its place."""

from pathlib import Path

import pytest

from engine.access.policy import Action
from engine.errors import InvalidInputError
from service.settings import Settings
from service.sign_in import SignIn, read_sign_in

EXAMPLES = Path(__file__).parents[3] / "docs" / "sign-in"
LEAST = """\
[providers.test]
name = "Test"
issuer = "https://op.test"
client_id = "pivotal"
secret_file = "/nowhere"
"""


def read(folder: Path, text: str) -> SignIn:
    file = folder / "sign-in.toml"
    file.write_text(text)
    return read_sign_in(file)


@pytest.mark.parametrize("name", ["entra-id", "ansattporten", "id-porten", "keycloak"])
def test_the_examples_in_the_documentation_can_be_used(name: str) -> None:
    found = read_sign_in(EXAMPLES / f"{name}.toml")

    assert len(found.providers) == 1
    assert found.providers[0].issuer.startswith("https://")


def test_every_example_is_tested() -> None:
    assert {each.stem for each in EXAMPLES.iterdir()} == {
        "entra-id",
        "ansattporten",
        "id-porten",
        "keycloak",
    }


def test_the_documentation_names_every_setting_of_a_provider() -> None:
    page = (EXAMPLES.parent / "sign-in.md").read_text("utf-8")
    from service.sign_in import Provider

    named = set(Provider.model_fields) - {"key", "join", "roles", "levels"}

    assert {name for name in named if f"`{name}`" not in page and f"{name} =" not in page} == set()
    assert all(f"[[….{name}]]" in page for name in ("join", "roles", "levels"))


def test_little_is_needed(tmp_path: Path) -> None:
    provider = read(tmp_path, LEAST).providers[0]

    assert provider.key == "test"
    assert provider.base_level == 1
    assert provider.identity == ("sub",)


def test_several_providers_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, LEAST + LEAST.replace(".test]", ".alone]"))

    assert [each.key for each in found.providers] == ["test", "alone"]


def test_an_action_may_ask_for_a_level(tmp_path: Path) -> None:
    found = read(tmp_path, "[levels]\ndecide = 3\n" + LEAST)

    assert found.actions == {Action.DECIDE: 3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[providers", "Expected"),
        (LEAST + 'nmae = "x"', "providers.test.nmae"),
        (LEAST.replace('name = "Test"\n', ""), "providers.test.name"),
        (LEAST.replace("https://op.test", "http://op.test"), "https://"),
        (LEAST.replace(".test]", ".Test]"), "providers.Test.key"),
        (LEAST.replace(".test]", ".demonstration]"), "taken by the demonstration"),
        (LEAST + 'scopes = ["profile"]', "must include 'openid'"),
        (LEAST + "least_level = 4", "providers.test.least_level"),
        (LEAST + 'least_level = "2"', "providers.test.least_level"),
        (
            LEAST + '[[providers.test.roles]]\nclaim = "r"\nvalue = "v"\nrole = "boss"\n'
            'organisation = "town"',
            "no organisation grants 'boss'",
        ),
        ("[levels]\nfly = 2\n" + LEAST, "'fly' is no action"),
        ("[levels]\nadmit = 2\n" + LEAST, "'admit' is no action"),
        ('providers = "all"', "write each as a table"),
        ("more = 1\n" + LEAST, "more"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=r"PIVOTAL_SIGN_IN names .*sign-in\.toml") as error:
        read(tmp_path, text)

    assert said in str(error.value)


def test_a_file_that_is_not_there_stops_the_service_in_one_line() -> None:
    with pytest.raises(InvalidInputError, match="cannot be read"):
        Settings.from_environment({"PIVOTAL_SIGN_IN": "/nowhere/sign-in.toml"})


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    provider = read(tmp_path, LEAST).providers[0]

    with pytest.raises(InvalidInputError, match="'test' cannot be read from /nowhere"):
        provider.secret()


def test_a_secret_is_read_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    provider = read(tmp_path, LEAST.replace("/nowhere", str(tmp_path / "secret"))).providers[0]

    assert provider.secret() == "hush"
