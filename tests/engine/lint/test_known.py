"""What the linter lets a model name is what the platform has."""

from engine.bpmn.compile import check_bundle
from engine.bpmn.lint.known import platform
from engine.commands.operations import OPERATIONS
from engine.procurement.ruledata import Kind, known_rules
from engine.procurement.rules import RULES
from tests.support.models import good_files


def test_every_operation_a_model_may_name_can_be_carried_out_and_no_other() -> None:
    assert platform().operations.keys() == OPERATIONS.keys()


def test_every_check_a_gate_may_name_is_a_rule() -> None:
    assert platform().checks == set(RULES)
    assert "participation-answered" in platform().checks


def test_every_time_limit_a_model_may_name_has_rows() -> None:
    assert platform().time_limits == set(known_rules(Kind.TIME_LIMIT))


def test_the_platform_is_what_is_known_unless_said_otherwise() -> None:
    assert check_bundle("sample", good_files()) == ()
