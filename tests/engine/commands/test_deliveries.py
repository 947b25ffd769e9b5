"""What suppliers hand in: at the server's time, sealed until two open it, never lost."""

import io
import re
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands.deliveries import (
    KeepSealed,
    SubmitDelivery,
    TooLateError,
    WithdrawDelivery,
    digest_of,
)
from engine.commands.intakes import OpenIntake
from engine.commands.openings import BeginOpening, LookUpIdentity, OpenDeliveries
from engine.errors import (
    EngineError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RejectedError,
    SeparationOfDutiesError,
)
from engine.model.actor import Actor
from engine.model.delivery import DeliveryState
from engine.queries.deliveries import (
    identity_of,
    own_deliveries,
    own_receipt,
    read_file,
    receipts_page,
    receiver_of,
)
from engine.queries.record import log_of
from engine.queries.view import see_procurement
from engine.store import deliveries
from engine.vault.keys import KeyMissingError, MemoryKeys
from service.deliveries import Arriving
from service.metadata import NotAnonymousError
from service.scheduler import drop_abandoned
from tests.support.delivering import (
    OPENER,
    RECEIVER,
    A,
    B,
    after_the_deadline,
    deadline_of,
    deliver,
    intake_in,
    open_all,
    receiving,
    send,
    supplier,
    view_of,
)
from tests.support.platform import Platform
from tests.support.web import make_parts

MICROSECOND = timedelta(microseconds=1)


def states(platform: Platform, procurement: str) -> list[DeliveryState]:
    with platform.store.reader() as connection:
        return [each.state for each in deliveries.deliveries_of(connection, procurement)]


def content_of(platform: Platform, person: str, procurement: str, delivery: str) -> bytes:
    with platform.store.reader() as connection:
        view = view_of(platform, platform.actor(person), connection)
        found = deliveries.find_delivery(connection, delivery)
        assert found is not None
        return b"".join(read_file(view, procurement, delivery, found.files[0][0]).chunks)


def test_a_tender_comes_in_is_opened_by_two_and_is_what_was_sent(any_platform: Platform) -> None:
    procurement, intake = receiving(any_platform)
    ola = supplier(any_platform, procurement)

    done = deliver(any_platform, ola, intake, b"pris: 42")
    after_the_deadline(any_platform, procurement, intake)
    open_all(any_platform, procurement, intake)

    assert states(any_platform, procurement) == [DeliveryState.OPENED]
    assert content_of(any_platform, "lead", procurement, done["delivery"]) == b"pris: 42"
    assert any_platform.entries(procurement)[-3:] == [
        "DeliveryReceived",
        "OpeningBegun",
        "DeliveriesOpened",
    ]
    assert all(each.ok for each in any_platform.verify())


def test_a_copy_of_the_database_gives_neither_content_nor_names_of_files(
    any_platform: Platform,
) -> None:
    procurement, intake = receiving(any_platform)
    ola = supplier(any_platform, procurement)
    deliver(any_platform, ola, intake, b"KANARIFUGL" * 300_000, filename="KANARI-pris-42.txt")

    after_the_deadline(any_platform, procurement, intake)
    open_all(any_platform, procurement, intake)
    with any_platform.store.reader() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = [
            str(tuple(row))
            for name in tables
            for row in connection.execute(sa.text(f'SELECT * FROM "{name}"'))
        ]
        vaults = any_platform.bus.environment.vaults
        private = vaults.contents.private(procurement)

    assert any("sealed" in name for name in tables)
    assert not [row for row in rows if "KANARI" in row]
    assert not [row for row in rows if str(private)[2:-1] in row or private.hex() in row]


@pytest.mark.parametrize(
    ("after", "late"), [(-MICROSECOND, False), (timedelta(0), False), (MICROSECOND, True)]
)
def test_one_microsecond_late_is_late_by_the_moment_at_which_it_is_handed_in(
    any_platform: Platform, after: timedelta, late: bool
) -> None:
    procurement, intake = receiving(any_platform)
    ola = supplier(any_platform, procurement)
    deadline = deadline_of(any_platform, intake)
    file = SlowFile(b"tilbud", any_platform.clock, deadline + after)

    done = send(any_platform, ola, intake, Arriving("tilbud.txt", file))

    assert done["late"] is late
    assert states(any_platform, procurement) == [
        DeliveryState.LATE if late else DeliveryState.RECEIVED
    ]


class SlowFile(io.BytesIO):
    """A file whose sending takes until a moment: it is looked at, then read once more to seal it;
    the clock is set when the last of it has been read."""

    def __init__(self, content: bytes, clock: SetClock, until: object) -> None:
        super().__init__(content)
        self._clock, self._until, self._reads = clock, until, 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if not found:
            self._reads += 1
        if self._reads == 2:
            self._clock.set(self._until)  # type: ignore[arg-type]
        return found


def test_who_begins_to_send_after_the_deadline_is_refused_with_the_clock(
    platform: Platform,
) -> None:
    procurement, intake = receiving(platform)
    ola = supplier(platform, procurement)
    platform.clock.set(deadline_of(platform, intake) + MICROSECOND)

    with pytest.raises(TooLateError) as refused:
        deliver(platform, ola, intake)

    assert refused.value.details["now"].endswith("00.000001+00:00")
    assert states(platform, procurement) == []


def test_a_late_one_never_takes_the_place_of_one_that_came_in_time(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    ola = supplier(platform, procurement)
    first = deliver(platform, ola, intake, b"i tide")
    until = deadline_of(platform, intake) + MICROSECOND
    send(platform, ola, intake, Arriving("b.txt", SlowFile(b"for sent", platform.clock, until)))

    open_all(platform, procurement, intake)

    assert states(platform, procurement) == [DeliveryState.OPENED, DeliveryState.LATE]
    assert content_of(platform, "lead", procurement, first["delivery"]) == b"i tide"


def test_a_new_one_takes_the_place_of_the_old_which_stays_sealed_and_listed(
    any_platform: Platform,
) -> None:
    procurement, intake = receiving(any_platform)
    ola = supplier(any_platform, procurement)
    old = deliver(any_platform, ola, intake, b"gammel")
    new = deliver(any_platform, ola, intake, b"ny")
    after_the_deadline(any_platform, procurement, intake)
    opening = open_all(any_platform, procurement, intake)

    assert states(any_platform, procurement) == [DeliveryState.REPLACED, DeliveryState.OPENED]
    with pytest.raises(NotFoundError):
        content_of(any_platform, "lead", procurement, old["delivery"])
    assert content_of(any_platform, "lead", procurement, new["delivery"]) == b"ny"
    with any_platform.store.reader() as connection:
        record = deliveries.find_opening(connection, opening)
    assert record is not None
    assert record.left_sealed == [[old["delivery"], "replaced"]]


def test_a_supplier_withdraws_before_the_deadline_and_not_after(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    ola, kari = (supplier(platform, procurement, key) for key in (A, B))
    done = deliver(platform, ola, intake)

    with pytest.raises(NotFoundError):
        platform.bus.handle(WithdrawDelivery(procurement, done["delivery"]), kari)
    platform.bus.handle(WithdrawDelivery(procurement, done["delivery"]), ola)
    again = deliver(platform, ola, intake)
    after_the_deadline(platform, procurement, intake)

    assert states(platform, procurement) == [DeliveryState.WITHDRAWN, DeliveryState.RECEIVED]
    with pytest.raises(TooLateError):
        platform.bus.handle(WithdrawDelivery(procurement, again["delivery"]), ola)


def test_nobody_opens_before_the_deadline_has_passed(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    deliver(platform, supplier(platform, procurement), intake)
    platform.clock.set(deadline_of(platform, intake))

    with pytest.raises(RejectedError, match="before the deadline"):
        platform.act(RECEIVER, BeginOpening(procurement, intake))


def test_two_distinct_persons_open_and_one_of_them_receives(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    done = deliver(platform, supplier(platform, procurement), intake)
    after_the_deadline(platform, procurement, intake)
    begun = platform.act(OPENER, BeginOpening(procurement, intake))["opening"]

    with pytest.raises(SeparationOfDutiesError):
        platform.act(OPENER, OpenDeliveries(procurement, begun))
    with pytest.raises(ForbiddenError):
        platform.act("owner", OpenDeliveries(procurement, begun))
    with pytest.raises(RejectedError, match="receiving officer"):
        platform.act("lead", OpenDeliveries(procurement, begun))
    with pytest.raises(NotFoundError):
        content_of(platform, "lead", procurement, done["delivery"])
    platform.act(RECEIVER, OpenDeliveries(procurement, begun))

    with pytest.raises(RejectedError, match="has taken place"):
        platform.act(RECEIVER, OpenDeliveries(procurement, begun))


def test_the_first_person_does_not_wait_for_ever(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    deliver(platform, supplier(platform, procurement), intake)
    after_the_deadline(platform, procurement, intake)
    begun = platform.act(RECEIVER, BeginOpening(procurement, intake))["opening"]
    platform.clock.set(platform.clock.now() + timedelta(minutes=31))

    with pytest.raises(RejectedError, match="Begin again"):
        platform.act(OPENER, OpenDeliveries(procurement, begun))


def test_where_nothing_came_nothing_is_opened(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    after_the_deadline(platform, procurement, intake)

    with pytest.raises(RejectedError, match="nothing to open"):
        platform.act(RECEIVER, BeginOpening(procurement, intake))


def test_without_the_key_nothing_is_said_to_be_opened(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    deliver(platform, supplier(platform, procurement), intake)
    after_the_deadline(platform, procurement, intake)
    begun = platform.act(RECEIVER, BeginOpening(procurement, intake))["opening"]
    keys = platform.bus.environment.vaults.contents
    assert isinstance(keys, MemoryKeys)
    keys._kept.clear()

    with pytest.raises(KeyMissingError):
        platform.act(OPENER, OpenDeliveries(procurement, begun))

    assert states(platform, procurement) == [DeliveryState.RECEIVED]


def test_before_the_opening_members_see_what_is_lawful_and_no_more(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    done = deliver(platform, supplier(platform, procurement), intake, filename="hemmelig.txt")

    def seen_by(person: str) -> tuple[int, str]:
        with platform.store.reader() as connection:
            page = receipts_page(view_of(platform, platform.actor(person), connection), procurement)
        (found,) = page.intakes
        return len(found.deliveries), repr(found)

    kept, told = seen_by(RECEIVER)
    assert kept == 1
    assert A not in told
    assert "hemmelig" not in told
    for person in ("lead", "owner", OPENER):
        assert seen_by(person)[0] == 0
    after_the_deadline(platform, procurement, intake)
    assert A in seen_by(RECEIVER)[1]
    assert seen_by("lead")[0] == 0
    for person in ("lead", RECEIVER):
        with pytest.raises(NotFoundError):
            content_of(platform, person, procurement, done["delivery"])
    open_all(platform, procurement, intake)
    assert "hemmelig.txt" in seen_by("lead")[1]


def test_the_record_tells_nobody_but_the_receiving_officer_who_has_delivered(
    platform: Platform,
) -> None:
    procurement, intake = receiving(platform)
    deliver(platform, supplier(platform, procurement), intake)

    def newest(person: str) -> bool:
        with platform.store.reader() as connection:
            view = view_of(platform, platform.actor(person), connection)
            return log_of(see_procurement(view, procurement)).entries[0].hidden

    assert [newest(each) for each in (RECEIVER, "lead", OPENER)] == [False, True, True]


def test_staff_register_what_came_on_paper_at_the_servers_time(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    officer = platform.actor(RECEIVER)

    scanned = deliver(
        platform, officer, intake, supplier=A, name="Fjord", channel="e-mail", remark="Kl. 9."
    )
    send(platform, officer, intake, supplier=B, name="Fjell", channel="paper")
    after_the_deadline(platform, procurement, intake)
    late = deliver(platform, officer, intake, supplier=B, name="Fjell", channel="paper")

    assert [scanned["late"], late["late"]] == [False, True]
    with pytest.raises(ForbiddenError):
        platform.act(
            "lead", SubmitDelivery(procurement, intake, "d", (), supplier=A, channel="paper")
        )
    with pytest.raises(InvalidInputError):
        send(platform, officer, intake, supplier="", channel="paper")
    with pytest.raises(InvalidInputError):
        send(platform, officer, intake, supplier=A, channel="portal")


def test_suppliers_get_a_receipt_with_time_and_hash_and_nothing_of_each_other(
    any_platform: Platform,
) -> None:
    procurement, intake = receiving(any_platform)
    ola, kari = (supplier(any_platform, procurement, key) for key in (A, B))
    own = deliver(any_platform, ola, intake, b"OLAS HEMMELIGHET", filename="ola.txt")
    other = deliver(any_platform, kari, intake, b"KARIS HEMMELIGHET", filename="kari.txt")

    def told(actor: Actor) -> str:
        with any_platform.store.reader() as connection:
            return repr(own_deliveries(view_of(any_platform, actor, connection)))

    with any_platform.store.reader() as connection:
        view = view_of(any_platform, ola, connection)
        receipt = own_receipt(view, own["delivery"])
        with pytest.raises(NotFoundError):
            own_receipt(view, other["delivery"])
    assert receipt.digest == digest_of((receipt.files[0].digest,))
    assert (receipt.files[0].name, receipt.at) == ("ola.txt", any_platform.clock.now())
    assert len(receipt.entry_hash) == 64
    for actor, secrets in ((ola, (B, "kari", other["delivery"])), (kari, (A, "ola.txt"))):
        assert not [each for each in secrets if each in told(actor)]


def test_a_supplier_cannot_reach_another_procurements_or_anothers_intake(
    platform: Platform,
) -> None:
    procurement, _ = receiving(platform)
    ola = supplier(platform, procurement)
    elsewhere = platform.start(reference="2026/2")
    citizen = Actor("c", "C", "", participation=ola.participation)
    with platform.store.reader() as connection:
        view = view_of(platform, ola, connection)
        with pytest.raises(NotFoundError):
            receiver_of(view, "guessed")
    with pytest.raises(EngineError):
        platform.bus.handle(KeepSealed(elsewhere, "x", "f", "f", 0, (b"",), b""), citizen)
    with pytest.raises(NotFoundError):
        platform.bus.handle(KeepSealed(procurement, "guessed", "f", "f", 0, (b"",), b""), ola)
    with pytest.raises(NotFoundError):
        platform.bus.handle(KeepSealed(procurement, "guessed", "f", "f", 1, (b"",)), ola)


def test_pieces_that_nobody_handed_in_are_forgotten(any_platform: Platform, tmp_path: Path) -> None:
    procurement, intake = receiving(any_platform)
    ola = supplier(any_platform, procurement)
    deliver(any_platform, ola, intake)
    any_platform.bus.handle(
        KeepSealed(procurement, intake, "loose", "loose", 0, (b"x",), b"h"), ola
    )
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=2))

    dropped = drop_abandoned(make_parts(any_platform, tmp_path))

    with any_platform.store.reader() as connection:
        assert deliveries.chunk_count(connection, "loose") == 0
    assert dropped == 1


def test_receipt_is_opened_once_for_a_kind_and_for_a_moment_ahead(platform: Platform) -> None:
    procurement, _ = receiving(platform)

    with pytest.raises(RejectedError):
        intake_in(platform, procurement)
    with pytest.raises(InvalidInputError):
        intake_in(platform, procurement, "request", hours=-1)
    with pytest.raises(InvalidInputError):
        intake_in(platform, procurement, "gift")
    with pytest.raises(ForbiddenError):
        platform.act("owner", OpenIntake(procurement, "request"))


def a_project() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = "Hemmelig Arkitekt"
        pdf.save(made)
    return made.getvalue()


def test_who_is_behind_a_project_stands_in_a_vault_of_its_own(any_platform: Platform) -> None:
    procurement, intake = receiving(any_platform, "project")
    ola = supplier(any_platform, procurement)
    before = any_platform.entries(procurement)
    file = Arriving("Hemmelig Arkitekt.pdf", io.BytesIO(a_project()))

    done = send(any_platform, ola, intake, file)
    send(any_platform, ola, intake, Arriving("Hemmelig Arkitekt.pdf", io.BytesIO(a_project())))

    with any_platform.store.reader() as connection:
        first, second = deliveries.deliveries_of(connection, procurement)
        query = sa.text("SELECT body FROM audit_event WHERE chain = :c AND seq > :s")
        values = {"c": procurement, "s": len(before)}
        said = str([bytes(each) for each in connection.scalars(query, values)])
    assert first.replaced_by == second.id
    for secret in (A, ola.id, ola.name, "Arkitekt"):
        assert secret not in said
        assert secret not in repr((first, second))
    assert re.fullmatch("[B-Z2-9]{5}", first.code)
    after_the_deadline(any_platform, procurement, intake)
    open_all(any_platform, procurement, intake)
    shown = content_of(any_platform, RECEIVER, procurement, second.id)
    with pikepdf.open(io.BytesIO(shown)) as pdf:
        assert "/Info" not in pdf.trailer
    for person in ("lead", OPENER):
        with pytest.raises(NotFoundError):
            content_of(any_platform, person, procurement, second.id)
    assert done["delivery"] == first.id


def test_only_who_keeps_the_names_looks_them_up_and_that_is_recorded(platform: Platform) -> None:
    procurement, intake = receiving(platform, "project")
    done = deliver(platform, supplier(platform, procurement), intake, b"prosjekt")
    command = LookUpIdentity(procurement, done["delivery"])

    with pytest.raises(ForbiddenError):
        platform.act("lead", command)
    platform.act(RECEIVER, command)

    with platform.store.reader() as connection:
        found = identity_of(
            view_of(platform, platform.actor(RECEIVER), connection), procurement, done["delivery"]
        )
        with pytest.raises(NotFoundError):
            identity_of(
                view_of(platform, platform.actor("lead"), connection), procurement, done["delivery"]
            )
    assert (found.supplier, found.name) == (A, f"Leverandør {A}")
    assert platform.entries(procurement)[-1] == "IdentityLookedUp"


def test_a_project_of_a_kind_that_may_tell_who_made_it_is_refused(platform: Platform) -> None:
    procurement, intake = receiving(platform, "project")

    with pytest.raises(NotAnonymousError):
        deliver(platform, supplier(platform, procurement), intake, b"<a/>", filename="prosjekt.xml")


def test_sixty_four_pieces_are_never_in_memory_together(platform: Platform) -> None:
    procurement, intake = receiving(platform)
    ola = supplier(platform, procurement)
    file = _Endless(64 * 1024 * 1024)

    tracemalloc.start()
    done = send(platform, ola, intake, Arriving("stor.txt", file))
    _, most = tracemalloc.get_traced_memory()
    after_the_deadline(platform, procurement, intake)
    open_all(platform, procurement, intake)
    tracemalloc.reset_peak()
    with platform.store.reader() as connection:
        found = deliveries.find_delivery(connection, done["delivery"])
        assert found is not None
        view = view_of(platform, platform.actor("lead"), connection)
        opened = read_file(view, procurement, done["delivery"], found.files[0][0])
        read = sum(map(len, opened.chunks))
    _, most_read = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read == found.files[0][2] == 64 * 1024 * 1024
    assert most < 32 * 1024 * 1024
    assert most_read < 16 * 1024 * 1024


class _Endless(io.RawIOBase):
    """A large text file that is nowhere as a whole."""

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset if whence == 0 else self._size + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        count = min(size, self._size - self._at)
        self._at += count
        return b"a" * count
