"""What the options are called that checks speak of, as the forms that ship call them."""

from collections.abc import Mapping
from typing import Final

from engine.procurement.text import Text, same, text

OPTIONS: Final[Mapping[tuple[str, str], Mapping[str, Text]]] = {
    ("phase-review", "recommendation"): {
        "go": text("Gå videre", "Go", nn="Gå vidare"),
        "go_with_change": text(
            "Videre med endret plan", "Go with a changed plan", nn="Vidare med endra plan"
        ),
        "terminate": text("Avslutt", "Terminate", nn="Avslutt"),
    },
    ("procurement-documents", "env_route"): {
        "quality-nor-env-criteria": text(
            "Vektet eller prioritert tildelingskriterium",
            "Weighted or ranked award criterion",
            nn="Vekta eller prioritert tildelingskriterium",
        ),
        "quality-nor-env-spec": text(
            "Krav i kravspesifikasjonen",
            "Requirement in the specification",
            nn="Krav i kravspesifikasjonen",
        ),
        "quality-nor-env-exempt-insignificant": text(
            "Unntak: uvesentlig klimaavtrykk",
            "Exemption: insignificant footprint",
            nn="Unntak: uvesentleg klimaavtrykk",
        ),
        "quality-nor-env-exempt-critical-interest": text(
            "Unntak: tungtveiende hensyn",
            "Exemption: critical interest",
            nn="Unntak: tungtvegande omsyn",
        ),
        "quality-nor-env-exempt-national-minimum": text(
            "Unntak: nasjonale minstekrav",
            "Exemption: national minimum requirements",
            nn="Unntak: nasjonale minstekrav",
        ),
    },
    ("research-closing", "advice"): {
        "new-procurement": text("Ny anskaffelse", "New procurement", nn="Ny anskaffing"),
        "none": text("Ikke kjøp", "No purchase", nn="Ikkje kjøp"),
    },
    ("procedure-choice", "result"): {
        "innovation-partnership": text(
            "Innovasjonspartnerskap", "Innovation partnership", nn="Innovasjonspartnerskap"
        ),
        "competitive-dialogue": text(
            "Konkurransepreget dialog", "Competitive dialogue", nn="Konkurranseprega dialog"
        ),
        "negotiated": text(
            "Konkurranse med forhandling",
            "Competitive procedure with negotiation",
            nn="Konkurranse med forhandling",
        ),
        "pre-commercial": text(
            "Førkommersiell anskaffelse",
            "Pre-commercial procurement",
            nn="Førkommersiell anskaffing",
        ),
        "design-contest": text(
            "Plan- og designkonkurranse", "Design contest", nn="Plan- og designkonkurranse"
        ),
        "open": text("Åpen anbudskonkurranse", "Open procedure", nn="Open anbodskonkurranse"),
        "restricted": text(
            "Begrenset anbudskonkurranse", "Restricted procedure", nn="Avgrensa anbodskonkurranse"
        ),
        "stop": text("Ingen anskaffelse", "No procurement", nn="Ingen anskaffing"),
    },
    ("procedure-choice", "ground"): {
        "none": text("Ikke nødvendig", "None needed", nn="Ikkje nødvendig"),
        "26-4-a-i": text(
            "Behovet kan ikke dekkes uten å tilpasse løsninger i markedet",
            "The need cannot be met without adapting available solutions",
            nn="Behovet kan ikkje bli dekt utan å tilpasse løysingar i marknaden",
        ),
        "26-4-a-ii": text(
            "Design eller innovative løsninger",
            "Design or innovative solutions",
            nn="Design eller innovative løysingar",
        ),
        "26-4-a-iii": text(
            "Særlige forhold: art, kompleksitet, rettslig eller finansiell oppbygning, risiko",
            "Particular circumstances: nature, complexity, legal or financial make-up, risk",
            nn="Særlege forhold: art, kompleksitet, rettsleg eller finansiell oppbygging, risiko",
        ),
        "26-4-a-iv": text(
            "Spesifikasjonen kan ikke fastsettes nøyaktig nok",
            "The specification cannot be set with sufficient precision",
            nn="Spesifikasjonen kan ikkje bli fastsett nøyaktig nok",
        ),
        "26-4-b": text(
            "Bare ukorrekte eller uakseptable tilbud tidligere",
            "Only irregular or unacceptable tenders before",
            nn="Berre ukorrekte eller uakseptable tilbod tidlegare",
        ),
        "13-1-3": text(
            "Nyskapende løsning som ikke finnes i markedet (innovasjonspartnerskap)",
            "Innovative solution not on the market (innovation partnership)",
            nn="Nyskapende løysing som ikkje finst i marknaden (innovasjonspartnerskap)",
        ),
    },
    ("procedure-choice", "ipr_model"): {
        "supplier_keeps": text(
            "Leverandøren eier, oppdragsgiver får bruksrett",
            "The supplier owns, the buyer gets a right of use",
            nn="Leverandøren eigar, oppdragsgivar får bruksrett",
        ),
        "buyer_owns": text("Oppdragsgiver eier", "The buyer owns", nn="Oppdragsgivar eigar"),
        "shared": text("Delt", "Shared", nn="Delt"),
        "open": text("Åpen lisens", "Open licence", nn="Open lisens"),
    },
    ("contract-change", "ground"): {
        "mod-rev": text("Klar endringsklausul", "Clear review clause", nn="Klar endringsklausul"),
        "add-wss": text(
            "Nødvendige tilleggsytelser", "Necessary additions", nn="Nødvendige tilleggsytingar"
        ),
        "mod-cir": text("Uforutsette forhold", "Unforeseen circumstances", nn="Uføresette forhold"),
        "mod-repl": text(
            "Ny leverandør trer inn", "Replacement of the contractor", nn="Ny leverandør trer inn"
        ),
        "mod-nons": text("Ikke vesentlig", "Not substantial", nn="Ikkje vesentleg"),
        "mod-minv": text("Liten verdi", "Minor value", nn="Liten verdi"),
    },
    ("cancellation", "ground"): {
        "no-rece": text(
            "Ingen tilbud eller forespørsler",
            "No tenders or requests",
            nn="Ingen tilbod eller førespurnader",
        ),
        "all-rej": text("Alle tilbud avvist", "All tenders rejected", nn="Alle tilbod avvist"),
        "one-admis": text(
            "Bare ett tilbud kunne tas med",
            "Only one admissible tender",
            nn="Berre eitt tilbod kunne bli teke med",
        ),
        "ins-fund": text("Manglende midler", "Insufficient funds", nn="Manglande midlar"),
        "chan-need": text("Endret behov", "Changed need", nn="Endra behov"),
        "tch-pr-error": text(
            "Feil i grunnlag eller fremgangsmåte",
            "Technical or procedural error",
            nn="Feil i grunnlag eller framgangsmåte",
        ),
        "rev-body": text(
            "Avgjørelse i klageorgan", "Decision of a review body", nn="Avgjerd i klageorgan"
        ),
        "rev-buyer": text(
            "Oppdragsgivers omgjøring etter klage",
            "Buyer's decision after a complaint",
            nn="Oppdragsgivaren sin omgjøring etter klage",
        ),
        "no-signed": text(
            "Vinneren signerte ikke", "The winner did not sign", nn="Vinnaren signerte ikkje"
        ),
        "other": text("Annet", "Other", nn="Anna"),
    },
    ("qualification", "exclusion_checks.ground"): {
        "conviction": text("Straffedom", "Conviction", nn="Straffedom"),
        "tax": text("Skatter og avgifter", "Taxes", nn="Skattar og avgifter"),
        "insolvency": text("Konkurs eller avvikling", "Insolvency", nn="Konkurs eller avvikling"),
        "misconduct": text(
            "Alvorlig feil eller brudd",
            "Serious misconduct or breach",
            nn="Alvorleg feil eller brot",
        ),
        "conflict": text(
            "Inhabilitet som ikke kan avhjelpes",
            "Conflict of interest that cannot be remedied",
            nn="Inhabilitet som ikkje kan rettast",
        ),
        "distortion": text(
            "Fordel fra markedsdialogen som ikke kan avhjelpes",
            "Advantage from the market dialogue that cannot be remedied",
            nn="Føremon frå marknadsdialogen som ikkje kan rettast",
        ),
        "false_info": text("Gale opplysninger", "False information", nn="Gale opplysningar"),
        "late": text("Levert for sent", "Submitted late", nn="Levert for seint"),
        "other": text("Annet", "Other", nn="Anna"),
    },
}


def option(form: str, field: str, code: str) -> Text:
    """What the option is called; the code itself where the form has it under no name."""
    return OPTIONS.get((form, field), {}).get(code, same(code))
