"""What was learned, and what buyers share with each other: at a task, in a procurement, in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.forms.definition import Form
from engine.model.definition import steps_of
from engine.model.knowledge import KINDS, LessonRecord, SharedRecord
from engine.model.records import SubmissionRecord
from engine.queries.likeness import Alike, alike
from engine.queries.names import element_name, element_of
from engine.queries.view import Seen, View, names_of, see_procurement
from engine.store import knowledge as rows
from engine.store import records
from engine.store.schema import organisation, person


@dataclass(frozen=True, slots=True)
class LessonView:
    """`step` is what the step is called; `organisation`, `reference` and `by` say where it comes
    from: the last two are "" for those of another organisation."""

    id: str
    process: str
    element: str
    step: str
    text: str
    open: bool
    organisation: str
    reference: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a lesson can belong to."""

    process: str
    element: str
    name: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """An organisation with how many people it has here."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class SharedView:
    """Matter that is shared. `audience` is who sees it, nothing for every buyer; `mine` when it is
    the reader's own organisation's."""

    id: str
    kind: str
    submission: str
    procurement: str
    title: str
    organisation: str
    reference: str
    by: str
    at: datetime
    revoked_at: datetime | None
    audience: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Shareable:
    """A kind of matter and the version that would be shared: None where there is none yet, with
    `waits` where it may not be shared before the announcement."""

    kind: str
    submission: SubmissionRecord | None
    waits: bool


@dataclass(frozen=True, slots=True)
class KnowledgePage:
    """What one procurement leaves for the next."""

    procurement: str
    reference: str
    title: str
    lessons: tuple[LessonView, ...]
    steps: tuple[Step, ...]
    shared: tuple[SharedView, ...]
    shareable: tuple[Shareable, ...]
    buyers: tuple[Buyer, ...]
    may_learn: bool
    may_share: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would see something, everybody that comes later too with `to_all`."""

    audience: tuple[Buyer, ...]
    to_all: bool

    @property
    def people(self) -> int:
        return sum(each.people for each in self.audience)


@dataclass(frozen=True, slots=True)
class SharingPreview(Audience):
    """What would be shared with whom: exactly these fields of the form."""

    kind: str
    form: Form
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what stands in a form was taken from."""

    task: str
    kind: str
    submission: str
    title: str
    organisation: str
    reference: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Library:
    """What the reader may see of others and of the own organisation; with a question, the likest of
    it and of what the reader may read first."""

    asked: str
    alike: tuple[Alike, ...]
    shared: tuple[SharedView, ...]


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One item with its content."""

    item: SharedView
    form: Form
    content: Mapping[str, Any]


def lessons_at(view: View, digest: str, process: str, element: str) -> tuple[LessonView, ...]:
    """What people before have learned at this step, the newest first."""
    found = rows.lessons_at(view.connection, process, element, view.actor.organisation)
    return _lessons(view, found, digest)


def origins_of(view: View, procurement: str) -> tuple[Origin, ...]:
    """What was reused in the procurement, the oldest first."""
    found = rows.reuses_of(view.connection, procurement)
    names = names_of(view, {each.by for each in found})
    return tuple(
        Origin(
            each.task,
            each.kind,
            each.submission,
            each.title,
            each.organisation,
            each.reference,
            names.get(each.by, ""),
            each.at,
        )
        for each in found
    )


def knowledge_page(view: View, key: str) -> KnowledgePage:
    """Raises NotFoundError for those who may not read the procurement."""
    seen = see_procurement(view, key)
    shares = seen.may(Action.SHARE_MATTER, seen.target())
    found = rows.lessons_of(view.connection, key)
    return KnowledgePage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        lessons=_lessons(view, found, seen.row.definition),
        steps=tuple(_steps(seen)),
        shared=_shared(view, rows.shared_by(view.connection, key)),
        shareable=tuple(_shareable(seen, kind) for kind in KINDS) if shares else (),
        buyers=others_than(view, seen.row.organisation),
        may_learn=seen.may(Action.LEARN, seen.target()),
        may_share=shares,
    )


def sharing_preview(
    view: View, key: str, kind: str, organisations: Sequence[str]
) -> SharingPreview | None:
    """What sharing would let whom see; None where there is nothing to share.

    Raises NotFoundError for those who may not share it.
    """
    seen = see_procurement(view, key)
    if not seen.may(Action.SHARE_MATTER, seen.target()) or kind not in KINDS:
        raise NotFoundError("procurement", key)
    found = _shareable(seen, kind).submission
    form = _form(seen.view, seen.row.definition, kind)
    if found is None or form is None:
        return None
    chosen = chosen_of(others_than(view, seen.row.organisation), organisations)
    content = _open_content(kind, found.content)
    return SharingPreview(chosen, not organisations, kind, form, content)


def library(view: View, asked: str) -> Library:
    """What can be built on."""
    found = rows.seen_by(view.connection, view.actor.organisation)
    near = alike(view, asked, tuple(KINDS)) if asked.strip() else ()
    return Library(asked, near, _shared(view, found))


def shared_page(view: View, key: str) -> SharedPage:
    """Raises NotFoundError for what is not shared with the reader's organisation, or no longer."""
    item = rows.find_item(view.connection, key)
    mine = rows.seen_by(view.connection, view.actor.organisation)
    if item is None or item not in mine or item.kind not in KINDS:
        raise NotFoundError("item", key)
    submission = records.get_submission(view.connection, item.submission)
    form = _form(view, records.get_procurement(view.connection, item.chain).definition, item.kind)
    if form is None:
        raise NotFoundError("item", key)
    return SharedPage(_shared(view, [item])[0], form, _open_content(item.kind, submission.content))


def buyers(view: View) -> tuple[Buyer, ...]:
    """Every organisation here with its active people, by name."""
    query = (
        sa.select(
            organisation.c.id,
            organisation.c.name,
            sa.func.count(person.c.id).filter(person.c.active),
        )
        .outerjoin(person, person.c.organisation == organisation.c.id)
        .group_by(organisation.c.id, organisation.c.name)
        .order_by(organisation.c.name)
    )
    return tuple(Buyer(*row) for row in view.connection.execute(query))


def others_than(view: View, own: str) -> tuple[Buyer, ...]:
    """Whom an organisation can share with."""
    return tuple(each for each in buyers(view) if each.id != own)


def chosen_of(others: Sequence[Buyer], organisations: Sequence[str]) -> tuple[Buyer, ...]:
    """Those of them that are named, all where none is."""
    return tuple(each for each in others if not organisations or each.id in organisations)


def _steps(seen: Seen) -> "list[Step]":
    """What people do in the procurement's processes, each once, in the order of the file."""
    definition = seen.view.definition(seen.row.definition)
    return [
        Step(process, each.id, element_of(definition, seen.view.language, process, each.id))
        for process, each in steps_of(definition)
    ]


def _shareable(seen: Seen, kind: str) -> Shareable:
    found = records.submissions_of(seen.view.connection, seen.row.id, KINDS[kind].form)
    common = [each for each in found if not each.scope]
    waits = KINDS[kind].only_announced and not seen.row.frozen_documents
    return Shareable(kind, common[-1] if common and not waits else None, bool(common) and waits)


def _form(view: View, digest: str, kind: str) -> Form | None:
    return view.definitions.get(view.connection, digest).forms.get(KINDS[kind].form)


def _open_content(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name in KINDS[kind].fields}


def _lessons(view: View, found: Sequence[LessonRecord], digest: str) -> tuple[LessonView, ...]:
    """`digest` is the version in whose words steps are named."""
    definition = view.definition(digest)
    home = view.actor.organisation
    names = names_of(view, {each.by for each in found})
    organisations = {each.id: each.name for each in buyers(view)} if found else {}
    references = {
        key: records.get_procurement(view.connection, key).reference
        for key in {each.procurement for each in found if each.organisation == home}
    }
    return tuple(
        LessonView(
            id=each.id,
            process=each.process,
            element=each.element,
            step=element_name(definition, view.language, each.element),
            text=each.text,
            open=each.open,
            organisation=organisations.get(each.organisation, ""),
            reference=references.get(each.procurement, ""),
            by=names.get(each.by, "") if each.organisation == home else "",
            at=each.at,
        )
        for each in found
    )


def _shared(view: View, found: Sequence[SharedRecord]) -> tuple[SharedView, ...]:
    names = names_of(view, {each.by for each in found})
    organisations = {each.id: each.name for each in buyers(view)} if found else {}
    home = view.actor.organisation
    return tuple(
        SharedView(
            id=each.id,
            kind=each.kind,
            submission=each.submission,
            procurement=each.chain,
            title=each.title,
            organisation=organisations.get(each.organisation, ""),
            reference=records.get_procurement(view.connection, each.chain).reference,
            by=names.get(each.by, "") if each.organisation == home else "",
            at=each.at,
            revoked_at=each.revoked_at,
            audience=tuple(
                organisations.get(one, one) for one in rows.audience_of(view.connection, each.id)
            )
            if each.organisation == home
            else (),
            mine=each.organisation == home,
        )
        for each in found
    )
