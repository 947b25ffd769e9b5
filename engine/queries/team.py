"""Who is in a procurement's team, who stands in for whom, and what each has to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.model.actor import Membership
from engine.queries.definitions import roles_of
from engine.queries.view import Seen, names_of
from engine.queries.worklist import TaskRow


@dataclass(frozen=True, slots=True)
class SeatView:
    """`deputy_for` is a name, `deputised` that person's id."""

    id: str
    person: str
    name: str
    role: str
    deputy_for: str
    deputised: str
    supplier: str
    valid_from: date | None
    valid_to: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role of the process with those who hold it. `vacant` when nobody holds it today although
    something waits for it."""

    role: str
    seats: tuple[SeatView, ...]
    waiting: int
    late: int

    @property
    def holders(self) -> tuple[SeatView, ...]:
        """Who can act in it today, those in their own right first."""
        now = [seat for seat in self.seats if seat.now]
        return tuple(sorted(now, key=lambda seat: (bool(seat.deputy_for), seat.name)))

    @property
    def vacant(self) -> bool:
        return bool(self.waiting) and not self.holders


@dataclass(frozen=True, slots=True)
class Ball:
    """Somebody whom open tasks wait for: a person who has them or alone may take them (`name`), or
    a role and those who hold it (`names`)."""

    role: str
    name: str
    names: tuple[str, ...]
    tasks: int
    late: int

    @property
    def nobody(self) -> bool:
        return not self.name and not self.names


def seats_of(seen: Seen) -> tuple[SeatView, ...]:
    """The seats of the team that the reader may know of, the lead's first."""
    ids = {seat.person for seat in seen.team} | {seat.deputy_for for seat in seen.team}
    names = names_of(seen.view, ids)
    seats = [_seat(seen, seat, names) for seat in seen.team if seen.sees(seat.scope)]
    return tuple(
        sorted(seats, key=lambda seat: (seat.role != "procurement-lead", seat.role, seat.name))
    )


def _seat(seen: Seen, seat: Membership, names: Mapping[str, str]) -> SeatView:
    return SeatView(
        id=seat.id,
        person=seat.person,
        name=names.get(seat.person, seat.person),
        role=seat.role,
        deputy_for=names.get(seat.deputy_for, seat.deputy_for),
        deputised=seat.deputy_for,
        supplier=seat.scope,
        valid_from=seat.valid_from,
        valid_to=seat.valid_to,
        now=seat.valid_on(seen.view.today),
    )


def roles_held(seen: Seen, open_tasks: Iterable[TaskRow]) -> tuple[RoleView, ...]:
    """Every role that the process asks for or somebody holds, in the order of the process."""
    definition = seen.view.definition(seen.row.definition)
    seats = seats_of(seen)
    asked = [need.role for need in roles_of(seen.view, definition)]
    tasks = list(open_tasks)
    order = dict.fromkeys(["procurement-lead", *asked, *(seat.role for seat in seats)])
    return tuple(
        RoleView(
            role=role,
            seats=tuple(seat for seat in seats if seat.role == role),
            waiting=sum(row.candidate == role for row in tasks),
            late=sum(row.candidate == role and row.late for row in tasks),
        )
        for role in order
    )


def balls_of(seen: Seen, open_tasks: Iterable[TaskRow]) -> tuple[Ball, ...]:
    """Who has the ball: whom open tasks wait for, those who are late first."""
    names = names_of(seen.view, {seat.person for seat in seen.team})
    found: dict[tuple[str, str], list[TaskRow]] = {}
    for row in open_tasks:
        name = row.assignee_name or _only_one(_holders(seen, [row], names))
        found.setdefault(("", name) if name else (row.candidate, ""), []).append(row)
    balls = [
        Ball(
            role=role or rows[0].candidate,
            name=name,
            names=() if name else _holders(seen, rows, names),
            tasks=len(rows),
            late=sum(row.late for row in rows),
        )
        for (role, name), rows in found.items()
    ]
    return tuple(sorted(balls, key=lambda ball: (-ball.late, -ball.tasks, ball.role, ball.name)))


def _only_one(names: tuple[str, ...]) -> str:
    """Who has the ball although nobody has taken the task: there is nobody else who could."""
    return names[0] if len(names) == 1 else ""


def _holders(seen: Seen, rows: Iterable[TaskRow], names: Mapping[str, str]) -> tuple[str, ...]:
    """Who may take these tasks today in their own right; deputies where there is nobody else."""
    fitting = [
        seat
        for row in rows
        for seat in seen.team
        if seat.role == row.candidate
        and seat.scope in ("", row.scope)
        and seat.valid_on(seen.view.today)
        and seen.sees(seat.scope)
    ]
    own = [seat for seat in fitting if not seat.deputy_for] or fitting
    return tuple(sorted({names.get(seat.person, seat.person) for seat in own}))
