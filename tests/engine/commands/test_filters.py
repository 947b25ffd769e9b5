"""Filters that people save for themselves, their organisation, or a team."""

import pytest

from engine.commands.filters import LARGEST, MOST, RemoveFilter, SaveFilter
from engine.errors import ForbiddenError, InvalidInputError, NotFoundError, RejectedError
from engine.queries.filters import saved_filters
from engine.queries.view import View
from tests.support.platform import ELSEWHERE, TOWN, Platform

CONTENT = {"list": "roles", "due": "late"}


def seen_by(platform: Platform, person: str) -> list[tuple[str, str]]:
    """Names of the filters a person finds, each with whom it is shared with."""
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return [(each.name, each.shared_with.value) for each in saved_filters(view)]


def test_a_filter_of_mine_is_found_by_me_alone(any_platform: Platform) -> None:
    any_platform.act("owner", SaveFilter(" Forsinket ", CONTENT))

    assert seen_by(any_platform, "owner") == [("Forsinket", "nobody")]
    assert seen_by(any_platform, "lead") == []


def test_a_filter_shared_with_the_organisation_is_found_in_it(any_platform: Platform) -> None:
    any_platform.act("lead", SaveFilter("Våre", CONTENT, organisation=TOWN))

    assert seen_by(any_platform, "stranger") == [("Våre", "organisation")]
    assert seen_by(any_platform, "neighbour") == []


def test_a_filter_shared_with_a_team_is_found_by_its_members(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.act("owner", SaveFilter("Lagets", CONTENT, procurement=procurement))

    assert seen_by(any_platform, "lawyer") == [("Lagets", "team")]
    assert seen_by(any_platform, "stranger") == []


def test_only_leads_and_managers_share_with_the_whole_organisation(platform: Platform) -> None:
    with pytest.raises(ForbiddenError):
        platform.act("owner", SaveFilter("Våre", CONTENT, organisation=TOWN))
    with pytest.raises(ForbiddenError):
        platform.act("lead", SaveFilter("Deres", CONTENT, organisation=ELSEWHERE))


def test_a_team_one_is_not_in_is_not_there(platform: Platform) -> None:
    with pytest.raises(NotFoundError):
        platform.act("stranger", SaveFilter("x", CONTENT, procurement=platform.start()))


def test_a_filter_is_removed_by_whoever_saved_it(platform: Platform) -> None:
    key = platform.act("owner", SaveFilter("Mine", CONTENT))["filter"]

    with pytest.raises(NotFoundError):
        platform.act("lead", RemoveFilter(key))
    platform.act("owner", RemoveFilter(key))

    assert seen_by(platform, "owner") == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_filter_needs_a_short_name(platform: Platform, name: str) -> None:
    with pytest.raises(InvalidInputError, match="80"):
        platform.act("owner", SaveFilter(name, CONTENT))


def test_a_filter_stays_small_and_there_are_not_too_many(platform: Platform) -> None:
    with pytest.raises(InvalidInputError, match=str(LARGEST)):
        platform.act("owner", SaveFilter("Stor", {"text": "x" * LARGEST}))
    for number in range(MOST):
        platform.act("owner", SaveFilter(str(number), CONTENT))
    with pytest.raises(RejectedError, match=str(MOST)):
        platform.act("owner", SaveFilter("Enda en", CONTENT))


def test_a_filter_is_shared_with_one_circle(platform: Platform) -> None:
    with pytest.raises(InvalidInputError, match="not both"):
        platform.act("lead", SaveFilter("Begge", CONTENT, TOWN, platform.start()))


def test_filters_leave_nothing_in_the_record(platform: Platform) -> None:
    procurement = platform.start()
    before = platform.entries(procurement)

    platform.act("owner", SaveFilter("Lagets", CONTENT, procurement=procurement))

    assert platform.entries(procurement) == before
    assert all(verdict.ok for verdict in platform.verify())
