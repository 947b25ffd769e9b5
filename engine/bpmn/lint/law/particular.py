"""What only a design contest, or only a pre-commercial procurement, is asked."""

from collections.abc import Collection, Iterator, Mapping

from engine.bpmn.lint.law.breach import Breach, Procedure, unguarded


def contest(p: Procedure) -> Iterator[Breach]:
    """FOA § 31-4: a jury in order, projects without names, names after its signed opinion."""
    says = p.says
    opinion = says.checking("jury-opinion-signed")
    after = p.paths.reached(says.contract_notices())
    judging = {index for index in says.form("F-23", "F-38") if index in after}
    wanted: Mapping[str, tuple[Collection[int], Collection[int]]] = {
        "law-anonymity-until-opinion": (says.operation("lift-seal"), opinion),
        "law-winner-by-jury": (says.awards(), opinion),
        "law-jury-appointed": (
            judging,
            says.checking("jury-composed") & says.checking("jury-independent"),
        ),
        "law-receiver-not-juror": (judging, says.checking("receiver-not-juror")),
        "law-projects-sealed": (judging, says.form("F-16") & says.sealed()),
        "law-projects-searched": (judging, says.checking("projects-anonymised")),
        "law-follow-on-announced": (says.signings(), says.checking("follow-on-announced")),
    }
    for rule, (targets, guards) in wanted.items():
        yield from unguarded(rule, p, targets, guards)


def research(p: Procedure) -> Iterator[Breach]:
    """FOA § 2-5: outside the act only what is exempt; and competition from phase to phase."""
    says = p.says
    exempt = says.checking("exemption-by-table")
    yield from unguarded("law-exemption-tested", p, says.contract_notices(), exempt)
    for index in sorted(says.awards() - says.checking("several-in-parallel")):
        yield Breach("law-competition-in-phases", index)
