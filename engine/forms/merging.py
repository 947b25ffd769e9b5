"""Two people, or two windows, on one form: what both changed since they were last the same.

Nobody's words are overwritten in silence. What only one side changed is taken from it; where both
changed the same thing differently, what is already kept stays and the place is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_NOTHING: Final = None
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """`content` is what to keep. At each of the `conflicts` it has theirs.

    `base` is what the writer now shares with it: as `content`, but as before at the conflicts, so
    that merging again finds the same conflicts until somebody has settled them.
    """

    content: dict[str, Any]
    base: dict[str, Any]
    conflicts: tuple[Path, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """`mine` and `theirs` as both came from `base`."""
    merging = _Merging([])
    content, shared = merging.maps(base, mine, theirs, ())
    return Merged(content, shared, tuple(merging.conflicts))


@dataclass(frozen=True, slots=True)
class _Merging:
    conflicts: list[Path]

    def maps(
        self, base: Any, mine: Mapping[str, Any], theirs: Mapping[str, Any], path: Path
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What to keep and what is shared, name by name."""
        old = base if isinstance(base, Mapping) else {}
        kept: dict[str, Any] = {}
        shared: dict[str, Any] = {}
        for name in (*theirs, *(name for name in mine if name not in theirs)):
            value, common = self.values(
                old.get(name), mine.get(name), theirs.get(name), (*path, name)
            )
            if value is not _NOTHING:
                kept[name] = value
            if common is not _NOTHING:
                shared[name] = common
        return kept, shared

    def values(self, base: Any, mine: Any, theirs: Any, path: Path) -> tuple[Any, Any]:
        if same(mine, base) or same(mine, theirs):
            return theirs, theirs
        if same(theirs, base):
            return mine, mine
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            return self.maps(base, mine, theirs, path)
        if isinstance(mine, list) and isinstance(theirs, list):
            return self.lists(base if isinstance(base, list) else [], mine, theirs, path)
        return self.conflict(base, theirs, path)

    def lists(
        self, base: list[Any], mine: list[Any], theirs: list[Any], path: Path
    ) -> tuple[Any, Any]:
        if not any(isinstance(each, Mapping) for each in (*base, *mine, *theirs)):
            chosen = _chosen(base, mine, theirs)
            return chosen, chosen
        rows = len(base)
        if min(len(mine), len(theirs)) < rows:  # a row is gone: which is which, nobody can tell
            return self.conflict(base, theirs, path)
        pairs = [
            self.values(old, my, their, (*path, index))
            for index, (old, my, their) in enumerate(
                zip(base, mine[:rows], theirs[:rows], strict=True)
            )
        ]
        added = [*theirs[rows:], *(row for row in mine[rows:] if row not in theirs[rows:])]
        return [kept for kept, _ in pairs] + added, [shared for _, shared in pairs] + added

    def conflict(self, base: Any, theirs: Any, path: Path) -> tuple[Any, Any]:
        self.conflicts.append(path)
        return theirs, base


def same(left: Any, right: Any) -> bool:
    """Whether two values say the same; nothing, an empty text and an empty list do."""
    if left in (None, "", []) and right in (None, "", []):
        return True
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _chosen(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    """Ticked boxes, files, names: what either side added, less what either took away."""
    stays = [each for each in theirs if each in mine or each not in base]
    return stays + [each for each in mine if each not in base and each not in theirs]
