"""Which rows of the rule data each check compares with, so that a row can say where it is used."""

from collections.abc import Mapping
from typing import Final

READS: Final[Mapping[str, tuple[str, ...]]] = {
    "standstill-over": ("standstill-",),
    "final-evidence-ok": ("tax-certificate-age",),
    "award-notice-in-time": ("contract-award-notice",),
    "change-lawful": ("change-", "threshold-eea-"),
    "meeting-time-equal": ("negotiation-time-spread",),
    "two-evaluators": ("minimum-evaluators",),
    "minimum-invited-lawful": ("minimum-invited-",),
    "minimum-invited-reached": ("minimum-invited-",),
    "rtp-period-long-enough": ("rtp-",),
    "initial-tender-period-long-enough": ("tender-period-", "prior-notice-"),
    "open-tender-period-long-enough": ("tender-period-open", "prior-notice-"),
    "answers-in-time": ("answers",),
    "breach-notified": ("personal-data-breach",),
    "climate-rule-met": ("climate-weight",),
    "jury-composed": ("jury-qualified-one-in",),
    "project-period-adequate": ("project-period-design-contest",),
    "supplies-below-half": ("pcp-supplies-share",),
    "parallel-to-the-end": ("pcp-parallel-suppliers",),
    "several-in-parallel": ("pcp-parallel-suppliers",),
    "competition-to-the-end": ("pcp-parallel-suppliers",),
    "research-period-adequate": ("tender-period-pre-commercial",),
}
"""Check → ids of rows, or beginnings of ids where the procedure or the case chooses among them."""


def reads(check: str, rule_id: str) -> bool:
    """Whether the check compares with rows of this rule."""
    return any(rule_id.startswith(begin) for begin in READS.get(check, ()))
