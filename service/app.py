"""The web application: routes, error pages and headers around the parts that `wiring` joins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from service import api
from service.api.description import describe
from service.errors import install_problems
from service.i18n import load_texts
from service.live import Hub
from service.pages import (
    absences,
    accessibility,
    account,
    acting,
    bulk,
    businesses,
    choice,
    choices,
    contributions,
    demonstration,
    entrance,
    evaluation,
    failures,
    figures,
    files,
    happening,
    indicators,
    involvement,
    knowledge,
    look_up,
    mails,
    market,
    notifications,
    oversight,
    participants,
    plan,
    polls,
    portfolio,
    processes,
    procurement,
    procurements,
    providers,
    receipts,
    rounds,
    rules,
    search,
    signals,
    starting,
    task,
    tracing,
    worklist,
)
from service.pages.rendering import STATIC, Assets, make_environment
from service.portal import business as portal_business
from service.portal import competitions
from service.portal import dialogue as portal_dialogue
from service.portal import entrance as portal_entrance
from service.portal import home as portal_home
from service.portal import market as portal_market
from service.portal import places as portal_places
from service.portal import providers as portal_providers
from service.portal import submissions as portal_submissions
from service.portal import voices as portal_voices
from service.scheduler import start_scheduler
from service.security.admission import Providers
from service.security.floods import Floods
from service.security.headers import SecurityHeaders
from service.security.limits import BodyLimit, delivers
from service.settings import Settings
from service.uploads import too_large
from service.wiring import Parts, build

log = structlog.get_logger()

FORM_BYTES: Final = 5 * 1024 * 1024  # what may come along with the largest file

# The order decides: acts on several tasks before `{key}` of one, `start` and `start/plan` before
# `{key}`, `happenings/{wait}` before `{act}`.
PAGES: Final = (
    entrance.router,
    providers.router,
    account.router,
    absences.router,
    worklist.router,
    bulk.router,
    knowledge.router,
    task.router,
    choices.router,
    notifications.router,
    mails.router,
    files.router,
    look_up.router,
    plan.router,
    portfolio.router,
    figures.router,
    indicators.router,
    businesses.router,
    contributions.router,
    signals.router,
    polls.router,
    tracing.router,
    market.router,
    involvement.router,
    participants.router,
    receipts.router,
    evaluation.router,
    oversight.router,
    rounds.router,
    starting.router,
    happening.router,
    procurement.router,
    acting.router,
    procurements.router,
    processes.router,
    choice.router,
    rules.router,
    accessibility.router,
    demonstration.router,
    portal_providers.router,
    portal_entrance.router,
    portal_home.router,
    portal_business.router,
    portal_places.router,
    competitions.router,
    portal_market.router,
    portal_voices.router,
    portal_dialogue.router,
    portal_submissions.router,
    search.router,
)


def create_app(settings: Settings, parts: Parts | None = None) -> FastAPI:
    """The application on the parts given, or on those that the settings ask for.

    The clock's part runs from start to stop of the application.
    """
    joined = parts or build(settings)
    live = Hub(joined)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        scheduler = start_scheduler(joined)
        yield
        live.close()
        scheduler.shutdown(wait=False)
        joined.close()

    app = FastAPI(
        title="PIVOTAL",
        description="Innovative public procurements: tasks, procurements, processes, record.",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    assets = Assets.read()
    if not assets.built:
        log.warning(
            "The style sheet has not been built: pages will look bare. Run `make setup`, or"
            " `npm ci --ignore-scripts && node build.mjs` in service/frontend."
        )
    app.state.parts = joined
    app.state.floods = Floods()
    app.state.providers = Providers.of(settings, joined.clock)
    app.state.live = live
    app.state.texts = load_texts()
    app.state.templates = make_environment(assets)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (*api.ROUTERS, *PAGES):  # in one list, looked through once: machines ask most
        app.router.routes.extend(router.routes)
    describe(app)
    answer = install_problems(app, failures.answer)
    app.add_middleware(
        BodyLimit,
        largest=settings.upload_bytes + FORM_BYTES,
        largest_delivery=settings.delivery_bytes + FORM_BYTES,
        refuse=lambda request: answer(
            request,
            too_large(
                settings.delivery_megabytes
                if delivers(request.url.path)
                else settings.upload_megabytes
            ),
        ),
    )
    app.add_middleware(SecurityHeaders, https=settings.is_https)
    return app
