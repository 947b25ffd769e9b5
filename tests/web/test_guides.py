"""The guides speak of what is on the screens: each label they name is a text of the product."""

import re
from pathlib import Path
from typing import Final

import pytest

from service.i18n import load_texts

DOCS: Final = Path(__file__).parents[2] / "docs"
GUIDES: Final = sorted(DOCS.glob("guide-*.md"))
_LABEL: Final = re.compile(r"(?<![*\w])\*([^*]{2,80}?)\*(?![*\w])")
_LINK: Final = re.compile(r"\]\(([^)#:]+)[^)]*\)")
_PLACE: Final = re.compile(r"\{[^}]*\}")


def plain(text: str) -> str:
    """As it is compared: what stands around a label on the screen is left aside."""
    return " ".join(text.split()).strip("().: ").lower()


@pytest.fixture(scope="module")
def said() -> list[re.Pattern[str]]:
    """Each text in bokmål, with anything in the place of what is filled in."""
    texts = {plain(text) for text in load_texts()["nb"].values()}
    return [re.compile(".+".join(map(re.escape, _PLACE.split(text)))) for text in texts if text]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_label_that_a_guide_names_is_on_a_screen(
    guide: Path, said: list[re.Pattern[str]]
) -> None:
    labels = dict.fromkeys(map(plain, _LABEL.findall(guide.read_text("utf-8"))))

    assert len(labels) > 10
    assert [label for label in labels if not any(text.fullmatch(label) for text in said)] == []


def test_every_page_and_picture_that_a_guide_points_at_is_there() -> None:
    found = [each for guide in GUIDES for each in _LINK.findall(guide.read_text("utf-8"))]

    assert len(found) > 3
    assert [each for each in found if not (DOCS / each).exists()] == []
