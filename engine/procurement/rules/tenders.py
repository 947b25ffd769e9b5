"""Initial tenders, clarification of final tenders and commitments (NP7, NP8, CD11, CD13)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from engine.clock import OSLO
from engine.procurement.facts import Facts
from engine.procurement.reading import moment, said
from engine.procurement.ruledata import known_rules
from engine.procurement.rules.publication import announced_dates, clock_text, undated
from engine.procurement.rules.rule import (
    LEGAL,
    OPEN,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    only_for,
    own_form,
    pending,
    unstated,
    with_form,
)
from engine.procurement.text import LANGUAGES, long_date, text
from engine.procurement.time_limits import time_limit

_AGREED: Final = "agreed"
_STANDARD: Final = "standard"


def initial_tender_period_long_enough(facts: Facts) -> Verdict:
    """From the invitation to the time limit for the first tenders, on the basis that is named."""
    invitation = own_form(facts, "invitation", "deadline")
    if invitation is None:
        return pending(facts, "invitation")
    deadline = moment(invitation.get("deadline"))
    if deadline is None:
        return unstated("invitation", {"deadline": text("frist", "the deadline", nn="frist")})
    basis = said(invitation, "period_basis") or _STANDARD
    rule = _period_rule(facts.procedure, basis)
    if rule not in known_rules():
        return holds(
            "Loven setter ingen minste frist her; den må være lang nok for oppgaven.",
            "The law sets no shortest period here; it must be adequate for the task.",
            "FOA § 20-1(1)",
            nn="Lova set ingen minste frist her; den må vere lang nok for oppgåva.",
        )
    if basis != _STANDARD and not said(invitation, "period_reason"):
        return unstated(
            "invitation", {"period_reason": text("begrunnelse", "the reason", nn="grunngiving")}
        )
    if basis == _AGREED:
        return holds(
            "Fristen er avtalt med alle.",
            "The period is agreed with all.",
            _BY_AGREEMENT,
            nn="Fristen er avtalt med alle.",
        )
    limit = time_limit(rule, facts.now, facts.rules_at)
    verdict = holds if deadline >= limit.ends_at else fails
    last_nb, last_nn, last_en = (
        long_date(limit.period.legal_last_day, language) for language in LANGUAGES
    )
    return verdict(
        f"Fristen er {clock_text(deadline, 'nb')}; minst {limit.row.amount} dager fra i dag varer "
        f"ut {last_nb}.",
        f"The deadline is {clock_text(deadline, 'en')}; at least {limit.row.amount} days from "
        f"today run to the end of {last_en}.",
        limit.citation,
        nn=(
            f"Fristen er {clock_text(deadline, 'nn')}; minst {limit.row.amount} dagar "
            f"frå i dag varer ut {last_nn}."
        ),
    )


_BY_AGREEMENT: Final = "FOA § 20-4(3), § 20-3(3)"


def _period_rule(procedure: str, basis: str) -> str:
    standard = f"tender-period-{procedure}"
    return standard if basis in (_STANDARD, _AGREED) else f"{standard}-{basis}"


def open_tender_period_long_enough(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """From dispatch to the time limit for tenders, on the basis that the notice names."""
    dispatch, deadline = announced_dates(facts, notice)
    if dispatch is None or deadline is None:
        return undated("notice")
    basis = said(notice, "period_basis") or _STANDARD
    if basis == "urgent" and not said(notice, "acceleration_reason"):
        return unstated(
            "notice", {"acceleration_reason": text("begrunnelse", "the reason", nn="grunngiving")}
        )
    unusable = _prior_notice_fault(facts, dispatch) if basis == "prior-notice" else None
    if unusable is not None:
        return unusable
    limit = time_limit(_period_rule(facts.procedure, basis), dispatch, facts.rules_at)
    verdict = holds if deadline >= limit.ends_at else fails
    last_nb, last_nn, last_en = (
        long_date(limit.period.legal_last_day, language) for language in LANGUAGES
    )
    return verdict(
        f"Fristen er {clock_text(deadline, 'nb')}; minst {limit.row.amount} dager varer ut "
        f"{last_nb}.",
        f"The deadline is {clock_text(deadline, 'en')}; at least {limit.row.amount} days run to "
        f"the end of {last_en}.",
        limit.citation,
        nn=(
            f"Fristen er {clock_text(deadline, 'nn')}; minst {limit.row.amount} dagar "
            f"varer ut {last_nn}."
        ),
    )


def _prior_notice_fault(facts: Facts, dispatch: datetime) -> Verdict | None:
    """Why the planning notice cannot shorten the period; None where it can."""
    planned = facts.latest("planning-notice")
    sent = moment(planned.data.get("dispatch")) if planned else None
    if sent is None:
        return missing("planning-notice")
    day = sent.astimezone(OSLO).date()
    latest = time_limit("prior-notice-latest", dispatch, facts.rules_at).period.latest_act
    earliest = time_limit("prior-notice-earliest", dispatch, facts.rules_at).period.legal_last_day
    if earliest <= day <= latest:
        return None
    return fails(
        f"Veiledende kunngjøring er sendt {long_date(day, 'nb')}; den må være sendt mellom "
        f"{long_date(earliest, 'nb')} og {long_date(latest, 'nb')}.",
        f"The planning notice was sent on {long_date(day, 'en')}; it must be sent between "
        f"{long_date(earliest, 'en')} and {long_date(latest, 'en')}.",
        "FOA § 20-2(2)",
        nn=(
            f"Rettleiande kunngjering er sendt {long_date(day, 'nn')}; den må vere "
            f"sendt mellom {long_date(earliest, 'nn')} og {long_date(latest, 'nn')}."
        ),
    )


def initial_award_reserved(_: Facts, notice: Mapping[str, Any]) -> Verdict:
    reserved = notice.get("may_award_initial") is True
    verdict = holds if reserved else fails
    return verdict(
        f"Retten til å tildele på første tilbud er {'' if reserved else 'ikke '}forbeholdt.",
        f"The right to award on initial tenders is {'' if reserved else 'not '}reserved.",
        nn=f"Retten til å tildele på første tilbod er {('' if reserved else 'ikkje ')}halden av.",
    )


def _essence_kept(form: str) -> Callable[[Facts], Verdict]:
    """A check that what was settled with the supplier changes nothing essential."""

    def judge(facts: Facts) -> Verdict:
        settled = own_form(facts, form, "essential_changed")
        if settled is None:
            return pending(facts, form)
        if settled.get("essential_changed") is not False or settled.get("distorts") is not False:
            return fails(
                "Vesentlige forhold endres, eller konkurransen vris.",
                "Essential aspects change, or competition is distorted.",
                nn="Vesentlege forhold blir endra, eller konkurransen vris.",
            )
        reason = said(settled, "reason")
        if not reason:
            return unstated(form, {"reason": text("begrunnelse", "the reason", nn="grunngiving")})
        return holds(
            f"Ikke vesentlig: {reason}", f"Not essential: {reason}", nn=f"Ikkje vesentleg: {reason}"
        )

    return judge


RULES = (
    Rule(
        "open-tender-period-long-enough",
        text(
            "Tilbudsfristen er lang nok",
            "The period for tenders is long enough",
            nn="Tilbodsfristen er lang nok",
        ),
        "FOA § 20-2",
        (PROCUREMENT_LEAD,),
        only_for({OPEN}, with_form("notice", open_tender_period_long_enough)),
    ),
    Rule(
        "initial-tender-period-long-enough",
        text(
            "Fristen for første tilbud er lang nok",
            "The period for first tenders suffices",
            nn="Fristen for første tilbod er lang nok",
        ),
        "FOA kap. 20",
        (PROCUREMENT_LEAD,),
        initial_tender_period_long_enough,
    ),
    Rule(
        "initial-award-reserved",
        text(
            "Tildeling på første tilbud er forbeholdt",
            "Award on initial tenders is reserved",
            nn="Tildeling på første tilbod er halden av",
        ),
        "Directive 2014/24/EU art. 29(4)",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("notice", initial_award_reserved),
    ),
    Rule(
        "clarification-not-essential",
        text(
            "Presiseringen endrer ikke noe vesentlig",
            "The clarification changes no essentials",
            nn="Presiseringa endrar ikkje noko vesentleg",
        ),
        "FOA § 23-9(2)",
        (PROCUREMENT_LEAD, LEGAL),
        _essence_kept("tender-clarification"),
    ),
    Rule(
        "commitments-not-essential",
        text(
            "Bekreftelsen endrer ikke noe vesentlig",
            "The confirmation changes no essentials",
            nn="Stadfestinga endrar ikkje noko vesentleg",
        ),
        "FOA § 23-9(3)",
        (PROCUREMENT_LEAD, LEGAL),
        _essence_kept("commitments"),
    ),
)
