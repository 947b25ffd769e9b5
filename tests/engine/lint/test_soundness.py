"""Models whose tokens come to a stand, run for ever, meet, or never come: each with its path."""

from collections.abc import Mapping

import pytest

from engine.bpmn.compile import check_bundle
from tests.support.models import (
    KNOWN,
    chain,
    extensions,
    flow,
    good_files,
    node,
    process,
    user_task,
)

DECLARED = (
    '<pivotal:variable name="agreed" type="boolean"/><pivotal:variable name="ambition"'
    ' type="string"/>'
)
YES, NO = "agreed", "not(agreed)"
ENDS = (node("startEvent", "begun"), node("endEvent", "ended"))


def findings(*parts: str) -> Mapping[str, str]:
    """Reason by rule and element, of the rules of soundness and of ways to an end."""
    model = process("sample", "\n".join(parts), declared=DECLARED).encode()
    files = good_files() | {"processes/sample/sample.bpmn": model}
    return {
        f"{found.rule} {found.element_id}": found.reason
        for found in check_bundle("sample", files, KNOWN)
        if found.rule.startswith(("unsound-", "no-way-to-end"))
    }


def gateway(kind: str, *keys: str) -> str:
    return "".join(node(f"{kind}Gateway", key) for key in keys)


def tasks(*keys: str) -> str:
    return "".join(user_task(key) for key in keys)


XOR_THEN_AND = (
    *ENDS,
    gateway("exclusive", "choose"),
    gateway("parallel", "join"),
    tasks("one", "two"),
    chain("begun", "choose"),
    flow("choose", "one", YES),
    flow("choose", "two", NO),
    chain("one", "join", "ended"),
    chain("two", "join"),
)


def test_a_join_of_paths_of_which_one_is_taken_is_a_deadlock_with_its_path() -> None:
    found = findings(*XOR_THEN_AND)

    assert found["unsound-deadlock join"].endswith("begun → choose → one.")


def test_what_comes_after_a_deadlock_is_never_reached() -> None:
    found = findings(*XOR_THEN_AND)

    assert "unsound-unreachable ended" in found


def test_a_deadlock_that_only_some_choices_lead_to_is_found() -> None:
    found = findings(
        *ENDS,
        gateway("parallel", "split", "join"),
        gateway("exclusive", "choose"),
        node("endEvent", "given-up"),
        tasks("one", "two"),
        chain("begun", "split", "one", "join", "ended"),
        chain("split", "two", "choose"),
        flow("choose", "join", YES),
        flow("choose", "given-up", NO),
    )

    assert "unsound-deadlock join" in found
    assert "unsound-unreachable ended" not in found


def timer(key: str, **attributes: str) -> str:
    kind = "boundaryEvent" if attributes else "intermediateCatchEvent"
    waited = "<bpmn:timeDuration>P1D</bpmn:timeDuration>"
    event = f'<bpmn:timerEventDefinition id="{key}-timer">{waited}</bpmn:timerEventDefinition>'
    return node(kind, key, event, **attributes)


DEADLOCKS = {
    "one of two events, and a join that waits for both": (
        *ENDS,
        gateway("eventBased", "race"),
        gateway("parallel", "join"),
        timer("one"),
        timer("two"),
        chain("begun", "race", "one", "join", "ended"),
        chain("race", "two", "join"),
    ),
    "an inclusive split, and a join that waits for every path": (
        *ENDS,
        gateway("inclusive", "split"),
        gateway("parallel", "join"),
        tasks("one", "two"),
        chain("begun", "split"),
        flow("split", "one", YES),
        flow("split", "two", 'ambition = "high" or not(agreed)'),
        chain("one", "join", "ended"),
        chain("two", "join"),
    ),
    "two inclusive joins that wait for each other": (
        *ENDS,
        gateway("parallel", "split", "after-one", "after-two", "last"),
        gateway("inclusive", "join", "other"),
        tasks("one", "two"),
        chain("begun", "split", "join", "one", "after-one", "last", "ended"),
        chain("split", "other", "two", "after-two", "last"),
        chain("after-one", "other"),
        chain("after-two", "join"),
    ),
    "an event that may never happen, and a join that waits for it": (
        *ENDS,
        gateway("parallel", "join"),
        tasks("one"),
        timer("late", attachedToRef="one", cancelActivity="false"),
        chain("begun", "one", "join", "ended"),
        chain("late", "join"),
    ),
    "a choice before the join of a branch for each of a list": (
        *ENDS,
        node(
            "subProcess",
            "each",
            extensions('<pivotal:loop collection="[1, 2]" item="turn"/>'),
            "<bpmn:multiInstanceLoopCharacteristics/>",
            node("startEvent", "in"),
            node("endEvent", "out"),
            gateway("exclusive", "choose"),
            gateway("parallel", "join"),
            tasks("one", "two"),
            chain("in", "choose"),
            flow("choose", "one", YES),
            flow("choose", "two", NO),
            chain("one", "join", "out"),
            chain("two", "join"),
        ),
        chain("begun", "each", "ended"),
    ),
}


@pytest.mark.parametrize("name", DEADLOCKS)
def test_a_join_that_waits_for_ever_is_found_however_it_comes_about(name: str) -> None:
    found = findings(*DEADLOCKS[name])

    assert "→" in found["unsound-deadlock join"] or "late" in found["unsound-deadlock join"]


def test_an_inclusive_join_that_feeds_itself_for_ever_is_found() -> None:
    found = findings(
        *ENDS,
        gateway("inclusive", "join"),
        gateway("parallel", "split"),
        gateway("exclusive", "again"),
        tasks("one", "two"),
        chain("begun", "join", "one", "split", "again"),
        flow("again", "join", YES),
        flow("again", "ended", NO),
        chain("split", "two", "join"),
    )

    assert any(each.startswith("unsound-no-end") for each in found)


def test_a_boundary_event_that_leads_past_its_join_is_a_deadlock() -> None:
    event = '<bpmn:timerEventDefinition id="late-timer"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
    found = findings(
        *ENDS,
        gateway("parallel", "split", "join"),
        tasks("one", "two"),
        node("boundaryEvent", "late", f"{event}</bpmn:timerEventDefinition>", attachedToRef="one"),
        node("endEvent", "too-late"),
        chain("begun", "split", "one", "join", "ended"),
        chain("split", "two", "join"),
        chain("late", "too-late"),
    )

    assert "late" in found["unsound-deadlock join"]


def test_a_loop_that_sends_a_path_to_the_end_each_time_and_never_stops_itself_is_found() -> None:
    found = findings(
        *ENDS,
        gateway("exclusive", "again"),
        gateway("parallel", "split"),
        tasks("one"),
        chain("begun", "again", "one", "split", "ended"),
        chain("split", "again"),
    )

    assert any(each.startswith("unsound-no-end") for each in found)


def test_parallel_paths_that_merge_without_a_join_are_warned_of() -> None:
    found = findings(
        *ENDS,
        gateway("parallel", "split"),
        gateway("exclusive", "merge"),
        tasks("one", "two"),
        chain("begun", "split", "one", "merge", "ended"),
        chain("split", "two", "merge"),
    )

    assert found["unsound-lack-of-synchronisation merge"].endswith("begun → split → two → one.")


SOUND = {
    "a loop that only an event at its edge ends": (
        *ENDS,
        gateway("exclusive", "again"),
        tasks("one", "two"),
        timer("enough", attachedToRef="two", cancelActivity="true"),
        chain("begun", "again", "one", "two", "again"),
        chain("enough", "ended"),
    ),
    "a path that stops all others": (
        *ENDS,
        node("endEvent", "stopped", '<bpmn:terminateEventDefinition id="stopped-event"/>'),
        gateway("parallel", "split"),
        tasks("one", "two", "three"),
        chain("begun", "split", "one", "stopped"),
        chain("split", "two", "three", "ended"),
    ),
    "an inclusive split and join in a loop": (
        *ENDS,
        gateway("inclusive", "split", "join"),
        gateway("exclusive", "merge", "again"),
        tasks("one", "two"),
        chain("begun", "merge", "split"),
        flow("split", "one", YES),
        flow("split", "two", NO),
        chain("one", "join", "again"),
        chain("two", "join"),
        flow("again", "merge", YES),
        flow("again", "ended", NO),
    ),
    "parallel": (
        *ENDS,
        gateway("parallel", "split", "join"),
        tasks("one", "two"),
        chain("begun", "split", "one", "join", "ended"),
        chain("split", "two", "join"),
    ),
    "inclusive": (
        *ENDS,
        gateway("inclusive", "split", "join"),
        tasks("one", "two"),
        chain("begun", "split"),
        flow("split", "one", YES),
        flow("split", "two", NO),
        chain("one", "join", "ended"),
        chain("two", "join"),
    ),
    "loop": (
        *ENDS,
        gateway("exclusive", "again", "enough"),
        tasks("one"),
        chain("begun", "again", "one", "enough"),
        flow("enough", "again", YES),
        flow("enough", "ended", NO),
    ),
    "parallel paths with ends of their own": (
        *ENDS,
        gateway("parallel", "split"),
        node("endEvent", "other-end"),
        tasks("one", "two"),
        chain("begun", "split", "one", "ended"),
        chain("split", "two", "other-end"),
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_model_is_left_in_peace(name: str) -> None:
    found = findings(*SOUND[name])

    assert found == {}


def wide(branches: int, length: int) -> list[str]:
    """Parallel branches of choices in a row, which would have very many interleavings."""
    parts = [*ENDS, gateway("parallel", "split", "join"), chain("begun", "split")]
    parts.append(chain("join", "ended"))
    for branch in range(branches):
        before = "split"
        for place in range(length):
            key = f"n{branch}-{place}"
            parts += [gateway("exclusive", key, f"{key}-m"), flow(before, key), tasks(f"{key}-t")]
            parts += [flow(key, f"{key}-m", NO), flow(key, f"{key}-t", YES)]
            parts.append(chain(f"{key}-t", f"{key}-m"))
            before = f"{key}-m"
        parts.append(flow(before, "join"))
    return parts


def test_three_hundred_elements_in_parallel_are_decided() -> None:
    found = findings(*wide(branches=10, length=10))

    assert found == {}


def test_more_states_than_are_looked_at_are_said_to_be_undecided() -> None:
    parts = [*ENDS, gateway("parallel", "split", "join"), chain("begun", "split")]
    parts.append(chain("join", "ended"))
    for branch in range(16):
        key = f"n{branch}"
        parts += [gateway("exclusive", key), tasks(f"{key}-a", f"{key}-b")]
        parts += [gateway("parallel", f"{key}-j"), flow("split", key), flow(f"{key}-j", "join")]
        parts += [flow(key, f"{key}-a", YES), flow(key, f"{key}-b", NO)]
        parts += [chain(f"{key}-a", f"{key}-j"), chain(f"{key}-b", f"{key}-j")]

    found = findings(*parts)

    assert found.keys() == {"unsound-not-decided sample"}
