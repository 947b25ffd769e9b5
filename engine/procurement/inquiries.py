"""The forms of asking a supplier about its tender, and what the record says in them (F-26)."""

from collections.abc import Sequence
from typing import Any, Final

from engine.model.dialogue import InquiryRecord
from engine.procurement.receipt_forms import spelled

INQUIRY: Final = "low-tender"
REPLY: Final = "low-tender-reply"


def replied(inquiries: Sequence[InquiryRecord]) -> dict[str, Any]:
    """The fields of the reply that the newest inquiry fills in; none while nobody has replied."""
    newest = inquiries[-1] if inquiries else None
    if newest is None or newest.replied_at is None:
        return {}
    return {"replied": True, "replied_at": spelled(newest.replied_at), "reply": newest.reply}
