"""JSON for machines, under /api/v1: the same acts as the pages."""

from typing import Final

from fastapi import APIRouter

ROUTERS: Final[tuple[APIRouter, ...]] = ()
