"""Processes and their versions."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.queries.definitions import (
    ProcessRow,
    VersionPage,
    process_rows,
    version_page,
)
from engine.queries.diagrams import Drawing, drawings_of
from service.pages.markdown import html_of
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ProcessesPage:
    rows: tuple[ProcessRow, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """`readme` is HTML."""

    version: VersionPage
    readme: str
    drawings: tuple[Drawing, ...]


@router.get("/processes")
def list_processes(here: Here) -> HTMLResponse:
    page = ProcessesPage(process_rows(here.view))
    return here.show("processes/list.html", page)


@router.get("/processes/versions/{digest}")
def show_version(digest: str, here: Here) -> HTMLResponse:
    found = version_page(here.view, digest)
    page = Shown(found, html_of(found.readme), drawings_of(here.view, digest))
    return here.show("processes/version.html", page)
