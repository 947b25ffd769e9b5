"""JSON for machines, under /api/v1: the same acts as the pages."""

from typing import Final

from fastapi import APIRouter

from service.api import (
    bulk,
    choice,
    contributions,
    conversation,
    description,
    dossier,
    drafts,
    evaluation,
    filters,
    me,
    notifications,
    participants,
    plan,
    portfolio,
    processes,
    procurements,
    record,
    registers,
    rules,
    search,
    tasks,
    tokens,
    where,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    me.entrance,
    me.router,
    tokens.router,
    tasks.router,
    drafts.router,
    bulk.router,
    filters.router,
    notifications.router,
    procurements.router,
    where.router,
    dossier.router,
    plan.router,
    portfolio.router,
    choice.router,
    contributions.router,
    participants.router,
    evaluation.router,
    record.router,
    conversation.router,
    processes.router,
    rules.router,
    registers.router,
    search.router,
    description.router,
)
