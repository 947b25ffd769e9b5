"""Every table, in one place. The migrations in `migrations/` lead here; a test compares the two."""

import sqlalchemy as sa

from engine.store.types import BigKey, Json, Moment

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = sa.String(64)
KEY = sa.String(120)


def _text(name: str, *, default: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, default=default)


def _procurement(*, primary_key: bool = False) -> "sa.Column[str]":
    return sa.Column(
        "procurement", ID, sa.ForeignKey("procurement.id"), primary_key=primary_key, nullable=False
    )


# Most tasks name nobody here: only those that do stand in the index, which spares a step the rest.
_TASKS_OF_PERSONS = (("assignee", "status"), ("owner", "status"), ("closed_by", "closed_at"))


def _named(table: str, name: str, then: str) -> sa.Index:
    """An index of the rows where the column `name` is not empty."""
    some = sa.text(f"{name} <> ''")
    return sa.Index(f"ix_{table}_{name}", name, then, sqlite_where=some, postgresql_where=some)


def _where(table: str, name: str, column: str, condition: str) -> sa.Index:
    """An index of the rows that meet the condition, such as those that wait for something."""
    some = sa.text(condition)
    return sa.Index(f"ix_{table}_{name}", column, sqlite_where=some, postgresql_where=some)


organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _text("name"),
    sa.Column("kind", sa.String(20), nullable=False),  # county, municipality, body
    sa.Column("number", sa.String(20), nullable=False),
    sa.Column("parent", ID, nullable=False),
    sa.Column("language", sa.String(2), nullable=False, server_default="nb"),  # of its letters
    sa.Column("audit_seq", sa.Integer, nullable=False),
    sa.Column("audit_head", sa.LargeBinary, nullable=False),
    _text("audit_note"),  # the newest checkpoint, which cutting off entries does not take along
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), nullable=False, index=True),
    _text("name"),
    sa.Column("username", KEY, nullable=False, unique=True),
    _text("email"),
    sa.Column("active", sa.Boolean, nullable=False),
)

role_grant = sa.Table(
    "role_grant",
    metadata,
    sa.Column("person", ID, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), primary_key=True),
    sa.Column("role", sa.String(40), primary_key=True),
    # The provider whose claims gave it, "" for an administrator: each takes back only its own.
    sa.Column("source", sa.String(40), primary_key=True),
)

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("provider", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),  # keyed hash of who it is there
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), nullable=False),
    sa.UniqueConstraint("person", "provider"),
)

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), nullable=False),
    _text("name"),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("valid_from", Moment, nullable=False),
    sa.Column("valid_to", Moment, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the secret
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("used_at", Moment),
)

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of the bytes
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

file_text = sa.Table(
    "file_text",  # what files say, beside the record; "" where nothing could be read
    metadata,
    sa.Column("blob", sa.String(64), sa.ForeignKey("blob.digest"), primary_key=True),
    _text("text"),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

definition = sa.Table(
    "definition",  # what a version says, named by its files; whose it is stands in deployment
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("key", KEY, nullable=False, index=True),
    _text("name"),
    sa.Column("startable", sa.Boolean, nullable=False),
    sa.Column("info", Json, nullable=False),  # engine.model.definition as JSON
)

deployment = sa.Table(
    "deployment",  # a version as one organisation has it; several may deploy the same files
    metadata,
    sa.Column("definition", sa.String(64), sa.ForeignKey("definition.digest"), primary_key=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),  # among the organisation's of the same key
    sa.Column("origin", sa.String(64), nullable=False),  # the version it was made from, "" for none
    sa.Column("origin_of", ID, nullable=False),  # and whose that was
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_deployment_organisation", "organisation"),
)

definition_file = sa.Table(
    "definition_file",
    metadata,
    sa.Column("definition", sa.String(64), sa.ForeignKey("definition.digest"), primary_key=True),
    sa.Column("path", sa.String(300), primary_key=True),
    sa.Column("blob", sa.String(64), sa.ForeignKey("blob.digest"), nullable=False),
)

procurement = sa.Table(
    "procurement",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("reference", KEY, nullable=False, unique=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), nullable=False, index=True),
    _text("title"),
    sa.Column("definition", sa.String(64), sa.ForeignKey("definition.digest"), nullable=False),
    sa.Column("procedure", sa.String(60), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),  # running suspended cancelled ended
    sa.Column("phase", sa.String(60), nullable=False),
    sa.Column("outcome", sa.String(60), nullable=False),
    sa.Column("rules_at", sa.String(10), nullable=False),  # date whose rules hold
    sa.Column("rule_set", sa.String(80), nullable=False),  # "" until pinned
    sa.Column("rules_noted", sa.String(80), nullable=False, server_default=""),  # last RulesChanged
    sa.Column("frozen_documents", ID, nullable=False),  # submission id, "" until frozen
    # How often names have come to the list of suppliers: declarations are made against a version.
    sa.Column("supplier_list", sa.Integer, nullable=False, server_default="0"),
    sa.Column("value", sa.BigInteger),  # in øre, by the newest estimate; null before the first
    sa.Column("created_by", ID, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),  # packed skeleton of the live process
    sa.Column("audit_seq", sa.Integer, nullable=False),
    sa.Column("audit_head", sa.LargeBinary, nullable=False),
    _text("audit_note"),  # the newest checkpoint, which cutting off entries does not take along
    # What a trigger puts into the search index with the next update of the row, which spares every
    # act a statement; always empty afterwards.
    _text("index_queue"),
)

procurement_party = sa.Table(
    "procurement_party",
    metadata,
    _procurement(primary_key=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), primary_key=True),
)

member = sa.Table(
    "member",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("deputy_for", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("valid_from", sa.String(10), nullable=False),
    sa.Column("valid_to", sa.String(10), nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("absence", ID, nullable=False, server_default=""),  # that it comes from, or ""
    sa.Column(
        "impartiality", sa.String(8), nullable=False, server_default=""
    ),  # see `Impartiality`
    sa.Index("ix_member_procurement", "procurement"),
    # All that rights ask of a person's seats: the lists begin with them, and read no row of a seat.
    sa.Index(
        "ix_member_person",
        *("person", "procurement", "role", "scope"),
        *("valid_from", "valid_to", "removed", "impartiality"),
    ),
    _where("member", "valid_to", "valid_to", "valid_to <> ''"),
    _where("member", "absence", "absence", "absence <> ''"),
)

absence = sa.Table(
    "absence",  # days on which a person is away, and who stands in everywhere
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), nullable=False),
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("substitute", ID, nullable=False),  # "" for nobody
    sa.Column("first_day", sa.String(10), nullable=False),
    sa.Column("last_day", sa.String(10), nullable=False, index=True),
    sa.Column("begun", sa.Boolean, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
)

participant = sa.Table(
    "participant",  # people from outside: no organisation, no seat, no role anywhere else
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("scope", KEY, nullable=False),  # the supplier's key, "" for others
    sa.Column("group", KEY, nullable=False),
    _text("name"),
    _text("email"),
    sa.Column("joined_at", Moment, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("provider", sa.String(40), nullable=False, server_default=""),
    sa.Column("subject", sa.String(64), nullable=False, server_default=""),  # a keyed hash, or ""
    sa.Index("ix_participant_procurement", "procurement"),
    _where("participant", "subject", "subject", "subject <> ''"),
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("participant", ID, nullable=False),  # whom it let in, "" until used
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("group", KEY, nullable=False),
    _text("name"),
    _text("email"),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),  # SHA-256 of the secret
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("valid_to", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("mailed_at", Moment),  # when the link last left by mail
    sa.Index("ix_invitation_procurement", "procurement"),
)

intake = sa.Table(
    "intake",  # where suppliers deliver one kind of thing until a deadline
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("kind", sa.String(20), nullable=False),  # engine.model.delivery.KINDS
    sa.Column("deadline", Moment, nullable=False),
    sa.Column("timer", KEY, nullable=False),  # element whose clock the deadline follows, or ""
    sa.Column("expected", Json, nullable=False),  # suppliers' keys; empty for anybody
    sa.Column("anonymous", sa.Boolean, nullable=False),
    sa.Column("key", sa.String(64), nullable=False),  # public; the private one is no part of this
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Index("ix_intake_procurement", "procurement"),
)

delivery = sa.Table(
    "delivery",  # what a supplier handed in: its content lies sealed in `sealed_chunk`
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("intake", ID, sa.ForeignKey("intake.id"), nullable=False, index=True),
    sa.Column("supplier", KEY, nullable=False),  # "" where names are kept away
    sa.Column("owner", sa.String(64), nullable=False),  # keyed hash of the supplier, then
    sa.Column("code", sa.String(20), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),  # engine.model.delivery.CHANNELS
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("files", Json, nullable=False),  # [id, media type, size, SHA-256, shown, part]
    sa.Column("digest", sa.String(64), nullable=False),
    _text("remark"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("replaced_by", ID, nullable=False),  # a later delivery of the same, or ""
    sa.Column("withdrawn_at", Moment),
    sa.Column("opened_at", Moment),
    sa.Index("ix_delivery_procurement", "procurement"),
)

opening = sa.Table(
    "opening",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("intake", ID, sa.ForeignKey("intake.id"), nullable=False),
    sa.Column("first", ID, nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("second", ID, nullable=False),  # "" until a second person has come
    sa.Column("at", Moment),
    sa.Column("deliveries", Json, nullable=False),
    sa.Column("left_sealed", Json, nullable=False),  # [delivery, why] of what was not opened
    sa.Index("ix_opening_procurement", "procurement"),
)

sealed_file = sa.Table(
    "sealed_file",  # beside the record, which has the digest of what is in it
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("intake", ID, sa.ForeignKey("intake.id"), nullable=False, index=True),
    sa.Column("delivery", ID, nullable=False),  # "" until it was handed in
    sa.Column("header", sa.LargeBinary, nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    _where("sealed_file", "loose", "begun_at", "delivery = ''"),
)

sealed_chunk = sa.Table(
    "sealed_chunk",
    metadata,
    sa.Column("file", ID, sa.ForeignKey("sealed_file.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

contribution = sa.Table(
    "contribution",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("kind", sa.String(20), nullable=False),  # need idea feedback
    sa.Column("phase", sa.String(60), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("group", KEY, nullable=False),
    _text("text"),
    sa.Column("named", sa.Boolean, nullable=False),
    _text("on_behalf"),
    sa.Column("files", Json, nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),  # open merged split
    sa.Column("hidden_by", KEY, nullable=False),  # the clause of the code, "" while shown
    sa.Column("used", sa.String(10), nullable=False),  # yes partly no, "" until answered
    _text("answer"),
    _text("reason"),
    sa.Column("answered_by", ID, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Index("ix_contribution_procurement", "procurement", "at"),
)

contribution_parent = sa.Table(
    "contribution_parent",
    metadata,
    _procurement(),
    sa.Column("child", ID, sa.ForeignKey("contribution.id"), primary_key=True),
    sa.Column("parent", ID, sa.ForeignKey("contribution.id"), primary_key=True),
    sa.Index("ix_contribution_parent_procurement", "procurement"),
)

remark = sa.Table(
    "remark",  # what was said about a contribution
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("contribution", ID, sa.ForeignKey("contribution.id"), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("group", KEY, nullable=False),
    _text("text"),
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("hidden_by", KEY, nullable=False),  # the clause of the code, "" while shown
    sa.Index("ix_remark_procurement", "procurement", "at"),
)

poll = sa.Table(
    "poll",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("kind", sa.String(20), nullable=False),  # vote ranking survey
    _text("title"),
    _text("text"),
    sa.Column("questions", Json, nullable=False),
    sa.Column("roles", Json, nullable=False),  # who is asked, empty for all who contribute
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("phase", sa.String(60), nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("closes_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),  # where it was closed before its time
    sa.Column("counted_at", Moment),
    sa.Column("ballots", Json, nullable=False),  # question → [mark, options], once counted
    sa.Column("used", sa.String(10), nullable=False),  # yes partly no, "" until concluded
    _text("answer"),
    _text("reason"),
    sa.Column("answered_at", Moment),
    sa.Index("ix_poll_procurement", "procurement", "at"),
)

voter = sa.Table(
    "voter",  # who has answered a poll; what was answered is kept apart
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("poll", ID, sa.ForeignKey("poll.id"), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("group", KEY, nullable=False),
    _text("on_behalf"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_voter_procurement", "procurement", "poll"),
)

sealed_ballot = sa.Table(
    "sealed_ballot",  # the box of an open poll, emptied as it is counted; no part of the record
    metadata,
    sa.Column("id", ID, primary_key=True),  # drawn; kept in its order, so that none of time is
    _procurement(),
    sa.Column("poll", ID, sa.ForeignKey("poll.id"), nullable=False, index=True),
    sa.Column("header", sa.LargeBinary, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

application = sa.Table(
    "application",  # firms that asked for access to an announced competition by themselves
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("participant", ID, nullable=False),
    _text("organisation"),
    sa.Column("number", sa.String(40), nullable=False),
    _text("contact"),
    _text("email"),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("procurement", "scope"),
)

market_signup = sa.Table(
    "market_signup",  # on the open page of the market dialogue
    metadata,
    sa.Column("id", ID, primary_key=True),  # the ticket it is drawn by
    _procurement(),
    sa.Column("scope", KEY, nullable=False),
    _text("organisation"),
    sa.Column("number", KEY, nullable=False),
    _text("contact"),
    _text("email"),
    sa.Column("people", sa.Integer, nullable=False),  # at the conference
    sa.Column("meeting", sa.Boolean, nullable=False),  # wants one of its own
    _text("needs"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sa.Index("ix_market_signup_procurement", "procurement", "at"),
)

business = sa.Table(
    "business",  # what is known of a supplier besides its name
    metadata,
    _procurement(primary_key=True),
    sa.Column("scope", KEY, primary_key=True),
    sa.Column("size", sa.String(10), nullable=False),  # micro small medium large, "" unknown
    sa.Column("startup", sa.String(5), nullable=False),  # yes no, "" unknown
    sa.Column("newcomer", sa.String(5), nullable=False),
    _text("source"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

market_input = sa.Table(
    "market_input",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),  # written hearing
    sa.Column("draft", ID, nullable=False),  # the submission that is commented on, "" for none
    sa.Column("about", sa.Integer, nullable=False),  # question or passage from 1, 0 for the whole
    _text("text"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("outcome", sa.String(10), nullable=False),  # adopt reject, "" until answered
    _text("answer"),
    _text("where"),
    sa.Column("answered_at", Moment),
    sa.Index("ix_market_input_procurement", "procurement", "at"),
)

market_draw = sa.Table(
    "market_draw",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("head", sa.String(64), nullable=False),
    _text("words"),
    sa.Column("seed", sa.String(64), nullable=False),
    _text("witness"),
    sa.Column("order", Json, nullable=False),
    sa.Column("slots", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_market_draw_procurement", "procurement", "at"),
)

trace_link = sa.Table(
    "trace_link",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("source_kind", sa.String(20), nullable=False),
    sa.Column("source", KEY, nullable=False),
    sa.Column("target_kind", sa.String(20), nullable=False),
    sa.Column("target", KEY, nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_trace_link_procurement", "procurement"),
)

slot = sa.Table(
    "slot",  # a time offered for a meeting
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("occasion", ID, nullable=False),  # a round, or an occasion of the market dialogue
    sa.Column("kind", sa.String(20), nullable=False),  # engine.model.meeting.MeetingKind
    sa.Column("lot", KEY, nullable=False),
    sa.Column("scope", KEY, nullable=False),  # the supplier it is kept for, "" for any
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    _text("place"),
    sa.Column("withdrawn_at", Moment),
    sa.Index("ix_slot_procurement", "procurement", "starts_at"),
)

meeting = sa.Table(
    "meeting",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("occasion", ID, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("lot", KEY, nullable=False),
    sa.Column("scope", KEY, nullable=False),  # the supplier
    sa.Column("participant", ID, nullable=False),  # who booked it, "" for the buyer
    sa.Column("slot", ID, nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    _text("place"),
    sa.Column("status", sa.String(20), nullable=False),  # engine.model.meeting.MeetingStatus
    sa.Column("sequence", sa.Integer, nullable=False),  # RFC 5546: grows with each change
    sa.Column("began_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("ours", Json, nullable=False),
    sa.Column("theirs", Json, nullable=False),
    sa.Index("ix_meeting_procurement", "procurement", "starts_at"),
)

meeting_mail = sa.Table(
    "meeting_mail",  # which meeting a mail speaks of, as it stood when it was queued
    metadata,
    sa.Column("mail", ID, sa.ForeignKey("mail.id"), primary_key=True),
    sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
)

lesson = sa.Table(
    "lesson",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("organisation", ID, nullable=False),
    sa.Column("process", KEY, nullable=False),
    sa.Column("element", KEY, nullable=False),
    _text("text"),
    sa.Column("open", sa.Boolean, nullable=False),  # other buyers see it too
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sa.Index("ix_lesson_procurement", "procurement"),
    sa.Index("ix_lesson_element", "element", "process"),
)

shared_item = sa.Table(
    "shared_item",  # what buyers let each other see
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("organisation", ID, nullable=False, index=True),
    sa.Column("chain", ID, nullable=False, index=True),  # the procurement; a model's organisation
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("submission", ID, nullable=False, index=True),  # a model's version
    _text("title"),
    sa.Column("to_all", sa.Boolean, nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)

shared_with = sa.Table(
    "shared_with",
    metadata,
    sa.Column("item", ID, sa.ForeignKey("shared_item.id"), primary_key=True),
    sa.Column("organisation", ID, primary_key=True),
    sa.Column("chain", ID, nullable=False),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

reuse = sa.Table(
    "reuse",  # matter taken into the form of a task, with where it came from
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("task", ID, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("submission", ID, nullable=False),
    _text("title"),
    _text("organisation"),
    _text("reference"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_reuse_procurement", "procurement", "task"),
)

round_ = sa.Table(
    "round",  # of dialogue or negotiation
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("process", KEY, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),  # engine.model.meeting.MeetingKind
    sa.Column("number", sa.Integer, nullable=False),
    _text("topics"),
    _text("questions"),
    sa.Column("may_eliminate", sa.Boolean, nullable=False),
    _text("criteria"),
    sa.Column("is_final", sa.Boolean, nullable=False),
    sa.Column("submission", ID, nullable=False),  # the plan
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", ID, nullable=False),  # the decision, "" while it is open
    sa.Index("ix_round_procurement", "procurement", "opened_at"),
)

minutes = sa.Table(
    "minutes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("round", ID, nullable=False),
    sa.Column("meeting", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("passages", Json, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),  # engine.model.dialogue.MinutesState
    _text("objection"),
    _text("settled"),
    sa.Column("submission", ID, nullable=False),
    sa.Column("sent_at", Moment, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Index("ix_minutes_procurement", "procurement", "sent_at"),
)

information = sa.Table(
    "information",  # what one supplier learned and all must know
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("round", ID, nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),  # engine.model.dialogue.Source
    sa.Column("source", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),  # who knows it already
    _text("question"),
    _text("said"),
    sa.Column("learned_at", Moment, nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("release", ID, nullable=False),  # "" until all know
    _text("dropped"),  # why it has no bearing on the competition
    sa.Index("ix_information_procurement", "procurement", "number"),
)

release = sa.Table(
    "release",  # what all were given at one moment
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("kind", sa.String(20), nullable=False),  # engine.model.dialogue.ReleaseKind
    sa.Column("round", ID, nullable=False),
    sa.Column("texts", Json, nullable=False),
    sa.Column("recipients", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_release_procurement", "procurement", "at"),
)

question = sa.Table(
    "question",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("round", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("participant", ID, nullable=False),
    _text("asked_by"),
    _text("text"),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("late_why", Json, nullable=False),
    sa.Column("driven", sa.Boolean, nullable=False),  # tasks of the process handle it
    sa.Column("state", sa.String(20), nullable=False),  # engine.model.dialogue.QuestionState
    sa.Column("pairs", Json, nullable=False),
    sa.Column("answered_at", Moment),
    _text("refused"),
    sa.Column("release", ID, nullable=False),
    sa.Index("ix_question_procurement", "procurement", "number"),
)

inquiry = sa.Table(
    "inquiry",  # what a supplier was asked about its tender, and its reply
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("submission", ID, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    _text("text"),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("reply_by", Moment, nullable=False),
    _text("reply"),
    sa.Column("replied_at", Moment),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Index("ix_inquiry_procurement", "procurement"),
)

handed = sa.Table(
    "handed",  # documents of the dialogue with one supplier
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("round", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("attachment", ID, sa.ForeignKey("attachment.id"), nullable=False),
    sa.Column("direction", sa.String(20), nullable=False),
    _text("note"),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_handed_procurement", "procurement", "at"),
)

supplier = sa.Table(
    "supplier",
    metadata,
    _procurement(primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    _text("name"),
    sa.Column("status", sa.String(20), nullable=False),
    _text("reason"),
)

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("organisation", ID, nullable=False),
    sa.Column("element", KEY, nullable=False),
    _text("name"),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("process", KEY, nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("phase", sa.String(60), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),  # open approval completed cancelled
    sa.Column("candidate", sa.String(40), nullable=False),  # role asked now: role or second pair
    sa.Column("assignee", ID, nullable=False),
    sa.Column("owner", ID, nullable=False),  # who delegated it, "" otherwise
    sa.Column("proposal", Json),  # what the first pair of eyes decided
    sa.Column("helpers", Json, nullable=False, server_default="[]"),  # whom it was lent to
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("taken_at", Moment),  # when the one who has it got it
    sa.Column("due_at", Moment),
    sa.Column("due_why", Json, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", ID, nullable=False),
    sa.Column("closed_for", ID, nullable=False),  # on whose behalf
    sa.Index("ix_task_procurement", "procurement", "status"),
    *(_named("task", name, then) for name, then in _TASKS_OF_PERSONS),
)

added_task = sa.Table(
    "added_task",  # what a task is that the lead put in, beside the model
    metadata,
    sa.Column("task", ID, sa.ForeignKey("task.id"), primary_key=True),
    _procurement(),
    _text("instructions"),
    sa.Column("comment", ID, nullable=False),  # that it was made of, or ""
    sa.Column("starts_at", Moment),  # of a gathering, with its end, place and who is asked to come
    sa.Column("ends_at", Moment),
    _text("place"),
    sa.Column("people", Json, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),  # grows as it is moved (RFC 5546)
    _text("note"),  # what came of it
    sa.Index("ix_added_task_procurement", "procurement"),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("task", ID, sa.ForeignKey("task.id"), primary_key=True),
    sa.Column("holder", ID, primary_key=True),  # "" = the task's, else one person's own (blind)
    sa.Column("content", Json, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("by", ID, nullable=False),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

presence = sa.Table(
    "presence",  # who has a task open now: forgotten after minutes, and no part of the record
    metadata,
    sa.Column("task", ID, sa.ForeignKey("task.id"), primary_key=True),
    sa.Column("page", ID, primary_key=True),  # one window of one person
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("seen_at", Moment, nullable=False, index=True),
    sa.Column("wrote_at", Moment),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

task_filter = sa.Table(
    "task_filter",  # how a person likes to see tasks; nobody's record
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False, index=True),
    _text("name"),
    sa.Column("content", Json, nullable=False),
    sa.Column("organisation", ID, nullable=False, index=True),  # that it is shared with, or ""
    sa.Column("procurement", ID, nullable=False, index=True),  # whose team it is shared with, or ""
    sa.Column("saved_at", Moment, nullable=False),
)

last_view = sa.Table(
    "last_view",  # what a person's list showed last, to begin with the next time
    metadata,
    sa.Column("person", ID, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("content", Json, nullable=False),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

submission = sa.Table(
    "submission",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("task", ID, nullable=False),
    sa.Column("element", KEY, nullable=False),
    sa.Column("form", KEY, nullable=False),
    sa.Column("definition", sa.String(64), nullable=False),  # version whose form it is
    sa.Column("scope", KEY, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # the canonical JSON bytes
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),  # entry of the record that holds its digest
    sa.Index("ix_submission_procurement", "procurement", "form", "seq"),
)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("task", ID, nullable=False),
    sa.Column("element", KEY, nullable=False),  # "" beside the model, as the three next
    sa.Column("decision", sa.String(10), nullable=False),
    sa.Column("option", KEY, nullable=False),
    _text("name"),  # what was decided beside the model, and the comment that it was made of
    sa.Column("comment", ID, nullable=False),
    sa.Column("opens", sa.Boolean, nullable=False),
    _text("reason"),
    sa.Column("by", Json, nullable=False),
    sa.Column("checks", Json, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Index("ix_decision_procurement", "procurement", "seq"),
)

undone = sa.Table(
    "undone",  # submissions and decisions that a rewind set aside
    metadata,
    sa.Column("record", ID, primary_key=True),
    _procurement(),
    sa.Index("ix_undone_procurement", "procurement"),
)

comment = sa.Table(
    "comment",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("task", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    _text("text"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("mentions", Json, nullable=False),  # persons whom it speaks to
    sa.Column("withdrawn_at", Moment),  # from then on `text` is ""
    sa.Index("ix_comment_procurement", "procurement", "task"),
)

attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("task", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    _text("name"),
    sa.Column("media_type", KEY, nullable=False),
    sa.Column("blob", sa.String(64), sa.ForeignKey("blob.digest"), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment),  # by who attached it: nobody opens it any more
    sa.Index("ix_attachment_procurement", "procurement", "task"),
)

timer = sa.Table(
    "timer",
    metadata,
    _procurement(primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("element", KEY, nullable=False),
    sa.Column("due_at", Moment, nullable=False, index=True),
    sa.Column("why", Json, nullable=False),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

wait = sa.Table(
    "wait",
    metadata,
    _procurement(primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("element", KEY, nullable=False),
    sa.Column("message", KEY, nullable=False),
    _text("correlation"),
    sa.Column("scope", KEY, nullable=False),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("task", ID, nullable=False),
    sa.Column("element", KEY, nullable=False),
    sa.Column("problem", KEY, nullable=False),
    _text("explanation"),
    sa.Column("raised_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Index("ix_incident_procurement", "procurement", "closed_at"),
)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("id", ID, primary_key=True),  # the same for all versions of a notice
    _procurement(),
    sa.Column("subtype", sa.String(10), nullable=False),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("submission", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("procurement", "subtype", "version"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("kind", KEY, nullable=False),
    sa.Column("recipient", KEY, nullable=False),
    _text("subject"),
    _text("body"),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("queued_at", Moment, nullable=False),
    sa.Column("sent_at", Moment, index=True),
    sa.Column("returned_at", Moment),  # a mail of it came back, or could never be delivered
    _where("outbox", "returned", "procurement", "returned_at IS NOT NULL"),
)

notification = sa.Table(
    "notification",  # what one person is told; beside the record, not part of it
    metadata,
    sa.Column("id", BigKey, primary_key=True, autoincrement=True),
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False),
    _procurement(),
    sa.Column("kind", sa.String(40), nullable=False),  # engine.model.notifications.Kind
    sa.Column("task", ID, nullable=False),
    sa.Column("subject", ID, nullable=False),  # incident, or "" where the task says it all
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("read_at", Moment),
    sa.Column("mail_at", Moment),  # when to look whether it is mailed; NULL once that is settled
    sa.Column("mail", ID, nullable=False),  # the mail that tells it, "" for none
    sa.Index("ix_notification_person", "person", "id"),
    _where("notification", "unread", "person", "read_at IS NULL"),
    _where("notification", "mail_at", "mail_at", "mail_at IS NOT NULL"),
    _where("notification", "mail", "mail", "mail <> ''"),
    _where("notification", "mailed", "procurement", "mail <> ''"),
)

mail_preference = sa.Table(
    "mail_preference",  # engine.notifications.timing.Preference of who has chosen
    metadata,
    sa.Column("person", ID, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("language", sa.String(5), nullable=False),
    sa.Column("by_mail", Json, nullable=False),
    sa.Column("pace", sa.String(20), nullable=False),
    sa.Column("digest_at", sa.String(5), nullable=False),  # times of day in Oslo
    sa.Column("quiet_from", sa.String(5), nullable=False),
    sa.Column("quiet_to", sa.String(5), nullable=False),
    sa.Column("only_working_days", sa.Boolean, nullable=False),
    sa.Column("invitations", sa.Boolean, nullable=False),
)

appointment = sa.Table(
    "appointment",  # the due date of a task in the calendar of who has it
    metadata,
    sa.Column("task", ID, sa.ForeignKey("task.id"), primary_key=True),
    sa.Column("person", ID, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),  # RFC 5546: grows with each message
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("mail", ID, nullable=False, index=True),  # the newest message; older ones are void
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),  # of the gathering told
)

appointment_look = sa.Table(
    "appointment_look",  # tasks whose holder or due date may have changed
    metadata,
    sa.Column("id", BigKey, primary_key=True, autoincrement=True),
    sa.Column("task", ID, sa.ForeignKey("task.id"), nullable=False),
)

mail = sa.Table(
    "mail",  # one message to one person; its id is the Message-ID, however often it is tried
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("person", ID, sa.ForeignKey("person.id")),  # null where it is for a participant
    sa.Column("kind", sa.String(20), nullable=False),  # engine.model.mails.MailKind
    _text("address"),
    sa.Column("state", sa.String(20), nullable=False),  # engine.model.mails.MailState
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", Moment, nullable=False),
    sa.Column("next_at", Moment),  # when it is tried, again too; NULL at the end
    sa.Column("ended_at", Moment),
    _text("problem"),  # what the mail server said, in its words
    sa.Column("participant", ID, sa.ForeignKey("participant.id")),
    sa.Index("ix_mail_person", "person", "ended_at"),
    _where("mail", "next_at", "next_at", "next_at IS NOT NULL"),
)

letter_mail = sa.Table(
    "letter_mail",  # which letter a mail carries to one address of the supplier it is for
    metadata,
    sa.Column("mail", ID, sa.ForeignKey("mail.id"), primary_key=True),
    sa.Column("letter", ID, sa.ForeignKey("outbox.id"), nullable=False, index=True),
)

invitation_mail = sa.Table(
    "invitation_mail",  # which invitation a mail carries to somebody who has not come yet
    metadata,
    sa.Column("mail", ID, sa.ForeignKey("mail.id"), primary_key=True),
    sa.Column("invitation", ID, sa.ForeignKey("invitation.id"), nullable=False, index=True),
)

reminder = sa.Table(
    "reminder",  # when those who have a task are reminded; gone when it has struck
    metadata,
    sa.Column("task", ID, sa.ForeignKey("task.id"), primary_key=True),
    sa.Column("kind", sa.String(40), primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("due_at", Moment, primary_key=True),  # the due date it reminds of: one may be moved
    _procurement(),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

counted = sa.Table(
    "counted",  # how far the record has been counted for figures, which are no part of it
    metadata,
    _procurement(primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("pending", Json, nullable=False),  # what has begun and not ended
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

element_use = sa.Table(
    "element_use",  # how often each element was passed, as counted from the record
    metadata,
    _procurement(primary_key=True),
    sa.Column("element", KEY, primary_key=True),
    sa.Column("scope", KEY, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("seconds", sa.BigInteger, nullable=False),  # of working time waited for it
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

phase_spell = sa.Table(
    "phase_spell",  # when a procurement was in a phase, as counted from the record
    metadata,
    _procurement(primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("phase", sa.String(60), nullable=False),
    sa.Column("entered_at", Moment, nullable=False),
    sa.Column("left_at", Moment),
    sa.Column("held", sa.BigInteger, nullable=False),  # seconds of working time on hold
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

request = sa.Table(
    "request",
    metadata,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("actor", ID, primary_key=True),
    sa.Column("command", KEY, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("answer", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,  # kept under its key, without a second tree to find it by
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of the cookie's value
    sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("provider", sa.String(40), nullable=False),  # "" in the demonstration
    sa.Column("level", sa.Integer, nullable=False),
    # Keyed hashes of what the provider calls the person and its own session: it may end both.
    sa.Column("subject", sa.String(64), nullable=False, index=True),
    sa.Column("provider_session", sa.String(64), nullable=False, index=True),
    _text("hint"),  # the ID token, to be read with the cookie alone
)

portal_session = sa.Table(
    "portal_session",  # of people from outside; a session of members never stands here
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of the cookie's value
    sa.Column("participant", ID, sa.ForeignKey("participant.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("provider", sa.String(60), nullable=False, server_default=""),  # that vouched, or ""
    sa.Column("subject", sa.String(64), nullable=False, server_default=""),  # keyed hash
)

look = sa.Table(
    "look",  # who has seen what is confidential: one row for each person, thing and minute
    metadata,
    sa.Column("id", BigKey, primary_key=True, autoincrement=True),
    _procurement(),
    sa.Column("person", ID, nullable=False),  # of a member, a participant, or an operator
    sa.Column("what", sa.String(200), nullable=False),  # the address that was read
    sa.Column("scope", KEY, nullable=False),
    sa.Column("rule", sa.String(60), nullable=False),
    sa.Column("via", sa.String(80), nullable=False),  # see `Actor.via`
    sa.Column("at", Moment, nullable=False),
    sa.Column("minute", sa.BigInteger, nullable=False),  # since 1970
    sa.UniqueConstraint("procurement", "person", "what", "scope", "minute"),
)

audit_event = sa.Table(
    "audit_event",
    metadata,
    sa.Column("id", BigKey, primary_key=True, autoincrement=True),
    sa.Column("chain", ID, nullable=False),  # procurement or organisation id
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", sa.String(27), nullable=False),  # as spelled in the body
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("actor", ID, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    # Beside the entry, in its row, which spares every act two tables:
    sa.Column("note", sa.Text),  # with an act's last entry: the checkpoint, a C2SP signed note
    sa.Column("snapshot", sa.LargeBinary),  # with its first: the live process before it, for rewind
    sa.UniqueConstraint("chain", "seq"),
)

search_entry = sa.Table(
    "search_entry",  # what can be found; made of the record, and made anew from it at any time
    metadata,
    sa.Column("id", BigKey, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("object", sa.String(200), nullable=False, index=True),
    sa.Column("procurement", ID, nullable=False, index=True),  # "" for models
    sa.Column("organisation", ID, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("task", ID, nullable=False),
    _text("title"),
    _text("body"),
    _text("heading"),  # stems of the title
    _text("terms"),  # all that it is found by; full text of both databases is made of this
    sa.Column("at", Moment, nullable=False),
)

signal_verdict = sa.Table(
    "signal_verdict",  # whether a code of innovation fits, as people saw it; the newest counts
    metadata,
    sa.Column("id", ID, primary_key=True),
    _procurement(),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("accepted", sa.Boolean, nullable=False),
    _text("reason"),
    sa.Column("by", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_signal_verdict_procurement", "procurement", "at"),
)

INSERT_ONLY = ("audit_event", "submission", "decision", "look")
