"""Sharing a version of a process: who has it, and what others would see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.errors import NotFoundError
from engine.queries.definitions import VersionPage, version_page
from engine.queries.knowledge import Audience, Buyer, buyers, chosen_of
from engine.queries.people import starts_for
from engine.queries.view import View, names_of
from engine.store import knowledge


@dataclass(frozen=True, slots=True)
class ModelShare:
    """A sharing that stands. `audience` is who has it, nothing for everybody."""

    item: str
    audience: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ModelPage:
    """A version with whom it is shared, which its own organisation sees alone (`is_mine`), and what
    the reader may do: `own` are organisations that the reader may take it over for."""

    found: VersionPage
    is_mine: bool
    shares: tuple[ModelShare, ...]
    others: tuple[Buyer, ...]
    own: tuple[Buyer, ...]
    may_share: bool
    may_start: bool


@dataclass(frozen=True, slots=True)
class ModelPreview(Audience):
    """What would be shared with whom: the whole version."""

    page: ModelPage


def model_page(view: View, digest: str) -> ModelPage:
    """Raises NotFoundError for a version that the reader may not see."""
    found = version_page(view, digest)
    version, everybody = found.version, buyers(view)
    is_mine = version.owner in view.actor.homes
    return ModelPage(
        found=found,
        is_mine=is_mine,
        shares=_shares(view, found, everybody) if is_mine else (),
        others=tuple(each for each in everybody if each.id != version.owner),
        own=tuple(
            each
            for each in everybody
            if each.id != version.owner and version.is_open and _may(view, Action.DEPLOY, each.id)
        ),
        may_share=_may(view, Action.SHARE_MODEL, version.owner),
        may_start=version.is_open and version.startable and bool(starts_for(view)),
    )


def model_preview(view: View, digest: str, organisations: Sequence[str]) -> ModelPreview:
    """What sharing would let whom see; raises NotFoundError for those who may not share it."""
    page = model_page(view, digest)
    if not page.may_share:
        raise NotFoundError("version", digest)
    return ModelPreview(chosen_of(page.others, organisations), not organisations, page)


def _may(view: View, action: Action, organisation: str) -> bool:
    return allowed(action, view.actor, Target(organisation), view.today) is not None


def _shares(view: View, found: VersionPage, everybody: Sequence[Buyer]) -> tuple[ModelShare, ...]:
    """At most one: sharing anew takes the place of what was."""
    version, called = found.version, {each.id: each.name for each in everybody}
    standing = [
        each
        for each in knowledge.shared_by(view.connection, version.owner)
        if each.submission == version.digest and each.revoked_at is None
    ]
    names = names_of(view, {each.by for each in standing})
    return tuple(
        ModelShare(
            each.id,
            tuple(called.get(one, one) for one in knowledge.audience_of(view.connection, each.id)),
            names.get(each.by, ""),
            each.at,
        )
        for each in standing
    )
