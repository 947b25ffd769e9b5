"""Which codes of BT-776 the texts of a procurement tell of, and what people have said of that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.access.policy import Action
from engine.forms.definition import Field, Form, Kind
from engine.forms.numbers import kroner
from engine.model.records import SubmissionRecord
from engine.procurement.signals import CODES, Signal, Written, signals_in
from engine.queries.submissions import visible_submissions
from engine.queries.task import TaskPage
from engine.queries.view import Seen, View, names_of, see_procurement
from engine.store.schema import signal_verdict

FORMS: Final = (
    "need",
    "market-report",
    "mandate",
    "estimated-value",
    "procedure-choice",
    "procurement-documents",
)
"""Whose newest version is looked through, where it is confidential to nobody."""
FIELD: Final = "bt776"


@dataclass(frozen=True, slots=True)
class SignalView:
    """A passage with the form it stands in, by its title, and the label of the field."""

    form: str
    submission: str
    field: str
    before: str
    word: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    accepted: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code: `chosen` when the form F-01 or the notice has it, `signals` what tells of it,
    `verdict` what a person said last, None before."""

    code: str
    chosen: bool
    signals: tuple[SignalView, ...]
    verdict: Verdict | None

    @property
    def proposed(self) -> bool:
        return bool(self.signals)


@dataclass(frozen=True, slots=True)
class SignalsPage:
    procurement: str
    reference: str
    title: str
    codes: tuple[CodeView, ...]
    looked_at: tuple[str, ...]
    may_judge: bool


def signals_page(view: View, key: str) -> SignalsPage:
    """Raises NotFoundError for those who may not read the procurement."""
    seen = see_procurement(view, key)
    newest = _newest(seen)
    return SignalsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        codes=codes_of(seen, newest),
        looked_at=tuple(
            form.title(view.language)
            for name in newest
            if name in FORMS and (form := _forms(seen).get(name)) is not None
        ),
        may_judge=seen.may(Action.JUDGE, seen.target()),
    )


def proposed_on(view: View, page: TaskPage) -> tuple[CodeView, ...]:
    """For the task whose form asks for the codes: those that tell of themselves in the texts, the
    form's own draft among them. They are shown there, and chosen by nobody but who fills it in."""
    form = page.form
    if form is None or form.find((FIELD,)) is None or not page.rights.work:
        return ()
    seen = see_procurement(view, page.task.procurement)
    newest = _newest(seen)
    if page.draft is not None and form.key in FORMS:
        task, draft = page.task, dict(page.draft.content)
        newest[form.key] = SubmissionRecord(
            "", task.id, task.element, form.key, "", draft, view.actor.id, view.now, 0
        )
    return tuple(each for each in codes_of(seen, newest) if each.proposed)


def codes_of(seen: Seen, newest: Mapping[str, SubmissionRecord]) -> tuple[CodeView, ...]:
    """Every code of the list, with what tells of it."""
    forms, language = _forms(seen), seen.view.language
    looked = {name: each for name, each in newest.items() if name in FORMS and name in forms}
    found = signals_in(
        [text for name, each in looked.items() for text in _texts(each, forms[name])],
        {name: (each.id, each.content) for name, each in looked.items()},
    )
    chosen = {code for each in newest.values() for code in each.content.get(FIELD, ())}
    verdicts = _verdicts(seen)
    return tuple(
        CodeView(
            code=code,
            chosen=code in chosen,
            signals=tuple(
                _shown(each, forms[each.form], looked[each.form], language)
                for each in found.get(code, ())
            ),
            verdict=verdicts.get(code),
        )
        for code in CODES
    )


def _newest(seen: Seen) -> dict[str, SubmissionRecord]:
    """The newest common version of each form that the reader may see."""
    return {each.form: each for each in visible_submissions(seen) if not each.scope}


def _forms(seen: Seen) -> Mapping[str, Form]:
    return seen.view.definitions.get(seen.view.connection, seen.row.definition).forms


def _texts(each: SubmissionRecord, form: Form) -> Iterator[Written]:
    for name, text in _written(form.root, each.content):
        yield Written(each.id, each.form, name, text)


def _written(group: Field, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Free text of a form that is for everybody: the name of the field on the top, and the text."""
    for each in group.fields:
        if each.name in values and not each.roles:
            for text in _text(each, values[each.name]):
                yield each.name, text


def _text(each: Field, value: Any) -> Iterator[str]:
    if each.kind is Kind.GROUP and isinstance(value, Mapping):
        yield from (text for _, text in _written(each, value))
    elif each.kind is Kind.LIST and each.item is not None and isinstance(value, Sequence):
        for row in value:
            yield from _text(each.item, row)
    elif each.kind in {Kind.TEXT, Kind.LONGTEXT} and isinstance(value, str):
        yield value


def _shown(signal: Signal, form: Form, of: SubmissionRecord, language: str) -> SignalView:
    field = form.find((signal.field,))
    value = of.content.get(signal.field)
    is_money = field is not None and field.kind is Kind.MONEY and isinstance(value, int)
    return SignalView(
        form=form.title(language),
        submission=signal.submission,
        field=field.title(language) if field else signal.field,
        before=signal.before,
        word=f"{kroner(value)} kr" if is_money and isinstance(value, int) else signal.word,
        after=signal.after,
        why=signal.why[language],
    )


def _verdicts(seen: Seen) -> dict[str, Verdict]:
    """The newest word on each code."""
    query = (
        sa.select(signal_verdict)
        .where(signal_verdict.c.procurement == seen.row.id)
        .order_by(signal_verdict.c.at, signal_verdict.c.id)
    )
    rows = seen.view.connection.execute(query).all()
    names = names_of(seen.view, {row.by for row in rows})
    return {
        row.code: Verdict(row.accepted, row.reason, names.get(row.by, ""), row.at) for row in rows
    }
