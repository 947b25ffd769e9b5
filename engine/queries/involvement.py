"""Who was involved before the competition, as far as the reader may know of them."""

from dataclasses import dataclass

from engine.queries.view import View, see_procurement
from engine.store.involvement import Involved, involved_in


@dataclass(frozen=True, slots=True)
class InvolvementPage:
    procurement: str
    reference: str
    title: str
    involved: tuple[Involved, ...]

    @property
    def waiting(self) -> int:
        return sum(1 for each in self.involved if each.due)


def involvement_page(view: View, key: str) -> InvolvementPage:
    """Raises NotFoundError for those who may not read the procurement."""
    seen = see_procurement(view, key)
    found = involved_in(view.connection, key, seen.sees)
    return InvolvementPage(key, seen.row.reference, seen.row.title, found)
