# ruff: noqa: SLF001 - works on the library's task tree, whose fields have no public names
"""Forgetting finished work, so that what an instance weighs depends on what is open alone.

Of the finished tasks a tree needs only: its root; the parents of live tasks; the tasks from which
two or more live branches come (tokens that meet are compared with the task where they parted); and
turns of a loop whose result was not collected yet. Everything else was reported in a step's trail.
"""

from uuid import UUID

from engine.bpmn.instance import Instance, Task, Tree, is_live


def prune(instance: Instance) -> None:
    """Drop what is finished and no longer needed, in every tree."""
    for tree in instance.trees():
        _prune_tree(tree)


def _prune_tree(tree: Tree) -> None:
    keep = _needed(tree)
    if len(keep) == len(tree.tasks):
        return
    stack: list[tuple[UUID, UUID | None]] = [(tree.task_tree.id, None)]
    order: list[tuple[UUID, UUID | None]] = []
    while stack:
        key, parent = stack.pop()
        if key in keep:
            order.append((key, parent))
            parent = key
        stack.extend((child, parent) for child in reversed(tree.tasks[key]._children))
    kept: dict[UUID, Task] = {}
    for key, parent in order:
        task = kept[key] = tree.tasks[key]
        task._children = []
        task._parent = parent
        if parent is not None:
            kept[parent]._children.append(key)
    tree.tasks = kept
    tree.last_task = None


def _needed(tree: Tree) -> set[UUID]:
    tasks: dict[UUID, Task] = tree.tasks
    keep = {tree.task_tree.id}
    for task in tasks.values():
        if is_live(task):
            keep.add(task.id)
            if task._parent is not None:
                keep.add(task._parent)
            keep.update(key for key in task._children if task.task_spec.owns(tasks[key]))
    return keep | _forks(tasks, keep)


def _forks(tasks: dict[UUID, Task], keep: set[UUID]) -> set[UUID]:
    """Tasks where the ways from two needed tasks to the root meet."""
    seen: set[UUID] = set()
    forks: set[UUID] = set()
    for key in keep:
        current: UUID | None = key
        while current is not None:
            if current in seen:
                forks.add(current)
                break
            seen.add(current)
            current = tasks[current]._parent
    return forks
