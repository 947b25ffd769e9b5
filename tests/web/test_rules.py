"""The page of the rules: every row, its source, and where it is used."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import sqlalchemy as sa

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.model.actor import SYSTEM
from engine.procurement.ruledata import all_rows, known_rules
from engine.procurement.rules import RULES
from engine.procurement.rules.reads import READS, reads
from tests.support.platform import TOWN, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
REPOSITORY = Path(__file__).parents[2]


def cards(page: str) -> list[str]:
    return re.findall(r'<h2 id="([a-z0-9-]+)"', page)


def test_every_rule_is_listed_with_amount_law_source_and_mark(
    platform: Platform, visit: Visit
) -> None:
    page = unescape(visit("owner").get("/rules").text)

    assert set(known_rules()) <= set(cards(page))
    assert "FOA § 5-3(1) b" in page
    assert page.count("Ikke kontrollert") == sum(not row.verified for row in all_rows())
    assert "en lovendring er en ny rad" in page


def test_the_rows_of_a_day_are_those_in_force_on_it(platform: Platform, visit: Visit) -> None:
    visitor = visit("owner")

    before = visitor.get("/rules?kind=threshold&at=20.04.2026").text.replace("\u00a0", " ")
    after = visitor.get("/rules?kind=threshold&at=2026-04-21").text.replace("\u00a0", " ")

    assert "2 300 000 kr" in before
    assert "2 500 000 kr" not in before
    assert "2 500 000 kr" in after
    assert "standstill-electronic" not in after


def test_a_date_that_cannot_be_read_is_answered_with_help(platform: Platform, visit: Visit) -> None:
    answer = visit("owner").get("/rules?at=i+morgen")

    assert answer.status_code == 422
    assert "Datoen kan ikke leses" in answer.text


def test_a_rule_says_where_deployed_processes_use_it(platform: Platform, visit: Visit) -> None:
    files = collect(REPOSITORY / "processes" / "innovation-partnership").files
    platform.bus.handle(DeployProcess("innovation-partnership", files, TOWN), SYSTEM)

    page = unescape(visit("owner").get("/rules").text)

    standstill = page.partition('id="standstill-electronic"')[2].partition("<section")[0]
    eea = page.partition('id="threshold-eea-other"')[2].partition("<section")[0]
    assert "tidsur" in standstill or "port" in standstill
    assert "#drawing-award-and-standstill" in standstill
    assert "procedure-choice.dmn" in eea


def test_the_procurement_names_its_rule_set(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()

    page = visit("lead").get(f"/procurements/{procurement}").text

    assert 'href="/rules?at=today"' in page
    assert "Ikke låst ennå" in page


def test_a_procurement_shows_what_has_changed_since_its_rules_were_pinned(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    with platform.store.database.begin() as connection:
        connection.execute(
            sa.text("UPDATE procurement SET rules_at = '2026-03-03', rule_set = 'rules-old'")
        )
    same = visit("lead").get(f"/procurements/{procurement}").text
    platform.clock.set(platform.clock.now() + timedelta(days=40))

    changed = unescape(visit("lead").get(f"/procurements/{procurement}").text)

    assert "Reglene er endret siden kunngjøringen" not in same
    assert "Reglene er endret siden kunngjøringen" in changed
    row = changed.partition("/rules#threshold-eea-other")[2].partition("<dt>")[0]
    assert "2 300 000" in row.replace("\u00a0", " ")
    assert "2 500 000" in row.replace("\u00a0", " ")


def test_the_checks_that_read_rows_are_all_told() -> None:
    folder = REPOSITORY / "engine" / "procurement" / "rules"
    sources = "\n".join(file.read_text() for file in folder.glob("*.py") if file.stem != "reads")
    named = {rule for rule in known_rules() if f'"{rule}"' in sources}

    told = {rule for rule in known_rules() for check in READS if reads(check, rule)}

    assert set(READS) <= set(RULES)
    assert named <= told
    assert all(
        any(rule.startswith(each) for rule in known_rules()) for s in READS.values() for each in s
    )
