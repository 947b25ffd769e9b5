"""The evaluation as it is computed from the record: for those who may see every tender."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.queries.evaluation import evaluation_page
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@router.get("/procurements/{key}/evaluation")
def show_evaluation(key: str, here: Here) -> HTMLResponse:
    return here.show("procurements/evaluation.html", evaluation_page(here.view, key))
