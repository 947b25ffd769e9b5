"""The law changes while a procurement runs: it keeps its rules, and its lead is told."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.model.events import RulesChanged
from engine.procurement.rule_changes import rule_changes
from engine.procurement.ruledata import rule_set


@dataclass(frozen=True, slots=True)
class NoteRules:
    """Put on record that other rules are in force than those the procurement has pinned."""

    procurement: str


def note_rules(command: NoteRules, session: Session) -> Answer:
    """Once for each rule set, and only while the procurement runs under pinned rules; a correction
    of the rule data that leaves the law of both days alike is no change."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    row, current = act.procurement, rule_set(session.today).id
    if row.status != "running" or not row.rule_set or current in (row.rule_set, row.rules_noted):
        return {"noted": False, "procurement": act.id}
    changed = [each.rule_id for each in rule_changes(act.rules_at, session.today)]
    if not changed:
        return {"noted": False, "procurement": act.id}
    act.record(RulesChanged(current, changed))
    return {"noted": True, "procurement": act.id}
