"""What can be reported to a running procurement, by whom, and with which form."""

from dataclasses import dataclass, replace

from engine.access.policy import Action
from engine.bpmn import looking
from engine.errors import NotFoundError
from engine.forms.definition import Form
from engine.forms.values import Context
from engine.model.definition import MessageInfo, ProcessDefinition
from engine.queries.submissions import context_of
from engine.queries.view import Seen, View, see_procurement
from engine.store import records


@dataclass(frozen=True, slots=True)
class HappeningView:
    """What the reader can report now; `wait` tells branches of the same message apart."""

    wait: str
    message: str
    title: str
    supplier: str
    form: str

    @property
    def has_form(self) -> bool:
        return bool(self.form)


def happenings_of(seen: Seen) -> tuple[HappeningView, ...]:
    """What the reader can report now; nothing where it does not run."""
    definition = seen.view.definition(seen.row.definition)
    names = {each.key: each.name for each in records.suppliers(seen.view.connection, seen.row.id)}
    return tuple(
        HappeningView(
            wait=wait.id,
            message=wait.message,
            title=message_title(seen.view, definition, wait.message),
            supplier=names.get(wait.scope or wait.correlation, ""),
            form=found[1].form or "",
        )
        for wait in records.waits_of(seen.view.connection, seen.row.id)
        if (found := message_of(definition, wait.message)) is not None
        and seen.row.status == "running"
        and seen.may(
            Action.REPORT, replace(seen.target(wait.scope), roles=frozenset(found[1].roles))
        )
    )


def message_of(definition: ProcessDefinition, name: str) -> tuple[str, MessageInfo] | None:
    """The message and the process that declares it."""
    for key, process in definition.processes.items():
        if name in process.messages:
            return key, process.messages[name]
    return None


def message_title(view: View, definition: ProcessDefinition, name: str) -> str:
    """What people call the message; its name where the version does not declare it."""
    found = message_of(definition, name)
    if found is None:
        return name
    process, message = found
    return definition.text(view.language, process, f"{message.id}.title", message.title)


@dataclass(frozen=True, slots=True)
class HappeningPage:
    """The form with which one happening is reported."""

    procurement: str
    reference: str
    procurement_title: str
    wait: str
    message: str
    title: str
    scope: str
    supplier: str
    form: Form | None
    form_context: Context
    my_roles: frozenset[str]


def happening_page(view: View, key: str, wait: str) -> HappeningPage:
    """Raises NotFoundError unless the reader may report it now."""
    seen = see_procurement(view, key)
    compiled = view.definitions.get(view.connection, seen.row.definition)
    offered = {each.wait: each for each in happenings_of(seen)}
    if wait not in offered:
        raise NotFoundError("happening", wait)
    chosen = offered[wait]
    found = message_of(compiled.definition, chosen.message)
    form = compiled.forms.get(found[1].form) if found and found[1].form else None
    scope = next(each.scope for each in records.waits_of(view.connection, key) if each.id == wait)
    return HappeningPage(
        procurement=key,
        reference=seen.row.reference,
        procurement_title=seen.row.title,
        wait=wait,
        message=chosen.message,
        title=chosen.title,
        scope=scope,
        supplier=chosen.supplier,
        form=form,
        form_context=context_of(
            seen,
            scope,
            form,
            lambda: looking.variables_at(compiled.process, seen.row.state, wait),
        ),
        my_roles=seen.my_roles,
    )
