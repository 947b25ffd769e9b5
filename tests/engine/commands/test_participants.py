"""People from outside come in by an invitation: once, in time, to one place in one procurement."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.commands.comments import AddComment
from engine.commands.contributions import GiveContribution
from engine.commands.participants import (
    Invited,
    InviteParticipants,
    RemoveParticipant,
    RevokeInvitation,
    UseInvitation,
)
from engine.commands.procurements import CancelProcurement, Seat, SuspendProcurement
from engine.commands.team import AddMember
from engine.errors import (
    EngineError,
    FirmNameMissingError,
    ForbiddenError,
    InvalidInputError,
    InvitationNotValidError,
    NotFoundError,
    NotRunningError,
    OrganisationNumberError,
    ReasonMissingError,
)
from engine.model.actor import Actor
from engine.store import participants, people
from engine.store.firms import firms_of
from tests.support.platform import ELSEWHERE, TOWN, Platform

A = "910000004"
B = "910000012"


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def citizen(platform: Platform, secret: str = "hemmelig", days: int = 14) -> Invited:
    return Invited(f"to-{secret}", digest(secret), "citizen", days, group="Pårørende")


def supplier(platform: Platform, key: str = A, secret: str = "hemmelig") -> Invited:
    name = f"Leverandør {key}"
    return Invited(f"to-{secret}", digest(secret), "supplier", 14, key, name, "Ola")


def invite(platform: Platform, procurement: str, *invited: Invited, person: str = "lead") -> None:
    platform.act(person, InviteParticipants(procurement, invited))


def come(platform: Platform, secret: str = "hemmelig", name: str = "") -> str:
    stranger = platform.actor("stranger")
    answer = platform.bus.handle(UseInvitation(digest(secret), name), stranger)
    return str(answer["participant"])


def participant(platform: Platform, key: str) -> Actor:
    with platform.store.reader() as connection:
        return participants.load_participant(connection, key)


def test_whoever_holds_the_invitation_comes_in_and_is_the_one_on_record(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    invite(any_platform, procurement, citizen(any_platform))

    key = come(any_platform, name="Ingrid Oppdiktet")

    actor = participant(any_platform, key)
    assert (actor.name, actor.organisation, actor.grants) == ("Ingrid Oppdiktet", "", frozenset())
    assert actor.participation is not None
    assert (actor.participation.role, actor.participation.group) == ("citizen", "Pårørende")
    assert any_platform.entries(procurement)[-2:] == ["ParticipantJoined", "InvitationUsed"]
    assert all(verdict.ok for verdict in any_platform.verify())


def test_an_invitation_works_once(any_platform: Platform) -> None:
    invite(any_platform, any_platform.start(), citizen(any_platform))
    come(any_platform)

    with pytest.raises(InvitationNotValidError) as refusal:
        come(any_platform)

    assert refusal.value.details["why"] == "used"


def test_of_eight_who_use_it_at_the_same_moment_one_comes_in(any_platform: Platform) -> None:
    procurement = any_platform.start()
    invite(any_platform, procurement, citizen(any_platform))

    def attempt(_: int) -> bool:
        try:
            come(any_platform)
        except EngineError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(attempt, range(8)))

    assert sum(came) == 1
    with any_platform.store.reader() as connection:
        assert len(participants.participants_of(connection, procurement)) == 1


def test_an_invitation_runs_out_at_its_moment(platform: Platform) -> None:
    invite(platform, platform.start(), citizen(platform, days=1))
    platform.clock.set(platform.clock.now() + timedelta(days=1, seconds=1))

    with pytest.raises(InvitationNotValidError) as refusal:
        come(platform)

    assert refusal.value.details["why"] == "run-out"


def test_a_revoked_invitation_lets_nobody_in(platform: Platform) -> None:
    procurement = platform.start()
    invite(platform, procurement, citizen(platform))
    platform.act("lead", RevokeInvitation(procurement, "to-hemmelig", "Sendt til feil adresse."))

    with pytest.raises(InvitationNotValidError) as refusal:
        come(platform)

    assert refusal.value.details["why"] == "revoked"


def test_an_unknown_secret_is_told_what_to_check(platform: Platform) -> None:
    with pytest.raises(InvitationNotValidError, match="whole link") as refusal:
        come(platform, "gjettet")

    assert refusal.value.details["why"] == "unknown"


@pytest.mark.parametrize("stops", [SuspendProcurement, CancelProcurement])
def test_who_is_invited_comes_in_to_read_also_while_it_rests_and_after_the_end(
    platform: Platform, stops: type[SuspendProcurement | CancelProcurement]
) -> None:
    procurement = platform.start()
    invite(platform, procurement, citizen(platform))
    platform.act("lead", stops(procurement, "Midlene er borte."))
    invite(platform, procurement, citizen(platform, "senere"))

    guests = [participant(platform, come(platform, each)) for each in ("hemmelig", "senere")]

    for each in guests:
        with pytest.raises(NotRunningError):
            platform.bus.handle(GiveContribution(procurement, "need", "Mer lys."), each)


def test_one_who_has_joined_comes_back_by_a_new_invitation_as_the_same(
    platform: Platform,
) -> None:
    procurement = platform.start()
    invite(platform, procurement, supplier(platform))
    first = come(platform, name="Ola Oppdiktet")
    again = supplier(platform, secret="ny")
    invite(platform, procurement, Invited(**{**_fields(again), "participant": first}))

    second = come(platform, "ny")

    assert second == first
    assert participant(platform, second).name == "Ola Oppdiktet"
    assert platform.entries(procurement).count("ParticipantJoined") == 1


def test_coming_back_cannot_change_whom_one_stands_for(platform: Platform) -> None:
    procurement = platform.start()
    invite(platform, procurement, supplier(platform))
    key = come(platform)
    other = supplier(platform, B, "ny")

    with pytest.raises(InvalidInputError, match="cannot change"):
        invite(platform, procurement, Invited(**{**_fields(other), "participant": key}))


def _fields(invited: Invited) -> dict[str, object]:
    return {name: getattr(invited, name) for name in Invited.__slots__}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "procurement-lead"}, "no role for participants"),
        ({"role": "supplier"}, "organisation number"),
        ({"scope": A}, "organisation number"),
        ({"days": 0}, "one day to 365"),
        ({"days": 366}, "one day to 365"),
    ],
)
def test_what_makes_no_sense_is_refused(
    platform: Platform, change: dict[str, object], said: str
) -> None:
    procurement = platform.start()

    with pytest.raises(InvalidInputError, match=said):
        invite(platform, procurement, Invited(**{**_fields(citizen(platform)), **change}))


def test_all_are_invited_or_none(platform: Platform) -> None:
    procurement = platform.start()
    wrong = Invited(**{**_fields(citizen(platform, "to")), "role": "nobody"})

    with pytest.raises(InvalidInputError):
        invite(platform, procurement, citizen(platform, "en"), wrong)

    with platform.store.reader() as connection:
        assert participants.invitations_of(connection, procurement) == []


def test_a_facilitator_invites_groups_and_no_suppliers(platform: Platform) -> None:
    procurement = platform.start()
    platform.act("lead", AddMember(procurement, Seat("owner", "facilitator"), "Leder verkstedet."))

    invite(platform, procurement, citizen(platform), person="owner")

    with pytest.raises(ForbiddenError):
        invite(platform, procurement, supplier(platform, secret="ny"), person="owner")


def test_a_removed_participant_has_no_access_and_stays_on_record(any_platform: Platform) -> None:
    procurement = any_platform.start()
    invite(any_platform, procurement, supplier(any_platform))
    key = come(any_platform)
    with pytest.raises(ReasonMissingError):
        any_platform.act("lead", RemoveParticipant(procurement, key, " "))

    any_platform.act("lead", RemoveParticipant(procurement, key, "Arbeider ikke der lenger."))

    with pytest.raises(NotFoundError):
        participant(any_platform, key)
    with any_platform.store.reader() as connection:
        kept = participants.participants_of(connection, procurement)
    assert [(each.id, each.removed) for each in kept] == [(key, True)]


@pytest.mark.parametrize(
    ("scope", "procurement", "lets"),
    [(A, "own", True), ("", "own", True), (B, "own", False), (A, "other", False), ("", "", False)],
)
def test_a_supplier_takes_part_in_its_own_matter_and_in_what_is_for_all(
    platform: Platform, scope: str, procurement: str, lets: bool
) -> None:
    own, other = platform.start(), platform.start(reference="2026/2")
    invite(platform, own, supplier(platform))
    actor = participant(platform, come(platform))
    of = {"own": own, "other": other, "": ""}[procurement]
    target = Target(TOWN, procurement=of, scope=scope)

    found = allowed(Action.PARTICIPATE, actor, target, platform.clock.now().date())

    assert (found is not None) is lets


@pytest.mark.parametrize(
    ("scope", "procurement", "lets"),
    [(A, "own", True), ("", "own", False), (B, "own", False), (A, "other", False)],
)
def test_a_supplier_hands_in_for_itself_alone(
    platform: Platform, scope: str, procurement: str, lets: bool
) -> None:
    of = {"own": platform.start(), "other": platform.start(reference="2026/2")}
    invite(platform, of["own"], supplier(platform))
    actor = participant(platform, come(platform))
    target = Target(TOWN, procurement=of[procurement], scope=scope)

    found = allowed(Action.DELIVER, actor, target, platform.clock.now().date())

    assert (found is not None) is lets


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.PARTICIPATE, Action.DELIVER}))
@pytest.mark.parametrize("organisation", ["", TOWN, ELSEWHERE])
def test_a_participant_may_do_nothing_that_members_may(
    platform: Platform, action: Action, organisation: str
) -> None:
    procurement = platform.start()
    invite(platform, procurement, supplier(platform))
    actor = participant(platform, come(platform))
    with platform.store.reader() as connection:
        team = people.team(connection, procurement)

    for scope in ("", A, B):
        for candidate in ("", "supplier", "need-owner"):
            target = Target(
                organisation, frozenset({""}), team, scope, candidate, procurement=procurement
            )
            assert allowed(action, actor, target, platform.clock.now().date()) is None


def test_a_participant_is_told_of_nothing_by_commands_of_members(platform: Platform) -> None:
    procurement = platform.start()
    invite(platform, procurement, supplier(platform))
    actor = participant(platform, come(platform))

    with pytest.raises(NotFoundError):
        platform.bus.handle(AddComment(procurement, "Hei."), actor)


def test_a_supplier_is_called_by_its_firm_and_number_and_not_by_who_came(
    platform: Platform,
) -> None:
    procurement = platform.start()

    invite(platform, procurement, Invited("i", "d" * 64, "supplier", 9, A, "Fjord AS", "Ola"))

    with platform.store.reader() as connection:
        firm = firms_of(connection, procurement)[A]
    assert (firm.name, firm.label) == ("Fjord AS", "Fjord AS (910\xa0000\xa0004)")


def test_a_firm_that_is_known_needs_no_name_again_and_an_unknown_one_does(
    platform: Platform,
) -> None:
    procurement = platform.start()
    with pytest.raises(FirmNameMissingError):
        invite(platform, procurement, Invited("i", "d" * 64, "supplier", 9, A))

    invite(platform, procurement, Invited("i", "d" * 64, "supplier", 9, "910 000 004", "Fjord AS"))
    invite(platform, procurement, Invited("j", "e" * 64, "supplier", 9, A))

    with platform.store.reader() as connection:
        found = participants.invitations_of(connection, procurement)
    assert {(each.scope, each.group) for each in found} == {(A, "Fjord AS")}


def test_a_number_whose_check_digit_is_wrong_invites_nobody(platform: Platform) -> None:
    procurement = platform.start()

    with pytest.raises(OrganisationNumberError):
        invite(
            platform, procurement, Invited("i", "d" * 64, "supplier", 9, "910000005", "Fjord AS")
        )
