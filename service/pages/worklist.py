"""My tasks."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.queries.worklist import TaskLists, task_lists
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class WorklistPage:
    lists: TaskLists

    @property
    def late(self) -> int:
        """How many of my own and my roles' tasks are past their date."""
        lists = (self.lists.mine, self.lists.roles, self.lists.second)
        return sum(row.late for rows in lists for row in rows)

    @property
    def waiting(self) -> int:
        return len(self.lists.mine) + len(self.lists.roles) + len(self.lists.second)


@router.get("/tasks")
def my_tasks(here: Here) -> HTMLResponse:
    page = WorklistPage(task_lists(here.view))
    return here.show("tasks/list.html", page, watch=here.my_teams())
