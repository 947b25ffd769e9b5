"""Commands for who makes models: find what is wrong in them, and play them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from engine.bpmn.check import check_paths
from engine.bpmn.tck import run_tck
from engine.clock import OSLO
from engine.scenarios.model import Outcome
from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import find_scenario
from engine.scenarios.together import run_together
from service.cli.printing import AsJson, Paths, out, print_json
from service.content import content_root, root_of
from service.versions import load_files

app = typer.Typer()


@app.command()
def check(paths: Paths, as_json: AsJson = False) -> None:
    """Find what is wrong in models, decision tables and forms; exit 1 on errors."""
    findings = check_paths(paths)
    if as_json:
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            out.print(f"{finding.severity}: {finding}", markup=False)
        errors = sum(finding.severity == "error" for finding in findings)
        out.print(f"{errors} error(s), {len(findings) - errors} warning(s)")
    raise typer.Exit(1 if any(finding.severity == "error" for finding in findings) else 0)


@app.command()
def scenario(paths: Paths, as_json: AsJson = False) -> None:
    """Run scenarios on a clock of their own; exit 1 when one fails."""
    casts = [(each, root_of(path)) for path in paths for each in read_scenarios(path)]
    bar = Progress(console=out, transient=True, auto_refresh=False, disable=not out.is_terminal)
    with bar:
        outcomes = list(bar.track(run_together(casts, load_files), len(casts), description="Play"))
    if as_json:
        print_json([_outcome_json(each) for each in outcomes])
    else:
        for outcome in outcomes:
            _print_outcome(outcome)
    raise typer.Exit(0 if outcomes and all(each.passed for each in outcomes) else 1)


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "scenario": outcome.scenario,
        "file": outcome.file,
        "passed": outcome.passed,
        "acts": outcome.acts,
        "status": outcome.status,
        "failures": [
            {"line": each.line, "expected": each.expected, "found": each.found}
            for each in outcome.failures
        ],
    }


def _print_outcome(outcome: Outcome) -> None:
    mark = "passed" if outcome.passed else "FAILED"
    out.print(f"{mark}  {outcome.scenario}  ({outcome.acts} acts)", markup=False)
    for failure in outcome.failures:
        place = f"{outcome.file}:{failure.line}"
        out.print(f"  {place}: expected {failure.expected}; found {failure.found}", markup=False)


@app.command()
def play(
    key: Annotated[str, typer.Argument(help="The process, for instance innovation-partnership.")],
    name: Annotated[str, typer.Option("--scenario", help="Which of its scenarios.")],
    as_json: AsJson = False,
) -> None:
    """Run one procurement from start to end and print its course."""
    root = content_root()
    found = find_scenario(read_scenarios(root / "processes" / key), name)
    (outcome,) = run_together([(found, root)], load_files)
    if as_json:
        print_json(
            {
                **_outcome_json(outcome),
                "course": [
                    {"at": line.at.isoformat(), "text": line.text, "branch": line.scope}
                    for line in outcome.course
                ],
            }
        )
    else:
        _print_course(outcome)
    raise typer.Exit(0 if outcome.passed else 1)


def _print_course(outcome: Outcome) -> None:
    day = ""
    for line in outcome.course:
        local = line.at.astimezone(OSLO)
        if f"{local:%d.%m.%Y}" != day:
            day = f"{local:%d.%m.%Y}"
            out.print(day, style="bold")
        branch = f"  [{line.scope}]" if line.scope else ""
        out.print(f"  {local:%H:%M}  {line.text}{branch}", markup=False)
    out.print(f"{outcome.status}")
    _print_outcome(outcome)


@app.command()
def tck(
    directory: Annotated[Path, typer.Argument(help="The TestCases folder of the DMN TCK.")],
    as_json: AsJson = False,
) -> None:
    """Run the DMN conformance kit: each miss, and what passes by level."""
    report = run_tck(directory)
    if as_json:
        levels = {
            str(level): {"passed": count.passed, "total": count.total, "share": count.share}
            for level, count in report.levels.items()
        }
        print_json({"levels": levels, "misses": [asdict(miss) for miss in report.misses]})
        return
    for miss in report.misses:
        out.print(f"{miss.key}: expected {miss.expected}, got {miss.got}", markup=False)
    for level, count in sorted(report.levels.items()):
        out.print(f"level {level}: {count.passed} of {count.total} ({100 * count.share:.1f} %)")
