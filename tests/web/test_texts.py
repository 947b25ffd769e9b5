"""Every text that a page asks for is there, in both languages."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

from engine.access import rules
from engine.access.policy import POLICY, explain
from engine.access.rules import Target
from engine.forms.messages import MESSAGES
from engine.model import events
from engine.queries.record import LogEntry
from service.i18n import LANGUAGES, Translator, choose_language, load_texts
from service.pages.rendering import SERVICE
from service.pages.sentences import sentences

TEXTS = load_texts()
USED = re.compile(r'\b(?:t|text)\(\s*"([\w.\-]+)"[,)\s]')
SPEAKING = ("templates/**/*.html", "*.py", *(f"{part}/*.py" for part in ("pages", "portal", "api")))
RULE = re.compile(r'<rule id="([^"]+)">\s*<description>([^<]*)')
GROUNDS = re.compile(r'(?:Grounds\(|OPENERS, |RECEIVER\}\), )\s*"([a-z\-]+)"')
BROAD = {
    "RejectedError": "rejected",
    "InvalidInputError": "invalid-input",
    "ForbiddenError": "forbidden",
}
TO_PEOPLE = (
    "engine/access",
    "engine/commands",
    "engine/forms",
    "engine/procurement",
    "engine/queries",
    "engine/store/requests.py",
    "engine/store/unit_of_work.py",
    "engine/store/past.py",
    "engine/bpmn/runtime.py",
    "engine/bpmn/choosing.py",
    "service/cursors.py",
    "service/pages",
    "service/portal",
)
COUNTED = re.compile(r'\.count\(\s*"([\w.\-]+)"')


def used_keys() -> set[str]:
    keys: set[str] = set()
    for file in chain.from_iterable(SERVICE.glob(pattern) for pattern in SPEAKING):
        source = file.read_text(encoding="utf-8")
        keys |= set(USED.findall(source))
        for key in COUNTED.findall(source):
            keys |= {f"{key}.one", f"{key}.many"}
    return keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_templates_use_exists(language: str) -> None:
    assert used_keys() - set(TEXTS[language]) == set()


def test_all_languages_have_the_same_keys_with_the_same_places_to_fill_in() -> None:
    places = {
        language: {
            key: {name for _, name, _, _ in Formatter().parse(text) if name}
            for key, text in texts.items()
        }
        for language, texts in TEXTS.items()
    }

    assert places["nb"] == places["en"]
    assert places["nb"] == places["nn"]


def refusals() -> Iterator[tuple[str, str, set[str]]]:
    """Where one is raised that stands for many things, the key of its text, and what it tells."""
    root = SERVICE.parent
    for place in TO_PEOPLE:
        for file in sorted((root / place).rglob("*.py")) or [root / place]:
            for call in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in BROAD:
                    yield (_where(file, call), *_told(call))


def _where(file: Path, call: ast.Call) -> str:
    return f"{file.relative_to(SERVICE.parent)}:{call.lineno}"


def _told(call: ast.Call) -> tuple[str, set[str]]:
    about = {ast.unparse(each.value) for each in call.keywords if each.arg == "about"}
    told = {str(each.arg) for each in call.keywords}
    return f"error.{BROAD[ast.unparse(call.func)]}.{''.join(about).strip(chr(39))}", told


def test_every_refusal_is_said_in_the_readers_language() -> None:
    found = list(refusals())
    by_rule = "error.forbidden.about"

    assert len(found) > 150
    assert [where for where, key, _ in found if key not in TEXTS["nb"] and key != by_rule] == []
    assert [
        where
        for where, key, told in found
        if key in TEXTS["nb"]
        and {name for _, name, _, _ in Formatter().parse(TEXTS["nb"][key]) if name} - told
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_that_the_policy_refuses_says_who_may(language: str) -> None:
    abouts = {
        explain(action, Target("", assignee=assignee))[0]
        for action, allowing in POLICY.items()
        for assignee in ("", "somebody")
        if allowing != (rules.the_system_acts,)
    }

    assert {f"error.forbidden.{about}" for about in abouts} - set(TEXTS[language]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ground_of_an_act_is_said_in_words(language: str) -> None:
    named = {
        f"rule.{name}"
        for file in (SERVICE.parent / "engine").rglob("*.py")
        for name in GROUNDS.findall(file.read_text("utf-8"))
    } - {"rule.unset"}

    assert len(named) > 30
    assert named - set(TEXTS[language]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_the_record_has_a_sentence(language: str) -> None:
    facts = {kind.__name__ for kind in events.Event.__args__}
    chains_of_organisations = {
        "OrganisationAdded",
        "LetterLanguageSet",
        "PersonAdded",
        "RoleGranted",
        "RoleRevoked",
        "IdentityLinked",
        "TokenIssued",
        "TokenRevoked",
        "ProcessDeployed",
        "ModelShared",
        "ModelSharingStopped",
    }

    missing = {
        fact for fact in facts - chains_of_organisations if f"log.{fact}" not in TEXTS[language]
    }

    assert missing == set()


def test_every_message_of_a_form_is_in_both_languages() -> None:
    assert all(set(texts) == set(LANGUAGES) for texts in MESSAGES.values())


@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [
        (None, None, "nb"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "nn-NO,nb;q=0.9", "nn"),
        (None, "de-DE,en;q=0.5", "en"),
        ("nb", "en", "nb"),
        ("xx", "en", "en"),
    ],
)
def test_the_chosen_language_wins_over_the_browsers(
    cookie: str | None, accept: str | None, language: str
) -> None:
    assert choose_language(cookie, accept) == language


def test_days_are_written_as_in_norway() -> None:
    text = Translator("nb", TEXTS["nb"])
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert text.minute(moment) == "01.01.2027 kl. 00.30"
    assert text.long_day(moment) == "fredag 1. januar 2027"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_rules_of_the_choice_rest_on_is_said_in_each_language(language: str) -> None:
    rules = {
        f"choose.rule.{rule}": unescape(said)
        for file in (SERVICE.parent / "processes/procedure-choice").glob("*.dmn")
        for rule, said in RULE.findall(file.read_text("utf-8"))
    }

    assert len(rules) > 50
    assert rules.keys() <= TEXTS[language].keys()
    assert {key: TEXTS["nb"][key] for key in rules} == rules


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ([], "Ingen brev skulle sendes"),
        (["a"], "Ett brev ble sendt"),
        (["a", "b"], "2 brev ble sendt samtidig"),
    ],
)
def test_none_and_one_have_sentences_of_their_own(letters: list[str], said: str) -> None:
    entry = LogEntry(
        1,
        datetime(2026, 12, 31, tzinfo=UTC),
        "LettersSent",
        hidden=False,
        data={"letters": letters},
    )

    [sentence] = sentences([entry], Translator("nb", TEXTS["nb"]))

    assert sentence.text == said
