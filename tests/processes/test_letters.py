"""Letters to suppliers are in the language of the organisation that sends them."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.organisations import SetLetterLanguage
from engine.model.actor import SYSTEM
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import find_scenario, play, reference
from engine.scenarios.world import Worlds
from engine.store.schema import outbox

ROOT = Path(__file__).parents[2]
Letters = dict[str, tuple[str, str]]


def letters_of(worlds: Worlds, process: str, scenario: str, language: str) -> Letters:
    """Subject and text of the last letter of each kind, sent by an organisation with `language`."""
    found = find_scenario(read_scenarios(ROOT / "processes" / process), scenario)
    with worlds.make(found, ROOT) as world:
        if language != "nb":
            world.bus.handle(SetLetterLanguage(world.organisation, language), SYSTEM)
        run = play(found, world, reference(found))
        assert run.failures == []
        with world.store.reader() as connection:
            rows = connection.execute(sa.select(outbox).order_by(outbox.c.queued_at)).mappings()
            return {row["kind"]: (row["subject"], row["body"]) for row in rows}


@pytest.mark.parametrize(
    ("language", "subject", "last"),
    [
        ("nb", "Meddelelse om valg av leverandør", "Karensperiode: til og med 01.04.2027"),
        ("nn", "Melding om val av leverandør", "Karensperiode: til og med 01.04.2027"),
        (
            "en",
            "Notice of the award decision",
            "Standstill period: up to and including 01.04.2027",
        ),
    ],
)
def test_a_form_goes_out_under_its_subject_with_the_last_day_of_the_standstill(
    worlds: Worlds, language: str, subject: str, last: str
) -> None:
    letters = letters_of(worlds, "open-procedure", "late-extension-refused", language)

    told, body = letters["award"]
    assert told == subject
    assert body.splitlines()[0] == subject
    assert body.splitlines()[-1].startswith(last)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nb", "Avvisning av tilbud"),
        ("nn", "Avvising av tilbod"),
        ("en", "Rejection of tender"),
    ],
)
def test_where_a_condition_chooses_the_subject_the_chosen_one_is_translated(
    worlds: Worlds, language: str, subject: str
) -> None:
    letters = letters_of(worlds, "open-procedure", "late-extension-refused", language)

    assert letters["rejection"][0] == subject


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            "nb",
            "Dialogen er avsluttet",
            (
                "Dialogen er avsluttet. Alle som er igjen, inviteres til å gi endelig tilbud på sin"
                " egen løsning. Invitasjonen følger i eget brev."
            ),
        ),
        (
            "nn",
            "Dialogen er avslutta",
            (
                "Dialogen er avslutta. Alle som er att, blir inviterte til å gi endeleg tilbod på"
                " si eiga løysing. Invitasjonen kjem i eit eige brev."
            ),
        ),
        (
            "en",
            "The dialogue is concluded",
            (
                "The dialogue is concluded. All who remain are invited to submit a final tender on"
                " their own solution. The invitation follows in a letter of its own."
            ),
        ),
    ],
)
def test_what_the_model_itself_writes_is_translated(
    worlds: Worlds, language: str, subject: str, body: str
) -> None:
    letters = letters_of(worlds, "competitive-dialogue", "answer-by-phone", language)

    assert letters["dialogue-closed"] == (subject, body)
