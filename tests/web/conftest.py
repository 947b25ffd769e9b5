"""The application on the small process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from service.wiring import Parts
from tests.support.platform import Platform
from tests.support.web import Visitor, make_parts


@pytest.fixture
def parts(platform: Platform, tmp_path: Path) -> Parts:
    return make_parts(platform, tmp_path)


@pytest.fixture
def visit(parts: Parts) -> Callable[[str], Visitor]:
    """Sign in as a person."""
    return lambda person: Visitor.at(parts).sign_in(person)
