"""Each rule of the choice of procedure, both ways, and each threshold on both sides of its days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from engine.bpmn.choosing import choose_procedure
from engine.bpmn.compile import CompiledDefinition
from engine.errors import InvalidInputError
from engine.procurement.choice import ProcedureChoice, form_choice, form_estimate, read_answers
from engine.procurement.facts import Facts
from engine.procurement.procedures import GROUNDS, HINTS, PROCEDURES
from engine.procurement.rules.choice import (
    estimated_value_complete,
    ground_fits_answers,
    procedure_allowed,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
KRONER = 100
PART_THREE = 4_000_000
PART_TWO = 2_000_000
PART_ONE = 700_000
BELOW = 400_000


def choice(
    version: CompiledDefinition,
    kroner: int = PART_THREE,
    at: date = TODAY,
    **answers: Any,
) -> ProcedureChoice:
    """A municipality that buys a known service, unless the answers say otherwise."""
    data = {
        "buyer": "other",
        "contract_type": "services",
        "purchase_est": kroner * KRONER,
        "need_clear": True,
        "spec_possible": True,
        **answers,
    }
    return choose_procedure(version, read_answers(data), at, NOW)


def names(found: ProcedureChoice) -> set[str]:
    return {each.procedure for each in found.options}


NEGOTIATED = {"negotiated", "competitive-dialogue"}
ALWAYS = {"open", "restricted"}
PART_TWO_ALWAYS = {"part-two-open", "part-two-restricted"} | ALWAYS | NEGOTIATED
PARTNERSHIP = {"solution_on_market": "no", "development_and_purchase": True}
RESEARCH = {"rd_only": True, "buyer_pays_all": True}

CASES: list[tuple[str, int, Mapping[str, Any], set[str]]] = [
    ("R0", BELOW, {}, {"outside-act"}),
    ("R0 whatever is said", BELOW, {**PARTNERSHIP, **RESEARCH}, {"outside-act"}),
    ("R0 just below", 499_999, {}, {"outside-act"}),
    ("R0 no more, R1", 500_000, {}, {"part-one"}),
    ("R1", PART_ONE, {}, {"part-one"}),
    ("R1 with nothing on the market", PART_ONE, PARTNERSHIP, {"part-one"}),
    ("R1 just below", 1_299_999, {}, {"part-one"}),
    ("R1 no more, R2", 1_300_000, {}, PART_TWO_ALWAYS),
    ("R2", PART_TWO, {}, PART_TWO_ALWAYS),
    ("R2 voluntary partnership", PART_TWO, PARTNERSHIP,
     {*PART_TWO_ALWAYS, "innovation-partnership"}),
    ("R2 a solution exists", PART_TWO, {"development_and_purchase": True}, PART_TWO_ALWAYS),
    ("R2 urgency is no exception", PART_TWO, {"extreme_urgency": True}, PART_TWO_ALWAYS),
    ("R2 just below", 2_499_999, {}, PART_TWO_ALWAYS),
    ("R2 no more, R3", 2_500_000, {}, ALWAYS),
    ("R3", PART_THREE, {}, ALWAYS),
    ("R3 with an unclear need", PART_THREE, {"need_clear": False}, ALWAYS),
    ("R4 i", PART_THREE, {"solution_on_market": "adaptable"}, ALWAYS | NEGOTIATED),
    ("R4 not i: nothing exists", PART_THREE, {"solution_on_market": "no"}, ALWAYS),
    ("R4 ii", PART_THREE, {"design_or_innovative": True}, ALWAYS | NEGOTIATED),
    ("R4 iii", PART_THREE, {"complex_or_risky": True}, ALWAYS | NEGOTIATED),
    ("R4 iv", PART_THREE, {"spec_possible": False}, ALWAYS | NEGOTIATED),
    ("R4 all", PART_THREE, {"solution_on_market": "adaptable", "design_or_innovative": True,
     "complex_or_risky": True, "spec_possible": False}, ALWAYS | NEGOTIATED),
    ("R4 not in Part I", PART_ONE, {"complex_or_risky": True}, {"part-one"}),
    ("R5", PART_THREE, {"earlier_failed": "irregular"}, ALWAYS | NEGOTIATED),
    ("R5 none failed", PART_THREE, {"earlier_failed": "none"}, ALWAYS),
    ("R5 without notice", PART_THREE, {"earlier_failed": "irregular", "invite_all_earlier": True},
     {*ALWAYS, *NEGOTIATED, "negotiated-without-notice"}),
    ("R5 inviting all after none failed", PART_THREE, {"invite_all_earlier": True}, ALWAYS),
    ("R6", PART_THREE, PARTNERSHIP, {*ALWAYS, "innovation-partnership"}),
    ("R6 no purchase", PART_THREE, {"solution_on_market": "no"}, ALWAYS),
    ("R6 a solution exists", PART_THREE, {"development_and_purchase": True}, ALWAYS),
    ("R6 adaptable", PART_THREE, {**PARTNERSHIP, "solution_on_market": "adaptable"},
     ALWAYS | NEGOTIATED),
    ("R6 not below the act", BELOW, PARTNERSHIP, {"outside-act"}),
    ("R7 results are shared", PART_THREE, {"rd_only": True, "buyer_pays_all": True},
     {*ALWAYS, "pre-commercial"}),
    ("R7 costs are shared", PART_THREE, {"rd_only": True, "buyer_keeps_all": True},
     {*ALWAYS, "pre-commercial"}),
    ("R7 both are shared", PART_THREE, {"rd_only": True}, {*ALWAYS, "pre-commercial"}),
    ("R7 all for the buyer", PART_THREE,
     {"rd_only": True, "buyer_pays_all": True, "buyer_keeps_all": True}, ALWAYS),
    ("R7 all for the buyer under one of the nine codes", PART_THREE,
     {"rd_only": True, "buyer_pays_all": True, "buyer_keeps_all": True, "rd_cpv": "73110000-6"},
     ALWAYS),
    ("R7 all for the buyer under another code", PART_THREE,
     {"rd_only": True, "buyer_pays_all": True, "buyer_keeps_all": True, "rd_cpv": "73200000-4"},
     {*ALWAYS, "pre-commercial"}),
    ("R7 no research", PART_THREE, {"rd_cpv": "73200000-4"}, ALWAYS),
    ("R7 in Part I", PART_ONE, RESEARCH, {"part-one", "pre-commercial"}),
    ("R7 not below the act", BELOW, RESEARCH, {"outside-act"}),
    ("R8", PART_THREE, {"want_plan_or_design": True}, {*ALWAYS, "design-contest"}),
    ("R8 goods", PART_THREE, {"want_plan_or_design": True, "contract_type": "goods"}, ALWAYS),
    ("R8 in Part I", PART_ONE, {"want_plan_or_design": True}, {"part-one", "design-contest"}),
    ("R9 no tenders", PART_THREE, {"earlier_failed": "no_tenders"},
     {*ALWAYS, "negotiated-without-notice"}),
    ("R9 goods for research", PART_THREE, {"special_case": "rd-goods"},
     {*ALWAYS, "negotiated-without-notice"}),
    ("R9 winners", PART_THREE, {"special_case": "contest-winners"},
     {*ALWAYS, "negotiated-without-notice"}),
    ("R9 cover purchase", PART_THREE, {"special_case": "cover-purchase"},
     {*ALWAYS, "negotiated-without-notice"}),
    ("R9 urgency", PART_THREE, {"extreme_urgency": True}, {*ALWAYS, "negotiated-without-notice"}),
    ("R9 none", PART_THREE, {"special_case": "none"}, ALWAYS),
    ("R10 only one", PART_THREE, {"only_one_supplier": True}, {*ALWAYS, "direct-award"}),
    ("R10 addition", PART_THREE, {"special_case": "additional-deliveries"},
     {*ALWAYS, "direct-award"}),
    ("R10 repetition", PART_THREE, {"special_case": "repetition"}, {*ALWAYS, "direct-award"}),
    ("R10 exchange", PART_THREE, {"special_case": "exchange-goods"}, {*ALWAYS, "direct-award"}),
    ("R10 insolvency", PART_THREE, {"special_case": "insolvency"}, {*ALWAYS, "direct-award"}),
    ("R10 not in Part II", PART_TWO, {"only_one_supplier": True}, PART_TWO_ALWAYS),
    ("works below", 62_899_999, {"contract_type": "works"}, PART_TWO_ALWAYS),
    ("works above", 62_900_000, {"contract_type": "works"}, ALWAYS),
    ("special services have no upper bound of Part II", 90_000_000,
     {"contract_type": "special-services"}, PART_TWO_ALWAYS),
    ("health below", 8_699_999, {"contract_type": "health-social"}, {"part-one"}),
    ("R11 health above", 8_700_000, {"contract_type": "health-social"}, {"part-four"}),
]  # fmt: skip


@pytest.mark.parametrize(("case", "kroner", "answers", "allowed"), CASES, ids=[c[0] for c in CASES])
def test_a_procedure_is_allowed_exactly_when_its_rule_says_so(
    version: CompiledDefinition,
    case: str,
    kroner: int,
    answers: Mapping[str, Any],
    allowed: set[str],
) -> None:
    found = choice(version, kroner, **answers)

    assert names(found) == allowed
    assert {each.procedure for each in found.refused} == set(PROCEDURES) - allowed
    assert all(each.why["nb"] and each.why["en"] for each in found.refused)
    said = [ground.fact for option in found.options for ground in option.grounds]
    assert all(fact[language] for fact in said for language in ("nb", "nn", "en"))


DAYS: list[tuple[date, str, str, int, str, str]] = [
    # the day, buyer, contract, the amount, regime right below it, regime at it
    (date(2024, 3, 13), "state", "services", 1_400_000, "part2", "part3"),
    (date(2024, 3, 14), "state", "services", 1_490_000, "part2", "part3"),
    (date(2026, 4, 20), "state", "services", 1_490_000, "part2", "part3"),
    (date(2026, 4, 21), "state", "services", 1_630_000, "part2", "part3"),
    (date(2024, 3, 13), "other", "goods", 2_200_000, "part2", "part3"),
    (date(2024, 3, 14), "other", "goods", 2_300_000, "part2", "part3"),
    (date(2026, 4, 20), "other", "goods", 2_300_000, "part2", "part3"),
    (date(2026, 4, 21), "other", "goods", 2_500_000, "part2", "part3"),
    (date(2024, 3, 13), "other", "works", 56_000_000, "part2", "part3"),
    (date(2026, 4, 20), "other", "works", 57_800_000, "part2", "part3"),
    (date(2026, 4, 21), "other", "works", 62_900_000, "part2", "part3"),
    (date(2026, 4, 20), "other", "health-social", 7_800_000, "part1", "part4"),
    (date(2026, 4, 21), "other", "health-social", 8_700_000, "part1", "part4"),
    (date(2026, 6, 30), "other", "services", 100_000, "below_law", "part1"),
    (date(2026, 7, 1), "other", "services", 500_000, "below_law", "part1"),
    (date(2026, 7, 1), "other", "services", 1_300_000, "part1", "part2"),
]


@pytest.mark.parametrize(("at", "buyer", "contract", "amount", "below", "reached"), DAYS)
def test_the_threshold_of_the_day_decides_to_the_krone(
    version: CompiledDefinition,
    at: date,
    buyer: str,
    contract: str,
    amount: int,
    below: str,
    reached: str,
) -> None:
    answers = {"buyer": buyer, "contract_type": contract}

    one_less = choice(version, amount - 1, at, **answers)
    exactly = choice(version, amount, at, **answers)

    assert (one_less.regime, exactly.regime) == (below, reached)
    assert exactly.valuation.decisive.row.amount == amount * KRONER


def test_the_rule_set_of_the_day_is_named(version: CompiledDefinition) -> None:
    before = choice(version, at=date(2026, 4, 20))
    after = choice(version, at=date(2026, 4, 21))

    assert before.rule_set != after.rule_set


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"solution_on_market": "yes"}, "open"),
        ({"solution_on_market": "adaptable"}, "negotiated"),
        ({"solution_on_market": "adaptable", "spec_possible": False}, "competitive-dialogue"),
        ({"solution_on_market": "yes", "spec_possible": False}, "competitive-dialogue"),
        (PARTNERSHIP, "innovation-partnership"),
        ({"solution_on_market": "no", "rd_only": True}, "pre-commercial"),
        ({"solution_on_market": "no", "want_plan_or_design": True}, "design-contest"),
        ({"solution_on_market": "no", "need_clear": False}, "open"),
    ],
)
def test_what_fits_best_comes_first(
    version: CompiledDefinition, answers: Mapping[str, Any], first: str
) -> None:
    found = choice(version, **answers)

    assert found.options[0].procedure == first
    assert [each.rank for each in found.options] == list(range(1, len(found.options) + 1))


def test_an_exception_from_publication_comes_last(version: CompiledDefinition) -> None:
    found = choice(version, extreme_urgency=True, only_one_supplier=True)

    assert [each.standing for each in found.options] == ["main", "main", "exception", "exception"]


def test_every_ground_that_holds_is_named_with_its_law(version: CompiledDefinition) -> None:
    found = choice(version, complex_or_risky=True, earlier_failed="irregular")

    option = found.option("negotiated")
    assert option is not None
    assert [(each.rule, each.ground) for each in option.grounds] == [
        ("R4", "26-4-a-iii"),
        ("R5", "26-4-b"),
    ]
    assert option.reason == "required"
    assert not option.verified


def test_the_reason_to_edit_speaks_of_value_threshold_and_ground(
    version: CompiledDefinition,
) -> None:
    found = choice(version, **PARTNERSHIP)

    option = found.option("innovation-partnership")
    assert option is not None
    assert "4\u00a0000\u00a0000\u00a0kr" in option.draft["nb"]
    assert "2\u00a0500\u00a0000\u00a0kr" in option.draft["nb"]
    assert "løsningen finnes ikke i markedet" in option.draft["nb"]
    assert "FOA § 13-1(3)" in option.draft["en"]


def test_the_trace_shows_inputs_and_the_rules_that_matched(version: CompiledDefinition) -> None:
    found = choice(version, complex_or_risky=True)

    table = next(step for step in found.trace if step["id"] == "allowed-procedures")
    assert [rule["id"] for rule in table["rules"]] == [
        "R3-open",
        "R3-restricted",
        "R4-iii-negotiated",
        "R4-iii-competitive-dialogue",
    ]


def test_every_row_of_the_tables_has_words(version: CompiledDefinition) -> None:
    table = version.models["allowed-procedures"].source
    ranking = next(each for each in table.elements if each.ident == "procedure-ranking")
    allowed = next(each for each in table.elements if each.ident == "allowed-procedures")

    rows = [rule.outputs for rule in allowed.expression.rules]
    hints = [rule.outputs for rule in ranking.expression.rules]

    assert {row[1].strip('"') for row in rows} == set(PROCEDURES)
    assert {row[2].strip('"') for row in rows} - {"none"} <= set(GROUNDS)
    assert {hint[1].strip('"') for hint in hints} == set(HINTS)


def facts() -> Facts:
    return Facts(NOW, TODAY, "", "", {}, {}, (), (), None)


@pytest.mark.parametrize(
    ("market", "develop", "research", "earlier"),
    list(
        product(
            ("yes", "adaptable", "no"),
            (False, True),
            (False, True),
            ("none", "irregular", "no_tenders"),
        )
    ),
)
def test_the_gate_agrees_with_the_tables(
    version: CompiledDefinition, market: str, develop: bool, research: bool, earlier: str
) -> None:
    found = choice(
        version,
        solution_on_market=market,
        development_and_purchase=develop,
        rd_only=research,
        earlier_failed=earlier,
    )

    for procedure in ("innovation-partnership", "negotiated", "pre-commercial", "open"):
        form = form_choice(found, procedure, "En begrunnelse som er lang nok.")
        allowed = procedure_allowed(facts(), form).holds
        grounded = ground_fits_answers(facts(), form).holds
        assert (found.option(procedure) is not None) == (allowed and grounded), procedure


def test_the_forms_of_the_choice_satisfy_the_gate(version: CompiledDefinition) -> None:
    found = choice(
        version,
        0,
        monthly=50_000_00,
        without_end=True,
        rd_max=1_000_000_00,
        **PARTNERSHIP,
    )

    estimate = form_estimate(found)

    assert found.valuation.total == 3_400_000_00
    assert estimate["purchase_est"] == 2_400_000_00
    assert estimate["duration"] == 48
    assert estimated_value_complete(facts(), {**estimate, "method": "Erfaring."}).holds


@pytest.mark.parametrize(
    "wrong",
    [
        {"buyer": "abroad"},
        {"contract_type": "gold"},
        {"solution_on_market": "perhaps"},
        {"special_case": "lucky"},
        {"purchase_est": -1},
        {"duration": 0},
    ],
)
def test_answers_that_cannot_be_are_refused(
    version: CompiledDefinition, wrong: Mapping[str, Any]
) -> None:
    with pytest.raises(InvalidInputError):
        choice(version, **wrong)


def test_a_day_before_the_rule_data_is_refused(version: CompiledDefinition) -> None:
    with pytest.raises(InvalidInputError, match="2016-12-31"):
        choice(version, at=date(2016, 12, 31))
