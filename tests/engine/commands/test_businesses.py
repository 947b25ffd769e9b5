"""Suppliers say how large and new they are; the lead enters what a register says, by its name."""

import pytest

from engine.commands.businesses import DescribeBusiness
from engine.errors import ForbiddenError, InvalidInputError, NotFoundError
from engine.queries.businesses import BusinessView, businesses_page
from engine.queries.view import View
from tests.support.circle import A, B, make_circle
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import Platform


def known(platform: Platform, person: str, procurement: str) -> dict[str, BusinessView]:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return {each.scope: each for each in businesses_page(view, procurement).businesses}


def test_what_a_supplier_says_of_itself_is_kept_as_its_own_word(any_platform: Platform) -> None:
    circle = make_circle(any_platform)
    supplier = bring_supplier(any_platform, circle.procurement, A)

    any_platform.bus.handle(
        DescribeBusiness(circle.procurement, A, "small", "yes", "", "Enhetsregisteret"), supplier
    )

    found = known(any_platform, "lead", circle.procurement)
    assert found[A].known is not None
    assert (found[A].known.size, found[A].known.startup, found[A].known.newcomer) == (
        "small",
        "yes",
        "",
    )
    assert (found[A].known.source, found[A].by) == ("", "")
    assert found[B].known is None
    assert all(verdict.ok for verdict in any_platform.verify())


def test_the_lead_enters_what_a_register_says_and_names_it(platform: Platform) -> None:
    circle = make_circle(platform)
    command = DescribeBusiness(circle.procurement, A, "large", source=" Enhetsregisteret ")

    platform.act("lead", command)

    found = known(platform, "lead", circle.procurement)[A]
    assert found.known is not None
    assert (found.known.source, found.by) == ("Enhetsregisteret", "Lead")
    for wrong in (
        DescribeBusiness(circle.procurement, A, "small"),
        DescribeBusiness(circle.procurement, A, "huge", source="Enhetsregisteret"),
        DescribeBusiness(circle.procurement, A, startup="maybe", source="Enhetsregisteret"),
    ):
        with pytest.raises(InvalidInputError):
            platform.act("lead", wrong)
    with pytest.raises(NotFoundError):
        platform.act("lead", DescribeBusiness(circle.procurement, "nobody", source="Register"))


def test_nobody_speaks_for_another_supplier(platform: Platform) -> None:
    circle = make_circle(platform)
    of_a = bring_supplier(platform, circle.procurement, A)
    citizen = bring_citizen(platform, circle.procurement)

    for actor in (of_a, citizen):
        with pytest.raises(NotFoundError):
            platform.bus.handle(DescribeBusiness(circle.procurement, B, "small"), actor)
    with pytest.raises(ForbiddenError):
        platform.act("owner", DescribeBusiness(circle.procurement, A, "small", source="Register"))
    assert known(platform, "employee", circle.procurement) == {}
