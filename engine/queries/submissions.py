"""What has been handed in, with its form, so that a page can show it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.bpmn.compile import CompiledDefinition
from engine.forms.definition import Form
from engine.forms.values import Context
from engine.model.records import SubmissionRecord
from engine.model.sealing import branch_of, sealed_role, supplier_key
from engine.queries.view import Seen, authors_of
from engine.queries.withheld import without_withheld
from engine.store import people, records, tasks
from engine.store.firms import supplier_names
from engine.store.offers import offers


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """`form` is None where the version's form is unknown; `supplier` is the branch's, or "";
    `sealed_for` the role that keeps it from the others, or ""."""

    id: str
    form: Form | None
    title: str
    content: dict[str, Any]
    by: str
    at: datetime
    supplier: str
    sealed_for: str
    seq: int
    element: str


def context_of(
    seen: Seen,
    scope: str,
    form: Form | None = None,
    variables: Callable[[], Mapping[str, Any]] = dict,
) -> Context:
    """What a form of this branch may point at and choose from, for this reader.

    `variables` gives those of the place in the process; it is asked only where the form needs them.
    """
    connection, scope = seen.view.connection, branch_of(scope)
    origins = form.origins() if form is not None else ()
    known = variables() if any(each.variable for each in origins) else {}
    model = seen.view.definition(seen.row.definition)
    members = people.persons(connection, sorted(named_persons(seen, scope)))
    return Context(
        suppliers={
            each.key: each.name
            for each in records.suppliers(connection, seen.row.id)
            if scope in ("", each.key) and seen.sees(each.key)
        },
        persons={key: person.name for key, person in members.items()},
        files={
            each.id: each.name
            for each in records.attachments_of(connection, seen.row.id)
            if branch_of(each.scope) in ("", scope)
        },
        options=offers(connection, seen.row.id, scope, origins, known, model),
        registers=seen.view.registers,
        now=seen.view.now,
    )


def named_persons(seen: Seen, scope: str) -> set[str]:
    """Members, also earlier ones, whom this reader may know of in this branch: none that is bound
    to another one."""
    return {
        person
        for person, seat_scope in people.ever_seated(seen.view.connection, seen.row.id)
        if (seat_scope in ("", scope) if scope else seen.sees(seat_scope))
    }


def earlier_submissions(seen: Seen, scope: str) -> tuple[SubmissionView, ...]:
    """The newest of each form that counts for this branch, in the order they were handed in.

    A branch of one supplier sees its own and the common ones; a common task all that the reader
    may see. Of a blind form each person's newest counts.
    """
    found = visible_submissions(seen, scope)
    forms = seen.view.definitions.get(seen.view.connection, seen.row.definition).forms
    blind = {key for key, form in forms.items() if form.blind}
    newest = {
        (each.form, each.scope, each.by if each.form in blind else ""): each for each in found
    }
    return views(seen, newest.values())


def visible_submissions(seen: Seen, scope: str = "") -> list[SubmissionRecord]:
    """Submissions that count and that the reader may see, oldest first."""
    wanted = {"", branch_of(scope)} if branch_of(scope) else None
    found = [
        each
        for each in records.submissions(seen.view.connection, seen.row.id)
        if (wanted is None or branch_of(each.scope) in wanted) and seen.sees(each.scope)
    ]
    return unblinded(seen, found)


def unblinded(seen: Seen, found: Sequence[SubmissionRecord]) -> list[SubmissionRecord]:
    """Less what others handed in on blind forms while somebody still fills in such a form: each
    gives a view of one's own, and nobody sees another's before all have handed in."""
    compiled = seen.view.definitions.get(seen.view.connection, seen.row.definition)
    me = seen.view.actor.id
    hidden = {
        each.form
        for each in found
        if each.by != me and each.form in compiled.forms and compiled.forms[each.form].blind
    }
    if not hidden:
        return list(found)
    processes = compiled.definition.processes
    waiting = {
        (processes[task.process].elements[task.element].form, task.scope)
        for task in tasks.open_of(seen.view.connection, seen.row.id)
        if task.element
    }
    return [
        each
        for each in found
        if each.by == me or each.form not in hidden or (each.form, each.scope) not in waiting
    ]


def views(seen: Seen, found: Collection[SubmissionRecord]) -> tuple[SubmissionView, ...]:
    """Records as a page shows them."""
    view = seen.view
    compiled: CompiledDefinition = view.definitions.get(view.connection, seen.row.definition)
    names = authors_of(seen, {each.by for each in found})
    suppliers = supplier_names(view.connection, seen.row.id)
    return tuple(
        SubmissionView(
            id=each.id,
            form=(form := compiled.forms.get(each.form)),
            title=form.title(view.language) if form else each.form,
            content=each.content,
            by=names.get(each.by, each.by),
            at=each.at,
            supplier=suppliers.get(each.scope, supplier_key(each.scope)),
            sealed_for=sealed_role(each.scope),
            seq=each.seq,
            element=each.element,
        )
        for each in without_withheld(seen, sorted(found, key=lambda each: each.seq))
    )
