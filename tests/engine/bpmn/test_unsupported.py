"""What cannot be run rightly is refused when it is built, not run wrongly. The linter refuses it
before, with a remedy of its own (`tests/engine/lint`)."""

import pytest

from engine.bpmn.parser import build_process
from engine.errors import DeploymentRefusedError, FeelError
from tests.engine.bpmn.models import document, end, event, model, node, process, start, user


@pytest.mark.parametrize(
    "element",
    [
        node("scriptTask", "x"),
        node("complexGateway", "x"),
        node("transaction", "x"),
        node("adHocSubProcess", "x"),
        node("subProcess", "x", start("x-s") + end("x-e"), triggeredByEvent="true"),
        node("intermediateThrowEvent", "x", event("link")),
        node("intermediateCatchEvent", "x", event("link")),
        node("intermediateThrowEvent", "x", event("compensate")),
        node("endEvent", "x", event("cancel")),
        node("startEvent", "x", event("signal")),
        node("boundaryEvent", "x", event("compensate"), attachedToRef="a"),
    ],
)
def test_an_element_that_does_not_run_is_refused_by_name(element: str) -> None:
    with pytest.raises(DeploymentRefusedError) as refused:
        model(start() + user("a") + element + end(), "s -> a\na -> e")

    assert [found.element_id for found in refused.value.findings] == ["x"]


def test_a_file_that_is_no_xml_is_refused() -> None:
    with pytest.raises(DeploymentRefusedError):
        build_process("p", {"p.bpmn": b"<definitions"})


def test_an_expression_that_cannot_be_read_says_where_it_stands() -> None:
    body = start() + node("exclusiveGateway", "g") + user("a") + end()

    with pytest.raises(FeelError) as refused:
        model(body, "s -> g\ng -> a [1 +]\na -> e")

    assert refused.value.details["place"] == "g-to-a.condition"


def test_a_name_that_is_not_known_is_refused_when_the_names_are_given() -> None:
    body = start() + node("exclusiveGateway", "g") + user("a") + end()
    files = {"p": document(process(body, "s -> g\ng -> a [budgt > 1]\na -> e"))}

    with pytest.raises(FeelError):
        build_process("p", files, names=["budget"])
