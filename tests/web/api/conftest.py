"""Programs that use the API of the application on the small process."""

from collections.abc import Callable

import pytest

from service.wiring import Parts
from tests.support.api import Program


@pytest.fixture
def program(parts: Parts) -> Callable[[str], Program]:
    """Signed in as a person."""
    return lambda person: Program.at(parts).sign_in(person)


@pytest.fixture
def lead(program: Callable[[str], Program]) -> Program:
    return program("lead")
