"""What a rule of a gate is, and the words its checks share."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import EngineError
from engine.procurement.facts import CheckResult, Facts
from engine.procurement.text import Text, text

PROCUREMENT_LEAD: Final = "procurement-lead"
NEED_OWNER: Final = "need-owner"
BUDGET_OWNER: Final = "budget-owner"
LEGAL: Final = "legal"
SUBJECT_EXPERT: Final = "subject-expert"
EVALUATOR: Final = "evaluator"
QUALITY_ASSURER: Final = "quality-assurer"
RECEIVING_OFFICER: Final = "receiving-officer"

INNOVATION_PARTNERSHIP: Final = "innovation-partnership"
COMPETITIVE_DIALOGUE: Final = "competitive-dialogue"
NEGOTIATED: Final = "negotiated"
OPEN: Final = "open"
PRE_COMMERCIAL: Final = "pre-commercial"
DESIGN_CONTEST: Final = "design-contest"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a check holds and the fact it rests on; `citation` where it is not the rule's own."""

    holds: bool
    fact: Text
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of a gate: a pure function over facts, with its name, source and who can mend it."""

    id: str
    title: Text
    citation: str
    who_can_mend: tuple[str, ...]
    judge: Callable[[Facts], Verdict]

    def function(self, facts: Facts) -> CheckResult:
        """The check's answer. Never raises: dates and rules that cannot be used make it fail."""
        try:
            verdict = self.judge(facts)
        except EngineError as error:
            verdict = fails(f"Kan ikke avgjøres: {error}", f"Cannot be decided: {error}")
        return CheckResult(
            rule=self.id,
            holds=verdict.holds,
            fact=verdict.fact,
            who_can_mend=self.who_can_mend,
            citation=_as_it_binds(verdict.citation or self.citation, facts.procedure),
        )


def _as_it_binds(citation: str, procedure: str) -> str:
    """What act and regulation say is followed of free will where they do not apply."""
    if procedure != PRE_COMMERCIAL or not citation.startswith(("FOA", "LOA")):
        return citation
    if "§ 2-5" in citation:
        return citation
    return f"{citation} (frivillig / voluntary: FOA § 2-5)"


def holds(nb: str, en: str, citation: str = "") -> Verdict:
    return Verdict(True, text(nb, en), citation)


def fails(nb: str, en: str, citation: str = "") -> Verdict:
    return Verdict(False, text(nb, en), citation)


def missing(form: str) -> Verdict:
    """The check fails because a form has not been submitted; the text names it."""
    title = FORM_TITLES.get(form, text(form, form))
    return fails(
        f"Skjemaet «{title['nb']}» ({form}) er ikke levert.",
        f"The form “{title['en']}” ({form}) has not been submitted.",
    )


def unstated(form: str, gaps: Mapping[str, Text]) -> Verdict:
    """The check fails because fields of `form` are empty; `gaps` names them."""
    title = FORM_TITLES.get(form, text(form, form))
    return fails(
        f"I skjemaet «{title['nb']}» mangler: {', '.join(gap['nb'] for gap in gaps.values())}.",
        f"The form “{title['en']}” lacks: {', '.join(gap['en'] for gap in gaps.values())}.",
    )


def with_form(
    form: str, judge: Callable[[Facts, Mapping[str, Any]], Verdict]
) -> Callable[[Facts], Verdict]:
    """A check on the newest submission of `form` in the branch, which fails where there is none."""

    def check(facts: Facts) -> Verdict:
        submission = facts.of_branch(form)
        return missing(form) if submission is None else judge(facts, submission.data)

    return check


def only_for(
    procedures: Collection[str], judge: Callable[[Facts], Verdict]
) -> Callable[[Facts], Verdict]:
    """A check that the law asks of some procedures only; in others it holds and says so."""

    def check(facts: Facts) -> Verdict:
        if facts.procedure in procedures:
            return judge(facts)
        return holds(
            "Kravet gjelder ikke for denne prosedyren.",
            "The requirement does not apply to this procedure.",
        )

    return check


def own_form(facts: Facts, form: str, *fields: str) -> Mapping[str, Any] | None:
    """The gate's own form: the draft where it has one of `fields`, else what was submitted last."""
    if facts.draft is not None and any(field in facts.draft for field in fields):
        return facts.draft
    submission = facts.of_branch(form)
    return None if submission is None else submission.data


def pending(facts: Facts, form: str) -> Verdict:
    """The gate's own form is not there: still to come while looked at, missing once submitted."""
    if facts.draft is not None:
        return missing(form)
    return holds(
        "Kontrolleres når skjemaet på porten sendes inn.",
        "Checked when the gate's form is submitted.",
    )


FORM_TITLES: Mapping[str, Text] = {
    "need": text("Behov", "Need"),
    "participation": text("Plan for medvirkning", "Participation plan"),
    "participation-input": text("Innspill", "Input"),
    "participation-answer": text("Svar på innspill", "Answers to input"),
    "mandate": text("Mandat", "Mandate"),
    "estimated-value": text("Anslått verdi", "Estimated value"),
    "meeting-minutes": text("Møtereferat", "Meeting minutes"),
    "shared-information": text("Informasjon til alle", "Information to all"),
    "planning-notice": text("Veiledende kunngjøring", "Planning notice"),
    "dialogue-conference": text("Dialogkonferanse", "Dialogue conference"),
    "meeting-draw": text("Trekning av møter", "Draw of meetings"),
    "hearing-answers": text("Svar på høringen", "Answers to the hearing"),
    "level-field": text("Utjevning etter dialogen", "Levelling after the dialogue"),
    "market-report": text("Markedsrapport", "Market report"),
    "procedure-choice": text("Valg av prosedyre", "Choice of procedure"),
    "impartiality": text("Habilitetserklæring", "Impartiality declaration"),
    "procurement-documents": text("Konkurransegrunnlag", "Procurement documents"),
    "phase-plan": text("Faseplan", "Phase plan"),
    "round-plan": text("Rundeplan", "Round plan"),
    "notice": text("Kunngjøring", "Notice"),
    "receipts": text("Mottatte leveringer", "Submissions received"),
    "opening-record": text("Åpningsprotokoll", "Opening record"),
    "qualification": text("Kvalifikasjonsvurdering", "Qualification"),
    "selection": text("Utvelgelse", "Selection"),
    "invitation": text("Invitasjon", "Invitation"),
    "final-invitation": text("Invitasjon til endelig tilbud", "Invitation to final tenders"),
    "individual-score": text("Individuell poenggivning", "Individual scores"),
    "consensus": text("Omforent vurdering", "Consensus"),
    "low-tender": text("Spørsmål om lavt tilbud", "Low-tender inquiry"),
    "award": text("Tildeling", "Award"),
    "award-letter": text("Tildelingsbrev", "Award letter"),
    "contract": text("Kontrakt", "Contract"),
    "final-evidence": text("Endelig dokumentasjon", "Final evidence"),
    "phase-review": text("Fasegjennomgang", "Phase review"),
    "payment": text("Betaling", "Payment"),
    "purchase-assessment": text("Kjøpsvurdering", "Purchase assessment"),
    "verification": text("Verifisering", "Verification"),
    "purchase-decision": text("Kjøpsbeslutning", "Purchase decision"),
    "phase-plan-partner": text("Faseplan for leverandøren", "The supplier's phase plan"),
    "work-environment": text("Vurdering av arbeidsmiljø", "Work environment assessment"),
    "late-submission": text("Levering med avvik", "Irregular submission"),
    "low-tender-reply": text("Svar om lavt tilbud", "Reply on a low tender"),
    "round-review": text("Gjennomgang av runden", "Review of the round"),
    "elimination": text("Kutt etter kriteriene", "Elimination"),
    "change-decision": text("Beslutning om endring", "Decision on a change"),
    "amendment": text("Endring", "Amendment"),
    "publication": text("Publisering", "Publication"),
    "contract-change": text("Kontraktsendring", "Contract change"),
    "benefit": text("Gevinst", "Benefit"),
    "cancellation": text("Avlysning", "Cancellation"),
    "solution": text("Løsning i dialogen", "Solution in the dialogue"),
    "minutes-confirmation": text("Bekreftelse av referat", "Confirmation of minutes"),
    "dialogue-decision": text("Avgjørelse etter dialogrunden", "Decision after the dialogue round"),
    "tender-clarification": text("Presisering av tilbudet", "Clarification of the tender"),
    "commitments": text("Bekreftelse av forpliktelser", "Confirmation of commitments"),
    "letter-bounce": text("Brev i retur", "Bounced letter"),
    "prior-involvement": text("Tidligere medvirkning", "Prior involvement"),
    "access-assessment": text("Vurdering av innsyn", "Assessment of access"),
    "secrecy-marks": text("Merkede hemmeligheter", "Marked secrets"),
    "secrecy-decision": text("Avgjørelse om hemmeligheter", "Decision on secrets"),
    "confidentiality-breach": text("Brudd på fortrolighet", "Breach of confidentiality"),
    "breach-containment": text("Stans av bruddet", "Containment of the breach"),
    "breach-notification": text("Melding om bruddet", "Notification of the breach"),
    "breach-assessment": text("Vurdering av bruddet", "Assessment of the breach"),
    "participant-payment": text("Betaling til deltaker", "Payment to a participant"),
    "contest-rules": text("Konkurranseregler", "Contest rules"),
    "jury-proposal": text("Forslag til jury", "Proposed jury"),
    "contest-notice": text("Kunngjøring av konkurransen", "Contest notice"),
    "participant-selection": text("Utvelgelse av deltakere", "Selection of participants"),
    "project-receipts": text("Mottatte prosjekter", "Projects received"),
    "anonymity-scan": text("Søk etter spor", "Search for traces"),
    "jury-discussion": text("Juryens drøfting", "Discussion of the jury"),
    "jury-report": text("Juryens protokoll", "Record of the jury"),
    "anonymity-assessment": text("Vurdering av anonymiteten", "Assessment of the anonymity"),
    "contest-decision": text("Avgjørelse av konkurransen", "Decision of the contest"),
    "prize-payment": text("Betaling av premier", "Payment of prizes"),
    "follow-on-invitation": text("Invitasjon til vinnerne", "Invitation to the winners"),
    "follow-on-decision": text("Valg av kontraktspart", "Choice of the contractor"),
    "exemption-test": text("Prøving av unntaket", "Exemption test"),
    "research-terms": text("Vilkår for forskning og utvikling", "Research terms"),
    "phase-evaluation": text("Evaluering av fasen", "Evaluation of the phase"),
    "call-off": text("Avrop", "Call-off"),
    "research-closing": text("Vurdering ved avslutning", "Closing assessment"),
    "learning-report": text("Læringsrapport", "Learning report"),
    "levelling-pack": text("Informasjonspakke", "Information pack"),
}
