import pytest

from engine.bpmn.dmn_source import read_model
from engine.errors import InvalidInputError
from engine.feel.dmn import Decision, DecisionTable, InputData, compile_model
from tests.support.feel import SCOPE

MODEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="Thresholds">
  <!-- a comment -->
  <inputData id="i" name="contract value">
    <variable name="contract value" typeRef="number"/>
  </inputData>
  <decision id="d" name="Procedure">
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input label="Value"><inputExpression><text>contract value</text></inputExpression></input>
      <output name="procedure"/>
      <annotation name="Source"/>
      <rule id="r1"><inputEntry><text>&lt; 100</text></inputEntry>
        <outputEntry><text>"direct"</text></outputEntry>
        <annotationEntry><text>Under the threshold</text></annotationEntry></rule>
      <rule id="r2"><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"open"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def test_a_dmn_file_is_read_into_the_plain_model() -> None:
    source = read_model(MODEL, "thresholds.dmn")

    given, decision = source.elements
    assert given == InputData("i", "contract value", "number")
    assert isinstance(decision, Decision)
    assert decision.requires == ("i",)
    assert isinstance(decision.expression, DecisionTable)
    assert decision.expression.rules[0].annotation == "Under the threshold"


def test_a_dmn_file_decides() -> None:
    model = compile_model(read_model(MODEL, "thresholds.dmn"))

    result = model.decide("Procedure", {"contract value": 99}, SCOPE)

    assert result.value == "direct"
    assert result.trace[0]["inputs"][0]["label"] == "Value"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<definitions",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<!DOCTYPE definitions><definitions/>",
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b"<a>" * 200 + b"</a>" * 200,
        MODEL.replace(b"FIRST", b"LAST"),
    ],
)
def test_a_file_that_is_no_safe_dmn_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"rules\.dmn"):
        read_model(data, "rules.dmn")
