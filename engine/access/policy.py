"""The policy: every action, and the rules of which one must say yes; anything else is denied."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from engine.access import rules
from engine.access.rules import Grounds, Rule, Target
from engine.errors import ForbiddenError, LevelTooLowError, NotFoundError, ScopeMissingError
from engine.model.actor import Actor
from engine.model.records import PersonRecord


class Action(StrEnum):
    READ = "read"
    READ_TASK = "read-task"
    READ_RECORD = "read-record"
    READ_LOOKS = "read-looks"
    WORK = "work"
    ASSIGN = "assign"
    DECIDE = "decide"
    COMMENT = "comment"
    WITHDRAW_COMMENT = "withdraw-comment"
    WITHDRAW_FILE = "withdraw-file"
    ATTACH = "attach"
    REPORT = "report"
    STEER = "steer"
    INVITE = "invite"
    PARTICIPATE = "participate"
    DELIVER = "deliver"
    OPEN_INTAKE = "open-intake"
    RECEIVE = "receive"
    OPEN_SEALED = "open-sealed"
    CONTRIBUTE = "contribute"
    MODERATE = "moderate"
    ARRANGE = "arrange"
    LEARN = "learn"
    SHARE_MATTER = "share-matter"
    JUDGE = "judge"
    IDENTIFY = "identify"
    ANSWER_MARKET = "answer-market"
    SHARE = "share"
    SHARE_WITH_TEAM = "share-with-team"
    START = "start"
    DEPLOY = "deploy"
    SHARE_MODEL = "share-model"
    ADMINISTER = "administer"
    ADMIT = "admit"
    HOLD_TOKENS = "hold-tokens"
    HEAR = "hear"
    KEEP_ABSENCES = "keep-absences"
    FIRE = "fire"
    READ_FILES = "read-files"


POLICY: Final[Mapping[Action, tuple[Rule, ...]]] = {
    Action.READ: (
        rules.member_reads,
        rules.lead_of_the_organisation_reads,
        rules.manager_reads,
        rules.mandated_reader,
    ),
    Action.READ_TASK: (
        rules.member_reads,
        rules.candidate_reads,
        rules.lead_of_the_organisation_reads,
        rules.manager_reads,
        rules.mandated_reader,
    ),
    Action.READ_RECORD: (
        rules.member_reads,
        rules.lead_of_the_organisation_reads,
        rules.mandated_reader,
    ),
    Action.READ_LOOKS: (rules.lead_steers, rules.overseer_of_looks),
    Action.WORK: (rules.candidate_works, rules.assignee_works, rules.performer_works),
    Action.ASSIGN: (
        rules.candidate_hands_over,
        rules.lender_takes_back,
        rules.lead_hands_out,
    ),
    Action.DECIDE: (rules.candidate_works, rules.assignee_works, rules.performer_works),
    Action.COMMENT: (rules.member_reads, rules.candidate_reads),
    Action.WITHDRAW_COMMENT: (rules.author_withdraws,),
    Action.WITHDRAW_FILE: (rules.author_withdraws,),
    Action.ATTACH: (rules.member_reads, rules.candidate_reads),
    Action.REPORT: (rules.role_reports, rules.the_system_acts),
    Action.STEER: (rules.lead_steers,),
    Action.INVITE: (rules.lead_steers, rules.facilitator_invites_groups),
    Action.PARTICIPATE: (rules.participant_takes_part,),
    Action.DELIVER: (rules.supplier_delivers,),
    Action.OPEN_INTAKE: (rules.receiver_receives, rules.lead_steers),
    Action.RECEIVE: (rules.receiver_receives,),
    Action.OPEN_SEALED: (rules.opener_opens,),
    Action.CONTRIBUTE: (rules.participant_contributes, rules.member_contributes),
    Action.MODERATE: (rules.moderator_answers,),
    Action.ARRANGE: (rules.lead_steers, rules.facilitator_arranges),
    Action.LEARN: (rules.member_learns,),
    Action.SHARE_MATTER: (rules.lead_steers,),
    Action.JUDGE: (rules.lead_or_owner_judges,),
    Action.ANSWER_MARKET: (rules.market_is_answered,),
    Action.IDENTIFY: (rules.moderator_answers, rules.mandated_reader),
    Action.SHARE: (rules.lead_of_the_organisation, rules.manager_of_the_organisation),
    Action.SHARE_WITH_TEAM: (rules.member_reads,),
    Action.START: (rules.lead_of_the_organisation,),
    Action.DEPLOY: (rules.designer_of_the_organisation, rules.the_system_acts),
    Action.SHARE_MODEL: (rules.designer_of_the_organisation,),
    Action.ADMINISTER: (rules.administrator, rules.the_system_acts),
    Action.ADMIT: (rules.the_system_acts,),
    Action.HOLD_TOKENS: (rules.the_person_herself,),
    Action.HEAR: (rules.the_person_herself,),
    Action.KEEP_ABSENCES: (
        rules.the_person_herself,
        rules.manager_of_the_organisation,
        rules.administrator,
    ),
    Action.FIRE: (rules.the_system_acts,),
    Action.READ_FILES: (rules.the_system_acts,),
}


class Scope(StrEnum):
    """What an API token may be made for; each is a set of actions. None of them is more than what
    its person may do, and none lets a token make tokens."""

    READ = "read"
    WORK = "work"
    DECIDE = "decide"
    STEER = "steer"
    DEPLOY = "deploy"
    ADMINISTER = "administer"


SCOPES: Final[Mapping[Scope, frozenset[Action]]] = {
    Scope.READ: frozenset(
        {Action.READ, Action.READ_TASK, Action.READ_RECORD, Action.READ_LOOKS, Action.IDENTIFY}
    ),
    Scope.WORK: frozenset(
        {
            Action.WORK,
            Action.ASSIGN,
            Action.COMMENT,
            Action.WITHDRAW_COMMENT,
            Action.WITHDRAW_FILE,
            Action.ATTACH,
            Action.REPORT,
            Action.RECEIVE,
            Action.CONTRIBUTE,
            Action.MODERATE,
            Action.ANSWER_MARKET,
            Action.ARRANGE,
            Action.LEARN,
            Action.JUDGE,
            Action.SHARE,
            Action.SHARE_WITH_TEAM,
            Action.HEAR,
            Action.KEEP_ABSENCES,
        }
    ),
    Scope.DECIDE: frozenset({Action.DECIDE, Action.OPEN_SEALED}),
    Scope.STEER: frozenset(
        {Action.STEER, Action.INVITE, Action.START, Action.SHARE_MATTER, Action.OPEN_INTAKE}
    ),
    Scope.DEPLOY: frozenset({Action.DEPLOY, Action.SHARE_MODEL}),
    Scope.ADMINISTER: frozenset({Action.ADMINISTER}),
}
_WORKING: Final = frozenset({Action.WORK, Action.DECIDE})


def permits(actor: Actor, action: Action) -> bool:
    """Whether the token the actor came with is made for it; without a token, everything is."""
    if actor.scopes is None:
        return True
    return any(action in SCOPES[Scope(scope)] for scope in actor.scopes)


def require_scope(action: Action, actor: Actor) -> None:
    """Raises ScopeMissingError when the actor's token is not made for the action."""
    if permits(actor, action):
        return
    wanted = next((scope for scope, actions in SCOPES.items() if action in actions), None)
    remedy = f"make one with the scope '{wanted}'" if wanted else "sign in yourself"
    raise ScopeMissingError(
        f"This token may not {action}: {remedy}.",
        action=str(action),
        needed=str(wanted or ""),
        scopes=sorted(actor.scopes or ()),
    )


def require_level(action: Action, actor: Actor, needed: int) -> None:
    """Raises LevelTooLowError when the way the actor came in is not sure enough of who it is."""
    if actor.level < needed:
        raise LevelTooLowError(
            f"To {action} asks for a sign-in at level {needed}; yours is level {actor.level}. Sign"
            " in again with a safer method, such as an electronic ID.",
            action=str(action),
            needed=needed,
            level=actor.level,
        )


def allowed(action: Action, actor: Actor, target: Target, day: date) -> Grounds | None:
    """The first rule that allows it, or None."""
    if not permits(actor, action):
        return None
    for rule in POLICY[action]:
        grounds = rule(actor, target, day)
        if grounds is not None:
            return grounds
    return None


def members_who_may(
    action: Action, persons: Iterable[PersonRecord], target: Target, day: date
) -> tuple[PersonRecord, ...]:
    """Of these persons those whom a seat in the team allows it, by name."""
    found = (
        person
        for person in persons
        if allowed(action, Actor(person.id, person.name, person.organisation), target, day)
    )
    return tuple(sorted(found, key=lambda person: (person.name, person.id)))


def require(
    action: Action, actor: Actor, target: Target, day: date, *, kind: str, key: str
) -> Grounds:
    """As `allowed`; a refusal tells why to those who may know of the object at all.

    Raises ForbiddenError when the actor may read the object, NotFoundError when not even that, and
    before either ScopeMissingError when the actor's token is not made for the action.
    """
    require_scope(action, actor)
    grounds = allowed(action, actor, target, day)
    if grounds is not None:
        return grounds
    if allowed(Action.READ_TASK, actor, target, day) is None and target.team:
        raise NotFoundError(kind, key)
    about, reason = explain(action, target)
    raise ForbiddenError(
        f"{actor.name} may not {action} {kind} {key}: {reason}",
        about=about,
        action=str(action),
        kind=kind,
        key=key,
        rules=[rule.__name__.replace("_", "-") for rule in POLICY[action]],
        candidate=target.candidate,
        assignee=target.assignee,
        roles=sorted(target.roles),
    )


def explain(action: Action, target: Target) -> tuple[str, str]:
    """Which rule would have to hold: what the refusal is about, and a sentence."""
    if action in _WORKING and target.assignee:
        return "taken", "another person has taken this task; ask that person to release it."
    if action in _WORKING:
        return str(action), f"it asks for the role {target.candidate} in this procurement's team."
    if action is Action.ASSIGN:
        return (
            str(action),
            "only the one who has it, somebody in its role while it is free, or the lead may.",
        )
    if action is Action.STEER:
        return str(action), "only the procurement lead of this procurement, or a deputy, may."
    if action is Action.WITHDRAW_COMMENT:
        return str(action), "only the one who wrote it may."
    if action is Action.WITHDRAW_FILE:
        return str(action), "only the one who attached it may."
    if action is Action.REPORT:
        return str(action), f"it is reported by {', '.join(sorted(target.roles)) or 'nobody'}."
    wanted = " or ".join(rule.__name__.replace("_", " ") for rule in POLICY[action])
    return str(action), f"it needs: {wanted}."
