"""What a designer writes is read, run and reported as docs/scenarios.md says."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import InvalidInputError
from engine.scenarios.model import Outcome
from engine.scenarios.reading import read_scenario, read_scenarios
from engine.scenarios.runner import find_scenario, run_scenario
from engine.scenarios.world import Worlds
from tests.support.small_process import KEY, small_process

HEAD = """\
title: {nb: En liten anskaffelse, en: A small procurement}
start: 2026-03-23 09:00
team:
  procurement-lead: [lead, lead-2]
  need-owner: [owner, owner-2]
  legal: lawyer
acts:
  approve: {choose: go, reason: Klart.}
forms:
  need: {title: Trygg badeplass, need: Redde liv ved vann, functional: true}
  approval: {note: Greit}
  score: {points: 7}
steps:
"""
FIRST_STEP = HEAD.count("\n") + 1

Play = Callable[[str], Outcome]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of processes with the small one in it."""
    folder = tmp_path_factory.mktemp("content")
    for name, content in small_process().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "processes" / KEY / "scenarios").mkdir()
    return folder


@pytest.fixture
def play(root: Path, worlds: Worlds) -> Play:
    """Write the steps into a scenario and run it."""

    def written(steps: str) -> Outcome:
        path = root / "processes" / KEY / "scenarios" / "one.yaml"
        path.write_text(HEAD + steps, "utf-8")
        return run_scenario(read_scenario(path), root, worlds)

    return written


def refused(tmp_path: Path, text: str) -> str:
    """The message with which the file is refused."""
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidInputError) as raised:
        read_scenario(path)
    return str(raised.value)


def test_text_that_is_no_yaml_is_refused_with_its_file(tmp_path: Path) -> None:
    message = refused(tmp_path, "title: {nb: [")

    assert "bad.yaml" in message
    assert "no readable YAML" in message


def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "- do: describe\n")

    assert "bad.yaml:1: it holds no mapping" in message


def test_a_file_without_team_and_steps_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "title: {nb: A}\nstart: 2026-01-01\n")

    assert "it lacks team, steps" in message


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("  - dance: describe\n", "a step has one of do,"),
        ("  - {do: describe, confirm: approve}\n", "this one has ['do', 'confirm']"),
        ("  - {do: describe, tempo: slow}\n", "a step has no key tempo"),
        ("  - {do: describe, at: soon}\n", "'soon' is no date or date-time"),
        ("  - wait-until: P\n", "'P' is no date or date-time"),
        ("  - describe\n", "a step must be a mapping"),
    ],
)
def test_a_step_that_says_nothing_known_is_refused(step: str, reason: str, tmp_path: Path) -> None:
    message = refused(tmp_path, HEAD + step)

    assert reason in message


def test_a_refused_step_is_named_with_its_line(tmp_path: Path) -> None:
    message = refused(tmp_path, HEAD + "  - do: describe\n  - dance: alone\n")

    assert f"bad.yaml:{FIRST_STEP + 1}:" in message


def test_a_member_of_a_team_that_is_neither_name_nor_deputy_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, HEAD.replace("lead-2", "{who: lead-2}") + "  - do: describe\n")

    assert "is no member of a team" in message


def test_a_scenario_is_found_by_name_and_else_the_known_ones_are_told(root: Path) -> None:
    folder = root / "processes" / KEY / "scenarios"
    (folder / "one.yaml").write_text(HEAD + "  - do: describe\n", "utf-8")
    (folder / "usual.yaml").write_text("acts: {}\n", "utf-8")
    found = read_scenarios(root)
    (folder / "usual.yaml").unlink()

    with pytest.raises(InvalidInputError, match=r"no scenario two\. Known: one\."):
        find_scenario(found, "two")
    assert find_scenario(found, "one").process == KEY


def test_a_course_goes_on_to_its_end_with_what_is_usual(play: Play) -> None:
    outcome = play("  - carry-on: end\n")

    assert outcome.failures == ()
    assert outcome.status == "ended"


def test_an_expectation_that_fails_is_told_with_its_line_and_the_rest_goes_on(play: Play) -> None:
    outcome = play("  - expect: {open: [sign]}\n  - do: describe\n  - expect: {open: [draft]}\n")

    (failure,) = outcome.failures
    assert failure.line == FIRST_STEP
    assert failure.expected == "sign is open"
    assert failure.found == "open: describe"
    assert outcome.acts == 1


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ("{only-open: [draft]}", "['describe']"),
        ("{not-open: [describe]}", "it is"),
        ("{due: {describe: 2026-04-07}}", "2026-04-06"),
        ("{timers: {wait: 2026-04-07}}", "none"),
        ("{status: ended}", "running"),
        ("{suppliers: {'910000001': invited}}", "unknown"),
        ("{decisions: {approve: go}}", "nothing"),
        ("{recorded: {TaskOpened: 2}}", "1"),
        ("{recorded: [DecisionMade]}", "it is not"),
        ("{reasons: [Uten grunn]}", "none does"),
        ("{notices: {'16': 1}}", "0"),
        ("{letters: {award: 1}}", "0"),
        ("{weather: sun}", "open, only-open, not-open"),
    ],
)
def test_each_expectation_tells_what_there_is_instead(
    expectation: str, found: str, play: Play
) -> None:
    outcome = play(f"  - expect: {expectation}\n")

    (failure,) = outcome.failures
    assert found in failure.found


def test_a_course_stops_at_the_first_step_that_cannot_be_done(play: Play) -> None:
    outcome = play("  - do: sign\n  - do: describe\n")

    (failure,) = outcome.failures
    assert failure.expected == "do sign"
    assert failure.found == "the task sign  is not open; open: describe"
    assert outcome.acts == 0


def test_a_refusal_holds_only_when_the_act_is_refused(play: Play) -> None:
    outcome = play("  - refused: {do: describe}\n    because: forbidden\n")

    (failure,) = outcome.failures
    assert failure.expected == "do describe is refused"
    assert failure.found == "it was allowed"


def test_a_refusal_holds_only_with_the_reason_and_check_it_names(play: Play) -> None:
    outcome = play(
        "  - do: describe\n    form: {functional: false}\n  - do: draft\n"
        "  - refused: {do: approve}\n    because: forbidden\n"
        "  - refused: {do: approve}\n    because: gate-closed\n    check: rights-stated\n"
        "  - refused: {do: approve}\n    because: gate-closed\n    check: need-is-functional\n"
    )

    wrong_code, wrong_check = outcome.failures
    assert wrong_code.found.startswith("gate-closed")
    assert wrong_check.found == "failing: need-is-functional"


def test_who_may_not_do_a_task_is_passed_over_for_the_next_in_the_role(play: Play) -> None:
    outcome = play(
        "  - do: describe\n  - do: draft\n  - do: approve\n"
        "  - expect: {open: [approve], not-open: [score]}\n"
        "  - refused: {confirm: approve}\n    as: lead-2\n    because: forbidden\n"
        "  - confirm: approve\n"
        "  - expect: {open: [score], decisions: {approve: go}, reasons: [Klart.]}\n"
    )

    assert outcome.failures == ()


def test_a_decision_that_is_sent_back_is_open_again(play: Play) -> None:
    outcome = play(
        "  - carry-on: approve\n  - do: approve\n"
        "  - return: approve\n    as: lawyer\n    reason: Kilden mangler.\n"
        "  - expect: {open: [approve], recorded: {DecisionReturned: 1}}\n"
        "  - expect: {reasons: [Kilden mangler.]}\n"
    )

    assert outcome.failures == ()


def test_branches_are_named_by_their_supplier(play: Play) -> None:
    outcome = play(
        "  - carry-on: score\n"
        "  - do: score\n    branch: '910000012'\n    form: {points: 3}\n"
        "  - do-all: score\n"
        "  - expect: {suppliers: {'910000004': registered}, not-open: [score]}\n"
    )

    assert outcome.failures == ()


def test_time_goes_to_a_moment_or_on_by_a_period_and_fires_what_falls_due(play: Play) -> None:
    outcome = play(
        "  - carry-on: score\n  - do-all: score\n"
        "  - expect: {timers: {wait: 2026-04-07}}\n"
        "  - wait-until: 2026-04-07\n  - expect: {not-open: [sign]}\n"
        "  - wait-until: P1D\n  - expect: {open: [sign], recorded: {TimerFired: 1}}\n"
    )

    assert outcome.failures == ()


def test_samples_speak_feel_about_the_moment_the_branch_and_the_team(play: Play) -> None:
    outcome = play(
        '  - do: describe\n    form: {title: \'= person("legal") + " " + string(today())\'}\n'
        "  - do: draft\n    form: {note: '= wanted + \" av \" + team()[1].role'}\n"
        "  - do: approve\n    form: {note: '= string(noon(2))'}\n  - confirm: approve\n"
        "  - do-all: score\n    form: {points: '= if branch = \"910000004\" then 9 else 8'}\n"
    )

    assert outcome.failures == ()


def test_a_sample_knows_variables_also_where_it_picks_from_a_list(play: Play) -> None:
    outcome = play(
        "  - do: describe\n    form: {title: Badeplass}\n"
        "  - do: draft\n    form:\n"
        '      note: \'= team()[wanted = "Badeplass" and role = "legal"][1].person\'\n'
        "  - expect: {submitted: {approval: {note: lawyer}}}\n"
    )

    assert outcome.failures == ()


def test_a_sample_that_speaks_of_what_is_not_there_is_refused(play: Play) -> None:
    outcome = play("  - do: describe\n    form: {title: '= wantd'}\n")

    assert "The name 'wantd' at character 1 is not known here" in outcome.failures[0].found


def test_a_message_is_reported_where_it_is_awaited(play: Play) -> None:
    outcome = play(
        "  - carry-on: score\n"
        "  - report: supplier-withdraws\n    form: {why: Mangler folk}\n"
        "    reason: Brev er mottatt.\n"
        "  - expect: {status: ended, reasons: [Brev er mottatt.], recorded: {TaskCancelled: 2}}\n"
        "  - report: supplier-withdraws\n    form: {why: Mangler folk}\n"
    )

    (failure,) = outcome.failures
    assert "nothing waits for supplier-withdraws" in failure.found


def test_the_team_changes_and_the_course_is_steered(play: Play) -> None:
    outcome = play(
        "  - replace: {role: legal, out: lawyer, in: lawyer-2}\n    reason: Permisjon.\n"
        "  - steer: suspend\n    reason: Venter på vedtak.\n  - expect: {status: suspended}\n"
        "  - refused: {do: describe}\n    because: not-running\n"
        "  - steer: resume\n    reason: Vedtaket er gjort.\n"
        "  - do: describe\n  - steer: {rewind: describe}\n    reason: Feil behov.\n"
        "  - expect: {open: [describe]}\n"
        "  - steer: cancel\n    reason: Behovet er borte.\n  - expect: {status: cancelled}\n"
    )

    assert outcome.failures == ()


def test_to_carry_on_to_what_never_opens_fails(play: Play) -> None:
    outcome = play("  - carry-on: nowhere\n")

    (failure,) = outcome.failures
    assert failure.found == "it ended before nowhere was open"


def test_what_is_usual_elsewhere_is_taken_over_field_by_field(tmp_path: Path) -> None:
    wide, own = (tmp_path / name for name in ("wide", "own"))
    for folder in (wide, own):
        (folder / "scenarios").mkdir(parents=True)
    (wide / "scenarios" / "usual.yaml").write_text(
        "acts: {approve: {choose: go}, start: {choose: begin}}\n"
        "forms: {need: {title: A, need: B}, score: {points: 1}}\n"
    )
    (own / "scenarios" / "usual.yaml").write_text(
        "extends: ../../wide/scenarios/usual.yaml\n"
        "acts: {approve: {choose: stop}}\nforms: {need: {title: C}}\n"
    )
    path = own / "scenarios" / "one.yaml"
    path.write_text(
        "title: {nb: En}\nstart: 2026-03-23\nteam: {legal: lawyer}\nsteps: [{carry-on: end}]\n"
    )

    scenario = read_scenario(path)

    assert scenario.samples == {"need": {"title": "C", "need": "B"}, "score": {"points": 1}}
    assert {key: act.choose for key, act in scenario.usual.items()} == {
        "approve": "stop",
        "start": "begin",
    }


def test_start_and_team_are_the_usual_ones_unless_the_scenario_says_its_own(tmp_path: Path) -> None:
    (tmp_path / "usual.yaml").write_text(
        "start: 2026-03-23\nprocurement: Trygg badeplass\npace_hours: 2\n"
        "team: {legal: lawyer, need-owner: owner}\n"
    )
    usual, own = tmp_path / "usual-one.yaml", tmp_path / "own.yaml"
    usual.write_text("title: {nb: En}\nsteps: [{carry-on: end}]\n")
    own.write_text(
        "title: {nb: En}\nstart: 2026-03-24\nteam: {legal: other}\nsteps: [{carry-on: end}]\n"
    )

    first, second = read_scenario(usual), read_scenario(own)

    assert first.team == {"legal": ("lawyer",), "need-owner": ("owner",)}
    assert (first.procurement, first.start.day, first.pace) == (
        "Trygg badeplass",
        23,
        timedelta(hours=2),
    )
    assert second.team == {"legal": ("other",)}
    assert (second.procurement, second.start.day) == ("Trygg badeplass", 24)


def test_a_file_that_extends_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "usual.yaml").write_text("extends: usual.yaml\n")
    path = tmp_path / "one.yaml"
    path.write_text(
        "title: {nb: En}\nstart: 2026-03-23\nteam: {legal: lawyer}\nsteps: [{carry-on: end}]\n"
    )

    with pytest.raises(InvalidInputError, match="no other file"):
        read_scenario(path)
