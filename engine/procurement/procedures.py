"""Procedures, parts of the rules and grounds by name, as a lead meets them in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.procurement.text import Text, text

REGIMES: Final[Mapping[str, Text]] = {
    "below_law": text("Under lovens nedre grense", "Below the scope of the act"),
    "part1": text("Loven og forskriften del I", "The act and Part I of the regulation"),
    "part2": text("Forskriften del I og II", "Parts I and II of the regulation"),
    "part3": text("Forskriften del I og III", "Parts I and III of the regulation"),
    "part4": text("Forskriften del I og IV", "Parts I and IV of the regulation"),
}


@dataclass(frozen=True, slots=True)
class Procedure:
    """`regimes` are those that can lead to it; `needs` says when the answers do."""

    title: Text
    regimes: tuple[str, ...]
    needs: Text
    advice: Text


_NONE: Final = text("", "")
_NEGOTIATED_NEEDS: Final = text(
    "Krever ett av fire grunnlag: løsninger må tilpasses, design eller nyskaping, særlige forhold "
    "eller at en nøyaktig spesifikasjon ikke er mulig; eller en tidligere konkurranse med bare "
    "ukorrekte eller uakseptable tilbud. Svarene gir ingen av dem.",
    "Needs one of four grounds: solutions must be adapted, design or innovation, particular "
    "circumstances, or no sufficiently precise specification; or an earlier competition with only "
    "irregular or unacceptable tenders. The answers give none of them.",
)
_VEAT: Final = text(
    "Unntak fra kunngjøring. Vurder intensjonskunngjøring med ventetid før kontrakten signeres.",
    "An exception from publication. Consider a voluntary ex ante notice and its wait before "
    "signing.",
)

PROCEDURES: Final[Mapping[str, Procedure]] = {
    "innovation-partnership": Procedure(
        text("Innovasjonspartnerskap", "Innovation partnership"),
        ("part2", "part3"),
        text(
            "Krever at løsningen ikke finnes i markedet, og at både utvikling og senere kjøp skal "
            "inngå i samme kontrakt.",
            "Needs a solution that is not on the market, and both development and later purchase "
            "in one contract.",
        ),
        text(
            "Krever dokumentert gap i markedet: legg ved markedsrapporten.",
            "Needs a documented gap in the market: attach the market report.",
        ),
    ),
    "pre-commercial": Procedure(
        text("Førkommersiell anskaffelse", "Pre-commercial procurement"),
        ("part1", "part2", "part3", "part4"),
        text(
            "Krever en ren forsknings- og utviklingstjeneste der oppdragsgiver ikke både betaler "
            "alt og beholder alt, eller en CPV-kode utenfor de ni i FOA § 2-5.",
            "Needs a pure research and development service where the buyer does not both pay all "
            "and keep all, or a CPV code outside the nine of FOA § 2-5.",
        ),
        text(
            "Utenfor loven og forskriften; reglene om statsstøtte gjelder fortsatt. Kjøp av "
            "løsningen er en ny anskaffelse.",
            "Outside the act and the regulation; the rules on state aid still hold. Buying the "
            "solution is a new procurement.",
        ),
    ),
    "design-contest": Procedure(
        text("Plan- og designkonkurranse", "Design contest"),
        ("part1", "part2", "part3", "part4"),
        text(
            "Krever at det er en tjeneste, og at en plan eller et design skal kåres av en jury.",
            "Needs a service, and a plan or design that a jury selects.",
        ),
        text(
            "Juryen dømmer anonymt. Del V gjelder fra sin egen terskelverdi.",
            "The jury judges anonymously. Part V applies from its own threshold.",
        ),
    ),
    "competitive-dialogue": Procedure(
        text("Konkurransepreget dialog", "Competitive dialogue"),
        ("part2", "part3"),
        _NEGOTIATED_NEEDS,
        _NONE,
    ),
    "negotiated": Procedure(
        text("Konkurranse med forhandling", "Competitive procedure with negotiation"),
        ("part2", "part3"),
        _NEGOTIATED_NEEDS,
        _NONE,
    ),
    "part-two-open": Procedure(
        text("Åpen tilbudskonkurranse (del II)", "Open tender competition (Part II)"),
        ("part2",),
        _NONE,
        text("Dialog er tillatt etter del II.", "Dialogue is allowed under Part II."),
    ),
    "part-two-restricted": Procedure(
        text("Begrenset tilbudskonkurranse (del II)", "Restricted tender competition (Part II)"),
        ("part2",),
        _NONE,
        text("Dialog er tillatt etter del II.", "Dialogue is allowed under Part II."),
    ),
    "open": Procedure(
        text("Åpen anbudskonkurranse", "Open procedure"), ("part2", "part3"), _NONE, _NONE
    ),
    "restricted": Procedure(
        text("Begrenset anbudskonkurranse", "Restricted procedure"),
        ("part2", "part3"),
        _NONE,
        _NONE,
    ),
    "part-four": Procedure(
        text("Anskaffelse etter del IV", "Procurement under Part IV"), ("part4",), _NONE, _NONE
    ),
    "part-one": Procedure(
        text("Fri fremgangsmåte etter del I", "Free procedure under Part I"),
        ("part1",),
        _NONE,
        text(
            "Følg prinsippene og dokumenter de viktigste valgene.",
            "Follow the principles and document the main choices.",
        ),
    ),
    "outside-act": Procedure(
        text("Kjøp etter egne regler", "Purchase by own rules"), ("below_law",), _NONE, _NONE
    ),
    "negotiated-without-notice": Procedure(
        text(
            "Konkurranse med forhandling uten kunngjøring",
            "Negotiated procedure without prior publication",
        ),
        ("part3",),
        text(
            "Krever en av situasjonene i FOA § 13-3, for eksempel ingen tilbud sist eller særlig "
            "hast som ikke kunne forutses. Svarene viser ingen.",
            "Needs one of the situations of FOA § 13-3, for instance no tenders last time or "
            "urgency that could not be foreseen. The answers show none.",
        ),
        _VEAT,
    ),
    "direct-award": Procedure(
        text("Anskaffelse uten konkurranse", "Award without competition"),
        ("part3",),
        text(
            "Krever en av situasjonene i FOA § 13-4, for eksempel at bare én leverandør er mulig. "
            "Svarene viser ingen.",
            "Needs one of the situations of FOA § 13-4, for instance that only one supplier is "
            "possible. The answers show none.",
        ),
        _VEAT,
    ),
}
"""In the order in which they are shown where no advice puts another first."""

GROUNDS: Final[Mapping[str, Text]] = {
    "26-4-a-i": text(
        "behovet kan ikke dekkes uten å tilpasse løsninger som finnes i markedet",
        "the need cannot be met without adapting solutions that are on the market",
    ),
    "26-4-a-ii": text(
        "det som skal anskaffes, omfatter design eller innovative løsninger",
        "what is bought includes design or innovative solutions",
    ),
    "26-4-a-iii": text(
        "anskaffelsens art, kompleksitet, rettslige eller finansielle oppbygning eller risiko "
        "gjør forhandling nødvendig",
        "the nature, complexity, legal or financial make-up or risk make negotiation necessary",
    ),
    "26-4-a-iv": text(
        "spesifikasjonen kan ikke fastsettes nøyaktig nok",
        "the specification cannot be set with sufficient precision",
    ),
    "26-4-b": text(
        "forrige konkurranse ga bare ukorrekte eller uakseptable tilbud",
        "the earlier competition gave only irregular or unacceptable tenders",
    ),
    "13-1-3": text(
        "løsningen finnes ikke i markedet, og både utvikling og senere kjøp inngår i kontrakten",
        "the solution is not on the market, and the contract covers both development and later "
        "purchase",
    ),
    "2-5": text(
        "det er en forsknings- og utviklingstjeneste som er unntatt fra forskriften",
        "it is a research and development service that is exempt from the regulation",
    ),
    "no-tenders": text(
        "forrige konkurranse ga ingen tilbud, og vilkårene er ikke vesentlig endret",
        "the earlier competition gave no tenders, and the terms have not changed substantially",
    ),
    "rd-goods": text(
        "varene fremstilles bare for forskning, forsøk, undersøkelse eller utvikling",
        "the goods are made only for research, experiment, study or development",
    ),
    "contest-winners": text(
        "kontrakten følger en plan- og designkonkurranse med flere vinnere",
        "the contract follows a design contest with several winners",
    ),
    "cover-purchase": text(
        "det er et dekningskjøp etter at en kontrakt er kjent uten virkning",
        "it is a cover purchase after a contract was declared ineffective",
    ),
    "urgency": text(
        "særlige forhold som ikke kunne forutses, gjør det umulig å overholde fristene",
        "circumstances that could not be foreseen make it impossible to keep the time limits",
    ),
    "only-one": text(
        "bare én leverandør er mulig av kunstneriske, tekniske eller rettslige grunner",
        "only one supplier is possible for artistic, technical or legal reasons",
    ),
    "additional-deliveries": text(
        "det er tilleggsleveranser fra den opprinnelige leverandøren",
        "these are additional deliveries by the original supplier",
    ),
    "repetition": text(
        "det er gjentakelse av tjenester eller arbeider som var forutsatt i konkurransen",
        "it repeats services or works that the competition foresaw",
    ),
    "exchange-goods": text(
        "varene noteres og kjøpes på en råvarebørs",
        "the goods are quoted and bought on a commodity exchange",
    ),
    "insolvency": text(
        "kjøpet skjer på særlig gunstige vilkår ved opphør, konkurs eller lignende",
        "the purchase is on particularly advantageous terms at closure, bankruptcy or the like",
    ),
}

HINTS: Final[Mapping[str, Text]] = {
    "nothing-exists-will-buy": text(
        "Passer best: ingenting finnes, og dere vil kjøpe det som blir utviklet.",
        "Fits best: nothing exists, and you will buy what is developed.",
    ),
    "nothing-exists-will-learn": text(
        "Passer best: ingenting finnes, og dere vil bare utvikle og lære.",
        "Fits best: nothing exists, and you only want to develop and learn.",
    ),
    "idea-level": text(
        "Passer når dere er på idéstadiet og vil se flere utkast.",
        "Fits when you are at the stage of ideas and want to see several drafts.",
    ),
    "solution-adaptable": text(
        "Passer best: behovet er klart, og løsninger kan tilpasses.",
        "Fits best: the need is clear, and solutions can be adapted.",
    ),
    "way-unknown": text(
        "Passer best: behovet er klart, veien dit er ukjent, men produkter finnes.",
        "Fits best: the need is clear, the way is unknown, but products exist.",
    ),
    "solution-known": text(
        "Passer best: behovet er klart og løsningen kjent; ha markedsdialog først.",
        "Fits best: the need is clear and the solution known; consult the market first.",
    ),
}
