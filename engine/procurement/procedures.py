"""Procedures, parts of the rules and grounds by name, as a lead meets them in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.procurement.text import Text, text

REGIMES: Final[Mapping[str, Text]] = {
    "below_law": text(
        "Under lovens nedre grense", "Below the scope of the act", nn="Under lova si nedre grense"
    ),
    "part1": text(
        "Loven og forskriften del I",
        "The act and Part I of the regulation",
        nn="Lova og forskrifta del I",
    ),
    "part2": text(
        "Forskriften del I og II", "Parts I and II of the regulation", nn="Forskrifta del I og II"
    ),
    "part3": text(
        "Forskriften del I og III",
        "Parts I and III of the regulation",
        nn="Forskrifta del I og III",
    ),
    "part4": text(
        "Forskriften del I og IV", "Parts I and IV of the regulation", nn="Forskrifta del I og IV"
    ),
}


@dataclass(frozen=True, slots=True)
class Procedure:
    """`regimes` are those that can lead to it; `needs` says when the answers do."""

    title: Text
    regimes: tuple[str, ...]
    needs: Text
    advice: Text


_NONE: Final = text("", "", nn="")
_NEGOTIATED_NEEDS: Final = text(
    "Krever ett av fire grunnlag: løsninger må tilpasses, design eller nyskaping, særlige forhold "
    "eller at en nøyaktig spesifikasjon ikke er mulig; eller en tidligere konkurranse med bare "
    "ukorrekte eller uakseptable tilbud. Svarene gir ingen av dem.",
    "Needs one of four grounds: solutions must be adapted, design or innovation, particular "
    "circumstances, or no sufficiently precise specification; or an earlier competition with only "
    "irregular or unacceptable tenders. The answers give none of them.",
    nn=(
        "Krev eitt av fire grunnlag: løysingar må tilpassast, design eller "
        "nyskaping, særlege forhold eller at ein nøyaktig spesifikasjon ikkje er "
        "mogleg; eller ein tidlegare konkurranse med berre ukorrekte eller "
        "uakseptable tilbod. Svara gir ingen av dei."
    ),
)
_VEAT: Final = text(
    "Unntak fra kunngjøring. Vurder intensjonskunngjøring med ventetid før kontrakten signeres.",
    "An exception from publication. Consider a voluntary ex ante notice and its wait before "
    "signing.",
    nn=(
        "Unntak frå kunngjering. Vurder intensjonskunngjering med ventetid før "
        "kontrakten blir signert."
    ),
)

PROCEDURES: Final[Mapping[str, Procedure]] = {
    "innovation-partnership": Procedure(
        text("Innovasjonspartnerskap", "Innovation partnership", nn="Innovasjonspartnerskap"),
        ("part2", "part3"),
        text(
            "Krever at løsningen ikke finnes i markedet, og at både utvikling og senere kjøp skal "
            "inngå i samme kontrakt.",
            "Needs a solution that is not on the market, and both development and later purchase "
            "in one contract.",
            nn=(
                "Krev at løysinga ikkje finst i marknaden, og at både utvikling og "
                "seinare kjøp skal inngå i same kontrakt."
            ),
        ),
        text(
            "Krever dokumentert gap i markedet: legg ved markedsrapporten.",
            "Needs a documented gap in the market: attach the market report.",
            nn="Krev dokumentert gap i marknaden: legg ved marknadsrapporten.",
        ),
    ),
    "pre-commercial": Procedure(
        text(
            "Førkommersiell anskaffelse",
            "Pre-commercial procurement",
            nn="Førkommersiell anskaffing",
        ),
        ("part1", "part2", "part3", "part4"),
        text(
            "Krever en ren forsknings- og utviklingstjeneste der oppdragsgiver ikke både betaler "
            "alt og beholder alt, eller en CPV-kode utenfor de ni i FOA § 2-5.",
            "Needs a pure research and development service where the buyer does not both pay all "
            "and keep all, or a CPV code outside the nine of FOA § 2-5.",
            nn=(
                "Krev ein rein forskings- og utviklingsteneste der oppdragsgivar ikkje "
                "både betalar alt og beheld alt, eller ein CPV-kode utanfor dei ni i FOA "
                "§ 2-5."
            ),
        ),
        text(
            "Utenfor loven og forskriften; reglene om statsstøtte gjelder fortsatt. Kjøp av "
            "løsningen er en ny anskaffelse.",
            "Outside the act and the regulation; the rules on state aid still hold. Buying the "
            "solution is a new procurement.",
            nn=(
                "Utanfor lova og forskrifta; reglane om statsstøtte gjeld framleis. Kjøp "
                "av løysinga er ei ny anskaffing."
            ),
        ),
    ),
    "design-contest": Procedure(
        text("Plan- og designkonkurranse", "Design contest", nn="Plan- og designkonkurranse"),
        ("part1", "part2", "part3", "part4"),
        text(
            "Krever at det er en tjeneste, og at en plan eller et design skal kåres av en jury.",
            "Needs a service, and a plan or design that a jury selects.",
            nn=(
                "Krev at det er ei teneste, og at ein plan eller eit design skal kårast av "
                "ein jury."
            ),
        ),
        text(
            "Juryen dømmer anonymt. Del V gjelder fra sin egen terskelverdi.",
            "The jury judges anonymously. Part V applies from its own threshold.",
            nn="Juryen dømmer anonymt. Del V gjeld frå sin eigen terskelverdi.",
        ),
    ),
    "competitive-dialogue": Procedure(
        text("Konkurransepreget dialog", "Competitive dialogue", nn="Konkurranseprega dialog"),
        ("part2", "part3"),
        _NEGOTIATED_NEEDS,
        _NONE,
    ),
    "negotiated": Procedure(
        text(
            "Konkurranse med forhandling",
            "Competitive procedure with negotiation",
            nn="Konkurranse med forhandling",
        ),
        ("part2", "part3"),
        _NEGOTIATED_NEEDS,
        _NONE,
    ),
    "part-two-open": Procedure(
        text(
            "Åpen tilbudskonkurranse (del II)",
            "Open tender competition (Part II)",
            nn="Open tilbodskonkurranse (del II)",
        ),
        ("part2",),
        _NONE,
        text(
            "Dialog er tillatt etter del II.",
            "Dialogue is allowed under Part II.",
            nn="Dialog er tillate etter del II.",
        ),
    ),
    "part-two-restricted": Procedure(
        text(
            "Begrenset tilbudskonkurranse (del II)",
            "Restricted tender competition (Part II)",
            nn="Avgrensa tilbodskonkurranse (del II)",
        ),
        ("part2",),
        _NONE,
        text(
            "Dialog er tillatt etter del II.",
            "Dialogue is allowed under Part II.",
            nn="Dialog er tillate etter del II.",
        ),
    ),
    "open": Procedure(
        text("Åpen anbudskonkurranse", "Open procedure", nn="Open anbodskonkurranse"),
        ("part2", "part3"),
        _NONE,
        _NONE,
    ),
    "restricted": Procedure(
        text(
            "Begrenset anbudskonkurranse", "Restricted procedure", nn="Avgrensa anbodskonkurranse"
        ),
        ("part2", "part3"),
        _NONE,
        _NONE,
    ),
    "part-four": Procedure(
        text("Anskaffelse etter del IV", "Procurement under Part IV", nn="Anskaffing etter del IV"),
        ("part4",),
        _NONE,
        _NONE,
    ),
    "part-one": Procedure(
        text(
            "Fri fremgangsmåte etter del I",
            "Free procedure under Part I",
            nn="Fri framgangsmåte etter del I",
        ),
        ("part1",),
        _NONE,
        text(
            "Følg prinsippene og dokumenter de viktigste valgene.",
            "Follow the principles and document the main choices.",
            nn="Følg prinsippa og dokumenter dei viktigaste vala.",
        ),
    ),
    "outside-act": Procedure(
        text("Kjøp etter egne regler", "Purchase by own rules", nn="Kjøp etter eigne reglar"),
        ("below_law",),
        _NONE,
        _NONE,
    ),
    "negotiated-without-notice": Procedure(
        text(
            "Konkurranse med forhandling uten kunngjøring",
            "Negotiated procedure without prior publication",
            nn="Konkurranse med forhandling utan kunngjering",
        ),
        ("part3",),
        text(
            "Krever en av situasjonene i FOA § 13-3, for eksempel ingen tilbud sist eller særlig "
            "hast som ikke kunne forutses. Svarene viser ingen.",
            "Needs one of the situations of FOA § 13-3, for instance no tenders last time or "
            "urgency that could not be foreseen. The answers show none.",
            nn=(
                "Krev ein av situasjonane i FOA § 13-3, for døme ingen tilbod sist eller "
                "særleg hast som ikkje kunne føresjåast. Svara viser ingen."
            ),
        ),
        _VEAT,
    ),
    "direct-award": Procedure(
        text(
            "Anskaffelse uten konkurranse",
            "Award without competition",
            nn="Anskaffing utan konkurranse",
        ),
        ("part3",),
        text(
            "Krever en av situasjonene i FOA § 13-4, for eksempel at bare én leverandør er mulig. "
            "Svarene viser ingen.",
            "Needs one of the situations of FOA § 13-4, for instance that only one supplier is "
            "possible. The answers show none.",
            nn=(
                "Krev ein av situasjonane i FOA § 13-4, for døme at berre éin leverandør "
                "er mogleg. Svara viser ingen."
            ),
        ),
        _VEAT,
    ),
}
"""In the order in which they are shown where no advice puts another first."""

GROUNDS: Final[Mapping[str, Text]] = {
    "26-4-a-i": text(
        "behovet kan ikke dekkes uten å tilpasse løsninger som finnes i markedet",
        "the need cannot be met without adapting solutions that are on the market",
        nn="behovet kan ikkje dekkjast utan å tilpasse løysingar som finst i marknaden",
    ),
    "26-4-a-ii": text(
        "det som skal anskaffes, omfatter design eller innovative løsninger",
        "what is bought includes design or innovative solutions",
        nn="det som skal skaffast, omfattar design eller innovative løysingar",
    ),
    "26-4-a-iii": text(
        "anskaffelsens art, kompleksitet, rettslige eller finansielle oppbygning eller risiko "
        "gjør forhandling nødvendig",
        "the nature, complexity, legal or financial make-up or risk make negotiation necessary",
        nn=(
            "anskaffinga sin art, kompleksitet, rettslege eller finansielle "
            "oppbygging eller risiko gjer forhandling nødvendig"
        ),
    ),
    "26-4-a-iv": text(
        "spesifikasjonen kan ikke fastsettes nøyaktig nok",
        "the specification cannot be set with sufficient precision",
        nn="spesifikasjonen kan ikkje fastsetjast nøyaktig nok",
    ),
    "26-4-b": text(
        "forrige konkurranse ga bare ukorrekte eller uakseptable tilbud",
        "the earlier competition gave only irregular or unacceptable tenders",
        nn="førre konkurranse gav berre ukorrekte eller uakseptable tilbod",
    ),
    "13-1-3": text(
        "løsningen finnes ikke i markedet, og både utvikling og senere kjøp inngår i kontrakten",
        "the solution is not on the market, and the contract covers both development and later "
        "purchase",
        nn=(
            "løysinga finst ikkje i marknaden, og både utvikling og seinare kjøp "
            "inngår i kontrakten"
        ),
    ),
    "2-5": text(
        "det er en forsknings- og utviklingstjeneste som er unntatt fra forskriften",
        "it is a research and development service that is exempt from the regulation",
        nn="det er ein forskings- og utviklingsteneste som er unnateken frå forskrifta",
    ),
    "no-tenders": text(
        "forrige konkurranse ga ingen tilbud, og vilkårene er ikke vesentlig endret",
        "the earlier competition gave no tenders, and the terms have not changed substantially",
        nn="førre konkurranse gav ingen tilbod, og vilkåra er ikkje vesentleg endra",
    ),
    "rd-goods": text(
        "varene fremstilles bare for forskning, forsøk, undersøkelse eller utvikling",
        "the goods are made only for research, experiment, study or development",
        nn="varene blir framstilte berre for forsking, forsøk, undersøking eller utvikling",
    ),
    "contest-winners": text(
        "kontrakten følger en plan- og designkonkurranse med flere vinnere",
        "the contract follows a design contest with several winners",
        nn="kontrakten følgjer ein plan- og designkonkurranse med fleire vinnarar",
    ),
    "cover-purchase": text(
        "det er et dekningskjøp etter at en kontrakt er kjent uten virkning",
        "it is a cover purchase after a contract was declared ineffective",
        nn="det er eit dekningskjøp etter at ein kontrakt er kjent utan verknad",
    ),
    "urgency": text(
        "særlige forhold som ikke kunne forutses, gjør det umulig å overholde fristene",
        "circumstances that could not be foreseen make it impossible to keep the time limits",
        nn="særlege forhold som ikkje kunne føresjåast, gjer det umogleg å halde fristane",
    ),
    "only-one": text(
        "bare én leverandør er mulig av kunstneriske, tekniske eller rettslige grunner",
        "only one supplier is possible for artistic, technical or legal reasons",
        nn="berre éin leverandør er mogleg av kunstnariske, tekniske eller rettslege grunnar",
    ),
    "additional-deliveries": text(
        "det er tilleggsleveranser fra den opprinnelige leverandøren",
        "these are additional deliveries by the original supplier",
        nn="det er tilleggsleveransar frå den opphavlege leverandøren",
    ),
    "repetition": text(
        "det er gjentakelse av tjenester eller arbeider som var forutsatt i konkurransen",
        "it repeats services or works that the competition foresaw",
        nn="det er gjentaking av tenester eller arbeider som var føresett i konkurransen",
    ),
    "exchange-goods": text(
        "varene noteres og kjøpes på en råvarebørs",
        "the goods are quoted and bought on a commodity exchange",
        nn="varene blir notert og blir kjøpt på ein råvarebørs",
    ),
    "insolvency": text(
        "kjøpet skjer på særlig gunstige vilkår ved opphør, konkurs eller lignende",
        "the purchase is on particularly advantageous terms at closure, bankruptcy or the like",
        nn="kjøpet skjer på særleg gunstige vilkår ved opphøyr, konkurs eller liknande",
    ),
}

FREE: Final[Mapping[tuple[str, str], Text]] = {
    ("R0", "main"): text(
        "verdien er for lav til at loven gjelder",
        "the value is too low for the law to apply",
        nn="verdien er for låg til at lova gjeld",
    ),
    ("R1", "main"): text(
        "verdien er lavere enn terskelen for del II, så bare del I gjelder",
        "the value is lower than the threshold of Part II, so that Part I alone applies",
        nn="verdien er lågare enn terskelen for del II, så berre del I gjeld",
    ),
    ("R2", "main"): text(
        "verdien er lavere enn EØS-terskelen, og del II lar oppdragsgiver velge mellom åpen og "
        "begrenset tilbudskonkurranse",
        "the value is lower than the EEA threshold, and Part II lets the buyer choose between an "
        "open and a restricted competition",
        nn=(
            "verdien er lågare enn EØS-terskelen, og del II lèt oppdragsgivaren velje mellom "
            "open og avgrensa tilbodskonkurranse"
        ),
    ),
    ("R2", "voluntary"): text(
        "prosedyrene i del III kan følges frivillig også når verdien er lavere enn EØS-terskelen",
        "the procedures of Part III may be followed by choice also below the EEA threshold",
        nn="prosedyrane i del III kan følgjast frivillig under EØS-terskelen òg",
    ),
    ("R3", "main"): text(
        "prosedyren kan alltid velges, uten nærmere vilkår",
        "the procedure may always be chosen, with no further conditions",
        nn="prosedyren kan alltid veljast, utan nærare vilkår",
    ),
    ("R8", "main"): text(
        "oppdragsgiver vil ha en plan eller et utkast, og det er en tjeneste",
        "the buyer wants a plan or a design, and that is a service",
        nn="oppdragsgivaren vil ha ein plan eller eit utkast, og det er ei teneste",
    ),
    ("R11", "main"): text(
        "det er helse- og sosialtjenester eller andre tjenester som del IV gjelder for",
        "these are health and social services or others to which Part IV applies",
        nn="det er helse- og sosialtenester eller andre tenester som del IV gjeld for",
    ),
}
"""Why a procedure may be used that needs no ground, by rule and standing in the table."""

HINTS: Final[Mapping[str, Text]] = {
    "nothing-exists-will-buy": text(
        "Passer best: ingenting finnes, og dere vil kjøpe det som blir utviklet.",
        "Fits best: nothing exists, and you will buy what is developed.",
        nn="Passar best: ingenting finst, og de vil kjøpe det som blir utvikla.",
    ),
    "nothing-exists-will-learn": text(
        "Passer best: ingenting finnes, og dere vil bare utvikle og lære.",
        "Fits best: nothing exists, and you only want to develop and learn.",
        nn="Passar best: ingenting finst, og de vil berre utvikle og lære.",
    ),
    "idea-level": text(
        "Passer når dere er på idéstadiet og vil se flere utkast.",
        "Fits when you are at the stage of ideas and want to see several drafts.",
        nn="Passar når de er på idéstadiet og vil sjå fleire utkast.",
    ),
    "solution-adaptable": text(
        "Passer best: behovet er klart, og løsninger kan tilpasses.",
        "Fits best: the need is clear, and solutions can be adapted.",
        nn="Passar best: behovet er klart, og løysingar kan tilpassast.",
    ),
    "way-unknown": text(
        "Passer best: behovet er klart, veien dit er ukjent, men produkter finnes.",
        "Fits best: the need is clear, the way is unknown, but products exist.",
        nn="Passar best: behovet er klart, vegen dit er ukjend, men produkt finst.",
    ),
    "solution-known": text(
        "Passer best: behovet er klart og løsningen kjent; ha markedsdialog først.",
        "Fits best: the need is clear and the solution known; consult the market first.",
        nn="Passar best: behovet er klart og løysinga kjent; ha marknadsdialog først.",
    ),
}
