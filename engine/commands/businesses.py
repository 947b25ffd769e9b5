"""What a supplier is as a business: said by itself, or looked up in a register by the lead."""

from dataclasses import dataclass
from typing import Final

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError
from engine.model import events as e
from engine.model.business import ANSWERS, SIZES
from engine.store import market, records

LONGEST_SOURCE: Final = 300


@dataclass(frozen=True, slots=True)
class DescribeBusiness:
    """Of the supplier `scope`; each value may be "" for unknown. `source` is the register a member
    found it in; a business itself has none."""

    procurement: str
    scope: str
    size: str = ""
    startup: str = ""
    newcomer: str = ""
    source: str = ""


def describe_business(command: DescribeBusiness, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    source = command.source.strip()
    if session.actor.participation is not None:
        own = act.target(scope=command.scope, procurement=act.id)
        act.allow(Action.DELIVER, own, kind="procurement", key=act.id)
        source = ""
    else:
        ours = act.target(scope=command.scope)
        act.allow(Action.ARRANGE, ours, kind="procurement", key=act.id)
        _require_known(act, command.scope)
        _require_source(source)
    act.require_running()
    act.record(described(command.scope, command.size, command.startup, command.newcomer, source))
    return {"procurement": act.id}


def described(
    scope: str, size: str, startup: str, newcomer: str, source: str = ""
) -> e.BusinessDescribed:
    """The fact; raises InvalidInputError for what is no value."""
    for value, allowed in ((size, SIZES), (startup, ANSWERS), (newcomer, ANSWERS)):
        if value and value not in allowed:
            raise InvalidInputError(
                f"«{value[:40]}» is none of {', '.join(allowed)}; leave it empty where it is not"
                " known.",
                value=value[:40],
                about="none-of",
                choices=", ".join(allowed),
            )
    return e.BusinessDescribed(scope, size, startup, newcomer, source)


def _require_known(act: Act, scope: str) -> None:
    connection = act.session.work.connection
    known = {each.key for each in records.suppliers(connection, act.id)}
    known |= {each.scope for each in market.signups_of(connection, act.id)}
    if scope not in known:
        raise NotFoundError("supplier", scope)


def _require_source(source: str) -> None:
    if not source or len(source) > LONGEST_SOURCE:
        raise InvalidInputError(
            "Say where it stands, such as the register and its day, in at most"
            f" {LONGEST_SOURCE} characters.",
            field="source",
            about="source-missing",
            longest=LONGEST_SOURCE,
        )
