"""Each rule of law holds in the lawful model and is broken by one that differs in that alone."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.bpmn.compile import check_bundle, compile_bundle
from engine.bpmn.lint.law.table import LAW, PROCEDURES
from engine.errors import DeploymentRefusedError
from tests.support.lawful import (
    APPOINTED,
    AWARDING,
    COMPETITION,
    CONTEST,
    DECLARED,
    KEY,
    LOOP,
    MARKER,
    OUTER,
    PHASE,
    REVIEW,
    Level,
    Model,
    boundary,
    choose,
    extended,
    gate,
    letter,
    notice,
    operation,
    status,
    task,
    wait,
)

GOOD = Model()
SEPARATION = '<pivotal:separation notSameAs="a5 a6"/>'
HEARD = '<pivotal:participation groups="employee citizen"/>'


def outer(level: Level) -> Model:
    return replace(GOOD, outer=level)


def competition(level: Level) -> Model:
    return replace(GOOD, competition=level)


def approving(
    checks: str = "climate-rule-met rtp-period-long-enough",
    parts: str = HEARD + SEPARATION,
    four_eyes: str = "legal",
) -> Model:
    """The gate that approves the publication, said anew."""
    said = gate("a7", "D5", 1, checks=checks, four_eyes=four_eyes)
    return outer(OUTER.having("a7", extended(said, parts)))


def other_event(key: str) -> str:
    """A happening that another one has taken the place of."""
    return boundary(key, "b2", "msg-complaint", interrupting=False)


GOOD_CHECKS = "climate-rule-met rtp-period-long-enough"


def announcing(procedure: str, checks: str, level: Level) -> Model:
    """Another procedure, whose publication is approved with these checks too."""
    said = gate("a7", "D5", 1, checks=f"{GOOD_CHECKS} {checks}")
    parts = (HEARD, '<pivotal:separation notSameAs="a5 a6"/>')
    approved = OUTER.having("a7", extended(said, *parts))
    return replace(GOOD, procedure=procedure, outer=approved, competition=level)


def contest(level: Level = CONTEST, checks: str = APPOINTED) -> Model:
    return announcing("design-contest", checks, level)


IN_PARALLEL = COMPETITION.having(
    "g7",
    gate("g7", "D10", 4, checks=f"{AWARDING} several-in-parallel", catalogue="F-27"),
)
GOOD_RESEARCH = announcing("pre-commercial", "exemption-by-table", IN_PARALLEL)
BAD: Mapping[str, Model] = {
    "law-parts-known": competition(COMPETITION.having("g7", gate("g7", "D10", 4, checks=AWARDING))),
    "law-standstill-before-contract": competition(COMPETITION.without("h2")),
    "law-award-before-contract": competition(
        COMPETITION.having("g7", gate("g7", "D10", 4, checks=AWARDING))
    ),
    "law-letters-before-standstill": competition(COMPETITION.having("h1", letter("h1", "Hei"))),
    "law-signing-checked": competition(
        COMPETITION.having(
            "h3", gate("h3", "D11", 5, checks="standstill-over suppliers-still-qualified")
        )
    ),
    "law-qualified-at-contract": competition(
        COMPETITION.having("h3", gate("h3", "D11", 5, checks="standstill-over no-injunction"))
    ),
    "law-breach-holds-award": competition(
        COMPETITION.having(
            "g7", gate("g7", "D10", 4, catalogue="F-27", checks="decider-not-evaluator")
        )
    ),
    "law-prior-involvement-checked": competition(
        COMPETITION.having("f0", gate("f0", "D6", 2, checks="reduction-reserved"))
    ),
    "law-result-notice": competition(COMPETITION.having("h9", notice("h9", "38"))),
    "law-cancellation-announced": outer(OUTER.without("b8")),
    "law-cancellation-possible": outer(
        OUTER.having("b3", boundary("b3", "b2", "msg-cancel", interrupting=False))
    ),
    "law-complaint-possible": outer(
        OUTER.having("b4", boundary("b4", "b2", "msg-cancel", interrupting=False))
    ),
    "law-access-possible": outer(OUTER.having("e2", other_event("e2"))),
    "law-conflict-possible": outer(OUTER.having("e4", other_event("e4"))),
    "law-breach-possible": outer(OUTER.having("e6", other_event("e6"))),
    "law-award-notice-due": competition(COMPETITION.having("h8", task("h8", "F-13"))),
    "law-impartiality-before-opening": outer(OUTER.without("a1")),
    "law-impartiality-before-evaluation": replace(
        GOOD, outer=OUTER.without("a1"), competition=COMPETITION.without("c4")
    ),
    "law-impartiality-against-names": competition(COMPETITION.without("c4")),
    "law-decider-not-evaluator": competition(
        COMPETITION.having("g7", gate("g7", "D10", 4, catalogue="F-27", checks="no-open-breach"))
    ),
    "law-receipt-sealed": competition(COMPETITION.without("c1")),
    "law-gate-refusable": outer(OUTER.saying("d5", "d6", "answer_12 != null")),
    "law-wait-names-rule": competition(
        COMPETITION.having("c1", wait("c1", "2027-03-01T12:00:00+01:00"))
    ),
    "law-supplier-branch-confidential": replace(GOOD, branch=""),
    "law-participation-before-documents": approving(parts=SEPARATION),
    "law-publication-approved": outer(OUTER.having("a7", gate("a7", "D3", 1))),
    "law-climate-checked": approving(checks="rtp-period-long-enough"),
    "law-minimum-period-checked": approving(checks="climate-rule-met"),
    "law-drafter-not-approver": approving(parts=HEARD + '<pivotal:separation notSameAs="a5"/>'),
    "law-publication-by-two": approving(four_eyes=""),
    "law-award-by-two": competition(
        COMPETITION.having(
            "g7",
            gate("g7", "D10", 4, four_eyes="", catalogue="F-27", checks=AWARDING),
        )
    ),
    "law-purchase-by-two": outer(
        OUTER.having("d4", gate("d4", "D13", 12, checks="purchase-allowed", four_eyes=""))
    ),
    "law-payment-by-two": replace(
        GOOD, phase=PHASE.having("j2", gate("j2", "D12", 10, catalogue="F-33", four_eyes=""))
    ),
    "law-rules-pinned": outer(OUTER.without("a9")),
    "law-documents-frozen": outer(OUTER.without("b0")),
    "law-two-evaluators": competition(
        COMPETITION.having("g2", task("g2", "F-23")).having("g3", task("g3", "F-23"))
    ),
    "law-scores-before-consensus": competition(
        COMPETITION.having("g2", task("g2", "F-26")).having("g3", task("g3", "F-26"))
    ),
    "law-low-tender-inquiry": competition(COMPETITION.without("f5")),
    "law-rejected-told": competition(COMPETITION.without("f9")),
    "law-reduction-reserved": competition(
        COMPETITION.having("f0", gate("f0", "D8", 2, checks="real-competition"))
    ),
    "law-termination-announced": replace(
        GOOD, review=REVIEW.having("k1", gate("k1", "D12", 11, options="end! go"))
    ),
    "law-phase-reviewed": replace(GOOD, review=REVIEW.having("k3", status("k3", "withdrawn"))),
    "law-purchase-allowed": outer(
        OUTER.having("d4", gate("d4", "D13", 12, checks="performance-measured"))
    ),
    "law-benefits-measured": outer(OUTER.having("d8", task("d8", "F-34"))),
    "law-information-to-all": outer(
        OUTER.having(
            "a4",
            extended(letter("a4", "f-07"), LOOP.format("suppliers")).replace(
                "</bpmn:serviceTask>", f"{MARKER}</bpmn:serviceTask>"
            ),
        )
    ),
    "law-market-information-shared": outer(OUTER.without("a3")),
    "law-anonymity-until-opinion": contest(
        CONTEST.having("m5", gate("m5", "D8", 3, checks="ranking-by-criteria"))
    ),
    "law-winner-by-jury": contest(CONTEST.leading("m2", "m0", "g7")),
    "law-jury-appointed": contest(checks="jury-composed"),
    "law-receiver-not-juror": contest(
        CONTEST.having("m1", gate("m1", "D9", 2, checks="projects-anonymised"))
    ),
    "law-projects-sealed": contest(CONTEST.having("m0", task("m0", "F-16"))),
    "law-projects-searched": contest(
        CONTEST.having("m1", gate("m1", "D9", 2, checks="receiver-not-juror"))
    ),
    "law-follow-on-announced": contest(
        CONTEST.having("n1", gate("n1", "D3", 5, checks="procedure-allowed"))
    ),
    "law-exemption-tested": announcing("pre-commercial", "", IN_PARALLEL),
    "law-competition-in-phases": announcing("pre-commercial", "exemption-by-table", COMPETITION),
}
"""A model that breaks the rule; it may break others with it."""


def waiting(expression: str) -> Model:
    """The standstill, waited for in another way."""
    return competition(COMPETITION.having("h2", wait("h2", expression)))


def looped(level: Level, *keys: str) -> Level:
    """These service tasks and gates are done once for each of a list."""
    for key in keys:
        kind = "userTask" if "userTask" in level.nodes[key] else "serviceTask"
        said = extended(level.nodes[key], LOOP.format("suppliers"))
        level = level.having(key, said.replace(f"</bpmn:{kind}>", f"{MARKER}</bpmn:{kind}>"))
    return level


def by_the_way(level: Level, source: str, refused: str, target: str) -> Level:
    """The refusal leads to some other work, and from there to where the opening leads."""
    turned = level.leading(source, refused, "x3")
    nodes = {**turned.nodes, "x3": task("x3", "F-28")}
    return Level(nodes, (*turned.flows, ("x3", target, "")))


HURRIED = gate(
    "h3",
    "D11",
    5,
    checks="standstill-over no-injunction suppliers-still-qualified",
    options="go! hurry stop",
)
FOOLING = {
    "a standstill that is only waited for when somebody wants to": (
        "law-standstill-before-contract",
        waiting('if turn > 1 then now() else time_limit("standstill-electronic", sent_at)'),
    ),
    "a standstill cut short": (
        "law-standstill-before-contract",
        waiting('time_limit("standstill-electronic", sent_at) - duration("P9D")'),
    ),
    "a standstill counted from long ago": (
        "law-standstill-before-contract",
        waiting('time_limit("standstill-electronic", deadline)'),
    ),
    "a standstill beside a shorter way": (
        "law-standstill-before-contract",
        competition(
            Level(
                {**COMPETITION.nodes, "x1": choose("x1")},
                (
                    *((a, "x1" if b == "h2" else b, c) for a, b, c in COMPETITION.flows),
                    ("x1", "h2", "turn > 1"),
                    ("x1", "h3", "turn <= 1"),
                ),
            )
        ),
    ),
    "signing checked only for those who do not hurry": (
        "law-signing-checked",
        competition(
            Level(
                {**COMPETITION.having("h3", HURRIED).nodes},
                (
                    *(each for each in COMPETITION.flows if each[:2] != ("h4", "h5")),
                    ("h4", "h5", 'answer_5 = "go" or answer_5 = "hurry"'),
                ),
            )
        ),
    ),
    "an award that signs when it is refused": (
        "law-award-before-contract",
        competition(by_the_way(COMPETITION, "g8", "i1", "h0")),
    ),
    "a publication that goes out when it is refused": (
        "law-publication-approved",
        outer(by_the_way(OUTER, "a8", "a5", "a9")),
    ),
    "an approval that a message can end": (
        "law-publication-approved",
        outer(
            Level(
                {
                    **OUTER.nodes,
                    "x4": boundary("x4", "a7", "msg-cancel", interrupting=True),
                    "x5": task("x5", "F-28"),
                },
                (*OUTER.flows, ("x4", "x5", ""), ("x5", "a9", "")),
            )
        ),
    ),
    "participation only after the documents are approved": (
        "law-participation-before-documents",
        outer(
            Level(
                {
                    **OUTER.having(
                        "a7", extended(gate("a7", "D5", 1, checks=GOOD_CHECKS), SEPARATION)
                    ).nodes,
                    "x6": extended(gate("x6", "D1", 10), HEARD),
                    "x7": choose("x7"),
                },
                (
                    *((a, "x6" if (a, b) == ("a8", "a9") else b, c) for a, b, c in OUTER.flows),
                    ("x6", "x7", ""),
                    ("x7", "a9", 'answer_10 = "go"'),
                    ("x7", "a5", 'answer_10 = "stop"'),
                ),
            )
        ),
    ),
    "a result notice for each of a list that may be empty": (
        "law-cancellation-announced",
        outer(looped(OUTER, "b8")),
    ),
    "rules pinned for each of a list that may be empty": (
        "law-rules-pinned",
        outer(looped(OUTER, "a9")),
    ),
    "an opening after some other wait": (
        "law-receipt-sealed",
        competition(COMPETITION.having("c1", wait("c1", "signed_at"))),
    ),
    "an opening a day before the deadline": (
        "law-receipt-sealed",
        competition(COMPETITION.having("c1", wait("c1", 'deadline - duration("P1D")'))),
    ),
    "a number in the middle of a wait": (
        "law-wait-names-rule",
        competition(COMPETITION.having("c1", wait("c1", 'deadline + duration("P3D")'))),
    ),
    "a number put into the variable of a wait": (
        "law-wait-names-rule",
        competition(
            COMPETITION.having(
                "h1",
                extended(
                    COMPETITION.nodes["h1"],
                    '<pivotal:output variable="deadline" value="@&quot;P3D&quot; + sent_at"/>',
                ),
            )
        ),
    ),
    "a number that a variable begins with": (
        "law-wait-names-rule",
        replace(
            GOOD,
            declared=DECLARED.replace(
                'name="deadline"', 'name="deadline" initial="@&quot;2027-03-01T12:00:00&quot;"'
            ),
        ),
    ),
    "a refusal that takes another flow to the same": (
        "law-gate-refusable",
        outer(
            Level(
                {**OUTER.nodes, "x2": choose("x2")},
                (
                    *((a, "x2" if (a, b) == ("d5", "d7") else b, c) for a, b, c in OUTER.flows),
                    ("x2", "d6", ""),
                ),
            )
        ),
    ),
    "a branch confidential to somebody else": (
        "law-supplier-branch-confidential",
        replace(GOOD, branch='<pivotal:confidentiality perSupplier="&quot;alle&quot;"/>'),
    ),
    "a decider in another lane, who may hold both roles": (
        "law-decider-not-evaluator",
        competition(
            COMPETITION.having(
                "g7", gate("g7", "D10", 4, catalogue="F-27", checks="no-open-breach")
            )
        ),
    ),
    "a notice whose subtype nobody can read": (
        "law-parts-known",
        outer(
            OUTER.having(
                "b1", operation("b1", "record-notice", subtype="answer_1", form="answer_1")
            )
        ),
    ),
    "a contract signed by a form of one's own": (
        "law-parts-known",
        competition(
            COMPETITION.having("h5", gate("h5", "D11", 9, catalogue="F-34")).having(
                "h7", status("h7", "purchased")
            )
        ),
    ),
}
"""Models that look lawful, each with the rule that sees through them."""


def rules_of(model: Model) -> set[str]:
    return {found.rule for found in check_bundle(KEY, model.files())} & set(LAW)


@pytest.mark.parametrize("model", [GOOD, contest(), GOOD_RESEARCH], ids=lambda m: m.procedure)
def test_the_lawful_model_breaks_no_rule_of_law(model: Model) -> None:
    findings = check_bundle(KEY, model.files())

    assert {found.rule for found in findings} == {"text-missing"}


def test_every_rule_has_a_model_that_breaks_it() -> None:
    assert BAD.keys() == LAW.keys()


@pytest.mark.parametrize("rule", BAD)
def test_a_model_that_breaks_the_law_is_refused_with_the_rule(rule: str) -> None:
    with pytest.raises(DeploymentRefusedError) as refused:
        compile_bundle(KEY, BAD[rule].files())

    found = [each for each in refused.value.findings if each.rule == rule]
    assert found
    assert all(each.element_id and each.line and each.remedy for each in found)


@pytest.mark.parametrize("trick", FOOLING)
def test_a_model_that_only_looks_lawful_is_seen_through(trick: str) -> None:
    rule, model = FOOLING[trick]

    assert rule in rules_of(model)


def test_a_finding_shows_the_shortest_path_that_breaks_the_rule() -> None:
    model = BAD["law-standstill-before-contract"]

    findings = check_bundle(KEY, model.files())

    reasons = {each.element_id: each.reason for each in findings if "standstill" in each.rule}
    assert reasons["h5"].endswith("g7 → g8 → h0 → h1 → h3 → h4 → h5.")


def test_a_new_award_needs_a_standstill_of_its_own() -> None:
    later = COMPETITION.leading("h4", "g7", "i1").leading("h6", "i1", "z1")
    award = gate("z1", "D10", 4, catalogue="F-27", checks=AWARDING)
    nodes = {**later.nodes, "z1": award, "z2": choose("z2")}
    ways = (("z1", "z2", ""), ("z2", "h5", 'answer_4 = "go"'), ("z2", "i1", 'answer_4 = "stop"'))

    rules = rules_of(competition(Level(nodes, (*later.flows, *ways))))

    assert "law-standstill-before-contract" in rules


def test_what_one_branch_of_a_split_does_counts_after_the_join() -> None:
    bare = COMPETITION.having("g3", task("g3", "F-28"))

    assert "law-scores-before-consensus" not in rules_of(competition(bare))


def published(key: str) -> str:
    """Shared information that a notice makes known to the whole market."""
    return notice(key, "4").replace("f-13", "f-07")


def test_before_the_suppliers_are_known_a_notice_tells_the_whole_market() -> None:
    market = OUTER.having("a4", published("a4"))

    assert rules_of(outer(market)) == set()


def test_once_the_suppliers_are_known_a_notice_is_no_way_to_tell_them() -> None:
    told = COMPETITION.having("f3", task("f3", "F-07")).having("f9", published("f9"))

    assert "law-information-to-all" in rules_of(competition(told))


def test_a_notice_for_each_supplier_does_not_tell_all_at_once() -> None:
    one_by_one = extended(published("a4"), LOOP.format("suppliers")).replace(
        "</bpmn:serviceTask>", f"{MARKER}</bpmn:serviceTask>"
    )

    assert "law-information-to-all" in rules_of(outer(OUTER.having("a4", one_by_one)))


def test_a_path_that_no_outcome_leads_along_is_not_judged() -> None:
    findings = check_bundle(KEY, GOOD.files())

    assert not [each for each in findings if each.element_id in ("j2", "d4")]


@pytest.mark.parametrize("procedure", ["open", "restricted", "negotiated"])
def test_a_rule_is_asked_only_of_the_procedures_it_is_for(procedure: str) -> None:
    model = replace(BAD["law-purchase-allowed"], procedure=procedure)

    assert "law-purchase-allowed" not in rules_of(model)


@pytest.mark.parametrize("rule", ["law-standstill-before-contract", "law-climate-checked"])
def test_a_contest_owes_no_standstill_and_no_climate_weight(rule: str) -> None:
    bare = replace(contest(), outer=OUTER.having("a7", gate("a7", "D5", 1, checks=APPOINTED)))

    assert rule not in rules_of(bare)
    assert rule in rules_of(replace(bare, procedure="negotiated"))


def test_a_shared_block_is_held_to_no_rule_by_itself() -> None:
    model = replace(BAD["law-standstill-before-contract"], startable=False)

    assert rules_of(model) == set()


def test_a_procedure_nobody_knows_is_warned_of() -> None:
    findings = check_bundle(KEY, replace(GOOD, procedure="barter").files())

    assert "law-procedure-unknown" in {found.rule for found in findings}


def test_a_competition_that_names_no_procedure_is_refused() -> None:
    with pytest.raises(DeploymentRefusedError) as refused:
        compile_bundle(KEY, replace(GOOD, procedure="").files())

    assert {each.rule for each in refused.value.findings} >= {"law-procedure-missing"}


def waiving(rule: str, model: Model) -> Model:
    waiver = f'<pivotal:waive rule="{rule}" reason="Avtalt med revisor"/>'
    return replace(model, declared=model.declared + waiver)


def test_a_waived_rule_does_not_refuse_and_is_shown_with_its_reason() -> None:
    model = waiving("law-climate-checked", BAD["law-climate-checked"])

    findings = check_bundle(KEY, model.files())

    (shown,) = [found for found in findings if found.rule == "law-waived"]
    assert shown.severity == "warning"
    assert "law-climate-checked" in shown.reason
    assert "Avtalt med revisor" in shown.reason
    assert not [found for found in findings if found.severity == "error"]


def test_a_waiver_of_a_rule_that_holds_is_warned_of() -> None:
    findings = check_bundle(KEY, waiving("law-climate-checked", GOOD).files())

    assert "law-waiver-unused" in {found.rule for found in findings}


@pytest.mark.parametrize("startable", [True, False])
def test_a_waiver_that_waives_nothing_is_refused(startable: bool) -> None:
    rule = "law-of-the-jungle" if startable else "law-climate-checked"
    model = waiving(rule, replace(GOOD, startable=startable))

    with pytest.raises(DeploymentRefusedError) as refused:
        compile_bundle(KEY, model.files())

    assert "law-waiver-unknown" in {found.rule for found in refused.value.findings}


def test_every_row_names_its_ground() -> None:
    for row in LAW.values():
        assert row.citation
        assert set(row.procedures) <= set(PROCEDURES)
        assert row.basis == "practice" or row.source
