"""A task's unfinished form: whose it is, in which shape it is compared, and how it is merged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn import looking
from engine.commands import submissions
from engine.commands.act import Act
from engine.errors import StaleDraftError
from engine.forms.definition import Form
from engine.forms.merging import Merged, merge
from engine.forms.shaping import page_shape
from engine.forms.values import Context
from engine.model.records import DraftRecord, TaskRecord
from engine.store import people
from engine.store import tasks as rows


@dataclass(frozen=True, slots=True)
class Draft:
    """A task's form as drafts of it are compared."""

    act: Act
    task: TaskRecord
    form: Form | None
    context: Context
    roles: frozenset[str]

    @classmethod
    def of(cls, act: Act, task: TaskRecord) -> "Draft":
        key = act.element(task.process, task.element).form
        form = act.version.forms[key] if key else None
        roles = submissions.roles_of(act)
        if form is None:
            return cls(act, task, None, Context(), roles)
        variables = looking.variables_of(act.version.process, act.state, task.id)
        context = submissions.context_of(act, form, task.scope, variables)
        return cls(act, task, form, context, roles)

    @property
    def is_blind(self) -> bool:
        return self.form is not None and self.form.blind

    def shape(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return page_shape(self.form, data, self.roles, self.context)

    def stored(self) -> DraftRecord | None:
        work, me = self.act.session.work, self.act.session.actor.id
        return rows.find_draft(work.connection, self.task.id, me, blind=self.is_blind)

    def merged(self, content: Mapping[str, Any], base: Mapping[str, Any] | None) -> Merged:
        """What to keep of the writer's content and of what is kept already."""
        mine, stored = self.shape(content), self.stored()
        if stored is None or (base is None and stored.by == self.act.session.actor.id):
            return Merged(mine, mine, ())
        return merge(self.shape(base or {}), mine, self.shape(stored.content))


def require_seen(
    act: Act, task: TaskRecord, mine: Mapping[str, Any], base: Mapping[str, Any]
) -> None:
    """Raises StaleDraftError when others have written what is neither in the writer's form nor in
    the draft it came from: handing it in would drop that unread."""
    draft = Draft.of(act, task)
    stored = draft.stored()
    if stored is None:
        return
    sent = draft.shape(mine)
    if merge(draft.shape(base), sent, draft.shape(stored.content)).content == sent:
        return
    writer = people.find_person(act.session.work.connection, stored.by)
    name = writer.name if writer else stored.by
    raise StaleDraftError(
        f"{name} has also written in «{task.name}» since you last saw it. Read what is new, then"
        " complete it.",
        task=task.id,
        name=task.name,
        writer=name,
        at=stored.saved_at.isoformat(),
    )
