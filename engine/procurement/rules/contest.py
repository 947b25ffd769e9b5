"""A design contest: its rules and notice, projects without names, winners, prizes and what follows
(DC2, DC4, DC5, DC7-DC9)."""

from collections.abc import Mapping
from typing import Any, Final

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, moment, names, said, supplier_of, whole
from engine.procurement.rules.jury import standing
from engine.procurement.rules.publication import advised_period, undated
from engine.procurement.rules.rule import (
    BUDGET_OWNER,
    LEGAL,
    NEED_OWNER,
    PROCUREMENT_LEAD,
    RECEIVING_OFFICER,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    own_form,
    pending,
    unstated,
    with_form,
)
from engine.procurement.text import Text, kroner, listed, text
from engine.procurement.time_limits import time_limit

_PERIOD: Final = "project-period-design-contest"
_LIMITED: Final = "limited"


def contest_rules_complete(_: Facts, rules: Mapping[str, Any]) -> Verdict:
    """Task, criteria, winners; who may take part where that is limited; what follows."""
    gaps: dict[str, Text] = {}
    criteria = entries(rules, "criteria")
    if not criteria or any(not said(row, "criterion") for row in criteria):
        gaps["criteria"] = text("kriteriene", "the criteria", nn="kriteria")
    if not whole(rules, "winners"):
        gaps["winners"] = text("antall vinnere", "the number of winners", nn="talet på vinnarar")
    if said(rules, "participation") == _LIMITED:
        if not entries(rules, "selection"):
            gaps["selection"] = text(
                "utvelgelseskriterier", "selection criteria", nn="utveljingskriterium"
            )
        if not whole(rules, "participants"):
            gaps["participants"] = text(
                "antall deltakere", "the number of participants", nn="talet på deltakarar"
            )
    if rules.get("qualification_required") is True and not said(rules, "qualification"):
        gaps["qualification"] = text("kvalifikasjonen", "the qualification", nn="kvalifikasjonen")
    if rules.get("follow_on") is True and not whole(rules, "contract_value"):
        gaps["contract_value"] = text(
            "verdien av kontrakten", "the value of the contract", nn="verdien av kontrakten"
        )
    if gaps:
        return unstated("contest-rules", gaps)
    return holds(
        f"{len(criteria)} kriterier, {whole(rules, 'winners')} vinnere.",
        f"{len(criteria)} criteria, {whole(rules, 'winners')} winners.",
        nn=f"{len(criteria)} kriterium, {whole(rules, 'winners')} vinnarar.",
    )


def contest_value_counted(facts: Facts, rules: Mapping[str, Any]) -> Verdict:
    """Prizes and payments, and the contract that may follow, are in the estimated value."""
    estimate = facts.latest("estimated-value")
    if estimate is None:
        return missing("estimated-value")
    promised, contract = _promised(rules), whole(rules, "contract_value") or 0
    prizes = whole(estimate.data, "prizes") or 0
    total = whole(estimate.data, "total") or 0
    follows = contract if rules.get("follow_on") is True else 0
    verdict = holds if prizes >= promised and total >= promised + follows else fails
    return verdict(
        f"Premier og betaling er {kroner(promised, 'nb')}, kontrakten {kroner(follows, 'nb')}; "
        f"anslått verdi er {kroner(total, 'nb')}, hvorav premier {kroner(prizes, 'nb')}.",
        f"Prizes and payments are {kroner(promised, 'en')}, the contract {kroner(follows, 'en')}; "
        f"the estimated value is {kroner(total, 'en')}, of which prizes {kroner(prizes, 'en')}.",
        nn=(
            f"Premiar og betaling er {kroner(promised, 'nn')}, kontrakten "
            f"{kroner(follows, 'nn')}; anslått verdi er {kroner(total, 'nn')}, der "
            f"premiar {kroner(prizes, 'nn')}."
        ),
    )


def _promised(rules: Mapping[str, Any]) -> int:
    """Øre of all prizes, and of the payment to each participant where their number is known."""
    prizes = sum(whole(row, "amount") or 0 for row in entries(rules, "prizes"))
    each = (whole(rules, "payment_each") or 0) * (whole(rules, "participants") or 0)
    return prizes + each


def contest_notice_complete(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """The criteria stand in the notice, and it says of jury and contract what the rules say."""
    rules = facts.latest("contest-rules")
    if rules is None:
        return missing("contest-rules")
    stated = {said(row, "criterion") for row in entries(notice, "criteria")}
    unsaid = [
        said(row, "criterion")
        for row in entries(rules.data, "criteria")
        if said(row, "criterion") not in stated
    ]
    if unsaid:
        return fails(
            f"Kunngjøringen sier ikke at juryen ser på {listed(unsaid, 'nb')}.",
            f"The notice does not say that the jury looks at {listed(unsaid, 'en')}.",
            nn=f"Kunngjeringa seier ikkje at juryen ser på {listed(unsaid, 'nn')}.",
        )
    for field, name in _SAME.items():
        if notice.get(field) is not rules.data.get(field):
            return fails(
                f"Kunngjøring og konkurranseregler sier ikke det samme om {name['nb']}.",
                f"Notice and contest rules do not say the same of {name['en']}.",
                "FOA § 31-2(1)",
                nn=f"Kunngjering og konkurranseregler seier ikkje det same om {name['nn']}.",
            )
    return holds(
        f"Kunngjøringen oppgir {len(stated)} kriterier.",
        f"The notice states {len(stated)}.",
        nn=f"Kunngjeringa oppgir {len(stated)} kriterium.",
    )


_SAME: Final[Mapping[str, Text]] = {
    "follow_on": text(
        "kontrakt etter konkurransen",
        "a contract after the contest",
        nn="kontrakt etter konkurransen",
    ),
    "jury_binding": text(
        "om juryen binder oppdragsgiver",
        "whether the jury binds the buyer",
        nn="om juryen bind oppdragsgivar",
    ),
}


def project_period_adequate(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """Part V sets no period; a shorter one than is advised needs its reason."""
    dispatch, deadline = (moment(notice.get(name)) for name in ("dispatch", "project_deadline"))
    if dispatch is None or deadline is None:
        return undated("contest-notice")
    limit = time_limit(_PERIOD, dispatch, facts.rules_at)
    return advised_period(limit, deadline, said(notice, "period_reason"))


def participants_by_criteria(facts: Facts) -> Verdict:
    """Those invited are chosen by the announced criteria, and enough for real competition."""
    form = own_form(facts, "participant-selection", "candidates")
    if form is None:
        return pending(facts, "participant-selection")
    rows = entries(form, "candidates")
    invited = [row for row in rows if row.get("invite") is True]
    unreasoned = [supplier_of(row) for row in rows if not said(row, "reason")]
    if unreasoned or form.get("published_only") is not True:
        return fails(
            f"Uten grunn i de kunngjorte kriteriene: {listed(unreasoned, 'nb')}.",
            f"Without a reason in the announced criteria: {listed(unreasoned, 'en')}.",
            nn=f"Utan grunn i dei kunngjorde kriteria: {listed(unreasoned, 'nn')}.",
        )
    verdict = holds if len(invited) > 1 else fails
    return verdict(
        f"{len(invited)} av {len(rows)} inviteres.",
        f"{len(invited)} of {len(rows)} are invited.",
        nn=f"{len(invited)} av {len(rows)} blir invitert.",
    )


def codes_neutral(facts: Facts) -> Verdict:
    """Each project has a code of its own that says nothing of who is behind it."""
    receipts = facts.latest("project-receipts")
    if receipts is None:
        return missing("project-receipts")
    rows = entries(receipts.data, "projects")
    codes = [said(row, "code") for row in rows]
    telling = [
        code
        for row, code in zip(rows, codes, strict=True)
        if not code or any(word and word in code.lower() for word in _telling(row))
    ]
    if telling or len(set(codes)) != len(codes) or not codes:
        return fails(
            f"Koder som går igjen, mangler eller røper noe: {listed(telling, 'nb')}.",
            f"Codes that recur, are missing or tell something: {listed(telling, 'en')}.",
            nn=f"Kodar som går igjen, manglar eller røper noko: {listed(telling, 'nn')}.",
        )
    here = {each.scope for each in facts.deliveries}
    nobody = [
        code
        for row, code in zip(rows, codes, strict=True)
        if not said(row, "id") and code not in here
    ]
    if nobody:
        return fails(
            f"Hvem som står bak, er ikke ført for {listed(nobody, 'nb')}.",
            f"Who stands behind is not registered for {listed(nobody, 'en')}.",
            nn=f"Kven som står bak, er ikkje ført for {listed(nobody, 'nn')}.",
        )
    if receipts.data.get("codes_drawn") is not True:
        return fails(
            "Kodene er ikke trukket.",
            "The codes were not drawn by lot.",
            nn="Kodane er ikkje trekt.",
        )
    return holds(
        f"{len(codes)} koder er trukket.",
        f"{len(codes)} codes were drawn.",
        nn=f"{len(codes)} kodar er trekt.",
    )


def _telling(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Words of the participant's name, and its number, that no code may hold."""
    words = [word for word in said(row, "name").lower().split() if len(word) > 2]
    return (*words, said(row, "id").lower())


def projects_anonymised(facts: Facts) -> Verdict:
    """Every project was searched for traces since it came in, and every trace was taken out.

    Says codes and never whom they stand for, since the gate is read by others than the receiver.
    """
    receipts, scan = facts.latest("project-receipts"), facts.latest("anonymity-scan")
    if receipts is None:
        return missing("project-receipts")
    if scan is None or scan.at < receipts.at:
        return missing("anonymity-scan")
    searched = {said(row, "code"): row for row in entries(scan.data, "scans")}
    wanted = names(facts.variables, "projects")
    unsearched = [
        code
        for code in wanted
        if code not in searched or searched[code].get("metadata_checked") is not True
    ]
    if unsearched or not wanted:
        return fails(
            f"Ikke gjennomsøkt: {listed(unsearched, 'nb')}.",
            f"Not searched: {listed(unsearched, 'en')}.",
            nn=f"Ikkje gjennomsøkt: {listed(unsearched, 'nn')}.",
        )
    found = [code for code in wanted if said(searched[code], "trace") not in ("", "none")]
    left = [code for code in found if searched[code].get("cleaned") is not True]
    if left:
        return fails(
            f"Spor av avsenderen er ikke fjernet fra {listed(left, 'nb')}.",
            f"Traces of the sender are not taken out of {listed(left, 'en')}.",
            nn=f"Spor av avsendaren er ikkje fjerna frå {listed(left, 'nn')}.",
        )
    return holds(
        f"{len(wanted)} prosjekter er gjennomsøkt; {len(found)} hadde spor, som er fjernet.",
        f"{len(wanted)} projects are searched; {len(found)} had traces, which are taken out.",
        nn=f"{len(wanted)} prosjekt er gjennomsøkt; {len(found)} hadde spor, som er fjerna.",
    )


def winners_within_announced(facts: Facts) -> Verdict:
    rules, decision = facts.latest("contest-rules"), own_form(facts, "contest-decision", "reasons")
    if rules is None:
        return missing("contest-rules")
    if decision is None:
        return pending(facts, "contest-decision")
    most = whole(rules.data, "winners") or 0
    winners = set(names(decision, "winners"))
    verdict = holds if len(winners) <= most else fails
    return verdict(
        f"{len(winners)} vinnere; høyst {most} er kunngjort.",
        f"{len(winners)} winners; at most {most} were announced.",
        nn=f"{len(winners)} vinnarar; høgst {most} er kunngjort.",
    )


def decision_follows_jury(facts: Facts) -> Verdict:
    """A binding jury is followed; from the advice of another the buyer departs with a reason."""
    report, decision = facts.latest("jury-report"), own_form(facts, "contest-decision", "reasons")
    rules = facts.latest("contest-rules")
    if report is None or rules is None:
        return missing("jury-report" if report is None else "contest-rules")
    if decision is None:
        return pending(facts, "contest-decision")
    codes = {supplier_of(row): said(row, "code") for row in entries(facts.variables, "entrants")}
    chosen = sorted({codes.get(winner, "") for winner in names(decision, "winners")})
    worthy = _worthy(facts, report.data)
    best = sorted(worthy[: len(chosen)] if chosen else worthy)
    if chosen == best:
        return holds(
            "Avgjørelsen er juryens.",
            "The decision is the jury's.",
            nn="Avgjerda er den juryen tok.",
        )
    reason = said(decision, "deviation_reason")
    outside = set(chosen) - standing(facts)
    if rules.data.get("jury_binding") is True or not reason or outside:
        return fails(
            f"Juryen valgte {listed(best, 'nb')}; avgjort er {listed(chosen, 'nb') or 'ingen'}.",
            f"The jury chose {listed(best, 'en')}; decided is {listed(chosen, 'en') or 'none'}.",
            nn=(
                f"Juryen valde {listed(best, 'nn')}; avgjort er {listed(chosen, 'nn') or 'ingen'}."
            ),
        )
    return holds(
        f"Juryen er rådgivende: {reason}",
        f"The jury advises: {reason}",
        nn=f"Juryen er rådgivende: {reason}",
    )


def _worthy(facts: Facts, report: Mapping[str, Any]) -> list[str]:
    """Codes the jury found worthy of winning, the best first, of those still in the contest."""
    left = standing(facts)
    ranked = sorted(
        (whole(row, "rank") or 0, said(row, "code"))
        for row in entries(report, "ranking")
        if row.get("worthy") is True and said(row, "code") in left
    )
    return [code for _, code in ranked]


def prizes_as_announced(facts: Facts) -> Verdict:
    """Prizes to the winners and payment to participants, as the rules promised."""
    rules, payment = facts.latest("contest-rules"), own_form(facts, "prize-payment", "payments")
    if rules is None:
        return missing("contest-rules")
    if payment is None:
        return pending(facts, "prize-payment")
    paid = sum(whole(row, "amount") or 0 for row in entries(payment, "payments"))
    winners = names(facts.variables, "winners")
    prizes = sum(
        whole(row, "amount") or 0
        for row in entries(rules.data, "prizes")
        if (whole(row, "place") or 0) <= len(winners)
    )
    count = len(entries(facts.variables, "entrants"))
    due = prizes + (whole(rules.data, "payment_each") or 0) * count
    verdict = holds if paid == due else fails
    return verdict(
        f"{kroner(paid, 'nb')} betales; konkurransereglene gir {kroner(due, 'nb')}.",
        f"{kroner(paid, 'en')} is paid; the contest rules give {kroner(due, 'en')}.",
        nn=f"{kroner(paid, 'nn')} blir betalt; konkurransereglane gir {kroner(due, 'nn')}.",
    )


def follow_on_announced(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """A service contract without a new notice only where the contest's own notice spoke of it."""
    winners = len(names(facts.variables, "winners"))
    if notice.get("follow_on") is not True:
        return fails(
            "Kunngjøringen sier ikke at en kontrakt kan følge.",
            "The notice does not say that a contract may follow.",
            "FOA § 31-2(1)",
            nn="Kunngjeringa seier ikkje at ein kontrakt kan følgje.",
        )
    verdict = holds if winners else fails
    return verdict(
        f"Kunngjort, og {winners} vinnere.",
        f"Announced, and {winners} winners.",
        "FOA § 13-4 g" if winners == 1 else "FOA § 13-3 d",
        nn=f"Kunngjort, og {winners} vinnarar.",
    )


def all_winners_invited(facts: Facts) -> Verdict:
    """All winners are invited to negotiate, and each was met."""
    winners = names(facts.variables, "winners")
    invitation = facts.latest("follow-on-invitation")
    if invitation is None:
        return missing("follow-on-invitation")
    met = {each.scope for each in facts.all("meeting-minutes") if each.at > invitation.at}
    unmet = facts.firms_of(winner for winner in winners if winner not in met)
    if unmet or not winners:
        return fails(
            f"Ikke forhandlet med {listed(unmet, 'nb')}.",
            f"Not negotiated with {listed(unmet, 'en')}.",
            nn=f"Ikkje forhandla med {listed(unmet, 'nn')}.",
        )
    return holds(
        f"Forhandlet med alle {len(winners)} vinnere.",
        f"Negotiated with all {len(winners)} winners.",
        nn=f"Forhandla med alle {len(winners)} vinnarar.",
    )


def contract_with_winner(facts: Facts) -> Verdict:
    decision = own_form(facts, "follow-on-decision", "chosen")
    if decision is None:
        return pending(facts, "follow-on-decision")
    chosen, winners = said(decision, "chosen"), names(facts.variables, "winners")
    if chosen not in winners or not said(decision, "reasons"):
        return fails(
            f"{chosen or 'Ingen'} er ikke en av vinnerne, eller grunnen mangler.",
            f"{chosen or 'Nobody'} is not one of the winners, or the reason is missing.",
            nn=f"{chosen or 'Ingen'} er ikkje ein av vinnarane, eller grunnen manglar.",
        )
    return holds(f"Valgt: {chosen}", f"Chosen: {chosen}", nn=f"Vald: {chosen}")


RULES = (
    Rule(
        "contest-rules-complete",
        text(
            "Konkurransereglene er fullstendige",
            "The contest rules are complete",
            nn="Konkurransereglane er fullstendige",
        ),
        "FOA § 31-3(2)-(3)",
        (PROCUREMENT_LEAD,),
        with_form("contest-rules", contest_rules_complete),
    ),
    Rule(
        "contest-value-counted",
        text(
            "Premier og kontrakt er med i verdien",
            "Prizes and contract are in the value",
            nn="Premiar og kontrakt er med i verdien",
        ),
        "FOA § 5-4(13)",
        (PROCUREMENT_LEAD,),
        with_form("contest-rules", contest_value_counted),
    ),
    Rule(
        "contest-notice-complete",
        text(
            "Kunngjøringen sier det den skal",
            "The notice says what it must",
            nn="Kunngjeringa seier det den skal",
        ),
        "FOA § 31-3(3)",
        (PROCUREMENT_LEAD,),
        with_form("contest-notice", contest_notice_complete),
    ),
    Rule(
        "project-period-adequate",
        text(
            "Fristen er lang nok for oppgaven",
            "The period is adequate for the task",
            nn="Fristen er lang nok for oppgåva",
        ),
        "god praksis / good practice",
        (PROCUREMENT_LEAD,),
        with_form("contest-notice", project_period_adequate),
    ),
    Rule(
        "participants-by-criteria",
        text(
            "Deltakerne er valgt etter kriteriene",
            "Participants are chosen by the criteria",
            nn="Deltakarane er valde etter kriteria",
        ),
        "FOA § 31-3(2)",
        (PROCUREMENT_LEAD,),
        participants_by_criteria,
    ),
    Rule(
        "codes-neutral",
        text("Kodene røper ingen", "The codes give nobody away", nn="Kodane røper ingen"),
        "FOA § 31-4(3)",
        (RECEIVING_OFFICER,),
        codes_neutral,
    ),
    Rule(
        "projects-anonymised",
        text("Prosjektene er anonyme", "The projects are anonymous", nn="Prosjekta er anonyme"),
        "FOA § 31-4(3)",
        (RECEIVING_OFFICER,),
        projects_anonymised,
    ),
    Rule(
        "winners-within-announced",
        text(
            "Antall vinnere er som kunngjort",
            "As many winners as announced",
            nn="Talet på vinnarar er som kunngjort",
        ),
        "FOA § 31-1",
        (NEED_OWNER,),
        winners_within_announced,
    ),
    Rule(
        "decision-follows-jury",
        text(
            "Avgjørelsen følger juryen",
            "The decision follows the jury",
            nn="Avgjerda følgjer juryen",
        ),
        "FOA § 31-1, § 31-4",
        (NEED_OWNER, PROCUREMENT_LEAD),
        decision_follows_jury,
    ),
    Rule(
        "prizes-as-announced",
        text(
            "Premiene er som kunngjort", "Prizes are as announced", nn="Premiane er som kunngjort"
        ),
        "FOA § 31-1",
        (NEED_OWNER, BUDGET_OWNER),
        prizes_as_announced,
    ),
    Rule(
        "follow-on-announced",
        text("Kontrakten er kunngjort", "The contract was announced", nn="Kontrakten er kunngjort"),
        "FOA § 31-2(1)",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("contest-notice", follow_on_announced),
    ),
    Rule(
        "all-winners-invited",
        text(
            "Alle vinnerne er med i forhandlingene",
            "All winners are in the negotiation",
            nn="Alle vinnarane er med i forhandlingane",
        ),
        "FOA § 13-3 d",
        (PROCUREMENT_LEAD,),
        all_winners_invited,
    ),
    Rule(
        "contract-with-winner",
        text(
            "Kontrakten går til en vinner",
            "The contract goes to a winner",
            nn="Kontrakten går til ein vinnar",
        ),
        "FOA § 13-3 d, § 13-4 g",
        (BUDGET_OWNER, PROCUREMENT_LEAD),
        contract_with_winner,
    ),
)
