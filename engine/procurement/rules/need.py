"""Need and mandate: what is wanted, who owns and pays for it, who takes part (IP1, IP2)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.model.actor import Impartiality
from engine.procurement.facts import Facts
from engine.procurement.impartiality import (
    ASSESSMENT,
    CLEARED,
    CONFLICT,
    DECLARATION,
    NOT_PREPARING,
    settled_outcome,
)
from engine.procurement.periods import oslo_day
from engine.procurement.reading import entries, number, said, whole
from engine.procurement.rules.rule import (
    BUDGET_OWNER,
    NEED_OWNER,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    unstated,
    with_form,
)
from engine.procurement.text import Text, kroner, listed, text

# Words that tie a need to one product; FOA § 15-1(4) asks for "or equivalent" beside such names.
PRODUCT_SIGNS = ("®", "™", "eller tilsvarende", "or equivalent")
PEOPLE_CONCERNED = frozenset({"employee", "union", "safety", "citizen", "user_org"})
CONTRIBUTORS = frozenset(
    {"employee", "union-representative", "safety-representative", "citizen", "user-organisation"}
)


def need_is_functional(_: Facts, need: Mapping[str, Any]) -> Verdict:
    wanted = said(need, "need")
    if not wanted:
        return unstated("need", {"need": text("behovet", "the need", nn="behovet")})
    signs = [sign for sign in PRODUCT_SIGNS if sign in wanted.lower()]
    if signs:
        return fails(
            f"Behovet peker på et bestemt produkt: «{', '.join(signs)}».",
            f"The need points at one product: “{', '.join(signs)}”.",
            nn=f"Behovet peiker på eit bestemt produkt: «{', '.join(signs)}».",
        )
    if need.get("functional") is not True:
        return fails(
            "Det er ikke bekreftet at behovet sier hva og ikke hvordan.",
            "Nobody has confirmed that the need says what and not how.",
            nn="Det er ikkje stadfesta at behovet seier kva og ikkje korleis.",
        )
    return holds(
        "Behovet sier hva, ikke hvordan.",
        "The need says what, not how.",
        nn="Behovet seier kva, ikkje korleis.",
    )


def effects_measurable(_: Facts, need: Mapping[str, Any]) -> Verdict:
    effects = entries(need, "effects")
    if not effects:
        return unstated("need", {"effects": text("effekter", "effects", nn="effektar")})
    vague = [
        said(effect, "effect") or str(place)
        for place, effect in enumerate(effects, start=1)
        if not (said(effect, "indicator") and said(effect, "unit") and effect.get("by"))
        or number(effect, "target") is None
    ]
    if vague:
        return fails(
            f"Disse effektene mangler indikator, mål, enhet eller dato: {listed(vague, 'nb')}.",
            f"These effects lack indicator, target, unit or date: {listed(vague, 'en')}.",
            nn=(
                f"Desse effektane manglar indikator, mål, eining eller dato: {listed(vague, 'nn')}."
            ),
        )
    return holds(
        f"{len(effects)} effekter har indikator, mål og dato.",
        f"{len(effects)} effects have an indicator, a target and a date.",
        nn=f"{len(effects)} effektar har indikator, mål og dato.",
    )


def mandate_signed(_: Facts, mandate: Mapping[str, Any]) -> Verdict:
    gaps: dict[str, Text] = {}
    if not said(mandate, "owner"):
        gaps["owner"] = text("eier", "owner", nn="eigar")
    if not said(mandate, "approved_by"):
        gaps["approved_by"] = text(
            "hvem som har godkjent", "who approved it", nn="kven som har godkjent"
        )
    if not whole(mandate, "budget_max"):
        gaps["budget_max"] = text("budsjettramme", "budget", nn="budsjettramme")
    if mandate.get("signed") is not True:
        gaps["signed"] = text("signatur", "signature", nn="signatur")
    if gaps:
        return unstated("mandate", gaps)
    approver = said(mandate, "approved_by")
    return holds(
        f"Mandatet er godkjent av {approver}.",
        f"The mandate is approved by {approver}.",
        nn=f"Mandatet er godkjent av {approver}.",
    )


def budget_covers_estimate(facts: Facts) -> Verdict:
    mandate, estimate = facts.latest("mandate"), facts.latest("estimated-value")
    if mandate is None:
        return missing("mandate")
    if estimate is None:
        return missing("estimated-value")
    budget = whole(mandate.data, "budget_max")
    development = whole(estimate.data, "rd_max")
    purchase = whole(estimate.data, "purchase_est")
    if budget is None or development is None or purchase is None:
        return fails(
            "Budsjett eller anslag mangler beløp.",
            "Budget or estimate lacks an amount.",
            nn="Budsjett eller anslag manglar beløp.",
        )
    need = development + purchase
    verdict = holds if budget >= need else fails
    return verdict(
        f"Budsjettet er {kroner(budget, 'nb')}; utvikling og kjøp er anslått til "
        f"{kroner(need, 'nb')}.",
        f"The budget is {kroner(budget, 'en')}; development and purchase are estimated at "
        f"{kroner(need, 'en')}.",
        nn=(
            f"Budsjettet er {kroner(budget, 'nn')}; utvikling og kjøp er anslått til "
            f"{kroner(need, 'nn')}."
        ),
    )


def participation_answered(facts: Facts) -> Verdict:
    plan = facts.latest("participation")
    if plan is not None and plan.data.get("waived") is True:
        reason = said(plan.data, "waive_reason")
        if reason:
            return holds(
                f"Medvirkning er fraveket: {reason}",
                f"Participation is waived: {reason}",
                nn=f"Medverknad er fråvike: {reason}",
            )
        return fails(
            "Fravik av medvirkning mangler begrunnelse.",
            "The waiver lacks a reason.",
            nn="Fråviket frå medverknad manglar grunngiving.",
        )
    inputs = Counter(said(given.data, "group") for given in facts.all("participation-input"))
    given = len(facts.contributions)
    heard = frozenset[str]().union(*(each.roles for each in facts.contributions))
    if not CONTRIBUTORS & heard and not PEOPLE_CONCERNED & inputs.keys():
        return fails(
            "Ingen innspill fra ansatte eller innbyggere er registrert.",
            "No input from employees or citizens is recorded.",
            nn="Ingen innspel frå tilsette eller innbyggjarar er registrert.",
        )
    waiting = sum(1 for each in facts.contributions if not each.used)
    unanswered = (inputs - _answers(facts)).total() + waiting
    if unanswered:
        return fails(
            f"{unanswered} innspill har ikke fått svar med begrunnelse.",
            f"{unanswered} inputs have no answer with a reason.",
            nn=f"{unanswered} innspel har ikkje fått svar med grunngiving.",
        )
    return holds(
        f"{inputs.total() + given} innspill er registrert og besvart.",
        f"{inputs.total() + given} inputs are recorded and answered.",
        nn=f"{inputs.total() + given} innspel er registrert og svara på.",
    )


def _answers(facts: Facts) -> Counter[str]:
    """How many inputs of each group were answered; an unused one needs a reason."""
    answered: Counter[str] = Counter()
    for submission in facts.all("participation-answer"):
        for answer in entries(submission.data, "answers"):
            used = said(answer, "used")
            reasoned = used == "yes" or bool(used and said(answer, "reason_if_not_used"))
            if said(answer, "response") and reasoned:
                answered[said(answer, "group")] += 1
    return answered


def impartiality_declared(facts: Facts) -> Verdict:
    return _impartiality(facts, None, 0)


def impartiality_cleared(facts: Facts) -> Verdict:
    """As declared, and again since the suppliers became known or their list last changed."""
    reported, assessed = (
        facts.all(CONFLICT),
        facts.all(ASSESSMENT),
    )
    if len(reported) > len(assessed):
        return fails(
            f"{len(reported) - len(assessed)} meldte interessekonflikter er ikke vurdert.",
            f"{len(reported) - len(assessed)} reported conflicts of interest are not assessed.",
            nn=f"{len(reported) - len(assessed)} melde interessekonfliktar er ikkje vurdert.",
        )
    known_since = _names_known_since(facts)
    if known_since is None:
        return missing("receipts")
    preparing = set(_preparing(facts))
    again = facts.names_of(
        {
            member.person
            for member in facts.members
            if member.impartiality is Impartiality.ASKED and member.person in preparing
        }
    )
    if again:
        return fails(
            f"Habilitet er ikke erklært mot dagens leverandørliste av {listed(again, 'nb')}.",
            f"Impartiality is not declared against today's list of suppliers by"
            f" {listed(again, 'en')}.",
            nn=f"Habilitet er ikkje erklært mot leverandørlista i dag av {listed(again, 'nn')}.",
        )
    return _impartiality(facts, known_since, whole(facts.variables, "supplier_list_version") or 0)


def _names_known_since(facts: Facts) -> datetime | None:
    """Since when the team knows the suppliers: in a contest since the seal of their names fell."""
    known = (*facts.all("receipts"), *facts.all("project-receipts", ""))
    return next((received.at for received in known), None)


def _impartiality(facts: Facts, since: datetime | None, supplier_list: int) -> Verdict:
    people = set(_preparing(facts))
    if not people:
        return fails(
            "Teamet har ingen medlemmer.",
            "The team has no members.",
            nn="Teamet har ingen medlemmer.",
        )
    outcomes = {
        said(declared.data, "person") or declared.by: settled_outcome(declared.data, declared.by)
        for declared in facts.all(DECLARATION)
        if (since is None or declared.at >= since)
        and (whole(declared.data, "supplier_list_version") or 0) >= supplier_list
    }
    undeclared = facts.names_of(person for person in people if not outcomes.get(person))
    if undeclared:
        return fails(
            f"Habilitet er ikke avklart for {listed(undeclared, 'nb')}.",
            f"Impartiality is not settled for {listed(undeclared, 'en')}.",
            nn=f"Habilitet er ikkje avklart for {listed(undeclared, 'nn')}.",
        )
    barred = facts.names_of(person for person in people if outcomes[person] not in CLEARED)
    if barred:
        return fails(
            f"Inhabil og fortsatt i teamet: {listed(barred, 'nb')}.",
            f"Not impartial and still in the team: {listed(barred, 'en')}.",
            nn=f"Inhabil og framleis i teamet: {listed(barred, 'nn')}.",
        )
    return holds(
        f"Habilitet er avklart for alle {len(people)} i teamet.",
        f"Impartiality is settled for all {len(people)} in the team.",
        nn=f"Habilitet er avklart for alle {len(people)} i teamet.",
    )


def _preparing(facts: Facts) -> Iterator[str]:
    """Members who prepare or decide; a deputy from the day he or she has acted."""
    deputies = any(member.deputy_for for member in facts.members)
    acted = _acted(facts) if deputies else frozenset()
    today = oslo_day(facts.now)
    for member in facts.members:
        steps_in = not member.deputy_for or member.person in acted
        if steps_in and member.active(today) and member.role not in NOT_PREPARING:
            yield member.person


def _acted(facts: Facts) -> frozenset[str]:
    submitted = (each.by for submissions in facts.submissions.values() for each in submissions)
    decided = (person for decision in facts.decisions for person in decision.by)
    return frozenset((*submitted, *decided))


def team_has_deputies(facts: Facts) -> Verdict:
    today = oslo_day(facts.now)
    active = [member for member in facts.members if member.active(today)]
    covered = {member.deputy_for for member in active if member.deputy_for}
    alone = facts.names_of(
        {
            member.person
            for member in active
            if member.role in (PROCUREMENT_LEAD, NEED_OWNER, BUDGET_OWNER)
            and not member.deputy_for
            and member.person not in covered
        }
    )
    if alone:
        return fails(
            f"Uten stedfortreder: {listed(alone, 'nb')}.",
            f"Without a deputy: {listed(alone, 'en')}.",
            nn=f"Utan stadfortredar: {listed(alone, 'nn')}.",
        )
    return holds(
        "Alle ledende roller har stedfortreder.",
        "Every leading role has a deputy.",
        nn="Alle leiande roller har stadfortredar.",
    )


RULES = (
    Rule(
        "need-is-functional",
        text(
            "Behovet sier hva, ikke hvordan",
            "The need says what, not how",
            nn="Behovet seier kva, ikkje korleis",
        ),
        "FOA § 15-1(3)",
        (NEED_OWNER,),
        with_form("need", need_is_functional),
    ),
    Rule(
        "effects-measurable",
        text("Effektene kan måles", "The effects can be measured", nn="Effektane kan målast"),
        "god praksis / good practice",
        (NEED_OWNER,),
        with_form("need", effects_measurable),
    ),
    Rule(
        "mandate-signed",
        text("Mandatet er signert", "The mandate is signed", nn="Mandatet er signert"),
        "økonomireglementet / financial regulations",
        (NEED_OWNER, BUDGET_OWNER),
        with_form("mandate", mandate_signed),
    ),
    Rule(
        "budget-covers-estimate",
        text(
            "Budsjettet dekker utvikling og kjøp",
            "The budget covers development and purchase",
            nn="Budsjettet dekkjer utvikling og kjøp",
        ),
        "FOA § 5-4(6)",
        (BUDGET_OWNER, PROCUREMENT_LEAD),
        budget_covers_estimate,
    ),
    Rule(
        "participation-answered",
        text(
            "Medvirkning er gitt og besvart",
            "Participation is given and answered",
            nn="Medverknad er gitt og svara på",
        ),
        "aml. kap. 8; hovedavtalen",
        (NEED_OWNER, PROCUREMENT_LEAD),
        participation_answered,
    ),
    Rule(
        "impartiality-declared",
        text(
            "Habilitet er erklært av alle",
            "Everyone has declared impartiality",
            nn="Habilitet er erklært av alle",
        ),
        "FOA § 7-5; forvaltningsloven § 6",
        (PROCUREMENT_LEAD, NEED_OWNER),
        impartiality_declared,
    ),
    Rule(
        "impartiality-cleared",
        text(
            "Habilitet er avklart mot de kjente leverandørene",
            "Impartiality is settled against the known suppliers",
            nn="Habilitet er avklart mot dei kjende leverandørane",
        ),
        "FOA § 7-5; forvaltningsloven § 6",
        (PROCUREMENT_LEAD, NEED_OWNER),
        impartiality_cleared,
    ),
    Rule(
        "team-has-deputies",
        text(
            "Ledende roller har stedfortreder",
            "Leading roles have a deputy",
            nn="Leiande roller har stadfortredar",
        ),
        "god praksis / good practice",
        (PROCUREMENT_LEAD,),
        team_has_deputies,
    ),
)
