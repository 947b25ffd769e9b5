"""What a person types: every command helps, answers, and says in one line what is wrong."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

from engine.commands.organisations import AddOrganisation
from engine.model.actor import SYSTEM
from engine.store.definitions import newest
from service import cli
from service.settings import Settings
from service.wiring import build
from tests.cli.conftest import ROOT, Pivotal

BLOCK = ROOT / "processes" / "participant-payments"
COMMANDS = (
    "serve",
    "deploy",
    "check",
    "scenario",
    "play",
    "list",
    "tck",
    "bench",
    "migrate",
    "audit verify",
    "audit export",
    "audit key",
    "search rebuild",
    "organisation add",
    "organisation language",
    "person add",
    "person link",
    "person grant",
    "person revoke",
)
KIT_CASE = """<?xml version="1.0" encoding="UTF-8"?>
<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase">
  <modelName>sum.dmn</modelName>
  <testCase id="001"><resultNode name="sum"><expected>
    <value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:decimal">{expected}</value>
  </expected></resultNode></testCase>
</testCases>
"""
KIT_MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="sum" namespace="n">
  <decision id="sum" name="sum"><variable name="sum" typeRef="number"/>
    <literalExpression><text>1 + 2</text></literalExpression></decision>
</definitions>
"""


def found_organisation() -> None:
    parts = build(Settings.from_environment())
    parts.bus.handle(AddOrganisation("demo-county", "Fylket", "county", "910000000"), SYSTEM)
    parts.close()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_it_is_used(pivotal: Pivotal, command: str) -> None:
    printed = pivotal(*command.split(), "--help")

    assert printed.code == 0
    assert f"pivotal {command}" in printed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("deploy", "nowhere"), "nowhere"),
        (("scenario", "nowhere"), "nowhere"),
        (("play", "no-such-process", "--scenario", "x"), "no-such-process"),
        (("play", "innovation-partnership", "--scenario", "no-such"), "no-such"),
        (("tck", "nowhere"), "nowhere"),
        (("audit", "verify", "nowhere.zip"), "nowhere.zip"),
        (("audit", "export", "2026/404", "-o", "out.zip"), "2026/404"),
    ],
)
def test_what_is_not_there_is_named_in_one_line(
    pivotal: Pivotal, words: tuple[str, ...], said: str
) -> None:
    printed = pivotal(*words)

    assert printed.code != 0
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert len(printed.err.strip().splitlines()) == 1


def test_a_setting_that_cannot_be_used_is_named(
    pivotal: Pivotal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIVOTAL_TICK_SECONDS", "often")

    printed = pivotal("list")

    assert printed.code == 1
    assert "PIVOTAL_TICK_SECONDS is 'often'" in printed.err


def test_a_database_that_cannot_be_opened_is_one_line(
    pivotal: Pivotal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIVOTAL_DATABASE_URL", f"sqlite:///{tmp_path}/no/such/folder/x.db")

    printed = pivotal("list")

    assert printed.code == 1
    assert printed.err.startswith("pivotal: The database cannot be used")


def test_the_same_bytes_are_deployed_once(pivotal: Pivotal) -> None:
    found_organisation()

    first = pivotal("deploy", str(BLOCK))
    again = pivotal("deploy", str(BLOCK))

    assert (first.code, again.code) == (0, 0)
    assert "participant-payments version 1 deployed: " in first.out
    assert "participant-payments version 1 unchanged: " in again.out
    assert first.out.rpartition(" ")[2] == again.out.rpartition(" ")[2]


@pytest.mark.parametrize(("options", "found"), [((), True), (("--own-only",), False)])
def test_what_is_deployed_is_everybodys_unless_it_is_to_be_ones_own(
    pivotal: Pivotal,
    options: tuple[str, ...],
    found: bool,
) -> None:
    found_organisation()

    pivotal("deploy", str(BLOCK), *options)

    parts = build(Settings.from_environment())
    with parts.store.reader() as connection:
        others = newest(connection, BLOCK.name, ["another-organisation"])
        own = newest(connection, BLOCK.name, ["demo-county"])
    parts.close()
    assert own is not None
    assert (others == own) is found


def test_a_broken_model_is_refused_with_its_place_and_nothing_is_stored(
    pivotal: Pivotal, tmp_path: Path
) -> None:
    found_organisation()
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "broken.bpmn").write_text("<definitions", encoding="utf-8")

    printed = pivotal("deploy", str(folder))
    checked = pivotal("check", str(folder), "--json")

    assert printed.code == 1
    assert "broken.bpmn:1" in printed.err
    assert checked.code == 1
    assert json.loads(checked.out)[0]["rule"] == "xml-not-well-formed"


def test_a_path_without_a_model_is_a_finding(pivotal: Pivotal) -> None:
    printed = pivotal("check", "nowhere")

    assert printed.code == 1
    assert "error: nowhere: [file-missing]" in printed.out


def test_a_clean_process_checks_with_exit_zero(pivotal: Pivotal) -> None:
    printed = pivotal("check", str(BLOCK))

    assert (printed.code, printed.out.strip()) == (0, "0 error(s), 0 warning(s)")


def test_the_record_of_an_installation_verifies_and_gives_its_key(pivotal: Pivotal) -> None:
    found_organisation()

    verified, key, listed = pivotal("audit", "verify"), pivotal("audit", "key"), pivotal("list")

    assert verified.code == 0
    assert "all verify" in verified.out
    assert key.out.startswith("pivotal.local+")
    assert listed.code == 0


def test_the_conformance_kit_prints_levels_and_each_miss(pivotal: Pivotal, tmp_path: Path) -> None:
    for name, expected in (("right", 3), ("wrong", 4)):
        folder = tmp_path / "compliance-level-2" / name
        folder.mkdir(parents=True)
        (folder / "sum.dmn").write_text(KIT_MODEL, encoding="utf-8")
        case = KIT_CASE.format(expected=expected)
        (folder / f"{name}-test-01.xml").write_text(case, encoding="utf-8")

    printed = pivotal("tck", str(tmp_path))
    told = json.loads(pivotal("tck", str(tmp_path), "--json").out)

    assert "2 wrong/wrong-test-01 001 sum: expected 4, got 3" in printed.out
    assert "level 2: 1 of 2 (50.0 %)" in printed.out
    assert told["levels"]["2"] == {"passed": 1, "total": 2, "share": 0.5}
    assert len(told["misses"]) == 1


def test_scenarios_are_told_in_their_order_and_one_that_fails_sets_the_exit_code(
    typed: Pivotal, tmp_path: Path
) -> None:
    folder = tmp_path / "processes" / "absent" / "scenarios"
    folder.mkdir(parents=True)
    for name in ("b", "a"):
        (folder / f"{name}.yaml").write_text(
            "title: {nb: A, en: A}\nstart: 2026-03-23\nteam: {procurement-lead: lead}\n"
            "steps: [{carry-on: end}]\n",
            encoding="utf-8",
        )

    printed = typed("scenario", str(tmp_path))
    told = json.loads(typed("scenario", str(tmp_path), "--json").out)

    assert printed.code == 1
    assert [line for line in printed.out.splitlines() if line.startswith("FAILED")] == [
        "FAILED  a  (0 acts)",
        "FAILED  b  (0 acts)",
    ]
    assert "There is no model at" in printed.out
    assert [each["passed"] for each in told] == [False, False]


@pytest.mark.parametrize("module", cli.COMMANDS)
def test_each_command_is_found_in_the_module_that_the_table_names(module: str) -> None:
    app = import_module(f"service.cli.{module}").app

    assert {*get_group(app).commands} == {*cli.COMMANDS[module]}


def test_an_unknown_command_is_told_beside_those_there_are(pivotal: Pivotal) -> None:
    printed = pivotal("scenarios")

    assert printed.code == 2
    assert "scenario" in printed.err.replace("scenarios", "")
