"""What employees and citizens give is kept, ordered without loss, answered, and can be traced."""

import pytest

from engine.commands.attachments import AddAttachment
from engine.commands.contributions import (
    AnswerContribution,
    GiveContribution,
    LinkTrace,
    MergeContributions,
    ModerateContribution,
    SplitContribution,
    UnlinkTrace,
)
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model.actor import Actor
from engine.model.records import ContributionRecord, ProcurementRecord
from engine.procurement.facts import Facts
from engine.store import contributions, facts, people
from engine.store.rows import Selection
from engine.store.schema import procurement as procurement_table
from tests.engine.commands.test_participants import (
    citizen,
    come,
    invite,
    participant,
    supplier,
)
from tests.support.platform import Platform

WHY = "De sier det samme."


def give(platform: Platform, procurement: str, text: str, actor: Actor | None = None) -> str:
    who = actor or platform.actor("owner")
    role = "" if actor else "citizen"
    answer = platform.bus.handle(GiveContribution(procurement, "need", text, role=role), who)
    return str(answer["contribution"])


def guest(platform: Platform, procurement: str) -> Actor:
    invite(platform, procurement, citizen(platform))
    return participant(platform, come(platform, name="Ingrid Oppdiktet"))


def found(platform: Platform, procurement: str) -> dict[str, ContributionRecord]:
    with platform.store.reader() as connection:
        return {each.id: each for each in contributions.all_of(connection, procurement)}


def facts_of(platform: Platform, procurement: str) -> Facts:
    now = platform.clock.now()
    with platform.store.reader() as connection:
        of = procurement_table.c.id == procurement
        row = Selection(procurement_table, ProcurementRecord, of).one(connection)
        assert row is not None
        return facts.load_facts(
            connection,
            row,
            people.team(connection, procurement),
            scope="",
            variables={},
            draft=None,
            rules_at=now.date(),
            now=now,
        )


def test_a_citizen_contributes_as_the_group_that_was_invited(any_platform: Platform) -> None:
    procurement = any_platform.start()
    ingrid = guest(any_platform, procurement)

    key = give(any_platform, procurement, "  Rampen er for bratt.  ", ingrid)

    kept = found(any_platform, procurement)[key]
    assert (kept.role, kept.group, kept.text) == ("citizen", "Pårørende", "Rampen er for bratt.")
    assert (kept.by, kept.named, kept.used) == (ingrid.id, False, "")
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_participant_speaks_for_nobody_else(platform: Platform) -> None:
    procurement = platform.start()
    ingrid = guest(platform, procurement)

    with pytest.raises(InvalidInputError, match="yourself"):
        platform.bus.handle(
            GiveContribution(procurement, "need", "Hei", on_behalf="naboen"), ingrid
        )


def test_a_member_enters_the_words_of_one_who_cannot_write(platform: Platform) -> None:
    procurement = platform.start()
    command = GiveContribution(
        procurement,
        "need",
        "Jeg hører ikke alarmen.",
        role="citizen",
        group="Beboere",
        on_behalf="beboer, fortalt på tegnspråk",
    )

    key = str(platform.act("owner", command)["contribution"])

    kept = found(platform, procurement)[key]
    assert (kept.role, kept.group) == ("citizen", "Beboere")
    assert kept.on_behalf == "beboer, fortalt på tegnspråk"


def test_a_supplier_gives_no_contributions(platform: Platform) -> None:
    procurement = platform.start()
    invite(platform, procurement, supplier(platform))
    actor = participant(platform, come(platform))

    with pytest.raises(NotFoundError):
        give(platform, procurement, "Kjøp av oss.", actor)


@pytest.mark.parametrize("text", ["", "   ", "x" * 8001])
def test_a_contribution_says_something_and_not_everything(platform: Platform, text: str) -> None:
    with pytest.raises(InvalidInputError, match="characters"):
        give(platform, platform.start(), text)


def test_files_are_those_of_the_procurement(platform: Platform) -> None:
    procurement, other = platform.start(), platform.start(reference="2026/2")
    add = AddAttachment(other, "bilde.txt", "text/plain", b"x")
    foreign = str(platform.act("lead", add)["attachment"])

    with pytest.raises(NotFoundError):
        platform.act(
            "owner",
            GiveContribution(procurement, "need", "Se her", role="citizen", files=(foreign,)),
        )


def test_merging_keeps_every_parent(any_platform: Platform) -> None:
    procurement = any_platform.start()
    parents = [give(any_platform, procurement, f"Rampen {n}") for n in range(3)]

    answer = any_platform.act(
        "owner", MergeContributions(procurement, tuple(parents), "Rampen er for bratt.", WHY)
    )

    kept = found(any_platform, procurement)
    with any_platform.store.reader() as connection:
        made_of = contributions.parents_of(connection, procurement)
    assert [kept[key].status for key in parents] == ["merged"] * 3
    assert [kept[key].text for key in parents] == ["Rampen 0", "Rampen 1", "Rampen 2"]
    assert set(made_of[answer["contribution"]]) == set(parents)
    assert all(verdict.ok for verdict in any_platform.verify())


def test_splitting_keeps_the_whole(any_platform: Platform) -> None:
    procurement = any_platform.start()
    whole = give(any_platform, procurement, "Rampen er bratt og lyset dårlig.")

    answer = any_platform.act(
        "owner", SplitContribution(procurement, whole, ("Rampen", "Lyset"), "To saker.")
    )

    kept = found(any_platform, procurement)
    parts = [kept[key] for key in answer["contributions"]]
    assert kept[whole].status == "split"
    assert [(part.text, part.status) for part in parts] == [("Rampen", "open"), ("Lyset", "open")]


def test_what_was_merged_is_neither_answered_nor_merged_again(platform: Platform) -> None:
    procurement = platform.start()
    a, b, c = (give(platform, procurement, text) for text in "abc")
    platform.act("owner", MergeContributions(procurement, (a, b), "ab", WHY))

    with pytest.raises(RejectedError, match="what became of it"):
        platform.act("owner", AnswerContribution(procurement, a, "yes", "Takk."))
    with pytest.raises(RejectedError, match="what became of it"):
        platform.act("owner", MergeContributions(procurement, (a, c), "ac", WHY))


def test_an_answer_other_than_yes_has_a_reason(platform: Platform) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Bygg ny bro.")

    with pytest.raises(ReasonMissingError):
        platform.act("owner", AnswerContribution(procurement, key, "no", "Takk for innspillet."))
    platform.act(
        "owner",
        AnswerContribution(procurement, key, "no", "Takk.", "Broen hører til fylkeskommunen."),
    )

    kept = found(platform, procurement)[key]
    assert (kept.used, kept.reason) == ("no", "Broen hører til fylkeskommunen.")
    assert kept.answered_by == "owner"


def test_a_later_answer_stands_and_the_earlier_stays_on_record(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = give(any_platform, procurement, "Bedre lys.")
    for used in ("no", "yes"):
        command = AnswerContribution(
            procurement, key, used, "Takk.", "Dyrt." if used == "no" else ""
        )
        any_platform.act("owner", command)

    assert found(any_platform, procurement)[key].used == "yes"
    assert any_platform.entries(procurement).count("ContributionAnswered") == 2
    assert all(verdict.ok for verdict in any_platform.verify())


def test_hiding_names_a_clause_of_the_code_and_keeps_the_text(platform: Platform) -> None:
    procurement = platform.start()
    key = give(platform, procurement, "Kari i førsteetasjen er syk.")
    with pytest.raises(InvalidInputError, match="clause"):
        platform.act("owner", ModerateContribution(procurement, key, "boring", WHY))

    platform.act("owner", ModerateContribution(procurement, key, "personal-data", "Navngir noen."))
    hidden = found(platform, procurement)[key]
    platform.act("owner", ModerateContribution(procurement, key, "", "Feil.", hidden=False))

    assert (hidden.hidden_by, hidden.text) == ("personal-data", "Kari i førsteetasjen er syk.")
    assert found(platform, procurement)[key].hidden_by == ""


def test_participants_do_not_moderate(platform: Platform) -> None:
    procurement = platform.start()
    ingrid = guest(platform, procurement)
    key = give(platform, procurement, "Bedre lys.", ingrid)

    with pytest.raises(NotFoundError):
        platform.bus.handle(AnswerContribution(procurement, key, "yes", "Ja."), ingrid)
    with pytest.raises(ForbiddenError):
        platform.act("lawyer", AnswerContribution(procurement, key, "yes", "Ja."))


def test_a_trace_leads_forwards_and_is_laid_once(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = give(any_platform, procurement, "Bedre lys.")
    link = LinkTrace(procurement, "contribution", key, "requirement", "K1")

    first, again = any_platform.act("owner", link), any_platform.act("owner", link)
    with pytest.raises(InvalidInputError, match="forwards"):
        any_platform.act("owner", LinkTrace(procurement, "test", "T1", "requirement", "K1"))

    assert first["link"] == again["link"]
    any_platform.act("owner", UnlinkTrace(procurement, first["link"], "Feil krav."))
    with any_platform.store.reader() as connection:
        assert contributions.links_of(connection, procurement) == []
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_trace_begins_with_a_contribution_that_is_there(platform: Platform) -> None:
    with pytest.raises(NotFoundError):
        platform.act(
            "owner", LinkTrace(platform.start(), "contribution", "none", "requirement", "K1")
        )


def test_a_gate_sees_what_stands_with_the_roles_of_all_whose_words_it_holds(
    platform: Platform,
) -> None:
    procurement = platform.start()
    ingrid = guest(platform, procurement)
    mine, other = give(platform, procurement, "Lys.", ingrid), give(platform, procurement, "Lys!")
    answer = platform.act("owner", MergeContributions(procurement, (mine, other), "Lys.", WHY))
    before = facts_of(platform, procurement).contributions
    platform.act("owner", AnswerContribution(procurement, answer["contribution"], "yes", "Ja."))

    after = facts_of(platform, procurement).contributions

    assert [(set(each.roles), each.used) for each in before] == [({"citizen"}, "")]
    assert [each.used for each in after] == ["yes"]
