"""What each event does to the tables: one small function per event class, listed in `APPLY`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa

from engine.model import events as e
from engine.model.actor import Impartiality
from engine.model.contribution import SUPPLIER
from engine.model.dialogue import MinutesState, QuestionState
from engine.model.knowledge import MODEL
from engine.model.meeting import MeetingStatus
from engine.store import schema
from engine.store.context import ActContext


class Rows(Protocol):
    """Where rows go: the database, or memory when a record is replayed."""

    def insert(self, table: sa.Table, **values: Any) -> None: ...

    def update(self, table: sa.Table, key: Mapping[str, Any], **values: Any) -> None: ...

    def delete(self, table: sa.Table, **key: Any) -> None: ...


class Tables(Protocol):
    """What an applier may touch: rows through the writer, and the procurement's own row."""

    @property
    def writer(self) -> Rows: ...

    def set_procurement(self, procurement: str, **values: Any) -> None: ...

    def organisation_of(self, procurement: str) -> str: ...


Applier = Callable[[Tables, str, Any, ActContext, int], None]


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _nothing(_tables: Tables, _chain: str, _event: Any, _context: ActContext, _seq: int) -> None:
    """The entry itself is all there is to keep."""


def _organisation_added(
    tables: Tables, _chain: str, event: e.OrganisationAdded, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.organisation,
        id=event.organisation,
        name=event.name,
        kind=event.kind,
        number=event.number,
        parent=event.parent,
        language=event.language,
        audit_seq=0,
        audit_head=bytes(32),
        audit_note="",
    )


def _letter_language_set(
    tables: Tables, _chain: str, event: e.LetterLanguageSet, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.organisation, {"id": event.organisation}, language=event.language)


def _person_added(
    tables: Tables, _chain: str, event: e.PersonAdded, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.person,
        id=event.person,
        organisation=event.organisation,
        name=event.name,
        username=event.username,
        email=event.email,
        active=True,
    )


def _role_granted(
    tables: Tables, _chain: str, event: e.RoleGranted, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.role_grant,
        person=event.person,
        organisation=event.organisation,
        role=event.role,
        source=event.source,
    )


def _role_revoked(
    tables: Tables, _chain: str, event: e.RoleRevoked, _c: ActContext, _seq: int
) -> None:
    tables.writer.delete(
        schema.role_grant,
        person=event.person,
        organisation=event.organisation,
        role=event.role,
        source=event.source,
    )


def _identity_linked(
    tables: Tables, _chain: str, event: e.IdentityLinked, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.identity,
        provider=event.provider,
        subject=event.subject,
        person=event.person,
        organisation=event.organisation,
    )


def _token_issued(
    tables: Tables, _chain: str, event: e.TokenIssued, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.api_token,
        id=event.token,
        person=event.person,
        organisation=event.organisation,
        name=event.name,
        scopes=event.scopes,
        level=event.level,
        valid_from=_moment(event.valid_from),
        valid_to=_moment(event.valid_to),
        digest=event.digest,
        issued_at=context.at,
        revoked_at=None,
        used_at=None,
    )


def _token_revoked(
    tables: Tables, _chain: str, event: e.TokenRevoked, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.api_token, {"id": event.token}, revoked_at=context.at)


def _procurement_started(
    tables: Tables, chain: str, event: e.ProcurementStarted, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.procurement,
        id=chain,
        reference=event.reference,
        organisation=event.organisation,
        title=event.title,
        definition=event.definition,
        procedure=event.procedure,
        status="running",
        phase="",
        outcome="",
        rules_at=event.rules_at,
        rule_set="",
        rules_noted="",
        frozen_documents="",
        supplier_list=0,
        value=None,
        created_by=context.actor.id,
        created_at=context.at,
        ended_at=None,
        version=0,
        state=b"",
        audit_seq=0,
        audit_head=bytes(32),
        audit_note="",
        index_queue="",
    )
    for organisation in event.joint_with:
        tables.writer.insert(schema.procurement_party, procurement=chain, organisation=organisation)


def _buyer_joined(
    tables: Tables, chain: str, event: e.BuyerJoined, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.procurement_party, procurement=chain, organisation=event.organisation
    )


def _buyer_left(tables: Tables, chain: str, event: e.BuyerLeft, _c: ActContext, _seq: int) -> None:
    tables.writer.delete(
        schema.procurement_party, procurement=chain, organisation=event.organisation
    )


def _signal_judged(
    tables: Tables, chain: str, event: e.SignalJudged, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.signal_verdict,
        id=event.verdict,
        procurement=chain,
        code=event.code,
        accepted=event.accepted,
        reason=context.reason,
        by=context.actor.id,
        at=context.at,
    )


def _member_added(
    tables: Tables, chain: str, event: e.MemberAdded, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.member,
        id=event.member,
        procurement=chain,
        person=event.person,
        role=event.role,
        deputy_for=event.deputy_for,
        scope=event.scope,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        removed=False,
        absence=event.absence,
        impartiality=Impartiality.ASKED if event.asked else Impartiality.NOT_ASKED,
    )


def _member_removed(
    tables: Tables, _chain: str, event: e.MemberRemoved | e.SeatEnded, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.member, {"id": event.member}, removed=True)


def _absence_registered(
    tables: Tables, chain: str, event: e.AbsenceRegistered, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.absence,
        id=event.absence,
        organisation=chain,
        person=event.person,
        substitute=event.substitute,
        first_day=event.first_day,
        last_day=event.last_day,
        begun=False,
        withdrawn=False,
    )


def _absence_begun(
    tables: Tables, _chain: str, event: e.AbsenceBegun, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.absence, {"id": event.absence}, begun=True)


def _absence_withdrawn(
    tables: Tables, _chain: str, event: e.AbsenceWithdrawn, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.absence, {"id": event.absence}, withdrawn=True)


def _impartiality_assessed(
    tables: Tables, _chain: str, event: e.ImpartialityAssessed, _c: ActContext, _seq: int
) -> None:
    found = Impartiality.CLEARED if event.cleared else Impartiality.BARRED
    for seat in event.seats:
        tables.writer.update(schema.member, {"id": seat}, impartiality=found)


def _supplier_list_changed(
    tables: Tables, chain: str, event: e.SupplierListChanged, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, supplier_list=event.version)
    for seat in event.seats:
        tables.writer.update(schema.member, {"id": seat}, impartiality=Impartiality.ASKED)


def _participant_invited(
    tables: Tables, chain: str, event: e.ParticipantInvited, context: ActContext, _seq: int
) -> None:
    _invitation(
        tables,
        chain,
        context,
        event.invitation,
        participant=event.participant,
        role=event.role,
        scope=event.scope,
        group=event.group,
        name=event.name,
        email=event.email,
        digest=event.digest,
        valid_to=_moment(event.valid_to),
    )


def _invitation(tables: Tables, chain: str, context: ActContext, key: str, **values: Any) -> None:
    """A new invitation, which has let nobody in yet."""
    tables.writer.insert(
        schema.invitation,
        id=key,
        procurement=chain,
        by=context.actor.id,
        at=context.at,
        used_at=None,
        revoked_at=None,
        mailed_at=None,
        **values,
    )


def _invitation_revoked(
    tables: Tables, _chain: str, event: e.InvitationRevoked, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.invitation, {"id": event.invitation}, revoked_at=context.at)


def _invitation_mailed(
    tables: Tables, _chain: str, event: e.InvitationMailed, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.invitation, {"id": event.invitation}, mailed_at=context.at)


def _participant_joined(
    tables: Tables, chain: str, event: e.ParticipantJoined, context: ActContext, _seq: int
) -> None:
    _participant(
        tables,
        chain,
        context,
        event.participant,
        role=event.role,
        scope=event.scope,
        group=event.group,
        name=event.name,
        email=event.email,
    )


def _participant(tables: Tables, chain: str, context: ActContext, key: str, **values: Any) -> None:
    """Somebody from outside who has a place from now on."""
    tables.writer.insert(
        schema.participant,
        id=key,
        procurement=chain,
        joined_at=context.at,
        removed=False,
        provider="",
        subject="",
        **values,
    )


def _participant_identified(
    tables: Tables, _chain: str, event: e.ParticipantIdentified, _c: ActContext, _seq: int
) -> None:
    values = {"provider": event.provider, "subject": event.subject}
    tables.writer.update(schema.participant, {"id": event.participant}, **values)


def _invitation_used(
    tables: Tables, _chain: str, event: e.InvitationUsed, context: ActContext, _seq: int
) -> None:
    key, at = {"id": event.invitation}, context.at
    tables.writer.update(schema.invitation, key, participant=event.participant, used_at=at)


def _participant_removed(
    tables: Tables, _chain: str, event: e.ParticipantRemoved, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.participant, {"id": event.participant}, removed=True)


def _contribution(tables: Tables, chain: str, context: ActContext, key: str, **values: Any) -> None:
    """A new contribution that nobody has answered yet."""
    tables.writer.insert(
        schema.contribution,
        id=key,
        procurement=chain,
        by=context.actor.id,
        at=context.at,
        status="open",
        hidden_by="",
        used="",
        answer="",
        reason="",
        answered_by="",
        answered_at=None,
        **values,
    )


def _intake_opened(
    tables: Tables, chain: str, event: e.IntakeOpened, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.intake,
        id=event.intake,
        procurement=chain,
        kind=event.kind,
        deadline=_moment(event.deadline),
        timer=event.timer,
        expected=event.expected,
        anonymous=event.anonymous,
        key=event.key,
        opened_at=context.at,
        closed_at=None,
    )


def _intake_moved(
    tables: Tables, _chain: str, event: e.IntakeMoved, _c: ActContext, _seq: int
) -> None:
    deadline = _moment(event.deadline)
    tables.writer.update(schema.intake, {"id": event.intake}, deadline=deadline)


def _intake_closed(
    tables: Tables, _chain: str, event: e.IntakeClosed, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.intake, {"id": event.intake}, closed_at=context.at)


def _delivery_received(
    tables: Tables, chain: str, event: e.DeliveryReceived, context: ActContext, seq: int
) -> None:
    tables.writer.insert(
        schema.delivery,
        id=event.delivery,
        procurement=chain,
        intake=event.intake,
        supplier=event.supplier,
        owner=event.owner,
        code=event.code,
        channel=event.channel,
        late=event.late,
        files=event.files,
        digest=event.digest,
        remark=event.remark,
        by=context.actor.id,
        at=context.at,
        seq=seq,
        replaced_by="",
        withdrawn_at=None,
        opened_at=None,
    )
    for earlier in event.replaces:
        tables.writer.update(schema.delivery, {"id": earlier}, replaced_by=event.delivery)


def _delivery_withdrawn(
    tables: Tables, _chain: str, event: e.DeliveryWithdrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.delivery, {"id": event.delivery}, withdrawn_at=context.at)


def _opening_begun(
    tables: Tables, chain: str, event: e.OpeningBegun, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.opening,
        id=event.opening,
        procurement=chain,
        intake=event.intake,
        first=context.actor.id,
        begun_at=context.at,
        second="",
        at=None,
        deliveries=[],
        left_sealed=[],
    )


def _deliveries_opened(
    tables: Tables, _chain: str, event: e.DeliveriesOpened, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.opening,
        {"id": event.opening},
        second=context.actor.id,
        at=context.at,
        deliveries=event.deliveries,
        left_sealed=event.left_sealed,
    )
    for key in event.deliveries:
        tables.writer.update(schema.delivery, {"id": key}, opened_at=context.at)


def _contribution_given(
    tables: Tables, chain: str, event: e.ContributionGiven, context: ActContext, _seq: int
) -> None:
    _contribution(
        tables,
        chain,
        context,
        event.contribution,
        kind=event.kind,
        phase=event.phase,
        role=event.role,
        group=event.group,
        text=event.text,
        named=event.named,
        on_behalf=event.on_behalf,
        files=event.files,
    )


def _child(
    tables: Tables,
    chain: str,
    context: ActContext,
    key: str,
    parents: list[str],
    **values: str,
) -> None:
    """A contribution that is made of others: it has no giver of its own."""
    made = {"role": "", "group": "", "named": False, "on_behalf": "", "files": []}
    _contribution(tables, chain, context, key, **made, **values)
    for parent in parents:
        tables.writer.insert(
            schema.contribution_parent, procurement=chain, child=key, parent=parent
        )


def _contributions_merged(
    tables: Tables, chain: str, event: e.ContributionsMerged, context: ActContext, _seq: int
) -> None:
    values = {"kind": event.kind, "phase": event.phase, "text": event.text}
    _child(tables, chain, context, event.contribution, event.parents, **values)
    for parent in event.parents:
        tables.writer.update(schema.contribution, {"id": parent}, status="merged")


def _contribution_split(
    tables: Tables, chain: str, event: e.ContributionSplit, context: ActContext, _seq: int
) -> None:
    for key, part in event.parts:
        values = {"kind": event.kind, "phase": event.phase, "text": part}
        _child(tables, chain, context, key, [event.parent], **values)
    tables.writer.update(schema.contribution, {"id": event.parent}, status="split")


def _contribution_moderated(
    tables: Tables, _chain: str, event: e.ContributionModerated, _c: ActContext, _seq: int
) -> None:
    hidden_by = event.clause if event.hidden else ""
    tables.writer.update(schema.contribution, {"id": event.contribution}, hidden_by=hidden_by)


def _contribution_answered(
    tables: Tables, _chain: str, event: e.ContributionAnswered, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.contribution,
        {"id": event.contribution},
        used=event.used,
        answer=event.answer,
        reason=event.reason,
        answered_by=context.actor.id,
        answered_at=context.at,
    )


def _remark_made(
    tables: Tables, chain: str, event: e.RemarkMade, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.remark,
        id=event.remark,
        procurement=chain,
        contribution=event.contribution,
        role=event.role,
        group=event.group,
        text=event.text,
        named=event.named,
        by=context.actor.id,
        at=context.at,
        hidden_by="",
    )


def _remark_moderated(
    tables: Tables, _chain: str, event: e.RemarkModerated, _c: ActContext, _seq: int
) -> None:
    hidden_by = event.clause if event.hidden else ""
    tables.writer.update(schema.remark, {"id": event.remark}, hidden_by=hidden_by)


def _poll_opened(
    tables: Tables, chain: str, event: e.PollOpened, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.poll,
        id=event.poll,
        procurement=chain,
        kind=event.kind,
        title=event.title,
        text=event.text,
        questions=event.questions,
        roles=event.roles,
        level=event.level,
        phase=event.phase,
        by=context.actor.id,
        at=context.at,
        closes_at=_moment(event.closes_at),
        closed_at=None,
        counted_at=None,
        ballots={},
        used="",
        answer="",
        reason="",
        answered_at=None,
    )


def _ballot_received(
    tables: Tables, chain: str, event: e.BallotReceived, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.voter,
        id=event.voter,
        procurement=chain,
        poll=event.poll,
        role=event.role,
        group=event.group,
        on_behalf=event.on_behalf,
        by=context.actor.id,
        at=context.at,
    )


def _ballots_counted(
    tables: Tables, _chain: str, event: e.BallotsCounted, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.poll, {"id": event.poll}, counted_at=context.at, ballots=event.ballots
    )


def _poll_closed(
    tables: Tables, _chain: str, event: e.PollClosed, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.poll, {"id": event.poll}, closed_at=context.at)


def _poll_concluded(
    tables: Tables, _chain: str, event: e.PollConcluded, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.poll,
        {"id": event.poll},
        used=event.used,
        answer=event.answer,
        reason=event.reason,
        answered_at=context.at,
    )


def _application_made(
    tables: Tables, chain: str, event: e.ApplicationMade, context: ActContext, _seq: int
) -> None:
    """The place has no name: what stands there is seen by the buyer's people before they may know
    whose it is."""
    key = event.participant
    place = {"role": SUPPLIER, "scope": event.place, "group": "", "name": ""}
    _participant(tables, chain, context, key, email=event.email, **place)
    _invitation(
        tables,
        chain,
        context,
        event.invitation,
        participant=key,
        email="",
        digest=event.digest,
        valid_to=_moment(event.valid_to),
        **place,
    )
    tables.writer.insert(
        schema.application,
        id=event.application,
        procurement=chain,
        scope=event.place,
        participant=key,
        organisation=event.organisation,
        number=event.number,
        contact=event.contact,
        email=event.email,
        at=context.at,
    )


def _market_signed_up(
    tables: Tables, chain: str, event: e.MarketSignedUp, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.market_signup,
        id=event.signup,
        procurement=chain,
        scope=event.scope,
        organisation=event.organisation,
        number=event.number,
        contact=event.contact,
        email=event.email,
        people=event.people,
        meeting=event.meeting,
        needs=event.needs,
        at=context.at,
        withdrawn_at=None,
    )


def _market_sign_up_withdrawn(
    tables: Tables, _chain: str, event: e.MarketSignUpWithdrawn, context: ActContext, _seq: int
) -> None:
    key = {"id": event.signup}
    tables.writer.update(schema.market_signup, key, withdrawn_at=context.at)


def _business_described(
    tables: Tables, chain: str, event: e.BusinessDescribed, context: ActContext, _seq: int
) -> None:
    tables.writer.delete(schema.business, procurement=chain, scope=event.scope)
    tables.writer.insert(
        schema.business,
        procurement=chain,
        scope=event.scope,
        size=event.size,
        startup=event.startup,
        newcomer=event.newcomer,
        source=event.source,
        by=context.actor.id,
        at=context.at,
    )


def _market_input_given(
    tables: Tables, chain: str, event: e.MarketInputGiven, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.market_input,
        id=event.input,
        procurement=chain,
        scope=event.scope,
        kind=event.kind,
        draft=event.draft,
        about=event.about,
        text=event.text,
        by=context.actor.id,
        at=context.at,
        outcome="",
        answer="",
        where="",
        answered_at=None,
    )


def _market_input_answered(
    tables: Tables, _chain: str, event: e.MarketInputAnswered, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.market_input,
        {"id": event.input},
        outcome=event.outcome,
        answer=event.answer,
        where=event.where,
        answered_at=context.at,
    )


def _lots_drawn(
    tables: Tables, chain: str, event: e.LotsDrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.market_draw,
        id=event.draw,
        procurement=chain,
        head=event.head,
        words=event.words,
        seed=event.seed,
        witness=event.witness,
        order=event.order,
        slots=event.slots,
        at=context.at,
    )


def _trace_linked(
    tables: Tables, chain: str, event: e.TraceLinked, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.trace_link,
        id=event.link,
        procurement=chain,
        source_kind=event.source_kind,
        source=event.source,
        target_kind=event.target_kind,
        target=event.target,
        by=context.actor.id,
        at=context.at,
    )


def _trace_unlinked(
    tables: Tables, _chain: str, event: e.TraceUnlinked, _c: ActContext, _seq: int
) -> None:
    tables.writer.delete(schema.trace_link, id=event.link)


def _slot_offered(
    tables: Tables, chain: str, event: e.SlotOffered, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.slot,
        id=event.slot,
        procurement=chain,
        occasion=event.occasion,
        kind=event.kind,
        lot=event.lot,
        scope=event.scope,
        starts_at=_moment(event.starts_at),
        ends_at=_moment(event.ends_at),
        place=event.place,
        withdrawn_at=None,
    )


def _slot_withdrawn(
    tables: Tables, _chain: str, event: e.SlotWithdrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.slot, {"id": event.slot}, withdrawn_at=context.at)


def _meeting_booked(
    tables: Tables, chain: str, event: e.MeetingBooked, _c: ActContext, seq: int
) -> None:
    tables.writer.insert(
        schema.meeting,
        id=event.meeting,
        procurement=chain,
        occasion=event.occasion,
        kind=event.kind,
        lot=event.lot,
        scope=event.scope,
        participant=event.participant,
        slot=event.slot,
        starts_at=_moment(event.starts_at),
        ends_at=_moment(event.ends_at),
        place=event.place,
        status=MeetingStatus.BOOKED,
        sequence=seq,
        began_at=None,
        ended_at=None,
        ours=[],
        theirs=[],
    )


def _meeting_moved(
    tables: Tables, _chain: str, event: e.MeetingMoved, _c: ActContext, seq: int
) -> None:
    tables.writer.update(
        schema.meeting,
        {"id": event.meeting},
        slot=event.slot,
        starts_at=_moment(event.starts_at),
        ends_at=_moment(event.ends_at),
        place=event.place,
        sequence=seq,
    )


def _meeting_cancelled(
    tables: Tables, _chain: str, event: e.MeetingCancelled, _c: ActContext, seq: int
) -> None:
    tables.writer.update(
        schema.meeting, {"id": event.meeting}, status=MeetingStatus.CANCELLED, sequence=seq
    )


def _meeting_held(
    tables: Tables, _chain: str, event: e.MeetingHeld, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.meeting,
        {"id": event.meeting},
        status=MeetingStatus.HELD,
        began_at=_moment(event.began_at),
        ended_at=_moment(event.ended_at),
        ours=event.ours,
        theirs=event.theirs,
    )


def _lesson_learned(
    tables: Tables, chain: str, event: e.LessonLearned, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.lesson,
        id=event.lesson,
        procurement=chain,
        organisation=tables.organisation_of(chain),
        process=event.process,
        element=event.element,
        text=event.text,
        open=event.open,
        by=context.actor.id,
        at=context.at,
        withdrawn_at=None,
    )


def _lesson_withdrawn(
    tables: Tables, _chain: str, event: e.LessonWithdrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.lesson, {"id": event.lesson}, withdrawn_at=context.at)


def _matter_shared(
    tables: Tables, chain: str, event: e.MatterShared, context: ActContext, _seq: int
) -> None:
    _share(
        tables,
        context,
        event.organisations,
        id=event.item,
        organisation=tables.organisation_of(chain),
        chain=chain,
        kind=event.kind,
        submission=event.submission,
        title=event.title,
    )


def _model_shared(
    tables: Tables, chain: str, event: e.ModelShared, context: ActContext, _seq: int
) -> None:
    _share(
        tables,
        context,
        event.organisations,
        id=event.item,
        organisation=chain,
        chain=chain,
        kind=MODEL,
        submission=event.digest,
        title=event.title,
    )


def _share(tables: Tables, context: ActContext, audience: Sequence[str], **item: str) -> None:
    """From now on the audience sees the item, everybody where it is empty."""
    tables.writer.insert(
        schema.shared_item,
        **item,
        to_all=not audience,
        by=context.actor.id,
        at=context.at,
        revoked_at=None,
    )
    for each in audience:
        tables.writer.insert(
            schema.shared_with, item=item["id"], organisation=each, chain=item["chain"]
        )


def _process_deployed(
    tables: Tables, chain: str, event: e.ProcessDeployed, context: ActContext, seq: int
) -> None:
    """Whose the version is; what it says and its files are kept beside, for no event has them."""
    tables.writer.insert(
        schema.deployment,
        definition=event.digest,
        organisation=event.organisation,
        number=event.number,
        origin=event.origin,
        origin_of=event.origin_of,
        by=context.actor.id,
        at=context.at,
    )
    item = event.digest if event.item is None else event.item
    if item:
        shared = e.ModelShared(item, event.digest, event.name, [])
        _model_shared(tables, chain, shared, context, seq)


def _sharing_revoked(
    tables: Tables,
    _chain: str,
    event: e.SharingRevoked | e.ModelSharingStopped,
    context: ActContext,
    _seq: int,
) -> None:
    tables.writer.update(schema.shared_item, {"id": event.item}, revoked_at=context.at)


def _matter_reused(
    tables: Tables, chain: str, event: e.MatterReused, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.reuse,
        id=event.reuse,
        procurement=chain,
        task=event.task,
        kind=event.kind,
        submission=event.submission,
        title=event.title,
        organisation=event.organisation,
        reference=event.reference,
        by=context.actor.id,
        at=context.at,
    )


def _round_planned(
    tables: Tables, chain: str, event: e.RoundPlanned, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.round_,
        id=event.round,
        procurement=chain,
        process=event.process,
        kind=event.kind,
        number=event.number,
        topics=event.topics,
        questions=event.questions,
        may_eliminate=event.may_eliminate,
        criteria=event.criteria,
        is_final=event.is_final,
        submission=event.submission,
        opened_at=context.at,
        closed_at=None,
        closed_by="",
    )


def _round_closed(
    tables: Tables, _chain: str, event: e.RoundClosed, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.round_,
        {"id": event.round},
        closed_at=context.at,
        closed_by=event.decision,
    )


def _minutes_written(
    tables: Tables, chain: str, event: e.MinutesWritten, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.minutes,
        id=event.minutes,
        procurement=chain,
        round=event.round,
        meeting=event.meeting,
        scope=event.scope,
        passages=event.passages,
        submission=event.submission,
        state=MinutesState.SENT,
        objection="",
        settled="",
        sent_at=context.at,
        answered_at=None,
    )


def _minutes_answered(
    tables: Tables, _chain: str, event: e.MinutesAnswered, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.minutes,
        {"id": event.minutes},
        state=MinutesState.CONFIRMED if event.confirmed else MinutesState.OBJECTED,
        objection=event.objection,
        answered_at=context.at,
    )


def _minutes_settled(
    tables: Tables, _chain: str, event: e.MinutesSettled, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.minutes,
        {"id": event.minutes},
        state=MinutesState.SETTLED,
        settled=event.settled,
    )


def _passages_marked(
    tables: Tables, _chain: str, event: e.PassagesMarked, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.minutes,
        {"id": event.minutes},
        passages=event.passages,
    )


def _item_noted(tables: Tables, chain: str, event: e.ItemNoted, _c: ActContext, _seq: int) -> None:
    tables.writer.insert(
        schema.information,
        id=event.item,
        procurement=chain,
        number=event.number,
        round=event.round,
        origin=event.origin,
        source=event.source,
        scope=event.scope,
        question=event.question,
        said=event.said,
        learned_at=_moment(event.learned_at),
        channel=event.channel,
        release="",
        dropped="",
    )


def _item_dropped(
    tables: Tables, _chain: str, event: e.ItemDropped, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.information,
        {"id": event.item},
        dropped=event.why,
    )


def _question_asked(
    tables: Tables, chain: str, event: e.QuestionAsked, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.question,
        id=event.question,
        procurement=chain,
        number=event.number,
        round=event.round,
        scope=event.scope,
        participant=event.participant,
        asked_by=event.asked_by,
        text=event.text,
        asked_at=_moment(event.asked_at),
        channel=event.channel,
        late_why=event.late_why,
        driven=event.driven,
        state=QuestionState.ASKED,
        pairs=[],
        answered_at=None,
        refused="",
        release="",
    )


def _question_answered(
    tables: Tables, _chain: str, event: e.QuestionAnswered, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.question,
        {"id": event.question},
        state=QuestionState.ANSWERED,
        pairs=event.pairs,
        answered_at=context.at,
    )


def _question_refused(
    tables: Tables, _chain: str, event: e.QuestionRefused, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.question,
        {"id": event.question},
        state=QuestionState.REFUSED,
        refused=event.why,
        answered_at=context.at,
    )


def _information_released(
    tables: Tables, chain: str, event: e.InformationReleased, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.release,
        id=event.release,
        procurement=chain,
        kind=event.kind,
        round=event.round,
        texts=event.texts,
        recipients=event.recipients,
        at=context.at,
    )
    for item in event.items:
        tables.writer.update(schema.information, {"id": item}, release=event.release)
    for question in event.questions:
        tables.writer.update(
            schema.question,
            {"id": question},
            state=QuestionState.RELEASED,
            release=event.release,
        )


def _document_handed(
    tables: Tables, chain: str, event: e.DocumentHanded, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.handed,
        id=event.document,
        procurement=chain,
        round=event.round,
        scope=event.scope,
        attachment=event.attachment,
        direction=event.direction,
        note=event.note,
        at=context.at,
    )


def _inquiry_made(
    tables: Tables, chain: str, event: e.InquiryMade, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.inquiry,
        id=event.inquiry,
        procurement=chain,
        scope=event.scope,
        submission=event.submission,
        kind=event.kind,
        text=event.text,
        asked_at=context.at,
        reply_by=datetime.fromisoformat(event.reply_by),
        reply="",
        replied_at=None,
        channel="",
    )


def _inquiry_answered(
    tables: Tables, _chain: str, event: e.InquiryAnswered, _context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.inquiry,
        {"id": event.inquiry},
        reply=event.reply,
        replied_at=datetime.fromisoformat(event.replied_at),
        channel=event.channel,
    )


def _task_opened(
    tables: Tables, chain: str, event: e.TaskOpened, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.task,
        id=event.task,
        procurement=chain,
        organisation=tables.organisation_of(chain),
        element=event.element,
        name=event.name,
        kind=event.kind,
        process=event.process,
        role=event.role,
        scope=event.scope,
        phase=event.phase,
        status="open",
        candidate=event.role,
        assignee=event.assignee,
        owner="",
        proposal=None,
        helpers=[],
        opened_at=context.at,
        taken_at=context.at if event.assignee else None,
        due_at=_moment(event.due_at),
        due_why=event.due_why,
        closed_at=None,
        closed_by="",
        closed_for="",
    )


def _task_added(
    tables: Tables, chain: str, event: e.TaskAdded, context: ActContext, seq: int
) -> None:
    opened = e.TaskOpened(
        task=event.task,
        element="",
        name=event.name,
        kind=event.kind,
        process=event.process,
        role=event.role,
        scope="",
        phase=event.phase,
        due_at=event.due_at,
        assignee=event.assignee,
    )
    _task_opened(tables, chain, opened, context, seq)  # stands on the lists like any other
    tables.writer.insert(
        schema.added_task,
        task=event.task,
        procurement=chain,
        instructions=event.instructions,
        comment=event.comment,
        starts_at=_moment(event.starts_at),
        ends_at=_moment(event.ends_at),
        place=event.place,
        people=event.people,
        sequence=0,
        note="",
    )


def _gathering_moved(
    tables: Tables, _chain: str, event: e.GatheringMoved, _c: ActContext, seq: int
) -> None:
    starts_at = _moment(event.starts_at)
    tables.writer.update(schema.task, {"id": event.task}, due_at=starts_at)
    tables.writer.update(
        schema.added_task,
        {"task": event.task},
        starts_at=starts_at,
        ends_at=_moment(event.ends_at),
        place=event.place,
        people=event.people,
        sequence=seq,
    )


def _added_task_withdrawn(
    tables: Tables, _chain: str, event: e.AddedTaskWithdrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.task, {"id": event.task}, status="cancelled", closed_at=context.at)


def _task_claimed(
    tables: Tables, _chain: str, event: e.TaskClaimed, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task, {"id": event.task}, assignee=event.assignee, taken_at=context.at
    )


def _task_released(
    tables: Tables, _chain: str, event: e.TaskReleased, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.task, {"id": event.task}, assignee="", owner="", taken_at=None)


def _task_assigned(
    tables: Tables, _chain: str, event: e.TaskAssigned, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        assignee=event.assignee,
        owner="",
        taken_at=context.at,
    )


def _task_put_back(
    tables: Tables, _chain: str, event: e.TaskPutBack, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        assignee=event.assignee,
        owner=event.owner,
        taken_at=context.at if event.assignee else None,
    )


def _task_delegated(
    tables: Tables, _chain: str, event: e.TaskDelegated, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        assignee=event.assignee,
        owner=event.owner,
        helpers=event.helpers,
        taken_at=context.at,
    )


def _task_given_back(
    tables: Tables, _chain: str, event: e.TaskGivenBack, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.task, {"id": event.task}, assignee=event.owner, owner="")


def _task_due_moved(
    tables: Tables, _chain: str, event: e.TaskDueMoved, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task, {"id": event.task}, due_at=_moment(event.due_at), due_why=event.due_why
    )


def _decision_proposed(
    tables: Tables, _chain: str, event: e.DecisionProposed, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        status="approval",
        candidate=event.second_role,
        assignee="",
        taken_at=None,
        proposal={
            "option": event.option,
            "submission": event.submission,
            "reason": context.reason,
            "by": context.actor.id,
            "for": context.actor.on_behalf_of,
        },
    )


def _decision_returned(
    tables: Tables, _chain: str, event: e.DecisionReturned, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        status="open",
        candidate=event.role,
        assignee=event.proposed_by,
        taken_at=context.at,
        proposal=None,
    )


def _decision_made(
    tables: Tables, chain: str, event: e.DecisionMade, context: ActContext, seq: int
) -> None:
    tables.writer.insert(
        schema.decision,
        id=event.decision_id,
        procurement=chain,
        task=event.task,
        element=event.element,
        decision=event.decision,
        option=event.option,
        name="",
        comment="",
        opens=event.opens,
        reason=context.reason,
        by=event.by,
        checks=event.checks,
        scope=event.scope,
        at=context.at,
        seq=seq,
    )


def _decision_recorded(
    tables: Tables, chain: str, event: e.DecisionRecorded, context: ActContext, seq: int
) -> None:
    tables.writer.insert(
        schema.decision,
        id=event.decision_id,
        procurement=chain,
        task="",
        element="",
        decision="",
        option="",
        name=event.name,
        comment=event.comment,
        opens=False,
        reason=context.reason,
        by=event.by,
        checks=[],
        scope="",
        at=context.at,
        seq=seq,
    )


def _task_completed(
    tables: Tables, _chain: str, event: e.TaskCompleted, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        status="completed",
        closed_at=context.at,
        closed_by=context.actor.id,
        closed_for=context.actor.on_behalf_of,
    )
    if event.note:
        tables.writer.update(schema.added_task, {"task": event.task}, note=event.note)


def _task_cancelled(
    tables: Tables, _chain: str, event: e.TaskCancelled, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.task, {"id": event.task}, status="cancelled", closed_at=context.at)


def _task_reopened(
    tables: Tables, _chain: str, event: e.TaskReopened, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.task,
        {"id": event.task},
        status="open",
        candidate=event.role,
        assignee="",
        owner="",
        taken_at=None,
        proposal=None,
        helpers=[],
        closed_at=None,
        closed_by="",
        closed_for="",
    )


def _supplier_registered(
    tables: Tables, chain: str, event: e.SupplierRegistered, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.supplier,
        procurement=chain,
        key=event.supplier,
        name=event.name,
        status="registered",
        reason="",
    )


def _supplier_status_set(
    tables: Tables, chain: str, event: e.SupplierStatusSet, context: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.supplier,
        {"procurement": chain, "key": event.supplier},
        status=event.status,
        reason=context.reason,
    )


def _rules_pinned(
    tables: Tables, chain: str, event: e.RulesPinned, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, rules_at=event.rules_at, rule_set=event.rule_set)


def _rules_changed(
    tables: Tables, chain: str, event: e.RulesChanged, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, rules_noted=event.rule_set)


def _documents_frozen(
    tables: Tables, chain: str, event: e.DocumentsFrozen, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, frozen_documents=event.submission)


def _value_estimated(
    tables: Tables, chain: str, event: e.ValueEstimated, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, value=event.amount if event.submission else None)


def _notice_recorded(
    tables: Tables, chain: str, event: e.NoticeRecorded, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.notice,
        id=event.notice,
        procurement=chain,
        subtype=event.subtype,
        version=event.version,
        submission=event.submission,
        at=context.at,
    )


def _letter_queued(
    tables: Tables, chain: str, event: e.LetterQueued, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.outbox,
        id=event.letter,
        procurement=chain,
        kind=event.kind,
        recipient=event.recipient,
        subject=event.subject,
        body=event.body,
        scope=event.scope,
        queued_at=context.at,
        sent_at=None,
        returned_at=None,
    )


def _letter_dispatched(
    tables: Tables, _chain: str, event: e.LetterDispatched, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.outbox, {"id": event.letter}, sent_at=context.at)


def _letter_returned(
    tables: Tables, _chain: str, event: e.LetterReturned, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.outbox, {"id": event.letter}, returned_at=context.at)


def _timer_armed(
    tables: Tables, chain: str, event: e.TimerArmed, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.timer,
        procurement=chain,
        id=event.timer,
        element=event.element,
        due_at=_moment(event.due_at),
        why=event.why,
    )


def _timer_moved(
    tables: Tables, chain: str, event: e.TimerMoved, _c: ActContext, _seq: int
) -> None:
    tables.writer.update(
        schema.timer,
        {"procurement": chain, "id": event.timer},
        due_at=_moment(event.due_at),
        why=event.why,
    )


def _timer_gone(
    tables: Tables,
    chain: str,
    event: e.TimerDisarmed | e.TimerFired,
    _c: ActContext,
    _seq: int,
) -> None:
    tables.writer.delete(schema.timer, procurement=chain, id=event.timer)


def _wait_opened(
    tables: Tables, chain: str, event: e.WaitOpened, _c: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.wait,
        procurement=chain,
        id=event.wait,
        element=event.element,
        message=event.message,
        correlation=event.correlation,
        scope=event.scope,
    )


def _wait_closed(
    tables: Tables, chain: str, event: e.WaitClosed, _c: ActContext, _seq: int
) -> None:
    tables.writer.delete(schema.wait, procurement=chain, id=event.wait)


def _incident_raised(
    tables: Tables, chain: str, event: e.IncidentRaised, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.incident,
        id=event.incident,
        procurement=chain,
        task=event.task,
        element=event.element,
        problem=event.problem,
        explanation=event.explanation,
        raised_at=context.at,
        closed_at=None,
    )


def _incident_closed(
    tables: Tables,
    _chain: str,
    event: e.IncidentRetried | e.IncidentLapsed,
    context: ActContext,
    _seq: int,
) -> None:
    tables.writer.update(schema.incident, {"id": event.incident}, closed_at=context.at)


def _comment_added(
    tables: Tables, chain: str, event: e.CommentAdded, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.comment,
        id=event.comment,
        procurement=chain,
        task=event.task,
        scope=event.scope,
        text=event.text,
        by=context.actor.id,
        at=context.at,
        mentions=event.mentions,
        withdrawn_at=None,
    )


def _comment_withdrawn(
    tables: Tables, _chain: str, event: e.CommentWithdrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.comment, {"id": event.comment}, text="", withdrawn_at=context.at)


def _attachment_withdrawn(
    tables: Tables, _chain: str, event: e.AttachmentWithdrawn, context: ActContext, _seq: int
) -> None:
    tables.writer.update(schema.attachment, {"id": event.attachment}, withdrawn_at=context.at)


def _attachment_added(
    tables: Tables, chain: str, event: e.AttachmentAdded, context: ActContext, _seq: int
) -> None:
    tables.writer.insert(
        schema.attachment,
        id=event.attachment,
        procurement=chain,
        task=event.task,
        scope=event.scope,
        name=event.name,
        media_type=event.media_type,
        blob=event.digest,
        size=event.size,
        by=context.actor.id,
        at=context.at,
        withdrawn_at=None,
    )


def _phase_entered(
    tables: Tables, chain: str, event: e.PhaseEntered, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, phase=event.phase)


def _suspended(
    tables: Tables, chain: str, _e: e.ProcurementSuspended, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, status="suspended")


def _resumed(
    tables: Tables, chain: str, _e: e.ProcurementResumed, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, status="running")


def _cancelled(
    tables: Tables, chain: str, _e: e.ProcurementCancelled, context: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, status="cancelled", ended_at=context.at)


def _outcome_set(
    tables: Tables, chain: str, event: e.OutcomeSet, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, outcome=event.outcome)


def _ended(
    tables: Tables, chain: str, _e: e.ProcurementEnded, context: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, status="ended", ended_at=context.at)


def _rewound(
    tables: Tables, chain: str, event: e.ProcurementRewound, _c: ActContext, _seq: int
) -> None:
    tables.set_procurement(chain, status="running", ended_at=None, outcome=event.outcome)
    for record in event.undone:
        tables.writer.insert(schema.undone, record=record, procurement=chain)


APPLY: Final[Mapping[type, Applier]] = {
    e.OrganisationAdded: _organisation_added,
    e.LetterLanguageSet: _letter_language_set,
    e.PersonAdded: _person_added,
    e.RoleGranted: _role_granted,
    e.RoleRevoked: _role_revoked,
    e.IdentityLinked: _identity_linked,
    e.TokenIssued: _token_issued,
    e.TokenRevoked: _token_revoked,
    e.ProcessDeployed: _process_deployed,
    e.ModelShared: _model_shared,
    e.ModelSharingStopped: _sharing_revoked,
    e.ProcurementStarted: _procurement_started,
    e.BuyerJoined: _buyer_joined,
    e.BuyerLeft: _buyer_left,
    e.MemberAdded: _member_added,
    e.MemberRemoved: _member_removed,
    e.SeatEnded: _member_removed,
    e.AbsenceRegistered: _absence_registered,
    e.AbsenceBegun: _absence_begun,
    e.AbsenceWithdrawn: _absence_withdrawn,
    e.ImpartialityAssessed: _impartiality_assessed,
    e.SupplierListChanged: _supplier_list_changed,
    e.ParticipantInvited: _participant_invited,
    e.InvitationRevoked: _invitation_revoked,
    e.InvitationMailed: _invitation_mailed,
    e.ParticipantJoined: _participant_joined,
    e.ParticipantIdentified: _participant_identified,
    e.InvitationUsed: _invitation_used,
    e.ParticipantRemoved: _participant_removed,
    e.IntakeOpened: _intake_opened,
    e.IntakeMoved: _intake_moved,
    e.IntakeClosed: _intake_closed,
    e.DeliveryReceived: _delivery_received,
    e.DeliveryWithdrawn: _delivery_withdrawn,
    e.OpeningBegun: _opening_begun,
    e.DeliveriesOpened: _deliveries_opened,
    e.IdentityLookedUp: _nothing,
    e.ContributionGiven: _contribution_given,
    e.ContributionsMerged: _contributions_merged,
    e.ContributionSplit: _contribution_split,
    e.ContributionModerated: _contribution_moderated,
    e.ContributionAnswered: _contribution_answered,
    e.RemarkMade: _remark_made,
    e.RemarkModerated: _remark_moderated,
    e.PollOpened: _poll_opened,
    e.BallotReceived: _ballot_received,
    e.BallotsCounted: _ballots_counted,
    e.PollClosed: _poll_closed,
    e.PollConcluded: _poll_concluded,
    e.ApplicationMade: _application_made,
    e.MarketSignedUp: _market_signed_up,
    e.MarketSignUpWithdrawn: _market_sign_up_withdrawn,
    e.BusinessDescribed: _business_described,
    e.MarketInputGiven: _market_input_given,
    e.MarketInputAnswered: _market_input_answered,
    e.LotsDrawn: _lots_drawn,
    e.TraceLinked: _trace_linked,
    e.TraceUnlinked: _trace_unlinked,
    e.SlotOffered: _slot_offered,
    e.SlotWithdrawn: _slot_withdrawn,
    e.MeetingBooked: _meeting_booked,
    e.MeetingMoved: _meeting_moved,
    e.MeetingCancelled: _meeting_cancelled,
    e.MeetingHeld: _meeting_held,
    e.LessonLearned: _lesson_learned,
    e.LessonWithdrawn: _lesson_withdrawn,
    e.MatterShared: _matter_shared,
    e.SharingRevoked: _sharing_revoked,
    e.MatterReused: _matter_reused,
    e.RoundPlanned: _round_planned,
    e.RoundClosed: _round_closed,
    e.MinutesWritten: _minutes_written,
    e.MinutesAnswered: _minutes_answered,
    e.MinutesSettled: _minutes_settled,
    e.PassagesMarked: _passages_marked,
    e.ItemNoted: _item_noted,
    e.ItemDropped: _item_dropped,
    e.QuestionAsked: _question_asked,
    e.QuestionAnswered: _question_answered,
    e.QuestionRefused: _question_refused,
    e.InformationReleased: _information_released,
    e.DocumentHanded: _document_handed,
    e.InquiryMade: _inquiry_made,
    e.InquiryAnswered: _inquiry_answered,
    e.ElementsPassed: _nothing,
    e.DecisionTableEvaluated: _nothing,
    e.FormPrepared: _nothing,
    e.TaskOpened: _task_opened,
    e.TaskAdded: _task_added,
    e.GatheringMoved: _gathering_moved,
    e.AddedTaskWithdrawn: _added_task_withdrawn,
    e.TaskClaimed: _task_claimed,
    e.TaskReleased: _task_released,
    e.TaskDelegated: _task_delegated,
    e.TaskGivenBack: _task_given_back,
    e.TaskAssigned: _task_assigned,
    e.TaskPutBack: _task_put_back,
    e.TaskDueMoved: _task_due_moved,
    e.SubmissionRecorded: _nothing,  # the content is a row of its own, the entry has its digest
    e.DecisionProposed: _decision_proposed,
    e.DecisionReturned: _decision_returned,
    e.DecisionMade: _decision_made,
    e.DecisionRecorded: _decision_recorded,
    e.TaskCompleted: _task_completed,
    e.TaskCancelled: _task_cancelled,
    e.TaskReopened: _task_reopened,
    e.OperationPerformed: _nothing,
    e.SupplierRegistered: _supplier_registered,
    e.SupplierStatusSet: _supplier_status_set,
    e.SealLifted: _nothing,
    e.SignalJudged: _signal_judged,
    e.RulesPinned: _rules_pinned,
    e.RulesChanged: _rules_changed,
    e.DocumentsFrozen: _documents_frozen,
    e.ValueEstimated: _value_estimated,
    e.NoticeRecorded: _notice_recorded,
    e.LettersSent: _nothing,
    e.LetterQueued: _letter_queued,
    e.LetterDispatched: _letter_dispatched,
    e.LetterReturned: _letter_returned,
    e.TimerArmed: _timer_armed,
    e.TimerMoved: _timer_moved,
    e.TimerDisarmed: _timer_gone,
    e.TimerFired: _timer_gone,
    e.WaitOpened: _wait_opened,
    e.WaitClosed: _wait_closed,
    e.MessageReceived: _nothing,
    e.MessageThrown: _nothing,
    e.IncidentRaised: _incident_raised,
    e.IncidentRetried: _incident_closed,
    e.IncidentLapsed: _incident_closed,
    e.CommentAdded: _comment_added,
    e.CommentWithdrawn: _comment_withdrawn,
    e.AttachmentAdded: _attachment_added,
    e.AttachmentWithdrawn: _attachment_withdrawn,
    e.PhaseEntered: _phase_entered,
    e.ProcurementSuspended: _suspended,
    e.ProcurementResumed: _resumed,
    e.ProcurementCancelled: _cancelled,
    e.OutcomeSet: _outcome_set,
    e.ProcurementEnded: _ended,
    e.ProcurementRewound: _rewound,
}
