"""From the award to the contract and its announcement."""

from collections.abc import Iterator

from engine.bpmn.lint.law.breach import (
    Breach,
    Procedure,
    ending_without,
    publishing,
    unguarded,
    unguarded_since,
)


def standstill(p: Procedure) -> Iterator[Breach]:
    """FOA § 25-2(1): each award is followed by a standstill of its own."""
    rule, waits = "law-standstill-before-contract", p.says.standstills()
    signings = p.says.signings()
    never = list(unguarded(rule, p, signings, waits))
    since = unguarded_since(rule, p, p.says.awards(), signings, waits)
    seen = {each.vertex for each in never}
    yield from [*never, *(each for each in since if each.vertex not in seen)]


def award(p: Procedure) -> Iterator[Breach]:
    yield from unguarded("law-award-before-contract", p, p.says.signings(), p.says.awards())


def letters(p: Procedure) -> Iterator[Breach]:
    yield from unguarded_since(
        "law-letters-before-standstill",
        p,
        p.says.awards(),
        p.says.waits_for("standstill"),
        p.says.letters("F-28"),
    )


def signing_checked(p: Procedure) -> Iterator[Breach]:
    guards = p.says.checking("standstill-over") & p.says.checking("no-injunction")
    yield from unguarded("law-signing-checked", p, p.says.signings(), guards)


def still_qualified(p: Procedure) -> Iterator[Breach]:
    guards = p.says.checking("suppliers-still-qualified")
    yield from unguarded("law-qualified-at-contract", p, p.says.signings(), guards)


def held_by_breach(p: Procedure) -> Iterator[Breach]:
    """A breach of confidentiality that nobody has decided on holds the award."""
    for index in sorted(p.says.awards() - p.says.checking("no-open-breach")):
        yield Breach("law-breach-holds-award", index)


def result_notice(p: Procedure) -> Iterator[Breach]:
    yield from ending_without(
        "law-result-notice", p, p.says.contract_notices(), p.says.result_notices()
    )


def award_notice_due(p: Procedure) -> Iterator[Breach]:
    """A cancellation after the signing has a notice, but no contract to announce."""
    dued = {
        index
        for index in p.says.form("F-13")
        if (due := p.says.element(index).due) and due.rule == "contract-award-notice"
    }
    yield from unguarded_since(
        "law-award-notice-due",
        p,
        p.says.signings(),
        p.says.result_notices(),
        dued | p.says.form("F-37"),
    )


def by_two(p: Procedure) -> Iterator[Breach]:
    """Gates that one person must not open alone."""
    says = p.says
    payments = says.form("F-33")
    wanted = {
        "law-publication-by-two": publishing(p),
        "law-award-by-two": says.awards(),
        "law-purchase-by-two": says.gates("D13"),
        "law-payment-by-two": {i for i in payments if says.element(i).gate is not None},
    }
    for rule, gates in wanted.items():
        for index in sorted(gates):
            gate = says.element(index).gate
            if gate is not None and gate.four_eyes is None:
                yield Breach(rule, index)
    if payments and not wanted["law-payment-by-two"]:
        yield Breach("law-payment-by-two", min(payments))


def benefits(p: Procedure) -> Iterator[Breach]:
    rule = "law-benefits-measured"
    measured = p.says.form("F-36")
    yield from ending_without(rule, p, p.says.status("contracted"), measured | p.says.form("F-37"))
    yield from unguarded(rule, p, p.says.gates("D15"), measured)
