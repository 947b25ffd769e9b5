"""What a rule of a gate is, and the words its checks share."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import EngineError
from engine.procurement.facts import CheckResult, Facts
from engine.procurement.text import Text, same, text

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
            verdict = fails(
                f"Kan ikke avgjøres: {error}",
                f"Cannot be decided: {error}",
                nn=f"Kan ikkje avgjerast: {error}",
            )
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


def holds(nb: str, en: str, citation: str = "", *, nn: str) -> Verdict:
    return Verdict(True, text(nb, en, nn=nn), citation)


def fails(nb: str, en: str, citation: str = "", *, nn: str) -> Verdict:
    return Verdict(False, text(nb, en, nn=nn), citation)


def missing(form: str) -> Verdict:
    """The check fails because a form has not been submitted; the text names it."""
    title = FORM_TITLES.get(form, same(form))
    return fails(
        f"Skjemaet «{title['nb']}» ({form}) er ikke levert.",
        f"The form “{title['en']}” ({form}) has not been submitted.",
        nn=f"Skjemaet «{title['nn']}» ({form}) er ikkje levert.",
    )


def unstated(form: str, gaps: Mapping[str, Text]) -> Verdict:
    """The check fails because fields of `form` are empty; `gaps` names them."""
    title = FORM_TITLES.get(form, same(form))
    return fails(
        f"I skjemaet «{title['nb']}» mangler: {', '.join(gap['nb'] for gap in gaps.values())}.",
        f"The form “{title['en']}” lacks: {', '.join(gap['en'] for gap in gaps.values())}.",
        nn=(
            f"I skjemaet «{title['nn']}» manglar: {', '.join(gap['nn'] for gap in gaps.values())}."
        ),
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
            nn="Kravet gjeld ikkje for denne prosedyren.",
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
        nn="Blir kontrollert når skjemaet på porten blir sendt inn.",
    )


FORM_TITLES: Mapping[str, Text] = {
    "need": text("Behov", "Need", nn="Behov"),
    "participation": text("Plan for medvirkning", "Participation plan", nn="Plan for medverknad"),
    "participation-input": text("Innspill", "Input", nn="Innspel"),
    "participation-answer": text("Svar på innspill", "Answers to input", nn="Svar på innspel"),
    "mandate": text("Mandat", "Mandate", nn="Mandat"),
    "estimated-value": text("Anslått verdi", "Estimated value", nn="Anslått verdi"),
    "meeting-minutes": text("Møtereferat", "Meeting minutes", nn="Møtereferat"),
    "shared-information": text(
        "Informasjon til alle", "Information to all", nn="Informasjon til alle"
    ),
    "planning-notice": text(
        "Veiledende kunngjøring", "Planning notice", nn="Rettleiande kunngjering"
    ),
    "dialogue-conference": text("Dialogkonferanse", "Dialogue conference", nn="Dialogkonferanse"),
    "meeting-draw": text("Trekning av møter", "Draw of meetings", nn="Trekking av møte"),
    "hearing-answers": text("Svar på høringen", "Answers to the hearing", nn="Svar på høyringa"),
    "level-field": text(
        "Utjevning etter dialogen", "Levelling after the dialogue", nn="Utjamning etter dialogen"
    ),
    "market-report": text("Markedsrapport", "Market report", nn="Marknadsrapport"),
    "procedure-choice": text("Valg av prosedyre", "Choice of procedure", nn="Val av prosedyre"),
    "impartiality": text(
        "Habilitetserklæring", "Impartiality declaration", nn="Habilitetserklæring"
    ),
    "procurement-documents": text(
        "Konkurransegrunnlag", "Procurement documents", nn="Konkurransegrunnlag"
    ),
    "phase-plan": text("Faseplan", "Phase plan", nn="Faseplan"),
    "round-plan": text("Rundeplan", "Round plan", nn="Rundeplan"),
    "notice": text("Kunngjøring", "Notice", nn="Kunngjering"),
    "receipts": text("Mottatte leveringer", "Submissions received", nn="Mottekne leveringar"),
    "opening-record": text("Åpningsprotokoll", "Opening record", nn="Opningsprotokoll"),
    "qualification": text("Kvalifikasjonsvurdering", "Qualification", nn="Kvalifikasjonsvurdering"),
    "selection": text("Utvelgelse", "Selection", nn="Utveljing"),
    "invitation": text("Invitasjon", "Invitation", nn="Invitasjon"),
    "final-invitation": text(
        "Invitasjon til endelig tilbud",
        "Invitation to final tenders",
        nn="Invitasjon til endeleg tilbod",
    ),
    "individual-score": text(
        "Individuell poenggivning", "Individual scores", nn="Individuell poenggiving"
    ),
    "consensus": text("Omforent vurdering", "Consensus", nn="Samla vurdering"),
    "low-tender": text(
        "Spørsmål om lavt tilbud", "Low-tender inquiry", nn="Spørsmål om lågt tilbod"
    ),
    "award": text("Tildeling", "Award", nn="Tildeling"),
    "award-letter": text("Tildelingsbrev", "Award letter", nn="Tildelingsbrev"),
    "contract": text("Kontrakt", "Contract", nn="Kontrakt"),
    "final-evidence": text("Endelig dokumentasjon", "Final evidence", nn="Endeleg dokumentasjon"),
    "phase-review": text("Fasegjennomgang", "Phase review", nn="Fasegjennomgang"),
    "payment": text("Betaling", "Payment", nn="Betaling"),
    "purchase-assessment": text("Kjøpsvurdering", "Purchase assessment", nn="Kjøpsvurdering"),
    "verification": text("Verifisering", "Verification", nn="Verifisering"),
    "purchase-decision": text("Kjøpsbeslutning", "Purchase decision", nn="Kjøpsavgjerd"),
    "phase-plan-partner": text(
        "Faseplan for leverandøren", "The supplier's phase plan", nn="Faseplan for leverandøren"
    ),
    "work-environment": text(
        "Vurdering av arbeidsmiljø", "Work environment assessment", nn="Vurdering av arbeidsmiljø"
    ),
    "late-submission": text("Levering med avvik", "Irregular submission", nn="Levering med avvik"),
    "low-tender-reply": text(
        "Svar om lavt tilbud", "Reply on a low tender", nn="Svar om lågt tilbod"
    ),
    "round-review": text(
        "Gjennomgang av runden", "Review of the round", nn="Gjennomgang av runden"
    ),
    "elimination": text("Kutt etter kriteriene", "Elimination", nn="Kutt etter kriteria"),
    "change-decision": text(
        "Beslutning om endring", "Decision on a change", nn="Avgjerd om endring"
    ),
    "amendment": text("Endring", "Amendment", nn="Endring"),
    "publication": text("Publisering", "Publication", nn="Publisering"),
    "contract-change": text("Kontraktsendring", "Contract change", nn="Kontraktsendring"),
    "benefit": text("Gevinst", "Benefit", nn="Gevinst"),
    "cancellation": text("Avlysning", "Cancellation", nn="Avlysing"),
    "solution": text("Løsning i dialogen", "Solution in the dialogue", nn="Løysing i dialogen"),
    "minutes-confirmation": text(
        "Bekreftelse av referat", "Confirmation of minutes", nn="Stadfesting av referat"
    ),
    "dialogue-decision": text(
        "Avgjørelse etter dialogrunden",
        "Decision after the dialogue round",
        nn="Avgjerd etter dialogrunden",
    ),
    "tender-clarification": text(
        "Presisering av tilbudet", "Clarification of the tender", nn="Presisering av tilbodet"
    ),
    "commitments": text(
        "Bekreftelse av forpliktelser", "Confirmation of commitments", nn="Stadfesting av plikter"
    ),
    "letter-bounce": text("Brev i retur", "Bounced letter", nn="Brev i retur"),
    "prior-involvement": text(
        "Tidligere medvirkning", "Prior involvement", nn="Tidlegare medverknad"
    ),
    "access-assessment": text(
        "Vurdering av innsyn", "Assessment of access", nn="Vurdering av innsyn"
    ),
    "secrecy-marks": text("Merkede hemmeligheter", "Marked secrets", nn="Merkte løyndomar"),
    "secrecy-decision": text(
        "Avgjørelse om hemmeligheter", "Decision on secrets", nn="Avgjerd om løyndomar"
    ),
    "confidentiality-breach": text(
        "Brudd på fortrolighet", "Breach of confidentiality", nn="Brot på teieplikt"
    ),
    "breach-containment": text(
        "Stans av bruddet", "Containment of the breach", nn="Stans av brotet"
    ),
    "breach-notification": text(
        "Melding om bruddet", "Notification of the breach", nn="Melding om brotet"
    ),
    "breach-assessment": text(
        "Vurdering av bruddet", "Assessment of the breach", nn="Vurdering av brotet"
    ),
    "participant-payment": text(
        "Betaling til deltaker", "Payment to a participant", nn="Betaling til deltakar"
    ),
    "contest-rules": text("Konkurranseregler", "Contest rules", nn="Konkurranseregler"),
    "jury-proposal": text("Forslag til jury", "Proposed jury", nn="Forslag til jury"),
    "contest-notice": text(
        "Kunngjøring av konkurransen", "Contest notice", nn="Kunngjering av konkurransen"
    ),
    "participant-selection": text(
        "Utvelgelse av deltakere", "Selection of participants", nn="Utveljing av deltakarar"
    ),
    "project-receipts": text("Mottatte prosjekter", "Projects received", nn="Mottekne prosjekt"),
    "anonymity-scan": text("Søk etter spor", "Search for traces", nn="Søk etter spor"),
    "jury-discussion": text("Juryens drøfting", "Discussion of the jury", nn="Drøftinga i juryen"),
    "jury-report": text("Juryens protokoll", "Record of the jury", nn="Protokollen til juryen"),
    "anonymity-assessment": text(
        "Vurdering av anonymiteten", "Assessment of the anonymity", nn="Vurdering av anonymiteten"
    ),
    "contest-decision": text(
        "Avgjørelse av konkurransen", "Decision of the contest", nn="Avgjerd av konkurransen"
    ),
    "prize-payment": text("Betaling av premier", "Payment of prizes", nn="Betaling av premiar"),
    "follow-on-invitation": text(
        "Invitasjon til vinnerne", "Invitation to the winners", nn="Invitasjon til vinnarane"
    ),
    "follow-on-decision": text(
        "Valg av kontraktspart", "Choice of the contractor", nn="Val av kontraktspart"
    ),
    "exemption-test": text("Prøving av unntaket", "Exemption test", nn="Prøving av unntaket"),
    "research-terms": text(
        "Vilkår for forskning og utvikling", "Research terms", nn="Vilkår for forsking og utvikling"
    ),
    "phase-evaluation": text(
        "Evaluering av fasen", "Evaluation of the phase", nn="Evaluering av fasen"
    ),
    "call-off": text("Avrop", "Call-off", nn="Avrop"),
    "research-closing": text(
        "Vurdering ved avslutning", "Closing assessment", nn="Vurdering ved avslutning"
    ),
    "learning-report": text("Læringsrapport", "Learning report", nn="Læringsrapport"),
    "levelling-pack": text("Informasjonspakke", "Information pack", nn="Informasjonspakke"),
}
