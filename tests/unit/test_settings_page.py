"""The page of settings lists what the platform reads."""

import re
from pathlib import Path

import pytest

from engine.errors import InvalidInputError
from service.settings import Settings

ROOT = Path(__file__).parents[2]


def test_every_setting_is_on_the_page_and_nothing_else() -> None:
    source = (ROOT / "service" / "settings.py").read_text("utf-8")
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")

    read = set(re.findall(r'"(PIVOTAL_[A-Z_]+)"', source))
    listed = set(re.findall(r"^\| `(PIVOTAL_[A-Z_]+)` \|", page, re.MULTILINE))

    assert read
    assert listed == read


def test_the_page_gives_the_defaults_that_hold() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    settings = Settings.from_environment({})

    given = dict(re.findall(r"^\| `(PIVOTAL_[A-Z_]+)` \| `([^`]*)` \|", page, re.MULTILINE))

    assert given["PIVOTAL_DATA"] == str(settings.data)
    assert given["PIVOTAL_BASE_URL"] == settings.base_url
    assert given["PIVOTAL_DEMO"] == str(int(settings.demo))
    assert given["PIVOTAL_LOG_NAME"] == settings.log_name
    assert given["PIVOTAL_UPLOAD_MEGABYTES"] == str(settings.upload_megabytes)
    assert given["PIVOTAL_TICK_SECONDS"] == str(settings.tick_seconds)
    assert given["PIVOTAL_SESSION_IDLE_MINUTES"] == str(settings.session_idle_minutes)
    assert given["PIVOTAL_SESSION_HOURS"] == str(settings.session_hours)


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_number_that_cannot_be_used_names_its_variable(text: str) -> None:
    with pytest.raises(InvalidInputError, match="PIVOTAL_TICK_SECONDS"):
        Settings.from_environment({"PIVOTAL_TICK_SECONDS": text})
