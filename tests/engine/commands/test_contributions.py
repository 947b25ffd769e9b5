"""What employees and citizens give is kept, ordered without loss, answered, and can be traced."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
import sqlalchemy as sa

from engine.commands.attachments import AddAttachment, File
from engine.commands.contributions import (
    AnswerContribution,
    GiveContribution,
    LinkTrace,
    MergeContributions,
    ModerateContribution,
    SplitContribution,
    UnlinkTrace,
)
from engine.commands.discussion import MakeRemark, ModerateRemark
from engine.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
)
from engine.model.actor import Actor
from engine.model.notifications import Occasion
from engine.model.records import ContributionRecord, ProcurementRecord
from engine.procurement.facts import Facts
from engine.queries.contributions import ContributionsPage, contributions_page, picture_of
from engine.queries.conversation import read_attachment
from engine.queries.record import LogFilter, log_of
from engine.queries.trace import SOURCE, TracePage, trace_page, way_from
from engine.queries.view import View, see_at, see_procurement
from engine.store import contributions, facts, people
from engine.store.rows import Selection
from engine.store.schema import procurement as procurement_table
from tests.engine.commands.test_notifications import told
from tests.engine.commands.test_participants import (
    citizen,
    come,
    invite,
    participant,
    supplier,
)
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import Platform

WHY = "De sier det samme."
Asked = TypeVar("Asked")


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


def from_facts(platform: Platform, procurement: str, ask: Callable[[Facts], Asked]) -> Asked:
    """What `ask` finds in the facts, which are read as far as it asks."""
    now = platform.clock.now()
    with platform.store.reader() as connection:
        of = procurement_table.c.id == procurement
        row = Selection(procurement_table, ProcurementRecord, of).one(connection)
        assert row is not None
        found = facts.load_facts(
            connection,
            row,
            people.team(connection, procurement),
            scope="",
            variables={},
            draft=None,
            rules_at=now.date(),
            now=now,
        )
        return ask(found)


def test_facts_know_what_persons_are_called(any_platform: Platform) -> None:
    procurement = any_platform.start()
    lead = any_platform.actor("lead").name

    names = from_facts(any_platform, procurement, lambda told: told.names_of(["lead", "nobody"]))

    assert names == sorted([lead, "nobody"])


def test_a_citizen_contributes_as_the_group_that_was_invited(any_platform: Platform) -> None:
    procurement = any_platform.start()
    ingrid = guest(any_platform, procurement)

    key = give(any_platform, procurement, "  Rampen er for bratt.  ", ingrid)

    kept = found(any_platform, procurement)[key]
    assert (kept.role, kept.group, kept.text) == ("citizen", "Pårørende", "Rampen er for bratt.")
    assert (kept.by, kept.named, kept.used) == (ingrid.id, False, "")
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_participant_enters_the_words_of_one_who_cannot_write_as_the_same_group(
    platform: Platform,
) -> None:
    procurement = platform.start()
    ingrid = guest(platform, procurement)
    command = GiveContribution(procurement, "need", "Hei", on_behalf=" nabo, fortalt ")

    answer = platform.bus.handle(command, ingrid)

    kept = found(platform, procurement)[answer["contribution"]]
    assert (kept.role, kept.group, kept.by) == ("citizen", "Pårørende", ingrid.id)
    assert kept.on_behalf == "nabo, fortalt"
    with pytest.raises(InvalidInputError, match="yourself"):
        platform.bus.handle(replace(command, group="Andre"), ingrid)


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
    platform.act("owner", ModerateContribution(procurement, key, "insult", "Krenker heller."))
    corrected = found(platform, procurement)[key]
    platform.act("owner", ModerateContribution(procurement, key, "insult", "Krenker heller."))
    platform.act("owner", ModerateContribution(procurement, key, "", "Feil.", hidden=False))

    assert (hidden.hidden_by, hidden.text) == ("personal-data", "Kari i førsteetasjen er syk.")
    assert corrected.hidden_by == "insult"
    assert platform.entries(procurement).count("ContributionModerated") == 3
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
    before = from_facts(platform, procurement, lambda found: tuple(found.contributions))
    platform.act("owner", AnswerContribution(procurement, answer["contribution"], "yes", "Ja."))

    after = from_facts(platform, procurement, lambda found: tuple(found.contributions))

    assert [(set(each.roles), each.used) for each in before] == [({"citizen"}, "")]
    assert [each.used for each in after] == ["yes"]


def remark(platform: Platform, procurement: str, key: str, actor: Actor, text: str) -> str:
    answer = platform.bus.handle(MakeRemark(procurement, key, text), actor)
    return str(answer["remark"])


def page_of(platform: Platform, procurement: str, actor: Actor) -> ContributionsPage:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, actor, platform.clock.now())
        return contributions_page(view, procurement)


def test_what_is_hidden_is_told_by_the_record_of_no_moment(any_platform: Platform) -> None:
    platform = any_platform
    procurement = platform.start()
    kari = bring_citizen(platform, procurement, name="Kari")
    rude = give(platform, procurement, "Ola er en tosk.", kari)
    merged = MergeContributions(
        procurement,
        (rude, give(platform, procurement, "Enig.")),
        "Alle sier at Ola er en tosk.",
        WHY,
    )
    whole = platform.act("owner", merged)["contribution"]
    split = SplitContribution(procurement, whole, ("Ola er en tosk.", "Mer lys."), WHY)
    parts = platform.act("owner", split)["contributions"]
    said = remark(platform, procurement, parts[1], kari, "Tosken Ola sover.")
    platform.clock.set(platform.clock.now() + timedelta(minutes=1))
    before = platform.clock.now()
    for key in (rude, whole, parts[0]):
        platform.act("owner", ModerateContribution(procurement, key, "insult", WHY))
    platform.act("owner", ModerateRemark(procurement, said, "insult", WHY))

    def told(person: str, as_of: datetime | None = None) -> str:
        with platform.store.reader() as connection:
            definitions = platform.bus.environment.definitions
            view = View(connection, definitions, platform.actor(person), platform.clock.now())
            with see_at(view, procurement, as_of) as seen:
                return str([each.data for each in log_of(seen).entries])

    for moment in (None, before):
        assert "Mer lys." in told("lawyer", moment)
        assert "tosk" not in told("lawyer", moment).lower()
        assert told("owner", moment).lower().count("tosk") == 4


def test_people_talk_about_a_contribution_and_the_code_is_kept(any_platform: Platform) -> None:
    platform = any_platform
    procurement = platform.start()
    kari, ola = (bring_citizen(platform, procurement, name=name) for name in ("Kari", "Ola"))
    key = give(platform, procurement, "Mer lys.", kari)
    first = remark(platform, procurement, key, ola, "Enig.")
    platform.clock.set(platform.clock.now() + timedelta(minutes=1))
    rude = remark(platform, procurement, key, kari, "Ola er en tosk.")

    platform.act("owner", ModerateRemark(procurement, rude, "insult", "Rammer en person."))

    assert [each.text for each in page_of(platform, procurement, ola).standing[0].remarks] == [
        "Enig.",
        "",
    ]
    assert page_of(platform, procurement, kari).standing[0].remarks[1].text == "Ola er en tosk."
    assert {each.by for each in page_of(platform, procurement, kari).standing[0].remarks} == {
        "",
        "Kari",
    }
    with pytest.raises(ForbiddenError):
        platform.act("lawyer", ModerateRemark(procurement, first, "insult", "Nei."))
    with pytest.raises(InvalidInputError):
        platform.act("owner", ModerateRemark(procurement, first, "boring", "Kjedelig."))
    assert all(verdict.ok for verdict in platform.verify())


def test_nobody_talks_about_what_is_hidden_or_elsewhere(platform: Platform) -> None:
    here, there = platform.start(), platform.start(reference="2026/2")
    key = give(platform, here, "Kari er syk.")
    other = give(platform, there, "Mer lys.")
    platform.act("owner", ModerateContribution(here, key, "personal-data", "Navngir noen."))

    for wrong in (key, other):
        with pytest.raises(NotFoundError):
            platform.act("owner", MakeRemark(here, wrong, "Enig.", role="citizen"))
    with pytest.raises(NotFoundError):
        platform.bus.handle(MakeRemark(here, key, "Hei."), bring_supplier(platform, here, "91"))


def test_whoever_gave_something_that_was_merged_sees_what_it_came_to_and_is_told(
    platform: Platform,
) -> None:
    procurement = platform.start()
    kari = bring_citizen(platform, procurement, name="Kari", email="kari@eksempel.test")
    bring_citizen(platform, procurement, name="Ola", email="ola@eksempel.test")
    keys = (
        give(platform, procurement, "Mer lys.", kari),
        give(platform, procurement, "Lys og ro.", kari),
    )
    merged = platform.act("owner", MergeContributions(procurement, keys, "Lys og ro.", WHY))
    parts = platform.act(
        "owner", SplitContribution(procurement, merged["contribution"], ("Lys", "Ro"), "To ting.")
    )
    light, _quiet = parts["contributions"]

    platform.act("owner", AnswerContribution(procurement, light, "yes", "Det blir lys."))

    mine = [each for each in page_of(platform, procurement, kari).replaced if each.mine]
    assert [[(end.text, end.used) for end in each.became] for each in mine] == [
        [("Lys", "yes"), ("Ro", "")]
    ] * 2
    with platform.store.reader() as connection:
        mailed = connection.execute(sa.text("SELECT participant, kind FROM mail")).all()
    assert [tuple(each) for each in mailed] == [(kari.id, "answered")]


def test_a_picture_is_kept_from_those_whom_its_contribution_is_hidden_from(
    platform: Platform,
) -> None:
    procurement = platform.start()
    kari = bring_citizen(platform, procurement, name="Kari")
    shown = File("Mørk gang.jpg", "image/jpeg", b"\xff\xd8\xff picture")
    command = GiveContribution(procurement, "need", "Se her.", pictures=(shown,))
    key = platform.bus.handle(command, kari)["contribution"]
    ((attachment, name),) = page_of(platform, procurement, kari).standing[0].files

    platform.act("owner", ModerateContribution(procurement, key, "personal-data", "Et ansikt."))

    assert name == "Mørk gang.jpg"
    for person, may in (("owner", True), ("lawyer", False)):
        with platform.store.reader() as connection:
            definitions = platform.bus.environment.definitions
            view = View(connection, definitions, platform.actor(person), platform.clock.now())
            for look in (
                lambda view: read_attachment(view, attachment),
                lambda view: picture_of(view, procurement, attachment),
            ):
                if may:
                    assert look(view).content == shown.content
                else:
                    with pytest.raises(NotFoundError):
                        look(view)


def test_the_record_names_those_outside_only_to_those_who_may_know(platform: Platform) -> None:
    procurement = platform.start()
    kari = bring_citizen(platform, procurement, name="Kari Oppdiktet")
    give(platform, procurement, "Mer lys.", kari)
    named = GiveContribution(procurement, "idea", "Lyse vegger.", named=True)
    platform.bus.handle(named, kari)

    def who_gave(person: str, **wanted: str) -> list[tuple[str, str]]:
        with platform.store.reader() as connection:
            definitions = platform.bus.environment.definitions
            view = View(connection, definitions, platform.actor(person), platform.clock.now())
            log = log_of(see_procurement(view, procurement), wanted=LogFilter(**wanted))
        given = (each for each in log.entries if each.type == "ContributionGiven")
        return [(each.by, each.taking_part_as) for each in given]

    assert who_gave("owner") == [("Kari Oppdiktet", "")] * 2
    assert who_gave("auditor") == [("Kari Oppdiktet", "")] * 2
    assert who_gave("lawyer") == [("Kari Oppdiktet", ""), ("", "citizen")]
    assert who_gave("lawyer", by=kari.id) == [("Kari Oppdiktet", "")]


def test_the_trace_leads_from_what_people_said_through_what_it_was_merged_into(
    platform: Platform,
) -> None:
    procurement = platform.start()
    kari = bring_citizen(platform, procurement, name="Kari")
    keys = (
        give(platform, procurement, "Mer lys.", kari),
        give(platform, procurement, "Lys, takk.", kari),
    )
    merged = platform.act("owner", MergeContributions(procurement, keys, "Lys.", WHY))
    stands = merged["contribution"]
    platform.act("owner", LinkTrace(procurement, "contribution", stands, "requirement", "K1"))
    platform.act("owner", LinkTrace(procurement, "requirement", "K1", "benefit", "Fall"))

    def trace(actor: Actor) -> TracePage:
        with platform.store.reader() as connection:
            definitions = platform.bus.environment.definitions
            return trace_page(
                View(connection, definitions, actor, platform.clock.now()), procurement
            )

    whole = trace(platform.actor("owner"))
    start = next(each for each in whole.nodes[SOURCE] if each.text == "Mer lys.")
    end = next(each.target for each in whole.links if each.target.kind == "benefit")
    outside = trace(kari)

    assert [each.kind for each in way_from(whole, start, forwards=True)] == [
        "contribution",
        "requirement",
        "benefit",
    ]
    back = way_from(whole, end, forwards=False)
    assert {each.text for each in back if each.kind == SOURCE} == {"Mer lys.", "Lys, takk."}
    assert whole.columns == (SOURCE, "contribution", "requirement", "benefit")
    assert "K1" not in str(outside)  # requirements are for all at the notice, and not before


def test_a_member_who_gave_something_hears_what_came_of_it(any_platform: Platform) -> None:
    procurement = any_platform.start()
    lawyer = any_platform.actor("lawyer")
    asked = GiveContribution(procurement, "need", "Varsel på klokka.", role="employee")
    kept, hidden = (str(any_platform.bus.handle(asked, lawyer)["contribution"]) for _ in range(2))
    own = give(any_platform, procurement, "Lys på bøya.")
    merged = any_platform.act("owner", MergeContributions(procurement, (kept, own), "Varsel.", WHY))

    any_platform.act("owner", AnswerContribution(procurement, merged["contribution"], "yes", "Ja."))
    any_platform.act("owner", ModerateContribution(procurement, hidden, "insult", WHY))

    heard = [kind for kind, _ in told(any_platform, "lawyer")]
    assert heard == [Occasion.HIDDEN, Occasion.ANSWERED]
    assert Occasion.ANSWERED not in {kind for kind, _ in told(any_platform, "owner")}
