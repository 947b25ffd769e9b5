"""The pictures of the models in the documentation show the models as they are."""

from pathlib import Path

import pytest

from engine.bpmn.diagram import PAPER, render_svg

ROOT = Path(__file__).parent.parent.parent
MODELS = sorted(ROOT.glob("processes/*/*.bpmn"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_the_picture_is_that_of_the_model(model: Path) -> None:
    picture = ROOT / "docs" / "pictures" / f"{model.stem}.svg"

    drawn = render_svg(model.read_bytes(), title=model.stem, palette=PAPER)

    assert picture.read_text("utf-8") == drawn + "\n", "draw it again: make pictures"
